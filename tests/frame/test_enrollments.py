"""Enrollments that count on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from tests.support.builders import table
from validator import frame

DAY = dt.date(2026, 10, 1)
SPANS = {
    "08/24/2026-06/11/2027": False,
    "08/24/2026-": False,
    "-": False,
    "01/11/2027-06/11/2027": False,
    "08/24/2026-09/30/2026": True,
    "08/24/2026-10/01/2026": False,  # the last day that counts
    "11/02/2026-11/02/2026": True,  # no day at all
    "08/24/2026-0/0/0": False,
    "08/24/2026-01/01/1900": False,
    "06/11/2027-08/24/2026": False,  # which day is wrong is not known
    "09/18/2026-08/24/2026": True,
}


def rows() -> dict[str, list[str]]:
    first, last = zip(*(span.split("-") for span in SPANS), strict=True)
    count = len(SPANS)
    return {
        "Section_id": ["m1"] * count,
        "Student_id": [f"s{number}" for number in range(count)],
        "Begin": list(first),
        "End": list(last),
    }


def test_an_enrollment_ends_after_its_last_day() -> None:
    enrollments = table("enrollments", rows())
    assert dict(zip(SPANS, frame.mark_ended(enrollments, DAY).tolist(), strict=True)) == SPANS


def test_in_oneroster_the_last_day_counts_no_longer() -> None:
    enrollments = replace(table("enrollments", rows()), exclusive_ends=True)
    ended = dict(zip(SPANS, frame.mark_ended(enrollments, DAY).tolist(), strict=True))
    assert ended == {**SPANS, "08/24/2026-10/01/2026": True}


def test_exit_codes_in_words_end_an_enrollment() -> None:
    codes = ["Withdrawn", "No-Show", "W1", "", "Promoted"]
    enrollments = table("enrollments", {"Student_id": list("abcde"), "Exit_code": codes})
    assert frame.mark_ended(enrollments, DAY).tolist() == [True, True, False, False, False]


def test_the_term_is_at_fault_where_it_is_over_too() -> None:
    enrollments = table(
        "enrollments",
        {"Section_id": ["old", "new"], "Student_id": ["a", "b"], "End": ["06/11/2026"] * 2},
    )
    sections = table(
        "sections", {"Section_id": ["old", "new"], "Term_end": ["06/11/2026", "06/11/2027"]}
    )
    students = table("students", {"Student_id": ["a", "b"]})
    assert frame.mark_open(enrollments, sections, DAY).tolist() == [True, False]
    assert frame.mark_enrolled(students, enrollments, sections, today=DAY).tolist() == [True, False]
    assert frame.mark_stranded(students, enrollments, sections, today=DAY).tolist() == [True, False]
    members = frame.list_members(sections, enrollments, DAY)
    assert members.rows[members.section].tolist() == [0]
    assert len(members.student) == 1


def test_some_entries_keep_their_place_among_all_rows() -> None:
    numbers = np.arange(6, dtype=np.int32)
    attendance = frame.Attendance(numbers, numbers[::-1], np.zeros(0, np.intp))
    is_chosen = np.asarray([True, False, True, False, False, True])
    some = attendance.take(is_chosen)
    assert (some.student.tolist(), some.section.tolist()) == ([0, 2, 5], [5, 3, 0])
    assert some.find_rows(np.arange(3)).tolist() == [0, 2, 5]
    assert attendance.take(np.ones(6, bool)).find_rows(numbers).tolist() == numbers.tolist()
