"""Parts of the JSON Schemas (2020-12) of all JSON outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
TEXT_OR_NULL: Json = {"type": ["string", "null"]}
COUNT: Json = {"type": "integer", "minimum": 0}
COUNT_OR_NULL: Json = {"type": ["integer", "null"], "minimum": 0}
FLAG: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}
TOOL: Json = {
    "type": "object",
    "required": ["name", "version"],
    "properties": {"name": {"const": "rosterready"}, "version": TEXT},
}


def describe_document(title: str, properties: Json, *, optional: Collection[str] = ()) -> Json:
    """Return the JSON Schema of a whole JSON output; all keys but `optional` are required."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **describe_object(properties, optional=optional),
    }


def describe_object(properties: Mapping[str, Any], *, optional: Collection[str] = ()) -> Json:
    """Return, for an output's JSON Schema, an object; all keys but `optional` are required."""
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


def describe_list(items: Json) -> Json:
    """Return, for an output's JSON Schema, a list of equal items."""
    return {"type": "array", "items": items}


def describe_map(values: Json) -> Json:
    """Return, for an output's JSON Schema, an object with any keys and equal values."""
    return {"type": "object", "additionalProperties": values}


def describe_choice(words: type[StrEnum]) -> Json:
    """Return, for an output's JSON Schema, one of the values of an enumeration."""
    return {"enum": [word.value for word in words]}


def allow_null(schema: Json) -> Json:
    """Return an output's JSON Schema that also accepts null."""
    return {"anyOf": [schema, {"type": "null"}]}
