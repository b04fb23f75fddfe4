"""manifest.csv: which version, and which files are complete (bulk), changes only (delta) or absent."""

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


def value(manifest: Table | None, name: str) -> str:
    """What the manifest says of a property, "" where it says nothing."""
    if manifest is None:
        return ""
    rows = np.arange(len(manifest))
    names, values = (
        frame.take_text(manifest, column, rows) for column in ("propertyName", "value")
    )
    return next(
        (
            said
            for one, said in zip(names, values, strict=True)
            if one.casefold() == name.casefold()
        ),
        "",
    )


def is_delta(manifest: Table | None) -> bool:
    """Whether one of the roster's files holds changes only."""
    return any(value(manifest, f"file.{name}").casefold() == "delta" for name in ROSTER)
