"""Columns that another file lends: e-mail addresses, the names of courses, the days of terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from validator.ingest.mapping.profile import (
    ColumnProfile,
    FileProfile,
    measure_overlap,
    normalize_name,
)
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MIN_SHARE = 0.8
"""Share of the references that must be found in the other file; our own measure."""
REFERENCES = {"courses": "Course_number", "terms": "Term_name"}
"""Files that lend to sections, and the column of sections that refers to them."""


def complete(
    told: TableMatch, spare: Sequence[FileProfile], aliases: Mapping[str, Any]
) -> TableMatch:
    """The table with what it lacks and files that are no table of their own can lend."""
    found = dict(told.matches)
    email = {"students": "Student_email", "teachers": "Teacher_email"}.get(told.table, "")
    if email and email not in found:
        for match in _find_emails(told, spare, email):
            found.setdefault(email, match)
    if told.table == "sections":
        for kind in REFERENCES:
            for match in _find_lookups(told, spare, kind, aliases):
                if match.column not in told.matches or match.column == "Term_name":
                    found[match.column] = match
    return replace(told, matches=found)


def _find_emails(told: TableMatch, spare: Sequence[FileProfile], column: str) -> Iterator[Match]:
    keys = [
        match.taken for name, match in told.matches.items() if name.endswith(("_id", "_number"))
    ]
    for file in spare:
        shaped = [one for one in file.columns if one.email >= MIN_SHARE]
        if len(shaped) != 1:
            continue
        for own in keys:
            for theirs in file.columns:
                if theirs.unique and own.unique and measure_overlap(own, theirs) >= MIN_SHARE:
                    why = "the only e-mail addresses; the file has the same ids"
                    yield Match(
                        column, shaped[0], Sure.LIKELY, why, lender=file, key=own, lender_key=theirs
                    )


def _find_lookups(
    told: TableMatch, spare: Sequence[FileProfile], kind: str, aliases: Mapping[str, Any]
) -> list[Match]:
    """What the one file of a kind that fits best lends to sections."""
    reference = told.matches.get(REFERENCES[kind])
    names = aliases["lent"][kind]
    if reference is None or reference.lender is not None:
        return []
    best: tuple[tuple[float, float, bool, int], list[Match]] | None = None
    for file in spare:
        key = _find_column(file, names["key"])
        if (
            key is None
            or not key.unique
            or (share := measure_overlap(reference.taken, key)) < MIN_SHARE
        ):
            continue
        lent = [
            Match(
                column,
                held,
                Sure.LIKELY,
                f"the file's {kind} are those that this one refers to",
                lender=file,
                key=reference.taken,
                lender_key=key,
            )
            for column, headings in names.items()
            if column != "key" and (held := _find_column(file, headings))
        ]
        rank = (
            share,
            measure_overlap(key, reference.taken),
            normalize_name(file.stem).startswith(kind),
            len(lent),
        )
        if lent and (best is None or rank > best[0]):
            best = rank, lent
    return best[1] if best else []


def _find_column(file: FileProfile, headings: Sequence[str]) -> ColumnProfile | None:
    return next(
        (
            file.by_heading[normalize_name(name)]
            for name in headings
            if normalize_name(name) in file.by_heading
        ),
        None,
    )
