"""Roster files of other people, written as Clever's files and checked again.

Their form is as Clever wants it, and their people, counts and findings are the same; what differs
is named here with its reason.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from tests.support.bundles import list_problems
from tests.support.conversions import (
    Converted,
    convert_files,
    convert_folder,
    count_findings,
    find_differences,
    judge,
    judge_folder,
)
from validator.ingest.mapping import suggest
from validator.model import Report
from validator.rulebook import load

pytestmark = pytest.mark.slow

DAY = dt.date(2025, 1, 15)

STATE_ID = {
    "student-number-repeated": "all have the State ID WA, which is not read in the SDS export"
}
PARTIAL = dict.fromkeys(
    ("section-too-small", "section-without-teacher", "staff-missing"),
    "the export is a delta, of which the whole roster cannot be judged",
)
DISPLAY = {"section-name-repeated": "Clever shows course, teacher and period, which are the same"}

SETS: dict[str, dict[str, str]] = {
    "clever-demo-trim-2026": {},
    "clever-gen-pinecreek-seq": {},
    "clever-genai-cedarridge": {},
    "clever-goldenplains": {},
    "remind-roster-2019": {},
    "or10-oat-sample": {},
    "or11-gen-chartreuse": DISPLAY,
    "or11-moodle-full": {},
    "or11-oat-base": {},
    "or12-moodle-gotham": PARTIAL,
    "sds1-100users": STATE_ID,
    "sds1-25users": STATE_ID,
    "sds1-demo-small": STATE_ID,
    "sds1-uk-25users": STATE_ID,
    "sds2-v2": {},
}
"""Set -> rules about people that find something else afterwards, and why."""

NO_TEACHER = ("or10-oat-sample", "or11-oat-base", "or12-moodle-gotham")
"""Sets without a teacher: teachers.csv would be empty, so it is not written."""

FORM = {
    "column-recommended-missing": "the export does not have the column",
    "date-two-digit-year": "the years are as short in the Clever files that they come from",
    "password-column": "the export has passwords, and Clever has a column for them",
}
"""Rules about files that may find something afterwards, and why."""


@cache
def convert_set(folder: Path, version: str) -> Converted:
    """Return a set as a OneRoster bundle, for all tests that read it."""
    return convert_folder(folder, f"oneroster-{version}", today=DAY)


@cache
def list_bundle_problems(folder: Path, version: str) -> list[str]:
    """Return what a strict reader says of a set's OneRoster bundle."""
    return list_problems(convert_set(folder, version).files, version)


@cache
def judge_set(folder: Path, profile: str) -> Report:
    """Return the report on a set for a profile, "" for that of its format."""
    return judge_folder(folder, today=DAY, profile=profile or None)


@pytest.mark.parametrize("name", SETS)
def test_clever_files_of_a_real_set(name: str, real_data: Path) -> None:
    before = judge_set(real_data / name, "")
    made = convert_folder(real_data / name, "clever", today=DAY)
    after = judge(made.files, today=DAY, profile="clever")
    assert after.counts == before.counts
    differences = find_differences(before, after).keys() & _list_judged(before, after)
    assert differences == set(SETS[name])
    allowed = {*FORM, *(["file-missing"] if name in NO_TEACHER else [])}
    assert set(count_findings(after, ("files", "sharing"))) <= allowed
    missing = {entry.name for entry in made.written.not_written} - {"staff.csv"}
    assert missing == ({"teachers.csv"} if name in NO_TEACHER else set())


def _list_judged(before: Report, after: Report) -> set[str]:
    """Return the rules that are asked both of an export and of its conversion."""
    judged = {outcome.rule.id for outcome in before.outcomes}
    return judged & {outcome.rule.id for outcome in after.outcomes}


NO_SCHOOL = "gives no School_id for"
RAW: dict[str, dict[str, str]] = {
    "sis-contoso": dict.fromkeys(("schools", "teachers", "sections"), "names no file for"),
    "sis-k12lab": {
        **dict.fromkeys(("schools", "teachers", "sections"), "names no file for"),
        "students": NO_SCHOOL,
        "enrollments": "gives no Section_id for",
    },
    "sis-schedulerv2": {
        **dict.fromkeys(("schools", "enrollments"), "names no file for"),
        **dict.fromkeys(("students", "teachers", "sections"), NO_SCHOOL),
    },
}
"""Raw set -> the files of Clever that it cannot become, and why: these exports hold no more.

One is the students and the marks of a district, two are lists of one school that never name it.
"""


@pytest.mark.parametrize("name", RAW)
def test_clever_files_of_a_raw_set_by_its_suggested_map(name: str, real_data: Path) -> None:
    folder = real_data / name
    columns = suggest.format_map(suggest.suggest([folder], load.load_vocabulary()[0]), name)
    made = convert_folder(folder, "clever", columns=columns, today=DAY)
    missing = {entry.name.removesuffix(".csv"): entry.reason for entry in made.written.not_written}
    assert missing == {
        table: f"It cannot be written: the column map {why} {table}."
        for table, why in RAW[name].items()
    }
    if made.files:
        before = judge_folder(folder, today=DAY, columns=columns)
        after = judge(made.files, today=DAY, profile="clever")
        assert after.counts == before.counts
        assert not find_differences(before, after).keys() & _list_judged(before, after)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("name", ["or11-gen-chartreuse", "clever-genai-cedarridge"])
def test_bundles_of_clean_real_sets_pass_a_strict_reader(
    name: str, version: str, real_data: Path
) -> None:
    assert list_bundle_problems(real_data / name, version) == []


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("name", SETS)
def test_bundles_of_real_sets_have_no_fault_of_form(
    name: str, version: str, real_data: Path
) -> None:
    faults = ("is not in", "no school", "is blank", "on 2 rows", "has no role", "no rows")
    listed = list_bundle_problems(real_data / name, version)
    problems = [text for text in listed if not text.endswith(faults)]
    assert [text for text in problems if not any(fault in text for fault in faults)] == []


ROUND_TRIPS: dict[str, dict[str, str]] = {
    "clever-demo-trim-2026": {},
    "clever-gen-pinecreek-seq": {},
    "clever-genai-cedarridge": {},
    "clever-goldenplains": {},
    "remind-roster-2019": {"student-id-repeated": "rows of one person differ; OneRoster has one"},
}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_clever_sets_to_oneroster_and_back(name: str, version: str, real_data: Path) -> None:
    made = convert_set(real_data / name, version)
    back = convert_files(made.files, "clever", today=DAY)
    before = judge_set(real_data / name, "clever")
    after = judge(back.files, today=DAY, profile="clever")
    assert after.counts == before.counts
    known = {*ROUND_TRIPS[name], "section-subject-value"}
    assert set(find_differences(before, after)) <= known
