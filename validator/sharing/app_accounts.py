"""Accounts that an app has already, matched with the people of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from validator import frame
from validator.model import AccountMatch, BadUsage, Export, KindMatch, Profile, Table
from validator.sharing.first_sync import Masks

MAIL = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
IDS = {
    "students": ("Student_id", "Student_number", "State_id"),
    "teachers": ("Teacher_id", "Teacher_number", "State_teacher_id"),
    "staff": ("Staff_id",),
}
FIRST_ID = 0
"""The id that an app gets as the SIS id comes first in IDS; others only help to recognize it."""

LEAST_SHARE = 0.5
"""A column holds e-mail addresses if at least so many of its values have an @."""

ID_WORDS = ("id", "sis", "number", "identifier")


@dataclass(frozen=True, eq=False)
class AccountFile:
    """The rows of a file of accounts.

    headings: as in the file. rows: the texts of each row. lines: the physical line of each row.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]

    def column(self, at: int) -> list[str]:
        """Return a column of an app's account list for the first-sync forecast, in lower case."""
        return [row[at].strip().lower() if at < len(row) else "" for row in self.rows]


@dataclass(frozen=True, eq=False)
class Accounts:
    """The accounts by address and by SIS id: value -> numbers of the accounts that have it."""

    file: AccountFile
    email: Mapping[str, list[int]]
    id: Mapping[str, list[int]]

    @property
    def count(self) -> int:
        """Count the app's accounts in a first-sync forecast."""
        return len(self.file.rows)


def find_columns(file: AccountFile, export: Export) -> Accounts:
    """Find the address and SIS id columns of an app's account list, for a first-sync forecast.

    Raises BadUsage where neither can be found.
    """
    columns = [file.column(at) for at in range(len(file.headings))]
    email = max(range(len(columns)), key=lambda at: _share_of_mails(columns[at]), default=-1)
    if email >= 0 and _share_of_mails(columns[email]) < LEAST_SHARE:
        email = -1
    ids = _collect_ids(export)
    others = [at for at in range(len(columns)) if at != email]
    scores = {at: _score_ids(file.headings[at], columns[at], ids) for at in others}
    chosen = max(scores, key=lambda at: scores[at], default=-1)
    if chosen >= 0 and scores[chosen] == (0, 0):
        chosen = -1
    if email < 0 and chosen < 0:
        raise BadUsage(
            f"{file.name} has no column with e-mail addresses and none with SIS ids; export the "
            "accounts from the app with one of them"
        )
    return Accounts(
        file,
        _index(columns[email]) if email >= 0 else {},
        _index(columns[chosen]) if chosen >= 0 else {},
    )


def _share_of_mails(values: Sequence[str]) -> float:
    """Return the share of cells with an @, to find the addresses for a first-sync forecast."""
    filled = [value for value in values if value]
    return sum("@" in value for value in filled) / len(filled) if filled else 0.0


def _score_ids(heading: str, values: Sequence[str], ids: frozenset[str]) -> tuple[int, int]:
    """Score a column as the SIS ids of an app's accounts, for a first-sync forecast."""
    words = heading.lower().replace("_", " ").split()
    named = sum(word in ID_WORDS for word in words)
    known = sum(value in ids for value in values)
    return (known, named) if any(values) else (0, 0)


def _collect_ids(export: Export) -> frozenset[str]:
    """Collect the SIS ids of everybody whom sharing rules could share, in lower case."""
    ids: set[str] = set()
    for name, columns in IDS.items():
        table = export.tables.get(name)
        if table is not None:
            ids.update(_list_texts(table, columns[FIRST_ID]))
    return frozenset(ids - {""})


def _list_texts(table: Table, column: str) -> list[str]:
    """Return the distinct values of a column for a first-sync forecast, in lower case."""
    return [(text or "").lower() for text in frame.encode(table, column).values.to_pylist()]


def _index(values: Sequence[str]) -> dict[str, list[int]]:
    """Index an app's accounts by a column, for a first-sync forecast."""
    index: dict[str, list[int]] = {}
    for at, value in enumerate(values):
        if value:
            index.setdefault(value, []).append(at)
    return index


def match_accounts(
    accounts: Accounts, export: Export, profile: Profile, *, rows: Masks
) -> AccountMatch:
    """Match people who would be shared with an app's accounts, for a first-sync forecast."""
    used: set[int] = set()
    kinds = []
    for name, key in (("students", "students-found-by"), ("teachers", "teachers-found-by")):
        table = export.tables.get(name)
        if table is None:
            continue
        fact = profile.facts.get(key)
        by_email = bool(accounts.email) and (fact.value == "email" if fact else not accounts.id)
        if fact is not None and fact.value == "email" and not accounts.email:
            by_email = False
        people = np.flatnonzero(frame.group_people(table).first & rows[name])
        kinds.append(_match_kind(accounts, table, people, by_email=by_email, used=used))
    _mark_staff(accounts, export, used)
    orphans = [line for at, line in enumerate(accounts.file.lines) if at not in used]
    return AccountMatch(
        profile.id, profile.title, accounts.file.name, accounts.count, kinds, orphans
    )


def _match_kind(
    accounts: Accounts, table: Table, people: np.ndarray, *, by_email: bool, used: set[int]
) -> KindMatch:
    """Match shared people of one kind with an app's accounts; adds theirs to `used`."""
    emails = frame.take_text(table, MAIL[table.name], people) if table.has(MAIL[table.name]) else []
    emails = emails or [""] * len(people)
    ids = frame.take_text(table, table.key, people)
    matched, second, new = 0, [], 0
    for row, email, name in zip(people.tolist(), emails, ids, strict=True):
        of_email = accounts.email.get(email.strip().lower(), []) if email else []
        of_id = accounts.id.get(name.strip().lower(), []) if name else []
        recognized, other = (of_email, of_id) if by_email else (of_id, of_email)
        used.update(of_email, of_id)
        if recognized:
            matched += 1
        elif other:
            file, line = table.locate(int(table.lines[row]))
            second.append((file, line, accounts.file.lines[other[0]]))
        else:
            new += 1
    by = "email" if by_email else "id"
    return KindMatch(table.name, table.file, by, matched, new, tuple(second))


def _mark_staff(accounts: Accounts, export: Export, used: set[int]) -> None:
    """Add the accounts of staff, whom the first-sync forecast does not call orphaned, to `used`."""
    staff = export.tables.get("staff")
    if staff is None:
        return
    for text in _list_texts(staff, MAIL["staff"]):
        used.update(accounts.email.get(text, []) if text else [])
    for text in _list_texts(staff, "Staff_id"):
        used.update(accounts.id.get(text, []) if text else [])
