"""Templates are compiled once, and again when anything that they depend on changes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from validator.outputs.html.render import build_environment


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of templates, where Python may keep what it compiles."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "page.j2").write_text("{{ name }} & {{ 1234 | number }}", encoding="utf-8")
    return tmp_path


def render(folder: Path) -> str:
    return build_environment(folder).get_template("page.j2").render(name="<Oak>")


def test_a_compiled_template_renders_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = render(folder)
    assert page == "&lt;Oak&gt; & 1,234"
    monkeypatch.setattr(Environment, "compile", None)  # it would be called without the kept code
    assert render(folder) == page


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    render(folder)
    (folder / "page.j2").write_text("{{ name }}", encoding="utf-8")
    assert render(folder) == "&lt;Oak&gt;"


@pytest.mark.parametrize("damage", [b"", b"garbage", b"j2\x80\x02K\x05."])
def test_damaged_code_is_compiled_again(folder: Path, damage: bytes) -> None:
    page = render(folder)
    (kept,) = (folder / "__pycache__").iterdir()
    whole = kept.read_bytes()
    for content in (damage, whole[: len(whole) // 2], whole[:30]):
        kept.write_bytes(content)
        assert render(folder) == page
        assert kept.read_bytes() == whole
