"""Headings and file names are read word by word."""

from __future__ import annotations

import pytest

from validator.ingest.mapping import words


@pytest.mark.parametrize(
    ("heading", "spelled"),
    [
        ("Sect", ("section",)),
        ("Tchr ID", ("id", "teacher")),
        ("Per", ("period",)),
        ("Course Title", ("course", "title")),
        ("Bldg", ("building",)),
        ("StuNum", ("number", "student")),
        ("Stu#", ("number", "student")),
        ("stunum", ("number", "student")),
        ("Student_emial", ("email", "student")),
        ("LNAME", ("last", "name")),
    ],
)
def test_a_heading_is_spelled_out(heading: str, spelled: words.Key) -> None:
    assert spelled in words.read_heading(heading)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Master_Schedule", ("master", "schedule")),
        ("Class_Lists", ("section",)),
        ("students (1)", ("student",)),
        ("teachers - copy", ("teacher",)),
        ("2026-08-01_students", ("student",)),
    ],
)
def test_a_file_name_is_read_without_dates_and_copy_marks(name: str, spelled: words.Key) -> None:
    assert spelled in words.read_file_name(name)


@pytest.mark.parametrize(
    ("headings", "affix"),
    [
        (["id_usr", "name_usr", "role_usr"], "usr"),
        (["student_id", "section_id"], ""),
        (["student_first", "student_last", "student_grade"], "student"),
        (["stop_id", "stop_name", "stop_lat"], ""),
    ],
)
def test_a_word_on_every_heading_is_found(headings: list[str], affix: str) -> None:
    assert words.find_affix(headings) == affix


@pytest.mark.parametrize(
    ("word", "other", "slip"),
    [
        ("emial", "email", True),
        ("emal", "email", True),
        ("grade", "grace", True),
        ("a", "a", False),
    ],
)
def test_one_slip_of_typing(word: str, other: str, slip: bool) -> None:
    assert words.is_one_slip(word, other) is slip
