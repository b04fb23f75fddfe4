"""Ids and usernames: blank, repeated, or shared by different people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import count_numbers
from validator.model import Finding, Level, Table


@check()
def missing(*tables: Table | None, columns: dict[str, list[str]]) -> Finding:
    """Find rows with a blank id in one of the table's `columns`; a row counts once."""
    blocks = [
        frame.place_rows(table, frame.encode(table, column).blank, column)
        for table in tables
        if table is not None
        for column in columns.get(table.name, [])
        if table.has(column)
    ]
    return frame.count_rows_once(blocks, tables)


@check()
def rows_repeated(*tables: Table | None) -> Finding:
    """Find rows that equal an earlier row in every column; the rows after the first."""
    present = [table for table in tables if table is not None]
    blocks = [
        frame.place_rows(table, frame.mark_equal_rows(table))
        for table in present
        if frame.mark_equal_rows(table).any()
    ]
    return Finding(blocks, of=sum(len(table) for table in present))


@check()
def ids_repeated(*tables: Table | None, softer: dict[str, str]) -> Finding:
    """Find rows after the first with the same id in one file on a different record.

    Equal rows are left out, and where the table has names, rows that repeat both id and name: other
    rules report them. `softer`: table -> column of further ids, to which nothing refers, so that
    repeating one is a warning, whatever the rule's level.
    """
    blocks, groups, of = [], 0, 0
    for table in tables:
        key = "" if table is None else softer.get(table.name, table.key)
        if table is None or not table.has(key):
            continue
        of += len(table)
        is_softer = table.name in softer
        rows, group = _group_other_ids(table, key) if is_softer else _group_ids(table)
        name = frame.encode_names(table)
        if name is not None and len(rows):
            mixed = frame.mark_mixed(group, name.codes[rows])
            rows, group = rows[mixed], group[mixed]
        later = ~frame.mark_firsts(group)
        if not len(rows):
            continue
        groups += int((~later).sum())
        notes = _note_schools(table, rows, group)
        places = frame.place_rows(table, rows, key, groups=group, counts=later, notes=notes)
        blocks.append(replace(places, level=Level.WARNING) if is_softer else places)
    return Finding(blocks, of=of, groups=groups)


def _group_other_ids(table: Table, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows with a repeated value in a column of ids and each one's group, without equal rows."""
    nothing = np.zeros(0, np.intp), np.zeros(0, np.int32)
    values = frame.get_arrow(table, column)
    if pc.count_distinct(values).as_py() == len(table):
        return nothing
    rows, group = frame.find_groups(table, column, np.ones(len(table), bool))
    if not len(rows):
        return nothing
    codes = [frame.encode_rows(table, name, rows).codes for name in table.records.columns]
    _, record = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
    mixed = frame.mark_mixed(group, record.reshape(-1))
    return rows[mixed], group[mixed]


def _note_schools(table: Table, rows: np.ndarray, group: np.ndarray) -> list[str] | None:
    """A note for ids that are repeated at different schools, None where no id is."""
    if not table.has("School_id") or table.key == "School_id":
        return None
    mixed = frame.mark_mixed(group, frame.encode_rows(table, "School_id", rows).codes)
    if not mixed.any():
        return None
    note = "of different schools: put the school's number before the id"
    return [note if is_mixed else "" for is_mixed in mixed.tolist()]


def _group_ids(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Rows with a repeated id and each one's group number, without the copies of equal rows.

    Of ids that are unique within a school, the first row of each is left out: it keeps its id.
    """
    among = ~frame.mark_equal_rows(table)
    rows, group = frame.find_groups(table, table.key, among)
    if not frame.is_unique_within_school(table):
        return rows, group
    later = ~frame.mark_firsts(group)
    return rows[later], group[later]


@check()
def on_several_rows(people: Table) -> Finding:
    """Find people on several rows with the same id and name, such as one per school.

    Counts people.
    """
    who = frame.group_people(people)
    rows, _ = _group_ids(people)
    times = count_numbers(who.number[rows], minlength=who.count)
    rows = rows[times[who.number[rows]] > 1]
    return frame.report_people(people, rows, people.key, groups=who.number[rows])


@check()
def at_several_schools(people: Table, *, repeatable: list[str], own_rule: list[str]) -> Finding:
    """Find people on several rows that name different schools, all else equal; counts people.

    Columns whose name starts with one of `repeatable`, or in `own_rule`, may differ too.
    """
    who = frame.group_people(people)
    rows, _ = _group_ids(people)
    number = who.number[rows]
    if not len(rows) or not people.has("School_id"):
        return Finding([], of=who.count)
    wanted = frame.mark_mixed(number, frame.encode_rows(people, "School_id", rows).codes)
    for column in _list_comparable_columns(
        people, ["School_id", *own_rule, people.key], repeatable
    ):
        wanted &= ~frame.mark_mixed(number, frame.encode_rows(people, column, rows).codes)
    rows = rows[wanted]
    return frame.report_people(people, rows, people.key, groups=who.number[rows])


@check()
def shared_by_people(people: Table) -> Finding:
    """Find rows with the same id and different names; every row of the group counts."""
    rows, group = _group_ids(people)
    name = frame.encode_names(people)
    if name is None or not len(rows):
        return Finding([], of=len(people))
    mixed = frame.mark_mixed(group, name.codes[rows])
    places = frame.place_rows(people, rows[mixed], people.key, groups=group[mixed])
    return Finding([places], of=len(people), groups=0)


@check()
def rows_disagree(people: Table, *, repeatable: list[str], own_rule: list[str]) -> Finding:
    """Ids on rows of different people (each row counts), or on rows of one person that disagree.

    The rows of one person count once. Columns whose name starts with one of `repeatable` may
    differ from row to row; columns in `own_rule` have separate rules.
    """
    rows, group = _group_ids(people)
    if not len(rows):
        return Finding([], of=frame.group_people(people).count, groups=0)
    strangers = _mark_strangers(people, rows, group)
    blocks = []
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
    counted, reported = np.zeros(0, group.dtype), strangers.copy()
    for column in _list_comparable_columns(people, [*own_rule, people.key], repeatable):
        codes = frame.encode_rows(people, column, rows).codes
        here = frame.mark_mixed(group, codes) & ~strangers
        if not here.any():
            continue
        blocks.append(
            frame.place_rows(
                people,
                rows[here],
                column,
                groups=group[here],
                counts=frame.mark_firsts(group[here]) & ~np.isin(group[here], counted),
                notes="the rows of one student disagree",
            )
        )
        counted = np.union1d(counted, group[here])
        reported |= here
    return Finding(blocks, of=len(people), groups=len(frame.sort_unique(group[reported])))


def _mark_strangers(people: Table, rows: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Bool mask of the rows whose id has different names; none where the table has no names."""
    name = frame.encode_names(people)
    if name is None:
        return np.zeros(len(rows), bool)
    return frame.mark_mixed(group, name.codes[rows])


def _list_comparable_columns(people: Table, skipped: list[str], prefixes: list[str]) -> list[str]:
    """The columns of the table that are not `skipped` and start with none of the `prefixes`."""
    starts = tuple(prefixes)
    return [
        column
        for column in people.records.columns
        if column not in skipped and not column.casefold().startswith(starts)
    ]


@check()
def many_rows(people: Table, *, most: int, marker: str) -> Finding:
    """People on more than `most` rows with a value in a column whose name starts with `marker`."""
    who = frame.group_people(people)
    filled = np.zeros(len(people), bool)
    for column in people.records.columns:
        if column.startswith(marker):
            filled |= ~frame.encode(people, column).blank
    times = count_numbers(who.number[filled], minlength=who.count)
    rows = np.flatnonzero(filled & (times[who.number] > most))
    return frame.report_people(people, rows, people.key, groups=who.number[rows])


@check()
def numbers_repeated(people: Table, *, columns: list[str]) -> Finding:
    """People who share a value of one of the columns with a person of another id, each once."""
    who = frame.group_people(people)
    blocks, groups = [], 0
    for column in columns:
        if not people.has(column):
            continue
        rows, group = frame.find_groups(people, column, who.first)
        mixed = frame.mark_mixed(group, frame.number_ids(people)[rows])
        blocks.append(frame.place_rows(people, rows[mixed], column, groups=group[mixed] + groups))
        groups += len(frame.encode(people, column).values)
    return Finding(frame.count_once(blocks), of=who.count, groups=0)


@check()
def usernames_repeated(*tables: Table | None, column: str) -> Finding:
    """People who share a username, in any letter case, with a person of another id in the file."""
    blocks, of = [], 0
    for people in tables:
        if people is None or not people.has(column):
            continue
        who = frame.group_people(people)
        of += who.count
        names = frame.encode_lower(people, column)
        usable = who.first & ~names.blank
        times = count_numbers(names.codes[usable], minlength=len(names.values))
        rows = np.flatnonzero(usable & (times[names.codes] > 1))
        rows = rows[frame.mark_mixed(names.codes[rows], frame.number_ids(people)[rows])]
        blocks.append(frame.place_rows(people, rows, column, groups=names.codes[rows]))
    return Finding(blocks, of=of, groups=0)
