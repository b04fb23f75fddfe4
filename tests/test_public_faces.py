"""Packages whose names are imported when they are first used."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from validator import assess, model

FACES = [pytest.param(face, id=face.__name__) for face in (assess, model)]


def list_imports(face: ModuleType) -> dict[str, str]:
    """The names that the package imports for type checkers, and their modules."""
    tree = ast.parse(Path(str(face.__file__)).read_text(encoding="utf-8"))
    return {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("validator.")
        for alias in node.names
        if node.module
    }


@pytest.mark.parametrize("face", FACES)
def test_every_public_name_is_there(face: ModuleType) -> None:
    modules = list_imports(face)
    assert sorted(face.__all__) == sorted(modules)
    for name, module in modules.items():
        assert getattr(face, name) is getattr(import_module(module), name)


@pytest.mark.parametrize("face", FACES)
def test_an_unknown_name_is_an_attribute_error(face: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = face.nonsense
