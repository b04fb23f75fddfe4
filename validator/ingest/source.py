"""One file of an export: its name and how to load it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import PurePath

import numpy as np

from validator.ingest.csv import head
from validator.ingest.csv.head import Head
from validator.model import dataclass

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
"""File name endings of workbooks that are read."""
SHEET_MARK = ": "
"""Separates a workbook's name from the name of its sheet."""


@dataclass(frozen=True)
class Source:
    """One file of an export: its name, size and time of change, and how to load its bytes.

    `load` returns all bytes, `read_start` the first ones. `unchanged` raises InputChanged if the
    file changed since it was listed. For bytes made from another file (a sheet of a workbook),
    `stamp` is the size and SHA-256 of that file, and `lines` maps line numbers of the bytes to the
    row numbers that people see. `aside`: why the file is not read, in public words.
    """

    name: str
    size: int
    modified: dt.datetime | None
    load: Callable[[], bytes]
    read_start: Callable[[int], bytes]
    unchanged: Callable[[], None]
    stamp: tuple[int, str] | None = None
    lines: Callable[[np.ndarray], np.ndarray] | None = None
    aside: str = ""

    @cached_property
    def head(self) -> Head:
        """The start of the file, read once and kept."""
        return Head(self.read_start(head.SIZE))


def is_sheet(name: str) -> bool:
    """Return whether a source of this name is a sheet of a workbook."""
    lower = name.lower()
    return lower.endswith(WORKBOOK_ENDINGS) or any(
        f"{ending}{SHEET_MARK}" in lower for ending in WORKBOOK_ENDINGS
    )


@lru_cache(maxsize=4096)
def get_stem(name: str) -> str:
    """Return the name of an input's sheet, or its file name without ending, in lower case.

    A file in a folder that is part of the format keeps the folder's name before it.
    """
    book, mark, sheet = name.rpartition(SHEET_MARK)
    in_workbook = mark and book.lower().endswith(WORKBOOK_ENDINGS)
    path = PurePath(sheet if in_workbook else name)
    if path.suffix.lower() in (".csv", *WORKBOOK_ENDINGS):
        return str(path.with_suffix("")).replace("\\", "/").lower()
    return str(path).replace("\\", "/").lower()
