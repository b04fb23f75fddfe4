"""The JSON Schema of portfolio.json."""

from __future__ import annotations

from validator.model import Level, Owner, Verdict
from validator.outputs.json_schema import (
    COUNT,
    COUNT_OR_NULL,
    DAY,
    FLAG,
    TEXT,
    TEXT_OR_NULL,
    TOOL,
    Json,
    allow_null,
    describe_choice,
    describe_document,
    describe_list,
    describe_map,
    describe_object,
)
from validator.portfolio.district import ASSESSED, FAILED, UNREADABLE
from validator.portfolio.overview import KINDS, SCHEMA_VERSION

_VERDICT: Json = describe_choice(Verdict)
_LEVEL: Json = describe_choice(Level)
_OWNER: Json = describe_choice(Owner)
_NAMES: Json = describe_list(TEXT)


def build_schema() -> Json:
    """Return the JSON Schema (2020-12) of portfolio.json, the overview of many districts."""
    properties = {
        "schema_version": {"const": SCHEMA_VERSION},
        "tool": TOOL,
        "as_of": DAY,
        "edition": {"const": "masked"},
        "profiles": _NAMES,
        "verdicts": describe_object({verdict.value: COUNT for verdict in Verdict}),
        "failed": COUNT,
        "people": describe_object({kind: _build_people() for kind in KINDS}),
        "by_diagnosis": describe_list(
            describe_object({**_build_problem("id"), "districts": COUNT, "people": COUNT})
        ),
        "by_rule": describe_list(
            describe_object(
                {
                    **_build_problem("rule"),
                    **dict.fromkeys(("districts", "records", "not_asked", "broken"), COUNT),
                }
            )
        ),
        "changed": describe_object(dict.fromkeys(("better", "worse", "otherwise", "gone"), _NAMES)),
        "districts": describe_list(_build_district()),
    }
    return describe_document("rosterready portfolio", properties)


def _build_people() -> Json:
    """Return the schema of a count of people in portfolio.json."""
    return describe_object(dict.fromkeys(("total", "ready", "blocked", "unknown"), COUNT))


def _build_problem(name: str) -> Json:
    """Return the properties of a problem in portfolio.json, which all districts have in common."""
    return {name: TEXT, "title": TEXT, "level": _LEVEL, "owner": _OWNER}


def _build_district() -> Json:
    """Return the schema of one district in portfolio.json."""
    lists = dict.fromkeys(("appeared", "solved", "more", "fewer"), _NAMES)
    change = describe_object({"since": TEXT, "verdict_before": _VERDICT, **lists})
    return describe_object(
        {
            "district": TEXT,
            "as_of": TEXT,
            "status": {"enum": [ASSESSED, UNREADABLE, FAILED]},
            "reason": TEXT_OR_NULL,
            "verdict": _VERDICT,
            "format": TEXT_OR_NULL,
            "profiles": describe_map(_VERDICT),
            **_build_answers(),
            "levels": describe_map(COUNT),
            "counts": describe_map(COUNT),
            "readiness": describe_map(_build_people()),
            **_build_problems(),
            "errors": _NAMES,
            "report": TEXT_OR_NULL,
            "change": allow_null(change),
        }
    )


def _build_answers() -> Json:
    """Return the schemas of a district's answers in portfolio.json: apps, first fix, days."""
    held_back = allow_null(describe_object({"people": COUNT, "of": COUNT, "everybody": FLAG}))
    app = describe_object({"id": TEXT, "title": TEXT, "verdict": _VERDICT, "held": held_back})
    first = describe_object({"id": TEXT, "says": TEXT, "level": _LEVEL, "owner": _OWNER})
    day = describe_object(
        {"as_of": TEXT, "verdict": _VERDICT, "people": COUNT_OR_NULL, "of": COUNT_OR_NULL}
    )
    return {
        "apps": describe_list(app),
        "held": held_back,
        "first": allow_null(first),
        "trend": describe_list(day),
    }


def _build_problems() -> Json:
    """Return the schemas of a district's diagnoses and rules in portfolio.json."""
    rule = describe_object(
        {
            **_build_problem("rule"),
            "status": TEXT,
            "unreadable": FLAG,
            "count": COUNT_OR_NULL,
            "reason": TEXT_OR_NULL,
        }
    )
    diagnosis = describe_object(
        {
            **_build_problem("id"),
            **dict.fromkeys(("file", "evidence"), TEXT),
            "column": TEXT_OR_NULL,
            "records": COUNT,
            "people": COUNT,
            "sure": FLAG,
        }
    )
    return {"diagnoses": describe_list(diagnosis), "rules": describe_list(rule)}
