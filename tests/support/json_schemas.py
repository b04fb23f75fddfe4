"""JSON Schemas for tests, stricter than the published ones, and checked once each."""

from __future__ import annotations

import functools
import json
from typing import Any

import jsonschema


def validate(document: Any, schema: Any) -> None:
    """Raise jsonschema.ValidationError unless a document follows a JSON Schema of 2020-12."""
    build_validator(json.dumps(schema)).validate(document)


@functools.cache
def build_validator(schema: str) -> jsonschema.Draft202012Validator:
    """Return the validator of a JSON Schema, given as its text. Raises where it is none."""
    parsed = json.loads(schema)
    jsonschema.Draft202012Validator.check_schema(parsed)
    checker = jsonschema.FormatChecker()
    return jsonschema.Draft202012Validator(parsed, format_checker=checker)


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
