"""Pandera schemas built from a format's descriptions of its files and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.values import trim
from validator.model import Column, File
from validator.schemas.checks import FILLED, ValueCheck, find_check

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pandera


class SchemaSet(Mapping[str, "pandera.DataFrameSchema"]):
    """The schemas of a format's files, by file name without `.csv`; each is built on first use.

    `schemas.users` is `schemas["users"]`.
    """

    def __init__(self, title: str, files: Sequence[File]) -> None:
        self.title = title
        self.files = {PurePath(file.name).stem: file for file in files}

    def __getitem__(self, name: str) -> pandera.DataFrameSchema:
        return build_schema(self.files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __getattr__(self, name: str) -> pandera.DataFrameSchema:
        return self.find(name)

    def find(self, name: str) -> pandera.DataFrameSchema:
        """Return the schema of a file. Raises AttributeError where the format has no such file."""
        if name not in vars(self).get("files", {}):
            raise AttributeError(f"{self.title} has no schema named '{name}'")
        return self[name]


@lru_cache(maxsize=256)
def build_schema(file: File) -> pandera.DataFrameSchema:
    """Return the pandera schema of one file; columns that the format does not know are allowed."""
    import pandera.pandas as pandera

    return pandera.DataFrameSchema(
        {column.name: build_column(column) for column in file.columns}, name=file.name
    )


@lru_cache(maxsize=1024)
def build_column(column: Column) -> pandera.Column:
    """Return one column of a file's pandera schema, with its named checks."""
    import pandera.pandas as pandera

    checks = [FILLED] if column.required else []
    if value_check := find_check(column):
        checks.append(value_check)
    return pandera.Column(
        str,
        [
            pandera.Check(
                partial(_run_check, check), name=check.name, error=check.error, ignore_na=False
            )
            for check in checks
        ],
        nullable=True,
        required=column.required,
        metadata={"kind": column.kind, "recommended": column.recommended},
    )


def describe_id(name: str, *spellings: str, required: bool = False) -> Column:
    """Describe a column of ids for the pandera schema of a file."""
    return Column(name, "id", required=required, spellings=spellings, coded=True)


def describe_text(name: str, *spellings: str, required: bool = False) -> Column:
    """Describe a column of text for the pandera schema of a file."""
    return Column(name, required=required, spellings=spellings, coded=True)


def _run_check(check: ValueCheck, series: pd.Series) -> pd.Series:
    """Return the mask of the values that pass a check of a pandera schema, with their index."""
    import pandas as pd

    values = convert_to_text(series)
    if not check.distinct:
        return pd.Series(~check.find_bad(values), index=series.index)
    encoded = values.dictionary_encode()
    bad = check.find_bad(encoded.dictionary)
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False))
    return pd.Series(~bad[codes], index=series.index, dtype=bool)


def convert_to_text(series: pd.Series) -> pa.Array:
    """Return the values that a pandera schema checks as trimmed text; missing ones blank."""
    values = pa.array(series, from_pandas=True)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    return trim(pc.fill_null(values, "") if values.null_count else values)
