"""The JSON report for programs: the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validator import wording
from validator.followup import gate, history
from validator.model import Diagnosis, Outcome, Readiness, Report, SourceFile, Status
from validator.outputs.json import first_sync
from validator.outputs.json.layout import indent
from validator.outputs.json.schema import SCHEMA_VERSION, build_schema
from validator.outputs.json_schema import Json
from validator.privacy import values as privacy_values
from validator.privacy.small_groups import get_bound, has_hidden_count, write_hidden
from validator.text import escape_json

__all__ = ["build_document", "build_schema", "render"]


def render(report: Report, rows: int | None = 200) -> bytes:
    """Render the report as UTF-8 JSON. `rows`: places listed per finding (None: all)."""
    return (escape_json(indent(build_document(report, rows))) + "\n").encode()


def build_document(report: Report, rows: int | None) -> Json:
    """Render the report as plain data for JSON, keys in their fixed order."""
    pinned = report.generated_at is None
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rosterready", "version": report.version},
        **({} if pinned else {"generated_at": f"{report.generated_at:%Y-%m-%dT%H:%M:%SZ}"}),
        "as_of": report.as_of.isoformat(),
        "phase": report.phase,
        "sis": report.routes.id if report.routes else None,
        "district": report.district,
        "profiles": [_build_profile(report, profile) for profile in report.profiles],
        "packs": _list_packs(report),
        "edition": "masked" if privacy_values.is_masked(report) else "full",
        "input": {
            "format": report.export.format,
            "format_version": report.export.format_version,
            "files": [_build_file(report, file) for file in report.export.files],
        },
        "verdict": report.verdict.value,
        "gate": _build_gate(report),
        "worklist": _build_followup(report),
        "first_sync": first_sync.build_document(report.first_sync),
        "levels": {level.value: count for level, count in report.levels().items()},
        "counts": dict(report.counts),
        "readiness": _list_readiness(report.readiness),
        "readiness_by_profile": {
            name: _list_readiness(result.readiness) for name, result in report.by_profile.items()
        },
        "history": _build_history(report),
        **_order(report),
        "diagnoses": [_build_diagnosis(diagnosis) for diagnosis in report.diagnoses],
        "schools": [_build_school(school) for school in privacy_values.list_schools(report)],
        "outcomes": [_build_outcome(report, outcome, rows) for outcome in report.outcomes],
        "errors": list(report.errors),
    }


def _order(report: Report) -> Json:
    """Return what to fix, first things first, and what `mend` can put right."""
    return {
        "priorities": list(report.priorities),
        "mends": sorted(report.mends),
        "priorities_by_profile": {
            name: list(result.priorities) for name, result in report.by_profile.items()
        },
    }


def _build_diagnosis(diagnosis: Diagnosis) -> Json:
    """Render a diagnosis in the JSON report."""
    text = diagnosis.text
    return {
        "id": diagnosis.id,
        "title": text.title,
        "file": diagnosis.file,
        "column": diagnosis.column,
        "records": diagnosis.records,
        "people": diagnosis.people,
        "evidence": diagnosis.evidence,
        "sure": diagnosis.sure,
        "level": diagnosis.level.value,
        "levels": {profile: level.value for profile, level in diagnosis.levels.items()},
        "owner": text.owner.value,
        "why": text.why,
        "fix": text.fix,
        "source": text.source,
        "explains": [{"rule": rule, "count": count} for rule, count in diagnosis.explains],
        "by_school": _list_schools(privacy_values.rank_schools(diagnosis.by_school)),
        "mend": diagnosis.mend,
    }


def _build_gate(report: Report) -> Json:
    """Render in the JSON report what decides the exit code: level, allowances, failing rules."""
    return {
        "fail_on": report.gate.least.value if report.gate.least else gate.NEVER,
        "allowed": dict(sorted(report.gate.allowed.items())),
        "failing": gate.list_failing(report),
    }


def _build_followup(report: Report) -> Json | None:
    """Render in the JSON report what became of the last work-list's rows, in numbers only."""
    followup = report.followup
    if followup is None:
        return None
    return {
        "done": followup.done,
        "gone": followup.gone,
        "still_found": dict(sorted(followup.still.items())),
        "not_a_problem": followup.accepted,
        "not_looked_at": followup.not_checked,
        "new": followup.new,
        "unclear": followup.unclear,
    }


def _build_profile(report: Report, profile: Any) -> Json:
    """Render a profile in the JSON report."""
    verdict = report.verdicts.get(profile.id, report.verdict)
    return {
        "id": profile.id,
        "title": profile.title,
        "verdict": verdict.value,
        "levels": _count_levels(report, profile.id),
        "checklist": [{"text": item.text, "source": item.source} for item in profile.checklist],
    }


def _count_levels(report: Report, profile: str) -> Json:
    """Return how many problems one profile has, by level."""
    result = report.by_profile.get(profile)
    levels = result.levels if result else report.levels()
    return {level.value: count for level, count in levels.items()}


def _list_packs(report: Report) -> list[Json]:
    """List the packs of all profiles for the JSON report."""
    packs = dict(pack for profile in report.profiles for pack in profile.packs)
    return [{"id": name, "version": version} for name, version in packs.items()]


def _build_file(report: Report, file: SourceFile) -> Json:
    """Render a file in the JSON report; its digest could give its only hidden cell away."""
    return {
        "name": file.name,
        "table": file.table or None,
        "rows": file.rows,
        "bytes": file.bytes,
        "sha256": None if privacy_values.is_masked(report) else file.sha256,
        "encoding": file.encoding or None,
        "delimiter": file.delimiter or None,
        "line_ending": file.line_ending or None,
        "columns_unused": list(file.columns_unused),
    }


def _build_history(report: Report) -> Json | None:
    """Render in the JSON report what became of the findings since the last run, if any."""
    past = history.find_last(report.history, report)
    if past is None:
        return None
    new, fixed, still = history.list_changes(past, report)
    return {
        "since": past.as_of,
        "new": new,
        "fixed": fixed,
        "open": still,
        "runs": len(report.history),
    }


def _list_readiness(by_kind: Mapping[str, Readiness]) -> Json:
    """Return the readiness of every kind of person, as the JSON report writes it."""
    return {kind: _build_readiness(state) for kind, state in by_kind.items()}


def _build_readiness(state: Readiness) -> Json:
    """Return how many are ready and why not, and the steps in all and per school."""
    return {
        "total": state.total,
        "ready": state.ready,
        "blocked": state.blocked,
        "unknown": state.unknown,
        "set_aside": state.set_aside,
        "by_rule": dict(state.by_rule),
        "steps": [{"step": step, "left": left} for step, left in state.steps],
        "by_school": [
            {"school_id": school, "left": list(left)}
            for school, left in privacy_values.count_steps_by_school(state)
        ],
    }


def _build_school(school: Any) -> Json:
    """Render a row of the JSON report about one school's readiness."""
    return {
        "school_id": school.school_id or None,
        "name": school.name or None,
        "students": school.students,
        "teachers": school.teachers,
        "sections": school.sections,
        "ready": school.ready,
        "blockers": school.blockers,
        "warnings": school.warnings,
    }


def _build_outcome(report: Report, outcome: Outcome, rows: int | None) -> Json:
    """Render the outcome of a rule in the JSON report."""
    rule, finding = outcome.rule, outcome.finding
    listed = privacy_values.list_places(report, outcome, rows)
    places = [_place(row, masked=privacy_values.is_masked(report)) for row in listed]
    values = privacy_values.tally(outcome, limit=rows)
    return {
        "rule": rule.id,
        "status": outcome.status.value,
        "level": outcome.level.value,
        "title": rule.title,
        "sentence": _render_sentence(outcome),
        "topic": rule.topic,
        "counts": rule.counts,
        "count": None if has_hidden_count(finding) else outcome.count,
        "fewer_than": get_bound(finding),
        "explained": outcome.explained,
        "groups": finding.groups if finding else None,
        "of": finding.of if finding else None,
        "levels": {profile: level.value for profile, level in outcome.levels.items()},
        "owner": rule.owner.value,
        "consequence": rule.consequence.value,
        "why": rule.why,
        "fix": rule.fix,
        "fix_needed": rule.fix_needed,
        "source": rule.source,
        "route": _find_route(report, outcome),
        "reason": outcome.reason,
        "waiver": _build_waiver(outcome),
        "allowance": gate.describe_allowance(report, outcome) or None,
        "waived": outcome.waived,
        "found": dict(outcome.found),
        "explained_by": outcome.explained_by,
        "figures": write_hidden(finding.figures) if finding else {},
        "values": [{"value": value, "count": count} for value, count in values],
        "by_school": _list_schools(privacy_values.count_by_school(report, outcome)),
        "places": places,
        "places_listed": len(places),
    }


def _list_schools(counts: Sequence[tuple[str | None, int]]) -> list[Json]:
    """List for the JSON report how many records each school has."""
    return [{"school_id": school, "count": count} for school, count in counts]


def _render_sentence(outcome: Outcome) -> str | None:
    """Render for the JSON report what no diagnosis explains; all of it if nothing else is left."""
    if not outcome.count:
        return None
    is_open = outcome.status is Status.FOUND
    return wording.describe(outcome.drop_explained() if is_open else outcome)


def _find_route(report: Report, outcome: Outcome) -> Json | None:
    """Return where in the district's own student information system it is fixed, if known."""
    route = report.routes.by_rule.get(outcome.rule.id) if report.routes else None
    return {"text": route.text, "source": route.source} if route else None


def _build_waiver(outcome: Outcome) -> Json | None:
    """Render in the JSON report why, until when and by whom a finding is accepted."""
    waiver = outcome.waiver
    if waiver is None:
        return None
    until = waiver.until.isoformat() if waiver.until else None
    return {"reason": waiver.reason, "until": until, "by": waiver.by or None}


def _place(row: privacy_values.PlaceRow, *, masked: bool) -> Json:
    """Render a place in the JSON report; masked, it means nothing without the file."""
    return {
        "file": row.file,
        "line": row.line,
        "end_line": row.end_line,
        "column": row.column,
        "school_id": row.school_id,
        "key": None if masked else row.key,
        "value": None if masked else row.value,
        "group": row.group,
        "note": row.note,
        "explained_by": row.explained_by or None,
    }
