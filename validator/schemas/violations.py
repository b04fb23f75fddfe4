"""Rows of a table whose values break the schema of its file."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.frame.address_parts import keep_bad_emails
from validator.frame.values import trim
from validator.model import File, Table
from validator.schemas.checks import find_check

EMAIL = "email"
"""The check of a column of e-mail addresses."""


def find_violations(table: Table, file: File) -> dict[str, np.ndarray]:
    """Validate a table by its pandera schema: a mask of bad rows for each column with any.

    Blank cells are not violations here: rules decide what may be blank. The checks are those of the
    file's pandera schema, and pandera would find the same (a test compares every column of every
    format). They are run on distinct values without it, because importing pandera and its first
    validations take longer than everything else in the check of a small district.
    """
    violations: dict[str, np.ndarray] = {}
    for column in file.columns if len(table) else ():
        check = find_check(column)
        if check is None or not table.has(column.name):
            continue
        encoded = frame.encode(table, column.name)
        bad = check.find_bad(trim(encoded.values))
        if check.name == EMAIL:
            keep_bad_emails(table, column.name, bad)
        if bad.any():
            violations[column.name] = encoded.broadcast(bad)
    return violations
