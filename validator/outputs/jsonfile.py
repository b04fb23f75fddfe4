"""The JSON report, version 1.0: for programs, the same bytes for the same input, masked unless asked otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from validator import gate, history, privacy, words
from validator.model import PHASES, Level, Outcome, Owner, Readiness, Report, SourceFile, Status, Verdict

SCHEMA_VERSION = "1.0"
"""Additions keep it; a renamed or removed key raises it."""

Json = dict[str, Any]


def render(report: Report, rows: int | None = 200, full: bool = False) -> bytes:
    """The report as UTF-8 JSON. `rows`: places listed per finding (None: all); `full`: with ids and values."""
    return (_text(document(report, rows, full)) + "\n").encode("utf-8", errors="backslashreplace")


def _text(value: Any, indent: str = "") -> str:
    """The value as JSON: what holds nothing nested on one line, so that every place is a line; the rest indented."""
    items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if not any(isinstance(item, dict | list) for item in items):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    deeper = indent + "  "
    texts = [_text(item, deeper) for item in items]
    if isinstance(value, dict):
        texts = [f"{json.dumps(name)}: {text}" for name, text in zip(value, texts, strict=True)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    inner = f",\n{deeper}".join(texts)
    return f"{start}\n{deeper}{inner}\n{indent}{end}"


def document(report: Report, rows: int | None, full: bool) -> Json:
    """The report as plain data, keys in their fixed order."""
    pinned = report.generated_at is None
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rosterready", "version": report.version},
        **({} if pinned else {"generated_at": f"{report.generated_at:%Y-%m-%dT%H:%M:%SZ}"}),
        "as_of": report.as_of.isoformat(),
        "phase": report.phase,
        "sis": report.routes.id if report.routes else None,
        "district": report.district,
        "profiles": [_profile(report, profile) for profile in report.profiles],
        "packs": _packs(report),
        "edition": "full" if full else "masked",
        "input": {"format": report.export.format, "format_version": report.export.format_version,
                  "files": [_file(report, file, full) for file in report.export.files]},
        "verdict": report.verdict.value,
        "gate": _gate(report),
        "worklist": _followup(report),
        "levels": {level.value: count for level, count in report.levels().items()},
        "counts": dict(report.counts),
        "readiness": {kind: _readiness(state) for kind, state in report.readiness.items()},
        "history": _history(report),
        "root_causes": [{"rule": cause.rule, "title": cause.title, "explains": cause.explains,
                         "owner": cause.owner.value, "table": cause.table or None, "note": cause.note or None}
                        for cause in report.root_causes],
        "schools": [_school(school) for school in privacy.schools(report, full)],
        "outcomes": [_outcome(report, outcome, rows, full) for outcome in report.outcomes],
        "errors": list(report.errors),
    }


def _gate(report: Report) -> Json:
    """What the exit code is made of: the level asked for, what is allowed per rule, and the rules that fail."""
    return {"fail_on": report.gate.least.value if report.gate.least else gate.NEVER,
            "allowed": dict(sorted(report.gate.allowed.items())),
            "failing": [outcome.rule.id for outcome in gate.failing(report)]}


def _followup(report: Report) -> Json | None:
    """What became of the rows of the last work-list, in numbers only."""
    held = report.followup
    return None if held is None else {
        "done": held.done, "gone": held.gone, "still_found": dict(sorted(held.still.items())),
        "not_a_problem": held.accepted, "not_looked_at": held.unlooked}


def _profile(report: Report, profile: Any) -> Json:
    verdict = report.verdicts.get(profile.id, report.verdict)
    return {"id": profile.id, "title": profile.title, "verdict": verdict.value,
            "checklist": [{"text": item.text, "source": item.source} for item in profile.checklist]}


def _packs(report: Report) -> list[Json]:
    packs = dict(pack for profile in report.profiles for pack in profile.packs)
    return [{"id": name, "version": version} for name, version in packs.items()]


def _file(report: Report, file: SourceFile, full: bool) -> Json:
    return {"name": file.name, "table": file.table or None, "rows": file.rows, "bytes": file.bytes,
            "sha256": file.sha256, "encoding": file.encoding or None, "delimiter": file.delimiter or None,
            "line_ending": file.line_ending or None, "columns_unused": privacy.unused(report, file, full)}


def _history(report: Report) -> Json | None:
    """What became of the findings since the last run for the same profiles; None where the history has none."""
    past = history.last(report.history, report)
    if past is None:
        return None
    new, fixed, still = history.since(past, report)
    return {"since": past.as_of, "new": new, "fixed": fixed, "open": still, "runs": len(report.history)}


def _readiness(state: Readiness) -> Json:
    return {"total": state.total, "ready": state.ready, "blocked": state.blocked, "unknown": state.unknown,
            "by_rule": dict(state.by_rule),
            "steps": [{"step": words, "left": left} for words, left in state.steps]}


def _school(school: Any) -> Json:
    return {"school_id": school.school_id, "name": school.name or None, "students": school.students,
            "teachers": school.teachers, "sections": school.sections, "ready": school.ready,
            "blockers": school.blockers, "warnings": school.warnings}


def _outcome(report: Report, outcome: Outcome, rows: int | None, full: bool) -> Json:
    rule, finding = outcome.rule, outcome.finding
    places = [_place(row, full) for row in privacy.listing(report, outcome, rows, full)]
    values = privacy.tally(report, outcome, full, limit=rows)
    return {
        "rule": rule.id,
        "status": outcome.status.value,
        "level": outcome.level.value,
        "title": rule.title,
        "sentence": words.sentence(outcome) if outcome.count else None,
        "topic": rule.topic,
        "counts": rule.counts,
        "count": outcome.count if finding is None or "count" not in finding.figures else None,
        "groups": finding.groups if finding else None,
        "of": finding.of if finding else None,
        "levels": {profile: level.value for profile, level in outcome.levels.items()},
        "owner": rule.owner.value,
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "route": _route(report, outcome),
        "reason": outcome.reason,
        "waiver": _waiver(outcome),
        "waived": outcome.waived,
        "found": dict(outcome.found),
        "explained_by": outcome.explained_by,
        "figures": dict(finding.figures) if finding else {},
        "values": [{"value": value, "count": count} for value, count in values],
        "by_school": [{"school_id": school, "count": count}
                      for school, count in privacy.by_school(report, outcome, full)],
        "places": places,
        "places_listed": len(places),
    }


def _route(report: Report, outcome: Outcome) -> Json | None:
    """Where in the district's own student information system it is fixed, None where nobody has written it down."""
    route = report.routes.by_rule.get(outcome.rule.id) if report.routes else None
    return {"text": route.text, "source": route.source} if route else None


def _waiver(outcome: Outcome) -> Json | None:
    """Why, until when and by whom a finding is accepted; the records that it names are not told."""
    waiver = outcome.waiver
    if waiver is None:
        return None
    until = waiver.until.isoformat() if waiver.until else None
    return {"reason": waiver.reason, "until": until, "by": waiver.by or None}


def _place(row: privacy.PlaceRow, full: bool) -> Json:
    """A masked place is file, line, column and school: enough for whoever holds the file, nothing for anybody else."""
    return {"file": row.file, "line": row.line, "end_line": row.end_line, "column": row.column,
            "school_id": row.school_id, "key": row.key if full else None, "value": row.value if full else None,
            "group": row.group, "note": row.note}


def schema() -> Json:
    """The JSON Schema (2020-12) of the report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "rosterready report",
            **_object(_TOP, optional=("generated_at",))}


def _object(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> Json:
    return {"type": "object", "required": [name for name in properties if name not in optional],
            "properties": dict(properties)}


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

_PLACE = _object({"file": _TEXT, "line": _COUNT_OR_NULL, "end_line": _COUNT_OR_NULL, "column": _TEXT_OR_NULL,
                  "school_id": _TEXT_OR_NULL, "key": _TEXT_OR_NULL, "value": _TEXT_OR_NULL,
                  "group": {"type": ["integer", "null"]}, "note": _TEXT_OR_NULL})

_WAIVER = {"type": ["object", "null"], "required": ["reason", "until", "by"],
           "properties": {"reason": _TEXT, "until": {**_DATE, "type": ["string", "null"]}, "by": _TEXT_OR_NULL}}

_ROUTE = {"type": ["object", "null"], "required": ["text", "source"], "properties": {"text": _TEXT, "source": _TEXT}}

_OUTCOME = _object({
    "rule": _TEXT, "status": _one_of(Status), "level": _one_of(Level), "title": _TEXT, "sentence": _TEXT_OR_NULL,
    "topic": _TEXT, "counts": _TEXT, "count": _COUNT_OR_NULL, "groups": _COUNT_OR_NULL, "of": _COUNT_OR_NULL,
    "levels": _map(_one_of(Level)), "owner": _one_of(Owner), "why": _TEXT, "fix": _TEXT, "source": _TEXT,
    "route": _ROUTE, "reason": _TEXT_OR_NULL, "waiver": _WAIVER, "waived": _COUNT, "found": _map(_COUNT),
    "explained_by": _TEXT_OR_NULL,
    "figures": _map({"type": ["integer", "string"]}),
    "values": _list(_object({"value": _TEXT, "count": _COUNT})),
    "by_school": _list(_object({"school_id": _TEXT_OR_NULL, "count": _COUNT})),
    "places": _list(_PLACE), "places_listed": _COUNT,
})

_FOLLOWED = ("done", "gone", "not_a_problem", "not_looked_at")

_FILE = _object({"name": _TEXT, "table": _TEXT_OR_NULL, "rows": _COUNT, "bytes": _COUNT, "sha256": _TEXT,
                 "encoding": _TEXT_OR_NULL, "delimiter": _TEXT_OR_NULL, "line_ending": _TEXT_OR_NULL,
                 "columns_unused": _list(_TEXT)})

_TOP: Json = {
    "schema_version": {"const": SCHEMA_VERSION},
    "tool": _object({"name": {"const": "rosterready"}, "version": _TEXT}),
    "generated_at": {"type": "string", "format": "date-time"},
    "as_of": _DATE,
    "phase": {"enum": list(PHASES)},
    "sis": _TEXT_OR_NULL,
    "district": _TEXT_OR_NULL,
    "profiles": _list(_object({"id": _TEXT, "title": _TEXT, "verdict": _one_of(Verdict),
                               "checklist": _list(_object({"text": _TEXT, "source": _TEXT}))})),
    "packs": _list(_object({"id": _TEXT, "version": _TEXT})),
    "edition": {"enum": ["masked", "full"]},
    "input": _object({"format": _TEXT, "format_version": _TEXT_OR_NULL, "files": _list(_FILE)}),
    "verdict": _one_of(Verdict),
    "gate": _object({"fail_on": _TEXT, "allowed": _map(_COUNT), "failing": _list(_TEXT)}),
    "worklist": {"type": ["object", "null"], "required": [*_FOLLOWED, "still_found"],
                 "properties": {**dict.fromkeys(_FOLLOWED, _COUNT), "still_found": _map(_COUNT)}},
    "levels": _map(_COUNT, Level),
    "counts": _map(_COUNT),
    "readiness": _map(_object({"total": _COUNT, "ready": _COUNT, "blocked": _COUNT, "unknown": _COUNT,
                               "by_rule": _map(_COUNT), "steps": _list(_object({"step": _TEXT, "left": _COUNT}))})),
    "history": {"type": ["object", "null"], "properties": {
        "since": _DATE, "new": _list(_TEXT), "fixed": _list(_TEXT), "open": _list(_TEXT), "runs": _COUNT}},
    "root_causes": _list(_object({"rule": _TEXT, "title": _TEXT, "explains": _COUNT, "owner": _one_of(Owner),
                                  "table": _TEXT_OR_NULL, "note": _TEXT_OR_NULL})),
    "schools": _list(_object({"school_id": _TEXT, "name": _TEXT_OR_NULL, "students": _COUNT, "teachers": _COUNT,
                              "sections": _COUNT, "ready": _COUNT, "blockers": _COUNT, "warnings": _COUNT})),
    "outcomes": _list(_OUTCOME),
    "errors": _list(_TEXT),
}
