"""The roster's tables, made of users, roles, organizations, classes and enrollments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import values
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize import people, sections
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.enrollments import build_enrollments
from validator.ingest.normalize.people import KINDS, Posts
from validator.ingest.normalize.sources import Layout, Sources, classify, lacks_roles
from validator.model import Export, Table

__all__ = ["MADE_FROM", "Layout", "add_tables", "normalize"]

MADE_FROM = {
    "schools": "orgs.csv",
    "students": "users.csv",
    "teachers": "users.csv",
    "staff": "users.csv",
    "sections": "classes.csv",
    "enrollments": "enrollments.csv",
}
"""Table of the roster -> the format's own table that it is made from."""

LINK = ("classSourcedId", "userSourcedId", "role")
"""The columns of enrollments.csv that make somebody the teacher of a class."""

ABOVE = ("district", "local", "state", "national")
"""Types of organizations that are above schools."""


def normalize(export: Export, layout: Layout) -> Export:
    """Return the export with the roster's tables next to the format's own."""
    sources = classify(export, layout)
    made: dict[str, Table] = {}
    if sources.posts is not None:
        made |= _build_people(sources, sources.posts)
    if sources.table("classes.csv") is not None:
        made["sections"] = _build_sections(sources)
    if sources.table("enrollments.csv") is not None:
        made |= _build_enrollments(sources)
    if sources.table("orgs.csv") is not None:
        made["schools"] = _build_schools(sources, made)
    people_from = "roles.csv" if lacks_roles(export, layout) else "users.csv"
    return add_tables(export, made, {**MADE_FROM, **dict.fromkeys(KINDS, people_from)})


def add_tables(export: Export, made: Mapping[str, Table], made_from: Mapping[str, str]) -> Export:
    """Return the export with the roster's tables, and why some could not be made."""
    absent = dict(export.absent)
    expected = dict(export.files_expected)
    required = set(export.required)
    for name, source in made_from.items():
        if name not in made:
            absent[name] = export.absent.get(source) or _explain_absence(export, source)
        if source in export.files_expected:
            expected[name] = export.files_expected[source]
        if source in export.required:
            required.add(name)
    return replace(
        export,
        tables=dict(made),
        absent=absent,
        required=frozenset(required),
        files_expected=expected,
    )


def _explain_absence(export: Export, source: str) -> str:
    """Say why a table of the roster could not be made from one of the format's files."""
    table = export.file_tables.get(source)
    required = export.columns_required.get(source, ())
    lacking = [name for name in required if table is not None and not table.has(name)]
    if table is not None and lacking:
        return f"{table.file} has no {' or '.join(lacking)} column"
    return f"there is no {export.files_expected.get(source, source)}"


def _build_people(sources: Sources, posts: Posts) -> dict[str, Table]:
    """Build students, teachers and staff while normalizing users."""
    users, layout = sources.export.file_tables["users.csv"], sources.layout
    roles = sources.table("roles.csv") if layout.role_file else None
    unread = people.split_unread(users, roles, layout.roles)
    teaches = np.zeros(len(users), bool)
    links = sources.table("enrollments.csv")
    if links is not None:
        at = frame.locate_rows(links, "userSourcedId", users)[sources.teaching]
        teaches[at[at >= 0]] = True
    made = {}
    for number, kind in enumerate(KINDS):
        chosen = people.select_posts(posts, number, len(users))
        if kind == "teachers":
            adult = people.select_posts(posts, None, len(users))
            chosen = np.where((chosen < 0) & teaches, adult, chosen)
        missing_reason = normalize_columns.name_absent(users, layout.person[kind])
        if kind == "students":
            missing_reason["DOB"] = sources.describe_absence("demographics.csv")
        made[kind] = people.build_table(
            kind,
            users,
            posts,
            at=chosen,
            columns=_build_person_columns(sources, posts, kind, chosen=chosen),
            unread=unread.get(kind),
            missing_reason=missing_reason,
        )
    return made


def _build_person_columns(
    sources: Sources, posts: Posts, kind: str, *, chosen: np.ndarray
) -> dict[str, Cells | None]:
    """Normalize users to the columns of one kind of person, with a cell for every user.

    `chosen`: the number of each user's post, negative for none.
    """
    users, layout = sources.export.file_tables["users.csv"], sources.layout
    columns = {
        name: normalize_columns.take_own(users, column)
        for name, column in layout.person[kind].items()
    }
    row = np.full(len(chosen), -1)
    if len(posts.row):
        row = np.where(chosen >= 0, posts.row[np.maximum(chosen, 0)], -1)
    if kind == "staff":
        columns["Title"] = normalize_columns.take_own(users, "role")
        if layout.role_file:
            columns["Title"] = normalize_columns.look_up(posts.source, "role", row)
    if kind != "students":
        return columns
    if layout.role_grade:
        columns["Grade"] = normalize_columns.look_up(posts.source, layout.role_grade, row)
    columns["Grade"] = sections.take_first_entry(columns.get("Grade"))
    demographics = sources.table("demographics.csv")
    if demographics is not None:
        at = _locate_demographics(users, demographics)
        columns["DOB"] = normalize_columns.look_up(demographics, "birthDate", at)
    return columns


def _locate_demographics(users: Table, demographics: Table) -> np.ndarray:
    """Return each user's row in demographics while normalizing OneRoster, negative for none."""
    keys, first = frame.index_by_key(demographics)
    ids = frame.encode(users, "sourcedId")
    position = frame.find_positions(ids.values, keys)
    row = np.full(len(position), -1)
    if len(first):
        row = np.where(position >= 0, first[np.maximum(position, 0)], -1)
    at = ids.broadcast(np.where(values.is_blank(ids.values), -1, row))
    return np.where(np.append(frame.mark_live(demographics), False)[at], at, -1)


def _build_sections(sources: Sources) -> Table:
    """Build the roster's sections while normalizing OneRoster's classes."""
    classes, layout = sources.export.file_tables["classes.csv"], sources.layout
    columns: dict[str, Cells | None] = {
        name: normalize_columns.take_own(classes, column) for name, column in layout.section.items()
    }
    links, courses = sources.table("enrollments.csv"), sources.table("courses.csv")
    if links is not None and not _name_absent_link(links):
        columns |= sections.build_teacher_columns(
            classes,
            links,
            np.flatnonzero(sources.teaching),
            section="classSourcedId",
            person="userSourcedId",
        )
    if courses is not None and classes.has("courseSourcedId"):
        at = frame.locate_rows(classes, "courseSourcedId", courses)
        for name, column in layout.course.items():
            of_course = normalize_columns.look_up(courses, column, at)
            columns[name] = normalize_columns.fill_blanks(columns.get(name), of_course)
    if classes.has("classType"):
        homeroom = _build_homeroom_subject(classes)
        columns["Subject"] = normalize_columns.fill_blanks(columns.get("Subject"), homeroom)
    sessions = sources.table("academicSessions.csv")
    columns |= sections.build_term_columns(classes, sessions, layout.terms)
    return normalize_columns.build_table(
        "sections",
        "Section_id",
        classes,
        rows=np.flatnonzero(frame.mark_live(classes)),
        columns=columns,
        unread=classes.unread,
        missing_reason={
            **normalize_columns.name_absent(classes, layout.section),
            **_describe_missing(sources),
        },
    )


def _describe_missing(sources: Sources) -> dict[str, str]:
    """Return why columns of sections that other files should provide are missing."""
    reasons = dict.fromkeys(
        ("Term_start", "Term_end"), sources.describe_absence("academicSessions.csv")
    )
    of_course = ("Course_name", "Course_number", "Subject")
    reasons |= dict.fromkeys(of_course, sources.describe_absence("courses.csv"))
    links = sources.table("enrollments.csv")
    if links is None:
        reasons["Teacher_id"] = sources.describe_absence("enrollments.csv")
    elif _name_absent_link(links):
        reasons["Teacher_id"] = f"{links.file} has no {_name_absent_link(links)} column"
    return reasons


def _name_absent_link(links: Table) -> str:
    """Name the column that enrollments lack for normalizing: who is in which class; "" for none."""
    return next((name for name in LINK if not links.has(name)), "")


def _build_homeroom_subject(classes: Table) -> Cells:
    """Build subjects for homeroom classes while normalizing OneRoster."""
    is_homeroom = frame.match_words(classes, "classType", ("homeroom",))
    subjects = pa.array(["", "Homeroom/advisory"], pa.string())
    return normalize_columns.derive(classes.headers["classType"], subjects, is_homeroom)


def _build_enrollments(sources: Sources) -> dict[str, Table]:
    """Return the enrollments of students, and those of teachers as `teaching`."""
    links = sources.export.file_tables["enrollments.csv"]
    columns = {
        name: normalize_columns.take_own(links, column)
        for name, column in sources.layout.enrollment.items()
    }
    made = build_enrollments(links, columns, learning=sources.learning, teaching=sources.teaching)
    return {name: replace(table, exclusive_ends=True) for name, table in made.items()}


def _build_schools(sources: Sources, made: Mapping[str, Table]) -> Table:
    """Build the roster's schools from organizations while normalizing OneRoster.

    A district counts as a school only if students or sections are at it. Any other district remains
    known, because staff may name it.
    """
    orgs = sources.export.file_tables["orgs.csv"]
    is_included = people.is_school(orgs) & frame.mark_live(orgs)
    is_above = frame.match_words(orgs, "type", ABOVE)
    for name, table in made.items():
        if table.has("School_id"):
            at = frame.locate_rows(table, "School_id", orgs)
            at = at[at >= 0]
            is_included[at if name in ("students", "sections") else at[~is_above[at]]] = True
    columns = {
        name: normalize_columns.take_own(orgs, column)
        for name, column in sources.layout.school.items()
    }
    schools = normalize_columns.build_table(
        "schools",
        "School_id",
        orgs,
        rows=np.flatnonzero(is_included),
        columns=columns,
        unread=orgs.unread,
        missing_reason=dict.fromkeys(("Low_grade", "High_grade"), f"{orgs.file} has no grades"),
    )
    above = frame.take_text(orgs, orgs.key, np.flatnonzero(is_above & ~is_included))
    return replace(schools, known_elsewhere=frozenset(above) - {""})
