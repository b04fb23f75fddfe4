"""Users of a bundle: students, teachers and staff, the schools they belong to, and their roles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import Encoded
from validator.frame.arrays import count_numbers
from validator.model import dataclass
from validator.repair.convert import cells
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import (
    Columns,
    fill_missing,
    join_words,
    place_columns,
)
from validator.repair.convert.oneroster.places import DEMOGRAPHICS, USERS, V12, list_places
from validator.repair.convert.places import METADATA
from validator.repair.convert.roster import CONTACTS, KEYS, Records, Roster
from validator.repair.written import LeftOut

ASSUMED = f"{METADATA}assumed"
PEOPLE = ("students", "teachers", "staff")
EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}

AGAIN = (
    "These records have an id that another record has; OneRoster refuses that, so they are "
    "written under an id that begins with again-."
)
NO_ID = "These records have no id; OneRoster refuses records without one."
DIFFERENT = "Another row of the same person has other values; OneRoster has one row per person."

ROLES = (
    (re.compile(r"\b(assistant|vice|deputy)[ -]?principal|\bavp?\b|\bap\b"), "siteAdministrator"),
    (re.compile(r"\bprincipal\b|head ?(teacher|master)"), "principal"),
    (re.compile(r"superintendent|\bdistrict\b"), "districtAdministrator"),
    (re.compile(r"counsel"), "counselor"),
    (re.compile(r"admin|director|\bdean\b|\bchief\b|tech lead|\bstl\b"), "siteAdministrator"),
)
"""Words in a title, role or department of staff -> the role in OneRoster, the first that fits. Our
reading of Clever's free text. Staff without such a word get the role with the fewest rights."""

FEWEST_RIGHTS = "aide"
OLDER = {"principal", "siteAdministrator", "districtAdministrator"}
"""Roles of 1.2 that are `administrator` in 1.1."""


@dataclass(frozen=True, eq=False)
class Posts:
    """The schools of people: person `user[i]` is at `school` i; the main school comes first."""

    user: np.ndarray
    school: Encoded


@dataclass(frozen=True, eq=False)
class Group:
    """Users of one kind, as columns of users.csv, their demographics and their roles.

    id: the sourcedId of each user. role: OneRoster's role of each user.
    """

    columns: Columns
    id: Encoded
    role: Encoded
    posts: Posts
    count: int
    demographics: Columns
    left_out: tuple[LeftOut, ...] = ()


def find_prefixes(roster: Roster) -> dict[str, str]:
    """Return, by table, the prefix that a conversion gives its ids, so that no two share one."""
    prefixes = {}
    earlier: list[Encoded] = []
    for name, prefix in (("students", ""), ("teachers", ids.TEACHER), ("staff", ids.STAFF)):
        records = roster.tables.get(name)
        if records is None:
            prefixes[name] = ""
            continue
        own = records.get(KEYS[name])
        prefixes[name] = prefix if ids.overlap(own, earlier) else ""
        earlier.append(own)
    return prefixes


def list_shared_addresses(roster: Roster) -> pa.Array:
    """Return the addresses and usernames of several people to convert, in lower case."""
    whole = cells.repeat_text("", 0)
    for name in PEOPLE:
        records = roster.tables.get(name)
        if records is not None and records.person is not None:
            first, _ = find_firsts(records.person)
            for column in (EMAILS[name], "Username"):
                lower = frame.map_values(records.get(column), pc.utf8_lower)
                whole = cells.append(whole, cells.select(lower, first))
    whole = cells.merge_equal(whole)
    times = count_numbers(whole.codes, minlength=len(whole.values))
    return whole.values.filter(pa.array(times > 1))


def blank_shared(addresses: Encoded, shared: pa.Array) -> Encoded:
    """Return addresses that a conversion may use as usernames: those of one person."""
    several = frame.is_among(pc.utf8_lower(addresses.values), shared)
    return cells.keep_values(addresses, ~several)


def build_group(
    roster: Roster,
    name: str,
    version: str,
    *,
    prefix: str,
    shared: pa.Array,
    agents: Encoded | None = None,
) -> Group | None:
    """Convert people of one kind to users, each once; None where the roster has none.

    shared: addresses of several people, which cannot be usernames.
    """
    records = roster.tables.get(name)
    if records is None or not records.count:
        return None
    person = records.person if records.person is not None else np.arange(records.count)
    first, number = find_firsts(person)
    single = replace(records, elsewhere=None).take(first)
    placed = place_columns(single, list_places(version)[name], version, roster=roster)
    own_id, again = ids.number_again(derive_ids(single, single.get(KEYS[name]), prefix))
    columns = placed.get(USERS)
    _fill_required(columns, name, own_id, shared=shared)
    role = _find_roles(single, name, version)
    posts = _list_posts(roster, records, first=first, number=number)
    columns |= _describe_user(own_id, role, posts, version=version)
    if agents is not None:
        columns["agentSourcedIds"] = agents
    counts = {
        DIFFERENT: _count_different(records, first, number),
        AGAIN: again,
        NO_ID: int(own_id.blank.sum()),
    }
    left_out = [LeftOut(records.file, "", count, why) for why, count in counts.items() if count]
    whole = (*placed.left_out, *left_out)
    return Group(columns, own_id, role, posts, len(first), placed.get(DEMOGRAPHICS), whole)


def _fill_required(columns: Columns, name: str, id: Encoded, *, shared: pa.Array) -> None:
    """Add the columns that every user has, and name in metadata those that had to be filled."""
    count = len(id.codes)
    for required in ("username", "givenName", "familyName", "email"):
        columns.setdefault(required, cells.repeat_text("", count))
    enabled = cells.repeat_text("true", count)
    columns["enabledUser"] = cells.fill(columns.get("enabledUser", enabled), enabled)
    addresses = blank_shared(columns["email"], shared)
    word = fill_missing(columns, "username", [addresses, id], word="username")
    role = cells.repeat_text("role", count) if name == "staff" else None
    assumed = join_words([word, role])
    if assumed is not None:
        columns[ASSUMED] = assumed


def derive_ids(records: Records, references: Encoded, prefix: str) -> Encoded:
    """Convert the ids of records to sourcedIds; see `Records.within_school`."""
    if records.within_school:
        return ids.derive_at(references, records.get("School_id"), prefix)
    return ids.derive(references, prefix)


def find_firsts(person: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each person to convert, and per row the person's position."""
    _, first, number = np.unique(person, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[number]


def _describe_user(id: Encoded, role: Encoded, posts: Posts, *, version: str) -> Columns:
    """Write the columns that every user of a converted users.csv has."""
    count = len(id.codes)
    columns = {"sourcedId": id}
    schools = ids.derive(posts.school)
    if version == V12:
        main = np.full(count, -1, np.int64)
        main[posts.user[::-1]] = np.arange(len(posts.user))[::-1]
        return columns | {"primaryOrgSourcedId": cells.look_up(schools, main)}
    lists = cells.join_lists(posts.user, schools, count)
    return columns | {"orgSourcedIds": lists, "role": role}


def _find_roles(records: Records, name: str, version: str) -> Encoded:
    """Return OneRoster's role of each person."""
    if name != "staff":
        return cells.repeat_text(name.removesuffix("s"), records.count)
    columns = [records.get(column) for column in ("Title", "Role", "Department")]
    number, first = cells.number_rows(columns)
    texts = [column.take(first).to_pylist() for column in columns]
    roles = [find_role(" ".join(row)) for row in zip(*texts, strict=True)]
    if version != V12:
        roles = ["administrator" if role in OLDER else FEWEST_RIGHTS for role in roles]
    return cells.merge_equal(Encoded(pa.array(roles, pa.string()), number.astype("int32")))


def find_role(text: str) -> str:
    """Convert title, role and department of staff to a role of OneRoster, for a bundle."""
    lower = text.lower()
    return next((role for pattern, role in ROLES if pattern.search(lower)), FEWEST_RIGHTS)


def _list_posts(
    roster: Roster, records: Records, *, first: np.ndarray, number: np.ndarray
) -> Posts:
    """List the schools of people to convert: main one, other rows, lists, sections."""
    own = records.get("School_id")
    users, schools = [number], [own]
    if records.elsewhere is not None:
        users.append(number[records.elsewhere.rows])
        schools.append(records.elsewhere.schools)
    taught = _list_section_schools(roster, records)
    if taught is not None:
        row, school = taught
        differs = cells.mark_different(school, cells.select(own, row))
        users.append(number[row[differs]])
        schools.append(cells.select(school, differs))
    whole = schools[0]
    for more in schools[1:]:
        whole = cells.append(whole, more)
    whole = cells.merge_equal(whole)
    user = np.concatenate(users)
    keys = user * np.int64(max(len(whole.values), 1)) + whole.codes
    once = np.sort(np.unique(keys, return_index=True)[1])
    known = np.zeros(len(first), bool)
    known[user[~whole.blank]] = True
    # a blank is kept only for people without any school, so that they keep their role
    once = once[~whole.blank[once] | ~known[user[once]]]
    order = once[np.argsort(user[once], kind="stable")]
    return Posts(user[order], cells.select(whole, order))


def _list_section_schools(roster: Roster, records: Records) -> tuple[np.ndarray, Encoded] | None:
    """List for people to convert the school of each section that they are in or teach."""
    key = records.get(KEYS[records.name])
    if records.name == "students":
        enrollments = roster.tables.get("enrollments")
        if enrollments is None:
            return None
        row = locate(enrollments.get("Student_id"), key)
        known = np.flatnonzero(row >= 0)
        return row[known], cells.select(enrollments.get("School_id"), known)
    sections = roster.tables.get("sections")
    if records.name != "teachers" or sections is None:
        return None
    rows, places = [], []
    for column in list_teacher_columns(sections.columns):
        row = locate(sections.columns[column], key)
        known = np.flatnonzero(row >= 0)
        rows.append(row[known])
        places.append(known)
    if not rows:
        return None
    return np.concatenate(rows), cells.select(sections.get("School_id"), np.concatenate(places))


def list_teacher_columns(columns: Mapping[str, Encoded]) -> list[str]:
    """Return the teacher columns of sections to convert, the primary one first."""
    numbered = [f"Teacher_{number}_id" for number in range(2, 21)]
    return [name for name in ("Teacher_id", *numbered) if name in columns]


def locate(references: Encoded, keys: Encoded) -> np.ndarray:
    """Return per row to convert the first row with this key, -1 for none."""
    keys = cells.merge_equal(keys)
    first = np.full(len(keys.values) + 1, -1, np.int64)
    first[keys.codes[::-1]] = np.arange(len(keys.codes))[::-1]
    first[-1] = -1
    position = frame.find_positions(references.values, keys.values)
    row = references.broadcast(first[position])
    return np.where(references.blank, -1, row)


def _count_different(records: Records, first: np.ndarray, number: np.ndarray) -> int:
    """Count the rows that a conversion leaves out, as they differ from their person's first row."""
    if len(first) == records.count:
        return 0
    columns = [
        column
        for name, column in records.columns.items()
        if name not in CONTACTS and name != "School_id"
    ]
    same, _ = cells.number_rows(columns)
    return int((same != same[first][number]).sum())
