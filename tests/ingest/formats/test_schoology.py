"""Schoology's imports: recognized, and the same roster as in Clever's files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import other_formats
from tests.support.canvas_format import canvas
from tests.support.schoology_format import schoology
from validator.ingest import read
from validator.model import Export
from validator.sample import writer
from validator.sample.district import build_district

USERS = "User Unique ID,First Name,Last Name,E-mail,Role\n"
COURSES = "Course Name,Course Code,Section Name,Section Code,Grading Period\n"
ENROLLMENTS = "Course Code,Section Code,User Unique ID,Enrollment Type\n"
SMALLEST = {
    "users.csv": USERS + "s1,Freya,Copperpot,freya@maple.example,Student\n"
    "t1,Tilda,Thimblewick,tilda@maple.example,Teacher\n",
    "courses.csv": COURSES + "Math 5,M5,Blue Group,1,Fall\nScience 5,S5,Blue Group,1,Fall\n",
    "enrollments.csv": ENROLLMENTS + "M5,1,s1,Member\nM5,1,t1,Admin\nS5,1,s1,2\nS5,1,t1,1\n",
}


def load(folder: Path, changes: Mapping[str, str] = {}) -> Export:
    """The export of the smallest files with these changes."""
    for name, text in {**SMALLEST, **changes}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read.read_export([folder])


def column(export: Export, table: str, name: str) -> list[str]:
    """Every value of a column of the roster."""
    values: list[str] = export.tables[table].rows[name].tolist()
    return values


def test_course_and_section_code_are_the_id_of_a_section(tmp_path: Path) -> None:
    export = load(tmp_path)
    assert export.format == "schoology"
    assert column(export, "sections", "Section_id") == ["M5-1", "S5-1"]
    assert column(export, "sections", "Teacher_id") == ["t1", "t1"]
    assert column(export, "enrollments", "Section_id") == ["M5-1", "S5-1"]
    assert column(export, "enrollments", "Student_id") == ["s1", "s1"]


def test_the_sections_own_code_in_the_school_comes_first(tmp_path: Path) -> None:
    courses = "Course Name,Course Code,Section Name,Section School Code\nMath 5,M5,Blue,c1\n"
    links = "Course Code,Section School Code,User Unique ID,Enrollment Type\nM5,c1,s1,Member\n"
    export = load(tmp_path, {"courses.csv": courses, "enrollments.csv": links})
    assert column(export, "sections", "Section_id") == ["c1"]
    assert column(export, "enrollments", "Section_id") == ["c1"]


def test_codes_are_used_again_in_the_next_grading_period(tmp_path: Path) -> None:
    courses = COURSES + "Math 5,M5,Blue,1,Fall\nMath 5,M5,Blue,1,Spring\n"
    links = "Course Code,Section Code,User Unique ID,Grading Periods\nM5,1,s1,Spring\n"
    export = load(tmp_path, {"courses.csv": courses, "enrollments.csv": links})
    assert column(export, "sections", "Section_id") == ["M5-1-Fall", "M5-1-Spring"]
    assert column(export, "enrollments", "Section_id") == ["M5-1-Spring"]


@pytest.mark.parametrize(
    ("role", "table"),
    [("Scholar", "students"), ("School Admin", "staff"), ("Student Grade 5", "students")],
)
def test_a_role_of_the_schools_own_is_read_by_its_words_or_by_enrollments(
    tmp_path: Path, role: str, table: str
) -> None:
    users = SMALLEST["users.csv"].replace(",Student\n", f",{role}\n")
    key = {"students": "Student_id", "staff": "Staff_id"}[table]
    assert column(load(tmp_path, {"users.csv": users}), table, key) == ["s1"]


def test_parents_are_no_students(tmp_path: Path) -> None:
    users = SMALLEST["users.csv"] + "p1,Pia,Copperpot,pia@home.example,Parent\n"
    assert column(load(tmp_path, {"users.csv": users}), "students", "Student_id") == ["s1"]


def test_canvas_and_schoology_are_told_apart_though_their_files_have_the_same_names(
    tmp_path: Path,
) -> None:
    district = other_formats.once(build_district(60, 1, writer.AS_OF))
    for name, write in (("canvas", canvas), ("schoology", schoology)):
        folder = tmp_path / name
        folder.mkdir()
        for file, text in write(district).items():
            (folder / file).write_text(text, encoding="utf-8")
        assert read.read_export([folder]).format == name


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_district_is_the_same_as_in_clevers_files(tmp_path: Path, seed: int) -> None:
    district = other_formats.once(build_district(80, seed, writer.AS_OF))
    exports = []
    for name, write in (("clever", other_formats.clever), ("schoology", schoology)):
        folder = tmp_path / name
        folder.mkdir()
        for file, text in write(district).items():
            (folder / file).write_text(text, encoding="utf-8")
        exports.append(read.read_export([folder]))
    for table, names in {
        "students": ("Student_id", "First_name", "Last_name", "Student_email", "School_id"),
        "teachers": ("Teacher_id", "First_name", "Last_name", "Teacher_email"),
        "sections": ("Section_id", "Course_name", "Teacher_id", "Term_name", "School_id"),
        "enrollments": ("Section_id", "Student_id"),
    }.items():
        rows = [
            sorted(zip(*(column(export, table, name) for name in names), strict=True))
            for export in exports
        ]
        assert rows[0] == rows[1], table
