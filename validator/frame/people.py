"""Which person each row is about, and whether ids hold beyond a school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from validator.frame.arrays import mark_firsts, number_keys
from validator.frame.columns import Encoded, combine_codes, encode, encode_folded, remember
from validator.model import Table

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


def encode_names(table: Table) -> Encoded | None:
    """First and last name as one folded column, None where the table has no names."""
    if not table.has("First_name") or not table.has("Last_name"):
        return None

    def make() -> Encoded:
        first, last = encode_folded(table, "First_name"), encode_folded(table, "Last_name")
        number, count = number_keys(combine_codes(first, last))
        return Encoded(pa.array(np.arange(count)).cast(pa.string()), number)

    return remember(table, "name", make)


def is_unique_within_school(table: Table) -> bool:
    """Whether this table's ids repeat over schools, on different records, but never within a school."""
    if not table.has("School_id") or not table.key or table.key == "School_id" or not len(table):
        return False
    return remember(table, "within_school", lambda: _within_school(table))


def _within_school(table: Table) -> bool:
    key, school = encode(table, table.key), encode(table, "School_id")
    usable = ~key.blank & ~school.blank
    times = np.bincount(key.codes[usable], minlength=len(key.values))
    again = usable & (times[key.codes] > 1)
    if not again.any():
        return False
    name = encode_names(table)
    record = (np.arange(len(table)) if name is None else name.codes)[again].astype(np.int64)
    ids, width = key.codes[again].astype(np.int64), int(record.max()) + 1
    at_school = combine_codes(school, key)[again]
    if len(np.unique(at_school)) != len(
        np.unique(np.unique(at_school, return_inverse=True)[1] * width + record)
    ):
        return False
    records = np.bincount(np.unique(ids * width + record) // width, minlength=len(key.values))
    if (records > 1).sum() < SCHOOL_IDS:
        return False
    outside = usable & (school.codes != np.bincount(school.codes[usable]).argmax())
    return bool(outside.any() and (records[key.codes[outside]] > 1).mean() >= SCHOOL_SHARE)


def group_people(table: Table) -> People:
    """Who each row is about: rows with one id and one name are one person, rows without an id one each."""

    def make() -> People:
        key = encode(table, table.key)
        rows = np.arange(len(table), dtype=np.int32)
        usable = ~key.blank
        if np.bincount(key.codes[usable], minlength=1).max(initial=0) < 2:
            return People(rows, len(table), np.ones(len(table), bool))
        who = (
            combine_codes(key, encode(table, "School_id"))
            if is_unique_within_school(table)
            else key.codes.astype(np.int64)
        )
        name = encode_names(table)
        if name is not None:
            who = who * len(name.values) + name.codes
        number, count = number_keys(np.where(usable, who, -1 - rows))
        return People(number, count, mark_firsts(number))

    return remember(table, "people", make)


def number_ids(table: Table) -> np.ndarray:
    """Which id each row bears, as a number below twice the number of rows; without one, everybody is told apart."""
    who, key = group_people(table).number, encode(table, table.key)
    return (
        who if is_unique_within_school(table) else np.where(key.blank, len(table) + who, key.codes)
    )
