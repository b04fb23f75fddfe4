"""The layout of JSON text: indented, with what has nothing nested on one line."""

from __future__ import annotations

import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

_NESTED = (dict, list)


def indent(value: Any, margin: str = "") -> str:
    """Return the value as JSON, indented; what has nothing nested is on one line."""
    if not isinstance(value, _NESTED):
        return _encode(value)
    items = value.values() if isinstance(value, dict) else value
    if not any(issubclass(kind, _NESTED) for kind in set(map(type, items))):
        return _encode(value)
    deeper = margin + "  "
    texts = [indent(item, deeper) for item in items]
    if isinstance(value, dict):
        texts = [f"{_encode(name)}: {text}" for name, text in zip(value, texts, strict=True)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    inner = f",\n{deeper}".join(texts)
    return f"{start}\n{deeper}{inner}\n{margin}{end}"
