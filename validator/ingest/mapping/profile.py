"""Profiles of undescribed files: their headings, and the shape of each column's values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.emails import is_email
from validator.frame.values import NO_DAY, is_blank, match_pattern, parse_dates
from validator.ingest.csv import decode
from validator.ingest.csv.sniff import Layout
from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.headless import name_columns
from validator.ingest.mapping import words
from validator.ingest.mapping.coded_roles import CodedRole, list_coded_roles
from validator.ingest.mapping.reading import list_positions, read_table
from validator.ingest.normalize.columns import combine_columns
from validator.ingest.source import Source
from validator.model import Table, dataclass
from validator.vocabulary.grades import UNKNOWN, Grades

MAX_BYTES = 64 << 20
"""Bytes of a file that are profiled."""
MAX_VALUES = 1000
"""Distinct values whose shape is checked."""
NEARLY = 0.95
"""Share of distinct values from which a column may be a key. Our own measure."""
COMPOSITES = (
    ("course", "section"),
    ("school", "section"),
    ("term", "course", "section"),
    ("school", "course", "section"),
)
"""Things whose numbers may be the id of a section together; the section is the last one."""
NUMBERS = ("number", "code", "id")
"""Words that say no more than that a column holds the number of a thing."""
MOST_LETTERS = 4
"""Letters of the name of a database table, which its columns' names may lack: `SE` of `MST`."""
MAX_GRADES = 100
"""Distinct values that are compared with grades."""

SPLIT_SHARE = 0.5
"""Share of the values with a comma or a blank inside from which they may be whole names."""


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """The shape of one column's values; shares are of its distinct filled values, 0 to 1.

    `values`: the distinct filled values. They are compared with other columns and never shown.
    `affix`: the word that all headings of the file begin or end with. `parts`: the columns that are
    an id together. `stem`: the name of a file whose columns are known by it, such as `MST`.
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
    affix: str = ""
    parts: tuple[ColumnProfile, ...] = ()
    stem: str = ""

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def readings(self) -> frozenset[words.Key]:
        """The readings of an undescribed column's heading, without what all headings have."""
        return words.read_heading(words.strip_affix(self.heading, self.affix))

    @property
    def is_nearly_unique(self) -> bool:
        """Whether hardly any value of an undescribed column repeats, to suggest it as ids."""
        return self.unique or len(self.values) >= NEARLY * self.filled > 1

    @property
    def name_split(self) -> str:
        """How an undescribed column would be split if it has whole names; "" if it has none."""
        if self.comma >= SPLIT_SHARE:
            return "Last, First"
        return "First Last" if self.blank_inside >= SPLIT_SHARE else ""


@dataclass(frozen=True, eq=False)
class FileProfile:
    """One file and its columns. `headed`: whether it has a line of headings. `line`: the number of
    its first row. `trouble`: why it was not read. `parts`: the files, where several of one layout
    are one table. `heading_rows`: 2 where each heading is over two rows. `composites`: columns that
    may be an id together. `coded_roles`: columns that may hold a few roles."""

    name: str
    stem: str
    columns: tuple[ColumnProfile, ...] = ()
    headed: bool = True
    line: int = 1
    rows: int = 0
    trouble: str = ""
    by_heading: Mapping[str, ColumnProfile] = field(default_factory=dict)
    parts: tuple[FileProfile, ...] = ()
    heading_rows: int = 1
    composites: tuple[ColumnProfile, ...] = ()
    coded_roles: tuple[CodedRole, ...] = ()


def profile_file(
    source: Source, stem: str, grades: Grades, *, layout: Layout | None = None
) -> FileProfile:
    """Return the profile of a file of unknown layout, or why it has none.

    `layout`: where it is known already.
    """
    data = source.load() if source.size <= MAX_BYTES else _read_whole_lines(source)
    kind = decode.identify_binary(data)
    if kind:
        return FileProfile(source.name, stem, trouble=f"it is {kind}")
    if not data.strip():
        return FileProfile(source.name, stem, trouble="it is empty")
    layout = layout or source.head.layout
    if layout is None:
        return FileProfile(source.name, stem, trouble="it is not a table with at least two columns")
    table = read_table(data, layout, source.name)
    if table is None:
        return _build_profile(source.name, stem, layout, columns=(), trouble="it has no rows")
    positions = list_positions(name_columns(layout))
    columns = [
        _profile_column(table, name, positions[fold_heading(name)], grades=grades)
        for name in table.headers
    ]
    columns.sort(key=lambda column: column.position)
    if layout.headed:
        columns = _mark_names(columns, stem)
    built = _build_profile(source.name, stem, layout, columns=tuple(columns), rows=len(table))
    roles = tuple(list_coded_roles(table, list(table.headers)))
    return replace(built, composites=tuple(_list_composites(table, columns)), coded_roles=roles)


def _mark_names(columns: Sequence[ColumnProfile], stem: str) -> list[ColumnProfile]:
    """Return the columns of an undescribed file with its name, and the word all headings have."""
    affix = words.find_affix([column.heading for column in columns])
    name = "".join(word for word in words.split_words(stem) if not word.isdigit())
    short = name if len(name) <= MOST_LETTERS else ""
    return [replace(column, affix=affix, stem=short) for column in columns]


def _read_whole_lines(source: Source) -> bytes:
    """Return the whole lines at the start of a large file."""
    data = source.read_start(MAX_BYTES)
    return data[: data.rfind(b"\n") + 1] or data


def _build_profile(
    name: str,
    stem: str,
    layout: Layout,
    *,
    columns: tuple[ColumnProfile, ...],
    rows: int = 0,
    trouble: str = "",
) -> FileProfile:
    """Build the profile of a file of unknown layout, for which a column map is suggested."""
    by_heading = {}
    if layout.headed:
        by_heading = {normalize_name(column.heading): column for column in columns}
    return FileProfile(
        name,
        stem,
        columns,
        layout.headed,
        layout.line,
        rows,
        trouble,
        by_heading=by_heading,
        heading_rows=layout.heading_rows,
    )


def normalize_name(name: str) -> str:
    """Return a heading or file name of an unknown layout in lower case, letters and digits only.

    `#` is a word: `Class #` is not `Class`.
    """
    return re.sub(r"[\W_]+", "", name.lower().replace("#", "number"))


def _profile_column(table: Table, name: str, position: int, *, grades: Grades) -> ColumnProfile:
    """Profile a column of an undescribed file: its values, and whether they are grades."""
    column = frame.encode(table, name)
    filled = int((~column.blank).sum())
    used = column.take_distinct()  # not those of a total below
    values = used.filter(pa.array(~is_blank(used)))
    sample = values.slice(0, MAX_VALUES)
    if not len(sample):
        return ColumnProfile(name, position, 0, len(table), False, values)
    canonical = grades.to_canonical(values.slice(0, MAX_GRADES).to_pylist())
    is_grade = [grade not in ("", UNKNOWN) for grade in canonical]
    return ColumnProfile(
        name,
        position,
        filled,
        len(table),
        len(values) == filled > 1,
        values,
        email=float(is_email(sample).mean()) if _has(sample, "@") else 0.0,
        date=float((parse_dates(sample).days != NO_DAY).mean()) if _has(sample, "[0-9]") else 0.0,
        grade=float(np.mean(is_grade)),
        comma=float(match_pattern(sample, r"^[^,;|]+,[^,;|]+$").mean()),
        blank_inside=float(match_pattern(sample, r"^[^,;|]*\S [^,;|]*$").mean()),
    )


def _has(values: pa.Array, pattern: str) -> bool:
    """Return whether any value of an undescribed column matches a pattern."""
    return bool(match_pattern(values, pattern).any())


def _list_composites(table: Table, columns: Sequence[ColumnProfile]) -> Iterator[ColumnProfile]:
    """Yield the columns of an undescribed file that may be the id of a section together."""
    named = {word: _find_number(columns, word) for things in COMPOSITES for word in things}
    for things in COMPOSITES:
        parts = [part for word in things if (part := named[word]) is not None]
        if len({part.position for part in parts}) == len(things):
            yield _combine(table, parts)


def _find_number(columns: Sequence[ColumnProfile], name: str) -> ColumnProfile | None:
    """Return the column of an undescribed file whose heading names the number of a thing."""
    keys = [*(tuple(sorted((name, word))) for word in NUMBERS), (name,)]
    if name == "section":
        keys += [("course", "section"), ("course", "number", "section")]
    for key in keys:
        for column in columns:
            if column.filled and key in column.readings:
                return column
    return None


def _combine(table: Table, parts: Sequence[ColumnProfile]) -> ColumnProfile:
    """Return the profile of several columns of an undescribed file as one id."""
    ids = combine_columns(table, [part.heading for part in parts])
    values = ids.values.filter(pa.array(~is_blank(ids.values)))
    filled = int((~ids.blank).sum())
    return ColumnProfile(
        " and ".join(part.heading for part in parts),
        parts[-1].position,
        filled,
        len(table),
        len(values) == filled > 1,
        values,
        parts=tuple(parts),
    )


def measure_overlap(column: ColumnProfile, key: ColumnProfile) -> float:
    """Return the share of an unknown column's distinct values that occur in another column."""
    if not len(column) or not len(key):
        return 0.0
    return float(np.mean(frame.is_among(column.values, key.values)))
