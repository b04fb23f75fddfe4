"""Changes of cells, rows and headings of an export's files, in blocks of one kind and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa

from validator.model import FileColumn, dataclass


class What(StrEnum):
    """The part of a file that a change affects."""

    CELL = "cell"
    HIDDEN_CELL = "cell, not logged"
    HEADING = "heading"
    ROW_REMOVED = "row removed"
    ROW_ADDED = "row added"
    LINE = "line"
    HIDDEN_LINE = "line, not logged"
    FILE = "file"


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes of one kind in one column of one file.

    table: the name of the file's table. file: the name of the file in the export.
    column: the column of that file, "" for whole rows and files. lines: physical lines (int32) in
    that file, 0 for the file as a whole; repeats: which of the rows of one line, where a row was
    split (0 for the first). before, after: Arrow dictionaries of text; of a removed row the text
    of its line, of a file words for its form. headings: the columns of a row's text. headed:
    whether the file has a header line. new_file, new_lines: where they are now, None before the
    files are written.
    """

    kind: str
    what: What
    table: str
    file: str
    column: FileColumn
    lines: np.ndarray
    before: Any
    after: Any
    repeats: np.ndarray | None = None
    new_file: str = ""
    new_lines: np.ndarray | None = None
    headings: Sequence[str] = ()
    headed: bool = True

    def __len__(self) -> int:
        return len(self.lines)

    def keep(self, mask: np.ndarray) -> Changes:
        """Return only the changes of a repair where `mask` (bool) is True."""
        chosen = pa.array(mask)
        return replace(
            self,
            lines=self.lines[mask],
            before=self.before.filter(chosen),
            after=self.after.filter(chosen),
            repeats=None if self.repeats is None else self.repeats[mask],
            new_lines=None if self.new_lines is None else self.new_lines[mask],
        )


@dataclass(frozen=True)
class Left:
    """A problem that is left for a person, and why.

    `kind` is the kind of repair that it would be; `count` cells or rows; `reason` is one public
    sentence.
    """

    kind: str
    file: str
    column: FileColumn
    count: int
    reason: str


def encode_texts(values: Any) -> Any:
    """Return an Arrow array of a log of changes as a dictionary of text with 32-bit positions."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
        if isinstance(values, pa.ChunkedArray):
            values = values.chunk(0)
    if pa.types.is_dictionary(values.type):
        return values
    return values.cast(pa.string()).dictionary_encode()


def fill(text: str, count: int) -> Any:
    """Return a text repeated `count` times for a log of changes, as a dictionary."""
    positions = pa.array(np.zeros(count, np.int32))
    return pa.DictionaryArray.from_arrays(positions, pa.array([text], pa.string()))


def list_texts(texts: Sequence[str]) -> Any:
    """Return texts of a log of changes as a dictionary."""
    return pa.array(list(texts), pa.string()).dictionary_encode()
