"""All checks by name, and what each one declares; importing this module imports every check."""

from __future__ import annotations

from validator.checks import (  # noqa: F401 - importing a module registers its checks
    address_changes,
    address_schemes,
    addresses,
    administrators,
    changes,
    classmates,
    co_teaching,
    codes,
    dates,
    domains,
    duplicates,
    emails,
    empty_schools,
    enrollments,
    files,
    grades,
    graduation,
    hierarchy,
    home_schools,
    keys,
    links,
    manifest,
    name_moves,
    names,
    oneroster,
    primary_roles,
    pseudo_schools,
    schools,
    sections,
    sharing,
    spreadsheets,
    teachers,
    terms,
    user_ids,
    values,
)
from validator.checks.declaration import CHECKS, DECLARATIONS, Declaration, WholeRoster

__all__ = ["CHECKS", "DECLARATIONS", "Declaration", "WholeRoster"]
