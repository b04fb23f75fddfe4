"""The input of checks beyond tables, and their answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import field, fields
from typing import Any

from validator.model import MIDYEAR, Finding, Status, Table, Waiver, dataclass


@dataclass(frozen=True)
class CheckContext:
    """Values that the engine passes to checks that want them, by name.

    `answers` keeps what checks of tables have answered: when a changed copy of the export is
    judged, checks whose tables did not change are not run again.
    """

    today: dt.date
    grades: Any
    electives: Any
    district_domains: Sequence[str] = ()
    accept_sections: Sequence[str] = ()
    reject_sections: Sequence[str] = ()
    waivers: Sequence[Waiver] = ()
    phase: str = MIDYEAR
    previous: Any = None
    sharing: Any = None
    target: Any = None
    answers: dict[str, Answer] = field(default_factory=dict, repr=False, compare=False)


OPTIONAL_INPUTS = {
    "previous": "no previous export was given",
    "sharing": "no sharing rules were given",
    "target": "the sharing rules name no target",
}
"""What a rule may read in addition to tables, and why it is not asked without it."""


@dataclass(frozen=True)
class CheckResult:
    """The answer of a check, before needs, causes and waivers are considered."""

    status: Status
    finding: Finding | None = None
    reason: str | None = None
    trace: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer of a check, and the tables that it read."""

    tables: Sequence[Table | None]
    result: CheckResult

    def holds(self, tables: Sequence[Table | None]) -> bool:
        """Return whether a rule's answer still holds for these tables: the same, apart from
        cached facts."""
        return all(_is_same(old, new) for old, new in zip(self.tables, tables, strict=True))


def _is_same(old: Table | None, new: Table | None) -> bool:
    """Whether a table stayed the same, so that the answers of rules about it still hold."""
    if old is None or new is None:
        return old is new
    return all(getattr(old, name) is getattr(new, name) for name in READ_FIELDS)


READ_FIELDS = tuple(each.name for each in fields(Table) if each.name != "cache")
"""The fields of a table that decide what a check of the engine answers."""
