"""The JSON Schema of portfolio.json."""

from __future__ import annotations

from typing import Any

from validator.model import Level, Owner, Verdict
from validator.portfolio.district import ASSESSED, FAILED, UNREADABLE
from validator.portfolio.overview import KINDS, SCHEMA_VERSION

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_COUNT: Json = {"type": "integer", "minimum": 0}
_COUNT_OR_NULL: Json = {"type": ["integer", "null"], "minimum": 0}
_VERDICT: Json = {"enum": [verdict.value for verdict in Verdict]}
_LEVEL: Json = {"enum": [level.value for level in Level]}
_OWNER: Json = {"enum": [owner.value for owner in Owner]}
_NAMES: Json = {"type": "array", "items": _TEXT}


def build_schema() -> Json:
    """Return the JSON Schema (2020-12) of the overview of many districts."""
    properties = {
        "schema_version": {"const": SCHEMA_VERSION},
        "tool": _object({"name": {"const": "rosterready"}, "version": _TEXT}),
        "as_of": {"type": "string", "format": "date"},
        "edition": {"const": "masked"},
        "profiles": _NAMES,
        "verdicts": _object({verdict.value: _COUNT for verdict in Verdict}),
        "failed": _COUNT,
        "people": _object({kind: _people() for kind in KINDS}),
        "by_diagnosis": _list(_object({**_problem("id"), "districts": _COUNT, "people": _COUNT})),
        "by_rule": _list(
            _object(
                {
                    **_problem("rule"),
                    **dict.fromkeys(("districts", "records", "not_asked", "broken"), _COUNT),
                }
            )
        ),
        "changed": _object(dict.fromkeys(("better", "worse", "otherwise", "gone"), _NAMES)),
        "districts": _list(_district()),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rosterready portfolio",
        **_object(properties),
    }


def _object(properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _map(values: Json) -> Json:
    return {"type": "object", "additionalProperties": values}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _people() -> Json:
    return _object(dict.fromkeys(("total", "ready", "blocked", "unknown"), _COUNT))


def _problem(name: str) -> Json:
    return {name: _TEXT, "title": _TEXT, "level": _LEVEL, "owner": _OWNER}


def _district() -> Json:
    """Return the schema of one district."""
    lists = dict.fromkeys(("appeared", "solved", "more", "fewer"), _NAMES)
    change = _object({"since": _TEXT, "verdict_before": _VERDICT, **lists})
    return _object(
        {
            "district": _TEXT,
            "as_of": _TEXT,
            "status": {"enum": [ASSESSED, UNREADABLE, FAILED]},
            "reason": _TEXT_OR_NULL,
            "verdict": _VERDICT,
            "format": _TEXT_OR_NULL,
            "profiles": _map(_VERDICT),
            **_answers(),
            "levels": _map(_COUNT),
            "counts": _map(_COUNT),
            "readiness": _map(_people()),
            **_problems(),
            "errors": _NAMES,
            "report": _TEXT_OR_NULL,
            "change": _or_null(change),
        }
    )


def _answers() -> Json:
    """Return the schemas of what each app says, of what to fix first, and of the days."""
    held_back = _or_null(
        _object({"people": _COUNT, "of": _COUNT, "everybody": {"type": "boolean"}})
    )
    app = _object({"id": _TEXT, "title": _TEXT, "verdict": _VERDICT, "held": held_back})
    first = _object({"id": _TEXT, "says": _TEXT, "level": _LEVEL, "owner": _OWNER})
    day = _object(
        {"as_of": _TEXT, "verdict": _VERDICT, "people": _COUNT_OR_NULL, "of": _COUNT_OR_NULL}
    )
    return {"apps": _list(app), "held": held_back, "first": _or_null(first), "trend": _list(day)}


def _problems() -> Json:
    """Return the schemas of diagnoses and rules."""
    rule = _object(
        {
            **_problem("rule"),
            "status": _TEXT,
            "unreadable": {"type": "boolean"},
            "count": _COUNT_OR_NULL,
            "reason": _TEXT_OR_NULL,
        }
    )
    diagnosis = _object(
        {
            **_problem("id"),
            **dict.fromkeys(("file", "evidence"), _TEXT),
            "column": _TEXT_OR_NULL,
            "records": _COUNT,
            "people": _COUNT,
            "sure": {"type": "boolean"},
        }
    )
    return {"diagnoses": _list(diagnosis), "rules": _list(rule)}
