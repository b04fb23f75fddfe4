"""The result of mending as JSON, and its schema; without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from validator.model import Level, Verdict
from validator.privacy.public_values import privacy_class
from validator.privacy.small_groups import FEWEST
from validator.repair.summary import Judgment, Mended, Tally

SCHEMA_VERSION = "1.0"
"""Additions keep it; a renamed or removed key raises it."""

Json = dict[str, Any]

HELD = ("students", "teachers")


def document(mended: Mended) -> Json:
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
        "before": _judgment(mended.before),
        "after": None if mended.after is None else _judgment(mended.after),
    }


def _tally(tally: Tally, mended: Mended) -> Json:
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
    """Return how many mended cells the output counts; None where that tells about few children."""
    if tally.column is None or tally.count >= FEWEST:
        return tally.count
    is_sensitive = privacy_class(tally.table, tally.column)[0] == "sensitive"
    return None if is_sensitive else tally.count


def _judgment(judgment: Judgment) -> Json:
    return {
        "verdict": judgment.verdict.value,
        "levels": {level.value: count for level, count in judgment.levels.items()},
        "counts": dict(judgment.counts),
        "held_back": dict(judgment.held_back),
    }


_COUNT: Json = {"type": "integer", "minimum": 0}
_TEXT: Json = {"type": "string"}
_MAYBE: Json = {"type": ["string", "null"]}


_TALLY: Json = {
    "kind": _TEXT,
    "title": _TEXT,
    "file": _TEXT,
    "column": _MAYBE,
    "count": {"type": ["integer", "null"], "minimum": 0},
    "fewer_than": _COUNT,
}


def _object(properties: Json, optional: Sequence[str] = ()) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def schema() -> Json:
    """Return the JSON Schema of the output of mending."""
    counts = {"type": "object", "additionalProperties": _COUNT}
    judgment = _object(
        {
            "verdict": {"enum": [verdict.value for verdict in Verdict]},
            "levels": _object({level.value: _COUNT for level in Level if level != Level.FACT}),
            "counts": counts,
            "held_back": counts,
        }
    )
    left = {"file": _TEXT, "column": _MAYBE, "count": _COUNT, "reason": _TEXT}
    whole = _object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "tool": _object({"name": _TEXT, "version": _TEXT}),
            "generated_at": _TEXT,
            "as_of": _TEXT,
            "edition": {"const": "masked"},
            "profiles": {"type": "array", "items": _TEXT},
            "format": _TEXT,
            "to": _MAYBE,
            "dry_run": {"type": "boolean"},
            "files": {"type": "array", "items": _object({"name": _TEXT, "rows": _COUNT})},
            "changed": _COUNT,
            "changes": {"type": "array", "items": _object(_TALLY, ["fewer_than"])},
            "left": {"type": "array", "items": _object({"kind": _TEXT, **left})},
            "left_out": {"type": "array", "items": _object(left)},
            "before": judgment,
            "after": {"anyOf": [{"type": "null"}, judgment]},
        },
        ["generated_at"],
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}
