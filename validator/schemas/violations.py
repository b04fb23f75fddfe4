"""Rows of a table whose values break the schema of its file."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd
import pyarrow as pa

from validator import frame
from validator.model import Column, File, Table
from validator.schemas.build import build_column
from validator.schemas.checks import FILLED, find_check


def find_violations(table: Table, file: File) -> dict[str, np.ndarray]:
    """Return a mask of the rows with a violation for each column that has any.

    Blank cells are not violations here: rules decide what may be blank.
    """
    if not len(table):
        return {}
    found: dict[str, np.ndarray] = {}
    for column in file.columns:
        if find_check(column) is None or not table.has(column.name):
            continue
        encoded = frame.encode(table, column.name)
        bad = find_bad_values(encoded.values, column)
        if bad.any():
            found[column.name] = encoded.broadcast(bad)
    return found


def find_bad_values(values: pa.Array, column: Column) -> np.ndarray:
    """Return the mask of the distinct values that fail a check of the column's schema.

    Pandera runs the checks of the schema's column, and its own results are read. Only the failure
    cases that `validate` would collect are left out: for a million bad values they take a second.
    """
    series = pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([values])), name=column.name)
    passed = [
        check(series).check_output.to_numpy()
        for check in build_column(column).checks
        if check.name != FILLED.name
    ]
    return ~np.asarray(reduce(np.logical_and, passed), bool)
