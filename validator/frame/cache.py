"""The cache of a frame's tables: facts that are computed once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np

from validator.model import Table

T = TypeVar("T")


class Cached(Protocol):
    """A table, or another object with a cache."""

    @property
    def cache(self) -> dict[Any, Any]:
        """Computed facts, by name."""


def remember(table: Cached, name: object, compute: Callable[[], T]) -> T:
    """The result of `compute`, cached in the table under `name`.

    Safe with threads: if several ask at once, one computes and the others wait.
    """
    if name not in table.cache:
        with _get_lock(table, name):
            if name not in table.cache:
                table.cache[name] = compute()
    return table.cache[name]  # type: ignore[no-any-return]


def remember_for(
    table: Cached, name: object, *, arrays: Sequence[np.ndarray], compute: Callable[[], T]
) -> T:
    """The result of `compute`, cached in the table as long as it is asked for equal arrays.

    It outlasts changes of a table that leave these arrays as they were, such as other names for
    the same values.
    """
    with _get_lock(table, name):
        known: tuple[Sequence[np.ndarray], T] | None = table.cache.get((remember_for, name))
        if known is None or not all(map(_are_same, known[0], arrays)):
            known = table.cache[remember_for, name] = arrays, compute()
    return known[1]


def _get_lock(table: Cached, name: object) -> threading.RLock:
    """The lock of what is cached in a frame's table under a name."""
    return table.cache.setdefault((threading.RLock, name), threading.RLock())  # type: ignore[no-any-return]


def _are_same(left: np.ndarray, right: np.ndarray) -> bool:
    """Whether arrays of encoded columns are the same one, or equal."""
    return left is right or np.array_equal(left, right)


OF_COLUMNS = frozenset(
    ("raw", "coded", "folded", "lowered", "ascii", "signs", "dates", "bad emails", "emails")
    + ("has_several_emails", "domains", "local letters")
)
"""What is cached about one column alone, whatever other columns and tables hold."""


def forget_references(table: Table) -> Table:
    """Forget the row numbers that a frame cached for references to other tables, which have
    changed."""
    return replace(table, cache=keep_cache(table))


def keep_cache(table: Table, changed: Container[str] = ()) -> dict[Any, Any]:
    """Return the facts of a frame's cache that still hold: of unchanged columns, or for arrays."""
    facts = {what: value for what, value in table.cache.items() if isinstance(what, tuple)}
    return {
        what: value
        for what, value in facts.items()
        if what[0] is remember_for or (what[0] in OF_COLUMNS and what[1] not in changed)
    }
