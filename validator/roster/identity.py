"""Which person each row is about, and whether ids hold beyond a school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from validator.model import Table
from validator.roster.columns import Coded, coded, folded, pairs, remember
from validator.roster.numbers import firsts, numbered

SCHOOL_SHARE = 0.5

SCHOOL_IDS = 2
"""Ids count as unique only within a school when at least 2 of them repeat over schools, never in one, and at least half
of the rows outside the largest school bear such an id. Our own measure: a stray repeated id stays far below it."""


@dataclass(frozen=True, eq=False)
class People:
    """Which person each row is about: `number` per row (int32, 0 to count-1), `first`: the person's first row."""

    number: np.ndarray
    count: int
    first: np.ndarray


def name_of(table: Table) -> Coded | None:
    """First and last name as one folded column, None where the table has no names."""
    if not table.has("First_name") or not table.has("Last_name"):
        return None

    def make() -> Coded:
        first, last = folded(table, "First_name"), folded(table, "Last_name")
        number, count = numbered(pairs(first, last))
        return Coded(pa.array(np.arange(count)).cast(pa.string()), number)

    return remember(table, "name", make)


def within_school(table: Table) -> bool:
    """Whether this table's ids repeat over schools, on different records, but never within a school."""
    if not table.has("School_id") or not table.key or table.key == "School_id" or not len(table):
        return False
    return remember(table, "within_school", lambda: _within_school(table))


def _within_school(table: Table) -> bool:
    key, school = coded(table, table.key), coded(table, "School_id")
    usable = ~key.blank & ~school.blank
    times = np.bincount(key.codes[usable], minlength=len(key.values))
    again = usable & (times[key.codes] > 1)
    if not again.any():
        return False
    name = name_of(table)
    record = (np.arange(len(table)) if name is None else name.codes)[again].astype(np.int64)
    ids, width = key.codes[again].astype(np.int64), int(record.max()) + 1
    at_school = pairs(school, key)[again]
    if len(np.unique(at_school)) != len(np.unique(np.unique(at_school, return_inverse=True)[1] * width + record)):
        return False
    records = np.bincount(np.unique(ids * width + record) // width, minlength=len(key.values))
    if (records > 1).sum() < SCHOOL_IDS:
        return False
    outside = usable & (school.codes != np.bincount(school.codes[usable]).argmax())
    return bool(outside.any() and (records[key.codes[outside]] > 1).mean() >= SCHOOL_SHARE)


def people(table: Table) -> People:
    """Who each row is about: rows with one id and one name are one person, rows without an id one each."""

    def make() -> People:
        key = coded(table, table.key)
        rows = np.arange(len(table), dtype=np.int32)
        usable = ~key.blank
        if np.bincount(key.codes[usable], minlength=1).max(initial=0) < 2:
            return People(rows, len(table), np.ones(len(table), bool))
        who = pairs(key, coded(table, "School_id")) if within_school(table) else key.codes.astype(np.int64)
        name = name_of(table)
        if name is not None:
            who = who * len(name.values) + name.codes
        number, count = numbered(np.where(usable, who, -1 - rows))
        return People(number, count, firsts(number))

    return remember(table, "people", make)


def bearers(table: Table) -> np.ndarray:
    """Which id each row bears, as a number below twice the number of rows; without one, everybody is told apart."""
    who, key = people(table).number, coded(table, table.key)
    return who if within_school(table) else np.where(key.blank, len(table) + who, key.codes)
