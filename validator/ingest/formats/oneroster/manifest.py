"""The properties in OneRoster's manifest.csv."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.model import Table

VERSION = "oneroster.version"
ROSTER = (
    "academicSessions",
    "orgs",
    "courses",
    "classes",
    "users",
    "roles",
    "enrollments",
    "demographics",
)
"""Files that hold the roster."""


def find_property(manifest: Table | None, name: str) -> str:
    """Return a property of the manifest that was read, in any letter case; "" for none."""
    if manifest is None:
        return ""
    rows = np.arange(len(manifest))
    names = frame.take_text(manifest, "propertyName", rows)
    values = frame.take_text(manifest, "value", rows)
    for row_name, value in zip(names, values, strict=True):
        if row_name.casefold() == name.casefold():
            return value
    return ""


def is_delta(manifest: Table | None) -> bool:
    """Whether OneRoster's manifest.csv, as read, says that a roster file has changes only."""
    modes = (find_property(manifest, f"file.{name}") for name in ROSTER)
    return any(mode.casefold() == "delta" for mode in modes)
