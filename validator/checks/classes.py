"""Classes against what they hold: sizes, grades, subjects, terms, courses taken twice."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.frame.values import NO_DAY, to_day_number
from validator.model import Finding, Level, Table
from validator.vocabulary.grades import Grades

UNORDERED = ("Ungraded", "Other")
"""Grades that are neither above nor below others."""


def _sizes(sections: Table, enrollments: Table) -> np.ndarray:
    """Students per section, each once."""
    return np.bincount(frame.list_members(sections, enrollments)[0], minlength=len(sections))


def larger(sections: Table, enrollments: Table, *, most: int) -> Finding:
    """Sections with more than `most` students."""
    sizes = _sizes(sections, enrollments)
    rows = np.flatnonzero(sizes > most)
    return Finding(
        [
            frame.place_rows(
                sections, rows, "Section_id", notes=[f"{sizes[row]} students" for row in rows]
            )
        ],
        of=len(sections),
        figures={"most": most},
    )


def smaller(sections: Table, enrollments: Table, *, least: int) -> Finding:
    """Sections with fewer than `least` students, but at least one."""
    sizes = _sizes(sections, enrollments)
    rows = np.flatnonzero((sizes > 0) & (sizes < least))
    return Finding(
        [frame.place_rows(sections, rows, "Section_id")], of=len(sections), figures={"least": least}
    )


def subject_missing(sections: Table, *, column: str, empty: list[str], share: float) -> Finding:
    """Sections whose subject is blank or says nothing; a warning above `share` of all sections."""
    values = frame.encode_lower(sections, column)
    nothing = values.blank | values.broadcast(
        np.asarray([value in empty for value in values.values.to_pylist()], bool)
    )
    level = Level.WARNING if nothing.sum() > share * max(len(sections), 1) else None
    return Finding([frame.place_rows(sections, nothing, column, level=level)], of=len(sections))


def grade_unknown(sections: Table, *, column: str, grades: Grades) -> Finding:
    """Sections with a grade, or one of several grades, that is not in the vocabulary."""
    values = frame.encode(sections, column)
    wrong = np.asarray([_unmapped(grades, value) for value in values.values.to_pylist()], bool)
    rows = np.flatnonzero(values.broadcast(wrong)) if len(wrong) else np.zeros(0, np.int64)
    return Finding(
        [frame.place_rows(sections, rows, column)],
        of=len(sections),
        tally=frame.count_values(sections, column, rows),
    )


def _unmapped(grades: Grades, value: str) -> bool:
    if not value or grades.canonical([value])[0] != "?":
        return False
    several = grades.several(value)
    return not several or "?" in several


def grade_several(sections: Table, *, column: str, grades: Grades) -> Finding:
    """Sections with a range or list of grades."""
    values = frame.encode(sections, column)
    many = np.asarray(
        [
            bool(value) and grades.canonical([value])[0] == "?" and not _unmapped(grades, value)
            for value in values.values.to_pylist()
        ],
        bool,
    )
    rows = np.flatnonzero(values.broadcast(many)) if len(many) else np.zeros(0, np.int64)
    return Finding(
        [frame.place_rows(sections, rows, column)],
        of=len(sections),
        tally=frame.count_values(sections, column, rows),
    )


def grade_outside_school(
    students: Table, schools: Table, *, column: str, low: str, high: str, grades: Grades
) -> Finding:
    """Students whose grade lies outside the range of their school; unordered grades (Ungraded, Other) are left out."""
    who = frame.group_people(students)
    grade = _ranks(students, column, grades)
    lowest, highest = _ranks(schools, low, grades), _ranks(schools, high, grades)
    at = frame.locate_rows(students, "School_id", schools)
    known = np.flatnonzero((at >= 0) & (grade >= 0))
    at = at[known]
    outside = ((lowest[at] >= 0) & (grade[known] < lowest[at])) | (
        (highest[at] >= 0) & (grade[known] > highest[at])
    )
    rows = known[outside]
    return Finding(
        [frame.place_rows(students, rows, column, counts=frame.mark_firsts(who.number[rows]))],
        of=who.count,
    )


def _ranks(table: Table, column: str, grades: Grades) -> np.ndarray:
    """Per row, the position of its grade from youngest to oldest, -1 where it has none."""
    values = frame.encode(table, column)
    order = {grade: at for at, grade in enumerate(grades.order) if grade not in UNORDERED}
    ranks = [order.get(grade, -1) for grade in grades.canonical(values.values.to_pylist())]
    return values.broadcast(np.asarray([*ranks, -1], np.int32))


def grade_differs(
    sections: Table, enrollments: Table, students: Table, *, share: float, grades: Grades
) -> Finding:
    """Sections in which over `share` of the students are in a grade that the section does not name."""
    section = frame.encode(sections, "Grade")
    student = frame.encode(students, "Grade")
    named = [
        set(grades.several(value)) | set(grades.canonical([value]))
        for value in section.values.to_pylist()
    ]
    own = grades.canonical(student.values.to_pylist())
    fits = np.asarray(
        [
            [
                not grade
                or grade == "?"
                or not among
                or grade in among
                or "?" in among
                or "" in among
                for grade in own
            ]
            for among in named
        ]
        or [[True]],
        bool,
    )
    at, who = (
        frame.locate_rows(enrollments, "Section_id", sections),
        frame.locate_rows(enrollments, "Student_id", students),
    )
    rows = np.flatnonzero((at >= 0) & (who >= 0))
    wrong = ~fits[section.codes[at[rows]], student.codes[who[rows]]]
    total = np.bincount(at[rows], minlength=len(sections))
    off = np.bincount(at[rows][wrong], minlength=len(sections))
    found = np.flatnonzero(off > share * np.maximum(total, 1))
    notes = [f"{off[row]} of {total[row]} students" for row in found]
    return Finding([frame.place_rows(sections, found, "Grade", notes=notes)], of=len(sections))


def term_unread(sections: Table, *, start: str, end: str) -> Finding:
    """Sections whose term ends before it starts, or has a date that is none; a section counts once."""
    first, last = frame.parse_days(sections, start), frame.parse_days(sections, end)
    counted = np.zeros(len(sections), bool)
    blocks = []
    for column in (start, end):
        wrong = frame.encode(sections, column).broadcast(
            frame.parse_dates(sections, column).invalid
        )
        blocks.append(
            frame.place_rows(sections, wrong, column, counts=~counted[wrong], notes="not a date")
        )
        counted |= wrong
    turned = (first != NO_DAY) & (last != NO_DAY) & (last < first)
    blocks.append(frame.place_rows(sections, turned, end, notes="ends before it starts"))
    return Finding(blocks, of=len(sections))


def term_future(sections: Table, *, column: str, today: dt.date) -> Finding:
    """Sections whose term starts after today."""
    days = frame.parse_days(sections, column)
    return Finding(
        [frame.place_rows(sections, days > to_day_number(today), column)], of=len(sections)
    )


def _person_and_course(
    people: frame.People, course: frame.Encoded, located: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Per enrollment one number (int64) for its person and course, -1 where one is not known; built in place.

    `located`: the row numbers of section and student.
    """
    at, who = located
    bits = len(course.values).bit_length()
    of_section = np.append(np.where(course.blank, -1, course.codes), np.int32(-1))[
        np.maximum(at, -1)
    ]
    key = np.append(people.number, np.int32(-1))[np.maximum(who, -1)].astype(np.int64)
    key <<= bits
    key |= of_section
    key[(of_section < 0) | (who < 0)] = -1
    return np.asarray(key)


def course_twice(
    enrollments: Table,
    sections: Table,
    students: Table,
    *,
    columns: list[str],
    start: str,
    end: str,
) -> Finding:
    """Students with two sections of one course whose terms overlap; counts people, places are enrollments."""
    course = next(
        (column for column in columns if not frame.encode(sections, column).blank.all()), ""
    )
    at, who = (
        frame.locate_rows(enrollments, "Section_id", sections),
        frame.locate_rows(enrollments, "Student_id", students),
    )
    if not course:
        return Finding([], of=frame.group_people(students).count)
    name, term = frame.encode_lower(sections, course), frame.encode(sections, "Term_name")
    key = _person_and_course(frame.group_people(students), name, (at, who))
    rows = frame.find_repeated(key)
    rows = rows[key[rows] >= 0]
    key = key[rows]
    first, last = frame.parse_days(sections, start), frame.parse_days(sections, end)
    order = np.lexsort((at[rows], term.codes[at[rows]], last[at[rows]], first[at[rows]], key))
    key, row, section = key[order], rows[order], at[rows][order]
    alike = (key[1:] == key[:-1]) & (section[1:] != section[:-1])
    one, two = section[:-1], section[1:]
    dated = (
        (first[one] != NO_DAY)
        & (last[one] != NO_DAY)
        & (first[two] != NO_DAY)
        & (last[two] != NO_DAY)
    )
    overlap = np.where(
        dated,
        (first[one] <= last[two]) & (first[two] <= last[one]),
        term.codes[one] == term.codes[two],
    )
    hit = np.flatnonzero(alike & overlap)
    found = frame.sort_unique(np.concatenate([row[hit], row[hit + 1]]))
    twice = frame.group_people(students).number[who[found]]
    return Finding(
        [
            frame.place_rows(
                enrollments, found, "Section_id", groups=twice, counts=frame.mark_firsts(twice)
            )
        ],
        of=frame.group_people(students).count,
    )
