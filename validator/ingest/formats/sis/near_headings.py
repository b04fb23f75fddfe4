"""Headings of a raw SIS file that a column map probably means by a name that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from validator.ingest.csv.spelling import MAX_HEADING, fold_heading, is_misspelled
from validator.ingest.csv.unknown_headings import MIN_SIMILARITY
from validator.ingest.formats.sis.plan import RAW, Plan
from validator.model import FileColumn, Position, SourceFile, Table


def explain_misfit(
    plan: Plan, tables: Mapping[str, Table], files: Sequence[SourceFile] = ()
) -> str:
    """Return why a column map does not fit an export at all, "" where it does.

    A map fits if the file of students has the column of their ids. `files`: the raw files as read.
    """
    for mapped in plan.map.tables:
        key = mapped.columns.get("Student_id")
        if mapped.table != "students" or key is None or key.files:
            continue
        titles = list(map(str, key.headers))
        for name in plan.own.get(mapped.table, ()):
            table = tables.get(RAW + name)
            known = {fold_heading(column) for column in table.headers} if table else set()
            if table and not any(fold_heading(title) in known for title in titles):
                nearest = suggest_heading(key.headers, table, files)
                words = " or ".join(titles)
                named = words if not mapped.headed else f"column {words}"
                return f"{table.file} has no {named}{nearest}"
    return ""


def explain_no_column(headers: Sequence[FileColumn]) -> str:
    """Return why a raw file lacks a column that a column map names: it has none of these."""
    words = " or ".join(map(str, headers))
    if any(isinstance(header, Position) for header in headers):
        return f"there is no {words}"
    return f"no column is called {words}"


def suggest_heading(
    headers: Sequence[FileColumn], table: Table | None, files: Sequence[SourceFile]
) -> str:
    """Return a question that names the heading of a raw file most similar to a column map's.

    Only headings that the map does not use; "" where none is similar. A heading that may hold
    anything but a misspelled name is named by its number.
    """
    file = next((it for it in files if table is not None and it.name == table.file), None)
    if file is None or table is None:
        return ""
    unused = {fold_heading(it): at for at, it in reversed(list(enumerate(file.columns_unused)))}
    unused.pop("", None)
    wanted = [fold_heading(header) for header in headers if isinstance(header, str)]
    nearest = _find_nearest(
        wanted, {key: at for key, at in unused.items() if len(key) < MAX_HEADING}
    )
    if nearest is None:
        return ""
    folded, at = nearest
    is_shown = file.unused_public[at] or (
        any(is_misspelled(folded, name) for name in wanted) and _knows_most(table, file)
    )
    heading = f" ({file.columns_unused[at].strip()})" if is_shown else ""
    return f"; did you mean {Position(file.unused_positions[at])}{heading}?"


def _find_nearest(wanted: Sequence[str], unused: Mapping[str, int]) -> tuple[str, int] | None:
    """Return the raw file's heading nearest to one that the column map wants, and its number."""
    for name in wanted:
        near = difflib.get_close_matches(name, list(unused), 1, MIN_SIMILARITY)
        if near:
            return near[0], unused[near[0]]
    return None


def _knows_most(table: Table, file: SourceFile) -> bool:
    """Return whether the column map knows at least half of the other headings of the first line."""
    others = len(table.headers) + sum(map(bool, map(str.strip, file.columns_unused))) - 1
    return table.header_line == 1 and 2 * len(table.headers) >= others
