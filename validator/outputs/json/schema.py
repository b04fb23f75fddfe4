"""The JSON Schema of the JSON report."""

from __future__ import annotations

from validator.model import PHASES, Consequence, Level, Owner, Status, Verdict
from validator.outputs.json_schema import (
    COUNT,
    COUNT_OR_NULL,
    DAY,
    FLAG,
    MOMENT,
    TEXT,
    TEXT_OR_NULL,
    TOOL,
    Json,
    describe_choice,
    describe_document,
    describe_list,
    describe_map,
    describe_object,
)

SCHEMA_VERSION = "2.0"
"""Additions keep it; a renamed or removed key raises it."""


def build_schema() -> Json:
    """The JSON Schema (2020-12) of the report."""
    return describe_document("rosterready report", _TOP, optional=("generated_at",))


_LEVELS = {**describe_map(COUNT), "propertyNames": describe_choice(Level)}

_PLACE = describe_object(
    {
        "file": TEXT,
        "line": COUNT_OR_NULL,
        "end_line": COUNT_OR_NULL,
        "column": TEXT_OR_NULL,
        "school_id": TEXT_OR_NULL,
        "key": TEXT_OR_NULL,
        "value": TEXT_OR_NULL,
        "group": {"type": ["integer", "null"]},
        "note": TEXT_OR_NULL,
        "explained_by": TEXT_OR_NULL,
    }
)

_BY_SCHOOL = describe_list(describe_object({"school_id": TEXT_OR_NULL, "count": COUNT}))

_WAIVER = {
    "type": ["object", "null"],
    "required": ["reason", "until", "by"],
    "properties": {
        "reason": TEXT,
        "until": {**DAY, "type": ["string", "null"]},
        "by": TEXT_OR_NULL,
    },
}

_ROUTE = {
    "type": ["object", "null"],
    "required": ["text", "source"],
    "properties": {"text": TEXT, "source": TEXT},
}

_OUTCOME = describe_object(
    {
        "rule": TEXT,
        "status": describe_choice(Status),
        "level": describe_choice(Level),
        "title": TEXT,
        "sentence": TEXT_OR_NULL,
        "topic": TEXT,
        "counts": TEXT,
        "count": COUNT_OR_NULL,
        "explained": COUNT,
        "groups": COUNT_OR_NULL,
        "fewer_than": COUNT_OR_NULL,
        "of": COUNT_OR_NULL,
        "levels": describe_map(describe_choice(Level)),
        "owner": describe_choice(Owner),
        "consequence": describe_choice(Consequence),
        "why": TEXT,
        "fix": TEXT,
        "fix_needed": FLAG,
        "source": TEXT,
        "route": _ROUTE,
        "reason": TEXT_OR_NULL,
        "waiver": _WAIVER,
        "allowance": TEXT_OR_NULL,
        "waived": COUNT,
        "found": describe_map(COUNT),
        "explained_by": TEXT_OR_NULL,
        "figures": describe_map({"type": ["integer", "string"]}),
        "values": describe_list(describe_object({"value": TEXT, "count": COUNT})),
        "by_school": _BY_SCHOOL,
        "places": describe_list(_PLACE),
        "places_listed": COUNT,
    }
)

_DIAGNOSIS = describe_object(
    {
        "id": TEXT,
        "title": TEXT,
        "file": TEXT,
        "column": TEXT_OR_NULL,
        "records": COUNT,
        "people": COUNT,
        "evidence": TEXT,
        "sure": FLAG,
        "level": describe_choice(Level),
        "levels": describe_map(describe_choice(Level)),
        "owner": describe_choice(Owner),
        "why": TEXT,
        "fix": TEXT,
        "source": TEXT,
        "explains": describe_list(describe_object({"rule": TEXT, "count": COUNT})),
        "by_school": _BY_SCHOOL,
        "mend": TEXT_OR_NULL,
    }
)

_READINESS = describe_map(
    describe_object(
        {
            "total": COUNT,
            "ready": COUNT,
            "blocked": COUNT,
            "unknown": COUNT,
            "set_aside": COUNT,
            "by_rule": describe_map(COUNT),
            "steps": describe_list(describe_object({"step": TEXT, "left": COUNT})),
            "by_school": describe_list(
                describe_object({"school_id": TEXT_OR_NULL, "left": describe_list(COUNT)})
            ),
        }
    )
)
"""Per kind of record; `by_rule` names rules, and diagnoses for what they explain."""

_FOLLOWED = ("done", "gone", "not_a_problem", "not_looked_at", "new", "unclear")

_FILE = describe_object(
    {
        "name": TEXT,
        "table": TEXT_OR_NULL,
        "rows": COUNT,
        "bytes": COUNT,
        "sha256": TEXT_OR_NULL,
        "encoding": TEXT_OR_NULL,
        "delimiter": TEXT_OR_NULL,
        "line_ending": TEXT_OR_NULL,
        "columns_unused": describe_list(TEXT),
    }
)

_FIRST_SYNC = describe_object(
    {
        "profile": TEXT,
        "title": TEXT,
        "teachers": COUNT,
        "welcome_emails": COUNT_OR_NULL,
        "teachers_only_electives": COUNT,
        "teachers_without_email": COUNT,
        "students_without_email": COUNT,
        "students": COUNT,
        "left_out": describe_object({"students": COUNT, "teachers": COUNT}),
        "students_without_section": COUNT,
        "age_limit": COUNT_OR_NULL,
        "under_age": COUNT_OR_NULL,
        "birth_date_unknown": COUNT_OR_NULL,
        "grades_other": COUNT_OR_NULL,
        "grades": describe_list(
            describe_object(
                {
                    "grade": TEXT_OR_NULL,
                    "students": COUNT_OR_NULL,
                    "under_age": COUNT_OR_NULL,
                    "birth_date_unknown": COUNT_OR_NULL,
                    "shown_as_other": FLAG,
                }
            )
        ),
        "administrators": COUNT_OR_NULL,
        "classes": describe_object(
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
                    COUNT,
                ),
                "per_teacher": describe_list(
                    describe_object({"classes": COUNT, "teachers": COUNT})
                ),
            }
        ),
        "licenses": COUNT_OR_NULL,
        "licenses_left": {"type": ["integer", "null"]},
        "sources": describe_list(TEXT),
    }
)

_TOP: Json = {
    "schema_version": {"const": SCHEMA_VERSION},
    "tool": TOOL,
    "generated_at": MOMENT,
    "as_of": DAY,
    "phase": {"enum": list(PHASES)},
    "sis": TEXT_OR_NULL,
    "district": TEXT_OR_NULL,
    "profiles": describe_list(
        describe_object(
            {
                "id": TEXT,
                "title": TEXT,
                "verdict": describe_choice(Verdict),
                "levels": _LEVELS,
                "checklist": describe_list(describe_object({"text": TEXT, "source": TEXT})),
            }
        )
    ),
    "packs": describe_list(describe_object({"id": TEXT, "version": TEXT})),
    "edition": {"enum": ["masked", "full"]},
    "input": describe_object(
        {"format": TEXT, "format_version": TEXT_OR_NULL, "files": describe_list(_FILE)}
    ),
    "verdict": describe_choice(Verdict),
    "gate": describe_object(
        {"fail_on": TEXT, "allowed": describe_map(COUNT), "failing": describe_list(TEXT)}
    ),
    "worklist": {
        "type": ["object", "null"],
        "required": [*_FOLLOWED, "still_found"],
        "properties": {**dict.fromkeys(_FOLLOWED, COUNT), "still_found": describe_map(COUNT)},
    },
    "first_sync": describe_list(_FIRST_SYNC),
    "levels": _LEVELS,
    "counts": describe_map(COUNT),
    "readiness": {
        **_READINESS,
        "description": "For the profile with the worst verdict; of equals, for the one that holds "
        "back most people. readiness_by_profile has the figures of each.",
    },
    "readiness_by_profile": describe_map(_READINESS),
    "history": {
        "type": ["object", "null"],
        "properties": {
            "since": DAY,
            "new": describe_list(TEXT),
            "fixed": describe_list(TEXT),
            "open": describe_list(TEXT),
            "runs": COUNT,
        },
    },
    "priorities": describe_list(TEXT),
    "mends": describe_list(TEXT),
    "priorities_by_profile": describe_map(describe_list(TEXT)),
    "diagnoses": describe_list(_DIAGNOSIS),
    "schools": describe_list(
        describe_object(
            {
                "school_id": TEXT_OR_NULL,
                "name": TEXT_OR_NULL,
                "students": COUNT,
                "teachers": COUNT,
                "sections": COUNT,
                "ready": COUNT,
                "blockers": COUNT,
                "warnings": COUNT,
            }
        )
    ),
    "outcomes": describe_list(_OUTCOME),
    "errors": describe_list(TEXT),
}
