"""Ids and addresses: missing, repeated, on the wrong person."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.frame import values
from validator.model import Cause, Finding, Places, Table

DAYS = 200_000
"""More than there are days between the first and the last year that is read."""


def missing(*tables: Table | None, columns: dict[str, list[str]]) -> Finding:
    """Rows with a blank id in one of the table's `columns`; a row counts once."""
    blocks: list[Places] = []
    of = 0
    for table in tables:
        if table is None:
            continue
        of += len(table)
        counted = np.zeros(len(table), bool)
        for column in columns.get(table.name, []):
            if table.has(column):
                empty = frame.encode(table, column).blank
                blocks.append(frame.place_rows(table, empty, column, counts=~counted[empty]))
                counted |= empty
    return Finding(blocks, of=of)


def equal_rows(table: Table) -> np.ndarray:
    """Bool mask of rows that equal an earlier row in every column (only rows that share their key are compared)."""

    def make() -> np.ndarray:
        out = np.zeros(len(table), bool)
        rows = _sharing_rows(table)
        if len(rows):
            codes = np.stack(
                [frame.encode_rows(table, column, rows).codes for column in table.rows.columns],
                axis=1,
            )
            _, first = np.unique(codes, axis=0, return_index=True)
            out[np.delete(rows, first)] = True
        return out

    return frame.remember(table, "equal_rows", make)


def _sharing_rows(table: Table) -> np.ndarray:
    """Rows whose key occurs more than once."""
    key = frame.encode(table, table.key)
    times = np.bincount(key.codes, minlength=len(key.values))
    return np.flatnonzero((times[key.codes] > 1) & ~key.blank)


def rows_repeated(*tables: Table | None) -> Finding:
    """Rows that equal an earlier row in every column; the rows after the first."""
    present = [table for table in tables if table is not None]
    return Finding(
        [
            frame.place_rows(table, equal_rows(table))
            for table in present
            if equal_rows(table).any()
        ],
        of=sum(len(table) for table in present),
    )


def _groups(table: Table, column: str, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `among` whose value occurs there more than once, and the number of their group."""
    coded = frame.encode(table, column)
    usable = among & ~coded.blank
    times = np.bincount(coded.codes[usable], minlength=len(coded.values))
    rows = np.flatnonzero(usable & (times[coded.codes] > 1))
    return rows, coded.codes[rows]


def ids_repeated(*tables: Table | None) -> Finding:
    """Rows after the first that bear an id of their own file again, on a different record; equal rows left out.

    Where the table has names, a row that repeats both id and name is another rule's.
    """
    blocks, groups, of = [], 0, 0
    for table in tables:
        if table is None or not table.has(table.key):
            continue
        of += len(table)
        rows, group = _groups(table, table.key, ~equal_rows(table))
        name = frame.encode_names(table)
        if name is not None and len(rows):
            rows, group = _several_records(rows, group, name.codes[rows])
        later = ~frame.mark_firsts(group)
        if len(rows):
            groups += int((~later).sum())
            blocks.append(frame.place_rows(table, rows, table.key, groups=group, counts=later))
    return Finding(blocks, of=of, groups=groups)


def _several_records(
    rows: np.ndarray, group: np.ndarray, record: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rows of groups that hold more than one record."""
    both = np.unique(np.stack([group, record], axis=1), axis=0)[:, 0]
    distinct = both[1:][both[1:] == both[:-1]]
    kept = np.isin(group, distinct)
    return rows[kept], group[kept]


def on_several_rows(people: Table) -> Finding:
    """People listed on several rows with one id and one name, once per school; counts people."""
    who = frame.group_people(people)
    rows, _ = _groups(people, people.key, ~equal_rows(people))
    times = np.bincount(who.number[rows], minlength=who.count)
    again = times[who.number[rows]] > 1
    rows = rows[again]
    person = who.number[rows]
    return Finding(
        [
            frame.place_rows(
                people, rows, people.key, groups=person, counts=frame.mark_firsts(person)
            )
        ],
        of=who.count,
    )


def one_id_two_people(people: Table) -> Finding:
    """Rows that bear one id and different names; every row of the group."""
    rows, group = _groups(people, people.key, ~equal_rows(people))
    name = frame.encode_names(people)
    if name is None or not len(rows):
        return Finding([], of=len(people))
    rows, group = _several_records(rows, group, name.codes[rows])
    return Finding(
        [frame.place_rows(people, rows, people.key, groups=group)], of=len(people), groups=0
    )


def rows_disagree(people: Table, *, repeatable: list[str], own_rule: list[str]) -> Finding:
    """One id on rows that are different people (every row counts), or of one person that disagree (counts once).

    Columns whose name starts with one of `repeatable` may differ from row to row; those of `own_rule` are judged by
    rules of their own.
    """
    rows, group = _groups(people, people.key, ~equal_rows(people))
    name = frame.encode_names(people)
    if not len(rows):
        return Finding([], of=frame.group_people(people).count, groups=0)
    names = name.codes[rows] if name is not None else np.zeros(len(rows), np.int32)
    _, different = _several_records(np.arange(len(rows)), group, names)
    strangers = np.isin(group, different)
    blocks, shown = [], strangers.copy()
    if strangers.any():
        blocks.append(
            frame.place_rows(
                people,
                rows[strangers],
                people.key,
                groups=group[strangers],
                notes="different people",
            )
        )
    counted = np.zeros(0, group.dtype)
    for column in people.rows.columns:
        if (
            column in own_rule
            or column == people.key
            or column.casefold().startswith(tuple(repeatable))
        ):
            continue
        _, disagreeing = _several_records(
            np.arange(len(rows)), group, frame.encode_rows(people, column, rows).codes
        )
        here = np.isin(group, disagreeing) & ~strangers
        if here.any():
            counts = frame.mark_firsts(group[here]) & ~np.isin(group[here], counted)
            blocks.append(
                frame.place_rows(
                    people,
                    rows[here],
                    column,
                    groups=group[here],
                    counts=counts,
                    notes="the rows of one student disagree",
                )
            )
            counted = np.union1d(counted, group[here])
            shown |= here
    return Finding(blocks, of=len(people), groups=len(frame.sort_unique(group[shown])))


def many_rows(people: Table, *, most: int, marker: str) -> Finding:
    """People on more than `most` rows that have a value in a column starting with `marker`; counts people."""
    who = frame.group_people(people)
    filled = np.zeros(len(people), bool)
    for column in people.rows.columns:
        if column.startswith(marker):
            filled |= ~frame.encode(people, column).blank
    times = np.bincount(who.number[filled], minlength=who.count)
    rows = np.flatnonzero(filled & (times[who.number] > most))
    person = who.number[rows]
    return Finding(
        [
            frame.place_rows(
                people, rows, people.key, groups=person, counts=frame.mark_firsts(person)
            )
        ],
        of=who.count,
    )


def numbers_repeated(people: Table, *, columns: list[str]) -> Finding:
    """People who share a value of one of the columns with somebody of another id; a person counts once."""
    who = frame.group_people(people)
    blocks, groups, counted = [], 0, np.zeros(len(people), bool)
    for column in columns:
        if not people.has(column):
            continue
        rows, group = _groups(people, column, who.first)
        rows, group = _several_records(rows, group, frame.number_ids(people)[rows])
        counts = ~counted[rows]
        counted[rows] = True
        blocks.append(frame.place_rows(people, rows, column, groups=group + groups, counts=counts))
        groups += len(frame.encode(people, column).values)
    return Finding(blocks, of=who.count, groups=0)


def under_two_ids(people: Table, *, date_column: str, share: float, least: int) -> Finding:
    """People with one folded name and one birth date under different ids; everybody in the group counts.

    A date that `share` of all, and at least `least`, have in common tells nothing about anybody.
    """
    who = frame.group_people(people)
    name = frame.encode_names(people)
    if name is None:
        return Finding([], of=who.count)
    days = frame.parse_days(people, date_column)
    usable = (
        who.first
        & (days != values.NO_DAY)
        & ~frame.encode(people, "First_name").blank
        & ~frame.encode(people, "Last_name").blank
    )
    rows = np.flatnonzero(usable)
    born, count = frame.number_keys(days[rows])
    rows = rows[(np.bincount(born, minlength=count) < max(least, share * who.count))[born]]
    same = name.codes[rows].astype(np.int64) * DAYS + days[rows]
    again = frame.find_repeated(same)
    rows, (number, _) = rows[again], frame.number_keys(same[again])
    many = np.isin(
        number, _several_records(rows, number, frame.encode(people, people.key).codes[rows])[1]
    )
    return Finding(
        [frame.place_rows(people, rows[many], people.key, groups=number[many])],
        of=who.count,
        groups=0,
    )


def unique_within_school(*tables: Table | None, cause_from: int) -> Finding:
    """Files whose ids repeat over schools but never within one; one place per file. At least `cause_from` repeated ids
    have one root cause."""
    present = [table for table in tables if table is not None]
    local = [table for table in present if frame.is_unique_within_school(table)]
    blocks = [
        Places(table.name, table.file, np.asarray([table.header_line], np.int32), table.key)
        for table in local
    ]
    explained = sum(len(_groups(table, table.key, np.ones(len(table), bool))[0]) for table in local)
    return Finding(
        blocks, of=len(present), cause=Cause(explained) if explained >= cause_from else None
    )


def same_people(people: Table, others: Table | None, *, column: str, other_column: str) -> Finding:
    """People of the first table who are, by address or id, in the second as well; counts people of the first."""
    who = frame.group_people(people)
    if others is None:
        return Finding([], of=who.count)
    mail = frame.encode_lower(people, column)
    same = (
        mail.broadcast(frame.is_among(mail.values, frame.encode_lower(others, other_column).values))
        & ~mail.blank
    )
    if frame.encode_names(people) is not None and frame.encode_names(others) is not None:
        same |= _same_id_and_name(people, others)
    return Finding([frame.place_rows(people, same & who.first, people.key)], of=who.count)


def _same_id_and_name(people: Table, others: Table) -> np.ndarray:
    """Bool mask of the people who have the id and the last name of one of the others."""
    at = frame.locate_rows(people, people.key, others)
    mine, theirs = (
        frame.encode_folded(people, "Last_name"),
        frame.encode_folded(others, "Last_name"),
    )
    same = np.zeros(len(people), bool)
    rows = np.flatnonzero(at >= 0)
    same[rows] = (
        frame.find_positions(theirs.values, mine.values)[theirs.codes[at[rows]]] == mine.codes[rows]
    )
    return same


def usernames_repeated(*tables: Table | None, column: str) -> Finding:
    """People who share a username with somebody of another id in the same file, without regard to case."""
    blocks, of = [], 0
    for people in tables:
        if people is None or not people.has(column):
            continue
        who = frame.group_people(people)
        of += who.count
        names = frame.encode_lower(people, column)
        usable = who.first & ~names.blank
        times = np.bincount(names.codes[usable], minlength=len(names.values))
        rows = np.flatnonzero(usable & (times[names.codes] > 1))
        rows, group = _several_records(rows, names.codes[rows], frame.number_ids(people)[rows])
        blocks.append(frame.place_rows(people, rows, column, groups=group))
    return Finding(blocks, of=of, groups=0)
