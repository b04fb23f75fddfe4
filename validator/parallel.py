"""Work of Arrow, numpy and hashing, which does not wait for Python, done side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

THREADS = 2
"""Each thread more would need more memory."""
LIGHT = 16 << 20
"""Bytes that are gone over sooner than threads have begun; measured: a district of 5 thousand students has 2.5 MB."""


def each(work: Callable[[T], U], things: Iterable[T], *, size: int) -> list[U]:
    """What the work makes of each thing, in their order; where one fails, those not yet begun are left undone.

    `size`: bytes of all that the work goes over; light work is done one after the other.
    """
    if size <= LIGHT:
        return [work(thing) for thing in things]
    pool = ThreadPoolExecutor(THREADS)
    try:
        return list(pool.map(work, things))
    finally:
        pool.shutdown(cancel_futures=True)


def both(one: Callable[[], T], other: Callable[[], U], *, size: int) -> tuple[T, U]:
    """What two pieces of work make, the one done beside the other unless it is light."""
    if size <= LIGHT:
        return one(), other()
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(one)
        made = other()
        return beside.result(), made
