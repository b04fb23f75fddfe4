"""Students, teachers and staff, made of users and their roles, with one row per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.frame.arrays import count_numbers, repeat_each
from validator.frame.values import is_blank, split_lists
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.model import ExtraValues, Origin, Table, Unread, build_records, dataclass
from validator.text import BLANKS

KINDS = ("students", "teachers", "staff")
KEYS = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}
OTHER = -1
"""The kind of parents and of unknown roles, who are in none of the tables."""


@dataclass(frozen=True, eq=False)
class Posts:
    """The posts of users: one per user, role and school, as arrays of the same length.

    user: row number in the users table.
    kind: position in KINDS, or OTHER.
    rank: order of a user's posts, smallest first.
    row: row number in `source`, the table that states the post in `column`.
    """

    user: np.ndarray
    kind: np.ndarray
    org: Encoded
    rank: np.ndarray
    row: np.ndarray
    source: Table
    column: str


def classify_rows(table: Table, roles: Mapping[str, str]) -> np.ndarray:
    """Return the kind of person of each row's `role` while normalizing users: position in KINDS.

    `roles`: role in lower case -> table.
    """
    role = frame.encode_lower(table, "role")
    tables = [roles.get(value, "") for value in role.values.to_pylist()]
    kinds = [KINDS.index(name) if name in KINDS else OTHER for name in tables]
    return role.broadcast(np.asarray(kinds, np.int8))


def collect_from_users(
    users: Table, orgs: Table | None, roles: Mapping[str, str], *, column: str, live: np.ndarray
) -> Posts:
    """Return the posts of users whose own row has their role and lists their schools.

    A user without a school has one post.
    """
    lists = frame.encode(users, column)
    cell, parts = split_lists(lists.values)
    blank = np.setdiff1d(np.arange(len(lists.values)), cell)
    order = np.argsort(np.append(cell, blank), kind="stable")
    parts = pa.concat_arrays([parts, pa.array([""] * len(blank), pa.string())])
    encoded = parts.take(pa.array(order)).dictionary_encode()
    count = count_numbers(np.append(cell, blank), minlength=len(lists.values))
    row = np.flatnonzero(live)
    times = count[lists.codes[row]]
    begin = np.cumsum(count) - count
    within = np.arange(times.sum()) - repeat_each(np.cumsum(times) - times, times)
    user = repeat_each(row, times)
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    org = Encoded(encoded.dictionary, codes[begin[lists.codes[user]] + within])
    return Posts(
        user,
        classify_rows(users, roles)[user],
        org,
        org.broadcast(_rank_orgs(org.values, orgs)),
        user,
        users,
        column,
    )


def fill_blank_roles(posts: Posts, users: Table, links: Table) -> Posts:
    """Return the posts; users without a known role have that of their enrollments, if all agree."""
    unknown = users.schema_violations.get("role", np.zeros(len(users), bool))
    blank = frame.encode(users, "role").blank | unknown
    if not blank.any():
        return posts
    at = frame.locate_rows(links, "userSourcedId", users)
    kind = np.full(len(users), OTHER, np.int8)
    as_kind = np.zeros((2, len(users)), bool)
    for number, role in enumerate(("student", "teacher")):
        is_role = frame.match_words(links, "role", (role,)) & frame.mark_live(links)
        as_kind[number, at[is_role & (at >= 0)]] = True
        kind[as_kind[number]] = number
    is_filled = blank & (as_kind.sum(axis=0) == 1)
    return replace(posts, kind=np.where(is_filled[posts.user], kind[posts.user], posts.kind))


def collect_from_roles(
    users: Table,
    table: Table,
    orgs: Table | None,
    *,
    roles: Mapping[str, str],
    column: str,
    live: np.ndarray,
) -> Posts:
    """Return the posts that a table of roles states; a primary role precedes others of its rank."""
    user = frame.locate_rows(table, "userSourcedId", users)
    row = np.flatnonzero((user >= 0) & live)
    org = frame.encode(table, column)
    is_primary = frame.match_words(table, "roleType", ("primary",))
    is_primary |= frame.match_words(table, "isPrimary", ("true", "1", "yes", "y"))
    rank = 2 * org.broadcast(_rank_orgs(org.values, orgs)) + ~is_primary
    return Posts(
        user[row],
        classify_rows(table, roles)[row],
        Encoded(org.values, org.codes[row]),
        rank[row],
        row,
        table,
        column,
    )


def _rank_orgs(names: pa.Array, orgs: Table | None) -> np.ndarray:
    """Rank organizations when normalizing users: school 0, other 1, unknown 2, blank 3."""
    rank = np.where(is_blank(names), 3, 2)
    if orgs is None or not len(orgs):
        return rank
    keys, first = frame.index_by_key(orgs)
    at = frame.find_positions(names, keys)
    known_rank = np.where(is_school(orgs)[first[np.maximum(at, 0)]], 0, 1)
    return np.where((at >= 0) & (rank < 3), known_rank, rank)


def is_school(orgs: Table) -> np.ndarray:
    """Return a bool mask of the organizations of a format that are schools by their type."""
    return frame.match_words(orgs, "type", ("school",))


def select_posts(posts: Posts, kind: int | None, count: int) -> np.ndarray:
    """Return the number of each user's first post of a kind (None: of any adult), -1 for none."""
    is_kind = posts.kind > 0 if kind is None else posts.kind == kind
    candidates = np.flatnonzero(is_kind)
    by_rank = np.lexsort((candidates, posts.rank[candidates], posts.user[candidates]))
    order = candidates[by_rank][::-1]
    out = np.full(count, -1, np.int64)
    out[posts.user[order]] = order
    return out


def build_table(
    kind: str,
    users: Table,
    posts: Posts,
    *,
    at: np.ndarray,
    columns: normalize_columns.Columns,
    unread: Unread | None,
    missing_reason: Mapping[str, str],
) -> Table:
    """Return the people of one kind, one row each, at the school of their post.

    `at`: the number of each user's post, negative for users of another kind.
    """
    rows = np.flatnonzero(at >= 0)
    whole = {
        "School_id": _build_school_column(users, posts, at),
        KEYS[kind]: normalize_columns.take_own(users, "sourcedId"),
        **columns,
    }
    return normalize_columns.build_table(
        kind,
        KEYS[kind],
        users,
        rows=rows,
        columns=whole,
        unread=unread,
        missing_reason=missing_reason,
        extra_values=_collect_other_schools(kind, users, posts, at=at, rows=rows),
    )


def _build_school_column(users: Table, posts: Posts, at: np.ndarray) -> Cells | None:
    """Build School_id of people while normalizing users and their roles."""
    if not posts.source.has(posts.column):
        return None
    known = at >= 0
    codes = np.full(len(at), len(posts.org.values))
    codes[known] = posts.org.codes[at[known]]
    values = pa.concat_arrays([posts.org.values, pa.array([""], pa.string())])
    cells = normalize_columns.derive(posts.source.headers[posts.column], values, codes)
    if posts.source is users:
        return cells
    lines = np.zeros(len(at), np.int32)
    lines[known] = posts.source.lines[posts.row[at[known]]]
    return Cells(cells.header, cells.coded, Origin(posts.source.file, cells.header, lines))


def _collect_other_schools(
    kind: str, users: Table, posts: Posts, *, at: np.ndarray, rows: np.ndarray
) -> dict[str, ExtraValues]:
    """Collect the other schools of people while normalizing users to students and staff."""
    number = np.full(len(users), -1, np.int32)
    number[rows] = np.arange(len(rows))
    chosen = np.zeros(len(posts.user), bool)
    chosen[at[rows]] = True
    more = np.flatnonzero(~chosen & (number[posts.user] >= 0) & ~posts.org.blank)
    if not len(more):
        return {}
    texts = posts.org.values.take(pa.array(posts.org.codes[more]))
    others = Table(
        f"{kind}-elsewhere",
        posts.source.file,
        "",
        build_records({"School_id": texts}, range(len(texts))),
        {"School_id": posts.source.headers[posts.column]},
    )
    return {"School_id": ExtraValues(number[posts.user[more]], others)}


def split_unread(users: Table, roles: Table | None, words: Mapping[str, str]) -> dict[str, Unread]:
    """Return the unread rows of users by kind; rows without a sign of their kind are students'.

    `words`: role in lower case -> kind.
    """
    rows_of: dict[str, list[int]] = {kind: [] for kind in KINDS}
    by_id = _classify_ids(users, roles, words)
    for number, row in enumerate(users.unread.cells):
        cells = [cell.strip(BLANKS) for cell in row]
        kinds = [by_id[cell] for cell in cells if cell in by_id]
        if roles is None:
            kinds = [words[cell.lower()] for cell in cells if cell.lower() in words] + kinds
        kind = kinds[0] if kinds else "students"
        if kind in rows_of:
            rows_of[kind].append(number)
    unread = users.unread
    return {
        kind: Unread(unread.lines[numbers], tuple(unread.cells[number] for number in numbers))
        for kind, numbers in rows_of.items()
        if numbers
    }


def _classify_ids(users: Table, roles: Table | None, words: Mapping[str, str]) -> dict[str, str]:
    """Return the kinds of the users in unread rows, by their ids in roles."""
    if roles is None or not len(users.unread):
        return {}
    user = frame.encode(roles, "userSourcedId")
    cells = pa.array(sorted(frame.collect_unread_cells(users)))
    rows = np.flatnonzero(user.broadcast(frame.is_among(user.values, cells)))
    ids = frame.take_text(roles, "userSourcedId", rows)
    stated = frame.take_text(roles, "role", rows)
    return {id: words.get(role.lower(), "") for id, role in zip(ids, stated, strict=True)}
