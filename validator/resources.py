"""Where rules/, templates/, sample_data/ and the cases lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str, in_checkout: str = "") -> Path:
    # Inside comes first: only a wheel has it, and beside an installed package lie other people's folders.
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / (in_checkout or name)


def rules() -> Path:
    """The folder of rule packs and vocabularies."""
    return _folder("rules")


def templates() -> Path:
    """The folder of report templates."""
    return _folder("templates")


def samples() -> Path:
    """The folder of made-up districts."""
    return _folder("sample_data")


def cases() -> Path:
    """The folder of worked examples, one file a rule."""
    return _folder("cases", "tests/cases")


def read_yaml(name: str) -> Any:
    """Return the mappings, lists and texts of a bundled YAML file below rules/; every scalar is text."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load((rules() / name).read_bytes(), Loader=loader)
