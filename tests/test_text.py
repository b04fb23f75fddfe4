"""Text in double quotes for the YAML that the program writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.rulebook.yaml import load_plain
from validator.text import quote_yaml


@pytest.mark.parametrize(
    "text", ["\x7fName", "a\x85b", "\u2028", "\ufeffx", "\ufffe", "\x00", 'é "\\ 😀', "yes"]
)
def test_a_quoted_text_is_read_back_as_it_is(text: str, tmp_path: Path) -> None:
    path = tmp_path / "quoted.yaml"
    path.write_text(f"text: {quote_yaml(text)}\n", encoding="utf-8")
    assert load_plain(path) == {"text": text}
