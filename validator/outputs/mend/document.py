"""The result of mending as JSON, and its schema; without personal data."""

from __future__ import annotations

from validator.model import Level, Verdict
from validator.outputs.json_schema import (
    COUNT,
    COUNT_OR_NULL,
    FLAG,
    TEXT,
    TEXT_OR_NULL,
    TOOL,
    Json,
    allow_null,
    describe_choice,
    describe_document,
    describe_list,
    describe_map,
    describe_object,
)
from validator.privacy.public_values import find_privacy_class
from validator.privacy.small_groups import FEWEST
from validator.repair.summary import Judgment, Mended, Tally

SCHEMA_VERSION = "1.0"
"""Additions keep it; a renamed or removed key raises it."""

HELD = ("students", "teachers")


def build_document(mended: Mended) -> Json:
    """Render the result of mending as data for JSON: counts, public words, no values."""
    pinned = mended.generated_at is None
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rosterready", "version": mended.version},
        **({} if pinned else {"generated_at": f"{mended.generated_at:%Y-%m-%dT%H:%M:%SZ}"}),
        "as_of": mended.as_of.isoformat(),
        "edition": "masked",
        "profiles": list(mended.profiles),
        "format": mended.format,
        "to": mended.to or None,
        "dry_run": mended.after is None,
        "files": [{"name": name, "rows": rows} for name, rows in mended.files],
        "changed": mended.count,
        "changes": [_tally(tally, mended) for tally in mended.tallies],
        "left": [
            {
                "kind": left.kind,
                "file": left.file,
                "column": mended.show_column(left.file, left.column),
                "count": left.count,
                "reason": left.reason,
            }
            for left in mended.left
        ],
        "left_out": [
            {
                "file": left.file,
                "column": mended.show_column(left.file, left.column),
                "count": left.count,
                "reason": left.reason,
            }
            for left in mended.left_out
        ],
        "before": _build_judgment(mended.before),
        "after": None if mended.after is None else _build_judgment(mended.after),
    }


def _tally(tally: Tally, mended: Mended) -> Json:
    """Return one entry of mend's JSON report: how many cells a repair changed in a column."""
    count = show_count(tally)
    hidden = {} if count is not None else {"fewer_than": FEWEST}
    return {
        "kind": tally.kind,
        "title": mended.kinds[tally.kind].title,
        "file": tally.file,
        "column": tally.column,
        "count": count,
        **hidden,
    }


def show_count(tally: Tally) -> int | None:
    """Return the cell count that mend's JSON report shows; None where it tells of few children."""
    if tally.column is None or tally.count >= FEWEST:
        return tally.count
    is_sensitive = find_privacy_class(tally.table, tally.column)[0] == "sensitive"
    return None if is_sensitive else tally.count


def _build_judgment(judgment: Judgment) -> Json:
    """Render a judgment in mend's JSON report."""
    return {
        "verdict": judgment.verdict.value,
        "levels": {level.value: count for level, count in judgment.levels.items()},
        "counts": dict(judgment.counts),
        "held_back": dict(judgment.held_back),
    }


_TALLY: Json = {
    "kind": TEXT,
    "title": TEXT,
    "file": TEXT,
    "column": TEXT_OR_NULL,
    "count": COUNT_OR_NULL,
    "fewer_than": COUNT,
}


def build_schema() -> Json:
    """Return the JSON Schema of the output of mending."""
    counts = describe_map(COUNT)
    judgment = describe_object(
        {
            "verdict": describe_choice(Verdict),
            "levels": describe_object(
                {level.value: COUNT for level in Level if level != Level.FACT}
            ),
            "counts": counts,
            "held_back": counts,
        }
    )
    left = {"file": TEXT, "column": TEXT_OR_NULL, "count": COUNT, "reason": TEXT}
    return describe_document(
        "rosterready mend",
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "tool": TOOL,
            "generated_at": TEXT,
            "as_of": TEXT,
            "edition": {"const": "masked"},
            "profiles": describe_list(TEXT),
            "format": TEXT,
            "to": TEXT_OR_NULL,
            "dry_run": FLAG,
            "files": describe_list(describe_object({"name": TEXT, "rows": COUNT})),
            "changed": COUNT,
            "changes": describe_list(describe_object(_TALLY, optional=("fewer_than",))),
            "left": describe_list(describe_object({"kind": TEXT, **left})),
            "left_out": describe_list(describe_object(left)),
            "before": judgment,
            "after": allow_null(judgment),
        },
        optional=("generated_at",),
    )
