"""Files of one layout in an unknown export: several parts of one table, or copies of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from validator.ingest.formats.sis.file_names import name_files
from validator.ingest.mapping import words
from validator.ingest.mapping.profile import (
    ColumnProfile,
    FileProfile,
    measure_overlap,
    normalize_name,
)

LEAST_HEADINGS = 0.8
"""Share of the headings of two files that both have, from which they are of one layout."""
MOST_SHARED = 0.5
"""Share of ids from which two files of one layout are copies and not parts. Our own measures."""
ANYBODY = frozenset("id number person first last middle full name email address username".split())
"""Words in the headings of any list of people."""
MOST_COMPARED = 12
"""Parts of one table with which a further file is compared; besides those of the same name."""
GROUPS = frozenset("school building entity grade term semester track".split())
"""Words of headings over what all records of one file may have in common."""
MIN_IDS = 2
"""Distinct values below which a column cannot distinguish parts from copies, in larger files."""


def join_parts(
    profiles: Sequence[FileProfile], names: Mapping[str, Sequence[str]]
) -> list[FileProfile]:
    """Return the profiles, with files of one layout that are parts of one table as one profile.

    `names`: table -> file names that are known for it; files named for two tables are two.
    """
    groups: list[list[FileProfile]] = []
    for profile in profiles:
        fitting = (group for group in groups if _belongs(profile, group, names))
        group = next(fitting, None)
        if group is None:
            groups.append([profile])
        else:
            group.append(profile)
    return [group[0] if len(group) == 1 else _join(group) for group in groups]


def _belongs(
    profile: FileProfile, group: Sequence[FileProfile], names: Mapping[str, Sequence[str]]
) -> bool:
    """Return whether a file of unknown layout is one more part of a group's table."""
    first = group[0]
    if (profile.headed, profile.heading_rows) != (first.headed, first.heading_rows):
        return False
    if not (_is_table(profile) and _is_table(first)) or not _has_same_headings(profile, first):
        return False
    tables, others = _list_tables(profile, names), _list_tables(first, names)
    if tables and others and not tables & others:
        return False
    if not tables & others and (not profile.headed or _is_of_anybody(profile)):
        return False
    same_name = [other for other in group if _strip_marks(other) == _strip_marks(profile)]
    return all(_are_parts(profile, other) for other in [*group[:MOST_COMPARED], *same_name])


def _strip_marks(profile: FileProfile) -> list[str]:
    """Return the words of an unknown file's name, the same for `students` and `students (1)`."""
    return [word for word in words.split_words(profile.stem) if word != "copy"]


def _is_table(profile: FileProfile) -> bool:
    """Return whether a file of unknown layout has several columns."""
    return len(profile.columns) > 1


def _index(profile: FileProfile) -> dict[str, ColumnProfile]:
    """Return the columns of an unknown file by heading, or by number where it has none."""
    return {normalize_name(column.heading): column for column in profile.columns}


def _has_same_headings(file: FileProfile, other: FileProfile) -> bool:
    """Return whether two files of unknown layout have nearly the same headings."""
    ours, theirs = _index(file).keys(), _index(other).keys()
    return len(ours & theirs) >= LEAST_HEADINGS * len(ours | theirs)


def _is_of_anybody(profile: FileProfile) -> bool:
    """Return whether a file of unknown layout could, by its headings, be of students or of
    teachers."""
    return all(
        any(set(key) <= ANYBODY for key in words.read_heading(column.heading))
        for column in profile.columns
    )


def _list_tables(profile: FileProfile, names: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the tables that an unknown file's name may be about."""
    stems = words.read_file_name(profile.stem)
    return {
        table
        for table, known in names.items()
        if any(
            set(key) <= set(stem)
            for name in known
            for key in words.read_heading(name)
            for stem in stems
            if key
        )
    }


def _are_parts(file: FileProfile, other: FileProfile) -> bool:
    """Return whether files of unknown layout have different records: some ids in only one.

    Half of the columns in which no value repeats must differ, or without any, one of the others.
    Two schools are parts even if each numbers its records from one.
    """
    if _are_of_two_groups(file, other):
        return True
    shares = list(_compare_ids(file, other, unique=True))
    if shares:
        return 2 * sum(share < MOST_SHARED for share in shares) >= len(shares)
    return min(_compare_ids(file, other, unique=False), default=1.0) < MOST_SHARED


def _are_of_two_groups(file: FileProfile, other: FileProfile) -> bool:
    """Return whether a column says that two unknown files are of two schools, grades or terms."""
    others = _index(other)
    for heading, column in _index(file).items():
        theirs = others.get(heading)
        if theirs is None or len(column) != 1 or len(theirs) != 1:
            continue
        named = any(GROUPS & set(key) for key in words.read_heading(column.heading))
        if named and column.filled == file.rows and not column.values.equals(theirs.values):
            return True
    return False


def _compare_ids(file: FileProfile, other: FileProfile, *, unique: bool) -> Iterator[float]:
    """Yield for each column of two unknown files the share of values that both have."""
    others = _index(other)
    least = min(MIN_IDS, file.rows, other.rows)
    for heading, column in _index(file).items():
        theirs = others.get(heading)
        if theirs is None or min(len(column), len(theirs)) < least:
            continue
        if unique and not (column.unique and theirs.unique):
            continue
        small, large = sorted((column, theirs), key=len)
        yield measure_overlap(small, large)


def _join(group: Sequence[FileProfile]) -> FileProfile:
    """Join the profiles of several files of unknown layout that are one table."""
    names = [profile.name for profile in group]
    columns: dict[str, list[ColumnProfile]] = {}
    for profile in group:
        for heading, column in _index(profile).items():
            columns.setdefault(heading, []).append(column)
    composites: dict[str, list[ColumnProfile]] = {}
    for composite in (each for profile in group for each in profile.composites):
        composites.setdefault(composite.heading, []).append(composite)
    rows = sum(profile.rows for profile in group)
    joined = {
        heading: _join_columns(same, number, rows)
        for number, (heading, same) in enumerate(columns.items(), 1)
    }
    return replace(
        group[0],
        name=name_files(names),
        stem=_join_stems(group),
        columns=tuple(joined.values()),
        rows=rows,
        by_heading=joined if group[0].headed else {},
        parts=tuple(group),
        composites=tuple(
            _join_columns(same, same[0].position, rows) for same in composites.values()
        ),
    )


def _join_columns(same: Sequence[ColumnProfile], position: int, rows: int) -> ColumnProfile:
    """Join the profiles of one unknown column in several files."""
    values = pc.unique(pa.concat_arrays([column.values for column in same]))
    filled = sum(column.filled for column in same)
    weights = [len(column) for column in same]

    def average(name: str) -> Any:
        total = sum(weights)
        shares = [getattr(column, name) for column in same]
        parts = [share * weight for share, weight in zip(shares, weights, strict=True)]
        return sum(parts) / total if total else 0.0

    shapes = {name: average(name) for name in ("email", "date", "grade", "comma", "blank_inside")}
    is_unique = len(values) == filled > 1
    return replace(
        same[0],
        position=position,
        filled=filled,
        rows=rows,
        unique=is_unique,
        values=values,
        **shapes,
    )


def _join_stems(group: Sequence[FileProfile]) -> str:
    """Return the words that the names of several unknown files have in common."""
    split = [words.split_words(profile.stem) for profile in group]
    return " ".join(word for word in split[0] if all(word in other for other in split[1:]))
