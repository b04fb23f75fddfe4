"""Which of the files at hand serve a column map, and what is read of each."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from validator.ingest.csv import header
from validator.model import Column, ColumnMap, File, Version, MappedTable

ID = "sis"
CORE = ("schools", "students", "teachers", "sections", "enrollments")
"""Tables without which most rules cannot be asked."""
TEXTS = (".txt", ".text", ".tsv", ".tab")
RAW = "file "
"""What the tables of an export's own files are called until they are made into ours."""


@dataclass(frozen=True)
class Plan:
    """Which of the files at hand serve the map: per table its file, or why there is none; joined files by pattern."""

    map: ColumnMap
    files: tuple[File, ...]
    own: Mapping[str, str]
    absent: Mapping[str, str]
    joined: Mapping[tuple[str, ...], str]
    headless: frozenset[str]

    @property
    def format(self) -> Version:
        """The files at hand as a format of their own."""
        return Version(ID, self.map.title, self.files)


def described(files: Sequence[File]) -> tuple[File, ...]:
    """Our tables as a raw export is asked for them: School_id only recommended, enrollments perhaps with a grade,
    their days and why they ended."""

    def one(file: File) -> File:
        columns = [
            replace(column, required=False, recommended=True)
            if column.name == "School_id" and file.table != "schools"
            else column
            for column in file.columns
        ]
        if file.table == "enrollments":
            columns = [replace(column, recommended=False) for column in columns]
            columns += [
                Column("Grade", "grade", coded=True),
                Column("Begin", "date", coded=True),
                Column("End", "date", coded=True),
                Column("Exit_code", coded=True),
            ]
        return replace(file, columns=tuple(columns), required=file.table in CORE)

    return tuple(one(file) for file in files)


def planned(
    column_map: ColumnMap,
    names: Sequence[str],
    *,
    stem: Callable[[str], str],
    files: Sequence[File],
) -> Plan:
    """The plan for files of these names; `stem`: a name without its ending; `files`: our own tables, `described`."""
    own: dict[str, str] = {}
    absent: dict[str, str] = {}
    joined: dict[tuple[str, ...], str] = {}
    headless: set[str] = set()
    asked: dict[str, dict[str, Column]] = {}
    ours = {file.table: file for file in files}
    for one in column_map.tables:
        found = matching(one.files, names, stem)
        if len(found) != 1:
            absent[one.table] = _unmatched(one.files, found)
            continue
        own[one.table] = found[0]
        for patterns in {taken.files for taken in one.columns.values()} - {()}:
            others = matching(patterns, names, stem)
            if len(others) == 1:
                joined[patterns] = others[0]
        if not one.headed:
            headless.update(
                (found[0], *(joined.get(taken.files, found[0]) for taken in one.columns.values()))
            )
        _ask_for(one, ours[one.table], own[one.table], joined=joined, asked=asked)
    made = tuple(
        File(RAW + name, name, "", tuple(columns.values()), required=False)
        for name, columns in asked.items()
    )
    return Plan(column_map, made, own, absent, joined, frozenset(headless))


def _ask_for(
    one: MappedTable,
    ours: File,
    name: str,
    *,
    joined: Mapping[tuple[str, ...], str],
    asked: dict[str, dict[str, Column]],
) -> None:
    """Adds what a table takes of its file and of others to what is `asked` of each."""
    wanted = asked.setdefault(name, {})
    for heading in one.only:
        _ask(wanted, Column(heading_of(heading, one.headed), coded=True))
    for column, taken in one.columns.items():
        held = wanted
        if taken.files:
            if taken.files not in joined:
                continue
            held = asked.setdefault(joined[taken.files], {})
            for key in taken.key:
                _ask(wanted, Column(heading_of(key, one.headed), "id"))
            for key in taken.other_key:
                _ask(held, Column(heading_of(key, one.headed), "id"))
        described = ours.column(column)
        kind = described.kind if described is not None and described.kind != "choice" else "text"
        for heading in taken.headers:
            _ask(
                held,
                Column(
                    heading_of(heading, one.headed),
                    kind,
                    coded=described is not None and described.coded,
                ),
            )


def matching(
    patterns: Sequence[str], names: Sequence[str], stem: Callable[[str], str]
) -> list[str]:
    """The names that fit the first pattern that any name fits; case does not matter."""
    for pattern in patterns:
        bare = (
            PurePath(pattern).stem.lower() if pattern.lower().endswith(".csv") else pattern.lower()
        )
        found = [name for name in names if name.lower() == pattern.lower()] or [
            name
            for name in names
            if fnmatch.fnmatchcase(without_ending(stem(name)), without_ending(bare))
        ]
        if found:
            return found
    return []


def without_ending(name: str) -> str:
    """A file's name, lower case, without the endings that exports have beside .csv."""
    return next((name.removesuffix(ending) for ending in TEXTS if name.endswith(ending)), name)


def _unmatched(patterns: Sequence[str], found: Sequence[str]) -> str:
    if found:
        return f"{len(found)} files fit {' or '.join(patterns)}; the column map must name one"
    return f"no file fits {' or '.join(patterns)}"


def _ask(wanted: dict[str, Column], column: Column) -> None:
    """Adds a column to those that are read of a file; what needs more of it wins."""
    before = wanted.get(header.fold_heading(column.name))
    if before is None or before.kind in ("text", "id"):
        coded = column.coded or (before is not None and before.coded)
        wanted[header.fold_heading(column.name)] = replace(
            column, name=before.name if before else column.name, coded=coded
        )


def heading_of(said: str, headed: bool) -> str:
    """The heading that a map means: what it says, or the heading that a column is given whose file has none."""
    return said if headed else f"column {int(said)}"
