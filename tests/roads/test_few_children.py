"""Few children: no masked output tells an attribute of fewer than ten of them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from validator import resources
from validator.assess.check import assess
from validator.assess.options import Options
from validator.cli.app import app
from validator.model import Report
from validator.outputs import registry

TODAY = dt.date(2026, 11, 29)
SMALL = "0999"


def change(folder: Path, name: str, edit: object) -> None:
    """Write a file of the export again, its rows changed by `edit`."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(dict.fromkeys([*rows[0]]))
    edit(rows, columns)  # type: ignore[operator]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ready sample with a school of two students, one of them in a program, and odd titles."""
    folder = tmp_path_factory.mktemp("few") / "export"
    shutil.copytree(resources.find_samples() / "ready", folder)

    def schools(rows: list[dict[str, str]], columns: list[str]) -> None:
        rows.append({**rows[0], "School_id": SMALL, "School_name": "Zqchild Placement School"})
        rows[-1]["Low_grade"], rows[-1]["High_grade"] = "PreKindergarten", "12"

    def students(rows: list[dict[str, str]], columns: list[str]) -> None:
        columns += ["Disability_code", "IEP_status"]
        for row in rows[:2]:
            row["School_id"] = SMALL
        rows[0] |= {"Grade": "ECSE", "Disability_code": "AUT", "IEP_status": "Y"}
        rows[5]["Grade"] = "PPK"

    def staff(rows: list[dict[str, str]], columns: list[str]) -> None:
        rows[0]["Title"] = "Frances English"

    def sections(rows: list[dict[str, str]], columns: list[str]) -> None:
        rows[0]["Period"] = "D Day"

    change(folder, "schools.csv", schools)
    change(folder, "students.csv", students)
    change(folder, "staff.csv", staff)
    change(folder, "sections.csv", sections)
    return folder


@pytest.fixture(scope="module")
def rule(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sharing file for the students with an IEP."""
    path = tmp_path_factory.mktemp("few") / "sharing.yaml"
    path.write_text(
        "share: rules\nrules:\n  - match: students\n    where: [{field: IEP_status, is: [Y]}]\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def report(export: Path) -> Report:
    """The report on the export."""
    return assess([export], Options(as_of=TODAY, profiles=["khan-academy"]))


@pytest.fixture(scope="module")
def shared(export: Path, rule: Path) -> Report:
    """The report on the export and its sharing file."""
    return assess([export], Options(as_of=TODAY, profiles=["khan-academy"], sharing=rule))


@pytest.mark.parametrize(
    "name", [name for name, output in registry.OUTPUTS.items() if output.masked is not None]
)
def test_no_masked_output_points_to_one_of_two_children(name: str, shared: Report) -> None:
    text = registry.render(shared, name).decode()
    for secret in ("ECSE", "Zqchild", "AUT", "Frances English", "D Day"):
        assert secret not in text
    assert not re.search(r"filled on \d", text)


def test_the_small_school_has_an_id_and_no_figures(report: Report) -> None:
    page = registry.render(report, "html").decode()
    assert "Schools of fewer than ten students have no figures here" in page
    seen = json.loads(registry.render(report, "json"))
    assert SMALL not in {row["school_id"] for row in seen["schools"]}
    for outcome in seen["outcomes"]:
        assert SMALL not in {row["school_id"] for row in outcome["by_school"]}
        assert SMALL not in {place["school_id"] for place in outcome["places"]}
    full = json.loads(registry.render(report, "json", show_values=True))
    assert SMALL in {row["school_id"] for row in full["schools"]}


def test_small_grades_are_summed_and_codes_of_the_vocabulary_are_shown(report: Report) -> None:
    outcomes = {it["rule"]: it for it in json.loads(registry.render(report, "json"))["outcomes"]}
    grades = {it["value"]: it["count"] for it in outcomes["student-grades"]["values"]}
    assert all(count >= 10 for count in grades.values()) and "another value" in grades
    outside = {it["value"] for it in outcomes["student-grade-outside-k12"]["values"]}
    assert outside == {"PPK", "another value"}


def test_small_schools_are_not_called_unknown_ones(report: Report) -> None:
    words = registry.render(report, "html").decode().split("<script>")[0]
    assert "ther schools" in words and "o known school" not in words


def test_a_preview_of_a_sharing_rule_does_not_count_few_children(export: Path, rule: Path) -> None:
    result = CliRunner().invoke(app, ["sharing", str(export), "--sharing", str(rule)])
    assert result.exit_code == 0
    assert "fewer than 10 students" in result.output
    assert not re.search(r"\b1 student\b|students +1 of", result.output)
