"""A suggested column map as a table of choices, and the map that the choices make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from validator.ingest.mapping import suggest
from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.ingest.mapping.suggestion import Match, Suggestion, Sure, TableMatch
from validator.model import File, Position
from validator.rulebook import load

NOT_THERE = 0
"""The choice of no column; columns count from 1."""
AS_SUGGESTED = -1
"""The choice of a column of another file, or of a part of a name, as it was suggested."""


def suggest_columns(export: Sequence[Path]) -> Suggestion:
    """Return what the page's export of unknown layout seems to hold. Raises CannotRead."""
    grades, _ = load.load_vocabulary()
    return suggest.suggest(export, grades)


def describe(suggestion: Suggestion) -> dict[str, Any]:
    """Return the suggestion for the page: the files, and each table with a line for each column.

    A table that no file seems to hold has the file "".
    """
    matched = {table.table: table for table in suggestion.tables}
    return {
        "files": [_describe_file(file) for file in suggestion.files if file.columns],
        "tables": [_describe_table(file, matched.get(file.table)) for file in suggestion.ours],
    }


def _describe_file(file: FileProfile) -> dict[str, Any]:
    """Describe a file for the page's choices: its name and its headings."""
    headings = [
        {"number": column.position, "title": _name(column, file)} for column in file.columns
    ]
    return {"name": file.name, "headings": headings}


def _describe_table(ours: File, table: TableMatch | None) -> dict[str, Any]:
    """Describe a table for the page's choices: its file, and a line for each column."""
    matches = table.matches if table else {}
    described = {column.name: column for column in ours.columns}
    needed = [name for name, column in described.items() if column.required or column.recommended]
    first = list(dict.fromkeys([*matches, *needed]))
    return {
        "table": ours.table,
        "file": table.file.name if table else "",
        "why": f"{table.sure}: by {table.why}" if table else "",
        "columns": [_describe_column(name, matches.get(name), table) for name in first],
        "more": [_describe_column(name, None, table) for name in described if name not in first],
    }


def _describe_column(name: str, match: Match | None, table: TableMatch | None) -> dict[str, Any]:
    """Return a line of the page's choices: our column, the file's column, and how sure that is.

    A column of another file, or a part of a name, is `fixed`: shown and kept as it is.
    """
    if match is None or table is None:
        return {"column": name, "number": NOT_THERE, "sure": "", "why": "", "fixed": ""}
    fixed = ""
    if match.lender:
        fixed = f"{_name(match.taken, match.lender)} of {match.lender.name}"
    elif match.split:
        fixed = f'{match.part} of "{match.split}" in {_name(match.taken, table.file)}'
    return {
        "column": name,
        "number": _choose_number(match),
        "sure": match.sure.value,
        "why": match.why,
        "fixed": fixed,
    }


def _name(column: ColumnProfile, file: FileProfile) -> str:
    """Return the name of a column in the page's choices: its heading, else its number."""
    return column.heading if file.headed and column.heading else str(Position(column.position))


def write_map(suggestion: Suggestion, choices: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """Return the column map that the choices on the page make.

    `choices`: table -> its `file` and its `columns`: our name -> the number of the file's column.
    A table without choices is left out; columns that nobody changed stay as they were suggested.
    """
    matched = {table.table: table for table in suggestion.tables}
    files = {file.name: file for file in suggestion.files}
    tables = []
    for ours in suggestion.ours:
        choice = choices.get(ours.table, {})
        file = files.get(choice.get("file", ""))
        if file is not None:
            suggested = matched.get(ours.table)
            chosen = _choose(suggested, ours.table, file, choices=choice["columns"])
            tables.append(chosen)
    return suggest.format_map(replace(suggestion, tables=tuple(tables)), name)


def _choose(
    suggested: TableMatch | None, table: str, file: FileProfile, *, choices: Mapping[str, int]
) -> TableMatch:
    """Return a table with the file and columns that somebody chose on the page."""
    if suggested is None or suggested.file is not file:
        suggested = TableMatch(table, file, {}, Sure.SURE, "your choice")
    by_number = {column.position: column for column in file.columns}
    matches = {}
    for name, number in choices.items():
        match = suggested.matches.get(name)
        if match is not None and number == _choose_number(match):
            matches[name] = match
        elif number in by_number:
            matches[name] = Match(name, by_number[number], Sure.SURE, "you chose it")
    return replace(suggested, matches=matches)


def _choose_number(match: Match) -> int:
    """Return the page's choice that keeps a match as it was suggested."""
    return AS_SUGGESTED if match.lender or match.split else match.taken.position
