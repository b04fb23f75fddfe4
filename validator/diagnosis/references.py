"""References that match no record, and the records that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.hypothesis import Inverse
from validator.diagnosis.id_edits import replace_keys, replace_values
from validator.diagnosis.scene import LISTS, Scene, list_references
from validator.frame.arrays import count_numbers
from validator.frame.values import split_lists
from validator.model import Export, Places, Table, dataclass

LEAST_VALUES = 3
"""Distinct ids that must match after the change: fewer could match by chance. Our own measure."""

LEAST_CELLS, FEW = 8, ("schools", "academicSessions.csv")
"""References that must match where there are fewer ids, and the tables that may have so few."""

SHARE = 0.6
"""Share of the failing cells that must match after a change that could match by chance (letters
added, another column): what is left may be ordinary faults in the same file. Our own measure."""


@dataclass(frozen=True, eq=False)
class Failing:
    """The references of one or more columns of a table that match no key of another table.

    `distinct` are the failing ids (Arrow strings), `rows` and `codes` each failing cell: its row
    number and the position of its value, per column. `met` counts the cells that match.
    """

    export: Export
    table: Table
    other: Table
    columns: tuple[str, ...]
    distinct: pa.Array
    rows: tuple[np.ndarray, ...]
    codes: tuple[np.ndarray, ...]
    met: int

    @cached_property
    def values(self) -> list[str]:
        """The distinct failing ids as text."""
        texts: list[str] = self.distinct.to_pylist()
        return texts

    @cached_property
    def keys(self) -> pa.Array:
        """The keys that failing references could mean, without blanks."""
        keys = frame.index_by_key(self.other)[0]
        return keys.filter(pc.not_equal(keys, ""))

    @cached_property
    def key_positions(self) -> np.ndarray:
        """Per row of the other table, the position of its key in `keys`, -1 for a blank one."""
        keys = frame.index_by_key(self.other)[0]
        filled = np.asarray(pc.not_equal(keys, "").to_numpy(zero_copy_only=False), bool)
        position = np.where(filled, np.cumsum(filled) - 1, -1)
        return frame.encode(self.other, self.other.key).broadcast(position)

    @property
    def count(self) -> int:
        """How many cells fail."""
        return sum(len(rows) for rows in self.rows)

    @property
    def is_of_few(self) -> bool:
        """Whether there are few ids at all, as of schools or terms, and no reference matches."""
        few = len(self.distinct) < LEAST_VALUES and not self.met
        return few and self.other.name in FEW and self.count >= LEAST_CELLS

    def sample(self, most: int) -> pa.Array:
        """Return at most `most` of the distinct failing ids, at even distances."""
        step = -(-len(self.distinct) // most)
        return self.distinct.take(pa.array(np.arange(0, len(self.distinct), max(step, 1))))

    def are_met(self, keys: pa.Array) -> bool:
        """Return whether any reference matches one of these keys of the other table."""
        key = frame.encode(self.other, self.other.key)
        among = key.broadcast(frame.is_among(key.values, keys))
        for table, column, other in list_references(self.export):
            if other is self.other:
                at = frame.locate_rows(table, column, other)
                if among[at[at >= 0]].any():
                    return True
        return False

    def count_cells(self, hit: np.ndarray) -> int:
        """Return how many failing cells hold one of the values that the bool mask marks."""
        return sum(int(hit[codes].sum()) for codes in self.codes)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Per distinct failing value, the position of the only key that it means, else -1."""

    failing: Failing
    keys: pa.Array
    position: np.ndarray

    @cached_property
    def hit(self) -> np.ndarray:
        """Bool mask of the values that mean a key."""
        return np.asarray(self.position >= 0)

    @property
    def are_all_of_few(self) -> bool:
        """Whether a hypothesis pairs every failing id with a key, where there are few ids at
        all."""
        return self.failing.is_of_few and self.count == len(self.failing.distinct)

    @property
    def count(self) -> int:
        """How many distinct values mean a key."""
        return int(self.hit.sum())

    @cached_property
    def cells(self) -> int:
        """How many failing cells hold such a value."""
        return self.failing.count_cells(self.hit)

    @cached_property
    def written(self) -> pa.Array:
        """The failing values that mean a key."""
        return self.failing.distinct.filter(pa.array(self.hit))

    @cached_property
    def meant(self) -> pa.Array:
        """The keys that failing references mean under a hypothesis, in the same order."""
        return self.keys.take(pa.array(self.position[self.hit]))


def list_failing(scene: Scene) -> list[Failing]:
    """Return the references that hypotheses try to repair: per pair of tables, those that match
    no key."""
    return scene.remember("failing", lambda: list(_list_failing(scene)))


def _list_failing(scene: Scene) -> Iterator[Failing]:
    """Yield the failing references that hypotheses of ids try to explain."""
    together: dict[tuple[str, str], list[str]] = {}
    for table, column, other in list_references(scene.export):
        together.setdefault((table.name, other.name), []).append(column)
    for (name, target), columns in together.items():
        failing = _find_failing(scene.export, name, columns, target=target)
        if failing is not None:
            yield failing


def _find_failing(export: Export, name: str, columns: list[str], *, target: str) -> Failing | None:
    """Return the failing references of these columns, None where all of them match."""
    tables = export.all_tables
    table, other = tables[name], tables[target]
    rows, texts, codes, met = [], [], [], 0
    for column in columns:
        at = frame.locate_rows(table, column, other)
        lost = at == frame.UNKNOWN
        if column in LISTS:
            lost &= ~_mark_lists(table, column, other)
        unmatched = np.flatnonzero(lost)
        met += int((at >= 0).sum())
        encoded = frame.encode(table, column)
        used = np.flatnonzero(count_numbers(encoded.codes[unmatched]))
        number = np.zeros(len(encoded.values), np.intp)
        number[used] = np.arange(len(used))
        rows.append(unmatched)
        texts.append(encoded.values.take(pa.array(used)))
        codes.append(number[encoded.codes[unmatched]])
    if not any(map(len, rows)):
        return None
    joined = pa.concat_arrays(texts).dictionary_encode()
    code = joined.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    starts = np.cumsum([0, *map(len, texts)])
    every = tuple(code[start + own] for start, own in zip(starts, codes, strict=False))
    distinct = joined.dictionary
    return Failing(export, table, other, tuple(columns), distinct, tuple(rows), every, met)


def _mark_lists(table: Table, column: str, other: Table) -> np.ndarray:
    """Mark failing cells that are a list of known ids, as a hypothesis suspects."""
    encoded = frame.encode(table, column)
    cell, parts = split_lists(encoded.values)
    unknown = np.zeros(len(encoded.values), bool)
    unknown[cell[~frame.is_among(parts, frame.index_by_key(other)[0])]] = True
    return encoded.broadcast(~unknown)


def match_keys(
    failing: Failing, written: pa.Array, keys: pa.Array, *, seen: pa.Array | None = None
) -> Pairs:
    """Match failing ids and keys that are equal under a hypothesis, one to one.

    `written` are the changed failing values, `keys` the changed keys; both in the order of
    `failing.distinct` and `failing.keys`. `seen`: the failing values without what anybody can see
    is damage, such as hidden characters; those equal in it count as one id.
    """
    encoded = keys.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    only = np.full(len(encoded.dictionary), -1, np.intp)
    only[codes] = np.arange(len(codes))
    only[count_numbers(codes, minlength=len(only)) > 1] = -1
    at = frame.find_positions(written, encoded.dictionary)
    position = np.where(at >= 0, only[np.maximum(at, 0)] if len(only) else -1, -1)
    matched = np.flatnonzero(position >= 0)
    if seen is not None:
        same = seen.dictionary_encode().indices.to_numpy(zero_copy_only=False)
        matched = matched[np.unique(same[matched], return_index=True)[1]]
    times = count_numbers(position[matched], minlength=max(len(keys), 1))
    position = np.where((position >= 0) & (times[np.maximum(position, 0)] == 1), position, -1)
    return Pairs(failing, failing.keys, position)


def is_enough(pairs: Pairs) -> bool:
    """Return whether too many cells fit a hypothesis for it to be chance."""
    many = pairs.count >= LEAST_VALUES or pairs.are_all_of_few
    return many and pairs.cells >= SHARE * pairs.failing.count


def locate_cells(failing: Failing, hit: np.ndarray) -> list[Places]:
    """Return the places of failing ids that a suspicion explains; `hit` is over their values."""
    return [
        frame.place_rows(failing.table, rows[hit[codes]], column)
        for column, rows, codes in zip(failing.columns, failing.rows, failing.codes, strict=True)
        if hit[codes].any()
    ]


NONE = pa.array([], pa.string())
"""No further ids."""


def place_keys(pairs: Pairs, further: pa.Array = NONE) -> list[Places]:
    """Return the records whose keys the failing values mean, and `further` keys, as places."""
    other = pairs.failing.other
    key = frame.encode(other, other.key)
    mask = key.broadcast(frame.is_among(key.values, pa.concat_arrays([pairs.meant, further])))
    return [frame.place_rows(other, mask, other.key)]


def place_cells(pairs: Pairs, further: pa.Array = NONE) -> list[Places]:
    """Return the failing cells that mean a key, and those that hold one of `further`."""
    failing = pairs.failing
    return locate_cells(failing, pairs.hit | frame.is_among(failing.distinct, further))


def undo_keys(pairs: Pairs, *, further: pa.Array = NONE, changed: pa.Array = NONE) -> Inverse:
    """Return the change that writes the keys as the referring file writes them.

    `further` keys, to which nothing refers, become `changed`, in the same order.
    """
    return partial(
        replace_keys,
        name=pairs.failing.other.name,
        old=pa.concat_arrays([pairs.meant, further]),
        new=pa.concat_arrays([pairs.written, changed]),
    )


def undo_cells(pairs: Pairs, *, further: pa.Array = NONE, changed: pa.Array = NONE) -> Inverse:
    """Return the change that writes the keys that the failing cells mean.

    `further` references, which mean no record, become `changed`, in the same order.
    """
    failing = pairs.failing
    return partial(
        replace_values,
        name=failing.table.name,
        columns=failing.columns,
        old=pa.concat_arrays([pairs.written, further]),
        new=pa.concat_arrays([pairs.meant, changed]),
    )
