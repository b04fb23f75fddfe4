"""Grades of students and of sections."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import count_numbers
from validator.frame.grade_counts import count_grades
from validator.model import Finding, Table, Tally
from validator.vocabulary.grades import Grades, is_below_zero

UNORDERED = ("Ungraded", "Other")
"""Grades that are neither above nor below others."""

UNRECOGNIZED = "?"
"""The canonical grade of a value that is not in the vocabulary."""


@check(wants=("grades",))
def unrecognized(people: Table, *, column: str, grades: Grades) -> Finding:
    """Find people whose grade is not in the vocabulary; the tally has the values as written."""
    return _report_grades(people, column, grades, is_wrong=lambda grade: grade == UNRECOGNIZED)


@check(wants=("grades",))
def outside_k12(people: Table, *, column: str, grades: Grades) -> Finding:
    """Find people whose grade is recognized and outside K-12.

    The tally has the values as written.
    """

    def is_outside(grade: str) -> bool:
        return _is_recognized(grade) and not grades.is_k12(grade)

    return _report_grades(people, column, grades, is_wrong=is_outside)


@check(wants=("grades",))
def not_accepted(people: Table, *, column: str, accepted: list[str], grades: Grades) -> Finding:
    """Find people whose grade is recognized and not accepted.

    The tally has the values as written.
    """

    def is_refused(grade: str) -> bool:
        return _is_recognized(grade) and grade not in accepted

    return _report_grades(people, column, grades, is_wrong=is_refused)


def _is_recognized(grade: str) -> bool:
    """Whether a grade is one that the checks of grades can compare."""
    return grade not in ("", UNRECOGNIZED)


def _report_grades(
    people: Table, column: str, grades: Grades, *, is_wrong: Callable[[str], bool]
) -> Finding:
    """The people whose canonical grade is wrong, each counted once, with a tally of the values."""
    who = frame.group_people(people)
    values = frame.encode(people, column)
    wrong = [is_wrong(grade) for grade in grades.to_canonical(values.values.to_pylist())]
    rows = _select(values, wrong)
    counts = frame.mark_firsts(who.number[rows])
    return Finding(
        [frame.place_rows(people, rows, column, counts=counts)],
        of=who.count,
        tally=frame.count_values(people, column, rows[counts]),
    )


def _select(values: frame.Encoded, mask: list[bool]) -> np.ndarray:
    """The rows whose grade a check of grades finds (mask: one bool per distinct value)."""
    return np.flatnonzero(values.broadcast(np.asarray(mask, bool)))


@check(wants=("grades",))
def shown(people: Table, *, column: str, grades: Grades) -> Finding:
    """Find everybody, with a tally of canonical grades; figure: how many are shown as Other."""
    who = frame.group_people(people)
    values = frame.encode(people, column)
    names = [
        grade if _is_recognized(grade) else "Other"
        for grade in grades.to_canonical(values.values.to_pylist())
    ]
    times = count_numbers(values.codes[who.first], minlength=len(names))
    counts: Counter[str] = Counter()
    for name, count in zip(names, times.tolist(), strict=True):
        counts[name] += count
    order = {name: at for at, name in enumerate((*grades.order, "Other"))}
    present = [(name, count) for name, count in counts.items() if count]
    tally = sorted(present, key=lambda pair: order.get(pair[0], 99))
    other = sum(count for name, count in tally if not grades.is_k12(name))
    return Finding(
        [frame.place_rows(people, who.first, column, listed=False)],
        of=who.count,
        figures={"other": other},
        tally=Tally(people.name, column, tally),
    )


@check(wants=("grades",))
def year_shared(
    people: Table, *, column: str, grade_column: str, most: int, least: int, grades: Grades
) -> Finding:
    """People with a year that more than `most` grades share, each with `least` people or more."""
    who = frame.group_people(people)
    years, grade = frame.encode(people, column), frame.encode(people, grade_column)
    order = {name: at for at, name in enumerate(grades.order)}
    known = [order.get(name, -1) for name in grades.to_canonical(grade.values.to_pylist())]
    number = grade.broadcast(np.asarray(known, np.int64))
    rows = np.flatnonzero(who.first & (number >= 0) & ~years.blank)
    keys = years.codes[rows] * np.int64(len(order)) + number[rows]
    times = count_numbers(keys, minlength=len(years.values) * len(order)).reshape(-1, len(order))
    shared = (times >= least).sum(axis=1) > most
    rows = np.flatnonzero(who.first & ~years.blank & years.broadcast(shared))
    return Finding([frame.place_rows(people, rows, column)], of=who.count)


@check(wants=("grades",))
def outside_school(
    students: Table, schools: Table, *, column: str, low: str, high: str, grades: Grades
) -> Finding:
    """Find students whose grade is outside the range of their school.

    Unordered grades are left out.
    """
    grade = _rank(students, column, grades)
    lowest, highest = _rank(schools, low, grades), _rank(schools, high, grades)
    at = frame.locate_rows(students, "School_id", schools)
    known = np.flatnonzero((at >= 0) & (grade >= 0))
    at, grade = at[known], grade[known]
    below = (lowest[at] >= 0) & (grade < lowest[at])
    above = (highest[at] >= 0) & (grade > highest[at])
    return frame.report_people(students, known[below | above], column)


@check(wants=("grades",))
def section_outside_school(
    sections: Table, schools: Table, *, low: str, high: str, grades: Grades
) -> Finding:
    """Check grades of sections: find those with none in the range of their school."""
    at = frame.locate_rows(sections, "School_id", schools)
    lowest, highest = _rank(schools, low, grades), _rank(schools, high, grades)
    values = frame.encode(sections, "Grade")
    order = {grade: at for at, grade in enumerate(grades.order) if grade not in UNORDERED}
    first, last = np.full((2, len(values.values) + 1), -1, np.int64)
    for number, value in enumerate(values.values.to_pylist()):
        among = [order.get(grade, -1) for grade in grades.parse_several(value)]
        if is_below_zero(value):
            continue
        if among and min(among) >= 0:
            first[number], last[number] = min(among), max(among)
    youngest, oldest = first[values.codes], last[values.codes]
    known = np.flatnonzero((at >= 0) & (youngest >= 0))
    school = at[known]
    outside = (lowest[school] >= 0) & (oldest[known] < lowest[school])
    outside |= (highest[school] >= 0) & (youngest[known] > highest[school])
    return frame.report_rows(sections, known[outside], "Grade")


@check(wants=("grades",))
def below_zero(people: Table, *, column: str, grades: Grades) -> Finding:
    """Find people whose grade is a number below zero; figure and notes say how it was read."""
    who = frame.group_people(people)
    values = frame.encode(people, column)
    rows = _select(values, [is_below_zero(value) for value in values.values.to_pylist()])
    canonical = grades.to_canonical(values.values.to_pylist())
    readings = [canonical[code] for code in values.codes[rows].tolist()]
    notes = [f"read as {grade}" for grade in readings]
    return Finding(
        [
            frame.place_rows(
                people, rows, column, counts=frame.mark_firsts(who.number[rows]), notes=notes
            )
        ],
        of=who.count,
        figures={"read_as": " and ".join(sorted(set(readings)))},
        tally=frame.count_values(people, column, rows),
    )


def _rank(table: Table, column: str, grades: Grades) -> np.ndarray:
    """Rank grades for the checks of grades: per row, from youngest to oldest, -1 for none."""
    values = frame.encode(table, column)
    order = {grade: at for at, grade in enumerate(grades.order) if grade not in UNORDERED}
    ranks = [order.get(grade, -1) for grade in grades.to_comparable(values.values.to_pylist())]
    return values.broadcast(np.asarray([*ranks, -1], np.int32))


@check(wants=("grades",))
def section_unrecognized(sections: Table, *, column: str, grades: Grades) -> Finding:
    """Find sections with a grade, or one of several grades, that is not in the vocabulary.

    A number below zero is not; the note says how it was read.
    """

    def is_wrong(value: str) -> bool:
        return is_below_zero(value) or _is_unrecognized(grades, value)

    def describe(value: str) -> str:
        below = is_below_zero(value)
        return f"a number below zero, read as {grades.to_canonical([value])[0]}" if below else ""

    return _report_section_grades(sections, column, is_wrong, describe=describe)


@check(wants=("grades",))
def section_several(sections: Table, *, column: str, grades: Grades) -> Finding:
    """Find sections with a range or a list of grades."""

    def is_several(value: str) -> bool:
        if not value or grades.to_canonical([value])[0] != UNRECOGNIZED:
            return False
        return not _is_unrecognized(grades, value)

    return _report_section_grades(sections, column, is_several)


def _report_section_grades(
    sections: Table,
    column: str,
    is_wrong: Callable[[str], bool],
    *,
    describe: Callable[[str], str] | None = None,
) -> Finding:
    """The sections whose grade is wrong, with a tally of the values; `describe` gives a note."""
    values = frame.encode(sections, column)
    distinct = values.values.to_pylist()
    wrong = [is_wrong(value) for value in distinct]
    rows = _select(values, wrong)
    notes: Sequence[str] | None = None
    if describe is not None:
        words = [describe(value) if bad else "" for value, bad in zip(distinct, wrong, strict=True)]
        notes = [words[code] for code in values.codes[rows].tolist()] if any(words) else None
    places = frame.place_rows(sections, rows, column, notes=notes)
    return Finding([places], of=len(sections), tally=frame.count_values(sections, column, rows))


def _is_unrecognized(grades: Grades, value: str) -> bool:
    """Whether the check of grades does not recognize a section's grade, range or list."""
    if not value or grades.to_canonical([value])[0] != UNRECOGNIZED:
        return False
    several = grades.parse_several(value)
    return not several or UNRECOGNIZED in several


@check(wants=("grades", "today"))
def section_differs(
    sections: Table,
    enrollments: Table,
    students: Table,
    *,
    share: float,
    grades: Grades,
    today: dt.date,
) -> Finding:
    """Sections with more than `share` of the students in a grade that the section does not name."""
    own = frame.encode(students, "Grade").values.to_pylist()
    named = grades.to_comparable(own)
    attended = count_grades(students, sections, enrollments, named=named, today=today)
    wanted = frame.encode(sections, "Grade")
    fits = _match_grades(wanted.values.to_pylist(), attended.grades, grades)
    total = attended.counts.sum(axis=1)
    off = np.where(fits[wanted.codes], 0, attended.counts).sum(axis=1)
    rows = np.flatnonzero(off > share * np.maximum(total, 1))
    notes = [f"{off[row]} of {total[row]} students" for row in rows]
    return frame.report_rows(sections, rows, "Grade", notes=notes)


def _match_grades(section_values: list[str], own: Sequence[str], grades: Grades) -> np.ndarray:
    """Bool array, section grades by comparable ones: whether they agree or one is unknown."""
    unknown = {"", UNRECOGNIZED}
    fits = np.ones((max(len(section_values), 1), max(len(own), 1)), bool)
    for at, value in enumerate(section_values):
        among = set(grades.parse_several(value)) | set(grades.to_comparable([value]))
        if among and not among & unknown:
            fits[at, : len(own)] = [grade in unknown or grade in among for grade in own]
    return fits
