"""The formats that can be read."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from validator.model import Format

MODULES = {
    "clever": "clever",
    "canvas": "canvas.format",
    "schoology": "schoology.format",
    "oneroster": "oneroster.format",
    "sds": "sds.format",
    "sis": "sis.format",
}
"""Format id -> the module of this package with its `FORMAT`. A new format is one module and one
line here. Modules are imported on first use, so that listing the ids costs nothing."""

IDS = tuple(MODULES)


@cache
def find_format(id: str) -> Format:
    """Return a format. Raises KeyError for an unknown id."""
    format: Format = import_module(f"{__package__}.{MODULES[id]}").FORMAT
    return format


def list_formats() -> list[Format]:
    """Return every format, in the order in which detection tries them."""
    return [find_format(id) for id in IDS]
