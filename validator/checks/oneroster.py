"""OneRoster files compared with each other and with the specification's values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.frame.values import NO_DAY, split_lists
from validator.model import Finding, Level, Places, Table

LEAST = 20
"""Rows of a file from which an empty column is no chance."""

DISABLED = ("false", "0", "no", "n", "f")
"""Values of enabledUser that switch an account off."""


@check(whole_roster=WholeRoster.ALWAYS)
def unmatched(
    other: Table, *tables: Table | None, columns: list[str], partly: list[str]
) -> Finding:
    """Find rows of any table that refer to a record which `other` does not have; each counts once.

    A cell may hold a list. In the columns of `partly` a cell is reported only if it also names a
    known record: another rule reports those that name none. Records to be deleted are known, and
    their own references are not checked.
    """
    blocks, checked = [], []
    keys = _list_keys(other)
    for table in (other, *tables):
        named = [] if table is None else [name for name in columns if table.has(name)]
        if table is None or not named:
            continue
        checked.append(table)
        live = frame.mark_live(table)
        for column in named:
            lost, known = _match_lists(table, column, keys)
            wrong = live & lost & known if column in partly else live & lost
            if wrong.any():
                blocks.append(frame.place_rows(table, wrong, column))
    return frame.count_rows_once(blocks, checked)


def _list_keys(table: Table) -> pa.Array:
    """Every id of a table, with unread ones and those elsewhere, for the checks of OneRoster."""
    own = frame.encode(table, table.key).values
    more = frame.collect_unread_cells(table) | table.known_elsewhere
    return pa.concat_arrays([own, pa.array(sorted(more), pa.string())]) if more else own


def _match_lists(table: Table, column: str, keys: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Match lists of ids for the checks of OneRoster: masks of the rows with an unknown id, and
    a known one."""
    values = frame.encode(table, column)
    cell, parts = split_lists(values.values)
    is_known = frame.is_among(parts, keys)
    lost, known = np.zeros((2, len(values.values)), bool)
    lost[cell[~is_known]] = True
    known[cell[is_known]] = True
    return values.broadcast(lost), values.broadcast(known)


@check(whole_roster=WholeRoster.ALWAYS)
def demographics_unmatched(demographics: Table, users: Table) -> Finding:
    """Find rows of demographics without a matching user."""
    lost = frame.locate_rows(demographics, demographics.key, users) == frame.UNKNOWN
    return frame.report_rows(demographics, lost & frame.mark_live(demographics), demographics.key)


@check()
def wrong_org_type(orgs: Table, classes: Table, *, column: str, types: list[str]) -> Finding:
    """Find sections at an organization of a type that is not in `types`."""
    at = frame.locate_rows(classes, column, orgs)
    fits = _look_up(frame.match_words(orgs, "type", types), at)
    return frame.report_rows(classes, (at >= 0) & ~fits & frame.mark_live(classes), column)


def _look_up(mask: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Look up a mask by row number in the checks of OneRoster, True for negative ones."""
    return np.asarray(np.append(mask, True)[np.maximum(at, -1)])


@check()
def to_be_deleted(*tables: Table | None, links: str) -> Finding:
    """Find records marked to be deleted, and enrollments of a section or person that is."""
    present = {table.name: table for table in tables if table is not None}
    blocks: list[Places] = []
    for table in present.values():
        gone = ~frame.mark_live(table)
        if gone.any():
            blocks.append(frame.place_rows(table, gone, "status"))
        if table.name != links:
            continue
        for name, column in (("classes.csv", "classSourcedId"), ("users.csv", "userSourcedId")):
            if name in present:
                at = frame.locate_rows(table, column, present[name])
                follows = ~_look_up(frame.mark_live(present[name]), at) & ~gone
                gone |= follows
                blocks.append(frame.place_rows(table, follows, column, notes="goes with it"))
    return Finding(blocks, of=sum(len(table) for table in present.values()))


@check(whole_roster=WholeRoster.ALWAYS)
def role_missing(users: Table, roles: Table) -> Finding:
    """Find users who are not to be deleted and have no role."""
    at = frame.locate_rows(roles, "userSourcedId", users)
    has = frame.expand_to_key(users, at[(at >= 0) & frame.mark_live(roles)])
    has |= frame.mark_named_in_unread(users, "sourcedId", roles)
    has |= frame.encode(users, "sourcedId").blank
    return frame.report_rows(users, ~has & frame.mark_live(users), "sourcedId")


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def role_over(users: Table, roles: Table, *, today: dt.date) -> Finding:
    """Find users who are not to be deleted, and all of whose roles have ended before today."""
    at = frame.locate_rows(roles, "userSourcedId", users)
    live = frame.mark_live(roles) & (at >= 0)
    ended = frame.mark_ended(roles, today, begin="beginDate", end="endDate")
    over, current = np.zeros((2, len(users)), bool)
    over[at[live & ended]] = True
    current[at[live & ~ended]] = True
    current |= frame.mark_named_in_unread(users, "sourcedId", roles)
    return frame.report_rows(users, over & ~current & frame.mark_live(users), "sourcedId")


@check(wants=("today",))
def disabled_enrolled(users: Table, links: Table, *, today: dt.date) -> Finding:
    """Find users with an enrollment that has not ended, whose account is switched off."""
    at = frame.locate_rows(links, "userSourcedId", users)
    enrolled = np.zeros(len(users), bool)
    ended = frame.mark_ended(links, today, begin="beginDate", end="endDate")
    enrolled[at[(at >= 0) & frame.mark_live(links) & ~ended]] = True
    disabled = frame.match_words(users, "enabledUser", DISABLED)
    return frame.report_rows(users, enrolled & disabled & frame.mark_live(users), "enabledUser")


@check()
def role_differs(
    links: Table,
    users: Table,
    classes: Table | None,
    roles: Table | None,
    *,
    outside: list[str],
) -> Finding:
    """Find enrollments as a role that the user does not have.

    As student: of users who are not students. As teacher: of students, and of users with a role in
    `outside`. Users without a role, and records to be deleted with what belongs to them, have
    separate rules.
    """
    at = frame.locate_rows(links, "userSourcedId", users)
    usable = frame.mark_live(links) & (at >= 0) & _look_up(frame.mark_live(users), at)
    if classes is not None:
        section = frame.locate_rows(links, "classSourcedId", classes)
        usable &= _look_up(frame.mark_live(classes), section)
    student, contact, adult = (
        np.append(mask, False)[np.maximum(at, -1)] for mask in _mark_roles(users, roles, outside)
    )
    as_student = frame.match_words(links, "role", ["student"])
    as_teacher = frame.match_words(links, "role", ["teacher"])
    wrong = as_student & ~student & (contact | adult)
    wrong |= as_teacher & ~adult & (student | contact)
    return frame.report_rows(links, wrong & usable, "role")


def _mark_roles(
    users: Table, roles: Table | None, outside: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bool masks of the users who are students, who have a role in `outside`, or another role.

    The role is in the users file itself, or in a file of roles (from OneRoster 1.2 on). Users under
    one id have the roles of all of them.
    """
    source = users if roles is None else roles
    user = np.arange(len(users))
    if roles is not None:
        user = frame.locate_rows(roles, "userSourcedId", users)
    live = frame.mark_live(source) & (user >= 0)
    is_student = frame.match_words(source, "role", ["student"])
    is_outside = frame.match_words(source, "role", outside)
    is_other = ~frame.encode(source, "role").blank & ~is_student & ~is_outside
    is_other &= ~source.schema_violations.get("role", np.zeros(len(source), bool))

    def mark(mask: np.ndarray) -> np.ndarray:
        return frame.expand_to_key(users, user[mask & live])

    return mark(is_student), mark(is_outside), mark(is_other)


@check()
def session_dates(sessions: Table, *, start: str, end: str, parent: str) -> Finding:
    """Find sessions that end before they start; as advice, those that exceed their parent session.

    Sessions that are their own ancestors have a separate rule.
    """
    first, last = (frame.parse_days(sessions, column) for column in (start, end))
    dated, live = (first != NO_DAY) & (last != NO_DAY), frame.mark_live(sessions)
    reversed_days = dated & (last < first) & live
    at = frame.locate_rows(sessions, parent, sessions)
    in_circle = frame.number_circles(sessions, parent) >= 0
    rows = np.flatnonzero(dated & live & ~reversed_days & (at >= 0) & ~in_circle)
    whole = at[rows]
    usable = dated[whole] & ~reversed_days[whole]
    outside = (first[rows] < first[whole]) | (last[rows] > last[whole])
    blocks = [
        frame.place_rows(sessions, reversed_days, end, notes="ends before it starts"),
        frame.place_rows(
            sessions,
            rows[usable & outside],
            end,
            notes="reaches beyond the session that it belongs to",
            level=Level.ADVICE,
        ),
    ]
    return Finding(blocks, of=len(sessions))


@check()
def schema_violations(
    *tables: Table | None,
    columns: dict[str, list[str]],
    harder: list[str],
    softer: list[str],
    spelled: dict[str, list[str]] | None = None,
) -> Finding:
    """Find values that break the specification, in given columns per table; a row counts once.

    A blocker in columns of `harder`, advice in those of `softer`. `spelled`: column -> its values
    in the specification's letter case; another case is a warning.
    """
    levels = dict.fromkeys(softer, Level.ADVICE) | dict.fromkeys(harder, Level.BLOCKER)
    spelled = spelled or {}

    def mark(table: Table, column: str) -> np.ndarray:
        return table.schema_violations.get(column, np.zeros(len(table), bool))

    def mark_case(table: Table, column: str) -> np.ndarray:
        values = frame.encode(table, column)
        folded = pa.array([value.lower() for value in spelled[column]], pa.string())
        other = frame.is_among(pc.utf8_lower(values.values), folded)
        other &= ~frame.is_among(values.values, pa.array(spelled[column], pa.string()))
        return np.asarray(values.broadcast(other) & ~mark(table, column), bool)

    violations = _report_cells(tables, columns, levels=levels, mark=mark)
    cased = {name: [it for it in own if it in spelled] for name, own in columns.items()}
    other_case = _report_cells(
        tables, cased, levels=dict.fromkeys(spelled, Level.WARNING), mark=mark_case
    )
    return frame.count_rows_once([*violations.places, *other_case.places], tables)


@check()
def required_missing(
    *tables: Table | None,
    columns: dict[str, list[str]],
    softer: list[str],
    whole: list[str] | None = None,
) -> Finding:
    """Find rows without a required value; each counts once, as a warning in columns of `softer`.

    Columns of `whole` are not softer where no row has a value, in a file of 20 rows or more.
    """

    def mark(table: Table, column: str) -> np.ndarray:
        return frame.encode(table, column).blank & table.has(column)

    levels = dict.fromkeys(softer, Level.WARNING)
    for table in tables:
        for column in whole or () if table is not None and len(table) >= LEAST else ():
            if table is not None and table.has(column) and mark(table, column).all():
                levels.pop(column, None)
    return _report_cells(tables, columns, levels=levels, mark=mark)


def _report_cells(
    tables: Sequence[Table | None],
    columns: Mapping[str, Sequence[str]],
    *,
    levels: Mapping[str, Level],
    mark: Callable[[Table, str], np.ndarray],
) -> Finding:
    """Rows that `mark` selects in a column of their table, except those to be deleted."""
    blocks = []
    for table in tables:
        if table is None:
            continue
        live = frame.mark_live(table)
        for column in columns.get(table.name, []):
            wrong = mark(table, column) & live
            if wrong.any():
                level = levels.get(column)
                blocks.append(frame.place_rows(table, wrong, column, level=level))
    return frame.count_rows_once(blocks, tables)
