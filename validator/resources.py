"""Folders of rules, templates, samples and cases, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str, in_checkout: str = "") -> Path:
    """Return a folder that is bundled with the package: in an installed wheel or a checkout."""
    # The bundled folder comes first: only a wheel has it, and the folder next to an installed
    # package belongs to other packages.
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / (in_checkout or name)


def find_rules() -> Path:
    """The folder of rule packs and vocabularies."""
    return _folder("rules")


def find_templates() -> Path:
    """The folder of report templates."""
    return _folder("templates")


def find_samples() -> Path:
    """The folder of made-up districts."""
    return _folder("sample_data")


def find_cases() -> Path:
    """The folder of worked examples, one file per rule."""
    return _folder("cases", "tests/cases")


def find_site() -> Path:
    """The folder of the page that needs nothing installed, where it was built."""
    return _folder("site", "build/site")


def read_bundled_yaml(name: str) -> Any:
    """Load a YAML file that is bundled with the package, below rules/; every scalar is text."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load((find_rules() / name).read_bytes(), Loader=loader)
