"""Numbers with their nouns."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import validator
from validator.wording import format_count
from validator.wording.labels import SINGULAR


def list_nouns() -> Iterator[str]:
    """The nouns that the program counts by name."""
    for path in Path(validator.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "format_count" in source else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("format_count"):
                noun = node.args[1]
                if isinstance(noun, ast.Constant):
                    yield str(noun.value)


def test_every_counted_noun_has_a_singular() -> None:
    nouns = set(list_nouns())
    assert len(nouns) > 5
    assert nouns <= set(SINGULAR)


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [(1, "changes", "1 change"), (0, "students", "0 students"), (1200, "rows", "1,200 rows")],
)
def test_a_count_is_followed_by_its_noun(count: int, noun: str, words: str) -> None:
    assert format_count(count, noun) == words
