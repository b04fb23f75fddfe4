"""Students, teachers and staff of a Canvas import, whose users have no role and no school."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.frame.arrays import count_numbers, sort_unique
from validator.ingest.formats.canvas.courses import encode_schools, locate_schools, place_school
from validator.ingest.formats.canvas.names import (
    ABSENT,
    ASSISTANT,
    DESIGNER,
    EMAILS,
    KEYS,
    OBSERVER,
    PERSON,
    STUDENT,
    TEACHER,
    USER_TYPES,
)
from validator.ingest.formats.canvas.sources import Sources, mark_active, take_row
from validator.ingest.formats.sis.tables import split_names
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.people import KINDS, split_unread
from validator.model import ColumnSource, ExtraValues, Table, build_records, dataclass

STUDENTS, TEACHERS, STAFF = range(3)
NONE, UNSURE = -1, -2
"""Instead of a position in KINDS: an observer, and a user about whom nothing is known."""


@dataclass(frozen=True, eq=False)
class Posts:
    """The schools of users: an entry per user and school, the most frequent school first.

    user: row in users.csv. course: row of a course at that school. school: code in `schools`.
    """

    user: np.ndarray
    course: np.ndarray
    school: np.ndarray
    schools: Encoded


def classify_users(sources: Sources) -> np.ndarray:
    """Return the kind of each Canvas user: position in KINDS, NONE or UNSURE.

    declared_user_type decides; without it, what most active enrollments say, then admins.csv,
    then enrollments that are over. Whoever teaches as many courses as they attend is a teacher.
    """
    users = sources.find("users")
    assert users is not None
    kinds = _classify_by_type(users)
    for counts in (True, False):
        votes = _count_votes(sources, len(users), counts=counts)
        undecided = kinds == UNSURE
        kinds[undecided] = _decide(votes)[undecided]
        if counts:
            kinds[(kinds == UNSURE) & _mark_admins(sources, len(users))] = STAFF
    return np.where(kinds == UNSURE, kinds[sources.find_firsts("users")], kinds)


def _classify_by_type(users: Table) -> np.ndarray:
    """Return the kind that a Canvas user's declared_user_type states, UNSURE for none."""
    types = frame.encode_lower(users, "declared_user_type")
    kinds = []
    for value in types.values.to_pylist():
        table = USER_TYPES.get(value)
        if table is None:
            kinds.append(UNSURE)
        else:
            kinds.append(KINDS.index(table) if table else NONE)
    return types.broadcast(np.asarray(kinds or [UNSURE], np.int8)).astype(np.int8)


def _count_votes(sources: Sources, count: int, *, counts: bool) -> np.ndarray:
    """Count each Canvas user's enrollments by kind of role, counting or not."""
    votes = np.zeros((count, OBSERVER + 1), np.int64)
    user, role = sources.user_of_link, sources.role_of_link
    rows = np.flatnonzero((sources.link_counts == counts) & (user >= 0) & (role >= 0))
    np.add.at(votes, (user[rows], role[rows]), 1)
    return votes


def _decide(votes: np.ndarray) -> np.ndarray:
    """Return the kind of each Canvas user by the number of enrollments in each kind of role."""
    learns, teaches = votes[:, STUDENT], votes[:, TEACHER]
    helps = votes[:, ASSISTANT] + votes[:, DESIGNER]
    kinds = np.full(len(votes), UNSURE, np.int8)
    kinds[votes[:, OBSERVER] > 0] = NONE
    kinds[helps > 0] = STAFF
    kinds[(learns > 0) & (learns >= helps)] = STUDENTS
    kinds[(teaches > 0) & (teaches >= learns)] = TEACHERS
    return kinds


def _mark_admins(sources: Sources, count: int) -> np.ndarray:
    """Return the bool mask of the Canvas users who are administrators of an account."""
    admins, mask = sources.find("admins"), np.zeros(count, bool)
    if admins is not None:
        at = sources.locate("admins", "user_id", "users")
        mask[at[(at >= 0) & mark_active(admins)]] = True
    return mask


def mark_learning(sources: Sources, kinds: np.ndarray) -> np.ndarray:
    """Return the bool mask of the Canvas enrollments that count and are those of students."""
    own = np.append(kinds, STUDENTS)[np.maximum(sources.user_of_link, -1)]
    is_student = (own == STUDENTS) & (sources.role_of_link == STUDENT)
    return np.asarray(sources.link_counts & is_student, bool)


def mark_teaching(sources: Sources, kinds: np.ndarray) -> np.ndarray:
    """Return the bool mask of the Canvas enrollments that count and are those of teachers."""
    own = np.append(kinds, TEACHERS)[np.maximum(sources.user_of_link, -1)]
    is_adult = (own == TEACHERS) | (own == STAFF)
    return np.asarray(sources.link_counts & is_adult & (sources.role_of_link == TEACHER), bool)


def build_people(sources: Sources, kinds: np.ndarray, teaching: np.ndarray) -> dict[str, Table]:
    """Normalize Canvas users to students, teachers and staff, one row for each."""
    users = sources.find("users")
    assert users is not None
    live = mark_active(users)
    teaches = np.zeros(len(users), bool)
    at = sources.user_of_link[teaching]
    teaches[at[at >= 0]] = True
    teaches = teaches[sources.find_firsts("users")]
    is_teacher = (kinds == TEACHERS) | ((kinds == STAFF) & teaches)
    masks = {
        "students": kinds == STUDENTS,
        "teachers": is_teacher,
        "staff": (kinds == STAFF) & ~is_teacher,
    }
    masks["staff"] |= (kinds == TEACHERS) & _mark_admins(sources, len(users))
    unread = split_unread(users, None, {})
    posts = _collect_posts(sources)
    return {
        name: _build_table(sources, name, np.flatnonzero(mask & live), posts=posts, unread=unread)
        for name, mask in masks.items()
    }


def _build_table(
    sources: Sources,
    name: str,
    rows: np.ndarray,
    *,
    posts: Posts | None,
    unread: Mapping[str, object],
) -> Table:
    """Normalize some Canvas users to a table of students, teachers or staff."""
    users = sources.find("users")
    assert users is not None
    names = {**PERSON, EMAILS[name]: "email"}
    of_names = {"First_name": "first_name", "Last_name": "last_name"}
    columns: dict[str, Cells | None] = {
        "School_id": _place_people(sources, posts, len(users)),
        KEYS[name]: normalize_columns.take_own(users, "user_id"),
        **_take_names(users),
        **{ours: normalize_columns.take_own(users, theirs) for ours, theirs in names.items()},
    }
    if name == "staff":
        columns["School_id"] = _place_admins(sources, columns["School_id"])
    return normalize_columns.build_table(
        name,
        KEYS[name],
        users,
        rows=rows,
        columns=columns,
        unread=unread.get(name),  # type: ignore[arg-type]
        missing_reason={
            **normalize_columns.name_absent(users, {**names, **of_names}),
            **ABSENT.get(name, {}),
        },
        extra_values=_list_other_schools(users, posts, rows),
    )


def _take_names(users: Table) -> dict[str, Cells | None]:
    """Return first and last names of Canvas users: own columns, else parts of a whole name."""
    columns = {}
    for ours, theirs, part in (
        ("First_name", "first_name", "first"),
        ("Last_name", "last_name", "last"),
    ):
        cells = normalize_columns.take_own(users, theirs)
        if cells is None or frame.encode(users, theirs).blank.any():
            for column, split in (("sortable_name", "Last, First"), ("full_name", "First Last")):
                cells = normalize_columns.fill_blanks(
                    cells, _split(users, column, split, part=part)
                )
        columns[ours] = cells
    return columns


def _split(users: Table, column: str, split: str, *, part: str) -> Cells | None:
    """Return one part of a Canvas column of whole names."""
    whole = normalize_columns.take_own(users, column)
    if whole is None:
        return None
    taken = ColumnSource((column,), split=split, part=part)
    names = frame.map_values(whole.coded, lambda values: split_names(values, taken))
    return Cells(whole.header, names)


def _collect_posts(sources: Sources) -> Posts | None:
    """Collect the schools of Canvas users from the courses that they are enrolled in."""
    schools = encode_schools(sources)
    if schools is None or sources.find("enrollments") is None:
        return None
    section = sources.section_of_link
    course = take_row(sources.course_of_section, section)
    course = np.where(section == frame.BLANK, sources.course_of_link, course)
    user = sources.user_of_link
    rows = np.flatnonzero(sources.link_counts & (user >= 0) & (course >= 0))
    code = schools.codes[course[rows]]
    rows = rows[~schools.blank[course[rows]]]
    code = schools.codes[course[rows]]
    width = max(len(schools.values), 1)
    key = user[rows] * width + code
    pairs = sort_unique(key)
    number = np.searchsorted(pairs, key)
    times = count_numbers(number, minlength=len(pairs))
    first = np.full(len(pairs), len(key), np.int64)
    first[number[::-1]] = np.arange(len(key))[::-1]
    order = np.lexsort((first, -times, pairs // width))
    return Posts(
        (pairs // width)[order], course[rows][first[order]], (pairs % width)[order], schools
    )


def _place_people(sources: Sources, posts: Posts | None, count: int) -> Cells | None:
    """Return School_id of every Canvas user: the school of most of their enrollments."""
    if posts is None:
        return None
    course, code = np.full((2, count), -1, np.int64)
    course[posts.user[::-1]] = posts.course[::-1]
    code[posts.user[::-1]] = posts.school[::-1]
    firsts = sources.find_firsts("users")
    return place_school(sources, course[firsts], school=posts.schools, codes=code[firsts])


def _place_admins(sources: Sources, cells: Cells | None) -> Cells | None:
    """Return School_id of Canvas staff: the account that they administer, else `cells`."""
    admins, accounts, users = (sources.find(name) for name in ("admins", "accounts", "users"))
    if admins is None or accounts is None or users is None:
        return cells
    user = sources.locate("admins", "user_id", "users")
    account = take_row(locate_schools(sources), sources.locate("admins", "account_id", "accounts"))
    rows = np.flatnonzero(mark_active(admins) & (user >= 0) & (account >= 0))[::-1]
    at = np.full(len(users), -1, np.int64)
    at[user[rows]] = account[rows]
    own = normalize_columns.look_up(accounts, "account_id", at)
    return normalize_columns.fill_blanks(own, cells)


def _list_other_schools(
    users: Table, posts: Posts | None, rows: np.ndarray
) -> dict[str, ExtraValues]:
    """Return the further schools of the people in some rows of Canvas's users.csv."""
    if posts is None or not len(posts.user):
        return {}
    number = np.full(len(users), -1, np.int32)
    number[rows] = np.arange(len(rows))
    is_first = np.append(True, posts.user[1:] != posts.user[:-1])
    more = np.flatnonzero(~is_first & (number[posts.user] >= 0))
    if not len(more):
        return {}
    ids = posts.schools.values.take(pa.array(posts.school[more]))
    schools = build_records({"School_id": ids}, range(len(ids)))
    others = Table("elsewhere", "courses.csv", "", schools, {"School_id": "account_id"})
    return {"School_id": ExtraValues(number[posts.user[more]], others)}
