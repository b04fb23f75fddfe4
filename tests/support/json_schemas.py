"""JSON Schemas for tests, stricter than the published ones."""

from __future__ import annotations

from typing import Any


def forbid_other_keys(schema: Any) -> Any:
    """Return a JSON Schema in which no object has a key beyond the listed properties."""
    if isinstance(schema, list):
        return [forbid_other_keys(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    stricter = {key: forbid_other_keys(part) for key, part in schema.items()}
    if "properties" in stricter and "type" in stricter:
        stricter.setdefault("additionalProperties", False)
    return stricter
