"""E-mail addresses: several in a cell, or shared."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator import frame
from validator.checks.declaration import check
from validator.frame.address_parts import mark_emails
from validator.frame.arrays import count_numbers, repeat_each
from validator.frame.emails import has_several_emails, split_addresses
from validator.model import Finding, Table, dataclass


@check()
def several(people: Table, *, column: str) -> Finding:
    """Find people with more than one address, in one cell or on several rows.

    Values that are not addresses have a separate rule.
    """
    who = frame.group_people(people)
    values = frame.encode_lower(people, column)
    rows = values.broadcast(frame.judge_values(people, column, has_several_emails))
    if who.count < len(people):
        valid = values.broadcast(mark_emails(people, column))
        filled = np.flatnonzero(valid | rows)
        width = len(values.values)
        keys = who.number[filled].astype(np.int64) * width + values.codes[filled]
        addresses = count_numbers(frame.sort_unique(keys) // width, minlength=who.count)
        rows = (addresses[who.number] > 1) & ~values.blank | rows
    return frame.report_people(people, rows, column, groups=who.number[rows])


@dataclass(frozen=True, eq=False)
class _Addresses:
    """Addresses in lower case, and every use of one: the row and the number of the address."""

    values: pa.Array
    rows: np.ndarray
    codes: np.ndarray


def _list_addresses(people: Table, column: str) -> _Addresses:
    """The addresses of a column; a cell with several gives one use of each."""
    values = frame.encode_lower(people, column)
    rows = np.flatnonzero(~values.blank)
    codes = values.codes[rows]
    lists = np.flatnonzero(frame.judge_values(people, column, has_several_emails))
    if not len(lists):
        return _Addresses(values.values, rows, codes)
    known = {value: at for at, value in enumerate(values.values.to_pylist())}
    cells = split_addresses(values.values.take(pa.array(lists)))
    split = np.asarray(
        [known.setdefault(address, len(known)) for cell in cells for address in cell], np.int32
    )
    sizes = np.asarray([len(cell) for cell in cells], np.int64)
    single = ~np.isin(codes, lists)
    cell = np.searchsorted(lists, codes[~single])
    times = sizes[cell]  # addresses on each of these rows; they are consecutive in `split`
    offset = np.arange(times.sum()) - repeat_each(np.cumsum(times) - times, times)
    starts = (np.cumsum(sizes) - sizes)[cell]
    return _Addresses(
        pa.array(list(known), pa.string()),
        np.concatenate([rows[single], repeat_each(rows[~single], times)]),
        np.concatenate([codes[single], split[repeat_each(starts, times) + offset]]),
    )


@check()
def repeated(people: Table, *, column: str) -> Finding:
    """Find people who share an address with a person of another id in the same file, each once.

    Two people under one id have a separate rule.
    """
    who = frame.group_people(people)
    addresses = _list_addresses(people, column)
    count = len(addresses.values)
    is_repeated = count_numbers(addresses.codes, minlength=count)[addresses.codes] > 1
    rows, code = addresses.rows[is_repeated], addresses.codes[is_repeated]
    width = np.int64(2 * len(people) + 1)
    owned = frame.sort_unique(code.astype(np.int64) * width + frame.number_ids(people)[rows])
    shared = count_numbers(owned // width, minlength=count)[code] > 1
    rows, code = rows[shared], code[shared]
    order = np.argsort(rows, kind="stable")
    rows, code = rows[order], code[order]
    once = frame.mark_firsts(who.number[rows].astype(np.int64) * count + code)
    rows, code = rows[once], code[once]
    counts = frame.mark_firsts(who.number[rows])
    places = frame.place_rows(people, rows, column, groups=code, counts=counts)
    return Finding([places], of=who.count, groups=0)


@check()
def also_adult(
    students: Table, *others: Table | None, column: str, other_columns: list[str]
) -> Finding:
    """Students whose address is also that of a teacher, a staff member or a student's contact.

    The same user in another role, under the same id in one file of users, does not count.
    """
    addresses = _list_addresses(students, column)
    ids = frame.encode(students, students.key).codes[addresses.rows]
    adult = np.zeros(len(addresses.rows), bool)
    for table in (students, *filter(None, others)):
        users = frame.match_users(table, students)
        for other_column in other_columns:
            if table.has(other_column) and other_column != column:
                other = _list_addresses(table, other_column)
                adult |= _mark_others(addresses, ids, other=other, users=users[other.rows])
    return frame.report_people(students, np.unique(addresses.rows[adult]), column)


def _mark_others(
    addresses: _Addresses, ids: np.ndarray, *, other: _Addresses, users: np.ndarray
) -> np.ndarray:
    """Bool mask of the uses of addresses that somebody else in another table has, too.

    `ids`: the id of each use. `users`: that of each use in the other table, -1 for somebody else.
    """
    mask = np.zeros(len(ids), bool)
    position = frame.find_positions(addresses.values, other.values)
    if (position < 0).all():
        return mask  # as in most districts
    shared = np.flatnonzero(position[addresses.codes] >= 0)
    at = position[addresses.codes[shared]]
    owner = np.full(len(other.values), -1, np.int32)
    owner[other.codes] = users
    has_several = np.zeros(len(other.values), bool)
    has_several[other.codes[users != owner[other.codes]]] = True
    mask[shared] = has_several[at] | (owner[at] != ids[shared])
    return mask
