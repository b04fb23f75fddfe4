"""Accounts that an app already has, matched with the people of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from validator import frame
from validator.model import (
    AccountMatch,
    Export,
    KindMatch,
    Profile,
    Table,
    dataclass,
    finds_by_address,
)
from validator.sharing.first_sync import Masks

MAIL = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}

Index = Mapping[str, Sequence[int]]
"""A value in lower case -> the numbers of the accounts that have it."""


@dataclass(frozen=True, eq=False)
class KindAccounts:
    """The accounts of one kind of people by address and by SIS id; empty if there is no such
    column."""

    email: Index
    id: Index

    @cached_property
    def _without_zeros(self) -> bool:
        """Whether a spreadsheet may have removed the leading zeros of the ids."""
        return not any(each.startswith("0") for each in self.id)

    def find_id(self, id: str) -> Sequence[int]:
        """Return the accounts in the app's list that have a SIS id."""
        value = id.strip().lower()
        return self.id.get(value.lstrip("0") if self._without_zeros else value, ())


@dataclass(frozen=True, eq=False)
class Accounts:
    """The accounts in an app's list: the line of each, and those of each kind of people."""

    file: str
    lines: Sequence[int]
    kinds: Mapping[str, KindAccounts]


def collect_accounts(file: str, tables: Mapping[str, Table], *, mixed: bool) -> Accounts | None:
    """Collect the accounts of an app for a first-sync forecast; None without addresses and ids.

    tables: the app's list as tables of the roster. mixed: whether nothing says which rows are
    students and which are teachers, so that each row is one account.
    """
    lines: list[int] = []
    kinds: dict[str, KindAccounts] = {}
    known: dict[int, int] = {}
    for kind in ("students", "teachers"):
        table = tables.get(kind)
        if table is None:
            continue
        known = known if mixed else {}
        numbers = []
        for line in table.lines.tolist():
            if line not in known:
                known[line] = len(lines)
                lines.append(line)
            numbers.append(known[line])
        email, id = (_index(table, column, numbers) for column in (MAIL[kind], table.key))
        if email or id:
            kinds[kind] = KindAccounts(email, id)
    return Accounts(file, lines, kinds) if kinds else None


def _index(table: Table, column: str, numbers: Sequence[int]) -> Index:
    """Index an app's accounts by a column, for a first-sync forecast."""
    if not table.has(column):
        return {}
    index: dict[str, list[int]] = {}
    texts = frame.take_text(table, column, np.arange(len(table)))
    for number, text in zip(numbers, texts, strict=True):
        value = text.strip().lower()
        if value:
            index.setdefault(value, []).append(number)
    return index


def match_accounts(
    accounts: Accounts, export: Export, profile: Profile, *, rows: Masks
) -> AccountMatch:
    """Match people who would be shared with an app's accounts, for a first-sync forecast.

    Kinds of people without anybody in the app's list are left out.
    """
    used: set[int] = set()
    kinds = []
    for name, those in accounts.kinds.items():
        table = export.tables.get(name)
        if table is None:
            continue
        is_found_by_email = finds_by_address(profile.facts, name)
        by = "email" if those.email and (not those.id or is_found_by_email) else "id"
        people = np.flatnonzero(frame.group_people(table).first & rows[name])
        match = _match_kind(accounts, table, people, by=by, used=used)
        is_stated = f"{name}-found-by" in profile.facts
        is_settled = not is_stated or is_found_by_email is (by == "email")
        kinds.append(replace(match, is_settled=is_settled))
    _mark_staff(accounts, export, used)
    orphans = sorted(line for at, line in enumerate(accounts.lines) if at not in used)
    return AccountMatch(
        profile.id, profile.title, accounts.file, len(accounts.lines), kinds, orphans
    )


def _match_kind(
    accounts: Accounts, table: Table, people: np.ndarray, *, by: str, used: set[int]
) -> KindMatch:
    """Match shared people of one kind with an app's accounts; adds theirs to `used`."""
    those = accounts.kinds[table.name]
    emails = frame.take_text(table, MAIL[table.name], people) if table.has(MAIL[table.name]) else []
    emails = emails or [""] * len(people)
    ids = frame.take_text(table, table.key, people)
    matched, second, new = 0, [], 0
    for row, email, name in zip(people.tolist(), emails, ids, strict=True):
        of_email = those.email.get(email.strip().lower(), ()) if email else ()
        of_id = those.find_id(name) if name else ()
        recognized, other = (of_email, of_id) if by == "email" else (of_id, of_email)
        used.update(of_email, of_id)
        if recognized:
            matched += 1
        elif other:
            file, line = table.locate(int(table.lines[row]))
            second.append((file, line, accounts.lines[other[0]]))
        else:
            new += 1
    return KindMatch(table.name, table.file, by, matched, new, tuple(second))


def _mark_staff(accounts: Accounts, export: Export, used: set[int]) -> None:
    """Add the accounts of staff, whom the first-sync forecast does not call orphaned, to `used`."""
    staff = export.tables.get("staff")
    if staff is None:
        return
    for column in (MAIL["staff"], "Staff_id"):
        for text in frame.encode(staff, column).values.to_pylist():
            value = (text or "").lower()
            for those in accounts.kinds.values():
                index = those.id if column == "Staff_id" else those.email
                used.update(index.get(value, ()) if value else ())
