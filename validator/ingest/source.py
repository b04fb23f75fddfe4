"""One file of an export, as something that can be loaded, and what its name says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

ENDINGS = (".xlsx", ".xlsm")
"""Of workbooks that are read."""
MARK = ": "
"""Between the name of a workbook and that of its sheet."""


@dataclass(frozen=True)
class Source:
    """One file of an export: its name, size, time of change, and how to load its bytes, or the first so many.

    `unchanged` raises InputChanged if the file is no longer what it was when it was found. Where the bytes are made out
    of something else (the sheet of a workbook), `stamp` gives size and sha256 of that, and `lines` turns line numbers
    of the bytes into those that people see there. `aside`: why the file is not read, in public words.
    """

    name: str
    size: int
    modified: dt.datetime | None
    load: Callable[[], bytes]
    head: Callable[[int], bytes]
    unchanged: Callable[[], None]
    stamp: tuple[int, str] | None = None
    lines: Callable[[np.ndarray], np.ndarray] | None = None
    aside: str = ""


def is_sheet(name: str) -> bool:
    """Whether a source of this name is the sheet of a workbook."""
    return name.lower().endswith(ENDINGS) or any(
        f"{ending}{MARK}" in name.lower() for ending in ENDINGS
    )


def stem(name: str) -> str:
    """A file name without .csv or .xlsx, or the name of a workbook's sheet, lower case."""
    book, mark, sheet = name.rpartition(MARK)
    path = PurePath(sheet if mark and book.lower().endswith(ENDINGS) else name)
    return path.stem.lower() if path.suffix.lower() in (".csv", *ENDINGS) else path.name.lower()
