"""Classes of a bundle, with the courses and academic sessions that they refer to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from validator.frame import Encoded
from validator.frame.terms import find_last_year
from validator.repair.convert import cells
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import (
    Columns,
    fill_missing,
    join_words,
    place_columns,
)
from validator.repair.convert.oneroster.people import AGAIN, ASSUMED, derive_ids
from validator.repair.convert.oneroster.places import list_places
from validator.repair.convert.roster import Records, Roster
from validator.repair.written import LeftOut

CLASSES, COURSES, SESSIONS = "classes.csv", "courses.csv", "academicSessions.csv"
HOMEROOM = "homeroom/advisory"
YEAR_BEGINS = 7
"""Month in which a school year begins, for terms without days and for the year of a term."""

SUBJECT_CODES = {
    "english/language arts": "01",
    "math": "02",
    "science": "03",
    "social studies": "04",
    "arts and music": "05",
    "pe and health": "08",
    "technology and engineering": "21",
    "language": "24",
}
"""Clever's subject in lower case -> the subject area of SCED, https://nces.ed.gov/forum/sced.asp."""
NO_CODE = "ext:none"
"""In place of a code for other subjects: OneRoster wants as many codes as subjects."""


@dataclass(frozen=True, eq=False)
class Taught:
    """Classes, courses and sessions, as columns of their files."""

    classes: Columns
    courses: Columns
    sessions: Columns
    counts: dict[str, int]
    left_out: tuple[LeftOut, ...]


def build_sections(roster: Roster, version: str) -> Taught | None:
    """Convert the sections of a roster to classes; None where it has none."""
    sections = roster.tables.get("sections")
    if sections is None or not sections.count:
        return None
    placed = place_columns(sections, list_places(version)["sections"], version, roster=roster)
    count = sections.count
    blank = cells.constant("", count)
    columns = placed.get(CLASSES)
    own_id, again = derive_section_ids(sections)
    school = ids.derive(sections.get("School_id"))
    course = placed.get(COURSES)
    number, name = course.get("courseCode", blank), course.get("title", blank)
    columns.setdefault("title", blank)
    columns.setdefault("subjects", blank)
    title_word = fill_missing(columns, "title", [name, number, own_id], word="title")
    courses, course_id, course_word = _build_courses(
        {"title": name, "courseCode": number, "orgSourcedId": school}, columns["title"]
    )
    sessions, session_id, session_word = _build_sessions(placed.get(SESSIONS), roster, count)
    columns |= {
        "sourcedId": own_id,
        "courseSourcedId": course_id,
        "classType": _find_types(columns.get("classType", blank), columns["subjects"]),
        "schoolSourcedId": school,
        "termSourcedIds": session_id,
        "subjectCodes": _choose_codes(columns.get("subjectCodes"), columns["subjects"]),
    }
    assumed = join_words([title_word, course_word, session_word])
    if assumed is not None:
        columns[ASSUMED] = assumed
    counts = {
        CLASSES: count,
        COURSES: len(courses["sourcedId"].codes),
        SESSIONS: len(sessions["sourcedId"].codes),
    }
    left_out = list(placed.left_out)
    if again:
        left_out.append(LeftOut(sections.file, "", again, AGAIN))
    return Taught(columns, courses, sessions, counts, tuple(left_out))


def derive_section_ids(sections: Records) -> tuple[Encoded, int]:
    """Convert the ids of sections to sourcedIds; return how many share theirs."""
    return ids.number_again(derive_ids(sections, sections.get("Section_id"), ""))


def _find_types(own: Encoded, subjects: Encoded) -> Encoded:
    """Return homeroom for homerooms, else scheduled."""
    derived = cells.convert_values(
        subjects, lambda text: "homeroom" if text.lower() == HOMEROOM else "scheduled"
    )
    return cells.fill(own, derived)


def _choose_codes(own: Encoded | None, subjects: Encoded) -> Encoded:
    """Return the codes of another bundle where there are as many as subjects, else derived ones."""
    derived = cells.convert_values(subjects, find_codes)
    if own is None:
        return derived
    counts = [
        column.broadcast(np.asarray([len(text.split(",")) for text in column.values.to_pylist()]))
        for column in (own, derived)
    ]
    fits = ~own.blank & ~derived.blank & (counts[0] == counts[1])
    return cells.choose(fits, own, derived)


def find_codes(subjects: str) -> str:
    """Return a code for each subject of a list to convert."""
    items = [item for item in subjects.split(",") if item]
    return ",".join(SUBJECT_CODES.get(item.strip().lower(), NO_CODE) for item in items)


def _build_courses(
    columns: Columns, class_title: Encoded
) -> tuple[Columns, Encoded, Encoded | None]:
    """Return the courses of each school, the course of each class, and what was assumed."""
    columns = dict(columns)
    others = [columns["courseCode"], class_title]
    word = fill_missing(columns, "title", others, word="course")
    key = [columns[name] for name in ("orgSourcedId", "courseCode", "title")]
    number, first = cells.number_rows(key)
    single = {name: cells.select(column, first) for name, column in columns.items()}
    single["sourcedId"] = ids.derive_from("course-", [cells.select(part, first) for part in key])
    return single, cells.select(single["sourcedId"], number), word


def _build_sessions(
    columns: Columns, roster: Roster, count: int
) -> tuple[Columns, Encoded, Encoded | None]:
    """Return the sessions, the session of each class, and what was assumed.

    Terms without days get those of the school year in their name, or of the one of this run.
    """
    blank = cells.constant("", count)
    key = [columns.get(name, blank) for name in ("title", "startDate", "endDate")]
    number, first = cells.number_rows(key)
    texts = [
        column.values.take(pa.array(column.codes[first].astype(np.int32))).to_pylist()
        for column in key
    ]
    rows = [complete_session(*row, today=roster.today) for row in zip(*texts, strict=True)]
    ids_ = [f"term-{ids.digest(*row)}" for row in zip(*texts, strict=True)]
    session = {
        "sourcedId": cells.from_texts(ids_),
        "title": cells.from_texts([row.title for row in rows]),
        "type": cells.from_texts([row.type for row in rows]),
        "startDate": cells.from_texts([row.start for row in rows]),
        "endDate": cells.from_texts([row.end for row in rows]),
        "schoolYear": cells.from_texts([row.year for row in rows]),
    }
    words = [row.assumed for row in rows]
    word = cells.select(cells.from_texts(words), number) if any(words) else None
    return session, cells.select(session["sourcedId"], number), word


@dataclass(frozen=True)
class Session:
    """One academic session; `assumed` names what the term did not say."""

    title: str
    type: str
    start: str
    end: str
    year: str
    assumed: str


def complete_session(title: str, start: str, end: str, *, today: dt.date) -> Session:
    """Convert a term to a session with days and a title, and its school year."""
    stated = dt.date.fromisoformat(end or start) if end or start else None
    last = find_last_year(title) if stated is None else None
    year = last or _find_school_year(stated or today)
    assumed = [
        word for word, text in (("term", title), ("startDate", start), ("endDate", end)) if not text
    ]
    known = bool(start or end or title)
    return Session(
        title=title or f"School year {year - 1}-{year}",
        type="term" if known else "schoolYear",
        start=start or f"{year - 1}-{YEAR_BEGINS:02}-01",
        end=end or f"{year}-{YEAR_BEGINS - 1:02}-30",
        year=str(year),
        assumed=" ".join(assumed),
    )


def _find_school_year(day: dt.date) -> int:
    """Return the calendar year in which the school year of a day ends."""
    return day.year + 1 if day.month >= YEAR_BEGINS else day.year
