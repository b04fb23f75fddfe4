"""Random bytes for everything that reads: a bounded run, and every input that broke it once."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from functools import cache

import pytest

from tests.support.running import ROOT

sys.path.insert(0, str(ROOT))

from fuzz.__main__ import CRASHES, SLOW, Ran, run, smaller
from fuzz.mutate import LONGEST, mutate
from fuzz.targets import TARGETS

SEED = 8


def count_times(name: str) -> int:
    """How often a target is run."""
    return 300 // TARGETS[name].cost


@cache
def run_bounded(name: str) -> Ran:
    """What the bounded run of a target came to."""
    return run(name, times=count_times(name), seed=SEED)


@pytest.mark.promise("No bytes in a file make the program fail or break a report")
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_in_a_bounded_run(name: str) -> None:
    times, ran = count_times(name), run_bounded(name)
    assert ran.count >= times
    assert not ran.broken, f"python -m fuzz --target {name} --times {times} --seed {SEED}"


@pytest.mark.parametrize(
    ("name", "data"),
    [(name, path.read_bytes()) for name in TARGETS for path in sorted((CRASHES / name).glob("*"))],
)
def test_what_once_broke_it_breaks_it_no_more(name: str, data: bytes) -> None:
    started = time.process_time()
    TARGETS[name].run(data)
    assert time.process_time() - started < SLOW


def test_a_seed_gives_the_same_inputs_and_none_is_too_long() -> None:
    def made(seed: int) -> list[bytes]:
        chance = random.Random(seed)
        return [
            mutate(b"Pet_id,Kind\n1,cat\n" * 300, chance, pieces=(b"x" * 500,), others=[b"abc"])
            for _ in range(200)
        ]

    assert made(3) == made(3)
    assert made(3) != made(4)
    assert all(len(data) <= LONGEST for data in made(3))


def test_a_target_that_fails_is_noticed_and_its_input_made_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        TARGETS, "yaml", replace(TARGETS["yaml"], run=lambda data: b"rules" in data and data[9999])
    )
    broken = run("yaml", times=50, seed=1).broken
    assert list(broken.values()) == [b"rules"]
    assert next(iter(broken)).startswith("IndexError at ")
    assert smaller(TARGETS["yaml"], b"some rules of ours", next(iter(broken))) == b"rules"


def test_inputs_that_come_to_something_new_are_counted() -> None:
    assert len(run_bounded("tables").came_to) > 10
