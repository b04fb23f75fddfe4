"""A format's own tables, and the roles of the records in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np

from validator import frame
from validator.ingest.normalize import people
from validator.ingest.normalize.people import KINDS, Posts
from validator.model import Export, Table, dataclass

Names = Mapping[str, str]
"""Our column name -> the format's."""


@dataclass(frozen=True)
class Layout:
    """The names that a format gives to things.

    roles: role in lower case -> students, teachers or staff.
    person: the columns of each kind of person.
    org_list: the column that lists schools: of users, or of roles where `role_file` is True.
    terms: the column of classes that lists sessions.
    role_grade: the column of roles that has the grade.
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
class Sources:
    """A format's own tables, classified.

    posts: the roles of users; None if they cannot be known.
    learning, teaching: which enrollments (bool masks) are those of students and of teachers.
    """

    export: Export
    layout: Layout
    posts: Posts | None
    learning: np.ndarray
    teaching: np.ndarray

    def table(self, name: str) -> Table | None:
        """Return one of the format's own tables, or None."""
        return self.export.file_tables.get(name)

    def describe_absence(self, name: str) -> str:
        """Return why one of the format's own tables is absent."""
        expected = self.export.files_expected.get(name)
        absent = self.export.absent.get(name)
        if absent:
            return absent
        return f"there is no {expected}" if expected else f"this format has no {name}"


def classify(export: Export, layout: Layout) -> Sources:
    """Return the format's tables, with the role of each user and the kind of each enrollment.

    Enrollments of deleted records are of neither kind, nor are those of a person whose role is
    known to be another, which is for a rule to report.
    """
    posts, links = _collect_posts(export, layout), export.file_tables.get("enrollments.csv")
    if links is None:
        return Sources(export, layout, posts, np.zeros(0, bool), np.zeros(0, bool))
    live = frame.mark_live(links)
    for name, column in (("classes.csv", "classSourcedId"), ("users.csv", "userSourcedId")):
        target = export.file_tables.get(name)
        if target is not None:
            live &= _mark_referring_to_live(links, column, target)
    learning = live & frame.match_words(links, "role", ("student",))
    teaching = live & frame.match_words(links, "role", ("teacher",))
    users = export.file_tables.get("users.csv")
    if posts is not None and users is not None:
        learning &= _may_be(links, users, posts, kinds=("students",))
        teaching &= _may_be(links, users, posts, kinds=("teachers", "staff"))
    return Sources(export, layout, posts, learning, teaching)


def lacks_roles(export: Export, layout: Layout) -> bool:
    """Return whether users cannot be normalized, as the file or column with their roles is
    absent."""
    if not layout.role_file or "users.csv" not in export.file_tables:
        return False
    roles = export.file_tables.get("roles.csv")
    return roles is None or not (roles.has("role") and roles.has("userSourcedId"))


def _collect_posts(export: Export, layout: Layout) -> Posts | None:
    """Collect the roles of users to normalize, None where they are missing."""
    users, orgs = export.file_tables.get("users.csv"), export.file_tables.get("orgs.csv")
    if users is None or lacks_roles(export, layout):
        return None
    if not layout.role_file:
        live = frame.mark_live(users)
        posts = people.collect_from_users(
            users, orgs, layout.roles, column=layout.org_list, live=live
        )
        links = export.file_tables.get("enrollments.csv")
        return posts if links is None else people.fill_blank_roles(posts, users, links)
    table = export.file_tables["roles.csv"]
    live = frame.mark_live(table) & _mark_referring_to_live(table, "userSourcedId", users)
    return people.collect_from_roles(
        users, table, orgs, roles=layout.roles, column=layout.org_list, live=live
    )


def _mark_referring_to_live(table: Table, column: str, target: Table) -> np.ndarray:
    """Return which rows refer to no deleted record while normalizing, or to unknown ones."""
    at = frame.locate_rows(table, column, target)
    live = np.append(frame.mark_live(target), True)
    return np.asarray((at < 0) | live[np.maximum(at, -1)], bool)


def _may_be(links: Table, users: Table, posts: Posts, *, kinds: Sequence[str]) -> np.ndarray:
    """Return which enrollments may be of these kinds while normalizing OneRoster."""
    numbers = [KINDS.index(kind) for kind in kinds]
    rows = posts.user[np.isin(posts.kind, numbers)]
    is_kind = np.append(frame.expand_to_key(users, rows), True)  # unknown users count
    at = frame.locate_rows(links, "userSourcedId", users)
    return np.asarray(is_kind[np.maximum(at, -1)], bool)
