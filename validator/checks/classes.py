"""Classes against what they hold: sizes, grades, subjects, terms, courses taken twice."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import reading, roster
from validator.model import Finding, Level, Table
from validator.vocabulary import Grades

UNORDERED = ("Ungraded", "Other")
"""Grades that are neither above nor below others."""


def _sizes(sections: Table, enrollments: Table) -> np.ndarray:
    """Students per section, each once."""
    return np.bincount(roster.members(sections, enrollments)[0], minlength=len(sections))


def larger(sections: Table, enrollments: Table, *, most: int) -> Finding:
    """Sections with more than `most` students."""
    sizes = _sizes(sections, enrollments)
    rows = np.flatnonzero(sizes > most)
    return Finding([roster.places(sections, rows, "Section_id", notes=[f"{sizes[row]} students" for row in rows])],
                   of=len(sections), figures={"most": most})


def smaller(sections: Table, enrollments: Table, *, least: int) -> Finding:
    """Sections with fewer than `least` students, but at least one."""
    sizes = _sizes(sections, enrollments)
    rows = np.flatnonzero((sizes > 0) & (sizes < least))
    return Finding([roster.places(sections, rows, "Section_id")], of=len(sections), figures={"least": least})


def subject_missing(sections: Table, *, column: str, empty: list[str], share: float) -> Finding:
    """Sections whose subject is blank or says nothing; a warning above `share` of all sections."""
    values = roster.lowered(sections, column)
    nothing = values.blank | values.spread(np.asarray([value in empty for value in values.values.to_pylist()], bool))
    level = Level.WARNING if nothing.sum() > share * max(len(sections), 1) else None
    return Finding([roster.places(sections, nothing, column, level=level)], of=len(sections))


def grade_unknown(sections: Table, *, column: str, grades: Grades) -> Finding:
    """Sections with a grade, or one of several grades, that is not in the vocabulary."""
    values = roster.coded(sections, column)
    wrong = np.asarray([_unmapped(grades, value) for value in values.values.to_pylist()], bool)
    rows = np.flatnonzero(values.spread(wrong)) if len(wrong) else np.zeros(0, np.int64)
    return Finding([roster.places(sections, rows, column)], of=len(sections),
                   tally=roster.tally(sections, column, rows))


def _unmapped(grades: Grades, value: str) -> bool:
    if not value or grades.canonical([value])[0] != "?":
        return False
    several = grades.several(value)
    return not several or "?" in several


def grade_several(sections: Table, *, column: str, grades: Grades) -> Finding:
    """Sections with a range or list of grades."""
    values = roster.coded(sections, column)
    many = np.asarray([bool(value) and grades.canonical([value])[0] == "?" and not _unmapped(grades, value)
                       for value in values.values.to_pylist()], bool)
    rows = np.flatnonzero(values.spread(many)) if len(many) else np.zeros(0, np.int64)
    return Finding([roster.places(sections, rows, column)], of=len(sections),
                   tally=roster.tally(sections, column, rows))


def grade_outside_school(students: Table, schools: Table, *, column: str, low: str, high: str,
                         grades: Grades) -> Finding:
    """Students whose grade lies outside the range of their school; unordered grades (Ungraded, Other) are left out."""
    who = roster.people(students)
    grade = _ranks(students, column, grades)
    lowest, highest = _ranks(schools, low, grades), _ranks(schools, high, grades)
    at = roster.located(students, "School_id", schools)
    known = np.flatnonzero((at >= 0) & (grade >= 0))
    at = at[known]
    outside = ((lowest[at] >= 0) & (grade[known] < lowest[at])) | ((highest[at] >= 0) & (grade[known] > highest[at]))
    rows = known[outside]
    return Finding([roster.places(students, rows, column, counts=roster.firsts(who.number[rows]))], of=who.count)


def _ranks(table: Table, column: str, grades: Grades) -> np.ndarray:
    """Per row, the position of its grade from youngest to oldest, -1 where it has none."""
    values = roster.coded(table, column)
    order = {grade: at for at, grade in enumerate(grades.order) if grade not in UNORDERED}
    ranks = [order.get(grade, -1) for grade in grades.canonical(values.values.to_pylist())]
    return values.spread(np.asarray([*ranks, -1], np.int32))


def grade_differs(sections: Table, enrollments: Table, students: Table, *, share: float, grades: Grades) -> Finding:
    """Sections in which over `share` of the students are in a grade that the section does not name."""
    section = roster.coded(sections, "Grade")
    student = roster.coded(students, "Grade")
    named = [set(grades.several(value)) | set(grades.canonical([value])) for value in section.values.to_pylist()]
    own = grades.canonical(student.values.to_pylist())
    fits = np.asarray([[not grade or grade == "?" or not among or grade in among or "?" in among or "" in among
                        for grade in own] for among in named] or [[True]], bool)
    at, who = roster.located(enrollments, "Section_id", sections), roster.located(enrollments, "Student_id", students)
    rows = np.flatnonzero((at >= 0) & (who >= 0))
    wrong = ~fits[section.codes[at[rows]], student.codes[who[rows]]]
    total = np.bincount(at[rows], minlength=len(sections))
    off = np.bincount(at[rows][wrong], minlength=len(sections))
    found = np.flatnonzero(off > share * np.maximum(total, 1))
    notes = [f"{off[row]} of {total[row]} students" for row in found]
    return Finding([roster.places(sections, found, "Grade", notes=notes)], of=len(sections))


def term_unread(sections: Table, *, start: str, end: str) -> Finding:
    """Sections whose term ends before it starts, or has a date that is none; a section counts once."""
    first, last = roster.days(sections, start), roster.days(sections, end)
    counted = np.zeros(len(sections), bool)
    blocks = []
    for column in (start, end):
        wrong = roster.coded(sections, column).spread(roster.dates(sections, column).invalid)
        blocks.append(roster.places(sections, wrong, column, counts=~counted[wrong], notes="not a date"))
        counted |= wrong
    turned = (first != reading.NO_DAY) & (last != reading.NO_DAY) & (last < first)
    blocks.append(roster.places(sections, turned, end, notes="ends before it starts"))
    return Finding(blocks, of=len(sections))


def term_future(sections: Table, *, column: str, today: dt.date) -> Finding:
    """Sections whose term starts after today."""
    days = roster.days(sections, column)
    return Finding([roster.places(sections, days > reading.day_number(today), column)], of=len(sections))


def _person_and_course(people: roster.People, course: roster.Coded,
                       located: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Per enrollment one number (int64) for its person and course, -1 where one is not known; built in place.

    `located`: the row numbers of section and student.
    """
    at, who = located
    bits = len(course.values).bit_length()
    of_section = np.append(np.where(course.blank, -1, course.codes), np.int32(-1))[np.maximum(at, -1)]
    key = np.append(people.number, np.int32(-1))[np.maximum(who, -1)].astype(np.int64)
    key <<= bits
    key |= of_section
    key[(of_section < 0) | (who < 0)] = -1
    return np.asarray(key)


def course_twice(enrollments: Table, sections: Table, students: Table, *, columns: list[str], start: str,
                 end: str) -> Finding:
    """Students with two sections of one course whose terms overlap; counts people, places are enrollments."""
    course = next((column for column in columns if not roster.coded(sections, column).blank.all()), "")
    at, who = roster.located(enrollments, "Section_id", sections), roster.located(enrollments, "Student_id", students)
    if not course:
        return Finding([], of=roster.people(students).count)
    name, term = roster.lowered(sections, course), roster.coded(sections, "Term_name")
    key = _person_and_course(roster.people(students), name, (at, who))
    rows = roster.repeated(key)
    rows = rows[key[rows] >= 0]
    key = key[rows]
    first, last = roster.days(sections, start), roster.days(sections, end)
    order = np.lexsort((at[rows], term.codes[at[rows]], last[at[rows]], first[at[rows]], key))
    key, row, section = key[order], rows[order], at[rows][order]
    alike = (key[1:] == key[:-1]) & (section[1:] != section[:-1])
    one, two = section[:-1], section[1:]
    dated = (first[one] != reading.NO_DAY) & (last[one] != reading.NO_DAY) \
        & (first[two] != reading.NO_DAY) & (last[two] != reading.NO_DAY)
    overlap = np.where(dated, (first[one] <= last[two]) & (first[two] <= last[one]), term.codes[one] == term.codes[two])
    hit = np.flatnonzero(alike & overlap)
    found = roster.distinct(np.concatenate([row[hit], row[hit + 1]]))
    twice = roster.people(students).number[who[found]]
    return Finding([roster.places(enrollments, found, "Section_id", groups=twice, counts=roster.firsts(twice))],
                   of=roster.people(students).count)
