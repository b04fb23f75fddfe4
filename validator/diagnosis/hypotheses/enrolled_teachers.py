"""Teachers among the students of sections: listed there, or under the id of a student."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from validator import frame
from validator.diagnosis.edit import drop_rows
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import SHARE
from validator.diagnosis.scene import Scene


def suspect_teachers_enrolled(scene: Scene) -> Iterable[Suspicion]:
    """Suspect enrollment rows of the section's own teachers."""
    yield from _suspect_two_roles(scene)
    enrollments, teachers = scene.table("enrollments"), scene.table("teachers")
    sections = scene.table("sections")
    if enrollments is None or teachers is None or sections is None or not len(sections):
        return
    mask = scene.mark(enrollments, "Student_id", "student-unknown")
    rows = np.flatnonzero(mask)
    if not len(rows):
        return
    ids = frame.encode(enrollments, "Student_id")
    codes = ids.codes[rows]
    known = frame.is_among(ids.values, frame.index_by_key(teachers)[0])[codes]
    if known.sum() < SHARE * len(rows):
        return
    section = frame.locate_rows(enrollments, "Section_id", sections)[rows]
    own = np.zeros(len(rows), bool)
    for column in frame.list_teacher_columns(sections):
        taught = frame.encode(sections, column)
        match = frame.find_positions(ids.values, taught.values)[codes]
        at = np.maximum(section, 0)
        own |= (section >= 0) & (match >= 0) & (taught.codes[at] == match)
    misplaced = np.zeros(len(enrollments), bool)
    misplaced[rows[known & own]] = True
    count = int(misplaced.sum())
    if count < 2 or count < SHARE * len(rows):
        return
    yield Suspicion(
        "teachers-among-students",
        [frame.place_rows(enrollments, misplaced, "Student_id")],
        f"all {count:,} rows of {enrollments.file} that name no student name a teacher of the same "
        f"section",
        symptoms=frozenset({("enrollments", "Student_id")}),
        repaired=count,
        failing=len(rows),
        inverse=lambda export: drop_rows(export, {"enrollments": misplaced}),
    )


FEW = 0.1
"""Share of the students up to which ids shared with teachers are exceptions."""


def suspect_shared_ids(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that enrollments are doubled because a student and a teacher have one id.

    Two signs: few students share an id with a teacher, and the doubled rows are theirs.
    """
    enrollments, students = scene.table("enrollments"), scene.table("students")
    teachers = scene.table("teachers")
    if enrollments is None or students is None or teachers is None:
        return
    doubled = scene.mark(enrollments, None, "enrollment-repeated")
    if not doubled.any():
        return
    who = frame.group_people(students)
    shared = frame.locate_rows(students, "Student_id", teachers) >= 0
    if not 0 < len(np.unique(who.number[shared])) <= FEW * who.count:
        return
    student = frame.locate_rows(enrollments, "Student_id", students)
    misplaced = doubled & (student >= 0) & shared[np.maximum(student, 0)]
    count = int(misplaced.sum())
    if not count:
        return
    people = len(np.unique(who.number[student[misplaced]]))
    noun = "student has" if people == 1 else "students have"
    ids = "id of a teacher" if people == 1 else "ids of teachers"
    yield Suspicion(
        "id-of-student-and-teacher",
        [frame.place_rows(enrollments, misplaced, "Student_id")],
        f"{people:,} {noun} the {ids}; {count:,} of the {int(doubled.sum()):,} rows of "
        f"{enrollments.file} that repeat an earlier one are theirs",
        symptoms=frozenset({("enrollments", "")}),
        repaired=count,
        failing=int(doubled.sum()),
        inverse=lambda export: drop_rows(export, {"enrollments": misplaced}),
    )


def _suspect_two_roles(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that teachers of a class were enrolled as its students, too, by mistake."""
    links = scene.table("enrollments.csv")
    if links is None or not links.has("role"):
        return
    wrong = scene.mark(links, "role", "role-differs")
    if not wrong.any():
        return
    section, person = (frame.encode(links, name) for name in ("classSourcedId", "userSourcedId"))
    pair = section.codes.astype(np.int64) * (len(person.values) + 1) + person.codes
    as_teacher = frame.match_words(links, "role", ["teacher"])
    as_student = frame.match_words(links, "role", ["student"])
    misplaced = wrong & as_student & np.isin(pair, pair[as_teacher])
    count, failing = int(misplaced.sum()), int(wrong.sum())
    if count < 2 or count < SHARE * failing:
        return
    yield Suspicion(
        "teachers-among-students",
        [frame.place_rows(links, misplaced, "role")],
        f"{count:,} rows of {links.file} enroll a teacher of that same class as a student",
        symptoms=frozenset({("enrollments.csv", "role")}),
        repaired=count,
        failing=failing,
        inverse=lambda export: drop_rows(export, {"enrollments.csv": misplaced}),
    )
