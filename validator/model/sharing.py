"""Sharing rules: which records a district shares with an app, and what the app is for."""

from __future__ import annotations

from dataclasses import dataclass

GRADE = "Grade"
"""The field that is compared as a canonical grade."""


@dataclass(frozen=True)
class Condition:
    """One line of a clause: the field, how it is compared, and with what (any of the values, or none of them)."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """All `match` records for which every condition holds."""

    match: str
    where: tuple[Condition, ...]


@dataclass(frozen=True)
class Target:
    """What the implementation wants: canonical grades, subjects in lower case, school ids; empty means all."""

    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    licences: int | None = None


@dataclass(frozen=True)
class Sharing:
    """A sharing file: who is shared in which way, the rules, and the target."""

    share: str
    ids: tuple[str, ...] = ()
    all_staff: bool = False
    rules: tuple[Clause, ...] = ()
    target: Target | None = None
