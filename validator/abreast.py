"""Work of Arrow, numpy and hashing, which does not wait for Python, done side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

THREADS = 2
"""Each thread more would need more memory."""


def each(work: Callable[[T], U], things: Iterable[T]) -> list[U]:
    """What the work makes of each thing, in their order; where one fails, those not yet begun are left undone."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        return list(pool.map(work, things))
    finally:
        pool.shutdown(cancel_futures=True)


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """What two pieces of work make, the one done beside the other."""
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(one)
        made = other()
        return beside.result(), made
