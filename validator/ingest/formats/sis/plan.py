"""Which files of a raw export a column map uses, and which columns of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.file_names import (
    Names,
    explain_no_match,
    find_files,
    match_names,
)
from validator.model import (
    Column,
    ColumnMap,
    File,
    MappedTable,
    Version,
    dataclass,
)
from validator.schemas.clever import CONTACTS as CONTACT_COLUMNS

ID = "sis"
CORE = ("schools", "students", "teachers", "sections", "enrollments")
"""Tables that most rules need."""

RAW = "file "
"""Prefix of the table names of an export's own files, before the roster's tables are built."""

ENROLLMENT_COLUMNS = (
    Column("Grade", "grade", coded=True),
    Column("Begin", "date", coded=True),
    Column("End", "date", coded=True),
    Column("Exit_code", coded=True),
)
"""Columns that enrollments of a raw export may have in addition to Clever's."""

CONTACTS = File(
    "contacts",
    "contacts.csv",
    "",
    (Column("Student_id", "id", required=True), *CONTACT_COLUMNS),
    required=False,
)
"""Parents and guardians in a file of a raw export; Clever's files have them on students' rows."""


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
        """The raw files to read by a column map, as a version of the format."""
        return Version(ID, self.map.title, self.files)


def describe_tables(files: Sequence[File]) -> tuple[File, ...]:
    """Return the tables that a column map may fill while reading a raw export: Clever's files.

    Only schools need a School_id, enrollments may have more columns, and contacts are a table.
    """
    return (*(_describe_table(file) for file in files), CONTACTS)


def _describe_table(file: File) -> File:
    """Describe a table that a column map may fill while reading a raw export."""
    columns = file.columns
    if file.table != "schools":
        columns = tuple(_make_school_optional(column) for column in columns)
    if file.table == "enrollments":
        unnamed = tuple(replace(column, recommended=False) for column in columns)
        columns = (*unnamed, *ENROLLMENT_COLUMNS)
    return replace(file, columns=columns, required=file.table in CORE)


def _make_school_optional(column: Column) -> Column:
    """Describe a column of a raw file to read by column map; only School_id may be missing."""
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
    """Plan how files of these names are read through a column map.

    `stem` returns a file name without its ending; `files` are our tables as `describe_tables`
    returns them.
    """
    matches = _match_files(column_map, names, stem)
    columns = _collect_all(column_map, matches, files)
    rows = _count_heading_rows(column_map, matches)
    raw_files = tuple(
        File(
            RAW + name,
            name,
            "",
            tuple(chosen.columns.values()),
            required=False,
            corrects_headings=False,
            heading_rows=rows.get(name, 1),
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
        _list_headless(column_map, matches),
    )


def _list_headless(column_map: ColumnMap, matches: _Matches) -> frozenset[str]:
    """Return the raw files that a column map says have no headings."""
    headless: set[str] = set()
    for mapped in column_map.tables:
        if mapped.headed or mapped.table not in matches.own:
            continue
        headless.update(matches.own[mapped.table])
        for taken in mapped.columns.values():
            headless.update(matches.joined.get(taken.files, ()))
    return frozenset(headless)


def _count_heading_rows(column_map: ColumnMap, matches: _Matches) -> dict[str, int]:
    """Return how many rows of headings each raw file has."""
    return {
        name: mapped.heading_rows
        for mapped in column_map.tables
        for name in matches.own.get(mapped.table, ())
        if mapped.heading_rows > 1
    }


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
        candidates = find_files(mapped, names, stem)
        if not candidates or (len(candidates) > 1 and not mapped.every):
            matches.absent[mapped.table] = explain_no_match(mapped.files, candidates)
            continue
        matches.own[mapped.table] = candidates
        if mapped.every:
            lacking = [name for name in mapped.files if not match_names([name], names, stem)]
            matches.lacking[mapped.table] = tuple(lacking)
        for others in (*mapped.columns.values(), mapped.teaching):
            if others is None or not others.files:
                continue
            joined = find_files(others, names, stem)
            if joined and (len(joined) == 1 or others.every):
                matches.joined[others.files] = joined
    return matches


@dataclass
class _Columns:
    """The columns to read from one file, by normalized heading.

    combined: as in `ColumnMap`; the parts are read in place of a combined column.
    """

    combined: Mapping[str, tuple[str, ...]]
    columns: dict[str, Column] = field(default_factory=dict)

    def add(self, column: Column) -> None:
        """Add a column; of two with the same heading, the one with the more specific kind stays."""
        for part in self.combined.get(column.name, ()):
            self.add(Column(part, "id", coded=True))
        if column.name in self.combined:
            return
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
        """Add a column to read by the column map to each raw file of a table."""
        for each in self.files:
            each.add(column)


def _collect_all(
    column_map: ColumnMap, matches: _Matches, files: Sequence[File]
) -> dict[str, _Columns]:
    """Collect the columns of raw files that a column map uses, by file."""
    columns: dict[str, _Columns] = {}
    tables = {file.table: file for file in files}
    for mapped in column_map.tables:
        if mapped.table in matches.own:
            described, combined = tables[mapped.table], column_map.combined
            _collect_columns(mapped, described, matches, columns=columns, combined=combined)
    return columns


def _collect_columns(
    mapped: MappedTable,
    described: File,
    matches: _Matches,
    *,
    columns: dict[str, _Columns],
    combined: Mapping[str, tuple[str, ...]],
) -> None:
    """Collect the columns of raw files that a table of the column map uses."""

    def choose(names: Names) -> _Group:
        return _Group([columns.setdefault(name, _Columns(combined)) for name in names])

    own = choose(matches.own[mapped.table])
    for heading in mapped.only:
        own.add(Column(str(heading), coded=True))
    for name, taken in mapped.columns.items():
        source = own
        if taken.files:
            if taken.files not in matches.joined:
                continue
            source = choose(matches.joined[taken.files])
            for key in taken.key:
                own.add(Column(str(key), "id"))
            for key in taken.other_key:
                source.add(Column(str(key), "id"))
        column = described.column(name) or Column(name)
        kind = "text" if column.kind == "choice" else column.kind
        for heading in taken.headers:
            source.add(Column(str(heading), kind, coded=column.coded))
    teaching = mapped.teaching
    if teaching is not None and teaching.files in matches.joined:
        source = choose(matches.joined[teaching.files])
        for heading in (*teaching.section, *teaching.person):
            source.add(Column(str(heading), "id"))
        for heading in teaching.only:
            source.add(Column(str(heading), coded=True))
