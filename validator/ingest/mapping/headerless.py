"""Files without headings: a column is suggested only where references between files tell what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validator.ingest.mapping.profile import (
    ColumnProfile,
    FileProfile,
    measure_overlap,
    normalize_name,
)
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MIN_SHARE = 0.5
"""Share of a column's distinct values that must be found in the other file; our own measure."""
MIN_VALUES = 3
"""Distinct values below which agreement of two columns says nothing; our own measure."""
IDS = {"students": "Student_id", "sections": "Section_id"}


def match_files(seen: Sequence[FileProfile], aliases: Mapping[str, Any]) -> dict[str, TableMatch]:
    """Students, sections and enrollments of files whose names tell what they are and whose ids refer to each other."""
    files = [file for file in seen if not file.headed and file.columns]
    named = {
        table: next(
            (
                file
                for file in files
                if normalize_name(file.stem) in map(normalize_name, aliases["tables"][table])
            ),
            None,
        )
        for table in ("schools", *IDS, "enrollments")
    }
    enrolled = named["enrollments"]
    if enrolled is None:
        return {}
    found: dict[str, TableMatch] = {}
    links: dict[str, Match] = {}
    for table, column in IDS.items():
        file = named[table]
        pair = _find_reference(enrolled, file) if file is not None else None
        if file is None or pair is None:
            continue
        reference, key, share = pair
        why = f"{int(100 * share)}% of its values are ids of {file.name}"
        links[column] = Match(column, reference, Sure.LIKELY, why)
        matches = {
            column: Match(
                column, key, Sure.LIKELY, f"each value once; {enrolled.name} refers to it"
            )
        }
        school = named["schools"]
        if school is not None and (own := _find_reference(file, school)) is not None:
            matches["School_id"] = Match(
                "School_id", own[0], Sure.LIKELY, f"its values are ids of {school.name}"
            )
        found[table] = TableMatch(
            table, file, matches, Sure.LIKELY, "its name and references between the files"
        )
    if links:
        found["enrollments"] = TableMatch(
            "enrollments", enrolled, links, Sure.LIKELY, "its name and references between the files"
        )
    return found


def _find_reference(
    file: FileProfile, other: FileProfile
) -> tuple[ColumnProfile, ColumnProfile, float] | None:
    """The column that refers to another file, the column it refers to, and the share that is found there."""
    pairs = [
        (measure_overlap(column, key), len(column), column, key)
        for key in other.columns
        if key.unique
        for column in file.columns
        if len(column) >= min(MIN_VALUES, len(key))
    ]
    share, _, column, key = max(pairs, key=lambda one: one[:2], default=(0.0, 0, None, None))
    return (
        (column, key, share)
        if column is not None and key is not None and share >= MIN_SHARE
        else None
    )
