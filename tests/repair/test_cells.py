"""Repairs of cells: what they change, what they leave, and what they never touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repair.test_form_faults import DISTRICT
from tests.repair.test_undo import undo
from tests.support.mending import Copy, mend, read_records, write

pytestmark = pytest.mark.slow

GRADES = [
    ("Grade 4", "4"),
    ("4th", "4"),
    ("9.0", "9"),
    ("Kinder", "Kindergarten"),
    ("K", "K"),
    ("04", "04"),
    ("Kindergarten", "Kindergarten"),
    ("Post Grad", "Post Grad"),
    ("-1", "-1"),
    ("junk", "junk"),
]

FLAGS = [("Yes", "Y"), ("TRUE", "Y"), ("0", "N"), ("n", "N"), ("Y", "Y"), ("maybe", "maybe")]

CASES = [("m", "M"), ("FEMALE", "Female"), ("X", "X"), ("boy", "boy")]


def mend_cell(tmp_path: Path, column: str, value: str) -> str:
    """Return what becomes of a value in the first student's column."""
    header, first, *rest = DISTRICT["students.csv"].split("\r\n")
    at = header.split(",").index(column)
    cells = first.split(",")
    cells[at] = value
    files = {**DISTRICT, "students.csv": "\r\n".join([header, ",".join(cells), *rest])}
    return read_records(mend(tmp_path, files, judged=False).files)["students.csv"][0][column]


@pytest.mark.parametrize(("before", "after"), GRADES)
def test_a_grade_in_a_documented_spelling(before: str, after: str, tmp_path: Path) -> None:
    assert mend_cell(tmp_path, "Grade", before) == after


@pytest.mark.parametrize(("before", "after"), FLAGS)
def test_a_flag(before: str, after: str, tmp_path: Path) -> None:
    assert mend_cell(tmp_path, "Ell_status", before) == after


@pytest.mark.parametrize(("before", "after"), CASES)
def test_a_listed_value_in_another_case(before: str, after: str, tmp_path: Path) -> None:
    assert mend_cell(tmp_path, "Gender", before) == after


def with_dates(*dates: str) -> dict[str, str]:
    """Return the district with these birth dates, in turn."""
    header, *rows = DISTRICT["students.csv"].rstrip("\r\n").split("\r\n")
    changed = []
    for at, row in enumerate(rows):
        cells = row.split(",")
        cells[7] = dates[at % len(dates)]
        changed.append(",".join(cells))
    return {**DISTRICT, "students.csv": "\r\n".join([header, *changed]) + "\r\n"}


def births(copy: Copy) -> list[str]:
    """Return the first birth dates of a copy."""
    return [row["DOB"] for row in read_records(copy.files)["students.csv"]]


DATES = [
    (("20160815", "20160930"), ["2016-08-15", "2016-09-30"]),
    (("15.8.2016", "3.9.2016"), ["2016-08-15", "2016-09-03"]),
    (("8/15/16", "9/3/16"), ["2016-08-15", "2016-09-03"]),
    (("2016-08-15 00:00:00", "2016-09-03"), ["2016-08-15", "2016-09-03"]),
    (("8/15/2016", "9/3/2016"), ["8/15/2016", "9/3/2016"]),
    (("15-Aug-16", "3-Sep-16"), ["2016-08-15", "2016-09-03"]),
    (("August 5 2016", "Sept. 3 2016"), ["2016-08-05", "2016-09-03"]),
    (("5 May 2016", "3 july 2016"), ["2016-05-05", "2016-07-03"]),
    (("2016-08-15T00:00:00Z", "2016-09-03T00:00:00.000-05:00"), ["2016-08-15", "2016-09-03"]),
]

LEFT = [
    ("15/8/16", "8/15/16"),
    ("3/8/16", "4/9/16"),
    ("2016-08-15 17:30:00", "2016-09-03"),
    ("12345", "23456"),
    ("31-Feb-16", "Augst 3 2016"),
    ("2016-08-15T05:00:00Z", "2016-09-03"),
]


@pytest.mark.parametrize(("before", "after"), DATES)
def test_dates_with_one_reading(before: tuple[str, str], after: list[str], tmp_path: Path) -> None:
    assert births(mend(tmp_path, with_dates(*before), judged=False))[:2] == after


@pytest.mark.parametrize("before", LEFT)
def test_dates_without_one_reading_stay(before: tuple[str, str], tmp_path: Path) -> None:
    copy = mend(tmp_path, with_dates(*before), judged=False)
    assert births(copy)[:2] == list(before)
    assert "dates" in copy.left


def test_names_are_never_changed_unless_asked(tmp_path: Path) -> None:
    files = {**DISTRICT}
    files["students.csv"] = files["students.csv"].replace(",Ada,", ", Ada\u200b ,")
    copy = mend(tmp_path / "first", files)
    assert not copy.kinds
    assert {"edge-blanks-in-names", "hidden-characters-in-names"} & copy.left
    asked = mend(
        tmp_path / "second", files, only=["edge-blanks-in-names", "hidden-characters-in-names"]
    )
    assert read_records(asked.files) == read_records(DISTRICT)


def test_ids_with_decimals_in_all_files(tmp_path: Path) -> None:
    files = dict(DISTRICT)
    for number in range(700, 704):
        for name in ("teachers.csv", "sections.csv"):
            files[name] = files[name].replace(f",{number},", f",{number}.0,")
    copy = mend(tmp_path, files)
    assert copy.kinds == {"ids-as-decimals"}
    assert read_records(copy.files) == read_records(DISTRICT)


def test_a_file_with_broken_bytes_stays_as_it_is(tmp_path: Path) -> None:
    text = DISTRICT["students.csv"].encode().replace(b"Ada", b"A\x81\x8d\xffa\xe9")
    copy = mend(tmp_path, {**DISTRICT, "students.csv": text})
    kept = copy.files["students.csv"] == text
    assert kept or b"\xef\xbf\xbd" not in copy.files["students.csv"]


def test_rows_that_cannot_be_read_stay(tmp_path: Path) -> None:
    files = {**DISTRICT}
    files["teachers.csv"] = files["teachers.csv"].replace("Tinker,Bob", "Tinker, Jr.,Bob")
    files["teachers.csv"] = files["teachers.csv"].replace(",t2@", ',"t2@')
    files["teachers.csv"] += "\r\n"
    copy = mend(tmp_path, files)
    text = copy.files["teachers.csv"].decode()
    assert "Tinker, Jr.,Bob" in text and '"t2@foggy.example' in text
    assert undo(copy.folder)["teachers.csv"].decode() == files["teachers.csv"]


HEADLESS = """
tables:
  schools: {file: sch.txt, header: none, columns: {School_id: 1, School_name: 2}}
  students:
    file: stu.txt
    header: none
    columns: {School_id: 1, Student_id: 2, Last_name: 4, First_name: 5, Grade: 6, Student_email: 10}
  teachers:
    file: tea.txt
    header: none
    columns: {School_id: 1, Teacher_id: 2, Last_name: 3, First_name: 4, Teacher_email: 5}
  sections:
    file: sec.txt
    header: none
    columns: {School_id: 1, Section_id: 2, Teacher_id: 3, Course_name: 4}
  enrollments:
    file: enr.txt
    header: none
    columns: {School_id: 1, Section_id: 2, Student_id: 3}
"""


def test_files_without_a_header_stay_without_one(tmp_path: Path) -> None:
    files = {f"{name[:3]}.txt": text.split("\r\n", 1)[1] for name, text in DISTRICT.items()}
    clean = dict(files)
    files["enr.txt"] = files["enr.txt"].replace(",00", ",")
    columns = write(tmp_path / "map", {"map.yaml": HEADLESS}) / "map.yaml"
    copy = mend(tmp_path, files, columns=columns)
    assert copy.kinds == {"ids-without-zeros"}
    assert {name: text.decode() for name, text in copy.files.items()} == clean
    assert {name: text.decode() for name, text in undo(copy.folder).items()} == files
