"""The format's own description as pandera schemas: which values of each column break it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from validator import reading, roster
from validator.model import Column, File, Table

Judge = Callable[[pa.Array], np.ndarray]
"""Distinct, trimmed values -> mask of those that break the description; a blank never does."""

NUMBER = r"^-?[0-9]{1,12}(\.[0-9]+)?$"


def misfits(table: Table, file: File) -> dict[str, np.ndarray]:
    """Per described column, the rows (bool mask) whose value breaks the description; clean columns are left out."""
    out = {}
    for column in file.columns:
        judge = _judge(column)
        if judge is None or not table.has(column.name) or not len(table):
            continue
        coded = roster.coded(table, column.name)
        bad = broken(column.name, coded.values, judge)
        if bad.any():
            out[column.name] = coded.spread(bad)
    return out


def broken(name: str, values: pa.Array, judge: Judge) -> np.ndarray:
    """Mask of the values that break the description, as a pandera column check saw them.

    Pandera is told only whether all is well; the mask goes past it, so that a wholly bad column costs nothing more.
    """
    import pandera.pandas as pa_schema
    from pandera.config import ValidationDepth, config_context

    seen: list[np.ndarray] = []

    def fits(series: Any) -> bool:
        seen.append(judge(series.array.__arrow_array__().combine_chunks()))
        return not seen[-1].any()

    check = pa_schema.Check(fits, error="does not fit the description")
    schema = pa_schema.DataFrameSchema({name: pa_schema.Column(None, check, nullable=True)})
    frame = pd.DataFrame({name: pd.arrays.ArrowExtensionArray(values)})
    awake = config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA)
    with awake, contextlib.suppress(pa_schema.errors.SchemaErrors):
        schema.validate(frame, lazy=True)
    return seen[0]


def _judge(column: Column) -> Judge | None:
    """What is asked of a column's values; None where any text will do."""
    if column.kind == "choice" and column.allowed:
        allowed = pa.array(sorted({value.casefold() for value in column.allowed}), pa.string())
        return lambda values: _not_among(values, allowed)
    return _BY_KIND.get(column.kind)


def _not_among(values: pa.Array, allowed: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(~roster.found_among(pc.utf8_lower(values), allowed) & ~reading.blank(values), bool)


def _no_number(values: pa.Array) -> np.ndarray:
    return np.asarray(~reading.matches(values, NUMBER) & ~reading.blank(values), bool)


_BY_KIND: dict[str, Judge] = {"email": reading.email_invalid, "date": reading.date_invalid, "number": _no_number}
