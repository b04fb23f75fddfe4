"""Made-up districts in every format keep their people, sections, enrollments and findings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from random import Random

import pytest

from tests.support import districts, other_formats
from tests.support.conversions import (
    RAW_MAP,
    Files,
    convert_files,
    find_differences,
    judge,
    list_enrollments,
    list_people,
    list_sections,
    parse,
)
from tests.support.districts import District
from validator.model import Report
from validator.sample.faults import FAULTS

pytestmark = pytest.mark.slow

SEEDS = range(4)
PLANTED = 8
"""Faults planted in each district."""

NOT_KEPT = {
    "id-missing": "OneRoster refuses records without an id",
    "section-too-many-teachers": "Clever takes ten teachers of a section",
    "student-email-several": "OneRoster has one row for a person, so rows cannot differ",
}
"""Faults that a destination cannot express -> why. What they concern is listed as left out."""

PEOPLE = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}


ONE_ROW = "student-id-repeated"
"""A rule that also counts rows of one person that differ, of which OneRoster has one."""

BY_ID = "id-repeated"
"""A fault of which School Data Sync's files cannot say which of two sections a teacher has."""


OF_SECTION = "school-unknown"
"""A rule that counts rows: an enrollment without a school gets the unknown one of its section."""


def build(seed: int, *without: str) -> District:
    """Return a district with faults but for some; its ids are of a random style."""
    rng = Random(seed)
    kept = [name for name in FAULTS if name not in (*NOT_KEPT, *without)]
    faults = rng.sample(kept, PLANTED)
    return districts.build(rng, 220, faults)


def encode(district: District) -> Files:
    """Return Clever's files of a district."""
    return {name: text.encode() for name, text in other_formats.clever(district).items()}


def assert_same(before: Files, after: Files) -> None:
    """Fail unless both have the same people, sections and enrollments."""
    for table, key in PEOPLE.items():
        if f"{table}.csv" in before:
            old, new = (list_people(parse(files[f"{table}.csv"]), key) for files in (before, after))
            assert _first_rows(old) == _first_rows(new), table
    old, new = (list_sections(parse(files["sections.csv"])) for files in (before, after))
    assert old == new
    old, new = (list_enrollments(parse(files["enrollments.csv"])) for files in (before, after))
    assert old == new


def _first_rows(people: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return people without their address, which may differ between rows of one person."""
    return {row[:4] for row in people}


@cache
def judge_clever(seed: int) -> Report:
    """Return the report on Clever's files of a district."""
    return judge(encode(build(seed)), profile="clever")


@pytest.mark.parametrize("version", ["oneroster-1.1", "oneroster-1.2"])
@pytest.mark.parametrize("seed", SEEDS)
def test_clever_to_oneroster_and_back(seed: int, version: str) -> None:
    files = encode(build(seed))
    there = convert_files(files, version)
    back = convert_files(there.files, "clever")
    assert_same(files, back.files)
    after = judge(back.files, profile="clever")
    assert find_differences(judge_clever(seed), after, without=[ONE_ROW]) == {}


@pytest.mark.parametrize("format", ["sds", "raw"])
@pytest.mark.parametrize("seed", SEEDS)
def test_other_formats_to_clever(seed: int, format: str) -> None:
    district = build(seed, *([BY_ID] if format == "sds" else []))
    written = districts.write(district, format)
    columns = RAW_MAP if format == "raw" else None
    made = convert_files(written.files, "clever", columns=columns)
    expected = encode(other_formats.once(district))
    assert set(made.files) == set(expected) - {"staff.csv"}
    expected.pop("staff.csv", None)
    assert_same(expected, made.files)
    before, after = judge(written.files, columns=columns), judge(made.files)
    assert find_differences(before, after, without=[OF_SECTION]) == {}


@pytest.mark.parametrize("destination", ["clever", "oneroster-1.1", "oneroster-1.2"])
def test_the_same_bytes_each_time(destination: str) -> None:
    files = encode(build(1))
    assert convert_files(files, destination).files == convert_files(files, destination).files


@pytest.mark.parametrize("destination", ["clever", "oneroster-1.1", "oneroster-1.2"])
def test_what_was_written_is_written_the_same_again(destination: str) -> None:
    once = convert_files(encode(build(2)), destination).files
    assert convert_files(once, destination).files == once


def test_clever_keeps_every_row_and_cell_of_clever() -> None:
    files = encode(build(3))
    made = convert_files(files, "clever").files
    for name, data in files.items():
        old, new = parse(data), parse(made[name])
        assert [_drop_blank(row) for row in old] == [_drop_blank(row) for row in new]


def _drop_blank(row: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if cell}


@pytest.mark.parametrize("fault", NOT_KEPT)
def test_what_cannot_be_expressed_is_listed(fault: str) -> None:
    files = encode(districts.build(Random(5), 220, [fault]))
    if fault == "student-email-several":
        files = encode(build_with_contacts(fault))
    destination = "clever" if fault == "section-too-many-teachers" else "oneroster-1.2"
    assert convert_files(files, destination).written.left_out


def build_with_contacts(fault: str) -> District:
    """Return a district whose students have a row for each contact."""
    for seed in range(20):
        district = districts.build(Random(seed), 220, [fault])
        ids = [row["Student_id"] for row in district["students"]]
        if len(set(ids)) < len(ids):
            return district
    raise AssertionError("no district has contacts")
