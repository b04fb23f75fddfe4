"""The decision of a night as JSON, and its schema; without personal data."""

from __future__ import annotations

import re

from validator.model import (
    GUARD_KINDS,
    GUARD_WAYS,
    PHASES,
    Night,
    PastNight,
    StopReason,
    Verdict,
)
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
    describe_object,
)

SIGN = re.compile(
    rb'"name": "rosterready"[^}]*},\s*"generated_at": [^\n]*\s*"as_of": [^\n]*\s*"night"'
)
"""What every earlier guard.json has."""

SCHEMA_VERSION = "1.0"
"""Additions keep it; a renamed or removed key raises it."""

CODES = (
    "not-ready",
    "could-not-tell",
    "rule-broken",
    "not-read",
    "input-changed",
    "program-fault",
    "disk-full",
    "file-dropped",
    "floor",
    "identity",
    "hold",
    "threshold",
    "school-threshold",
    "paused",
    "state-damaged",
    "busy",
)
"""What kind of reason it is."""

WAYS = (*GUARD_WAYS, "returned")


def build_document(night: Night) -> Json:
    """Render the guard's decision as data for JSON."""
    with_night = None
    if night.compared_with is not None:
        number, day = night.compared_with
        with_night = {"night": number, "day": day.isoformat()}
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rosterready", "version": night.version},
        "generated_at": night.moment.isoformat() if night.moment else None,
        "as_of": night.day.isoformat(),
        "night": night.number,
        "decision": "go" if night.goes else "stop",
        "by_hand": night.by_hand,
        "released": night.released,
        "compared_with": with_night,
        "phase": night.phase,
        "period": night.period or None,
        "verdicts": [
            {"app": title, "verdict": verdict} for title, verdict in night.verdicts.items()
        ],
        "reasons": [_describe(reason) for reason in _sort(night)],
        "counts": [
            {
                "kind": count.kind,
                "before": count.before,
                "now": count.now,
                **{way: getattr(count, way) for way in WAYS},
            }
            for count in night.counts
        ],
        "notices": list(night.notices),
        "earlier": [_describe_earlier(past) for past in night.earlier],
    }


def _describe_earlier(past: PastNight) -> Json:
    """Render an earlier night in the guard's JSON report."""
    return {
        "night": past.number,
        "day": past.day,
        "decision": past.decision,
        "by_hand": past.by_hand,
    }


def _sort(night: Night) -> list[StopReason]:
    """Sort the reasons in the guard's JSON report: those that stop, then accepted ones."""
    return [*night.stopping, *(reason for reason in night.reasons if reason.accepted)]


def _describe(reason: StopReason) -> Json:
    """Render a reason to stop in the guard's JSON report."""
    return {
        "code": reason.code,
        "subject": reason.subject,
        "sentence": reason.sentence,
        "people": reason.people,
        "records": reason.records,
        "apps": reason.profile or None,
        "fix": reason.fix or None,
        "accepted": reason.accepted,
    }


def build_schema() -> Json:
    """Return the JSON Schema (2020-12) of the output guard.json."""
    compared_with: Json = describe_object({"night": COUNT, "day": DAY})
    return describe_document(
        "rosterready guard",
        {
            "schema_version": TEXT,
            "tool": TOOL,
            "generated_at": TEXT_OR_NULL,
            "as_of": DAY,
            "night": COUNT,
            "decision": {"enum": ["go", "stop"]},
            "by_hand": FLAG,
            "released": FLAG,
            "compared_with": allow_null(compared_with),
            "phase": {"enum": list(PHASES)},
            "period": TEXT_OR_NULL,
            "verdicts": describe_list(_describe_verdict()),
            "reasons": describe_list(_describe_reason()),
            "counts": describe_list(_describe_count()),
            "notices": describe_list(TEXT),
            "earlier": describe_list(_describe_past()),
        },
    )


def _describe_past() -> Json:
    """Return the JSON Schema of an earlier night in the guard's report."""
    decision = {"enum": ["go", "stop"]}
    return describe_object({"night": COUNT, "day": DAY, "decision": decision, "by_hand": FLAG})


def _describe_verdict() -> Json:
    """Return the JSON Schema of a verdict in the guard's report."""
    return describe_object({"app": TEXT, "verdict": describe_choice(Verdict)})


def _describe_reason() -> Json:
    """Return the JSON Schema of a reason to stop in the guard's report."""
    return describe_object(
        {
            "code": {"enum": list(CODES)},
            "subject": TEXT,
            "sentence": TEXT,
            "people": COUNT,
            "records": COUNT,
            "apps": TEXT_OR_NULL,
            "fix": TEXT_OR_NULL,
            "accepted": FLAG,
        }
    )


def _describe_count() -> Json:
    """Return the JSON Schema of the counts of a kind in the guard's report."""
    ways = dict.fromkeys(WAYS, COUNT)
    kind = {"enum": list(GUARD_KINDS)}
    return describe_object({"kind": kind, "before": COUNT_OR_NULL, "now": COUNT, **ways})
