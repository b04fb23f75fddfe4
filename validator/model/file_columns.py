"""Columns of a file: by heading or, where the file has no header line, by position."""

from __future__ import annotations

from validator.model.data_classes import dataclass


@dataclass(frozen=True)
class Position:
    """The place of a column in a file without a header line: its number, from 1."""

    number: int

    def __str__(self) -> str:
        return f"column {self.number}"


FileColumn = str | Position
"""A column of a file: its heading, or its position where it has none."""
