"""A suggested column map as a table of choices, and the map that the choices make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from validator.ingest.mapping import suggest
from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.ingest.mapping.suggestion import Match, Suggestion, Sure, TableMatch
from validator.rulebook import load

NOT_THERE = 0
"""The choice of no column; columns count from 1."""


def suggest_columns(export: Sequence[Path]) -> Suggestion:
    """Return what the page's export of unknown layout seems to hold. Raises CannotRead."""
    grades, _ = load.load_vocabulary()
    return suggest.suggest(export, grades)


def describe(suggestion: Suggestion) -> list[dict[str, Any]]:
    """Return the suggestion for the page: each table, its file, and a line for each column."""
    return [_describe_table(table, suggestion) for table in suggestion.tables]


def _describe_table(table: TableMatch, suggestion: Suggestion) -> dict[str, Any]:
    return {
        "table": table.table,
        "file": table.file.name,
        "sure": table.sure.value,
        "why": table.why,
        "headings": [
            {"number": column.position, "title": _name(column, table.file)}
            for column in table.file.columns
        ],
        "columns": [
            _describe_column(name, table.matches.get(name), table)
            for name in _list_columns(table, suggestion)
        ],
    }


def _list_columns(table: TableMatch, suggestion: Suggestion) -> list[str]:
    """Return the columns to ask for: those that were matched, then every other one."""
    file = next(file for file in suggestion.ours if file.table == table.table)
    others = [column.name for column in file.columns if column.name not in table.matches]
    return [*table.matches, *others]


def _describe_column(name: str, match: Match | None, table: TableMatch) -> dict[str, Any]:
    """Return one line: our column, the number of the file's column, and how sure that is.

    A column of another file, or a part of a name, is `fixed`: shown and kept as it is.
    """
    if match is None:
        return {"column": name, "number": NOT_THERE, "sure": "", "why": "", "fixed": ""}
    fixed = ""
    if match.lender:
        fixed = f"{_name(match.taken, match.lender)} of {match.lender.name}"
    elif match.split:
        fixed = f'{match.part} of "{match.split}" in {_name(match.taken, table.file)}'
    return {
        "column": name,
        "number": match.taken.position,
        "sure": match.sure.value,
        "why": match.why,
        "fixed": fixed,
    }


def _name(column: ColumnProfile, file: FileProfile) -> str:
    return column.heading if file.headed and column.heading else f"column {column.position}"


def write_map(suggestion: Suggestion, choices: Mapping[str, Mapping[str, int]], name: str) -> str:
    """Return the column map that the choices on the page make.

    A table without choices is left out; columns that nobody changed stay as they were suggested.
    """
    tables = [
        _choose(table, choices[table.table])
        for table in suggestion.tables
        if table.table in choices
    ]
    return suggest.format_map(replace(suggestion, tables=tuple(tables)), name)


def _choose(table: TableMatch, choices: Mapping[str, int]) -> TableMatch:
    """Return the table with the chosen columns."""
    by_number = {column.position: column for column in table.file.columns}
    matches = {}
    for name, number in choices.items():
        suggested = table.matches.get(name)
        if number == NOT_THERE:
            continue
        if suggested is not None and suggested.taken.position == number:
            matches[name] = suggested
        elif number in by_number:
            matches[name] = Match(name, by_number[number], Sure.SURE, "you chose it")
    return replace(table, matches=matches)
