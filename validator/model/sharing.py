"""Sharing rules: which records a district shares with an app, and whom the app is for."""

from __future__ import annotations

from validator.model.data_classes import dataclass

GRADE = "Grade"
"""The field whose values are compared as canonical grades."""


@dataclass(frozen=True)
class Condition:
    """One line of a clause: a field, an operator, and the values to compare with."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """All records of the kind `match` (such as sections or students) that meet every condition."""

    match: str
    where: tuple[Condition, ...]


@dataclass(frozen=True)
class Target:
    """Whom the app is for; an empty tuple means all.

    grades: canonical grades. subjects: in lower case. schools: school ids. licenses: how many
    students may have one, None without a limit.
    """

    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    licenses: int | None = None


@dataclass(frozen=True)
class Sharing:
    """A sharing file.

    share: everything, schools, sections or rules. ids: the schools or sections that are shared.
    all_staff: whether all staff are shared too. rules: alternatives, for `share: rules`.
    """

    share: str
    ids: tuple[str, ...] = ()
    all_staff: bool = False
    rules: tuple[Clause, ...] = ()
    target: Target | None = None
