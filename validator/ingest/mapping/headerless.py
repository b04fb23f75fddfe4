"""Tables and columns of files without headings, matched by references between the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from validator.ingest.mapping.profile import (
    ColumnProfile,
    FileProfile,
    measure_overlap,
    normalize_name,
)
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MIN_SHARE = 0.5
"""Share of a column's distinct values that must be in the other file; our own measure."""
MIN_VALUES = 3
"""Distinct values below which the agreement of two columns means nothing; our own measure."""
IDS = {"students": "Student_id", "sections": "Section_id"}
WHY = "its name and references between the files"


class _Reference(NamedTuple):
    """A column that refers to another file, the key there, and the share of its values there."""

    column: ColumnProfile
    key: ColumnProfile
    share: float


def match_files(
    profiles: Sequence[FileProfile], aliases: Mapping[str, Any]
) -> dict[str, TableMatch]:
    """Suggest students, sections and enrollments among files without a header."""
    headerless = [file for file in profiles if not file.headed and file.columns]
    named = {
        table: _find_by_name(headerless, aliases["tables"][table])
        for table in ("schools", *IDS, "enrollments")
    }
    enrollments, schools = named["enrollments"], named["schools"]
    if enrollments is None:
        return {}
    tables: dict[str, TableMatch] = {}
    links: dict[str, Match] = {}
    for table, id_name in IDS.items():
        file = named[table]
        reference = _find_reference(enrollments, file) if file is not None else None
        if file is None or reference is None:
            continue
        why = f"{int(100 * reference.share)}% of its values are ids of {file.name}"
        links[id_name] = Match(id_name, reference.column, Sure.LIKELY, why, compared=file.name)
        why = f"each value once; {enrollments.name} refers to it"
        matches = {id_name: Match(id_name, reference.key, Sure.LIKELY, why)}
        school = _find_reference(file, schools) if schools is not None else None
        if schools is not None and school is not None:
            why = f"its values are ids of {schools.name}"
            matches["School_id"] = Match("School_id", school.column, Sure.LIKELY, why)
        tables[table] = TableMatch(table, file, matches, Sure.LIKELY, WHY)
    if links:
        tables["enrollments"] = TableMatch("enrollments", enrollments, links, Sure.LIKELY, WHY)
    return tables


def _find_by_name(files: Sequence[FileProfile], names: Sequence[str]) -> FileProfile | None:
    """Return the first file of unknown layout with one of these names."""
    wanted = {normalize_name(name) for name in names}
    return next((file for file in files if normalize_name(file.stem) in wanted), None)


def _find_reference(file: FileProfile, other: FileProfile) -> _Reference | None:
    """Return the column of a file that refers to another file most, if enough of its values do."""
    best: _Reference | None = None
    rank = (0.0, 0)
    for key in other.columns:
        if not key.unique:
            continue
        for column in file.columns:
            if len(column) < min(MIN_VALUES, len(key)):
                continue
            share = measure_overlap(column, key)
            if best is None or (share, len(column)) > rank:
                best, rank = _Reference(column, key, share), (share, len(column))
    return best if best is not None and best.share >= MIN_SHARE else None
