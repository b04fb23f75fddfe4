"""Both years' sections in one export at rollover: told apart, and judged by date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from tests.support.nights import District
from validator.assess import Options, assess
from validator.assess.guard import GuardOptions, watch
from validator.model import Level, Report, Status, Verdict

BETWEEN = dt.date(2027, 6, 20)


def add_next_year(district: District) -> None:
    """Add next year's sections: everybody moves up with the class, the oldest leave."""
    tables = district.tables
    oldest = {row["Student_id"] for row in tables["students"] if row["Grade"] == "12"}
    dates = {"Term_name": "2027-28", "Term_start": "08/16/2027", "Term_end": "06/02/2028"}
    later = [{**row, **dates, "Section_id": f"7{row['Section_id']}"} for row in tables["sections"]]
    for row in later:
        row["Grade"] = str(int(row["Grade"]) + 1) if row["Grade"].isdecimal() else "1"
    enrolled = [
        {**row, "Section_id": f"7{row['Section_id']}"}
        for row in tables["enrollments"]
        if row["Student_id"] not in oldest
    ]
    tables["sections"] += [row for row in later if row["Grade"] != "13"]
    kept = {row["Section_id"] for row in tables["sections"]}
    tables["enrollments"] += [row for row in enrolled if row["Section_id"] in kept]


def judge(tmp_path: Path, phase: str) -> Report:
    """The report on both years in one export, between the two."""
    district = District.load()
    add_next_year(district)
    options = Options(as_of=BETWEEN, profiles=("khan-academy",), phase=phase)
    return assess([district.write(tmp_path / "export")], options)


def test_both_years_are_told_apart_and_nothing_is_wrong(tmp_path: Path) -> None:
    report = judge(tmp_path, "rollover")
    assert report.verdict is Verdict.READY
    outcomes = {it.rule.id: it for it in report.outcomes if it.status is Status.FOUND}
    years = outcomes["sections-two-years"]
    assert years.count == 102
    assert years.finding is not None
    assert years.finding.figures["first_day"] == "2027-08-16"
    assert years.finding.figures["running"] == 0
    serious = {rule for rule, it in outcomes.items() if it.level.rank <= Level.WARNING.rank}
    assert not serious


def test_in_the_year_the_same_export_is_not_ready(tmp_path: Path) -> None:
    report = judge(tmp_path, "midyear")
    rules = {it.rule.id for it in report.outcomes if it.status is Status.FOUND}
    assert report.verdict is Verdict.NOT_READY
    assert "section-term-over" in rules
    assert "sections-two-years" not in rules
    assert not report.diagnoses, "last year's and next year's dates are in their own columns"


def test_the_guard_lets_new_grades_through_when_the_year_turns(tmp_path: Path) -> None:
    district = District.load()
    options = Options(as_of=BETWEEN, profiles=("freckle",), phase="rollover")
    guard = GuardOptions(check=options, state=tmp_path / "state")
    assert watch([district.write(tmp_path / "old")], guard).goes
    add_next_year(district)
    for row in district.tables["students"]:
        row["Grade"] = str(int(row["Grade"]) + 1) if row["Grade"].isdecimal() else "1"
    district.drop_students(
        {row["Student_id"] for row in district.tables["students"] if row["Grade"] == "13"}
    )
    night = watch([district.write(tmp_path / "new")], guard)
    assert night.goes, [(it.code, it.subject) for it in night.reasons]
    in_the_year = replace(guard, check=replace(options, phase="midyear"), state=tmp_path / "other")
    watch([tmp_path / "old"], replace(in_the_year, check=options))
    assert not watch([tmp_path / "new"], in_the_year).goes
