"""Repairs of cells: what they change, what they leave, and what they never touch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.repair.test_form_faults import DISTRICT
from tests.support.mending import Copy, mend, read_records, undo, write

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


Mended = dict[str, dict[str, str]]

VALUES = {"Grade": GRADES, "Ell_status": FLAGS, "Gender": CASES}


@pytest.fixture(scope="module")
def mended_values(tmp_path_factory: pytest.TempPathFactory) -> Mended:
    """Column -> value -> what became of it, with one student each in one mended district."""
    text = DISTRICT["students.csv"]
    for column, pairs in VALUES.items():
        text = fill(text, column, [before for before, _ in pairs])
    folder = tmp_path_factory.mktemp("values")
    copy = mend(folder, {**DISTRICT, "students.csv": text}, judged=False)
    rows = read_records(copy.files)["students.csv"]
    return {
        column: {before: row[column] for (before, _), row in zip(pairs, rows, strict=False)}
        for column, pairs in VALUES.items()
    }


def fill(text: str, column: str, values: Sequence[str]) -> str:
    """Return a file's text with these values in the first rows of a column."""
    header, *rows = text.rstrip("\r\n").split("\r\n")
    at = header.split(",").index(column)
    for number, value in enumerate(values):
        cells = rows[number].split(",")
        cells[at] = value
        rows[number] = ",".join(cells)
    return "\r\n".join([header, *rows, ""])


@pytest.mark.parametrize(("before", "after"), GRADES)
def test_a_grade_in_a_documented_spelling(before: str, after: str, mended_values: Mended) -> None:
    assert mended_values["Grade"][before] == after


@pytest.mark.parametrize(("before", "after"), FLAGS)
def test_a_flag(before: str, after: str, mended_values: Mended) -> None:
    assert mended_values["Ell_status"][before] == after


@pytest.mark.parametrize(("before", "after"), CASES)
def test_a_listed_value_in_another_case(before: str, after: str, mended_values: Mended) -> None:
    assert mended_values["Gender"][before] == after


def with_dates(*dates: str) -> dict[str, str]:
    """Return the district with these birth dates, in turn."""
    values = [dates[at % len(dates)] for at in range(12)]
    return {**DISTRICT, "students.csv": fill(DISTRICT["students.csv"], "DOB", values)}


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
    copy = mend(tmp_path / "first", files, judged=False)
    assert not copy.kinds
    assert {"edge-blanks-in-names", "hidden-characters-in-names"} & copy.left
    kinds = ["edge-blanks-in-names", "hidden-characters-in-names"]
    asked = mend(tmp_path / "second", files, only=kinds, judged=False)
    assert read_records(asked.files) == read_records(DISTRICT)


def test_ids_with_decimals_in_all_files(tmp_path: Path) -> None:
    files = dict(DISTRICT)
    for number in range(700, 704):
        for name in ("teachers.csv", "sections.csv"):
            files[name] = files[name].replace(f",{number},", f",{number}.0,")
    copy = mend(tmp_path, files, judged=False)
    assert copy.kinds == {"ids-as-decimals"}
    assert read_records(copy.files) == read_records(DISTRICT)


def test_a_file_with_broken_bytes_stays_as_it_is(tmp_path: Path) -> None:
    text = DISTRICT["students.csv"].encode().replace(b"Ada", b"A\x81\x8d\xffa\xe9")
    copy = mend(tmp_path, {**DISTRICT, "students.csv": text}, judged=False)
    kept = copy.files["students.csv"] == text
    assert kept or b"\xef\xbf\xbd" not in copy.files["students.csv"]


def test_rows_that_cannot_be_read_stay(tmp_path: Path) -> None:
    files = {**DISTRICT}
    files["teachers.csv"] = files["teachers.csv"].replace("Tinker,Bob", "Tinker, Jr.,Bob")
    files["teachers.csv"] = files["teachers.csv"].replace(",t2@", ',"t2@')
    files["teachers.csv"] += "\r\n"
    copy = mend(tmp_path, files, judged=False)
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
    copy = mend(tmp_path, files, columns=columns, judged=False)
    assert copy.kinds == {"ids-without-zeros"}
    assert {name: text.decode() for name, text in copy.files.items()} == clean
    assert {name: text.decode() for name, text in undo(copy.folder).items()} == files
