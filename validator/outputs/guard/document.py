"""The decision of a night as JSON, and its schema; without personal data."""

from __future__ import annotations

from typing import Any

from validator.model import GUARD_KINDS, PHASES, Night, PastNight, StopReason, Verdict

SCHEMA_VERSION = "1.0"
"""Additions keep it; a renamed or removed key raises it."""

CODES = (
    "not-ready",
    "could-not-tell",
    "rule-broken",
    "not-read",
    "input-changed",
    "program-fault",
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

WAYS = ("gone", "new", "changed", "moved", "new_ids", "new_addresses", "returned")

Json = dict[str, Any]


def document(night: Night) -> Json:
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
    return {
        "night": past.number,
        "day": past.day,
        "decision": past.decision,
        "by_hand": past.by_hand,
    }


def _sort(night: Night) -> list[StopReason]:
    """Return the reasons that stop, most people first, then the accepted ones."""
    return [*night.stopping, *(reason for reason in night.reasons if reason.accepted)]


def _describe(reason: StopReason) -> Json:
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


TEXT: Json = {"type": "string"}
TEXT_OR_NULL: Json = {"type": ["string", "null"]}
COUNT: Json = {"type": "integer", "minimum": 0}
FLAG: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "format": "date"}


def _object(properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


def schema() -> Json:
    """Return the JSON Schema (2020-12) of the output guard.json."""
    compared_with: Json = _object({"night": COUNT, "day": DAY})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rosterready guard",
        **_object(
            {
                "schema_version": TEXT,
                "tool": _object({"name": TEXT, "version": TEXT}),
                "generated_at": TEXT_OR_NULL,
                "as_of": DAY,
                "night": COUNT,
                "decision": {"enum": ["go", "stop"]},
                "by_hand": FLAG,
                "released": FLAG,
                "compared_with": {"anyOf": [compared_with, {"type": "null"}]},
                "phase": {"enum": list(PHASES)},
                "period": TEXT_OR_NULL,
                "verdicts": {"type": "array", "items": _describe_verdict()},
                "reasons": {"type": "array", "items": _describe_reason()},
                "counts": {"type": "array", "items": _describe_count()},
                "notices": {"type": "array", "items": TEXT},
                "earlier": {"type": "array", "items": _describe_past()},
            }
        ),
    }


def _describe_past() -> Json:
    decision = {"enum": ["go", "stop"]}
    return _object({"night": COUNT, "day": DAY, "decision": decision, "by_hand": FLAG})


def _describe_verdict() -> Json:
    verdicts = [verdict.value for verdict in Verdict]
    return _object({"app": TEXT, "verdict": {"enum": verdicts}})


def _describe_reason() -> Json:
    return _object(
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
    before: Json = {"type": ["integer", "null"], "minimum": 0}
    ways = dict.fromkeys(WAYS, COUNT)
    kind = {"enum": list(GUARD_KINDS)}
    return _object({"kind": kind, "before": before, "now": COUNT, **ways})
