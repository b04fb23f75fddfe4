"""Teachers, sections and enrollments of a made-up district."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from benchmarks import cells
from benchmarks.cells import COURSES, GRADES, ROOM, SECTIONS, Columns
from benchmarks.planting import Bench
from validator.sample import names

TITLES = (
    ("English Language Arts", names.ELA),
    ("Mathematics", names.MATH),
    ("Science", names.SCIENCE),
    ("History", names.SOCIAL),
    ("Spanish", names.LANGUAGE),
    ("Composition", names.ELA),
    ("Geography", names.SOCIAL),
    ("Statistics", names.MATH),
)
BLOCK = 1 << 20
"""Enrollments that are written at once."""

SECTION_COLUMNS = (
    "School_id Section_id Teacher_id Teacher_2_id Name Section_number Grade Course_name "
    "Course_number Period Subject Term_name Term_start Term_end"
).split()


def make_teachers(bench: Bench, groups: int) -> Columns:
    """Teachers of each school.

    One for each section number of a course, two for the first half of the courses.
    """
    count = -(-groups // GRADES) * SECTIONS * COURSES * 3 // 2
    used = _primary(np.arange(groups * COURSES * SECTIONS))
    teaches = np.zeros(count, bool)
    teaches[used] = True
    kept = np.flatnonzero(teaches)
    bench.free["teachers"] = bench.rng.permutation(len(kept))
    given, family, email, _ = cells.invent_people(len(kept), names.ADULTS)
    invalid = bench.take("teacher-email-invalid", len(kept))
    email = cells.put(email, invalid, cells.join("no-address-", cells.format_numbers(invalid)))
    email = cells.put(email, bench.take("teacher-email-missing", len(kept)), "")
    return {
        "School_id": cells.format_school_ids(kept // (SECTIONS * COURSES * 3 // 2)),
        "Teacher_id": cells.format_teacher_ids(kept),
        "Teacher_number": cells.format_numbers(20_001 + kept),
        "Teacher_email": email,
        "First_name": given,
        "Last_name": family,
        "Title": cells.pick(["Teacher"], np.zeros(len(kept), int)),
    }


def _primary(section: np.ndarray) -> np.ndarray:
    """The number of the teacher of each section.

    A teacher has one section number of one course, in half of the grades or in all.
    """
    group, course, number = _split(section)
    half = group % GRADES >= GRADES // 2
    second = half & (course < COURSES // 2)
    place = course * SECTIONS + number + np.where(second, COURSES * SECTIONS, 0)
    return group // GRADES * (SECTIONS * COURSES * 3 // 2) + place


def _split(section: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The group, the course and the section number of each section."""
    return section // (COURSES * SECTIONS), section // SECTIONS % COURSES, section % SECTIONS


def make_sections(bench: Bench, groups: int) -> Columns:
    count, rng = groups * COURSES * SECTIONS, bench.rng
    section = np.arange(count)
    group, course, number = _split(section)
    early = (group % GRADES == 0) & (group + 1 < groups)
    bench.free["sections"] = rng.permutation(np.flatnonzero(early))  # all teachers keep a good one
    columns = {
        "School_id": cells.format_school_ids(group // GRADES),
        "Section_id": cells.format_section_ids(section),
        "Name": None,
        "Section_number": cells.format_numbers(number + 1),
        "Grade": cells.name_grades(group),
        "Period": cells.format_numbers((course + group) % COURSES + 1),
        **_invent_courses(bench, group, course),
        **_assign_teachers(bench, section),
        **_set_terms(bench, section),
    }
    columns["Name"] = cells.join(columns["Course_name"], " Section ", cells.format_numbers(section))
    return {name: columns[name] for name in SECTION_COLUMNS}


def _invent_courses(bench: Bench, group: np.ndarray, course: np.ndarray) -> Columns:
    grade = cells.number_grades(group)
    title = cells.pick([name for name, _ in TITLES], course)
    title = cells.join(title, " ", cells.format_numbers(grade))
    subject = cells.pick([name for _, name in TITLES], course)
    code = cells.join(cells.pick("ABCDEFGH", course), cells.format_numbers(100 + grade))
    odd = bench.take("section-elective", len(group))
    return {
        "Course_name": cells.put(title, odd, "Concert Band"),
        "Subject": cells.put(subject, odd, "Arts and music"),
        "Course_number": cells.put(code, odd, cells.join("Z", cells.format_numbers(odd))),
    }


def _assign_teachers(bench: Bench, section: np.ndarray) -> Columns:
    count = len(section)
    teacher = cells.format_teacher_ids(_primary(section))
    untaught = bench.take("section-without-teacher", count)
    helped = np.setdiff1d(np.flatnonzero(bench.rng.random(count) < 0.2), untaught)
    bench.key["section-co-taught"] = len(helped)
    helpers = cells.format_teacher_ids(_primary((helped + 1) % (count // 2)))
    return {
        "Teacher_id": cells.put(teacher, untaught, ""),
        "Teacher_2_id": cells.put(pa.array([""] * count), helped, helpers),
    }


def _set_terms(bench: Bench, section: np.ndarray) -> Columns:
    over = bench.take("section-term-over", len(section))
    terms = {
        "Term_name": ("2025-26", "2024-25"),
        "Term_start": ("09/04/2025", "09/05/2024"),
        "Term_end": ("06/26/2026", "06/26/2025"),
    }
    return {
        name: cells.put(cells.pick([now], section * 0), over, before)
        for name, (now, before) in terms.items()
    }


def make_enrollments(bench: Bench, students: pa.Array, unenrolled: np.ndarray) -> Iterator[Columns]:
    """Blocks of enrollments: each student in one section of every course, then the faulty rows.

    Each course mixes the students of a grade in another way. `students` are their ids.
    """
    student, section = _enroll(bench.rng, len(students), unenrolled)
    whole = len(student)
    bench.free["enrollments"] = bench.rng.permutation(whole if bench.share else 0)
    for start in range(0, whole, BLOCK):
        rows = slice(start, start + BLOCK)
        columns = _name_enrollments(students, student[rows], section[rows])
        if bench.worst:
            columns["Student_id"] = cells.join("9", columns["Student_id"])
        yield columns
    rules = ("section-unknown", "student-unknown", "enrollment-repeated")
    spoiled = [bench.take(rule, whole) for rule in rules]
    added = np.concatenate(spoiled)
    columns = _name_enrollments(students, student[added], section[added])
    unknown = cells.join("9", cells.format_numbers(90_000_000 + whole + np.arange(len(added))))
    first = np.arange(len(spoiled[0]))
    second = len(first) + np.arange(len(spoiled[1]))
    for column, rows in (("Section_id", first), ("Student_id", second)):
        columns[column] = cells.put(columns[column], rows, unknown.take(pa.array(rows)))
    yield columns
    if bench.worst:
        bench.key["student-unknown"] = whole


def _name_enrollments(students: pa.Array, student: np.ndarray, section: np.ndarray) -> Columns:
    return {
        "School_id": cells.format_school_ids(section // (COURSES * SECTIONS * GRADES)),
        "Section_id": cells.format_section_ids(section),
        "Student_id": students.take(pa.array(student)),
    }


def _enroll(
    rng: np.random.Generator, count: int, unenrolled: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Student and section of each enrollment, in random order within a grade.

    One grade at a time: its rows are sorted in the processor's cache.
    """
    enrolled = np.ones(count, bool)
    enrolled[unenrolled] = False
    at, course = np.arange(ROOM)[:, None], np.arange(COURSES)
    places = course * SECTIONS + (at + course * (at // SECTIONS)) % SECTIONS
    students, sections = [], []
    for group in range(count // ROOM):
        present = np.flatnonzero(enrolled[group * ROOM : (group + 1) * ROOM])
        order = rng.random(len(present) * COURSES).argsort(kind="stable")
        taken = places[present].ravel()[order] + group * COURSES * SECTIONS
        sections.append(taken.astype(np.int32))
        students.append((group * ROOM + present[order // COURSES]).astype(np.int32))
    return np.concatenate(students), np.concatenate(sections)
