"""What no repair puts right is left for a person, with the reason."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.support import districts
from tests.support.mending import build_district, mend, write
from validator.repair.changes import Left
from validator.rulebook.repairs import load_kinds

DISTRICT = build_district()
STUDENTS = DISTRICT["students.csv"]


def replace(old: str, new: str, file: str = "students.csv") -> dict[str, str]:
    """Return the district with a text of one file replaced once."""
    assert old in DISTRICT[file]
    return {**DISTRICT, file: DISTRICT[file].replace(old, new, 1)}


FAULTS = {
    "a row with a comma too many": (
        replace("Thimblewick,Ada", "Thimblewick, Jr.,Ada"),
        ("empty-cells", "students.csv", "", 1),
    ),
    "a short row": (
        replace(",F,2016-02-11,N,ben@foggy.example", ""),
        ("empty-cells", "students.csv", "", 1),
    ),
    "a quotation mark without an end": (
        replace("Thimblewick,Ben", '"Thimblewick,Ben'),
        ("quotation-marks", "students.csv", "", 1),
    ),
    "a heading twice": (
        {**DISTRICT, "students.csv": STUDENTS.replace("Student_number", "First_name", 1)},
        ("header-spelling", "students.csv", "", 1),
    ),
    "an id in powers of ten": (
        replace(",004101,", ",1.23457E+11,"),
        ("ids-in-powers-of-ten", "students.csv", "Student_id", 1),
    ),
    "an id that a formula lost": (
        replace(",004101,", ",#N/A,"),
        ("ids-as-formulas", "students.csv", "Student_id", 1),
    ),
    "a file under a name of a copy": (
        {name.replace("teachers", "teachers (1)"): text for name, text in DISTRICT.items()},
        ("file-name", "teachers.csv", "", 1),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_has_no_certain_repair_is_left(name: str, tmp_path: Path) -> None:
    files, expected = FAULTS[name]
    left = mend(tmp_path, files, judged=False).mended.left
    assert expected in [(it.kind, it.file, it.column, it.count) for it in left]
    assert all(it.reason for it in left)


def test_a_kind_says_why_it_leaves_findings_of_its_own_rules() -> None:
    reasons = {kind.id: kind.left for kind in load_kinds().values() if kind.left}
    assert "ids-as-formulas" in reasons
    for kind, left in reasons.items():
        assert left.keys() <= set(load_kinds()[kind].rules)
        assert all(reason and not reason.endswith(".") for reason in left.values())


def test_a_clean_district_leaves_nothing(tmp_path: Path) -> None:
    assert not mend(tmp_path, DISTRICT, judged=False).mended.left


def leave_raw_dates(tmp_path: Path, to: str, *dates: str) -> list[Left]:
    """Return what is left of a raw export with these birth dates, in turn."""
    file = districts.RAW_FILES["students"]
    sample = districts.write(districts.build(Random(7), 60), "raw")
    header, *rows = sample.files[file].decode().splitlines()
    at = header.split(",").index("Born")
    cells = [row.split(",") for row in rows]
    for number, row in enumerate(cells):
        row[at] = dates[number % len(dates)]
    text = "\n".join([header, *map(",".join, cells), ""])
    columns = write(tmp_path / "map", {"map.yaml": districts.map_raw()}) / "map.yaml"
    files = {**sample.files, file: text}
    options = {**sample.options, "columns": columns}
    left = mend(tmp_path, files, to=to, judged=False, **options).mended.left
    return [each for each in left if each.kind == "dates"]


def test_dates_of_a_raw_export_are_left_unless_it_is_converted(tmp_path: Path) -> None:
    (left,) = leave_raw_dates(tmp_path / "own", "", "15-Aug-16", "3-Sep-16")
    assert "a conversion with --to writes it" in left.reason
    assert not leave_raw_dates(tmp_path / "clever", "clever", "15-Aug-16", "3-Sep-16")
    (left,) = leave_raw_dates(tmp_path / "mixed", "clever", "15/8/2016", "9/30/2016")
    assert "some dates in the column have the day first" in left.reason
