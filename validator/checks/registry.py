"""All checks by name, and what each one declares; importing this module imports every check."""

from __future__ import annotations

from validator.checks import (  # noqa: F401 - importing a module registers its checks
    addresses,
    changes,
    dates,
    domains,
    duplicates,
    emails,
    enrollments,
    files,
    grades,
    keys,
    links,
    manifest,
    names,
    oneroster,
    schools,
    sections,
    sharing,
    spreadsheets,
    teachers,
    terms,
    values,
)
from validator.checks.declaration import CHECKS, DECLARATIONS, Declaration, WholeRoster

__all__ = ["CHECKS", "DECLARATIONS", "Declaration", "WholeRoster"]
