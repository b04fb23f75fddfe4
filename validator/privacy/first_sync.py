"""The forecast of a first sync without numbers about few children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from validator.model import AppForecast, Bound, GradeRow
from validator.privacy.small_groups import FEW, FEWEST, hide_numbers, is_few

OTHERS = "other grades"


def hide(forecast: AppForecast) -> AppForecast:
    """Return the forecast of a first sync without numbers of few children.

    Grades with few students are summed, at least two of them. Where a grade has few students below
    the age limit, or few others, its number is hidden, and so is that of a second grade, so that
    the total gives nothing away.
    """
    rows = merge_grades(forecast.grades)
    if forecast.age is not None:
        rows = _hide_under(rows)
    students, under = forecast.students, _get_exact(forecast.under)
    known = students - forecast.unknown
    ages = hide_numbers({"under": under, "over": known - under})
    other = _get_exact(forecast.other_grades)
    others = hide_numbers({"other": other, "rest": students - other})
    return replace(
        forecast,
        grades=rows,
        under=ages["under"] if forecast.age is not None else 0,
        other_grades=others["other"] if other else 0,
    )


def merge_grades(rows: Sequence[GradeRow]) -> list[GradeRow]:
    """Return the rows of grades with small groups summed, two grades at least."""
    rising = sorted(rows, key=lambda row: (_get_exact(row.students), row.grade))
    if not rising or _get_exact(rising[0].students) >= FEWEST:
        return list(rows)
    merged: list[GradeRow] = []
    while rising and (
        len(merged) < 2
        or sum(_get_exact(row.students) for row in merged) < FEWEST
        or _get_exact(rising[0].students) < FEWEST
    ):
        merged.append(rising.pop(0))
    whole = sum(_get_exact(row.students) for row in merged)
    rest = GradeRow(
        OTHERS if len(merged) < len(rows) else "all grades",
        whole if whole >= FEWEST else FEW,
        sum(_get_exact(row.under) for row in merged),
        sum(row.unknown for row in merged),
    )
    return [*(row for row in rows if row not in merged), rest]


def _hide_under(rows: Sequence[GradeRow]) -> list[GradeRow]:
    """Return the rows without the numbers below the age limit that tell about few children."""
    hidden = {at for at, row in enumerate(rows) if _tells_few(row)}
    while hidden and len(hidden) < len(rows) and _is_revealing([rows[at] for at in hidden]):
        older = sum(_count_older(rows[at]) for at in hidden)
        shown = [at for at in range(len(rows)) if at not in hidden]
        count = _count_older if 0 < older < FEWEST else _count_under
        hidden.add(max(shown, key=lambda at: count(rows[at])))
    return [
        replace(row, under=_bound(_get_exact(row.under))) if at in hidden else row
        for at, row in enumerate(rows)
    ]


def _is_revealing(rows: Sequence[GradeRow]) -> bool:
    """Whether the total tells a number of few children in all hidden grades together."""
    under = sum(map(_count_under, rows))
    return len(rows) < 2 or is_few(under, under + sum(map(_count_older, rows)))


def _count_under(row: GradeRow) -> int:
    """Count a grade's children below the age limit, of whom privacy hides small numbers."""
    return _get_exact(row.under)


def _count_older(row: GradeRow) -> int:
    """Count a grade's older students for privacy's bounds; none where their number is hidden."""
    return (
        0 if isinstance(row.students, Bound) else row.students - row.unknown - _get_exact(row.under)
    )


def _tells_few(row: GradeRow) -> bool:
    """Whether a grade has few students below the age limit, or few who are known to be older."""
    if isinstance(row.students, Bound):
        return True
    return is_few(_get_exact(row.under), row.students - row.unknown)


def _bound(count: int) -> Bound:
    """Hide a small number: fewer than 10, or more than 40 where it would give one away."""
    if count < FEWEST:
        return FEW
    return Bound(max(count // FEWEST * FEWEST - FEWEST, 0), is_lower=True)


def _get_exact(number: int | Bound) -> int:
    """Return a number that is not hidden yet."""
    assert isinstance(number, int)
    return number
