"""Values of people and sections that differ from one list to the next."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.compare.diff import number_jointly
from validator.compare.reconcile import likeness
from validator.compare.reconcile.linked import Linked
from validator.compare.reconcile.lists import Listing
from validator.model import dataclass

FIELDS: Mapping[str, tuple[str, ...]] = {
    "students": ("id", "email", "first", "last", "birth", "grade", "school"),
    "teachers": ("id", "email", "first", "last", "school"),
    "sections": ("id", "course", "period", "teacher", "school"),
}
"""The fields that are compared, by kind of record."""

LEAST, AGREEING = 4, 0.5
"""A column is compared if fewer pairs than this have it in both lists, or if at least such a share
of them agrees: else the lists write it differently for everybody, which is no single mistake. Our
own measures."""


@dataclass(frozen=True, eq=False)
class Difference:
    """A field that differs between two lists. `mask`: for whom."""

    first: str
    second: str
    field: str
    mask: np.ndarray


@dataclass(frozen=True, eq=False)
class Differences:
    """All differences of one kind; `left_out`: fields that two lists write differently."""

    found: list[Difference] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)

    def mark(self, count: int, names: tuple[str, ...] = (), second: str = "") -> np.ndarray:
        """Mark whose values differ between reconciled lists; `names`: only these fields."""
        mask = np.zeros(count, bool)
        for each in self.found:
            if (not names or each.field in names) and second in ("", each.second):
                mask |= each.mask
        return mask


def compare(linked: Linked) -> Differences:
    """Compare the values of those who are in two lists, from one list to the next."""
    result = Differences()
    for first, second in list_ways(linked):
        who = np.flatnonzero(linked.is_in(first) & linked.is_in(second))
        for name in FIELDS[linked.kind]:
            _compare_field(linked, result, way=(first, second), name=name, who=who)
    return result


def list_ways(linked: Linked) -> list[tuple[str, str]]:
    """Return the lists between which values are compared: each with the one after it."""
    names = [name for name in ("sis", "clever", "app") if name in linked.lists]
    return list(itertools.pairwise(names))


def _compare_field(
    linked: Linked, result: Differences, *, way: tuple[str, str], name: str, who: np.ndarray
) -> None:
    """Add the difference of one field between two reconciled lists."""
    first, second = (linked.lists[each] for each in way)
    if not (first.has(name) and second.has(name)) or not len(who):
        return
    records = linked.at[way[0]][who], linked.at[way[1]][who]
    unequal = np.flatnonzero(~mark_same_text(first, second, records, name=name))
    chosen = records[0][unequal], records[1][unequal]
    own, other = first.encode(name, chosen[0]), second.encode(name, chosen[1])
    left, right = number_jointly([(own, other)])
    filled = ~own.blank & ~other.blank
    unlike = left != right
    compared = len(who) - len(unequal) + int(filled.sum())
    if compared >= LEAST and (unlike & filled).sum() > (1 - AGREEING) * compared:
        result.left_out.append((*way, name))
        return
    differs = np.zeros(len(who), bool)
    differs[unequal] = unlike & filled
    if way == ("sis", "clever"):
        differs[unequal] |= own.blank != other.blank
    if name in ("first", "last"):
        at = np.flatnonzero(differs)
        records = linked.at[way[0]][who[at]], linked.at[way[1]][who[at]]
        differs[at] = ~mark_same_words(first, second, records)
    if differs.any():
        mask = np.zeros(len(linked), bool)
        mask[who[differs]] = True
        result.found.append(Difference(*way, name, mask))


def mark_same_words(
    first: Listing, second: Listing, records: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return the pairs whose whole names have the same words, however they are divided."""
    names = [
        likeness.list_names(listing, places)
        for listing, places in zip((first, second), records, strict=True)
    ]
    pairs = zip(*names, strict=True)
    return np.asarray([sorted(own.split()) == sorted(other.split()) for own, other in pairs], bool)


def mark_same_text(
    first: Listing, second: Listing, records: tuple[np.ndarray, np.ndarray], *, name: str
) -> np.ndarray:
    """Mark pairs of reconciled records whose cells are exactly the same, where that is quick."""
    cells = [
        listing.take_cells(name, places)
        for listing, places in zip((first, second), records, strict=True)
    ]
    are_coded = [pa.types.is_dictionary(each.type) for each in cells]
    if all(are_coded):
        return np.zeros(len(records[0]), bool)
    if any(are_coded):
        cells = [each.cast(pa.string()) for each in cells]
    return np.asarray(pc.equal(*cells).to_numpy(zero_copy_only=False), bool)
