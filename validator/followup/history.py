"""The history file: one line of counts for each run, without personal data, and what changed
since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator import files, limits, wording
from validator.model import BadUsage, Level, PastRun, Report, Status

VERSION = 1

LARGEST = limits.get_limit("report-bytes")
"""Bytes; even a thousand years of daily runs have fewer."""


def read_history(path: Path) -> list[PastRun]:
    """Load the runs in the file, oldest first; none if there is no file yet. Raises BadUsage."""
    runs = []
    for number, line in enumerate(_read_lines(path), 1):
        try:
            if line.strip():
                runs.append(_parse(files.parse_json(line)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadUsage(
                f"{path}:{number}: this is not a line of a history; "
                "give another file with --history"
            ) from None
    return runs


def _read_lines(path: Path) -> list[str]:
    """Read the lines of the history of runs. Raises BadUsage."""
    try:
        raw = files.read_limited(path, LARGEST) if path.exists() else b""
        text = raw.decode("utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadUsage(f"{path}: the history cannot be read ({reason})") from None
    except UnicodeDecodeError:
        raise BadUsage(
            f"{path}: this is not a history, which is UTF-8 text; give another file with --history"
        ) from None
    if len(raw) > LARGEST:
        raise BadUsage(
            f"{path} is larger than any history: {limits.describe_excess('report-bytes')}"
        )
    return text.splitlines()


def _parse(line: Any) -> PastRun:
    """Return the run of a line. Raises ValueError, KeyError, TypeError or AttributeError."""
    return PastRun(
        as_of=str(line["as_of"]),
        profiles=tuple(map(str, line["profiles"])),
        verdict=str(line["verdict"]),
        counts=_check_counts(line["counts"]),
        ready=_check_counts(line["ready"]),
        findings=_check_counts(line["findings"]),
    )


def _check_counts(counts: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of a line in the history. Raises ValueError for anything else."""
    if not all(map(files.is_count, counts.values())):
        raise ValueError("not a number of records")
    return dict(counts)


def build_entry(report: Report) -> PastRun:
    """Return this run as the history keeps it: counts only."""
    findings = {
        outcome.rule.id: outcome.count
        for outcome in report.outcomes
        if outcome.status is Status.FOUND and outcome.level is not Level.FACT
    }
    return PastRun(
        as_of=report.as_of.isoformat(),
        profiles=_list_profiles(report),
        verdict=report.verdict.value,
        counts=dict(report.counts),
        ready={kind: state.ready for kind, state in report.readiness.items()},
        findings=findings,
    )


def _list_profiles(report: Report) -> tuple[str, ...]:
    """Return the profiles by which the history finds the last run to compare with."""
    return tuple(profile.id for profile in report.profiles)


def format_line(run: PastRun) -> str:
    """Format a run as a line of the history file."""
    fields = {
        "version": VERSION,
        "as_of": run.as_of,
        "profiles": list(run.profiles),
        "verdict": run.verdict,
        "counts": dict(run.counts),
        "ready": dict(run.ready),
        "findings": dict(run.findings),
    }
    return json.dumps(fields) + "\n"


def find_last(runs: Sequence[PastRun], report: Report) -> PastRun | None:
    """Return the latest run for the same profiles."""
    profiles = _list_profiles(report)
    return next((run for run in reversed(runs) if run.profiles == profiles), None)


def list_changes(run: PastRun, report: Report) -> tuple[list[str], list[str], list[str]]:
    """Return the ids of rules that are new, fixed and still open since an earlier run."""
    before = run.findings.keys()
    now = build_entry(report).findings.keys()
    cleared = {
        outcome.rule.id
        for outcome in report.outcomes
        if outcome.status in (Status.PASSED, Status.WAIVED)
    }
    return sorted(now - before), sorted((before - now) & cleared), sorted(now & before)


def describe_changes(runs: Sequence[PastRun], report: Report) -> str:
    """Follow up the history's last run: say what changed since; "" for the first run.

    `Since 2026-08-02: 3 findings are new, 12 are fixed, 40 are still open.`
    """
    run = find_last(runs, report)
    if run is None:
        return ""
    new, fixed, still_open = (len(ids) for ids in list_changes(run, report))
    return (
        f"Since {run.as_of}: {wording.format_count(new, 'findings')} {_are(new)} new, "
        f"{wording.format_number(fixed)} {_are(fixed)} fixed, "
        f"{wording.format_number(still_open)} {_are(still_open)} still open."
    )


def _are(count: int) -> str:
    """Return `is` or `are` for the follow-up sentence on changes since the last run."""
    return "is" if count == 1 else "are"
