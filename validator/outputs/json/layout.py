"""The layout of JSON text: indented, with what has nothing nested on one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

_NESTED = (dict, list)


def indent(value: Any, margin: str = "") -> str:
    """Return the value as JSON, indented; what has nothing nested is on one line."""
    if not isinstance(value, _NESTED) or not _has_nested(value):
        return _encode(value)
    deeper = margin + "  "
    if isinstance(value, dict):
        start, end, texts = "{", "}", _indent_members(value, deeper)
    else:
        start, end, texts = "[", "]", [indent(item, deeper) for item in value]
    inner = f",\n{deeper}".join(texts)
    return f"{start}\n{deeper}{inner}\n{margin}{end}"


def indent_all(value: Any, step: str = " ", margin: str = "") -> str:
    """Return the value as JSON with a line for each member and item, as `json.dumps(indent=...)`.

    Objects and lists without nested ones are encoded in C, which `json.dumps` does not indent.
    """
    if not isinstance(value, _NESTED) or not value:
        return _encode(value)
    deeper = margin + step
    if not _has_nested(value):
        inner = _build_encoder(deeper)(value)[1:-1]
    elif isinstance(value, dict):
        members = (
            f"{_encode(name)}: {indent_all(item, step, deeper)}" for name, item in value.items()
        )
        inner = f",\n{deeper}".join(members)
    else:
        inner = f",\n{deeper}".join(indent_all(item, step, deeper) for item in value)
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{deeper}{inner}\n{margin}{end}"


def _has_nested(value: Any) -> bool:
    """Return whether a JSON object or list has another one inside."""
    items = value.values() if isinstance(value, dict) else value
    return not {*map(type, items)}.isdisjoint(_NESTED)


def _indent_members(value: dict[str, Any], margin: str) -> list[str]:
    """Return the members of a JSON object as text; neighbors on one line each are one text."""
    encode = _build_encoder(margin)
    texts: list[str] = []
    short: dict[str, Any] = {}
    for name, item in value.items():
        if type(item) in _NESTED and item and (len(item) > 1 or _has_nested(item)):
            if short:
                texts.append(encode(short)[1:-1])
                short = {}
            texts.append(f"{_encode(name)}: {indent(item, margin)}")
        else:
            short[name] = item  # the same on one line and with a line for each member
    if short:
        texts.append(encode(short)[1:-1])
    return texts


@cache
def _build_encoder(margin: str) -> Callable[[Any], str]:
    """Return what encodes a JSON object with its members on a line each."""
    separators = (f",\n{margin}", ": ")
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=separators).encode
