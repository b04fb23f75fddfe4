"""Levels, owners, statuses, verdicts and phases of the school year."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is, worst first. Facts are shown but never counted."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"
    FACT = "fact"

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return _LEVEL_RANKS[self]


_LEVEL_RANKS = {level: rank for rank, level in enumerate(Level)}


class Consequence(StrEnum):
    """The result of fixing nothing; the first three make a finding a blocker."""

    REFUSED = "refused"
    DROPPED = "dropped"
    NO_SIGN_IN = "no-sign-in"
    WRONG = "wrong"
    NONE = "none"

    @property
    def stops(self) -> bool:
        """Whether somebody or something does not arrive."""
        return self in (Consequence.REFUSED, Consequence.DROPPED, Consequence.NO_SIGN_IN)

    @classmethod
    def of_level(cls, level: Level) -> Consequence:
        """Return the consequence that a rule of this level has unless it names another."""
        if level is Level.BLOCKER:
            return cls.DROPPED
        return cls.WRONG if level is Level.WARNING else cls.NONE


class Owner(StrEnum):
    """The role that fixes a finding."""

    REGISTRAR = "registrar"
    HR = "hr"
    SCHEDULER = "scheduler"
    SIS_ADMINISTRATOR = "sis-administrator"
    CLEVER_ADMINISTRATOR = "clever-administrator"


class Status(StrEnum):
    """The status of one rule after a run."""

    PASSED = "passed"
    FOUND = "found"
    EXPLAINED = "explained"
    WAIVED = "waived"
    SKIPPED = "skipped"
    NOT_ASKED = "not-asked"
    BROKEN = "broken"

    @property
    def is_open(self) -> bool:
        """Whether a rule with this status of the model found something that nobody waived."""
        return self in (Status.FOUND, Status.EXPLAINED)


class Verdict(StrEnum):
    """Whether the export is ready, worst first."""

    NOT_READY = "not-ready"
    COULD_NOT_TELL = "could-not-tell"
    READY = "ready"

    @property
    def rank(self) -> int:
        """0 for the worst verdict."""
        return _VERDICT_RANKS[self]


_VERDICT_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


class Step(StrEnum):
    """A requirement for signing in, in the order of counting; the value is its words."""

    IN_FILE = "in the file"
    READABLE = "could be read"
    ACCEPTED = "are in files that the destination accepts"
    TAKEN = "are on rows that the destination accepts"
    SHARED = "are shared or should be"
    REAL = "are people, not placeholders"
    EMAIL = "have one e-mail address that can be used"
    OWN_EMAIL = "have an address that nobody else has"
    BIRTH_DATE = "have a birth date"
    SECTION = "are in a section"
    CURRENT_SECTION = "are in a section that is not over"
    SHARED_SECTION = "are in a shared section"
    TEACHES = "teach a section"
    TAUGHT = "have teachers who are ready"
    READY = "ready"


PHASES = ("start", "midyear", "rollover")
"""Phases of the school year: before and during the first weeks, in the year, between two years."""

MIDYEAR = "midyear"

OFF = "off"
"""In place of a level: the rule does not apply in that phase."""

EMPTY_IN: Mapping[str, frozenset[str]] = {"rollover": frozenset({"enrollments"})}
"""Phase -> tables that are expected to be empty in it."""
