"""JSON with a line for each member, as the standard library writes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from validator.outputs.json.layout import indent_all

VALUES: list[Any] = [
    {},
    [],
    [[]],
    [{}],
    {"a": []},
    {"a": {}, "b": 1},
    [1, "two", None, True, 2.5],
    {'quote"': "line\nbreak", "é": "\u2028"},
    {"a": [1, {"b": [2, [3]]}], "c": {"d": {"e": []}}},
    "text",
    7,
]


@pytest.mark.parametrize("step", [" ", "  "])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_each_member_is_on_a_line_as_json_dumps_writes_it(value: Any, step: str) -> None:
    assert indent_all(value, step) == json.dumps(value, ensure_ascii=False, indent=step)
