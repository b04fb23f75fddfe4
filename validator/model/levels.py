"""How bad, whose task, what became of a rule, what the report says; the parts of a school year."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is, worst first."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"
    FACT = "fact"

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return list(Level).index(self)


class Owner(StrEnum):
    """Who fixes it."""

    REGISTRAR = "registrar"
    HR = "hr"
    SCHEDULER = "scheduler"
    SIS_ADMINISTRATOR = "sis-administrator"
    CLEVER_ADMINISTRATOR = "clever-administrator"


class Status(StrEnum):
    """What became of a rule in this run."""

    PASSED = "passed"
    FOUND = "found"
    WAIVED = "waived"
    SKIPPED = "skipped"
    NOT_ASKED = "not-asked"
    BROKEN = "broken"


class Verdict(StrEnum):
    """The answer, worst first."""

    NOT_READY = "not-ready"
    COULD_NOT_TELL = "could-not-tell"
    READY = "ready"

    @property
    def rank(self) -> int:
        """0 for the worst verdict."""
        return list(Verdict).index(self)


PHASES = ("start", "midyear", "rollover")
"""Parts of the school year that an export is judged for: before the first weeks, while it runs, when it turns."""

MIDYEAR = "midyear"

OFF = "off"
"""Instead of a level: the rule is not asked in that part of the school year."""

EMPTY_IN: Mapping[str, frozenset[str]] = {"rollover": frozenset({"enrollments"})}
"""Tables that are expected to hold no rows in a part of the school year."""
