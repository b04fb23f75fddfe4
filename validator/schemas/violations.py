"""The format's own description as pandera schemas: which values of each column break it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame as frame
from validator.frame.values import (
    is_bad_date,
    is_bad_email,
    is_blank,
    match_pattern,
    parse_dates,
    split_lists,
)
from validator.model import Column, File, Table

Judge = Callable[[pa.Array], np.ndarray]
"""Distinct, trimmed values -> mask of those that break the description; a blank never does."""

NUMBER = r"^-?[0-9]{1,12}(\.[0-9]+)?$"


FEW = 4096
"""Columns of up to so many distinct values are judged together in one frame, the others each in its own."""


def find_violations(table: Table, file: File) -> dict[str, np.ndarray]:
    """Per described column, the rows (bool mask) whose value breaks the description; clean columns are left out."""
    if not len(table):
        return {}
    judges = {column.name: _judge(column) for column in file.columns if table.has(column.name)}
    coded = {name: frame.encode(table, name) for name, judge in judges.items() if judge}
    few = [name for name, column in coded.items() if len(column.values) <= FEW]
    out: dict[str, np.ndarray] = {}
    for names in [few, *([name] for name in coded if name not in few)]:
        bad = broken({name: coded[name].values for name in names}, judges)
        out |= {name: coded[name].broadcast(mask) for name, mask in bad.items() if mask.any()}
    return out


def broken(
    values: Mapping[str, pa.Array], judges: Mapping[str, Judge | None]
) -> dict[str, np.ndarray]:
    """Per column, the mask of the distinct values that break the description, as pandera's column checks saw them.

    Pandera is told only whether all is well; the masks go past it, so that a wholly bad column costs nothing more.
    Columns are made equally long with blanks, which never break anything.
    """
    import pandera.pandas as pandera
    from pandera.config import ValidationDepth, config_context

    seen: dict[str, np.ndarray] = {}

    def fits(series: Any) -> bool:
        name = str(series.name)
        judge = judges[name]
        held = series.array.__arrow_array__().combine_chunks()
        seen[name] = judge(held) if judge else np.zeros(len(held), bool)
        return not seen[name].any()

    check = pandera.Check(fits, error="does not fit the description")
    schema = pandera.DataFrameSchema(
        {name: pandera.Column(None, check, nullable=True) for name in values}
    )
    longest = max((len(column) for column in values.values()), default=0)
    frame = pd.DataFrame({name: _filled(column, longest) for name, column in values.items()})
    awake = config_context(
        validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
    )
    with awake, contextlib.suppress(pandera.errors.SchemaErrors):
        schema.validate(frame, lazy=True)
    return {name: seen[name][: len(column)] for name, column in values.items()}


def _filled(values: pa.Array, length: int) -> Any:
    """The values with blanks up to a length, as pandas holds them."""
    rest = pa.array([""] * (length - len(values)), pa.string())
    return pd.arrays.ArrowExtensionArray(pa.chunked_array([values, rest]))


def _judge(column: Column) -> Judge | None:
    """What is asked of a column's values; None where any text will do."""
    if column.kind in ("choice", "extensible") and column.allowed:
        allowed = pa.array(sorted({value.casefold() for value in column.allowed}), pa.string())
        if column.kind == "extensible":
            return lambda values: _not_among(values, allowed) & ~match_pattern(values, "^ext:.")
        return lambda values: _not_among(values, allowed)
    if column.kind == "codes":
        codes = pa.array(column.allowed, pa.string())
        return lambda values: _no_codes(values, codes)
    return _BY_KIND.get(column.kind)


def _not_among(values: pa.Array, allowed: pa.Array) -> np.ndarray:
    return np.asarray(~frame.is_among(pc.utf8_lower(values), allowed) & ~is_blank(values), bool)


def _no_number(values: pa.Array) -> np.ndarray:
    return np.asarray(~match_pattern(values, NUMBER) & ~is_blank(values), bool)


def _no_codes(values: pa.Array, codes: pa.Array) -> np.ndarray:
    """Cells with a list of which one part is no code, in exactly this spelling."""
    cell, parts = split_lists(values)
    out = np.zeros(len(values), bool)
    out[cell[~frame.is_among(parts, codes)]] = True
    return out


def _unlike(pattern: str, *, date: bool = False) -> Judge:
    """Filled values that the pattern does not match; `date`: or that are no day of the calendar."""

    def judged(values: pa.Array) -> np.ndarray:
        bad = ~match_pattern(values, pattern) & ~is_blank(values)
        return np.asarray(bad | parse_dates(values).invalid if date else bad, bool)

    return judged


_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BY_KIND: dict[str, Judge] = {
    "email": is_bad_email,
    "date": is_bad_date,
    "number": _no_number,
    "boolean": _unlike("^(true|false)$"),
    "year": _unlike("^[0-9]{4}$"),
    "day": _unlike(f"^{_DAY}$", date=True),
    "stamp": _unlike(
        f"^{_DAY}(T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\\.[0-9]+)?)?(Z|[+-][0-9:]+)?)?$"
    ),
}
