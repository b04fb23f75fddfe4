"""References between tables, people behind rows, and enrollments as numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.support.builders import table
from validator import frame
from validator.frame import keys as frame_keys
from validator.model import Table, Unread


def students(ids: Sequence[str], **change: object) -> Table:
    return table("students", {"Student_id": list(ids)}, **change)


def enrollments(ids: Sequence[str]) -> Table:
    return table("enrollments", {"Student_id": list(ids)})


def test_references_are_row_numbers_or_say_why_not() -> None:
    unread = Unread(np.asarray([9], np.int32), ((" 77 ", "Ada"),))
    rows = enrollments(["b", "", "x", "a", "77"])
    located = frame.locate_rows(rows, "Student_id", students(["a", "b"], unread=unread))
    assert located.tolist() == [1, frame.BLANK, frame.UNKNOWN, 0, frame.UNREAD]


@pytest.mark.parametrize(
    ("keys", "reference", "expected"),
    [
        (["42"], "42", 0),
        (["042"], "42", frame.UNKNOWN),
        (["42"], "42.0", frame.UNKNOWN),
        (["42"], "'42", frame.UNKNOWN),
        (["ab"], "AB", frame.UNKNOWN),
        (["42"], "", frame.BLANK),
    ],
)
def test_references_match_character_by_character(
    keys: list[str], reference: str, expected: int
) -> None:
    rows, other = enrollments([reference]), students(keys)
    assert frame.locate_rows(rows, "Student_id", other).tolist() == [expected]


def test_many_references_to_few_records_are_located_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frame_keys, "LONG", 8)
    monkeypatch.setattr(frame_keys, "MANY_EACH", 2)
    rows, other = enrollments(["b", "", "x"] * 4), students(["a", "b"])
    for _ in range(2):
        located = frame.locate_rows(rows, "Student_id", other)
        assert located.tolist() == [1, frame.BLANK, frame.UNKNOWN] * 4
    assert ("located", "Student_id", "students") not in rows.cache


def test_ids_unique_only_within_a_school_are_located_by_school() -> None:
    ids = ["1", "2", "1", "2"]
    sections = table("sections", {"School_id": ["A", "A", "B", "B"], "Section_id": ids})
    assert frame.is_unique_within_school(sections)
    rows = table("enrollments", {"School_id": ["B", "A", "C"], "Section_id": ["1", "2", "1"]})
    assert frame.locate_rows(rows, "Section_id", sections).tolist() == [2, 1, frame.UNKNOWN]


def test_rows_with_one_id_and_name_are_one_person() -> None:
    rows = table(
        "students",
        {
            "Student_id": ["1", "1", "1", "", ""],
            "First_name": ["Ada", "ADA", "Grace", "Bo", "Bo"],
            "Last_name": ["Oak", "Oak", "Oak", "Elm", "Elm"],
        },
    )
    people = frame.group_people(rows)
    assert people.count == 4
    assert people.first.tolist() == [True, False, True, True, True]
    assert people.number[0] == people.number[1] != people.number[2]


def test_members_are_distinct_enrollments_in_existing_sections() -> None:
    sections = table("sections", {"Section_id": ["s1", "s2"]})
    rows = table(
        "enrollments",
        {
            "Section_id": ["s2", "s1", "s1", "s1", "gone", ""],
            "Student_id": ["a", "a", "b", "a", "a", "b"],
        },
    )
    members = frame.list_members(sections, rows, dt.date(2026, 10, 1))
    assert members.rows[members.section].tolist() == [1, 0, 0]
    student = members.student
    assert student[0] == student[1] != student[2]
    assert frame.count_members(sections, rows, dt.date(2026, 10, 1)).tolist() == [2, 1]


@pytest.mark.parametrize(
    ("file", "heading", "expected"),
    [
        ("users.csv", "sourcedId", [-1, 1, -1, 0]),
        ("teachers.csv", "sourcedId", [-1, -1, -1, -1]),
        ("users.csv", "teacherId", [-1, -1, -1, -1]),
    ],
)
def test_people_with_one_id_are_one_user_only_in_one_file_of_users(
    file: str, heading: str, expected: list[int]
) -> None:
    """Separate files or columns of ids number their people separately."""
    pupils = students(["a", "b", "b", ""])
    pupils = replace(pupils, file="users.csv", headers={"Student_id": "sourcedId"})
    ids = {"Teacher_id": ["x", "b", "", "a"]}
    teachers = replace(table("teachers", ids), file=file, headers={"Teacher_id": heading})
    assert frame.match_users(teachers, pupils).tolist() == expected
    assert frame.match_users(pupils, pupils).tolist() == [-1, -1, -1, -1]


def test_teacher_columns_are_in_order_of_their_numbers() -> None:
    columns = ["Section_id", "Teacher_10_id", "Teacher_2_id", "Teacher_id", "Teacher_x_id"]
    sections = table("sections", {column: ["1"] for column in columns})
    expected = ["Teacher_id", "Teacher_2_id", "Teacher_10_id"]
    assert frame.list_teacher_columns(sections) == expected


def test_places_use_the_lines_of_the_file_and_count_a_row_once() -> None:
    rows = students(["a", "b", "c"])
    first = frame.place_rows(rows, np.asarray([True, False, True]), "Student_id")
    second = frame.place_rows(rows, np.asarray([2]), "Student_id")
    assert first.lines.tolist() == [2, 4]
    finding = frame.count_rows_once([first, second], [rows])
    assert (finding.count, finding.of) == (2, 3)
