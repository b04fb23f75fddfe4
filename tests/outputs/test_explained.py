"""A diagnosis is one thing in every output, and what it explains is none of its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from tests.support.builders import diagnose, found, places, report
from validator.followup import gate
from validator.model import Level, Outcome, Report, Status
from validator.outputs import registry

MASKED = [name for name, output in registry.OUTPUTS.items() if output.masked]
SHORT = {"json": "in fields", "gitlab": "no owner", "letter": "no id"}
"""Outputs that do not say all of a diagnosis in words."""

CAUSE = "ids-without-zeros"


def explained() -> Outcome:
    """A finding of which the diagnosis explains every place."""
    block = places("students", "Student_id", [2, 3], explained_by=CAUSE)
    outcome = found("wholly-explained", [block])
    return replace(outcome, status=Status.EXPLAINED, explained=2)


def partly() -> Outcome:
    """A finding of which the diagnosis explains two places of three."""
    blocks = [
        places("students", "Grade", [5]),
        places("students", "Grade", [2, 3], explained_by=CAUSE),
    ]
    sentences = {"says_one": "1 grade is odd", "says_many": "{count} grades are odd"}
    return replace(found("partly-explained", blocks, **sentences), explained=2)


def everything() -> Report:
    """A report with one diagnosis that explains a finding and a part of another."""
    rules = (("wholly-explained", 2), ("partly-explained", 2))
    return report([explained(), partly()], diagnoses=[diagnose(explains=rules)])


def render(name: str) -> str:
    """Return the masked output as text."""
    return registry.render(everything(), name).decode()


def test_levels_and_gate_count_the_diagnosis_once_and_not_what_it_explains() -> None:
    made = everything()
    assert made.levels()[Level.BLOCKER] == 2
    assert gate.list_failing(made) == [CAUSE, "partly-explained"]


@pytest.mark.parametrize("name", sorted({*MASKED} - {*SHORT}))
def test_every_output_names_the_diagnosis_its_evidence_and_its_owner(name: str) -> None:
    text = " ".join(render(name).split())
    assert CAUSE in text
    assert "2 of 4 ids match with zeros" in text
    assert "SIS administrator" in text


@pytest.mark.parametrize("name", MASKED)
def test_a_part_that_nothing_explains_is_shown_alone(name: str) -> None:
    text = render(name)
    assert "1 grade is odd" in text
    assert "3 grades are odd" not in text


def test_the_page_links_to_the_diagnosis_and_not_to_what_it_explains() -> None:
    text = render("html")
    assert f'id="diagnosis-{CAUSE}"' in text and f'href="#diagnosis-{CAUSE}"' in text
    assert 'id="wholly-explained"' not in text


def test_sarif_has_one_result_for_the_diagnosis_and_none_for_what_it_explains() -> None:
    (run,) = json.loads(render("sarif"))["runs"]
    rules = [result["ruleId"] for result in run["results"]]
    assert rules == [CAUSE, "partly-explained"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_junit_has_one_failure_for_the_diagnosis_and_none_for_what_it_explains() -> None:
    cases = ET.fromstring(render("junit")).iter("testcase")
    failed = [case.get("name", "") for case in cases if case.find("failure") is not None]
    assert [name.split(":")[0] for name in failed] == [CAUSE, "partly-explained"]


def test_github_has_one_annotation_for_each() -> None:
    lines = render("github").splitlines()
    assert [re.findall(r"title=([\w-]+)", line)[0] for line in lines] == [CAUSE, "partly-explained"]


def test_json_has_the_number_explained_and_the_diagnosis_of_each_place() -> None:
    document = json.loads(render("json"))
    by_rule = {outcome["rule"]: outcome for outcome in document["outcomes"]}
    whole, part = by_rule["wholly-explained"], by_rule["partly-explained"]
    assert (whole["status"], whole["count"], whole["explained"]) == ("explained", 2, 2)
    assert (part["status"], part["count"], part["explained"]) == ("found", 3, 2)
    assert [place["explained_by"] for place in part["places"]] == [None, CAUSE, CAUSE]
    assert "root_causes" not in document
    assert {file["sha256"] for file in document["input"]["files"]} == {None}


def test_the_letter_names_the_diagnosis_and_not_what_it_explains() -> None:
    text = render("letter")
    assert "Ids without their zeros" in text
    assert "Wholly explained" not in text


def test_the_work_list_has_the_diagnosis_with_its_rows_folded_under_it() -> None:
    book = openpyxl.load_workbook(BytesIO(registry.render(everything(), "xlsx")))
    sheet = book["SIS administrator"]
    headings = [cell.value for cell in sheet[1]]
    rule = headings.index("Rule")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0][rule] == CAUSE
    folded = [row[rule] for row in rows[1:]]
    assert sorted(folded) == ["partly-explained"] * 2 + ["wholly-explained"] * 2
    levels = [sheet.row_dimensions[number].outlineLevel for number in range(2, 7)]
    assert levels == [0, 1, 1, 1, 1]
    assert [row.value for row in book["Registrar"]["O"]][1:] == ["partly-explained"]
