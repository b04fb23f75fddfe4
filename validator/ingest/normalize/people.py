"""Users and what they are at which school -> students, teachers and staff, each person on one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.frame.values import BLANKS, is_blank, split_lists
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.model import ExtraValues, Origin, Table, Unread

KINDS = ("students", "teachers", "staff")
KEYS = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}
OTHER = -1
"""Instead of a kind: a parent, or a role that nobody knows. Such users are in none of the tables."""


@dataclass(frozen=True, eq=False)
class Posts:
    """What users are, and where: one entry per user, role and school, as arrays of one length.

    `user`: row number in the users table. `kind`: position in KINDS, or NOBODY. `rank`: which of a user's posts comes
    first, small numbers before large ones. `row`: row number in `source`, the table that says so.
    """

    user: np.ndarray
    kind: np.ndarray
    org: Encoded
    rank: np.ndarray
    row: np.ndarray
    source: Table
    column: str


def classify_rows(table: Table, roles: Mapping[str, str]) -> np.ndarray:
    """What each row's `role` makes of a user, as position in KINDS, or NOBODY; `roles`: role in lower case -> table."""
    role = frame.encode_lower(table, "role")
    known = [roles.get(value, "") for value in role.values.to_pylist()]
    return role.broadcast(
        np.asarray([KINDS.index(name) if name in KINDS else OTHER for name in known], np.int8)
    )


def collect_from_users(
    users: Table, orgs: Table | None, roles: Mapping[str, str], *, column: str, live: np.ndarray
) -> Posts:
    """The posts of users who bear their role and a list of schools themselves; without a school, one post still."""
    lists = frame.encode(users, column)
    cell, parts = split_lists(lists.values)
    alone = np.setdiff1d(np.arange(len(lists.values)), cell)
    order = np.argsort(np.append(cell, alone), kind="stable")
    names = pa.concat_arrays([parts, pa.array([""] * len(alone), pa.string())]).take(
        pa.array(order)
    )
    many = np.bincount(np.append(cell, alone), minlength=len(lists.values))
    row = np.flatnonzero(live)
    times = many[lists.codes[row]]
    begin = np.cumsum(many) - many
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    user = np.repeat(row, times)
    encoded = names.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)[
        begin[lists.codes[user]] + within
    ]
    org = Encoded(encoded.dictionary, codes)
    return Posts(
        user,
        classify_rows(users, roles)[user],
        org,
        org.broadcast(_rank_orgs(org.values, orgs)),
        user,
        users,
        column,
    )


def collect_from_roles(
    users: Table,
    table: Table,
    orgs: Table | None,
    roles: Mapping[str, str],
    *,
    column: str,
    live: np.ndarray,
) -> Posts:
    """The posts that a table of roles gives to users; a primary role goes before others of equal standing."""
    user = frame.locate_rows(table, "userSourcedId", users)
    row = np.flatnonzero((user >= 0) & live)
    org = frame.encode(table, column)
    first = np.zeros(len(table), bool)
    for name, words in (("roleType", ("primary",)), ("isPrimary", ("true", "1", "yes", "y"))):
        first |= frame.match_words(table, name, words)
    rank = 2 * org.broadcast(_rank_orgs(org.values, orgs)) + ~first
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
    """0 for a school, 1 for another known organisation, 2 for an unknown one, 3 for a blank."""
    out = np.where(is_blank(names), 3, 2)
    if orgs is not None and len(orgs):
        keys, first = frame.index_by_key(orgs)
        at = frame.find_positions(names, keys)
        school = is_school(orgs)[first[np.maximum(at, 0)]]
        out = np.where((at >= 0) & (out < 3), np.where(school, 0, 1), out)
    return out


def is_school(orgs: Table) -> np.ndarray:
    """Bool mask of the organisations that are schools by their type."""
    return frame.match_words(orgs, "type", ("school",))


def select_posts(posts: Posts, kind: int | None, count: int) -> np.ndarray:
    """The number of the post of that kind (None: any of an adult) that comes first for each of `count` users, or -1."""
    mine = np.flatnonzero(posts.kind == kind if kind is not None else posts.kind > 0)
    order = mine[np.lexsort((mine, posts.rank[mine], posts.user[mine]))][::-1]
    out = np.full(count, -1, np.int64)
    out[posts.user[order]] = order
    return out


def build_table(
    kind: str,
    users: Table,
    posts: Posts,
    at: np.ndarray,
    columns: normalize_columns.Columns,
    *,
    unread: Unread | None,
    missing_reason: Mapping[str, str],
) -> Table:
    """The people of one kind, one row each, at the school of their post `at` (per user, negative for all others)."""
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
        rows,
        whole,
        unread=unread,
        missing_reason=missing_reason,
        extra_values=_collect_other_schools(kind, users, posts, at, rows),
    )


def _build_school_column(users: Table, posts: Posts, at: np.ndarray) -> Cells | None:
    if not posts.source.has(posts.column):
        return None
    known = at >= 0
    codes = np.where(
        known, posts.org.codes[np.maximum(at, 0)] if len(posts.user) else 0, len(posts.org.values)
    )
    values = pa.concat_arrays([posts.org.values, pa.array([""], pa.string())])
    made = normalize_columns.derive(posts.source.headers[posts.column], values, codes)
    if posts.source is users:
        return made
    lines = np.zeros(len(at), np.int32)
    lines[known] = posts.source.lines[posts.row[at[known]]]
    return Cells(made.header, made.coded, Origin(posts.source.file, made.header, lines))


def _collect_other_schools(
    kind: str, users: Table, posts: Posts, at: np.ndarray, rows: np.ndarray
) -> dict[str, ExtraValues]:
    """The other schools of these people."""
    number = np.full(len(users), -1, np.int32)
    number[rows] = np.arange(len(rows))
    chosen = np.zeros(len(posts.user), bool)
    chosen[at[rows]] = True
    more = np.flatnonzero(~chosen & (number[posts.user] >= 0) & ~posts.org.blank)
    if not len(more):
        return {}
    texts = pd.arrays.ArrowExtensionArray(
        pa.chunked_array([posts.org.values.take(pa.array(posts.org.codes[more]))])
    )
    others = Table(
        f"{kind}-elsewhere",
        posts.source.file,
        "",
        pd.DataFrame({"School_id": texts}),
        {"School_id": posts.source.headers[posts.column]},
    )
    return {"School_id": ExtraValues(number[posts.user[more]], others)}


def split_unread(
    users: Table, roles: Table | None, words: Mapping[str, str]
) -> dict[str, Unread]:
    """The rows of users that could not be read whole, by what they seem to be; students where nothing tells."""
    lost: dict[str, list[int]] = {kind: [] for kind in KINDS}
    told = _classify_ids(users, roles, words)
    for at, row in enumerate(users.unread.cells):
        seen = [cell.strip(BLANKS) for cell in row]
        found = (
            [words[cell.lower()] for cell in seen if cell.lower() in words] if roles is None else []
        )
        found += [told[cell] for cell in seen if cell in told]
        kind = next(iter(found), "students")
        if kind in lost:
            lost[kind].append(at)
    return {
        kind: Unread(users.unread.lines[at], tuple(users.unread.cells[one] for one in at))
        for kind, at in lost.items()
        if at
    }


def _classify_ids(users: Table, roles: Table | None, words: Mapping[str, str]) -> dict[str, str]:
    if roles is None or not len(users.unread):
        return {}
    user = frame.encode(roles, "userSourcedId")
    rows = np.flatnonzero(
        user.broadcast(
            frame.is_among(user.values, pa.array(sorted(frame.collect_unread_cells(users))))
        )
    )
    ids, said = frame.take_text(roles, "userSourcedId", rows), frame.take_text(roles, "role", rows)
    return {one: words.get(role.lower(), "") for one, role in zip(ids, said, strict=True)}
