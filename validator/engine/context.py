"""The input of checks beyond tables, and their answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from validator.model import MIDYEAR, Finding, Status, Waiver


@dataclass(frozen=True)
class CheckContext:
    """Values that the engine passes to checks that want them, by name."""

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
