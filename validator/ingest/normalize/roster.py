"""Rosters kept as users, roles, organisations, classes and enrollments -> the tables that every rule reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import values
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize import people, sections
from validator.ingest.normalize.columns import Cells, Columns
from validator.ingest.normalize.people import KINDS, Posts
from validator.model import Export, Table

MADE_FROM = {
    "schools": "orgs",
    "students": "users",
    "teachers": "users",
    "staff": "users",
    "sections": "classes",
    "enrollments": "memberships",
}
"""From which of the format's own tables each table is made."""

ABOVE = ("district", "local", "state", "national")
"""Types of organisations that have schools and are none."""

Names = Mapping[str, str]
"""Our column name -> the format's."""


@dataclass(frozen=True)
class Layout:
    """What a format calls things. `roles`: role in lower case -> students, teachers or staff.

    `org_list`: the column of users, or of roles where `role_file`, that names schools; `terms`: the column of classes
    that names sessions. `person` holds the columns of each kind, `role_grade` the column of roles that has the grade.
    """

    roles: Mapping[str, str]
    school: Names
    person: Mapping[str, Names]
    section: Names
    course: Names
    org_list: str
    terms: str
    role_file: bool = False
    role_grade: str = ""
    enrollment: Names = field(
        default_factory=lambda: {
            "School_id": "schoolSourcedId",
            "Section_id": "classSourcedId",
            "Student_id": "userSourcedId",
            "Begin": "beginDate",
            "End": "endDate",
        }
    )


@dataclass(frozen=True, eq=False)
class _Sources:
    """The format's own tables, who is what (None where it cannot be known), and which enrollments are which."""

    export: Export
    layout: Layout
    posts: Posts | None
    learning: np.ndarray
    teaching: np.ndarray

    def table(self, name: str) -> Table | None:
        return self.export.tables.get(name)

    def why_not(self, name: str) -> str:
        """Why one of the format's own tables is not there."""
        expected = self.export.files_expected.get(name)
        return self.export.absent.get(name) or (
            f"there is no {expected}" if expected else f"this format has no {name}"
        )


def normalize(export: Export, layout: Layout) -> Export:
    """The export with the tables that every rule reads beside the format's own."""
    whole = _classify(export, layout)
    made: dict[str, Table] = {}
    if whole.posts is not None:
        made |= _build_people(whole, whole.posts)
    if whole.table("classes") is not None:
        made["sections"] = _build_sections(whole)
    if whole.table("memberships") is not None:
        made |= _build_enrollments(whole)
    if whole.table("orgs") is not None:
        made["schools"] = _build_schools(whole, made)
    return add_tables(
        export,
        made,
        {**MADE_FROM, **dict.fromkeys(KINDS, "roles" if _lacks_roles(export, layout) else "users")},
    )


def add_tables(export: Export, made: Mapping[str, Table], made_from: Mapping[str, str]) -> Export:
    """The export with the made tables, and for those that could not be made the reason."""
    absent = {
        name: export.absent.get(source)
        or f"there is no {export.files_expected.get(source, source)}"
        for name, source in made_from.items()
        if name not in made
    }
    return replace(
        export,
        tables={**export.tables, **made},
        absent={**export.absent, **absent},
        required=export.required
        | {name for name, source in made_from.items() if source in export.required},
        files_expected={
            **export.files_expected,
            **{
                name: export.files_expected[source]
                for name, source in made_from.items()
                if source in export.files_expected
            },
        },
    )


def _lacks_roles(export: Export, layout: Layout) -> bool:
    return layout.role_file and "users" in export.tables and "roles" not in export.tables


def _collect_posts(export: Export, layout: Layout) -> Posts | None:
    users, orgs = export.tables.get("users"), export.tables.get("orgs")
    if users is None or _lacks_roles(export, layout):
        return None
    if layout.role_file:
        table = export.tables["roles"]
        return people.collect_from_roles(
            users,
            table,
            orgs,
            layout.roles,
            column=layout.org_list,
            live=frame.mark_live(table) & _select_live_users(table, users),
        )
    return people.collect_from_users(
        users, orgs, layout.roles, column=layout.org_list, live=frame.mark_live(users)
    )


def _select_live_users(roles: Table, users: Table) -> np.ndarray:
    at = frame.locate_rows(roles, "userSourcedId", users)
    return np.asarray(
        (at < 0) | np.append(frame.mark_live(users), True)[np.maximum(at, -1)], bool
    )


def _classify(export: Export, layout: Layout) -> _Sources:
    """Who is what, and which enrollments of records that stay are those of students and of teachers.

    An enrollment of somebody who is known to be something else is left to the rule about that.
    """
    posts, links = _collect_posts(export, layout), export.tables.get("memberships")
    if links is None:
        return _Sources(export, layout, posts, np.zeros(0, bool), np.zeros(0, bool))
    stays = frame.mark_live(links)
    for name, column in (("classes", "classSourcedId"), ("users", "userSourcedId")):
        other = export.tables.get(name)
        if other is not None:
            at = frame.locate_rows(links, column, other)
            stays &= (at < 0) | np.append(frame.mark_live(other), True)[np.maximum(at, -1)]
    is_role = {name: frame.match_words(links, "role", (name,)) for name in ("student", "teacher")}
    student, adult = (np.ones(len(links), bool) for _ in range(2))
    users = export.tables.get("users")
    if posts is not None and users is not None:
        at = frame.locate_rows(links, "userSourcedId", users)
        for mask, kinds in ((student, (0,)), (adult, (1, 2))):
            is_one = np.zeros(len(users) + 1, bool)
            is_one[posts.user[np.isin(posts.kind, kinds)]] = True
            is_one[-1] = True  # whom nobody knows is another rule's
            np.logical_and(mask, is_one[np.maximum(at, -1)], out=mask)
    return _Sources(
        export,
        layout,
        posts,
        stays & is_role["student"] & student,
        stays & is_role["teacher"] & adult,
    )


def _build_people(whole: _Sources, posts: Posts) -> dict[str, Table]:
    users, layout = whole.export.tables["users"], whole.layout
    unread = people.split_unread(
        users, whole.table("roles") if layout.role_file else None, layout.roles
    )
    teaches = np.zeros(len(users), bool)
    links = whole.table("memberships")
    if links is not None:
        at = frame.locate_rows(links, "userSourcedId", users)[whole.teaching]
        teaches[at[at >= 0]] = True
    made = {}
    for number, kind in enumerate(KINDS):
        at = people.select_posts(posts, number, len(users))
        if kind == "teachers":
            at = np.where((at < 0) & teaches, people.select_posts(posts, None, len(users)), at)
        columns = _build_person_columns(whole, posts, kind, at)
        made[kind] = people.build_table(
            kind,
            users,
            posts,
            at,
            columns,
            unread=unread.get(kind),
            missing_reason={"DOB": whole.why_not("demographics")} if kind == "students" else {},
        )
    return made


def _build_person_columns(whole: _Sources, posts: Posts, kind: str, at: np.ndarray) -> dict[str, Cells | None]:
    """The columns of one kind of people, over all users."""
    users = whole.export.tables["users"]
    columns = {
        name: normalize_columns.take_own(users, own) for name, own in whole.layout.person[kind].items()
    }
    row = np.where(at >= 0, posts.row[np.maximum(at, 0)] if len(posts.row) else -1, -1)
    if kind == "staff":
        columns["Title"] = (
            normalize_columns.look_up(posts.source, "role", row)
            if whole.layout.role_file
            else normalize_columns.take_own(users, "role")
        )
    if kind != "students":
        return columns
    if whole.layout.role_grade:
        columns["Grade"] = normalize_columns.look_up(posts.source, whole.layout.role_grade, row)
    columns["Grade"] = sections.take_first_entry(columns.get("Grade"))
    born = whole.table("demographics")
    if born is not None:
        columns["DOB"] = normalize_columns.look_up(born, "birthDate", _locate_demographics(users, born))
    return columns


def _locate_demographics(users: Table, born: Table) -> np.ndarray:
    """Row number in demographics of each user, negative where there is none."""
    keys, first = frame.index_by_key(born)
    user = frame.encode(users, "sourcedId")
    found = frame.find_positions(user.values, keys)
    row = (
        np.where(found >= 0, first[np.maximum(found, 0)], -1)
        if len(first)
        else np.full(len(found), -1)
    )
    at = user.broadcast(np.where(values.is_blank(user.values), -1, row))
    return np.where(np.append(frame.mark_live(born), False)[at], at, -1)


def _build_sections(whole: _Sources) -> Table:
    held, layout = whole.export.tables["classes"], whole.layout
    columns: dict[str, Cells | None] = {
        name: normalize_columns.take_own(held, own) for name, own in layout.section.items()
    }
    missing_reason = {
        name: whole.why_not("academicSessions") for name in ("Term_start", "Term_end")
    }
    missing_reason |= {
        name: whole.why_not("courses") for name in ("Course_name", "Course_number", "Subject")
    }
    links, courses = whole.table("memberships"), whole.table("courses")
    if links is None:
        missing_reason["Teacher_id"] = whole.why_not("memberships")
    else:
        columns |= sections.build_teacher_columns(
            held,
            links,
            np.flatnonzero(whole.teaching),
            section="classSourcedId",
            person="userSourcedId",
        )
    if courses is not None and held.has("courseSourcedId"):
        at = frame.locate_rows(held, "courseSourcedId", courses)
        for name, own in layout.course.items():
            columns[name] = normalize_columns.fill_blanks(
                columns.get(name), normalize_columns.look_up(courses, own, at)
            )
    if held.has("classType"):
        columns["Subject"] = normalize_columns.fill_blanks(columns.get("Subject"), _build_homeroom_subject(held))
    columns |= sections.build_term_columns(held, whole.table("academicSessions"), layout.terms)
    return normalize_columns.build_table(
        "sections",
        "Section_id",
        held,
        np.flatnonzero(frame.mark_live(held)),
        columns,
        unread=held.unread,
        missing_reason=missing_reason,
    )


def _build_homeroom_subject(held: Table) -> Cells:
    """The subject that a class of the type homeroom has without one."""
    homeroom = frame.match_words(held, "classType", ("homeroom",))
    return normalize_columns.derive(
        held.headers["classType"], pa.array(["", "Homeroom/advisory"], pa.string()), homeroom
    )


def _build_enrollments(whole: _Sources) -> dict[str, Table]:
    """The enrollments of students, and those of teachers as `teaching`."""
    links, names = whole.export.tables["memberships"], whole.layout.enrollment
    columns: Columns = {name: normalize_columns.take_own(links, own) for name, own in names.items()}
    teaching = {
        ("Teacher_id" if name == "Student_id" else name): given for name, given in columns.items()
    }
    return {
        "enrollments": normalize_columns.build_table(
            "enrollments", "", links, np.flatnonzero(whole.learning), columns, unread=links.unread
        ),
        "teaching": normalize_columns.build_table(
            "teaching", "", links, np.flatnonzero(whole.teaching), teaching
        ),
    }


def _build_schools(whole: _Sources, made: Mapping[str, Table]) -> Table:
    """The organisations that are schools, and those that are named as one; a district only where students or classes
    are at it. A district that is no school is known all the same: its staff name it."""
    orgs = whole.export.tables["orgs"]
    named, above = (
        people.is_school(orgs) & frame.mark_live(orgs),
        frame.match_words(orgs, "type", ABOVE),
    )
    for name, table in made.items():
        if table.has("School_id"):
            at = frame.locate_rows(table, "School_id", orgs)
            at = at[at >= 0]
            named[at if name in ("students", "sections") else at[~above[at]]] = True
    columns = {name: normalize_columns.take_own(orgs, own) for name, own in whole.layout.school.items()}
    schools = normalize_columns.build_table(
        "schools", "School_id", orgs, np.flatnonzero(named), columns, unread=orgs.unread
    )
    return replace(
        schools,
        known_elsewhere=frozenset(frame.take_text(orgs, orgs.key, np.flatnonzero(above & ~named)))
        - {""},
    )
