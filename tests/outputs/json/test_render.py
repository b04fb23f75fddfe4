"""The JSON report: its keys, its schema, its editions, the same bytes twice."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import jsonschema
import pytest

from tests.support.builders import district, found, places, report, rule, table
from tests.support.json_schemas import forbid_other_keys, validate
from validator.model import (
    ChecklistItem,
    Level,
    Outcome,
    Profile,
    Readiness,
    Status,
    Tally,
    Waiver,
)
from validator.outputs.json import render
from validator.privacy.masking import mask


def rich() -> list[Outcome]:
    """One outcome of each kind."""
    waiver = Waiver(
        "r-waived",
        "known, fixed in spring",
        dt.date(2027, 1, 1),
        keys=("zqid1",),
        by="the registrar",
    )
    return [
        found(
            "r-found",
            [places("students", "Grade", [2, 4, 5], notes="not in K-12")],
            tally=Tally("students", "Grade", [("13", 2), ("zqgrade", 1)]),
            figures={"share": 5},
        ),
        found(
            "r-group",
            [places("students", "Student_email", [2, 3], groups=[1, 1])],
            groups=1,
            level=Level.WARNING,
        ),
        Outcome(rule("r-passed"), Status.PASSED, Level.BLOCKER),
        Outcome(rule("r-skipped"), Status.SKIPPED, Level.BLOCKER, reason="staff.csv is missing"),
        Outcome(
            rule("r-waived"),
            Status.WAIVED,
            Level.BLOCKER,
            found("x", [places("students", "DOB", [2])]).finding,
            waiver=waiver,
        ),
        found("r-fact", [places("students", None, [2])], level=Level.FACT),
    ]


def read(
    outcomes: list[Outcome], *, rows: int | None = 200, full: bool = False, **change: Any
) -> Any:
    """The report as a program reads it, after it was held against its schema."""
    made = report(outcomes, **change)
    held = json.loads(render.render(made if full else mask(made, rows), rows=rows))
    schema = forbid_other_keys(render.build_schema())
    validate(held, schema)
    return held


def test_the_schema_is_a_schema_and_every_report_keeps_it() -> None:
    jsonschema.Draft202012Validator.check_schema(render.build_schema())
    profile = Profile(
        "demo", "Demo App", {}, [("core", "1")], [ChecklistItem("Accept", "https://example.org")]
    )
    read(
        rich(),
        profiles=[profile],
        generated_at=dt.datetime(2026, 11, 21, 10),
        district="Maple",
        errors=["one rule broke"],
    )
    read([], tables={})


def test_the_keys_stand_in_their_order() -> None:
    held = read(rich(), generated_at=dt.datetime(2026, 11, 21, 10))
    assert list(held)[:6] == ["schema_version", "tool", "generated_at", "as_of", "phase", "sis"]
    assert held["generated_at"] == "2026-11-21T10:00:00Z"
    assert held["tool"] == {"name": "rosterready", "version": "0.1.0"}
    assert [outcome["rule"] for outcome in held["outcomes"]] == [
        "r-found",
        "r-group",
        "r-passed",
        "r-skipped",
        "r-waived",
        "r-fact",
    ]


def test_the_masked_edition_holds_no_private_value_anywhere() -> None:
    outcomes = [
        found(
            f"r-{held.name}-{column}",
            [places(held.name, column, held.lines.tolist(), repairs=["zqfix"] * len(held))],
            tally=Tally(held.name, column, [(value, 1) for value in held.rows[column].tolist()]),
        )
        for held in district().values()
        for column in held.rows.columns
    ]
    by_school = {outcomes[0].rule.id: {"zqschool": 1, "0412": 2}}
    text = render.render(mask(report([*outcomes, *rich()], by_school=by_school)))
    assert b"zq" not in text
    assert all(
        place["key"] is None and place["value"] is None
        for outcome in json.loads(text)["outcomes"]
        for place in outcome["places"]
    )


def test_the_full_edition_holds_ids_and_values_but_no_password() -> None:
    outcome = found(
        "r", [places("students", "Student_email", [2]), places("students", "Password", [2])]
    )
    held = read([outcome], full=True)
    assert held["edition"] == "full"
    assert [(place["key"], place["value"]) for place in held["outcomes"][0]["places"]] == [
        ("zqid1", "zqmail1@x.test"),
        ("zqid1", None),
    ]
    assert "zqpass" not in json.dumps(held)


def test_a_place_is_file_line_column_and_school() -> None:
    place = read([found("r", [places("students", "DOB", [2], end_lines=[3])])])["outcomes"][0][
        "places"
    ][0]
    assert place == {
        "file": "students.csv",
        "line": 2,
        "end_line": 3,
        "column": "Dob",
        "school_id": "0412",
        "key": None,
        "value": None,
        "group": None,
        "note": None,
        "explained_by": None,
    }


def test_rows_are_capped_and_counts_are_not() -> None:
    held = read(rich(), rows=1)["outcomes"]
    assert (held[0]["count"], held[0]["places_listed"], len(held[0]["places"])) == (3, 1, 1)
    assert held[0]["values"] == [
        {"value": "13", "count": 2},
        {"value": "another value", "count": 1},
    ]
    assert (held[1]["groups"], held[1]["of"]) == (1, 4)
    assert read(rich(), rows=None)["outcomes"][0]["places_listed"] == 3


def test_facts_and_waived_rules_are_not_counted_among_the_levels() -> None:
    assert read(rich())["levels"] == {"blocker": 1, "warning": 1, "advice": 0}


@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
def test_a_waiver_is_told_without_the_records_it_names() -> None:
    assert read(rich(), full=True)["outcomes"][4]["waiver"] == {
        "reason": "known, fixed in spring",
        "until": "2027-01-01",
        "by": "the registrar",
    }


def test_two_runs_give_the_same_bytes_and_a_pinned_one_names_no_time() -> None:
    assert render.render(report(rich())) == render.render(report(rich()))
    assert "generated_at" not in read(rich())


def test_any_text_can_be_written() -> None:
    odd = table(
        "students",
        {"School_id": ["1"], "Student_id": ["José \x00\x1b\u202e"], "Grade": ["\U0001f600"]},
    )
    held = read(
        [found("r", [places("students", "Grade", [2])])],
        full=True,
        tables={"students": odd},
        errors=["a name with a broken letter: \udce9"],
    )
    assert held["outcomes"][0]["places"][0]["value"] == "\U0001f600"


def test_each_school_that_may_be_named_has_its_steps_and_the_others_are_one() -> None:
    steps = [("in the file", 6), ("have a birth date", 5), ("ready", 3)]
    students = Readiness(
        6, 3, 3, 0, {}, steps, {"0412": (2, 2, 1), "zqschool": (3, 2, 1), "": (1, 1, 1)}
    )
    assert read([], readiness={"students": students})["readiness"]["students"]["by_school"] == [
        {"school_id": None, "left": [4, 3, 2]},
        {"school_id": "0412", "left": [2, 2, 1]},
    ]
    told = read([], readiness={"students": students}, full=True)["readiness"]["students"][
        "by_school"
    ]
    assert told == [
        {"school_id": "zqschool", "left": [3, 2, 1]},
        {"school_id": "0412", "left": [2, 2, 1]},
        {"school_id": None, "left": [1, 1, 1]},
    ]
