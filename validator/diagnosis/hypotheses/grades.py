"""Grades of students that were not moved up for the new school year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import apply_edits, edit_files
from validator.diagnosis.hypotheses.birth_dates import (
    is_current,
    mark_filled,
    read,
    start_of_year,
)
from validator.diagnosis.hypothesis import PART, Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.model import Export, Status, Table, dataclass
from validator.vocabulary.grades import Grades

LEAST = 8
SHARE = 0.9
NUMBERED = ("PreKindergarten", "Kindergarten", *(str(number) for number in range(1, 13)))
LAST = len(NUMBERED) - 1
YOUNGER, OLDER = 0.5, 1.6
UNCLEAR = 0.25
"""Years over the usual age of the middle student of a school whose grades are a year behind;
somewhat less says nothing, where the dates are made up from ages."""

TITLE_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")

NONE = -99
"""A grade without a number, and a student in no section of one grade."""


@dataclass(frozen=True, eq=False)
class Signs:
    """Per row of students, by how many years each sign says that the grade is too low.

    `sections`: grade of the student's sections minus the student's, NONE where unknown or not
    the same in all of them. `titles`: the same with the grade that the course title names.
    `ages`: years older than is usual. `years`: by the year of graduation.
    """

    sections: np.ndarray
    titles: np.ndarray
    ages: np.ndarray
    years: np.ndarray


def suspect_not_rolled_over(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that students, of a school or of the district, still have last year's grade.

    Two signs of three, on at least 8 students: nearly all are one grade below all their sections
    (or the number in the course titles, where sections have no grade); they are a year too old for
    their grades; their years of graduation fit the next grade. In an
    undamaged school each sign is about zero for nearly everybody. Ages and years of graduation
    alone are also those of an old export, which current sections exclude. In a part of the rows, a
    quarter of the students or more, only those whose own sections or year say so are moved up:
    of the others, nothing says which ones are late.
    """
    students = scene.table("students")
    if students is None or not students.has("Grade") or len(students) < LEAST:
        return
    compared = scene.outcomes.get("student-grade-differs-section")
    if compared is not None and compared.status is Status.PASSED and _has_grades(scene):
        return
    grade = _number_grades(students, scene.grades)
    signs = _read_signs(scene, students, grade)
    first = frame.group_people(students).first & (grade != NONE)
    group, agreed = _find_group(signs, students, first, grade=grade)
    if not agreed:
        group, agreed = _find_part(signs, first)
    late = group & (grade != NONE) & (grade < LAST) & ~_is_right(signs)
    by_sections = bool((signs.sections[late] == 1).any() or (signs.titles[late] == 1).any())
    if int((late & first).sum()) < LEAST or not (by_sections or is_current(scene)):
        return
    yield _suspect(students, late, grade, signs=signs, sure=agreed > 1)


def _has_grades(scene: Scene) -> bool:
    """Return whether sections have grades, as evidence of a missed rollover of students."""
    sections = scene.table("sections")
    return sections is not None and bool(mark_filled(sections, "Grade").any())


def _is_right(signs: Signs) -> np.ndarray:
    """Return a bool mask of the students whose grade is right by a sign, such as newcomers."""
    return np.asarray((signs.sections == 0) | (signs.titles == 0) | (signs.years == 0))


def _find_group(
    signs: Signs, students: Table, first: np.ndarray, *, grade: np.ndarray
) -> tuple[np.ndarray, int]:
    """Return the students of the district or its schools whose grades were not moved up, and signs.

    The children of a school's lowest grade are new there: their grade was never moved up.
    """
    count = _count_signs(signs, first)
    if count:
        return np.ones(len(students), bool), count
    school = frame.encode(students, "School_id").codes
    group = np.zeros(len(students), bool)
    agreed = []
    for code in np.unique(school[first]):
        here = first & (school == code)
        new = (grade == grade[here].min()) & _is_right(signs)
        count = _count_signs(signs, here & ~new)
        if count:
            group |= school == code
            agreed.append(count)
    return group, min(agreed, default=0)


def _find_part(signs: Signs, first: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the students whose own signs say that they were not moved up, and how many agree.

    A quarter of those whose sections have a grade are one below all of them, nearly nobody is below
    or above in another way, and their ages or years of graduation agree: in a class of two grades,
    the younger students are one grade below it as well, at the usual age.
    """
    by_section = np.where(signs.sections == NONE, signs.titles, signs.sections)
    late = by_section == 1
    known, unlike = first & (by_section != NONE), first & (by_section != NONE) & (by_section != 0)
    count = int((late & first).sum())
    if count < max(LEAST, PART * known.sum(), SHARE * unlike.sum()):
        return np.zeros(len(late), bool), 0
    years = _vote(signs.years[late & first])
    votes = [years, _vote_ages(signs.ages[late & first])]
    rest = _vote_ages(signs.ages[first & (by_section == 0)])
    if True not in votes or False in votes or rest:
        return np.zeros(len(late), bool), 0
    late |= (by_section == NONE) & (signs.years == 1) & bool(years)
    return late, 1 + votes.count(True)


def _count_signs(signs: Signs, here: np.ndarray) -> int:
    """Return how many signs say that nearly all of these rows are late, 0 if one contradicts.

    Ages alone prove nothing: without the sections or the years of graduation it is 0, too.
    """
    votes = [_vote(signs.sections[here]), _vote(signs.years[here]), _vote_ages(signs.ages[here])]
    if False in votes:
        return 0
    titles = _vote(signs.titles[here]) and votes[0] is None
    if not (votes[0] or votes[1] or titles):
        return 0
    return votes.count(True) + int(bool(titles))


def _vote(late: np.ndarray) -> bool | None:
    """Return whether nearly all are one grade too low, None where too few are known."""
    known = late[late != NONE]
    return None if len(known) < LEAST else bool((known == 1).mean() >= SHARE)


def _vote_ages(ages: np.ndarray) -> bool | None:
    """Return whether the middle one is about a year too old, None where too few are known."""
    known = ages[~np.isnan(ages)]
    if len(known) < LEAST:
        return None
    middle = float(np.median(known))
    return None if UNCLEAR <= middle < YOUNGER else YOUNGER <= middle <= OLDER


def _number_grades(table: Table, grades: Grades) -> np.ndarray:
    """Return the number of each student's grade, for the hypothesis of a missed rollover."""
    encoded = frame.encode(table, "Grade")
    numbers = [
        NUMBERED.index(name) if name in NUMBERED else NONE
        for name in grades.to_canonical(encoded.values.to_pylist())
    ]
    return encoded.broadcast(np.asarray(numbers or [NONE], np.int64))


def _number_sections(sections: Table, grades: Grades) -> np.ndarray:
    """Return the only grade of each section, as evidence of a missed rollover; NONE for several."""
    encoded = frame.encode(sections, "Grade")
    numbers = []
    for value in encoded.values.to_pylist():
        several = grades.parse_several(value)
        single = len(several) == 1 and several[0] in NUMBERED
        numbers.append(NUMBERED.index(several[0]) if single else NONE)
    return encoded.broadcast(np.asarray(numbers or [NONE], np.int64))


def _number_titles(sections: Table) -> np.ndarray:
    """Return the only grade that each course title names, as evidence of a missed rollover."""
    encoded = frame.encode(sections, "Course_name")
    numbers = []
    for title in encoded.values.to_pylist():
        named = {NUMBERED.index(text) for text in TITLE_NUMBER.findall(title) if text in NUMBERED}
        if "kindergarten" in title.casefold():
            named.add(NUMBERED.index("Kindergarten"))
        numbers.append(named.pop() if len(named) == 1 else NONE)
    return encoded.broadcast(np.asarray(numbers or [NONE], np.int64))


def _read_signs(scene: Scene, students: Table, grade: np.ndarray) -> Signs:
    """Gather the evidence of a missed rollover: grades of sections, titles, ages and years."""
    dates = read(scene)
    ages = np.full(len(students), np.nan) if dates is None else dates.offset
    if dates is not None:
        ages = np.where(dates.counts, ages, np.nan)
    sections = _compare_sections(scene, students, grade, by_title=False)
    titles = np.full(len(students), NONE, np.int64)
    if (sections == NONE).all():
        titles = _compare_sections(scene, students, grade, by_title=True)
    return Signs(sections, titles, ages, _compare_years(scene, grade))


def _compare_sections(
    scene: Scene, students: Table, grade: np.ndarray, *, by_title: bool
) -> np.ndarray:
    """Compare each student's grade with the sections', as evidence of a missed rollover."""
    out = np.full(len(students), NONE, np.int64)
    enrollments, sections = scene.table("enrollments"), scene.table("sections")
    column = "Course_name" if by_title else "Grade"
    if enrollments is None or sections is None or not sections.has(column):
        return out
    student = frame.locate_rows(enrollments, "Student_id", students)
    section = frame.locate_rows(enrollments, "Section_id", sections)
    taught = _number_titles(sections) if by_title else _number_sections(sections, scene.grades)
    known = (student >= 0) & (section >= 0)
    student, section = student[known], section[known]
    known = (taught[section] != NONE) & (grade[student] != NONE)
    student, late = student[known], (taught[section] - grade[student])[known]
    person = frame.group_people(students).number  # a student may be on several rows
    low, high = np.full(len(out), 99, np.int64), np.full(len(out), NONE, np.int64)
    np.minimum.at(low, person[student], late)
    np.maximum.at(high, person[student], late)
    return np.asarray(np.where(low == high, low, out)[person])


def _compare_years(scene: Scene, grade: np.ndarray) -> np.ndarray:
    """Compare each student's grade with their graduation year, as evidence of a missed rollover."""
    students = scene.export.tables["students"]
    encoded = frame.encode(students, "Graduation_year")
    ends = start_of_year(scene.today).year + 1
    numbers = [
        LAST - (int(text) - ends) if text.isdecimal() and len(text) == 4 else NONE
        for text in encoded.values.to_pylist()
    ]
    by_year = encoded.broadcast(np.asarray(numbers or [NONE], np.int64))
    return np.where((by_year != NONE) & (grade != NONE), by_year - grade, NONE)


def _suspect(
    students: Table, late: np.ndarray, grade: np.ndarray, *, signs: Signs, sure: bool
) -> Suspicion:
    """Suspect a missed rollover of students' grades, with its evidence."""
    rows = np.flatnonzero(late)
    parts = []
    below = int((signs.sections[late] == 1).sum() or (signs.titles[late] == 1).sum())
    if below:
        parts.append(f"{below:,} of {len(rows):,} students are one grade below all their sections")
    years = int((signs.years[late] == 1).sum())
    if years:
        parts.append(f"{years:,} graduate a year too early for their grades")
    ages = signs.ages[late]
    if _vote_ages(ages):
        parts.append("they are about a year too old for their grades")
    edit = Edit("students", "Grade", rows, _write_next(students, rows, grade))
    return Suspicion(
        "grades-not-rolled-over",
        [frame.place_rows(students, rows, "Grade")],
        " and ".join(parts),
        symptoms=frozenset({("students", "Grade")}),
        repaired=len(rows),
        failing=len(rows),
        inverse=partial(_raise, edit=edit),
        sure=sure,
        distributed=True,
    )


def _raise(export: Export, *, edit: Edit) -> Export:
    """Undo a missed rollover by the next grades; a raw file may have separate codes for them."""
    return apply_edits(export, [edit]) if export.format == "sis" else edit_files(export, [edit])


def _write_next(students: Table, rows: np.ndarray, grade: np.ndarray) -> pa.Array:
    """Return the next grade of these rows, written as the file writes that grade."""
    written: dict[int, str] = {}
    encoded = frame.encode(students, "Grade")
    of_value = np.full(len(encoded.values), NONE, np.int64)
    of_value[encoded.codes] = grade
    for number, text in zip(of_value.tolist(), encoded.values.to_pylist(), strict=True):
        written.setdefault(number, text)
    is_padded = any(text.startswith("0") for text in written.values())
    for number, name in enumerate(NUMBERED):
        written.setdefault(number, name.zfill(2) if is_padded else name)
    return pa.array([written[number + 1] for number in grade[rows].tolist()], pa.string())
