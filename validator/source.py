"""One file of an export, as something that can be loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


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
