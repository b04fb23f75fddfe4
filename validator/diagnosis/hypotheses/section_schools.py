"""Sections that moved to another school, while everybody in them stayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import edit_files
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.frame.arrays import count_numbers
from validator.model import Table

SYMPTOMS = (
    "enrollment-school-differs",
    "student-section-school-differs",
    "teacher-section-school-differs",
)
LEAST = 2
"""Students of a section who must all be at the other school."""


def suspect_moved_sections(scene: Scene) -> Iterable[Suspicion]:
    """Suspect sections that are at another school than all of their students and teachers.

    Two signs: the students of a section are all at one school, and a teacher of it is there too.
    Where enrollments name a school, all of the section's name that one. A class that students of
    one school take elsewhere has the school where it is in its enrollments.
    """
    sections, students = scene.table("sections"), scene.table("students")
    teachers, enrollments = scene.table("teachers"), scene.table("enrollments")
    if sections is None or students is None or teachers is None or enrollments is None:
        return
    if not scene.count(*SYMPTOMS) or not sections.has("School_id"):
        return
    own = frame.encode(sections, "School_id")
    section, student = _list_students(scene, sections, enrollments, students=students)
    of_students = _find_only_school(sections, section, student, people=students)
    section, teacher = frame.list_teachers(sections, teachers)
    of_teachers = _find_only_school(sections, section, teacher, people=teachers)
    ids = pa.array(own.values.to_pylist(), pa.string())
    texts = np.asarray([*own.values.to_pylist(), ""], object)[own.codes]
    moved = (of_students != "") & (of_students == of_teachers) & (of_students != texts)
    moved &= np.asarray(frame.is_among(pa.array(of_students.tolist(), pa.string()), ids))
    if enrollments.has("School_id"):
        at = frame.locate_rows(enrollments, "Section_id", sections)
        rows = np.flatnonzero(at >= 0)
        moved &= of_students == _find_only_school(sections, at[rows], rows, people=enrollments)
    rows = np.flatnonzero(moved)
    if not len(rows) or 2 * len(rows) > len(sections):
        return
    yield _suspect(scene, sections, rows, schools=of_students[rows].tolist())


def _suspect(
    scene: Scene, sections: Table, rows: np.ndarray, *, schools: Sequence[str]
) -> Suspicion:
    """Return the suspicion that these sections belong to these schools."""
    edits = [Edit("sections", "School_id", rows, pa.array(schools, pa.string()))]
    edits += _move_teachers(scene, sections, rows, schools=schools)
    noun, whose = ("section is", "its") if len(rows) == 1 else ("sections are", "their")
    return Suspicion(
        "sections-at-another-school",
        [frame.place_rows(sections, rows, "School_id")],
        f"{len(rows):,} {noun} at another school than all of {whose} students and {whose} teachers",
        symptoms=frozenset({("sections", "School_id")}),
        repaired=len(rows),
        failing=len(rows),
        inverse=partial(edit_files, edits=edits),
    )


def _list_students(
    scene: Scene, sections: Table, enrollments: Table, *, students: Table
) -> tuple[np.ndarray, np.ndarray]:
    """Return section and student row of open enrollments, as evidence that sections were moved."""
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    known = (section >= 0) & (student >= 0)
    known &= frame.mark_open(enrollments, sections, scene.today)
    return section[known], student[known]


def _find_only_school(
    sections: Table, section: np.ndarray, person: np.ndarray, *, people: Table
) -> np.ndarray:
    """Return each section's only school by its people, as evidence that the section was moved."""
    school = frame.encode(people, "School_id")
    codes = school.codes[person]
    low = np.full(len(sections), np.iinfo(np.int32).max, np.int64)
    high = np.full(len(sections), -1, np.int64)
    np.minimum.at(low, section, codes)
    np.maximum.at(high, section, codes)
    least = 1 if people.name == "teachers" else LEAST
    enough = count_numbers(section, minlength=len(sections)) >= least
    texts = np.asarray([*school.values.to_pylist(), ""], object)
    only = np.where(enough & (low == high), high, len(school.values))
    return np.asarray(texts[only], object)


def _move_teachers(
    scene: Scene, sections: Table, moved: np.ndarray, *, schools: Sequence[str]
) -> Iterator[Edit]:
    """Yield the edits of rows that link teachers to moved sections at the school of the damage."""
    teaching = scene.table("teaching")
    if teaching is None or not teaching.has("School_id"):
        return
    at = frame.locate_rows(teaching, "Section_id", sections)
    own = frame.take_text(sections, "School_id", moved)
    by_section = {row: (old, new) for row, old, new in zip(moved, own, schools, strict=True)}
    rows = np.flatnonzero(np.isin(at, moved))
    texts = frame.take_text(teaching, "School_id", rows)
    pairs = [by_section[section] for section in at[rows]]
    wrong = [text == old for text, (old, _) in zip(texts, pairs, strict=True)]
    values = [new for is_wrong, (_, new) in zip(wrong, pairs, strict=True) if is_wrong]
    if values:
        yield Edit("teaching", "School_id", rows[wrong], pa.array(values, pa.string()))
