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


def test_threads_begin_with_the_things_of_most_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "THREADS", 1)
    begun = list[int]()
    results = parallel.iterate_each(
        lambda number: begun.append(number) or str(number), [1, 3, 2], size=HEAVY, weigh=abs
    )
    assert list(results) == ["1", "3", "2"]
    assert begun == [3, 2, 1]


def test_light_work_is_done_when_its_result_is_asked_for() -> None:
    begun = list[int]()
    results = parallel.iterate_each(
        lambda number: begun.append(number) or str(number), [1, 3, 2], size=0, weigh=abs
    )
    assert begun == []
    assert next(results) == "1"
    assert begun == [1]


def test_two_threads_work_from_both_ends() -> None:
    meeting = threading.Barrier(2)
    begun = list[int]()

    def work(number: int) -> str:
        begun.append(number)
        if len(begun) <= 2:
            meeting.wait(60)
        return str(number)

    results = parallel.map_from_both_ends(work, range(5), size=HEAVY)
    assert results == ["0", "1", "2", "3", "4"]
    assert set(begun[:2]) == {0, 4}


def test_light_work_begins_with_the_first_thing() -> None:
    begun = list[int]()
    parallel.map_from_both_ends(begun.append, range(4), size=0)
    assert begun == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [0, HEAVY])
def test_a_failure_at_one_end_reaches_the_caller(size: int) -> None:
    def work(number: int) -> None:
        if number == 0:
            raise IndexError

    with pytest.raises(IndexError):
        parallel.map_from_both_ends(work, range(4), size=size)
