"""Schools and sections of a Canvas import, from its accounts, terms, courses and sections."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.ingest.formats.canvas.names import ABSENT, is_school_name
from validator.ingest.formats.canvas.sources import Sources, mark_active, take_row
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells, Columns
from validator.ingest.normalize.sections import YES
from validator.ingest.normalize.stack import stack_tables
from validator.model import Origin, Table, Unread
from validator.schemas.canvas import DELETE

DEEPEST = 20
"""Levels of accounts above a course; more would be a circle of parents."""
OVERRIDE = "studentenrollment"
"""date_override_enrollment_type of the dates of a term that apply to students, in lower case."""


def locate_schools(sources: Sources) -> np.ndarray:
    """Return the row of each Canvas account's school: the highest account named as one.

    Where no account above a course is named as one, the course's own account is its school.
    """
    accounts = sources.find("accounts")
    if accounts is None:
        return np.zeros(0, np.int64)
    parent = sources.locate("accounts", "parent_account_id", "accounts")
    names = frame.encode(accounts, "name")
    named = names.broadcast(
        np.asarray([is_school_name(name) for name in names.values.to_pylist()] or [False], bool)
    )
    every = np.arange(len(accounts))
    school = np.where(named, every, -1)
    above = every
    for _ in range(DEEPEST):
        above = take_row(parent, above)
        known = above >= 0
        higher = known & np.append(named, False)[np.maximum(above, -1)]
        school = np.where(higher, above, school)
    return np.where(school >= 0, school, every)


def encode_schools(sources: Sources) -> Encoded | None:
    """Return the id of each Canvas course's school, blank for none; None without the column."""
    courses, accounts = sources.find("courses"), sources.find("accounts")
    if courses is None or not courses.has("account_id"):
        return None
    own = frame.encode(courses, "account_id")
    if accounts is None:
        return own
    keys = frame.encode(accounts, "account_id")
    at = sources.account_of_course
    school = take_row(locate_schools(sources), at)
    codes = own.codes + len(keys.values)
    codes[at >= 0] = keys.codes[school[at >= 0]]
    return Encoded(pa.concat_arrays([keys.values, own.values]), codes.astype(np.int32))


def build_schools(sources: Sources, used: pa.Array) -> Table | None:
    """Normalize Canvas accounts whose ids are used as schools; the others stay known."""
    accounts = sources.find("accounts")
    if accounts is None:
        return None
    keys = frame.encode(accounts, "account_id")
    live = mark_active(accounts)
    is_used = keys.broadcast(frame.is_among(keys.values, used)) & live
    columns = {
        "School_id": normalize_columns.take_own(accounts, "account_id"),
        "School_name": normalize_columns.take_own(accounts, "name"),
    }
    schools = normalize_columns.build_table(
        "schools",
        "School_id",
        accounts,
        rows=np.flatnonzero(is_used),
        columns=columns,
        unread=accounts.unread,
        missing_reason=ABSENT["schools"],
    )
    above = frozenset(frame.take_text(accounts, "account_id", np.flatnonzero(live & ~is_used)))
    return replace(schools, known_elsewhere=above - {""})


def build_sections(sources: Sources) -> Table | None:
    """Normalize Canvas sections that count, and default sections of courses with students."""
    sections, courses = sources.find("sections"), sources.find("courses")
    tables = []
    if sections is not None:
        columns = {
            "Section_id": normalize_columns.take_own(sections, "section_id"),
            "Name": normalize_columns.take_own(sections, "name"),
            **_take_course(sources, sources.course_of_section),
            **_build_term(sources, sections, sources.course_of_section),
        }
        rows = np.flatnonzero(sources.section_counts)
        tables.append(_build(sources, sections, rows=rows, columns=columns, unread=sections.unread))
    rows = sources.list_default_courses()
    if courses is not None and (len(rows) or sections is None):
        every = np.arange(len(courses))
        columns = {
            "Section_id": normalize_columns.take_own(courses, "course_id"),
            "Name": normalize_columns.take_own(courses, "long_name"),
            **{
                name: _select_own_cells(cells)
                for name, cells in _take_course(sources, every).items()
            },
            **_build_term(sources, None, every),
        }
        unread = courses.unread if sections is None else Unread()
        tables.append(_build(sources, courses, rows=rows, columns=columns, unread=unread))
    return stack_tables(tables) if tables else None


def _build(
    sources: Sources, base: Table, *, rows: np.ndarray, columns: Columns, unread: Unread
) -> Table:
    """Build the roster's sections from rows of Canvas's sections or courses."""
    return normalize_columns.build_table(
        "sections",
        "Section_id",
        base,
        rows=rows,
        columns=columns,
        unread=unread,
        missing_reason={**ABSENT["sections"], **_explain_missing(sources)},
    )


def _explain_missing(sources: Sources) -> dict[str, str]:
    """Return why columns of sections that other Canvas files hold are missing."""
    of_course = dict.fromkeys(("Course_name", "Course_number"), "there is no courses.csv")
    reasons = dict(of_course if sources.find("courses") is None else {})
    if sources.find("terms") is None:
        reasons |= dict.fromkeys(("Term_name",), "there is no terms.csv")
    if sources.find("enrollments") is None:
        reasons |= {"Teacher_id": "there is no enrollments.csv"}
    for ours, theirs in (("Term_start", "start_date"), ("Term_end", "end_date")):
        reasons[ours] = f"sections.csv, courses.csv and terms.csv have no {theirs}"
    return reasons


def _select_own_cells(cells: Cells | None) -> Cells | None:
    """Return cells of a Canvas course's row as cells of its default section's file."""
    return None if cells is None else Cells(cells.header, cells.coded, None, cells.violations)


def _take_course(sources: Sources, at: np.ndarray) -> dict[str, Cells | None]:
    """Return the columns that Canvas sections take from the course in row `at`, and its school."""
    courses = sources.find("courses")
    if courses is None:
        return {}
    columns: dict[str, Cells | None] = {
        "School_id": _look_up_school(sources, courses, at),
        "Course_name": normalize_columns.look_up(courses, "long_name", at),
        "Course_number": normalize_columns.look_up(courses, "short_name", at),
    }
    homeroom = frame.match_words(courses, "homeroom_course", YES)
    if homeroom.any():
        is_homeroom = np.append(homeroom, False)[np.maximum(at, -1)]
        subjects = pa.array(["", "Homeroom/advisory"], pa.string())
        columns["Subject"] = normalize_columns.derive(
            courses.headers["homeroom_course"], subjects, is_homeroom
        )
    return columns


def _look_up_school(sources: Sources, courses: Table, at: np.ndarray) -> Cells | None:
    """Return the school of each Canvas section, placed at its course's account."""
    coded, own = encode_schools(sources), normalize_columns.look_up(courses, "account_id", at)
    if coded is None or own is None:
        return None
    codes = np.full(len(at), len(coded.values), np.int32)
    codes[at >= 0] = coded.codes[at[at >= 0]]
    values = pa.concat_arrays([coded.values, pa.array([""], pa.string())])
    return Cells(own.header, Encoded(values, codes), own.origin)


def _build_term(sources: Sources, sections: Table | None, at: np.ndarray) -> Columns:
    """Build Term_name, Term_start and Term_end of Canvas sections in the course in row `at`.

    A section's own day comes before its course's, and that before the term's.
    """
    courses, terms = sources.find("courses"), sources.find("terms")
    if courses is None:
        return {}
    term = take_row(sources.locate("courses", "term_id", "terms"), at)
    columns: dict[str, Cells | None] = {}
    name = None
    if terms is not None:
        base, students = _split_terms(terms)
        name = normalize_columns.look_up(terms, "name", _choose(base, term))
    fallback = normalize_columns.look_up(courses, "term_id", at)
    columns["Term_name"] = normalize_columns.fill_blanks(name, fallback)
    for column, day in (("Term_start", "start_date"), ("Term_end", "end_date")):
        cells = None
        if terms is not None:
            own = normalize_columns.look_up(terms, day, _choose(students, term))
            every = normalize_columns.look_up(terms, day, _choose(base, term))
            cells = normalize_columns.fill_blanks(_drop(own), _drop(every))
        of_course = _drop(normalize_columns.look_up(courses, day, at))
        if sections is None:
            of_course = _select_own_cells(of_course)
        cells = normalize_columns.fill_blanks(of_course, cells)
        if sections is not None:
            of_section = _drop(normalize_columns.take_own(sections, day))
            cells = normalize_columns.fill_blanks(of_section, cells)
        columns[column] = cells
    return columns


def _split_terms(terms: Table) -> tuple[np.ndarray, np.ndarray]:
    """Return per row of Canvas's terms.csv the first of the same term, and its row for students.

    Rows for enrollments of one type have dates and nothing else.
    """
    keys = frame.encode(terms, "term_id")
    override = frame.encode_lower(terms, "date_override_enrollment_type")
    live = mark_active(terms)
    is_override = np.asarray([value == OVERRIDE for value in override.values.to_pylist()], bool)
    of_students = override.broadcast(is_override) & live
    plain = override.blank & live
    chosen = []
    for mask in (plain, of_students):
        first = np.full(len(keys.values), -1, np.int64)
        rows = np.flatnonzero(mask)[::-1]
        first[keys.codes[rows]] = rows
        chosen.append(first[keys.codes])
    return chosen[0], chosen[1]


def _choose(rows: np.ndarray, term: np.ndarray) -> np.ndarray:
    """Return the row of Canvas's terms.csv to look up for each section."""
    return np.where(term >= 0, np.append(rows, -1)[np.maximum(term, -1)], -1)


def _drop(cells: Cells | None) -> Cells | None:
    """Return days read from Canvas without the value that removes a date there."""
    if cells is None:
        return None
    values = cells.coded.values.to_pylist()
    if DELETE not in [value.strip().lower() for value in values]:
        return cells
    kept = ["" if value.strip().lower() == DELETE else value for value in values]
    coded = Encoded(pa.array(kept, pa.string()), cells.coded.codes)
    return Cells(cells.header, coded, cells.origin, cells.violations)


def place_school(
    sources: Sources, course: np.ndarray, *, school: Encoded, codes: np.ndarray
) -> Cells | None:
    """Return School_id of Canvas's people, placed at the course that decides it.

    `course`: per person the row of that course, negative for none; `codes`: the school's code.
    """
    courses = sources.find("courses")
    if courses is None or not courses.has("account_id"):
        return None
    heading = courses.headers["account_id"]
    lines = np.zeros(len(course), np.int32)
    lines[course >= 0] = courses.lines[course[course >= 0]]
    values = pa.concat_arrays([school.values, pa.array([""], pa.string())])
    known = np.where(codes >= 0, codes, len(school.values)).astype(np.int32)
    return Cells(heading, Encoded(values, known), Origin(courses.file, heading, lines))
