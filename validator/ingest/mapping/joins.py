"""Columns from other files: e-mail addresses, course names, term dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from validator.ingest.mapping import words
from validator.ingest.mapping.profile import (
    ColumnProfile,
    FileProfile,
    measure_overlap,
    normalize_name,
)
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MIN_SHARE = 0.8
"""Share of the references that must be in the other file; our own measure."""
REFERENCES = {"courses": "Course_number", "terms": "Term_name"}
"""Kind of file that adds columns to sections -> the column of sections that refers to it."""
LENT = ("Grade", "School_id", "DOB", "Gender")
"""Columns of students that a file with one row for each of them may add."""
EMAILS = {"students": "Student_email", "teachers": "Teacher_email"}

Rank = tuple[float, float, bool, int]


Columns = Callable[[FileProfile], Mapping[str, Match]]
"""The columns that a file has for a table."""


def complete(
    table: TableMatch,
    spare: Sequence[FileProfile],
    aliases: Mapping[str, Any],
    *,
    match_columns: Columns,
) -> TableMatch:
    """Return the suggested table with columns from files that hold no table."""
    matches = dict(table.matches)
    email = EMAILS.get(table.table, "")
    if email and email not in matches:
        for match in _find_emails(table, spare, email):
            matches.setdefault(email, match)
    if table.table == "students":
        for match in _find_lent(table, spare, match_columns):
            matches.setdefault(match.column, match)
    if table.table == "sections":
        for kind in REFERENCES:
            for match in _find_lookups(table, spare, kind, aliases=aliases):
                if match.column not in table.matches or match.column == "Term_name":
                    matches[match.column] = match
    return replace(table, matches=matches)


def _find_emails(table: TableMatch, spare: Sequence[FileProfile], column: str) -> Iterator[Match]:
    """Yield e-mail columns that a suggested column map can join, from files with the same ids."""
    why = "the only e-mail addresses; the file has the same ids"
    keys = []
    for name, match in table.matches.items():
        if name.endswith(("_id", "_number")) and match.taken.is_nearly_unique:
            keys.append(match.taken)
    for file in spare:
        emails = [profile for profile in file.columns if profile.email >= MIN_SHARE]
        if len(emails) != 1:
            continue
        for key in keys:
            for other in file.columns:
                if other.is_nearly_unique and measure_overlap(key, other) >= MIN_SHARE:
                    yield Match(
                        column, emails[0], Sure.LIKELY, why, lender=file, key=key, lender_key=other
                    )


def _find_lent(
    table: TableMatch, spare: Sequence[FileProfile], match_columns: Columns
) -> Iterator[Match]:
    """Yield columns of students from files with one row for each, known by the same id."""
    key = table.matches.get("Student_id")
    if key is None or key.lender is not None:
        return
    for file in spare:
        others = match_columns(file)
        other = others.get("Student_id")
        if other is None or not other.taken.is_nearly_unique:
            continue
        if measure_overlap(key.taken, other.taken) < MIN_SHARE:
            continue
        for name in LENT:
            if name in others and others[name].taken is not other.taken:
                yield replace(
                    others[name],
                    sure=Sure.LIKELY,
                    why=f"{others[name].why}; the file has the same ids",
                    lender=file,
                    key=key.taken,
                    lender_key=other.taken,
                )


def _find_lookups(
    table: TableMatch, spare: Sequence[FileProfile], kind: str, *, aliases: Mapping[str, Any]
) -> list[Match]:
    """Return the columns that the best file of a kind adds to sections."""
    reference = table.matches.get(REFERENCES[kind])
    if reference is None or reference.lender is not None:
        return []
    ranked: list[tuple[Rank, list[Match]]] = []
    for file in spare:
        headings = aliases["lent"][kind]
        key = _find_column(file, headings["key"])
        if key is None or not key.unique:
            continue
        share = measure_overlap(reference.taken, key)
        if share < MIN_SHARE:
            continue
        matches = _list_lookups(file, reference.taken, key, headings=headings, kind=kind)
        has_name = normalize_name(file.stem).startswith(kind)
        rank = share, measure_overlap(key, reference.taken), has_name, len(matches)
        if matches:
            ranked.append((rank, matches))
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else []


def _list_lookups(
    file: FileProfile,
    reference: ColumnProfile,
    key: ColumnProfile,
    *,
    headings: Mapping[str, Sequence[str]],
    kind: str,
) -> list[Match]:
    """Return columns of an unknown file that a key joins to sections."""
    why = f"the file's {kind} are those that this one refers to"
    matches = []
    for name, spellings in headings.items():
        column = _find_column(file, spellings)
        if name != "key" and column is not None:
            matches.append(
                Match(name, column, Sure.LIKELY, why, lender=file, key=reference, lender_key=key)
            )
    return matches


def _find_column(file: FileProfile, headings: Sequence[str]) -> ColumnProfile | None:
    """Return the column of an undescribed file with the first of these headings that it has."""
    for heading in map(normalize_name, headings):
        if heading in file.by_heading:
            return file.by_heading[heading]
    for heading in headings:
        keys = words.read_heading(heading)
        for column in file.columns:
            stripped = words.strip_affix(column.heading, column.affix)
            if file.headed and keys & words.read_heading(stripped):
                return column
    return None
