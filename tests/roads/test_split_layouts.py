"""Exports of eight systems' layouts, split into a file per school, say what whole ones say."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.support.layouts import LAYOUTS, Row, add_flat, read_tables, write_layout
from validator.assess import Options, assess
from validator.assess.mend import Repairs, plan_mending
from validator.ingest.mapping import suggest
from validator.model import Report, Status
from validator.outputs.registry import Options as OutputOptions
from validator.outputs.registry import render
from validator.privacy.places import list_rows
from validator.rulebook import load

READY = Path(__file__).resolve().parents[2] / "sample_data" / "ready"
PER_FILE = ("form-not-judged", "header-unknown", "file-unexpected")
"""Rules that name each file once, and so more of them where there are more files."""

Said = dict[str, tuple[int, str, str, Counter[tuple[str | None, str]]]]


@cache
def _build_tables() -> dict[str, list[Row]]:
    """Return the ready sample, each student once, with some of everything wrong."""
    tables = read_tables(READY)
    students = list({row["Student_id"]: row for row in tables["students"]}.values())
    for at in (3, 99, 250, 400):
        students[at]["Student_email"] = ""
    students[7]["DOB"], students[300]["Grade"] = "31/31/2015", "Z9"
    students[120]["Student_email"] = students[480]["Student_email"]
    students[130]["Student_id"] = students[131]["Student_id"]
    students[200]["First_name"] = f" {students[200]['First_name']}"
    tables["sections"][5]["Teacher_id"] = "nobody"
    tables["sections"][60]["Teacher_id"] = ""
    links = tables["enrollments"]
    links[10]["Section_id"], links[1000]["Student_id"] = "999999", "888888"
    links += [dict(links[500]), dict(links[1500])]
    tables["teachers"][4]["Teacher_email"] = "not an address"
    return dict(add_flat({**tables, "students": students}))


def _assess(folder: Path) -> Report:
    suggestion = suggest.suggest([folder], load.load_vocabulary()[0])
    path = folder.with_suffix(".yaml")
    path.write_text(suggest.format_map(suggestion, "export"), encoding="utf-8")
    today = dt.date(2026, 10, 1)
    return assess([folder], Options(as_of=today, profiles=("khan-academy",), columns=path))


def _list_said(folder: Path, report: Report) -> Said:
    """Return count, status and level of each finding, and the text of the lines that it names."""
    lines = {path.name: path.read_bytes().decode().split("\r\n") for path in folder.iterdir()}
    said = {}
    for outcome in report.outcomes:
        if outcome.status in (Status.FOUND, Status.EXPLAINED):
            places = Counter(
                (row.column, lines[row.file][row.line - 1] if (row.line or 0) > 1 else "headings")
                for row in list_rows(report, outcome, masked=False)
                if row.file in lines
            )
            about = outcome.count, str(outcome.status), str(outcome.level)
            said[outcome.rule.id] = (*about, places)
    return {rule: entry for rule, entry in said.items() if rule not in PER_FILE}


def _write_both(tmp_path: Path, system: str) -> tuple[Path, Path]:
    whole, split = tmp_path / "whole", tmp_path / "split"
    write_layout(_build_tables(), LAYOUTS[system], whole)
    write_layout(_build_tables(), LAYOUTS[system], split, by=lambda row: row["School_id"])
    return whole, split


@pytest.mark.parametrize("system", LAYOUTS)
def test_a_file_per_school_says_what_one_file_says(tmp_path: Path, system: str) -> None:
    whole, split = _write_both(tmp_path, system)
    before, after = _assess(whole), _assess(split)
    assert after.verdict is before.verdict
    assert after.readiness == before.readiness
    assert _list_said(split, after) == _list_said(whole, before)


def test_every_report_names_the_files_that_are_there(tmp_path: Path) -> None:
    _, split = _write_both(tmp_path, "powerschool")
    report = _assess(split)
    heights = {path.name: path.read_bytes().count(b"\n") for path in split.iterdir()}
    for outcome in report.outcomes:
        for row in list_rows(report, outcome, masked=True):
            assert row.file in {"", *heights}, outcome.rule.id
            assert (row.line or 0) <= heights.get(row.file, 0), outcome.rule.id
    for diagnosis in report.diagnoses:
        assert {block.file for block in diagnosis.places} <= heights.keys()
    document = json.loads(render(report, "json", OutputOptions(rows=None)))
    files = {place["file"] for outcome in document["outcomes"] for place in outcome["places"]}
    assert files - {""} <= heights.keys()


def test_a_damage_of_split_files_is_one_diagnosis_and_undone_in_each_file(tmp_path: Path) -> None:
    tables = dict(add_flat(read_tables(READY)))
    tables["students"] = [
        {**row, "Student_id": f"0{row['Student_id']}"} for row in tables["students"]
    ]
    split = tmp_path / "split"
    write_layout(tables, LAYOUTS["skyward"], split, by=lambda row: row["School_id"])
    (diagnosis,) = _assess(split).diagnoses
    assert diagnosis.id == "ids-without-zeros"
    links = [f"Schedules {school}.csv" for school in (101, 102, 103)]
    assert {block.file for block in diagnosis.places} == set(links)
    today = dt.date(2026, 10, 1)
    options = Options(as_of=today, profiles=("khan-academy",), columns=split.with_suffix(".yaml"))
    changes = plan_mending([split], options, Repairs()).changes
    counts = Counter(dict.fromkeys(links, 0))
    for block in changes:
        if block.kind == "ids-without-zeros":
            counts[block.file] += len(block.lines)
    rows = {name: (split / name).read_bytes().count(b"\r\n") - 1 for name in links}
    assert counts == rows
