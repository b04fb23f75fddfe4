"""What OneRoster's files say about each other: references in lists, roles, dates, values of the specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from validator import reading, roster
from validator.model import Finding, Level, Places, Table


def unknown(other: Table, *tables: Table | None, columns: list[str], beside_known: list[str]) -> Finding:
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
        counted, live = np.zeros(len(table), bool), roster.live(table)
        for column in named:
            lost, found = _by_cell(table, column, keys)
            rows = np.flatnonzero(live & lost & (found if column in beside_known else True))
            if len(rows):
                blocks.append(roster.places(table, rows, column, counts=~counted[rows]))
                counted[rows] = True
    return Finding(blocks, of=of)


def _keys(table: Table) -> pa.Array:
    """Every id of a table, those of rows that could not be read whole included."""
    own = roster.coded(table, table.key).values
    if not len(table.unread):
        return own
    return pa.concat_arrays([own, pa.array(sorted(roster.unread_cells(table)), pa.string())])


def _by_cell(table: Table, column: str, keys: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Per row whether its list names something unknown, and whether it names something known."""
    values = roster.coded(table, column)
    cell, parts = reading.listed(values.values)
    known = roster.found_among(parts, keys)
    lost, found = np.zeros((2, len(values.values)), bool)
    lost[cell[~known]] = True
    found[cell[known]] = True
    return values.spread(lost), values.spread(found)


def unknown_users(demographics: Table, users: Table) -> Finding:
    """Rows of demographics about nobody among the users."""
    lost = (roster.located(demographics, demographics.key, users) == roster.UNKNOWN) & roster.live(demographics)
    return Finding([roster.places(demographics, lost, demographics.key)], of=len(demographics))


def of_another_type(orgs: Table, classes: Table, *, column: str, types: list[str]) -> Finding:
    """Classes at an organisation that is known and not of one of these types."""
    at = roster.located(classes, column, orgs)
    fits = roster.one_of(orgs, "type", types)
    wrong = (at >= 0) & ~np.append(fits, True)[np.maximum(at, -1)] & roster.live(classes)
    return Finding([roster.places(classes, wrong, column)], of=len(classes))


def to_be_deleted(*tables: Table | None, memberships: str) -> Finding:
    """Records that are marked to be deleted, and enrollments of a class or person that is."""
    present = {table.name: table for table in tables if table is not None}
    blocks: list[Places] = []
    for table in present.values():
        gone = ~roster.live(table)
        if gone.any():
            blocks.append(roster.places(table, gone, "status"))
        if table.name == memberships:
            for name, column in (("classes", "classSourcedId"), ("users", "userSourcedId")):
                if name in present:
                    at = roster.located(table, column, present[name])
                    goes = (at >= 0) & ~np.append(roster.live(present[name]), True)[np.maximum(at, -1)] & ~gone
                    gone |= goes
                    blocks.append(roster.places(table, goes, column, notes="goes with it"))
    return Finding(blocks, of=sum(len(table) for table in present.values()))


def without_role(users: Table, roles: Table) -> Finding:
    """Users who stay and have no role."""
    at = roster.located(roles, "userSourcedId", users)
    has = np.zeros(len(users), bool)
    has[at[(at >= 0) & roster.live(roles)]] = True
    has |= roster.named_in_unread(users, "sourcedId", roles) | roster.coded(users, "sourcedId").blank
    return Finding([roster.places(users, ~has & roster.live(users), "sourcedId")], of=len(users))


def disabled_enrolled(users: Table, memberships: Table) -> Finding:
    """Users whose account is switched off and who are enrolled all the same."""
    at = roster.located(memberships, "userSourcedId", users)
    enrolled = np.zeros(len(users), bool)
    enrolled[at[(at >= 0) & roster.live(memberships)]] = True
    off = roster.one_of(users, "enabledUser", ["false", "0", "no", "n", "f"])
    return Finding([roster.places(users, enrolled & off & roster.live(users), "enabledUser")], of=len(users))


def role_differs(memberships: Table, users: Table, classes: Table | None, roles: Table | None, *,
                 outside: list[str]) -> Finding:
    """Enrollments as student of people who are none, or as teacher of students and of those with a role of `outside`.

    Users without a role are another rule's, and so are records to be deleted with what belongs to them.
    """
    at = roster.located(memberships, "userSourcedId", users)
    usable = roster.live(memberships) & (at >= 0) & np.append(roster.live(users), True)[np.maximum(at, -1)]
    if classes is not None:
        there = roster.located(memberships, "classSourcedId", classes)
        usable &= (there < 0) | np.append(roster.live(classes), True)[np.maximum(there, -1)]
    told = users if roles is None else roles
    user = np.arange(len(users)) if roles is None else roster.located(roles, "userSourcedId", users)
    stands = np.zeros((3, len(users) + 1), bool)
    for number, mask in enumerate((roster.one_of(told, "role", ["student"]), roster.one_of(told, "role", outside))):
        rows = np.flatnonzero(mask & (user >= 0) & roster.live(told))
        stands[number, user[rows]] = True
    other = np.flatnonzero(~roster.coded(told, "role").blank & ~roster.one_of(told, "role", ["student", *outside])
                           & (user >= 0) & roster.live(told))
    stands[2, user[other]] = True
    student, contact, adult = stands[:, np.maximum(at, -1)]
    wrong = roster.one_of(memberships, "role", ["student"]) & ~student & (contact | adult)
    wrong |= roster.one_of(memberships, "role", ["teacher"]) & ~adult & (student | contact)
    return Finding([roster.places(memberships, wrong & usable, "role")], of=len(memberships))


def dates_turned(sessions: Table, *, start: str, end: str, parent: str) -> Finding:
    """Sessions that end before they start, and, as advice, those that do not lie within the one they belong to."""
    first, last = (roster.days(sessions, column) for column in (start, end))
    dated, live = (first != reading.NO_DAY) & (last != reading.NO_DAY), roster.live(sessions)
    turned = dated & (last < first) & live
    at = roster.located(sessions, parent, sessions)
    rows = np.flatnonzero(dated & live & ~turned & (at >= 0))
    whole = at[rows]
    around = dated[whole] & ~turned[whole] & ((first[rows] < first[whole]) | (last[rows] > last[whole]))
    beyond = rows[around]
    return Finding([roster.places(sessions, turned, end, notes="ends before it starts"),
                    roster.places(sessions, beyond, end, notes="reaches beyond the session that it belongs to",
                                  level=Level.ADVICE)], of=len(sessions))


def misfits(*tables: Table | None, columns: dict[str, list[str]], harder: list[str], softer: list[str]) -> Finding:
    """Values that break the specification, in the named columns of each table; a row counts once.

    In the columns of `harder` it is a blocker, in those of `softer` advice, whatever the rule's level.
    """
    levels = dict.fromkeys(softer, Level.ADVICE) | dict.fromkeys(harder, Level.BLOCKER)
    return _wrong(tables, columns, levels, lambda table, column: table.misfits.get(column, np.zeros(len(table), bool)))


def required_missing(*tables: Table | None, columns: dict[str, list[str]], softer: list[str]) -> Finding:
    """Rows without a value that the specification requires; each counts once, in the columns of `softer` as warning."""
    return _wrong(tables, columns, dict.fromkeys(softer, Level.WARNING),
                  lambda table, column: roster.coded(table, column).blank & table.has(column))


def _wrong(tables: Sequence[Table | None], columns: Mapping[str, Sequence[str]], levels: Mapping[str, Level],
           judge: Callable[[Table, str], np.ndarray]) -> Finding:
    """The rows that stay and are wrong in one of the named columns of their table, by a bool mask; each counts once."""
    blocks, of = [], 0
    for table in tables:
        if table is None:
            continue
        of += len(table)
        counted, live = np.zeros(len(table), bool), roster.live(table)
        for column in columns.get(table.name, []):
            wrong = judge(table, column) & live
            if wrong.any():
                blocks.append(roster.places(table, wrong, column, counts=~counted[wrong], level=levels.get(column)))
                counted |= wrong
    return Finding(blocks, of=of)
