"""Real Clever files: every known fault is found, and good files give no alarm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.conftest import outcome, spots
from validator import frame
from validator.assess import Options, assess
from validator.model import Level, Report, Status, Verdict


def read(folder: Path, as_of: dt.date, profile: str = "clever") -> Report:
    """The report on a folder that is recognized by itself."""
    report = assess([folder], Options(profiles=[profile], as_of=as_of))
    assert report.export.format == "clever"
    assert not report.errors
    return report


def found(report: Report, *levels: Level) -> dict[str, int]:
    """What was found at these levels, and how many records."""
    return {
        one.rule.id: one.count
        for one in report.outcomes
        if one.status is Status.FOUND and one.level in levels
    }


@pytest.fixture(scope="module")
def plains(real_data: Path) -> Report:
    return read(real_data / "clever-goldenplains", dt.date(2025, 1, 15))


def test_a_good_district_has_no_blockers_and_the_few_warnings_that_are_true(plains: Report) -> None:
    assert plains.verdict is Verdict.READY
    assert found(plains, Level.BLOCKER, Level.WARNING) == {
        "student-email-repeated": 2,
        "section-subject-value": 26,
    }
    assert spots(plains, "file-unexpected") == ["attendance.csv:0", "resources.csv:0"]


def test_its_repeats_and_idle_teachers_are_named(plains: Report) -> None:
    assert found(plains, Level.ADVICE) == {
        "file-unexpected": 2,
        "header-spelling": 3,
        "principal-not-staff": 5,
        "student-number-repeated": 2,
        "teacher-without-section": 16,
    }
    shared = outcome(plains, "student-email-repeated").finding
    assert shared is not None
    assert shared.groups == 1
    students = plains.export.tables["students"]
    rows = [int(row) for block in shared.places for row in block.rows]  # type: ignore[union-attr]
    assert sorted(frame.take_text(students, "Student_id", rows)) == ["0b8f03", "cda9e2"]  # type: ignore[arg-type]
    assert found(plains, Level.FACT)["section-co-taught"] == 5


def test_a_trimmed_roster_is_one_cause_and_not_seventeen_thousand_faults(real_data: Path) -> None:
    report = read(real_data / "clever-demo-trim-2026", dt.date(2019, 10, 1))
    counts = {
        "student-unknown": 8856,
        "section-unknown": 7898,
        "teacher-unknown": 12,
        "enrollment-repeated": 1,
        "rows-blank": 2,
        "student-without-section": 1,
        "staff-id-repeated": 0,
        "row-wrong-length": 0,
    }
    assert {rule: outcome(report, rule).count for rule in counts} == counts
    assert {each.id for each in report.diagnoses} == {"files-of-two-exports"}
    explained = dict(pair for each in report.diagnoses for pair in each.explains)
    assert (explained["student-unknown"], explained["section-unknown"]) == (8856, 7898)
    assert spots(report, "enrollment-repeated") == ["enrollments.csv:8973"]
    assert outcome(report, "staff-email-outside-district").count == 6
    assert outcome(report, "student-dob-invalid").status is Status.PASSED  # two-digit years
    notes = {block.file: block.notes for block in outcome(report, "password-column").finding.places}  # type: ignore[union-attr]
    assert notes["students.csv"] == "filled on 14 rows"


def test_a_small_clean_district_has_no_blockers(real_data: Path) -> None:
    report = read(real_data / "clever-genai-cedarridge", dt.date(2025, 10, 1))
    assert report.verdict is Verdict.READY
    assert found(report, Level.FACT)["teacher-also-staff"] == 1
    assert outcome(report, "student-email-outside-district").status is Status.PASSED
    assert set(found(report, Level.WARNING)) == {
        "section-term-missing",
        "section-subject-value",
        "student-age-unlikely",
    }


def test_ids_that_hold_only_within_a_school_are_said_once(real_data: Path) -> None:
    report = read(real_data / "clever-gen-pinecreek-seq", dt.date(2025, 10, 1))
    (cause,) = report.diagnoses
    assert cause.id == "ids-unique-within-school"
    assert {block.file: len(block) for block in cause.places} == {
        "students.csv": 336 * 5,
        "sections.csv": 120,
        "staff.csv": 10,
    }
    assert dict(cause.explains)["student-id-repeated"] == 336 * 5
    assert outcome(report, "id-repeated").status is Status.EXPLAINED
    counts = {
        "enrollment-repeated": 0,
        "enrollment-school-differs": 0,
        "student-email-repeated": 24,
        "teacher-email-repeated": 4,
        "student-unknown": 0,
        "section-unknown": 0,
    }
    assert {rule: outcome(report, rule).count for rule in counts} == counts


def test_a_student_on_two_rows_for_two_guardians_is_one_who_disagrees_with_himself(
    real_data: Path,
) -> None:
    report = read(real_data / "remind-roster-2019", dt.date(2019, 10, 1), "remind")
    counts = {
        "student-id-repeated": 309,
        "student-email-missing": 0,
        "student-without-section": 0,
        "student-unknown": 0,
        "section-unknown": 0,
        "teacher-unknown": 0,
        "teacher-without-section": 92,
    }
    assert {rule: outcome(report, rule).count for rule in counts} == counts
    assert report.counts["students"] == 309
    assert spots(report, "file-missing") == ["sections.csv:0"]
