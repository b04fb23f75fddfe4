"""Which files of a raw export a column map uses, and which columns of each."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from validator.ingest.csv.spelling import fold_heading
from validator.model import (
    Column,
    ColumnMap,
    ColumnSource,
    File,
    MappedTable,
    Teaching,
    Version,
    name_position,
)

Names = tuple[str, ...]

ID = "sis"
CORE = ("schools", "students", "teachers", "sections", "enrollments")
"""Tables that most rules need."""

TEXTS = (".txt", ".text", ".tsv", ".tab")
RAW = "file "
"""Prefix of the table names of an export's own files, before the roster's tables are built."""

ENROLLMENT_COLUMNS = (
    Column("Grade", "grade", coded=True),
    Column("Begin", "date", coded=True),
    Column("End", "date", coded=True),
    Column("Exit_code", coded=True),
)
"""Columns that enrollments of a raw export may have in addition to Clever's."""


@dataclass(frozen=True)
class Plan:
    """Which of an export's files are used for a column map.

    files: the files to read, each with the columns that the map uses.
    own: our table -> the names of its files.
    absent: our table -> why it has no file.
    lacking: our table -> the names of further files that the map gives it and that are not there.
    joined: patterns of another file, as the map has them -> the names of the files.
    headless: files without a header.
    heights: raw table -> its last line, in the files as they are on the disk.
    """

    map: ColumnMap
    files: tuple[File, ...]
    own: Mapping[str, Names]
    absent: Mapping[str, str]
    lacking: Mapping[str, Names]
    joined: Mapping[Names, Names]
    headless: frozenset[str]
    heights: Mapping[str, int] = field(default_factory=dict)

    @property
    def format(self) -> Version:
        """The files as a version of the format."""
        return Version(ID, self.map.title, self.files)


def describe_tables(files: Sequence[File]) -> tuple[File, ...]:
    """Return Clever's files as the tables that a column map may fill.

    Only schools need a School_id, and enrollments may have more columns.
    """
    return tuple(_describe_table(file) for file in files)


def _describe_table(file: File) -> File:
    """Describe a table that a column map may fill, as a raw export has it."""
    columns = file.columns
    if file.table != "schools":
        columns = tuple(_make_school_optional(column) for column in columns)
    if file.table == "enrollments":
        unnamed = tuple(replace(column, recommended=False) for column in columns)
        columns = (*unnamed, *ENROLLMENT_COLUMNS)
    return replace(file, columns=columns, required=file.table in CORE)


def _make_school_optional(column: Column) -> Column:
    """Describe a column of a raw export; only School_id may be missing."""
    if column.name != "School_id":
        return column
    return replace(column, required=False, recommended=True)


def plan_files(
    column_map: ColumnMap,
    names: Sequence[str],
    *,
    stem: Callable[[str], str],
    files: Sequence[File],
) -> Plan:
    """Return the plan for files of these names.

    `stem` returns a file name without its ending; `files` are our tables as `describe_tables`
    returns them.
    """
    matches = _match_files(column_map, names, stem)
    columns: dict[str, _Columns] = {}
    headless: set[str] = set()
    tables = {file.table: file for file in files}
    for mapped in column_map.tables:
        if mapped.table not in matches.own:
            continue
        _collect_columns(mapped, tables[mapped.table], matches, columns=columns)
        if not mapped.headed:
            headless.update(matches.own[mapped.table])
            for taken in mapped.columns.values():
                headless.update(matches.joined.get(taken.files, ()))
    raw_files = tuple(
        File(
            RAW + name,
            name,
            "",
            tuple(chosen.columns.values()),
            required=False,
            corrects_headings=False,
        )
        for name, chosen in columns.items()
    )
    return Plan(
        column_map,
        raw_files,
        matches.own,
        matches.absent,
        matches.lacking,
        matches.joined,
        frozenset(headless),
    )


@dataclass
class _Matches:
    """Files found for a column map; see `Plan`."""

    own: dict[str, Names] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    lacking: dict[str, Names] = field(default_factory=dict)
    joined: dict[Names, Names] = field(default_factory=dict)


def _match_files(
    column_map: ColumnMap, names: Sequence[str], stem: Callable[[str], str]
) -> _Matches:
    """Match the tables of a column map with the files of a raw export."""
    matches = _Matches()
    for mapped in column_map.tables:
        candidates = _find_files(mapped, names, stem)
        if not candidates or (len(candidates) > 1 and not mapped.every):
            matches.absent[mapped.table] = _explain_no_match(mapped.files, candidates)
            continue
        matches.own[mapped.table] = candidates
        if mapped.every:
            lacking = [name for name in mapped.files if not match_names([name], names, stem)]
            matches.lacking[mapped.table] = tuple(lacking)
        for others in (*mapped.columns.values(), mapped.teaching):
            if others is None or not others.files:
                continue
            joined = _find_files(others, names, stem)
            if joined and (len(joined) == 1 or others.every):
                matches.joined[others.files] = joined
    return matches


def _find_files(
    given: MappedTable | ColumnSource | Teaching,
    names: Sequence[str],
    stem: Callable[[str], str],
) -> Names:
    """Return the raw files that a column map means: all that match, or those of the first match."""
    if not given.every:
        return tuple(match_names(given.files, names, stem))
    named = {name for each in given.files for name in match_names([each], names, stem)}
    return tuple(name for name in names if name in named)


def name_files(names: Sequence[str]) -> str:
    """Return one name for several raw files that are one table."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more files"


@dataclass
class _Columns:
    """The columns to read from one file, by normalized heading."""

    columns: dict[str, Column] = field(default_factory=dict)

    def add(self, column: Column) -> None:
        """Add a column; of two with the same heading, the one with the more specific kind stays."""
        key = fold_heading(column.name)
        before = self.columns.get(key)
        if before is None:
            self.columns[key] = column
        elif before.kind in ("text", "id"):
            coded = column.coded or before.coded
            self.columns[key] = replace(column, name=before.name, coded=coded)


@dataclass
class _Group:
    """The columns to read from several files of one layout."""

    files: list[_Columns]

    def add(self, column: Column) -> None:
        """Add a column to each file."""
        for each in self.files:
            each.add(column)


def _collect_columns(
    mapped: MappedTable, described: File, matches: _Matches, *, columns: dict[str, _Columns]
) -> None:
    """Collect the columns of raw files that a table of the column map uses."""

    def choose(names: Names) -> _Group:
        return _Group([columns.setdefault(name, _Columns()) for name in names])

    own = choose(matches.own[mapped.table])
    for heading in mapped.only:
        own.add(Column(get_heading(heading, mapped.headed), coded=True))
    for name, taken in mapped.columns.items():
        source = own
        if taken.files:
            if taken.files not in matches.joined:
                continue
            source = choose(matches.joined[taken.files])
            for key in taken.key:
                own.add(Column(get_heading(key, mapped.headed), "id"))
            for key in taken.other_key:
                source.add(Column(get_heading(key, mapped.headed), "id"))
        column = described.column(name) or Column(name)
        kind = "text" if column.kind == "choice" else column.kind
        for heading in taken.headers:
            title = get_heading(heading, mapped.headed)
            source.add(Column(title, kind, coded=column.coded))
    teaching = mapped.teaching
    if teaching is not None and teaching.files in matches.joined:
        source = choose(matches.joined[teaching.files])
        for heading in (*teaching.section, *teaching.person):
            source.add(Column(get_heading(heading, mapped.headed), "id"))
        for heading in teaching.only:
            source.add(Column(get_heading(heading, mapped.headed), coded=True))


def match_names(
    patterns: Sequence[str], names: Sequence[str], stem: Callable[[str], str]
) -> list[str]:
    """Return the names that match the first pattern that any name matches, in any letter case."""
    for pattern in patterns:
        lower = pattern.lower()
        same = [name for name in names if name.lower() == lower]
        bare = strip_ending(PurePath(lower).stem if lower.endswith(".csv") else lower)
        matches = same or [
            name for name in names if fnmatch.fnmatchcase(strip_ending(stem(name)), bare)
        ]
        if matches:
            return matches
    return []


def strip_ending(name: str) -> str:
    """Return a file name in lower case without an ending of text files other than .csv."""
    return next((name.removesuffix(ending) for ending in TEXTS if name.endswith(ending)), name)


def _explain_no_match(patterns: Sequence[str], candidates: Sequence[str]) -> str:
    """Explain why no file of a raw export, or more than one, fits the column map."""
    wanted = " or ".join(patterns)
    if candidates:
        return (
            f"{len(candidates)} files fit {wanted}; the column map must name one, or all of them "
            "with 'files' if they are one table"
        )
    return f"no file fits {wanted}"


def get_heading(heading: str, headed: bool) -> str:
    """Return the heading in the raw SIS file that is read; "column N" where it has no header."""
    return heading if headed else name_position(int(heading))
