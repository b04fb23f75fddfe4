"""The laws of style that ruff has no rule for, and one import identity for every test module."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support import style

TESTS = Path(__file__).resolve().parent


@pytest.mark.parametrize("law", list(style.LAWS))
def test_the_law_is_kept(law: str) -> None:
    broken = list(style.LAWS[law]())
    if broken:
        print(*broken, sep="\n")
    assert not broken, f"{len(broken)} places: python -m tests.support.style {law}"


@pytest.mark.parametrize(
    ("source", "begins"),
    [
        ("def domains(report: Report) -> set[str]: ...", False),
        ("def jobs_of(folder: Path) -> list[Job]: ...", False),
        ("def needs(rule: Rule) -> list[str]: ...", False),
        ("def needs_sharing(shape: str) -> bool: ...", True),
        ("def is_known(column: str) -> bool: ...", True),
        ("def list_domains(report: Report) -> set[str]: ...", True),
        ("async def chart(outcome: Outcome) -> Chart: ...", False),
    ],
)
def test_a_function_is_named_by_a_verb(source: str, begins: bool) -> None:
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    assert style.begins_with_verb(function) is begins


def test_a_function_named_by_a_noun_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "validator" / "privacy" / "domains.py"
    path.parent.mkdir(parents=True)
    path.write_text("def domains(): ...\ndef list_domains(): ...\n", encoding="utf-8")
    monkeypatch.setattr(style, "ROOT", tmp_path)
    monkeypatch.setattr(style, "modules", lambda *folders: (path,))
    assert list(style.noun_functions()) == ["validator/privacy/domains.py:1: domains"]


def test_no_test_module_is_imported_under_two_names() -> None:
    names = defaultdict(set)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and TESTS in Path(file).resolve().parents and name != "__main__":
            names[file].add(name)
    twice = {file: several for file, several in names.items() if len(several) > 1}
    assert names and not twice
