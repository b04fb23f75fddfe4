"""What the files of an unknown export look like: their headings, and of each column the shape of its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame.values import NO_DAY, is_blank, is_email, match_pattern, parse_dates
from validator.ingest.csv import decode, header, read, sniff
from validator.ingest.source import Source
from validator.model import Column, File, Table
from validator.vocabulary.grades import UNKNOWN, Grades

MOST_BYTES = 64 << 20
"""Bytes of a file that are looked at."""
HEAD = 1 << 18
"""Bytes by which the layout of a file is told."""
MANY = 5000
"""Distinct values that are looked at for shapes that are slow to tell."""


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """The shape of one column's values, never the values: shares are of its distinct filled values, 0 to 1.

    `values`: the distinct filled values, for comparing columns with each other only.
    """

    heading: str
    position: int
    filled: int
    rows: int
    unique: bool
    values: pa.Array
    email: float = 0.0
    date: float = 0.0
    grade: float = 0.0
    comma: float = 0.0
    blank_inside: float = 0.0
    two_years: bool = False

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, eq=False)
class Looked:
    """One file: its columns; `headed`: whether a line of headings was found; `line`: which; `trouble`: why not read."""

    name: str
    stem: str
    columns: tuple[ColumnProfile, ...] = ()
    headed: bool = True
    line: int = 1
    rows: int = 0
    trouble: str = ""
    by_heading: Mapping[str, ColumnProfile] = field(default_factory=dict)


def look(source: Source, stem: str, grades: Grades, headed: Callable[[Source], Source]) -> Looked:
    """The looks of a file; `headed` gives a file without header a line of headings."""
    data = source.head(MOST_BYTES)
    if source.size > MOST_BYTES:
        data = data[: data.rfind(b"\n") + 1] or data
    what = decode.not_text(data)
    if what:
        return Looked(source.name, stem, trouble=f"it is {what}")
    if not data.strip():
        return Looked(source.name, stem, trouble="it is empty")
    found = sniff.look(data[:HEAD])
    if found is None:
        return Looked(source.name, stem, trouble="it is no table of at least two columns")
    if not found.headed:
        data = headed(source).head(MOST_BYTES)
    cells = (
        found.cells
        if found.headed
        else tuple(f"column {number}" for number in range(1, len(found.cells) + 1))
    )
    names = {header.folded(cell): cell for cell in reversed(cells) if header.folded(cell)}
    described = tuple(Column(cell, coded=True) for cell in names.values())
    file = File("looked at", source.name, "", described, required=False)
    table = read.read_csv(data, file, source.name).table
    if table is None:
        return Looked(
            source.name, stem, headed=found.headed, line=found.line, trouble="it holds no rows"
        )
    at = {header.folded(cell): number for number, cell in reversed(list(enumerate(cells, 1)))}
    columns = sorted(
        (_looks(table, name, at[header.folded(name)], grades) for name in table.headers),
        key=lambda one: one.position,
    )
    return Looked(
        source.name,
        stem,
        tuple(columns),
        found.headed,
        found.line,
        len(table),
        by_heading={plain(one.heading): one for one in columns} if found.headed else {},
    )


def plain(heading: str) -> str:
    """A heading or a file's name for comparing: lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", heading.lower())


def _looks(table: Table, name: str, position: int, grades: Grades) -> ColumnProfile:
    column = frame.encode(table, name)
    filled = ~column.blank
    values = column.values.filter(pa.array(~is_blank(column.values)))
    some = values.slice(0, MANY)
    if not len(some):
        return ColumnProfile(name, position, 0, len(table), False, values)
    days = parse_dates(some).days
    years = np.unique(days[days != NO_DAY].astype("datetime64[D]").astype("datetime64[Y]"))
    known = [
        grade not in ("", UNKNOWN) for grade in grades.canonical(values.slice(0, 100).to_pylist())
    ]
    return ColumnProfile(
        name,
        position,
        int(filled.sum()),
        len(table),
        len(values) == filled.sum() > 1,
        values,
        email=float(is_email(some).mean()),
        date=float((days != NO_DAY).mean()),
        grade=float(np.mean(known)),
        comma=float(match_pattern(some, r"^[^,;|]+,[^,;|]+$").mean()),
        blank_inside=float(match_pattern(some, r"^[^,;|]*\S [^,;|]*$").mean()),
        two_years=len(years) > 1,
    )


def overlap(column: ColumnProfile, key: ColumnProfile) -> float:
    """Which share of a column's distinct values occurs in another column."""
    if not len(column) or not len(key):
        return 0.0
    return float(np.mean(frame.is_among(column.values, key.values)))


def shared(column: ColumnProfile, key: ColumnProfile) -> int:
    """How many distinct values both columns have."""
    found = pc.sum(pc.is_in(column.values, value_set=key.values)).as_py()
    return int(found or 0)
