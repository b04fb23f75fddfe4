"""Values of records that stay: which ones a sync changes, and whether an account is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum

import numpy as np

from validator import frame
from validator.compare import addresses, explain
from validator.compare.addresses import AddressAccounts
from validator.compare.diff import Changes, Kind
from validator.model import Places, Profile, dataclass, finds_by_address
from validator.privacy import public_values
from validator.privacy.small_groups import FEWEST


class Named(StrEnum):
    """Changed values that are counted or described in their own way, by what they are called."""

    EMAIL = "e-mail address"
    MOVED = "to another school"
    PERSONAL = "personal details"


NAMES: Mapping[str, str] = {
    "username": "username",
    "password": "password",
    "dob": "birth date",
    "grade": "grade",
    "period": "period",
    "subject": "subject",
    "name": "section name",
    "title": "title",
    "role": "role",
    "department": "department",
    "graduation_year": "graduation year",
    "school_name": "school name",
    "school_id": Named.MOVED,
    "student_number": "student number",
    "teacher_number": "teacher number",
    "state_id": "state id",
    "state_teacher_id": "state id",
    "student_email": Named.EMAIL,
    "teacher_email": Named.EMAIL,
    "staff_email": Named.EMAIL,
}
"""Column in lower case -> what one changed value of it is called."""

BEGINNINGS = {
    "contact_": "contact",
    "teacher_": "teacher",
    "course_": "course",
    "term_": "term",
    "principal": "principal",
    "school_": "address",
}
"""The beginning of a column's name -> the same, for columns without an own entry."""

PLURALS = {
    "e-mail address": "e-mail addresses",
    "address": "addresses",
    Named.PERSONAL: Named.PERSONAL,
}
OTHER = "other value"

ADDRESS_WORDS = {
    "exchanged": "exchanged with another person",
    "taken": "somebody else's before",
    "removed": "now blank",
}
"""What happened to changed addresses that are not new."""


@dataclass(frozen=True, eq=False)
class ValueChange:
    """One type of value of one kind of record, changed in some records that stay.

    count: how many records, None for fewer than FEWEST, a number that could identify children;
    these have no places. note: more about them in public words, "" for nothing.
    """

    kind: str
    name: str
    count: int | None
    places: Places | None
    note: str = ""

    @property
    def words(self) -> str:
        """Describe a value that differs when two exports are compared, such as `3 usernames`."""
        if self.count is None:
            return f"{self.name} of fewer than {FEWEST}"
        if self.name is Named.MOVED:
            return f"{self.count:,} {Named.MOVED}"
        if self.name is Named.PERSONAL:
            return f"{Named.PERSONAL} of {self.count:,}"
        noun = self.name if self.count == 1 else PLURALS.get(self.name, f"{self.name}s")
        return f"{self.count:,} {noun}{self.note}"


@dataclass(frozen=True)
class Accounts:
    """Accounts that a sync touches: created, closed, and replaced by another one.

    by_address: title of each app that finds people by address -> what they find there because
    their address changed.
    """

    created: int = 0
    closed: int = 0
    replaced: int = 0
    by_address: Mapping[str, AddressAccounts] = field(default_factory=dict)

    @property
    def untouched(self) -> bool:
        """Return whether the changes between two exports touch no account."""
        return not (self.created or self.closed or self.replaced or self.by_address)


def list_value_changes(between: Changes) -> list[ValueChange]:
    """Return the changed values of all kinds of records, by kind, most records first."""
    return [change for kind in between.kinds() for change in _list_of_kind(between, kind)]


def _list_of_kind(between: Changes, kind: Kind) -> list[ValueChange]:
    """List the values that changed in records of one kind that stay between two exports."""
    columns: dict[str, list[str]] = {}
    for column in kind.differs:
        columns.setdefault(_name_column(kind.name, column), []).append(column)
    is_person = kind.name in explain.MAIL
    stays = ~explain.mark_reused(between, kind.name) if is_person else np.ones(len(kind.now), bool)
    changes = []
    for name, group in columns.items():
        rows = np.sort(kind.now[kind.any_of(group) & stays])
        if not len(rows):
            continue
        if name is Named.PERSONAL and len(rows) < FEWEST:
            changes.append(ValueChange(kind.name, name, None, None))
            continue
        column = group[0] if len(group) == 1 and kind.new.has(group[0]) else kind.new.key
        places = (
            None if name is Named.PERSONAL else frame.place_rows(kind.new, rows, column or None)
        )
        note = _describe_addresses(between, kind.name) if is_person and name is Named.EMAIL else ""
        changes.append(ValueChange(kind.name, name, len(rows), places, note))
    return sorted(changes, key=lambda change: (-(change.count or 0), change.name))


def _describe_addresses(between: Changes, kind: str) -> str:
    """Describe how addresses differ in a comparison of two exports, "" for not at all."""
    ways = Counter(addresses.list_changed(between, kind, explain.MAIL[kind]).ways)
    parts = [f"{ways[way]:,} {words}" for way, words in ADDRESS_WORDS.items() if ways[way]]
    return f" ({', '.join(parts)})" if parts else ""


def _name_column(kind: str, column: str) -> str:
    """Name the change of a column between two exports, such as `name` or `grade range`."""
    folded = column.lower()
    if folded == "school_id" and kind in explain.MAIL:
        return "school"
    if folded in NAMES:
        return NAMES[folded]
    if folded.endswith(("first_name", "last_name", "middle_name")):
        return "name"
    if folded in ("low_grade", "high_grade"):
        return "grade range"
    if public_values.find_privacy_class(kind, column)[0] == "sensitive":
        return Named.PERSONAL
    return next((BEGINNINGS[start] for start in BEGINNINGS if folded.startswith(start)), OTHER)


def count_accounts(between: Changes, profiles: Sequence[Profile]) -> Accounts:
    """Count the accounts that changes since the last export touch in the next sync."""
    kinds = [name for name in explain.MAIL if between.kind(name) is not None]
    new_ids = sum(len(explain.match_people(between, name)[1]) for name in kinds)
    reused = sum(int(explain.mark_reused(between, name).sum()) for name in kinds)
    by_address = {}
    for profile in profiles:
        counts = [
            addresses.count_accounts(between, name)
            for name in kinds
            if finds_by_address(profile.facts, name)
        ]
        total = sum(counts, start=AddressAccounts())
        if total:
            by_address[profile.title] = total
    return Accounts(
        created=sum(len(explain.list_joined(between, name)) for name in kinds),
        closed=sum(len(explain.list_left(between, name)) for name in kinds),
        replaced=new_ids + reused,
        by_address=by_address,
    )
