"""Threads for work that releases Python's lock: Arrow, NumPy and hashing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

THREADS = 2
"""Each further thread would need more memory."""
LIGHT = 16 << 20
"""Bytes that are processed faster than threads start (measured; 5,000 students have 2.5 MB)."""


def map_each(work: Callable[[T], U], things: Iterable[T], *, size: int) -> list[U]:
    """Return the results of `work` for each thing, in order, from threads where that helps.

    `size`: bytes that the work goes through in all. Light work, and any work on a platform without
    threads (WebAssembly in a browser), runs in the calling thread.
    """
    if size <= LIGHT or not _can_start_threads():
        return [work(thing) for thing in things]
    from concurrent.futures import ThreadPoolExecutor  # light work needs none

    pool = ThreadPoolExecutor(THREADS)
    try:
        return list(pool.map(work, things))
    finally:
        pool.shutdown(cancel_futures=True)


def run_both(first: Callable[[], T], second: Callable[[], U], *, size: int) -> tuple[T, U]:
    """Return the results of both functions, run in threads at the same time."""
    if size <= LIGHT or not _can_start_threads():
        return first(), second()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(first)
        second_result = second()
        return future.result(), second_result


def _can_start_threads() -> bool:
    """Whether the platform can start a thread now."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        try:
            started = pool.submit(_do_nothing)
        except RuntimeError:  # "can't start new thread"
            return False
        started.result()
    return True


def _do_nothing() -> None:
    """Do nothing, as the first work of a thread, to see whether threads can be started."""
