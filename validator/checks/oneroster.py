"""What OneRoster's files say about each other: references in lists, roles, dates, values of the specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.values import NO_DAY, split_lists
from validator.model import Finding, Level, Places, Table


def unknown(
    other: Table, *tables: Table | None, columns: list[str], beside_known: list[str]
) -> Finding:
    """Rows, of `other` itself or the tables, that name a record which `other` does not have; a row counts once.

    A cell may hold a list.

    In the columns of `beside_known` such a cell is found only if it names a known record too: where it names no
    known one, another rule says so. Records to be deleted are known, and what they name themselves is not looked at.
    """
    blocks, of = [], 0
    keys = _keys(other)
    for table in (other, *tables):
        named = [] if table is None else [name for name in columns if table.has(name)]
        if table is None or not named:
            continue
        of += len(table)
        counted, live = np.zeros(len(table), bool), frame.select_live(table)
        for column in named:
            lost, found = _by_cell(table, column, keys)
            rows = np.flatnonzero(live & lost & (found if column in beside_known else True))
            if len(rows):
                blocks.append(frame.place_rows(table, rows, column, counts=~counted[rows]))
                counted[rows] = True
    return Finding(blocks, of=of)


def _keys(table: Table) -> pa.Array:
    """Every id of a table, those of rows that could not be read whole included."""
    own = frame.encode(table, table.key).values
    if not len(table.unread):
        return own
    return pa.concat_arrays([own, pa.array(sorted(frame.collect_unread_cells(table)), pa.string())])


def _by_cell(table: Table, column: str, keys: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Per row whether its list names something unknown, and whether it names something known."""
    values = frame.encode(table, column)
    cell, parts = split_lists(values.values)
    known = frame.is_among(parts, keys)
    lost, found = np.zeros((2, len(values.values)), bool)
    lost[cell[~known]] = True
    found[cell[known]] = True
    return values.broadcast(lost), values.broadcast(found)


def unknown_users(demographics: Table, users: Table) -> Finding:
    """Rows of demographics about nobody among the users."""
    lost = (
        frame.locate_rows(demographics, demographics.key, users) == frame.UNKNOWN
    ) & frame.select_live(demographics)
    return Finding([frame.place_rows(demographics, lost, demographics.key)], of=len(demographics))


def of_another_type(orgs: Table, classes: Table, *, column: str, types: list[str]) -> Finding:
    """Classes at an organisation that is known and not of one of these types."""
    at = frame.locate_rows(classes, column, orgs)
    fits = frame.match_words(orgs, "type", types)
    wrong = (at >= 0) & ~np.append(fits, True)[np.maximum(at, -1)] & frame.select_live(classes)
    return Finding([frame.place_rows(classes, wrong, column)], of=len(classes))


def to_be_deleted(*tables: Table | None, memberships: str) -> Finding:
    """Records that are marked to be deleted, and enrollments of a class or person that is."""
    present = {table.name: table for table in tables if table is not None}
    blocks: list[Places] = []
    for table in present.values():
        gone = ~frame.select_live(table)
        if gone.any():
            blocks.append(frame.place_rows(table, gone, "status"))
        if table.name == memberships:
            for name, column in (("classes", "classSourcedId"), ("users", "userSourcedId")):
                if name in present:
                    at = frame.locate_rows(table, column, present[name])
                    goes = (
                        (at >= 0)
                        & ~np.append(frame.select_live(present[name]), True)[np.maximum(at, -1)]
                        & ~gone
                    )
                    gone |= goes
                    blocks.append(frame.place_rows(table, goes, column, notes="goes with it"))
    return Finding(blocks, of=sum(len(table) for table in present.values()))


def without_role(users: Table, roles: Table) -> Finding:
    """Users who stay and have no role."""
    at = frame.locate_rows(roles, "userSourcedId", users)
    has = np.zeros(len(users), bool)
    has[at[(at >= 0) & frame.select_live(roles)]] = True
    has |= (
        frame.mark_named_in_unread(users, "sourcedId", roles)
        | frame.encode(users, "sourcedId").blank
    )
    return Finding(
        [frame.place_rows(users, ~has & frame.select_live(users), "sourcedId")], of=len(users)
    )


def disabled_enrolled(users: Table, memberships: Table) -> Finding:
    """Users whose account is switched off and who are enrolled all the same."""
    at = frame.locate_rows(memberships, "userSourcedId", users)
    enrolled = np.zeros(len(users), bool)
    enrolled[at[(at >= 0) & frame.select_live(memberships)]] = True
    off = frame.match_words(users, "enabledUser", ["false", "0", "no", "n", "f"])
    return Finding(
        [frame.place_rows(users, enrolled & off & frame.select_live(users), "enabledUser")],
        of=len(users),
    )


def role_differs(
    memberships: Table,
    users: Table,
    classes: Table | None,
    roles: Table | None,
    *,
    outside: list[str],
) -> Finding:
    """Enrollments as student of people who are none, or as teacher of students and of those with a role of `outside`.

    Users without a role are another rule's, and so are records to be deleted with what belongs to them.
    """
    at = frame.locate_rows(memberships, "userSourcedId", users)
    usable = (
        frame.select_live(memberships)
        & (at >= 0)
        & np.append(frame.select_live(users), True)[np.maximum(at, -1)]
    )
    if classes is not None:
        there = frame.locate_rows(memberships, "classSourcedId", classes)
        usable &= (there < 0) | np.append(frame.select_live(classes), True)[np.maximum(there, -1)]
    told = users if roles is None else roles
    user = (
        np.arange(len(users)) if roles is None else frame.locate_rows(roles, "userSourcedId", users)
    )
    stands = np.zeros((3, len(users) + 1), bool)
    for number, mask in enumerate(
        (frame.match_words(told, "role", ["student"]), frame.match_words(told, "role", outside))
    ):
        rows = np.flatnonzero(mask & (user >= 0) & frame.select_live(told))
        stands[number, user[rows]] = True
    other = np.flatnonzero(
        ~frame.encode(told, "role").blank
        & ~frame.match_words(told, "role", ["student", *outside])
        & (user >= 0)
        & frame.select_live(told)
    )
    stands[2, user[other]] = True
    student, contact, adult = stands[:, np.maximum(at, -1)]
    wrong = frame.match_words(memberships, "role", ["student"]) & ~student & (contact | adult)
    wrong |= frame.match_words(memberships, "role", ["teacher"]) & ~adult & (student | contact)
    return Finding([frame.place_rows(memberships, wrong & usable, "role")], of=len(memberships))


def dates_turned(sessions: Table, *, start: str, end: str, parent: str) -> Finding:
    """Sessions that end before they start, and, as advice, those that do not lie within the one they belong to."""
    first, last = (frame.parse_days(sessions, column) for column in (start, end))
    dated, live = (first != NO_DAY) & (last != NO_DAY), frame.select_live(sessions)
    turned = dated & (last < first) & live
    at = frame.locate_rows(sessions, parent, sessions)
    rows = np.flatnonzero(dated & live & ~turned & (at >= 0))
    whole = at[rows]
    around = (
        dated[whole] & ~turned[whole] & ((first[rows] < first[whole]) | (last[rows] > last[whole]))
    )
    beyond = rows[around]
    return Finding(
        [
            frame.place_rows(sessions, turned, end, notes="ends before it starts"),
            frame.place_rows(
                sessions,
                beyond,
                end,
                notes="reaches beyond the session that it belongs to",
                level=Level.ADVICE,
            ),
        ],
        of=len(sessions),
    )


def misfits(
    *tables: Table | None, columns: dict[str, list[str]], harder: list[str], softer: list[str]
) -> Finding:
    """Values that break the specification, in the named columns of each table; a row counts once.

    In the columns of `harder` it is a blocker, in those of `softer` advice, whatever the rule's level.
    """
    levels = dict.fromkeys(softer, Level.ADVICE) | dict.fromkeys(harder, Level.BLOCKER)
    return _wrong(
        tables,
        columns,
        levels,
        lambda table, column: table.schema_violations.get(column, np.zeros(len(table), bool)),
    )


def required_missing(
    *tables: Table | None, columns: dict[str, list[str]], softer: list[str]
) -> Finding:
    """Rows without a value that the specification requires; each counts once, in the columns of `softer` as warning."""
    return _wrong(
        tables,
        columns,
        dict.fromkeys(softer, Level.WARNING),
        lambda table, column: frame.encode(table, column).blank & table.has(column),
    )


def _wrong(
    tables: Sequence[Table | None],
    columns: Mapping[str, Sequence[str]],
    levels: Mapping[str, Level],
    judge: Callable[[Table, str], np.ndarray],
) -> Finding:
    """The rows that stay and are wrong in one of the named columns of their table, by a bool mask; each counts once."""
    blocks, of = [], 0
    for table in tables:
        if table is None:
            continue
        of += len(table)
        counted, live = np.zeros(len(table), bool), frame.select_live(table)
        for column in columns.get(table.name, []):
            wrong = judge(table, column) & live
            if wrong.any():
                blocks.append(
                    frame.place_rows(
                        table, wrong, column, counts=~counted[wrong], level=levels.get(column)
                    )
                )
                counted |= wrong
    return Finding(blocks, of=of)
