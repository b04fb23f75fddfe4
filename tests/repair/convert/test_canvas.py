"""Canvas's import converted to Clever: the same people, sections, enrollments and findings."""

from __future__ import annotations

from random import Random

import pytest

from tests.support import canvas_format, districts, other_formats
from tests.support.conversions import (
    Files,
    convert_files,
    find_differences,
    judge,
    list_enrollments,
    list_people,
    list_sections,
    parse,
)
from tests.support.other_formats import District
from validator.sample.faults import FAULTS

SEEDS = range(6)
PLANTED = 8

NOT_SAID = {
    "id-repeated": "an enrollment names a course, and two sections of one id have two courses",
    "student-id-repeated": "users.csv has one row for a person",
    "staff-id-repeated": "users.csv has one row for a person",
    "student-on-several-rows": "users.csv has one row for a person",
    "teacher-on-several-rows": "users.csv has one row for a person",
    "student-without-section": "the school of a person is that of their courses",
    "teacher-without-section": "the school of a person is that of their courses",
    "id-missing": "a user without an id is no user",
    "row-repeated": "users.csv has one row for a person",
}
"""Faults that Canvas's files cannot express -> why."""

SAID = {
    "schools": "School_id,School_name",
    "students": "School_id,Student_id,Last_name,First_name,Student_email,Username",
    "teachers": "School_id,Teacher_id,Last_name,First_name,Teacher_email,Username",
    "staff": "School_id,Staff_id,Staff_email,Last_name,First_name,Username",
    "sections": "School_id,Section_id,Teacher_id,Teacher_2_id,Teacher_3_id,Name,Course_name,"
    "Course_number,Term_name,Term_start,Term_end",
    "enrollments": "School_id,Section_id,Student_id",
}
"""Table -> the columns of Clever's that Canvas's files hold too."""


def build(seed: int) -> District:
    """Return a district with faults, in the columns that both formats have."""
    rng = Random(seed)
    kept = sorted(name for name in FAULTS if name not in NOT_SAID)
    district = other_formats.once(districts.build(rng, 220, rng.sample(kept, PLANTED)))
    return {
        table: [
            {name: row[name] for name in columns.split(",") if name in row}
            for row in district[table]
        ]
        for table, columns in SAID.items()
    }


def encode(files: other_formats.Files) -> Files:
    return {name: text.encode() for name, text in files.items()}


def as_canvas(district: District) -> Files:
    sections = [{**row, "Subject": ""} for row in district["sections"]]
    return encode(canvas_format.canvas({**district, "sections": sections}))


@pytest.mark.parametrize("seed", SEEDS)
def test_canvas_to_clever_keeps_people_sections_and_enrollments(seed: int) -> None:
    district = build(seed)
    old = encode(other_formats.clever(district))
    new = convert_files(as_canvas(district), "clever").files
    for table, key in (("students", "Student_id"), ("teachers", "Teacher_id")):
        name = f"{table}.csv"
        assert list_people(parse(old[name]), key) == list_people(parse(new[name]), key)
    assert list_sections(parse(old["sections.csv"])) == list_sections(parse(new["sections.csv"]))
    assert list_enrollments(parse(old["enrollments.csv"])) == list_enrollments(
        parse(new["enrollments.csv"])
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_found_about_people_is_the_same_in_clever_s_files(seed: int) -> None:
    district = build(seed)
    canvas = as_canvas(district)
    clever = judge(encode(other_formats.clever(district)), profile="clever")
    converted = judge(convert_files(canvas, "clever").files, profile="clever")
    assert find_differences(clever, converted) == {}
    original = judge(canvas)
    own = [rule for rule in _list_rules(original) if rule.startswith("canvas-")]
    found = find_differences(clever, original, without=["school-unknown", *own])
    assert found == {}


def _list_rules(report: object) -> list[str]:
    return [outcome.rule.id for outcome in report.outcomes]  # type: ignore[attr-defined]


def test_columns_that_a_roster_has_no_place_for_are_listed() -> None:
    files = as_canvas(build(1))
    lines = files["users.csv"].decode().splitlines()
    more = [f"{lines[0]},pronouns", *(f"{line},they" for line in lines[1:])]
    made = convert_files({**files, "users.csv": "\n".join(more).encode()}, "clever")
    left = made.left_out()
    assert ("users.csv", "pronouns") in left
    assert not [name for file, name in left if name in ("status", "role", "course_id")]


def test_who_left_is_not_written() -> None:
    district = build(2)
    text = as_canvas(district)["enrollments.csv"].decode()
    header, *rows = text.splitlines()
    gone = next(row for row in rows if ",student," in row)
    left = [row.replace(",active,", ",completed,") if row == gone else row for row in rows]
    files = {**as_canvas(district), "enrollments.csv": "\n".join([header, *left]).encode()}
    before = convert_files(as_canvas(district), "clever").rows("enrollments.csv")
    after = convert_files(files, "clever").rows("enrollments.csv")
    assert len(before) - len(after) == 1
