"""Teachers whom the sections of an unknown export name by name, and not by an id."""

from __future__ import annotations

from dataclasses import replace

from validator.ingest.mapping.inference import MIN_SHARE
from validator.ingest.mapping.profile import ColumnProfile, measure_overlap
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MOST = 0.8
"""Share of names that must be in the file of teachers. Our own measure."""
NAMESAKES = "two teachers with the same name would become one"


def use_names(tables: dict[str, TableMatch]) -> None:
    """Take the id of teachers by their names, where sections have no other column for it.

    From the file of teachers, or without one, the name is the id.
    """
    sections, teachers = tables.get("sections"), tables.get("teachers")
    if sections is None or sections.teaching or "Teacher_id" in sections.matches:
        return
    column = next(filter(_holds_names, sections.file.columns), None)
    if column is None:
        return
    if teachers is None:
        _name_as_id(tables, sections, column)
        return
    whole, key = teachers.matches.get("Last_name"), teachers.matches.get("Teacher_id")
    if whole is None or key is None or not whole.split or teachers.file is sections.file:
        return
    if measure_overlap(column, whole.taken) >= MOST:
        why = f"the names are in {teachers.file.name}; {NAMESAKES}"
        match = Match(
            "Teacher_id",
            key.taken,
            Sure.LIKELY,
            why,
            lender=teachers.file,
            key=column,
            lender_key=whole.taken,
        )
        tables["sections"] = _add(sections, match)


def _holds_names(column: ColumnProfile) -> bool:
    """Return whether an unknown column of sections holds the names of their teachers."""
    named = any({"teacher"} <= set(key) <= {"teacher", "name"} for key in column.readings)
    return named and max(column.comma, column.blank_inside) >= MIN_SHARE


def _name_as_id(tables: dict[str, TableMatch], sections: TableMatch, column: ColumnProfile) -> None:
    """Let the name of teachers be their id in an export that has no file of teachers."""
    why = f"no other column is a teacher id; {NAMESAKES}"
    match = Match("Teacher_id", column, Sure.GUESS, why)
    split = "Last, First" if column.comma >= MIN_SHARE else "First Last"
    names = {
        f"{part.title()}_name": Match(
            f"{part.title()}_name", column, Sure.GUESS, "whole names in one cell", split, part
        )
        for part in ("first", "last")
    }
    tables["sections"] = _add(sections, match)
    tables["teachers"] = TableMatch(
        "teachers", sections.file, {"Teacher_id": match, **names}, Sure.GUESS, "their names"
    )


def _add(table: TableMatch, match: Match) -> TableMatch:
    """Return a suggested table with one more column."""
    return replace(table, matches={**table.matches, match.column: match})
