"""All districts in one view: by verdict and by rule, the worst first, and recent changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from validator import __version__
from validator.model import Level, Status, Verdict
from validator.portfolio import page, workbook
from validator.portfolio.district import FAILED, Conditions, Row

SCHEMA_VERSION = "2.1"
KINDS = ("students", "teachers", "sections")


def build_overview(
    rows: Sequence[Row], conditions: Conditions, gone: Sequence[str]
) -> dict[str, Any]:
    """Return the overview of many districts as plain data, from the rows of this and earlier runs.

    `gone`: districts of earlier runs that are not in this one.
    """
    shown = sorted((_select_shown(row) for row in rows), key=_rank_row)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rosterready", "version": __version__},
        "as_of": conditions.as_of,
        "edition": "masked",
        "profiles": list(dict.fromkeys(profile for row in shown for profile in row["profiles"])),
        "verdicts": {
            verdict.value: sum(row["verdict"] == verdict for row in shown) for verdict in Verdict
        },
        "failed": sum(row["status"] == FAILED for row in shown),
        "people": {
            kind: _sum_readiness(row["readiness"].get(kind, {}) for row in shown) for kind in KINDS
        },
        "by_diagnosis": _sum_diagnoses(shown),
        "by_rule": _sum_rules(shown),
        "changed": _list_changes(shown, gone),
        "districts": shown,
    }


def render_files(summed: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of the overview of many districts by name."""
    return {
        "portfolio.json": _encode_json(summed),
        "portfolio.html": page.render(summed),
        "portfolio.xlsx": workbook.render(summed),
    }


def _encode_json(summed: Mapping[str, Any]) -> bytes:
    """Return the portfolio's overview as JSON, with a line for each district and rule."""
    parts = []
    for name, value in summed.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value)
            text = f"[\n{inner}\n  ]"
        parts.append(f"  {json.dumps(name)}: {text}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8", "backslashreplace")


def _select_shown(row: Row) -> Row:
    """Return a district as the overview shows it, without the fields kept for the next run."""
    shown = {
        name: value for name, value in row.items() if name not in ("digest", "version", "before")
    }
    return {"report": None, "trend": [], **shown, "change": _change(row)}


def _change(row: Row) -> dict[str, Any] | None:
    """Return a district's changes since the last run with an answer, None where there are none."""
    before = row.get("before")
    if before is None or row["status"] == FAILED:
        return None
    counts = {
        rule["rule"]: rule["count"] for rule in row["rules"] if rule["status"] == Status.FOUND
    }
    was = before["found"]
    change = {
        "since": before["as_of"],
        "verdict_before": before["verdict"],
        "appeared": sorted(counts.keys() - was.keys()),
        "solved": sorted(was.keys() - counts.keys()),
        "more": sorted(
            rule for rule in counts.keys() & was.keys() if (counts[rule] or 0) > (was[rule] or 0)
        ),
        "fewer": sorted(
            rule for rule in counts.keys() & was.keys() if (counts[rule] or 0) < (was[rule] or 0)
        ),
    }
    same = before["verdict"] == row["verdict"] and not any(
        change[name] for name in ("appeared", "solved", "more", "fewer")
    )
    return None if same else change


def _rank_row(row: Row) -> tuple[Any, ...]:
    """Return the sort key of a district: nobody ready, no answer, then by people held back."""
    held_back = row["held"] or {"people": 0, "everybody": False}
    group = 0 if held_back["everybody"] else 1 + (row["verdict"] != Verdict.COULD_NOT_TELL)
    levels = row["levels"]
    return (
        group,
        -held_back["people"],
        Verdict(row["verdict"]).rank,
        -levels.get("blocker", 0),
        -levels.get("warning", 0),
        row["district"],
    )


def _sum_readiness(states: Any) -> dict[str, int]:
    """Sum the readiness of all districts in the portfolio."""
    total: Counter[str] = Counter()
    for state in states:
        total.update(state)
    return {name: total[name] for name in ("total", "ready", "blocked", "unknown")}


def _sum_rules(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rules found or skipped anywhere, with their numbers of districts and records."""
    totals: dict[str, dict[str, Any]] = {}
    for row in rows:
        for rule in row["rules"]:
            total = totals.setdefault(
                rule["rule"],
                {
                    "rule": rule["rule"],
                    "title": rule["title"],
                    "level": rule["level"],
                    "owner": rule["owner"],
                    "districts": 0,
                    "records": 0,
                    "not_asked": 0,
                    "broken": 0,
                },
            )
            total["level"] = min(total["level"], rule["level"], key=lambda level: Level(level).rank)
            total["districts"] += rule["status"] == Status.FOUND
            total["records"] += rule["count"] or 0 if rule["status"] == Status.FOUND else 0
            total["not_asked"] += rule["status"] == Status.SKIPPED
            total["broken"] += rule["status"] == Status.BROKEN
    return sorted(
        totals.values(),
        key=lambda total: (
            Level(total["level"]).rank,
            -total["districts"],
            -total["records"],
            total["rule"],
        ),
    )


def _sum_diagnoses(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return every sure diagnosis: in how many districts, and how many people it holds back."""
    summed: dict[str, dict[str, Any]] = {}
    for row in rows:
        sure = {each["id"]: each for each in row["diagnoses"] if each["sure"]}
        for name, each in sure.items():
            total = summed.setdefault(
                name,
                {
                    "id": name,
                    "title": each["title"],
                    "level": each["level"],
                    "owner": each["owner"],
                    "districts": 0,
                    "people": 0,
                },
            )
            total["level"] = min(total["level"], each["level"], key=lambda it: Level(it).rank)
            total["districts"] += 1
        for each in row["diagnoses"]:
            if each["sure"]:
                summed[each["id"]]["people"] += each["people"]
    return sorted(
        summed.values(),
        key=lambda it: (Level(it["level"]).rank, -it["districts"], -it["people"], it["id"]),
    )


def _list_changes(rows: Sequence[Row], gone: Sequence[str]) -> dict[str, Any]:
    """Return the districts whose answer improved, got worse or changed, and those that are gone."""
    better: list[str] = []
    worse: list[str] = []
    otherwise: list[str] = []
    for row in rows:
        if row["change"]:
            step = Verdict(row["verdict"]).rank - Verdict(row["change"]["verdict_before"]).rank
            same_or_worse = worse if step < 0 else otherwise
            group = better if step > 0 else same_or_worse
            group.append(row["district"])
    return {
        "better": sorted(better),
        "worse": sorted(worse),
        "otherwise": sorted(otherwise),
        "gone": list(gone),
    }
