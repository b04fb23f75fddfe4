"""Classes of a bundle, with the courses and academic sessions that they refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from validator.frame import Encoded
from validator.model import dataclass
from validator.repair.convert import cells
from validator.repair.convert.cells import Column
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import (
    Columns,
    fill_missing,
    join_words,
    place_columns,
)
from validator.repair.convert.oneroster.kept import find_kept, select_courses, write_sessions
from validator.repair.convert.oneroster.people import AGAIN, ASSUMED, derive_ids
from validator.repair.convert.oneroster.places import list_places
from validator.repair.convert.oneroster.sessions import Derived, build_sessions
from validator.repair.convert.oneroster.subjects import choose_codes
from validator.repair.convert.places import OWN_PREFIX
from validator.repair.convert.roster import Records, Roster
from validator.repair.written import LeftOut

CLASSES, COURSES, SESSIONS = "classes.csv", "courses.csv", "academicSessions.csv"
HOMEROOM = "homeroom/advisory"
COURSE_ID, TERM_IDS = f"{OWN_PREFIX}courseSourcedId", f"{OWN_PREFIX}termSourcedIds"
"""The references of a section in the bundle that it comes from."""


@dataclass(frozen=True, eq=False)
class Taught:
    """Classes, courses and sessions: file -> columns and number of rows, in parts."""

    parts: Sequence[Part]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a file, by heading; other columns of the file are blank."""

    file: str
    columns: Mapping[str, Column]
    count: int


def build_sections(roster: Roster, version: str) -> Taught | None:
    """Convert the sections of a roster to classes; None where it has none."""
    sections = roster.tables.get("sections")
    if sections is None or not sections.count:
        return None
    placed = place_columns(sections, list_places(version)["sections"], version, roster=roster)
    count = sections.count
    columns = placed.get(CLASSES)
    own_id, again = derive_section_ids(sections)
    columns |= {"sourcedId": own_id, "schoolSourcedId": ids.derive(sections.get("School_id"))}
    title_word = _fill_titles(columns, placed.get(COURSES), count)
    kept_courses = find_kept(sections, COURSE_ID, roster.tables.get(COURSES))
    kept_sessions = find_kept(sections, TERM_IDS, roster.tables.get(SESSIONS))
    courses = _build_courses(
        placed.get(COURSES), columns, rows=np.flatnonzero(~kept_courses.refers)
    )
    rows = np.flatnonzero(~kept_sessions.refers)
    sessions = build_sessions(placed.get(SESSIONS), roster.today, rows=rows, count=count)
    columns |= {
        "courseSourcedId": courses.refer(kept_courses.reference),
        "termSourcedIds": sessions.refer(kept_sessions.reference),
        "subjectCodes": choose_codes(columns.get("subjectCodes"), columns["subjects"]),
    }
    assumed = join_words([title_word, courses.spread(count), sessions.spread(count)])
    if assumed is not None:
        columns[ASSUMED] = assumed
    own_sessions = write_sessions(kept_sessions, roster)
    own_courses = select_courses(kept_courses, roster, columns["schoolSourcedId"])
    parts = [
        Part(SESSIONS, own_sessions.columns, own_sessions.count),
        Part(SESSIONS, sessions.columns, sessions.count),
        Part(COURSES, own_courses.columns, own_courses.count),
        Part(COURSES, courses.columns, courses.count),
        Part(CLASSES, columns, count),
    ]
    left_out = [*placed.left_out, *own_sessions.left_out, *own_courses.left_out]
    if again:
        left_out.append(LeftOut(sections.file, "", again, AGAIN))
    return Taught(parts, tuple(left_out))


def _fill_titles(columns: Columns, courses: Columns, count: int) -> Encoded | None:
    """Add the columns that every class has; return the word in rows without a title."""
    blank = cells.repeat_text("", count)
    for required in ("title", "subjects"):
        columns.setdefault(required, blank)
    columns["classType"] = _find_types(columns.get("classType", blank), columns["subjects"])
    others = [courses.get("title", blank), courses.get("courseCode", blank), columns["sourcedId"]]
    return fill_missing(columns, "title", others, word="title")


def derive_section_ids(sections: Records) -> tuple[Encoded, int]:
    """Convert the ids of sections to sourcedIds; return how many share theirs."""
    return ids.number_again(derive_ids(sections, sections.get("Section_id"), ""))


def _find_types(own: Encoded, subjects: Encoded) -> Encoded:
    """Return the type of a converted class: homeroom, else scheduled."""
    derived = cells.convert_values(
        subjects, lambda text: "homeroom" if text.lower() == HOMEROOM else "scheduled"
    )
    return cells.fill(own, derived)


def _build_courses(courses: Columns, classes: Columns, *, rows: np.ndarray) -> Derived:
    """Convert the courses of some sections, each once in a school."""
    blank = cells.repeat_text("", len(classes["title"].codes))
    columns = {
        "title": cells.select(courses.get("title", blank), rows),
        "courseCode": cells.select(courses.get("courseCode", blank), rows),
        "orgSourcedId": cells.select(classes["schoolSourcedId"], rows),
    }
    others = [columns["courseCode"], cells.select(classes["title"], rows)]
    word = fill_missing(columns, "title", others, word="course")
    key = [columns[name] for name in ("orgSourcedId", "courseCode", "title")]
    number, first = cells.number_rows(key)
    single = {name: cells.select(column, first) for name, column in columns.items()}
    single["sourcedId"] = ids.derive_from("course-", [cells.select(part, first) for part in key])
    return Derived(single, len(first), rows, number, word)
