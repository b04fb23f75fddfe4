"""SARIF 2.1.0 for code scanning: a result per place; always masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from validator import wording
from validator.followup import gate
from validator.model import Diagnosis, Level, Outcome, Report, Rule, Status
from validator.outputs.json.layout import indent_all
from validator.outputs.placement import NOWHERE, Fingerprints, Placement
from validator.privacy import values
from validator.privacy.masking import MaskedReport
from validator.privacy.small_groups import has_hidden_count
from validator.text import escape_json, escape_markdown

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE, ROOT = "EXPORT", "%SRCROOT%"
"""Names of the folder to which paths are relative: of the export, or of its repository."""

BASES = {BASE: "The folder of the export.", ROOT: "The root of the repository."}

RESULTS = 5_000
"""Results in all; GitHub shows no more of one run. The worst come first."""

LEVELS = {
    Level.BLOCKER: "error",
    Level.WARNING: "warning",
    Level.ADVICE: "note",
    Level.FACT: "none",
}

Json = dict[str, Any]


def render(report: MaskedReport, rows: int | None = 200, placement: Placement = NOWHERE) -> bytes:
    """Render the report as SARIF. `rows`: per rule (None: as many as there is room for)."""
    run = _run(report, rows)
    _move(run, placement)
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return (escape_json(indent_all(log)) + "\n").encode()


def _move(run: Json, placement: Placement) -> None:
    """Give each place in SARIF its path from the repository's root, and each result its name."""
    base = BASE if placement.folder is None else ROOT
    run["originalUriBaseIds"] = {base: {"description": {"text": BASES[base]}}}
    for artifact in run["artifacts"]:
        _locate(artifact["location"], placement, base)
    if placement.container:
        del run["artifacts"][1:]
    prints = Fingerprints()
    for result in run["results"]:
        file, column = "", result.get("properties", {}).get("column", "")
        for place in (it["physicalLocation"] for it in result.get("locations", ())):
            _locate(place["artifactLocation"], placement, base)
            file = place["artifactLocation"]["uri"]
            if placement.container:
                place.pop("region", None)
        name = prints.build(result["ruleId"], file, column)
        result["partialFingerprints"] = {"rosterreadyPlace/v1": name}


def _locate(location: Json, placement: Placement, base: str) -> None:
    location["uri"] = quote(placement.locate(location["uri"]), errors="replace")
    location["uriBaseId"] = base


def _run(report: Report, rows: int | None) -> Json:
    """Render a report's run in SARIF, with its rules and results."""
    profiles = "+".join(profile.id for profile in report.profiles)
    results: list[Json] = []
    numbers = {outcome.rule.id: number for number, outcome in enumerate(report.outcomes)}
    diagnosed = list({each.id: each for each in report.diagnoses if each.sure}.values())
    numbers |= {each.id: len(numbers) + at for at, each in enumerate(diagnosed)}
    for each in (each for each in report.diagnoses if each.sure):
        results.append(_build_diagnosis_result(report, each, numbers[each.id]))
    listed = [
        outcome.drop_explained()
        for outcome in report.outcomes
        if outcome.status in (Status.FOUND, Status.WAIVED)
    ]
    listed.sort(key=lambda outcome: (outcome.status is Status.WAIVED, outcome.level.rank))
    for outcome in listed:
        room = RESULTS - len(results)
        most = room if rows is None else min(rows, room)
        results += _build_results(report, outcome, number=numbers[outcome.rule.id], most=most)
    return {
        "tool": {"driver": _build_driver(report, diagnosed)},
        "automationDetails": {"id": f"rosterready/{quote(profiles)}/"},
        "invocations": [_build_invocation(report)],
        "artifacts": [
            {"location": _name_uri(file.name), "roles": ["analysisTarget"]}
            for file in report.export.files
        ],
        "results": results,
        "properties": {
            "verdict": report.verdict.value,
            "as_of": report.as_of.isoformat(),
            "edition": "masked",
        },
    }


def _build_driver(report: Report, diagnosed: Sequence[Diagnosis]) -> Json:
    """Return the driver in SARIF: the program, its version and its rules."""
    return {
        "name": "rosterready",
        "version": report.version,
        "semanticVersion": report.version,
        "rules": [
            *(_build_rule(outcome) for outcome in report.outcomes),
            *(_build_diagnosis_rule(each) for each in diagnosed),
        ],
    }


def _build_rule(outcome: Outcome) -> Json:
    rule = outcome.rule
    link = {"helpUri": rule.source} if rule.source.startswith("https://") else {}
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {"text": _render_help(rule), "markdown": _render_help_page(rule)},
        **link,
        "defaultConfiguration": {"level": LEVELS[rule.level]},
        "properties": {
            "tags": [rule.topic, rule.owner.value],
            "status": outcome.status.value,
            **({} if has_hidden_count(outcome.finding) else {"count": outcome.count}),
        },
    }


def _build_diagnosis_rule(diagnosis: Diagnosis) -> Json:
    """Return a kind of diagnosis as a rule in SARIF."""
    text = diagnosis.text
    return {
        "id": text.id,
        "shortDescription": {"text": text.title},
        "fullDescription": {"text": text.why or text.title},
        "help": {"text": f"{text.why} Fix: {text.fix} Who: {wording.OWNERS[text.owner]}."},
        "defaultConfiguration": {"level": LEVELS[text.level]},
        "properties": {"tags": ["diagnosis", text.owner.value]},
    }


def _build_diagnosis_result(report: Report, diagnosis: Diagnosis, number: int) -> Json:
    """Return one result for a diagnosis, whatever it explains."""
    text = diagnosis.text
    where = wording.describe_damage(diagnosis)
    message = f"{wording.describe_diagnosis(diagnosis)} {where}. Fix: {text.fix}"
    lines = min((int(block.lines.min()) for block in diagnosis.places if len(block)), default=0)
    region = {"region": {"startLine": lines}} if lines else {}
    place = {"artifactLocation": _name_uri(diagnosis.file), **region}
    return {
        "ruleId": text.id,
        "ruleIndex": number,
        "level": LEVELS[diagnosis.level],
        "kind": "informational" if diagnosis.level is Level.FACT else "fail",
        "message": {"text": message},
        **({"locations": [{"physicalLocation": place}]} if diagnosis.file else {}),
        **_compare_with_baseline(report, diagnosis),
        "properties": {
            "records": diagnosis.records,
            "people": diagnosis.people,
            "explains": dict(diagnosis.explains),
        },
    }


def _render_help_page(rule: Rule) -> str:
    """Return why a rule matters and how it is fixed, as Markdown."""
    parts = [
        escape_markdown(rule.why),
        f"**Fix:** {escape_markdown(rule.fix)}",
        f"**Who:** {wording.OWNERS[rule.owner]}",
        f"`rosterready explain {rule.id}` says more.",
    ]
    return "\n\n".join(part for part in parts if part)


def _render_help(rule: Rule) -> str:
    return " ".join(
        part
        for part in (rule.why, f"Fix: {rule.fix}", f"Who: {wording.OWNERS[rule.owner]}.")
        if part
    )


def _build_results(report: Report, outcome: Outcome, *, number: int, most: int) -> list[Json]:
    """Return a result per listed place, or one for the files where no places are listed."""
    if most <= 0:
        return []
    listed = values.list_places(report, outcome, most)
    summary = wording.describe(outcome)
    result: Json = {
        "ruleId": outcome.rule.id,
        "ruleIndex": number,
        "level": LEVELS[outcome.level],
        "kind": "informational" if outcome.level is Level.FACT else "fail",
        **_compare_with_baseline(report, outcome),
    }
    if outcome.status is Status.WAIVED:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": outcome.waiver.reason if outcome.waiver else "",
            }
        ]
    if listed:
        return [
            {
                **result,
                **_build_level(row, outcome),
                "message": {"text": _build_message(row, outcome, summary)},
                "locations": [_place(row)],
                **({"properties": {"column": row.column}} if row.column else {}),
            }
            for row in listed
        ]
    places = outcome.finding.places if outcome.finding else ()
    files = list(dict.fromkeys(block.file for block in places if block.file))
    where = {
        "locations": [{"physicalLocation": {"artifactLocation": _name_uri(file)}} for file in files]
    }
    return [{**result, "message": {"text": f"{summary}."}, **(where if files else {})}]


def _compare_with_baseline(report: Report, problem: Outcome | Diagnosis) -> Json:
    """Return in SARIF whether a problem is new since the baseline."""
    gate_of_run = report.gate
    if not gate_of_run.has_baseline:
        return {}
    name = problem.rule.id if isinstance(problem, Outcome) else problem.id
    if name not in gate_of_run.allowed:
        return {"baselineState": "new"}
    count = problem.count if isinstance(problem, Outcome) else problem.records
    return {"baselineState": "updated" if count > gate_of_run.allowed[name] else "unchanged"}


def _build_level(row: values.PlaceRow, outcome: Outcome) -> Json:
    """Return the level and kind of a SARIF result."""
    level = row.level or outcome.level
    return {"level": LEVELS[level], "kind": "informational" if level is Level.FACT else "fail"}


def _build_message(row: values.PlaceRow, outcome: Outcome, summary: str) -> str:
    parts = (wording.name_column(row.column, headed=row.headed), row.note)
    where = f" ({', '.join(filter(None, parts))})" if any(parts) else ""
    return f"{outcome.rule.title}{where}. In all: {summary}. Fix: {outcome.rule.fix}"


def _place(row: values.PlaceRow) -> Json:
    """Render a place as the location in a SARIF report."""
    place: Json = {"artifactLocation": _name_uri(row.file)}
    if row.line:
        place["region"] = {
            "startLine": row.line,
            **({"endLine": row.end_line} if row.end_line else {}),
        }
    return {"physicalLocation": place}


def _name_uri(file: str) -> Json:
    """Return a file as the location of an artifact in SARIF."""
    return {"uri": file}


def _build_invocation(report: Report) -> Json:
    """Return the invocation in SARIF: whether all went well, and rules not checked."""
    left = [
        outcome for outcome in report.outcomes if outcome.status in (Status.SKIPPED, Status.BROKEN)
    ]
    notes = [
        {
            "level": "error" if outcome.status is Status.BROKEN else "warning",
            "message": {
                "text": f"{outcome.rule.title}: "
                f"{outcome.reason or wording.STATUSES[outcome.status]}"
            },
            "associatedRule": {"id": outcome.rule.id},
        }
        for outcome in left
    ]
    when = (
        {"endTimeUtc": f"{report.generated_at:%Y-%m-%dT%H:%M:%SZ}"} if report.generated_at else {}
    )
    return {
        "executionSuccessful": not report.errors,
        **when,
        "toolExecutionNotifications": notes,
        "properties": {"failing": gate.list_failing(report)},
    }
