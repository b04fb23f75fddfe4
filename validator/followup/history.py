"""The history file: one line of counts per run, without personal data, and what became of the findings since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator import files, limits, wording
from validator.model import BadUsage, Level, Past, Report, Status

VERSION = 1

LARGEST = limits.most("report-bytes")
"""A history of a run a day for a thousand years stays below."""


def load(path: Path) -> list[Past]:
    """The runs in the file, oldest first; none where there is no file yet. Raises BadUsage."""
    found = []
    for number, line in enumerate(_lines(path), 1):
        try:
            if line.strip():
                found.append(_past(files.parsed(line)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadUsage(
                f"{path}:{number}: this is no line of a history; give another file with --history"
            ) from None
    return found


def _lines(path: Path) -> list[str]:
    try:
        raw = files.content(path, LARGEST) if path.exists() else b""
        text = raw.decode("utf-8")
    except OSError as error:
        raise BadUsage(
            f"{path}: the history cannot be read ({error.strerror or type(error).__name__})"
        ) from None
    except UnicodeDecodeError:
        raise BadUsage(
            f"{path}: this is no history, which is UTF-8 text; give another file with --history"
        ) from None
    if len(raw) > LARGEST:
        raise BadUsage(f"{path} is larger than any history: {limits.beyond('report-bytes')}")
    return text.splitlines()


def _past(told: Any) -> Past:
    """The run that one line holds. Raises ValueError, KeyError, TypeError or AttributeError where it holds none."""
    return Past(
        str(told["as_of"]),
        tuple(map(str, told["profiles"])),
        str(told["verdict"]),
        *(_counts(told[name]) for name in ("counts", "ready", "findings")),
    )


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    if not all(map(files.is_count, told.values())):
        raise ValueError("no number of records")
    return dict(told)


def entry(report: Report) -> Past:
    """This run as the history keeps it: counts only."""
    return Past(
        report.as_of.isoformat(),
        tuple(profile.id for profile in report.profiles),
        report.verdict.value,
        dict(report.counts),
        {name: state.ready for name, state in report.readiness.items()},
        {
            outcome.rule.id: outcome.count
            for outcome in report.outcomes
            if outcome.status is Status.FOUND and outcome.level is not Level.FACT
        },
    )


def line(past: Past) -> str:
    """The run as one line of JSON, with its line end."""
    return (
        json.dumps(
            {
                "version": VERSION,
                "as_of": past.as_of,
                "profiles": list(past.profiles),
                "verdict": past.verdict,
                "counts": dict(past.counts),
                "ready": dict(past.ready),
                "findings": dict(past.findings),
            }
        )
        + "\n"
    )


def last(runs: Sequence[Past], report: Report) -> Past | None:
    """The latest run for the same profiles."""
    same = [
        past for past in runs if past.profiles == tuple(profile.id for profile in report.profiles)
    ]
    return same[-1] if same else None


def since(past: Past, report: Report) -> tuple[list[str], list[str], list[str]]:
    """Rule ids that are new, fixed, and still open since an earlier run."""
    before, now = past.findings.keys(), entry(report).findings.keys()
    asked = {
        outcome.rule.id
        for outcome in report.outcomes
        if outcome.status in (Status.PASSED, Status.WAIVED)
    }
    return sorted(now - before), sorted((before - now) & asked), sorted(now & before)


def sentence(runs: Sequence[Past], report: Report) -> str:
    """`Since 2026-08-02: 3 findings are new, 12 are fixed, 40 are still open.`; "" for the first run."""
    past = last(runs, report)
    if past is None:
        return ""
    new, fixed, still = (len(ids) for ids in since(past, report))
    return (
        f"Since {past.as_of}: {wording.counted(new, 'findings')} {'is' if new == 1 else 'are'} new, "
        f"{wording.number(fixed)} {'is' if fixed == 1 else 'are'} fixed, "
        f"{wording.number(still)} {'is' if still == 1 else 'are'} still open."
    )
