"""Records on rows that could not be read whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from validator.compare.reconcile.linked import Linked
from validator.frame.values import trim_cell
from validator.model import Table

LISTS = ("sis", "clever", "app")
COMMON = 2
"""Fewest cells that broken rows of two lists must share with each other and no other row."""

BY = ("id", "email")
"""The fields that show whose row it is."""


def add_broken(linked: Linked) -> Linked:
    """Return the records with those on rows that could not be read whole, by id or address."""
    count = len(linked)
    lines = {name: np.zeros(count, np.int32) for name in LISTS}
    left: list[tuple[int, int]] = []
    for name, listing in linked.lists.items():
        if name == "app" or not len(listing.table.unread):
            continue
        missing = np.flatnonzero(~linked.is_in(name))
        cells = _index_cells(listing.table)
        owned = _find_lines(linked, missing, cells)
        lines[name][missing] = owned
        if name == "sis":
            rest = set(listing.table.unread.lines.tolist()) - set(owned.tolist())
            left = _pair_lines(linked, rest)
    return _append(replace(linked, broken=lines), left)


def _index_cells(table: Table) -> dict[str, int]:
    """Index the cells of broken rows in a reconciled list, with their line; 0 for several lines."""
    index: dict[str, int] = {}
    for line, row in zip(table.unread.lines.tolist(), table.unread.cells, strict=True):
        for cell in {trim_cell(text).lower() for text in row} - {""}:
            index[cell] = 0 if index.get(cell, line) != line else line
    return index


def _find_lines(linked: Linked, missing: np.ndarray, cells: dict[str, int]) -> np.ndarray:
    """Return the broken line of each record in a reconciliation, 0 for none."""
    lines = np.zeros(len(missing), np.int32)
    for name, listing in linked.lists.items():
        records = linked.at[name][missing]
        there = np.flatnonzero(records >= 0)
        for field in BY:
            texts = listing.take_text(field, records[there])
            known = [cells.get(text.lower(), 0) if text else 0 for text in texts]
            own = np.asarray(known, np.int32)
            lines[there] = np.where(lines[there] > 0, lines[there], own)
    return lines


def _pair_lines(linked: Linked, rest: set[int]) -> list[tuple[int, int]]:
    """Return broken lines of the SIS that nobody owns, each with its line in Clever's list or 0."""
    table = linked.lists["sis"].table
    clever = linked.lists.get("clever")
    cells = _index_cells(clever.table) if clever is not None else {}
    pairs = []
    for line, row in zip(table.unread.lines.tolist(), table.unread.cells, strict=True):
        if line in rest:
            words = {trim_cell(text).lower() for text in row}
            votes = Counter(cells[word] for word in words if cells.get(word))
            best, count = votes.most_common(1)[0] if votes else (0, 0)
            pairs.append((line, best if count >= COMMON else 0))
    return pairs


def _append(linked: Linked, left: list[tuple[int, int]]) -> Linked:
    """Add a record for each broken row of the SIS whose record is on no readable row."""
    if not left:
        return linked
    count = len(left)
    none = np.full(count, -1, np.int64)
    new = {name: np.zeros(count, np.int32) for name in LISTS}
    new["sis"] = np.asarray([line for line, _ in left], np.int32)
    new["clever"] = np.asarray([line for _, line in left], np.int32)
    return replace(
        linked,
        at={name: np.concatenate([places, none]) for name, places in linked.at.items()},
        likely=np.concatenate([linked.likely, np.zeros(count, bool)]),
        second=np.concatenate([linked.second, none]),
        maybe=np.concatenate([linked.maybe, none]),
        broken={name: np.concatenate([lines, new[name]]) for name, lines in linked.broken.items()},
    )
