"""Threads for heavy work, and the same results where no thread can start."""

from __future__ import annotations

import threading

import pytest

from validator import parallel

HEAVY = parallel.LIGHT + 1


def run() -> tuple[list[str], set[str]]:
    """Results of some work, and the names of the threads that did it."""
    used = set()

    def work(number: int) -> str:
        used.add(threading.current_thread().name)
        return str(number)

    results = parallel.map_each(work, range(6), size=HEAVY)
    results += parallel.run_both(lambda: work(7), lambda: work(8), size=HEAVY)
    return results, used


def refuse_to_start(self: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


EXPECTED = ["0", "1", "2", "3", "4", "5", "7", "8"]


def test_heavy_work_uses_threads() -> None:
    results, used = run()
    assert results == EXPECTED
    assert used - {threading.current_thread().name}


def test_work_is_done_where_no_thread_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", refuse_to_start)
    assert run() == (EXPECTED, {threading.current_thread().name})


@pytest.mark.parametrize("size", [0, HEAVY])
def test_a_failure_reaches_the_caller(size: int) -> None:
    with pytest.raises(ZeroDivisionError):
        parallel.map_each(lambda number: 1 // number, [1, 0], size=size)
