"""Sections and enrollments of an unknown export that only the references between files show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from validator.ingest.mapping import words
from validator.ingest.mapping.inference import MIN_SHARE
from validator.ingest.mapping.profile import ColumnProfile, FileProfile, measure_overlap
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MOST = 0.8
"""Share of the values of a column that must be among the ids that it refers to."""
MOST_PEOPLE = 0.6
"""The same for people, some of whom may be in another file."""
MIN_VALUES = 3
"""Distinct values below which that says nothing. Our own measures."""
THINGS = frozenset("course section class group".split())
"""Words of file names and headings over what people are enrolled in."""
TEACHERS = frozenset("teacher staff instructor owner".split())
"""Words of headings over the person who teaches a section."""
PERSONAL = ("DOB", "Student_email", "Teacher_email")
"""Columns that only a file of people has, besides names in one cell."""
TITLES = ("Course_name", "Name", "Course_number", "Teacher_id", "Period")
"""Columns that a file of sections may have."""

Columns = Callable[[FileProfile, str], dict[str, Match]]
"""The columns that a file has for a table."""


class _Link(NamedTuple):
    """A column, and the ids of another file that its values are among."""

    column: ColumnProfile
    file: FileProfile
    key: ColumnProfile
    share: float


def is_named_for_things(file: FileProfile) -> bool:
    """Return whether an unknown file's name says that it is about courses or classes."""
    return any(THINGS & set(stem) for stem in words.read_file_name(file.stem))


def has_things(file: FileProfile, people: Collection[str]) -> bool:
    """Return whether headings of an unknown file speak of courses or classes, and not of people.

    people: the columns that it has for a table of people.
    """
    if any(name in people for name in (*PERSONAL, "Grade")):
        return False
    return any(THINGS & set(key) for column in file.columns for key in column.readings)


def find_links(
    tables: dict[str, TableMatch], files: Sequence[FileProfile], match_columns: Columns
) -> None:
    """Add the file that names a person and a section on each row, and the file of its sections.

    Where headings show neither: the ids do.
    """
    enrollments, sections = tables.get("enrollments"), tables.get("sections")
    if sections and enrollments and {"Student_id", "Section_id"} <= enrollments.matches.keys():
        return
    people = [file for file in files if is_people(file, match_columns)]
    used = [table.file for table in tables.values()]
    things = [file for file in files if file not in people]
    known = [sections.file] if sections else [file for file in things if file not in used]
    for file in [enrollments.file] if enrollments else things:
        if enrollments is None and file in used:
            continue
        repeated = replace(file, columns=tuple(_list_repeated(file)))
        person = _find_person(repeated, people)
        section = _find_section(repeated, person, known, match_columns=match_columns)
        if person is not None and section is not None:
            tables["sections"] = _build_sections(section, sections, match_columns)
            tables["enrollments"] = _build_enrollments(
                file, person, section, match_columns=match_columns
            )
            _release(tables, section.file)
            return


def _release(tables: dict[str, TableMatch], file: FileProfile) -> None:
    """Drop suggested tables of people from a file that turned out to be one of sections."""
    for name in ("students", "teachers", "staff"):
        if name in tables and tables[name].file is file:
            del tables[name]


def is_people(file: FileProfile, match_columns: Columns) -> bool:
    """Return whether an unknown file holds people: their names, and more that only people have."""
    matches = match_columns(file, "students") | match_columns(file, "teachers")
    first, last = matches.get("First_name"), matches.get("Last_name")
    if first is None or last is None or is_named_for_things(file):
        return False
    return first.taken is not last.taken or any(name in matches for name in PERSONAL)


def _find_section(
    file: FileProfile,
    person: _Link | None,
    things: Sequence[FileProfile],
    *,
    match_columns: Columns,
) -> _Link | None:
    """Return the column of an unknown file that refers to sections, besides that of people."""
    if person is None:
        return None
    targets = [
        other
        for other in things
        if other.name != file.name
        and any(name in match_columns(other, "sections") for name in TITLES)
    ]
    free = tuple(
        column
        for column in file.columns
        if column is not person.column and any(THINGS & set(key) for key in column.readings)
    )
    return _find_link(replace(file, columns=free), targets, MOST)


def _list_repeated(file: FileProfile) -> Iterator[ColumnProfile]:
    """Yield the columns of an unknown file whose values repeat, as the ids in enrollments do."""
    for column in file.columns:
        if not column.is_nearly_unique:
            yield column


def _find_person(file: FileProfile, people: Sequence[FileProfile]) -> _Link | None:
    """Return the column of an unknown file that refers to people, by its values and heading."""
    free = tuple(
        column
        for column in file.columns
        if not all(THINGS & set(key) for key in column.readings) or not column.readings
    )
    return _find_link(replace(file, columns=free), people, MOST_PEOPLE)


def _find_link(file: FileProfile, targets: Sequence[FileProfile], least: float) -> _Link | None:
    """Return the column of an unknown file that refers most clearly to the ids of another file."""
    links = [link for other in targets for link in _list_links(file, other)]
    fitting = [link for link in links if link.share >= least]
    return max(fitting, key=_rank, default=None)


def _rank(link: _Link) -> tuple[float, float, int]:
    """Return how clearly a column refers to ids: by its values, by the ids, by its place."""
    return link.share, measure_overlap(link.key, link.column), -link.key.position


def _list_links(file: FileProfile, other: FileProfile) -> Iterator[_Link]:
    """Yield the references of an unknown file's columns to the ids of another one."""
    keys = [key for key in other.columns if key.is_nearly_unique]
    for column in file.columns:
        if len(column) < MIN_VALUES:
            continue
        for key in keys:
            yield _Link(column, other, key, measure_overlap(column, key))


def _build_sections(link: _Link, sections: TableMatch | None, match_columns: Columns) -> TableMatch:
    """Return the suggested table of the sections that enrollments refer to."""
    own = sections if sections is not None and sections.file is link.file else None
    matches = own.matches if own is not None else match_columns(link.file, "sections")
    former = matches.get("Section_id")
    if former is not None and former.taken is link.key:
        match = former
    else:
        match = Match("Section_id", link.key, Sure.LIKELY, "enrollments refer to it")
    matches = {name: each for name, each in matches.items() if each.taken is not link.key}
    known = {"Section_id": match, **{n: each for n, each in matches.items() if n != "Section_id"}}
    if own is not None:
        return replace(own, matches=known)
    return TableMatch("sections", link.file, known, Sure.LIKELY, "enrollments refer to its ids")


def _build_enrollments(
    file: FileProfile, person: _Link, section: _Link, *, match_columns: Columns
) -> TableMatch:
    """Return the suggested table of enrollments that name people and sections."""
    matches = {}
    for name, link in (("Student_id", person), ("Section_id", section)):
        why = f"{int(100 * link.share)}% of its values are in {link.file.name}"
        matches[name] = Match(name, link.column, Sure.LIKELY, why, compared=link.file.name)
    taken = {person.column.position, section.column.position}
    others = {
        name: match
        for name, match in match_columns(file, "enrollments").items()
        if name not in matches and match.taken.position not in taken
    }
    return TableMatch("enrollments", file, {**matches, **others}, Sure.LIKELY, "the ids in it")


def add_teacher(
    tables: dict[str, TableMatch], files: Sequence[FileProfile], match_columns: Columns
) -> None:
    """Add the teacher's column of sections whose values are ids or addresses of people.

    Only a column whose heading speaks of a teacher; otherwise a room could be taken for one.
    """
    sections = tables.get("sections")
    if sections is None or "Teacher_id" in sections.matches or sections.teaching:
        return
    used = {match.taken.position for match in sections.matches.values() if not match.lender}
    free = tuple(
        column
        for column in sections.file.columns
        if column.position not in used and _speaks_of_teacher(column)
    )
    people = [file for file in files if is_people(file, match_columns)]
    others = [file for file in people if file is not sections.file]
    link = _find_link(replace(sections.file, columns=free), others, MOST)
    if link is None or max(link.column.comma, link.column.blank_inside) >= MIN_SHARE:
        return
    why = f"{int(100 * link.share)}% of its values are in {link.file.name}"
    match = Match("Teacher_id", link.column, Sure.LIKELY, why, compared=link.file.name)
    tables["sections"] = replace(sections, matches={**sections.matches, "Teacher_id": match})


def _speaks_of_teacher(column: ColumnProfile) -> bool:
    """Return whether the heading of an unknown column of sections speaks of a teacher."""
    return any(TEACHERS & set(key) for key in column.readings)
