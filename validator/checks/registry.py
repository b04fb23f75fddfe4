"""All checks by name: `links.unknown` is the function `unknown` of the module `links`."""

from __future__ import annotations

import inspect
from types import ModuleType

from validator.checks import (
    changes,
    classes,
    duplicates,
    emails,
    files,
    keys,
    links,
    manifest,
    names,
    oneroster,
    people,
    sections,
    sharing,
    spreadsheets,
    values,
)
from validator.model import Check

FILLED = (
    "today",
    "grades",
    "electives",
    "district_domains",
    "accept_sections",
    "reject_sections",
    "waivers",
    "phase",
)
"""Keyword arguments that the engine fills in; a pack never sets them."""


def _checks(module: ModuleType) -> dict[str, Check]:
    shelf = module.__name__.rpartition(".")[2]
    return {
        f"{shelf}.{name}": function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__annotations__.get("return") == "Finding"
        and not name.startswith("_")
    }


SHELVES = (
    changes,
    classes,
    duplicates,
    emails,
    files,
    keys,
    links,
    manifest,
    names,
    oneroster,
    people,
    sections,
    sharing,
    spreadsheets,
    values,
)
CHECKS: dict[str, Check] = {
    name: check for shelf in SHELVES for name, check in _checks(shelf).items()
}
