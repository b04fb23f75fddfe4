"""Threads for work that releases Python's lock: Arrow, NumPy and hashing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    return list(iterate_each(work, things, size=size))


def iterate_each(
    work: Callable[[T], U],
    things: Iterable[T],
    *,
    size: int,
    weigh: Callable[[T], int] = lambda _: 0,
) -> Iterator[U]:
    """Yield what `map_each` returns, each result as soon as it and those before it are there.

    `weigh`: threads begin with the things of most weight. In the calling thread, each thing is
    worked on when its result is asked for.
    """
    if size <= LIGHT or not _can_start_threads():
        yield from map(work, things)
        return
    from concurrent.futures import ThreadPoolExecutor  # light work needs none

    listed = list(things)
    order = sorted(range(len(listed)), key=lambda at: -weigh(listed[at]))
    pool = ThreadPoolExecutor(THREADS)
    try:
        futures = {at: pool.submit(work, listed[at]) for at in order}
        for at in range(len(listed)):
            yield futures.pop(at).result()
    finally:
        pool.shutdown(cancel_futures=True)


def map_from_both_ends(work: Callable[[T], U], things: Sequence[T], *, size: int) -> list[U]:
    """Return what `map_each` returns; one thread begins with the first thing, one with the last.

    For things whose neighbors share results: two threads that work on neighbors would wait for each
    other.
    """
    left, results = deque(enumerate(things)), dict[int, U]()

    def run(take: Callable[[], tuple[int, T]]) -> None:
        while True:
            try:
                at, thing = take()
            except IndexError:  # none is left
                return
            try:
                results[at] = work(thing)
            except BaseException:
                left.clear()
                raise

    run_both(lambda: run(left.popleft), lambda: run(left.pop), size=size)
    return [results[at] for at in range(len(things))]


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
