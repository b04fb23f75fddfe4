"""Rows of a table whose values break the schema of its file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from validator import frame
from validator.frame.address_parts import keep_bad_emails
from validator.model import File, Table
from validator.schemas.build import build_column
from validator.schemas.checks import FILLED

if TYPE_CHECKING:
    import pandera.pandas as pandera

EMAIL = "email"
"""The check of a column of e-mail addresses."""


def find_violations(table: Table, file: File) -> dict[str, np.ndarray]:
    """Validate a table by its pandera schema: a mask of bad rows for each column with any.

    Of the schema, only the columns that the table has are built: pandera copies each column of a
    whole schema. Blank cells are not violations here: rules decide what may be blank.
    """
    if not len(table):
        return {}
    violations: dict[str, np.ndarray] = {}
    for column in file.columns:
        name = column.name
        if not table.has(name):
            continue
        checks = [check for check in build_column(column).checks if check.name != FILLED.name]
        if not checks:
            continue
        encoded = frame.encode(table, name)
        bad = find_bad_values(encoded.values, checks)
        if any(check.name == EMAIL for check in checks):
            keep_bad_emails(table, name, bad)
        if bad.any():
            violations[name] = encoded.broadcast(bad)
    return violations


def find_bad_values(values: pa.Array, checks: Sequence[pandera.Check]) -> np.ndarray:
    """Return the mask of the distinct values that fail a check of a schema's column.

    Pandera runs the checks, and its own results are read. Only the table of failure cases that
    `validate` adds is left out: for a million bad values it takes a second.
    """
    series = pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([values])))
    passed = [check(series).check_output.to_numpy() for check in checks]
    return ~np.asarray(reduce(np.logical_and, passed), bool)
