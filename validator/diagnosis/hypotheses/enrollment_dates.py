"""Enrollments of another time: last year's rows, and students who have left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.hypothesis import PART, Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.frame.values import NO_DAY, number_day
from validator.model import Places, Table

LEAST_ROWS = 8
"""Fewer rows can end early by chance."""

NEARLY_ALL = 0.95
"""The share of a file's rows that one cause must explain; the rest are rows added by hand."""

FEW_DAYS = 3
"""Last days on which a whole file may end at once: those of a year, a semester and a quarter."""

MOST = 0.75
"""Share of such rows whose sections have students now; of past sections, none does."""

MINORITY = 0.25
"""A larger share of unknown students is another export, not students who have left."""

OF_STUDENTS = ("student-without-section",)
OF_SECTIONS = (
    "section-without-students",
    "section-without-teacher",
    "section-without-primary-teacher",
)
OF_TEACHERS = ("teacher-without-section",)


def suspect_last_years_rows(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that enrollments were exported that have all ended, as those of last school year.

    Two independent signs: (nearly) all rows ended before today though their sections are not known
    to be over, and they ended before these sections began or, where that day is not known, before
    July 1; or else on very few days. Students leave one by one: that 8 rows of the current year end
    like this by chance is all but impossible. Where only a quarter of the rows or more ended, they
    ended on few days before their sections began, in sections that others are in now: a past
    section that is left in has no students of today.
    """
    enrollments, sections = scene.table("enrollments"), scene.table("sections")
    students = scene.table("students")
    if enrollments is None or sections is None or students is None:
        return
    if not frame.mark_ended(enrollments, scene.today).any():
        return
    total = int((frame.locate_rows(enrollments, "Section_id", sections) >= 0).sum())
    ended = _mark_ended(enrollments, sections, scene.today)
    count = int(ended.sum())
    if count < LEAST_ROWS or count < PART * total:
        return
    is_before_term = _is_past_term(enrollments, sections, ended, today=scene.today)
    days = _count_last_days(enrollments, ended)
    if not is_before_term and days > FEW_DAYS:
        return
    is_part = count < NEARLY_ALL * total
    if is_part and not (is_before_term and _are_in_full_sections(enrollments, sections, ended)):
        return
    manner = _describe_manner(days, is_before_term=is_before_term)
    how_many = f"all {count:,}" if count == total else f"{count:,} of the {total:,}"
    yield Suspicion(
        "last-years-rows",
        [frame.place_rows(enrollments, ended, "End")],
        f"{how_many} enrollments of {enrollments.file} ended {manner}, and none of the sections is "
        f"known to be over",
        symptoms=frozenset({("enrollments", "End")}),
        repaired=count,
        failing=total,
        covers=dict(_cover(scene, students, ended)),
    )


def _mark_ended(table: Table, sections: Table, today: dt.date) -> np.ndarray:
    """Mark ended rows in sections that go on, as evidence of last year's enrollments."""
    section = frame.locate_rows(table, "Section_id", sections)
    dated = frame.parse_span(table).last != NO_DAY
    return np.asarray(~frame.mark_open(table, sections, today) & (section >= 0) & dated)


def _is_past_term(
    enrollments: Table, sections: Table, ended: np.ndarray, *, today: dt.date
) -> bool:
    """Return whether last year's enrollments (nearly) all ended before their section began."""
    last = frame.parse_span(enrollments).last[ended]
    section = frame.locate_rows(enrollments, "Section_id", sections)[ended]
    turn = dt.date(today.year if today >= dt.date(today.year, 7, 1) else today.year - 1, 7, 1)
    starts = frame.parse_days(sections, "Term_start")
    limits = np.where(starts == NO_DAY, number_day(turn), starts)
    return bool((last <= limits[section]).mean() >= NEARLY_ALL)


def _count_last_days(enrollments: Table, ended: np.ndarray) -> int:
    """Count the days on which (nearly) all of last year's enrollments ended."""
    last = frame.parse_span(enrollments).last[ended]
    counts = np.sort(np.unique(last, return_counts=True)[1])[::-1]
    return int(np.searchsorted(np.cumsum(counts), NEARLY_ALL * len(last))) + 1


def _describe_manner(days: int, *, is_before_term: bool) -> str:
    """Describe when last year's enrollments ended, for the evidence."""
    if is_before_term:
        return "before the term of their section began"
    return "on one day" if days == 1 else f"on {days} days"


def _are_in_full_sections(enrollments: Table, sections: Table, ended: np.ndarray) -> bool:
    """Weigh evidence for last year's enrollments in a part of the rows.

    They ended on few days, and most are in sections that other rows are in now.
    """
    times = np.unique(frame.parse_span(enrollments).last[ended], return_counts=True)[1]
    at = frame.locate_rows(enrollments, "Section_id", sections)
    is_now = np.zeros(len(sections), bool)
    is_now[at[(at >= 0) & ~ended]] = True
    few = np.sort(times)[::-1][:FEW_DAYS].sum() >= NEARLY_ALL * ended.sum()
    return bool(few and is_now[at[ended]].mean() >= MOST)


def _cover(scene: Scene, students: Table, ended: np.ndarray) -> Iterable[tuple[str, list[Places]]]:
    """Yield each rule with the places that a suspicion of last year's enrollments explains."""
    enrollments, sections = scene.export.tables["enrollments"], scene.export.tables["sections"]
    teaching = scene.table("teaching")
    of_students = _mark_named(enrollments, "Student_id", students, rows=ended)
    of_sections = _mark_named(enrollments, "Section_id", sections, rows=ended)
    yield from _keep(scene, OF_STUDENTS, of_students)
    if teaching is not None:
        gone = _mark_ended(teaching, sections, scene.today)
        of_sections |= _mark_named(teaching, "Section_id", sections, rows=gone)
        teachers = scene.table("teachers")
        if teachers is not None:
            named = _mark_named(teaching, "Teacher_id", teachers, rows=gone)
            yield from _keep(scene, OF_TEACHERS, named)
    yield from _keep(scene, OF_SECTIONS, of_sections)


def _mark_named(table: Table, column: str, other: Table, *, rows: np.ndarray) -> np.ndarray:
    """Return a bool mask of the records that rows under suspicion refer to."""
    at = frame.locate_rows(table, column, other)[rows]
    return frame.expand_to_key(other, at[at >= 0])


def _keep(
    scene: Scene, rules: Iterable[str], mask: np.ndarray
) -> Iterable[tuple[str, list[Places]]]:
    """Yield rules with the places, in rows of the mask, that a suspicion explains."""
    for rule in rules:
        blocks = [
            block.keep(mask[block.rows]) for block in scene.places(rule) if block.rows is not None
        ]
        blocks = [block for block in blocks if len(block)]
        if blocks:
            yield rule, blocks


def suspect_withdrawn_left_in(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that enrollments still name students who have left and are not in the students file.

    Two independent signs: these students have as many sections as others, which typing errors do
    not, and their sections are full of students who are there, which a school or grade that was
    left out does not have. Where everybody has one section, a typing error takes a section from
    somebody: that nearly nobody lacks one, and that the ids look like all others, is the sign.
    """
    enrollments, sections = scene.table("enrollments"), scene.table("sections")
    if enrollments is None or sections is None:
        return
    lost = scene.mark(enrollments, "Student_id", "student-unknown")
    if lost.sum() < LEAST_ROWS:
        return
    student = frame.encode(enrollments, "Student_id")
    section = frame.locate_rows(enrollments, "Section_id", sections)
    usable = ~student.blank & (section >= 0)
    rows_of = count_numbers(student.codes[usable], minlength=len(student.values))
    is_lost = np.zeros(len(student.values), bool)
    is_lost[student.codes[lost]] = True
    gone, there = rows_of[is_lost & (rows_of > 0)], rows_of[~is_lost & (rows_of > 0)]
    if len(gone) < LEAST_ROWS or not len(there) or len(gone) > MINORITY * len(there):
        return
    manner = "and nearly all students who are in it have a section"
    if _take_as_many(student.codes, section, lost, usable=usable):
        manner = "each in about as many sections as other students"
    elif np.median(there) > 1 or not _are_further(scene, enrollments, is_lost, lost=len(gone)):
        return
    if not _sit_among_others(section, lost, usable):
        return
    yield Suspicion(
        "withdrawn-left-in",
        [frame.place_rows(enrollments, lost, "Student_id")],
        f"{len(gone):,} students who are not in the students file are in {lost.sum():,} rows of "
        f"{enrollments.file}, {manner}; they are listed among students who are there",
        symptoms=frozenset({("enrollments", "Student_id")}),
        repaired=int(lost.sum()),
        failing=int(lost.sum()),
        covers={"student-unknown": [*scene.places("student-unknown")]},
    )


def _are_further(scene: Scene, enrollments: Table, is_lost: np.ndarray, *, lost: int) -> bool:
    """Return whether lost ids look like students who left, as evidence.

    `is_lost`: bool mask of the distinct ids of enrollments.
    """
    students = scene.table("students")
    if students is None:
        return False
    at = frame.locate_rows(enrollments, "Student_id", students)
    has = frame.expand_to_key(students, at[at >= 0])
    lacking = int((frame.group_people(students).first & ~has).sum())
    if lacking > MINORITY * lost:
        return False
    ids = frame.encode(enrollments, "Student_id").values
    shapes = _draw(ids.filter(pa.array(is_lost)))
    known = _draw(ids.filter(pa.array(~is_lost)))
    return bool(frame.is_among(shapes, known.unique()).mean() >= NEARLY_ALL)


def _draw(ids: pa.Array) -> pa.Array:
    """Return the shape of each id, as evidence: 9 for every digit and a for every letter."""
    digits = pc.replace_substring_regex(ids, pattern="[0-9]", replacement="9")
    return pc.replace_substring_regex(digits, pattern=r"\pL", replacement="a")


def _take_as_many(
    student: np.ndarray, section: np.ndarray, lost: np.ndarray, *, usable: np.ndarray
) -> bool:
    """Weigh evidence for a hypothesis: the lost students have about as many rows as others.

    Young children have two sections where older students have seven.
    """
    rows_of = count_numbers(student[usable], minlength=int(student.max(initial=0)) + 1)
    there = usable & ~lost
    size = int(section.max(initial=0)) + 1
    students = count_numbers(section[there], minlength=size)
    rows = count_numbers(section[there], weights=rows_of[student[there]], minlength=size)
    usual = (rows / np.maximum(students, 1))[section[usable & lost]]
    own = rows_of[student[usable & lost]]
    known = usual > 0
    if not known.any():
        return False
    return bool(np.median(usual[known]) >= 2 and np.median(own[known] / usual[known]) > 0.5)


def _sit_among_others(section: np.ndarray, lost: np.ndarray, usable: np.ndarray) -> bool:
    """Weigh evidence for the hypothesis that students left: most of the lost sit among others."""
    size = int(section.max(initial=0)) + 1
    everybody = count_numbers(section[usable], minlength=size)
    missing = count_numbers(section[usable & lost], minlength=size)
    mixed = 2 * missing <= everybody
    return bool(mixed[section[usable & lost]].mean() >= NEARLY_ALL)
