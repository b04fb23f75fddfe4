"""Values of an app's list that the district's own lists have too, column by column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame.values import NO_DAY, parse_dates
from validator.ingest.formats.sis.tables import split_names
from validator.ingest.mapping.inference import MIN_SHARE
from validator.ingest.mapping.profile import ColumnProfile
from validator.model import ColumnSource

Known = Mapping[str, Mapping[str, Sequence[pa.Array]]]
"""Table -> our column -> the distinct values of the district's lists, one array for each list."""

Shares = Mapping[tuple[str, str, int], float]
"""Table, our column, position -> the share of the column's values that the district has."""

SAMPLE = 2_000
"""Distinct values of each column that are compared with those of the district."""

LONG_ID = 4
"""Characters from which numbers without zeros in front may be ids, whatever their heading."""

WITHOUT_ZEROS = 0.99
"""Weight of ids that are the district's only without zeros in front; those as they are win."""

NAME_PARTS = {"first": "First_name", "last": "Last_name"}


def measure(columns: Sequence[ColumnProfile], known: Known) -> Shares:
    """Return the share of each unknown column's values that are in a column of the district's.

    `whole` is a column of names in one cell: the share whose first and last names the district has.
    Ids and numbers are compared without zeros in front too, which spreadsheets remove.
    """
    samples = {column.position: _sample(column) for column in columns}
    days = {column.position: _normalize_days(samples[column.position]) for column in columns}
    named = [column for column in columns if column.name_split]
    shares = {}
    for table, fields in known.items():
        for field, lists in fields.items():
            chosen = days if field == "DOB" else samples
            for position, share in _measure_field(chosen, field, lists).items():
                shares[table, field, position] = share
        for column in named:
            values = samples[column.position]
            share = _measure_names(values, column.name_split, fields)
            shares[table, "whole", column.position] = share
    return shares | _measure_without_zeros(columns, known, shares, samples=samples)


def _measure_without_zeros(
    columns: Sequence[ColumnProfile],
    known: Known,
    shares: Shares,
    *,
    samples: Mapping[int, pa.Array],
) -> dict[tuple[str, str, int], float]:
    """Measure columns of unknown layout by ids without zeros in front, where few are as they are.

    Only shares from which a column is recognized count.
    """
    recognized = {position for (_, _, position), share in shares.items() if share >= MIN_SHARE}
    bare = {
        column.position: _drop_zeros(samples[column.position])
        for column in columns
        if column.position not in recognized and _may_be_ids(column)
    }
    measured = {}
    for table, fields in known.items():
        for field in fields if bare else ():
            if field.endswith(("_id", "_number")):
                lists = [_drop_zeros(values) for values in fields[field]]
                for position, share in _measure_field(bare, field, lists).items():
                    if share >= MIN_SHARE:
                        measured[table, field, position] = WITHOUT_ZEROS * share
    return measured


def _measure_field(
    samples: Mapping[int, pa.Array], field: str, lists: Sequence[pa.Array]
) -> dict[int, float]:
    """Measure how many of a list's values each column has, while mapping an unknown layout."""
    every = pa.concat_arrays([pa.array([], pa.string()), *samples.values()]).unique()
    seen = np.zeros(len(every), bool)
    for values in lists:
        other = _normalize_days(values) if field == "DOB" else pc.utf8_lower(values)
        at = frame.find_positions(other, every)
        seen[at[at >= 0]] = True
    known = every.filter(pa.array(seen, pa.bool_()))
    return {
        position: float(np.mean(frame.is_among(values, known))) if len(values) else 0.0
        for position, values in samples.items()
    }


def _may_be_ids(column: ColumnProfile) -> bool:
    """Whether a column of unknown layout may hold ids without zeros in front, and no scores."""
    if re.search(
        r"(?i)(?<![a-z])(id|ids|number|no|num)(?![a-z])|[a-z](ID|Id|Number)$", column.heading
    ):
        return True
    return bool(pc.min(pc.utf8_length(column.values)).as_py() >= LONG_ID)


def _drop_zeros(values: pa.Array) -> pa.Array:
    """Return ids without zeros in front, to recognize them in a file of unknown layout."""
    return pc.utf8_ltrim(values.cast(pa.string()), "0")


def _measure_names(values: pa.Array, split: str, fields: Mapping[str, Sequence[pa.Array]]) -> float:
    """Measure in how many whole names of an unknown column both parts are the district's."""
    shares = []
    for part, column in NAME_PARTS.items():
        source = ColumnSource(("",), split=split, part=part)
        parts = {0: pa.array(split_names(values, source), pa.string())}
        shares.append(_measure_field(parts, column, fields.get(column, ()))[0])
    return min(shares)


def _sample(column: ColumnProfile) -> pa.Array:
    """Sample the values of a column from start to end, while mapping a file of unknown layout."""
    step = max(len(column.values) // SAMPLE, 1)
    return pc.utf8_lower(column.values.take(pa.array(np.arange(0, len(column.values), step))))


def _normalize_days(values: pa.Array) -> pa.Array:
    """Return the dates of a column of unknown layout as days, to suggest what it is."""
    days = parse_dates(values).days
    return pa.array(days[days != NO_DAY]).cast(pa.string())
