"""Canvas's own files, and which of their rows count: people, courses, sections, enrollments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from validator import frame
from validator.frame.arrays import sort_unique
from validator.ingest.formats.canvas.names import ROLES, STUDENT, STUDENTS
from validator.model import Table, dataclass

UNKNOWN_ROLE = -1


def mark_active(table: Table) -> np.ndarray:
    """Return the bool mask of the rows with a status that Canvas imports as part of the roster."""
    active = frame.mark_live(table)
    if table.has("status"):
        active &= ~frame.encode(table, "status").blank
    broken = table.schema_violations.get("status", np.zeros(len(table), bool))
    return np.asarray(active & ~broken)


def _encode_roles(links: Table, column: str) -> np.ndarray:
    """Return the kind of role that a column of Canvas's enrollments names, or UNKNOWN_ROLE."""
    roles = frame.encode_lower(links, column)
    kinds = [
        STUDENT if role.startswith(STUDENTS) else ROLES.get(role, UNKNOWN_ROLE)
        for role in roles.values.to_pylist()
    ]
    return roles.broadcast(np.asarray(kinds or [UNKNOWN_ROLE], np.int8)).astype(np.int8)


def take_mask(mask: np.ndarray, rows: np.ndarray, *, otherwise: bool = True) -> np.ndarray:
    """Return a mask of Canvas's rows by row number, `otherwise` for negative ones."""
    return np.asarray(np.append(mask, otherwise)[np.maximum(rows, -1)], bool)


def take_row(at: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return Canvas's row numbers `at` by row number; negative ones stay as they are."""
    known = rows >= 0
    out = rows.astype(np.int64)
    out[known] = at[rows[known]]
    return out


@dataclass(frozen=True, eq=False)
class Sources:
    """The tables of a Canvas import by file name, and what their rows refer to."""

    tables: Mapping[str, Table]

    def find(self, name: str) -> Table | None:
        """Return one of Canvas's tables, None where the file is missing."""
        return self.tables.get(f"{name}.csv")

    def locate(self, name: str, column: str, target: str) -> np.ndarray:
        """Return, in Canvas's tables, the row that each reference names, negative for none."""
        table, other = self.find(name), self.find(target)
        count = 0 if table is None else len(table)
        if table is None or other is None or not table.has(column):
            return np.full(count, frame.BLANK, np.int64)
        at = frame.locate_rows(table, column, other).astype(np.int64)
        return np.where(at >= 0, take_row(self.find_firsts(target), at), at)

    def find_firsts(self, name: str) -> np.ndarray:
        """Return, for each row of a Canvas file, the first active row with the same id, or itself.

        Without an active row, it is the first one of all.
        """
        table = self.find(name)
        if table is None:
            return np.zeros(0, np.int64)
        ids = frame.encode(table, table.key)
        rows = np.arange(len(table))
        first = np.full(len(ids.values), -1, np.int64)
        for chosen in (rows[~ids.blank], rows[~ids.blank & mark_active(table)]):
            first[ids.codes[chosen[::-1]]] = chosen[::-1]
        return np.where(ids.blank, rows, take_row(first, ids.codes.astype(np.int64)))

    def mark_active(self, name: str) -> np.ndarray:
        """Return the bool mask of a table's active rows; none for a missing file."""
        table = self.find(name)
        return np.zeros(0, bool) if table is None else mark_active(table)

    # ------------------------------------------------------------ courses and sections
    @cached_property
    def account_of_course(self) -> np.ndarray:
        """Row in accounts.csv of each course."""
        return self.locate("courses", "account_id", "accounts")

    @cached_property
    def course_counts(self) -> np.ndarray:
        """Bool mask of the Canvas courses neither concluded nor deleted, nor is their account."""
        account = take_mask(self.mark_active("accounts"), self.account_of_course)
        return np.asarray(self.mark_active("courses") & account)

    @cached_property
    def own_course(self) -> np.ndarray:
        """Row in courses.csv of each section, as sections.csv has it."""
        return self.locate("sections", "course_id", "courses")

    @cached_property
    def course_of_section(self) -> np.ndarray:
        """Row in courses.csv of each section, with cross-listed sections in their new course.

        The last row of xlists.csv about a section decides. A new course that is not in courses.csv
        takes everything from the section's own course, so the section stays there.
        """
        course = self.own_course.copy()
        xlists = self.find("xlists")
        if xlists is None:
            return course
        section = self.locate("xlists", "section_id", "sections")
        target = self.locate("xlists", "xlist_course_id", "courses")
        target = np.where(mark_active(xlists), target, frame.BLANK)
        last = np.full(len(course), -1, np.int64)
        rows = np.flatnonzero(section >= 0)
        last[section[rows]] = rows
        moved = np.flatnonzero(last >= 0)
        new = target[last[moved]]
        usable = (new >= 0) & take_mask(self.course_counts, new, otherwise=False)
        course[moved[usable]] = new[usable]
        return course

    @cached_property
    def section_counts(self) -> np.ndarray:
        """Bool mask of the Canvas sections that are not deleted, in a course that counts."""
        course = take_mask(self.course_counts, self.course_of_section)
        return np.asarray(self.mark_active("sections") & course)

    # ------------------------------------------------------------ enrollments
    @cached_property
    def user_of_link(self) -> np.ndarray:
        """Row in users.csv of each enrollment; an integration id comes before the user's id."""
        user = self.locate("enrollments", "user_id", "users")
        links, users = self.find("enrollments"), self.find("users")
        if links is None or users is None or not links.has("user_integration_id"):
            return user
        if not users.has("integration_id"):
            return user
        keyed = replace(users, name="users by integration_id", key="integration_id", cache={})
        other = frame.locate_rows(links, "user_integration_id", keyed)
        return np.where(other >= 0, other, user)

    @cached_property
    def section_of_link(self) -> np.ndarray:
        """Row in sections.csv of each enrollment, BLANK for the default section of its course."""
        return self.locate("enrollments", "section_id", "sections")

    @cached_property
    def course_of_link(self) -> np.ndarray:
        """Row in courses.csv of each enrollment, as it names it."""
        return self.locate("enrollments", "course_id", "courses")

    @cached_property
    def is_unrelated(self) -> np.ndarray:
        """Bool mask of the Canvas enrollments whose course is not that of their section."""
        section, course = self.section_of_link, self.course_of_link
        now = take_row(self.course_of_section, section)
        own = take_row(self.own_course, section)
        return np.asarray(
            (section >= 0) & (course >= 0) & (now >= 0) & (course != now) & (course != own)
        )

    @cached_property
    def has_default_section(self) -> np.ndarray:
        """Bool mask of the Canvas enrollments in the default section of their course."""
        links = self.find("enrollments")
        assert links is not None
        blank = frame.encode(links, "section_id").blank
        return np.asarray(blank & ~frame.encode(links, "course_id").blank)

    @cached_property
    def is_overridden(self) -> np.ndarray:
        """Bool mask of the active Canvas enrollments that a later row ends: it decides."""
        links = self.find("enrollments")
        assert links is not None
        active, ended = mark_active(links), ~frame.mark_live(links)
        overridden = np.zeros(len(links), bool)
        known = (self.user_of_link >= 0) & (self.role_of_link != UNKNOWN_ROLE)
        known &= (self.section_of_link >= 0) | self.has_default_section
        rows = np.flatnonzero(known & (active | ended))
        if not ended[rows].any():
            return overridden
        section, course = self.section_of_link[rows], self.course_of_link[rows]
        place = np.where(section >= 0, section, section.max() + 2 + course)
        keys = self.user_of_link[rows] * (place.max() + 1) + place
        keys = keys * (int(self.role_of_link.max()) + 1) + self.role_of_link[rows]
        number = np.searchsorted(sort_unique(keys), keys)
        last = np.zeros(len(rows), np.int64)
        last[number] = rows
        overridden[rows] = active[rows] & ended[last[number]]
        return overridden

    @cached_property
    def link_counts(self) -> np.ndarray:
        """Bool mask of active Canvas enrollments of people, sections and courses that count."""
        links, users = self.find("enrollments"), self.mark_active("users")
        if links is None:
            return np.zeros(0, bool)
        counts = mark_active(links) & ~self.is_unrelated & ~self.is_overridden
        counts &= take_mask(users, self.user_of_link)
        counts &= take_mask(self.section_counts, self.section_of_link)
        in_course = take_mask(self.course_counts, self.course_of_link)
        return np.asarray(counts & (in_course | ~self.has_default_section))

    @cached_property
    def role_of_link(self) -> np.ndarray:
        """Kind of role of each enrollment, UNKNOWN_ROLE for roles that are not Canvas's own."""
        links = self.find("enrollments")
        if links is None:
            return np.zeros(0, np.int8)
        kinds = _encode_roles(links, "role")
        base = _encode_roles(links, "base_role_type")
        return np.where(kinds == UNKNOWN_ROLE, base, kinds)

    def list_default_courses(self) -> np.ndarray:
        """Return the rows of the courses with a default section, which sections.csv cannot name."""
        courses, sections = self.find("courses"), self.find("sections")
        if courses is None or self.find("enrollments") is None:
            return np.zeros(0, np.int64)
        course = self.course_of_link[self.has_default_section & self.mark_active("enrollments")]
        rows = np.unique(course[course >= 0])
        rows = rows[self.course_counts[rows]]
        if sections is None or not len(rows):
            return np.asarray(rows)
        ids = frame.encode_rows(courses, "course_id", rows)
        taken = frame.is_among(ids.values, frame.encode(sections, "section_id").values)
        return np.asarray(rows[~ids.broadcast(taken)])
