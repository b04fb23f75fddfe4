"""The JSON Schema of the JSON report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from validator.model import PHASES, Consequence, Level, Owner, Status, Verdict

SCHEMA_VERSION = "2.0"
"""Additions keep it; a renamed or removed key raises it."""

Json = dict[str, Any]


def schema() -> Json:
    """The JSON Schema (2020-12) of the report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rosterready report",
        **_object(_TOP, optional=("generated_at",)),
    }


def _object(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> Json:
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _map(values: Json, names: type[Level] | None = None) -> Json:
    allowed = {"propertyNames": {"enum": [level.value for level in names]}} if names else {}
    return {"type": "object", "additionalProperties": values, **allowed}


def _one_of(words_allowed: Any) -> Json:
    return {"enum": [word.value for word in words_allowed]}


_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_COUNT: Json = {"type": "integer", "minimum": 0}
_COUNT_OR_NULL: Json = {"type": ["integer", "null"], "minimum": 0}
_DATE: Json = {"type": "string", "format": "date"}

_PLACE = _object(
    {
        "file": _TEXT,
        "line": _COUNT_OR_NULL,
        "end_line": _COUNT_OR_NULL,
        "column": _TEXT_OR_NULL,
        "school_id": _TEXT_OR_NULL,
        "key": _TEXT_OR_NULL,
        "value": _TEXT_OR_NULL,
        "group": {"type": ["integer", "null"]},
        "note": _TEXT_OR_NULL,
        "explained_by": _TEXT_OR_NULL,
    }
)

_WAIVER = {
    "type": ["object", "null"],
    "required": ["reason", "until", "by"],
    "properties": {
        "reason": _TEXT,
        "until": {**_DATE, "type": ["string", "null"]},
        "by": _TEXT_OR_NULL,
    },
}

_ROUTE = {
    "type": ["object", "null"],
    "required": ["text", "source"],
    "properties": {"text": _TEXT, "source": _TEXT},
}

_OUTCOME = _object(
    {
        "rule": _TEXT,
        "status": _one_of(Status),
        "level": _one_of(Level),
        "title": _TEXT,
        "sentence": _TEXT_OR_NULL,
        "topic": _TEXT,
        "counts": _TEXT,
        "count": _COUNT_OR_NULL,
        "explained": _COUNT,
        "groups": _COUNT_OR_NULL,
        "fewer_than": _COUNT_OR_NULL,
        "of": _COUNT_OR_NULL,
        "levels": _map(_one_of(Level)),
        "owner": _one_of(Owner),
        "consequence": _one_of(Consequence),
        "why": _TEXT,
        "fix": _TEXT,
        "fix_needed": {"type": "boolean"},
        "source": _TEXT,
        "route": _ROUTE,
        "reason": _TEXT_OR_NULL,
        "waiver": _WAIVER,
        "allowance": _TEXT_OR_NULL,
        "waived": _COUNT,
        "found": _map(_COUNT),
        "explained_by": _TEXT_OR_NULL,
        "figures": _map({"type": ["integer", "string"]}),
        "values": _list(_object({"value": _TEXT, "count": _COUNT})),
        "by_school": _list(_object({"school_id": _TEXT_OR_NULL, "count": _COUNT})),
        "places": _list(_PLACE),
        "places_listed": _COUNT,
    }
)

_DIAGNOSIS = _object(
    {
        "id": _TEXT,
        "title": _TEXT,
        "file": _TEXT,
        "column": _TEXT_OR_NULL,
        "records": _COUNT,
        "people": _COUNT,
        "evidence": _TEXT,
        "sure": {"type": "boolean"},
        "level": _one_of(Level),
        "levels": _map(_one_of(Level)),
        "owner": _one_of(Owner),
        "why": _TEXT,
        "fix": _TEXT,
        "source": _TEXT,
        "explains": _list(_object({"rule": _TEXT, "count": _COUNT})),
        "mend": _TEXT_OR_NULL,
    }
)

_READINESS = _map(
    _object(
        {
            "total": _COUNT,
            "ready": _COUNT,
            "blocked": _COUNT,
            "unknown": _COUNT,
            "set_aside": _COUNT,
            "by_rule": _map(_COUNT),
            "steps": _list(_object({"step": _TEXT, "left": _COUNT})),
            "by_school": _list(_object({"school_id": _TEXT_OR_NULL, "left": _list(_COUNT)})),
        }
    )
)
"""Per kind of record; `by_rule` names rules, and diagnoses for what they explain."""

_FOLLOWED = ("done", "gone", "not_a_problem", "not_looked_at", "new", "unclear")

_FILE = _object(
    {
        "name": _TEXT,
        "table": _TEXT_OR_NULL,
        "rows": _COUNT,
        "bytes": _COUNT,
        "sha256": _TEXT_OR_NULL,
        "encoding": _TEXT_OR_NULL,
        "delimiter": _TEXT_OR_NULL,
        "line_ending": _TEXT_OR_NULL,
        "columns_unused": _list(_TEXT),
    }
)

_FIRST_SYNC = _object(
    {
        "profile": _TEXT,
        "title": _TEXT,
        "teachers": _COUNT,
        "welcome_emails": _COUNT_OR_NULL,
        "teachers_only_electives": _COUNT,
        "teachers_without_email": _COUNT,
        "students": _COUNT,
        "students_without_section": _COUNT,
        "age_limit": _COUNT_OR_NULL,
        "under_age": _COUNT_OR_NULL,
        "birth_date_unknown": _COUNT_OR_NULL,
        "grades_other": _COUNT_OR_NULL,
        "grades": _list(
            _object(
                {
                    "grade": _TEXT_OR_NULL,
                    "students": _COUNT_OR_NULL,
                    "under_age": _COUNT_OR_NULL,
                    "birth_date_unknown": _COUNT_OR_NULL,
                    "shown_as_other": {"type": "boolean"},
                }
            )
        ),
        "administrators": _COUNT_OR_NULL,
        "classes": _object(
            {
                **dict.fromkeys(
                    (
                        "sections",
                        "over",
                        "not_begun",
                        "without_students",
                        "same_students",
                        "same_students_groups",
                        "co_taught",
                        "co_teachers",
                        "co_teachers_only",
                    ),
                    _COUNT,
                ),
                "per_teacher": _list(_object({"classes": _COUNT, "teachers": _COUNT})),
            }
        ),
        "licenses": _COUNT_OR_NULL,
        "licenses_left": {"type": ["integer", "null"]},
        "sources": _list(_TEXT),
    }
)

_TOP: Json = {
    "schema_version": {"const": SCHEMA_VERSION},
    "tool": _object({"name": {"const": "rosterready"}, "version": _TEXT}),
    "generated_at": {"type": "string", "format": "date-time"},
    "as_of": _DATE,
    "phase": {"enum": list(PHASES)},
    "sis": _TEXT_OR_NULL,
    "district": _TEXT_OR_NULL,
    "profiles": _list(
        _object(
            {
                "id": _TEXT,
                "title": _TEXT,
                "verdict": _one_of(Verdict),
                "levels": _map(_COUNT, Level),
                "checklist": _list(_object({"text": _TEXT, "source": _TEXT})),
            }
        )
    ),
    "packs": _list(_object({"id": _TEXT, "version": _TEXT})),
    "edition": {"enum": ["masked", "full"]},
    "input": _object({"format": _TEXT, "format_version": _TEXT_OR_NULL, "files": _list(_FILE)}),
    "verdict": _one_of(Verdict),
    "gate": _object({"fail_on": _TEXT, "allowed": _map(_COUNT), "failing": _list(_TEXT)}),
    "worklist": {
        "type": ["object", "null"],
        "required": [*_FOLLOWED, "still_found"],
        "properties": {**dict.fromkeys(_FOLLOWED, _COUNT), "still_found": _map(_COUNT)},
    },
    "first_sync": _list(_FIRST_SYNC),
    "levels": _map(_COUNT, Level),
    "counts": _map(_COUNT),
    "readiness": {
        **_READINESS,
        "description": "For the profile with the worst verdict; of equals, for the one that holds "
        "back most people. readiness_by_profile has the figures of each.",
    },
    "readiness_by_profile": _map(_READINESS),
    "history": {
        "type": ["object", "null"],
        "properties": {
            "since": _DATE,
            "new": _list(_TEXT),
            "fixed": _list(_TEXT),
            "open": _list(_TEXT),
            "runs": _COUNT,
        },
    },
    "priorities": _list(_TEXT),
    "mends": _list(_TEXT),
    "priorities_by_profile": _map(_list(_TEXT)),
    "diagnoses": _list(_DIAGNOSIS),
    "schools": _list(
        _object(
            {
                "school_id": _TEXT_OR_NULL,
                "name": _TEXT_OR_NULL,
                "students": _COUNT,
                "teachers": _COUNT,
                "sections": _COUNT,
                "ready": _COUNT,
                "blockers": _COUNT,
                "warnings": _COUNT,
            }
        )
    ),
    "outcomes": _list(_OUTCOME),
    "errors": _list(_TEXT),
}
