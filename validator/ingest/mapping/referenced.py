"""People of an unknown export by what refers to them: enrollments name students, sections teachers.

Where no role and no file name tells who is who, the ids do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from validator.ingest.mapping.inference import NAMES
from validator.ingest.mapping.profile import ColumnProfile, FileProfile, measure_overlap
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MOST = 0.8
"""Share of references that are among the ids of a file, from which they refer to it."""
MIN_IDS = 3
"""Distinct references below which that says nothing. Our own measures."""

REFERENCES = (("students", "enrollments", "Student_id"), ("teachers", "sections", "Teacher_id"))
"""Table of people, the table that names them, and the column of both."""
STUDENT_ONLY = ("Grade", "DOB", "Student_number", "Graduation_year")
"""Columns that only a file with students has."""

Columns = Callable[[FileProfile, str], dict[str, Match]]


def find_people(
    tables: dict[str, TableMatch], files: Sequence[FileProfile], match_columns: Columns
) -> None:
    """Add the tables of people that others refer to, and separate those in one file."""
    for name, source, column in REFERENCES:
        reference = tables[source].matches.get(column) if source in tables else None
        if reference is None or reference.lender is not None or len(reference.taken) < MIN_IDS:
            continue
        if _is_named(tables.get(name), column, reference.taken):
            continue
        for file in files:
            match = _match_people(file, reference, name=name, match_columns=match_columns)
            if match is not None and not _belongs_to_other(match, tables, name):
                why = f"{tables[source].file.name} refers to its ids"
                tables[name] = replace(match, why=why)
                break
    _separate_in_one_file(tables)


def _is_named(table: TableMatch | None, column: str, reference: ColumnProfile) -> bool:
    """Return whether a table of people has most of the ids that are referred to."""
    key = table.matches.get(column) if table is not None else None
    return key is not None and measure_overlap(reference, key.taken) >= MOST


def _match_people(
    file: FileProfile,
    reference: Match,
    *,
    name: str,
    match_columns: Columns,
) -> TableMatch | None:
    """Return the file as a table of people, None unless it has names and most of the ids."""
    matches = match_columns(file, name)
    if not any(part in matches for part in NAMES):
        return None
    key = max(
        (each for each in file.columns if each.is_nearly_unique),
        key=lambda each: measure_overlap(reference.taken, each),
        default=None,
    )
    share = measure_overlap(reference.taken, key) if key is not None else 0.0
    if key is None or share < MOST:
        return None
    why = f"{int(100 * share)}% of the referenced ids are in it"
    named = Match(reference.column, key, Sure.LIKELY, why)
    return TableMatch(name, file, {**matches, reference.column: named}, Sure.LIKELY, "")


def _belongs_to_other(match: TableMatch, tables: dict[str, TableMatch], name: str) -> bool:
    """Return whether a file is that of another table that has no people."""
    return any(
        table.file is match.file and other not in ("students", "teachers", "staff")
        for other, table in tables.items()
        if other != name
    )


def _separate_in_one_file(tables: dict[str, TableMatch]) -> None:
    """Separate teachers from the students or the staff of the same file, without a role."""
    teachers, sections = tables.get("teachers"), tables.get("sections")
    if teachers is None or sections is None or teachers.only:
        return
    if "Teacher_id" not in sections.matches or teachers.file is sections.file:
        return
    for name in ("students", "staff"):
        other = tables.get(name)
        if other is None or other.file is not teachers.file or other.only:
            continue
        why = f"{teachers.why}, and {sections.file.name} names who teaches"
        tables["teachers"] = replace(
            _drop_student_columns(teachers), named_by="sections", sure=Sure.LIKELY, why=why
        )
        sure = Sure.LIKELY if other.sure is Sure.SURE else other.sure
        tables[name] = replace(other, without_teachers=True, sure=sure)


def _drop_student_columns(teachers: TableMatch) -> TableMatch:
    """Return a suggested table without the columns of students."""
    matches = {name: match for name, match in teachers.matches.items() if name not in STUDENT_ONLY}
    return replace(teachers, matches=matches)
