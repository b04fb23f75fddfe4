"""`python -m fuzz --minutes 10 [--target tokenizer] [--seed 1]`: run targets, report what breaks.

Inputs are mutations of known ones; a seed repeats a run. With `--engine atheris` (a package to be
installed separately) coverage chooses the inputs, one target at a time. An input that breaks a
target is reduced and written to the folder of `--found`. Moved to fuzz/crashes/<target>/, under a
name that describes it, it is run by every test run.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
import traceback
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from fuzz.mutate import LONGEST, mutate


def _watched() -> AbstractContextManager[Any]:
    """Let atheris, if it is the engine, instrument the modules that are imported meanwhile."""
    if "atheris" not in sys.argv:
        return nullcontext()
    import atheris

    return atheris.instrument_imports(include=["validator", "zipfile", "openpyxl", "yaml"])


with _watched():
    from fuzz.targets import TARGETS, Target

CRASHES = Path(__file__).parent / "crashes"
KEPT = 1000
"""Inputs that are kept to mutate further."""
SLOW = 5.0
"""Processor seconds after which an input of a few kilobytes counts as a failure: a hang."""


@dataclass
class Ran:
    """Inputs run, the distinct results, and the smallest input of each kind of failure."""

    count: int = 0
    came_to: set[Any] = field(default_factory=set)
    broken: dict[str, bytes] = field(default_factory=dict)


def run(name: str, *, seconds: float = 0, times: int = 0, seed: int = 0, batch: int = 0) -> Ran:
    """Run a target on mutations of its seeds and of inputs that gave a new result.

    `batch`: inputs in one execution; 0 for the target's own number.
    """
    target, chance = TARGETS[name], random.Random(f"{seed} {name}")
    target = replace(target, batch=batch or target.batch)
    seeds = [
        *target.seeds(),
        *(path.read_bytes()[: LONGEST // target.batch] for path in _known(name)),
    ]
    corpus, ran = list(seeds), Ran()
    until = time.monotonic() + seconds
    while (times and ran.count < times) or (seconds and time.monotonic() < until):
        bases = [
            chance.choice(corpus if chance.random() < 0.9 else seeds) for _ in range(target.batch)
        ]
        data = b"\n".join(
            mutate(base, chance, pieces=target.pieces, others=corpus) for base in bases
        )
        ran.count += target.batch
        came_to, failure = tried(target, data)
        if failure and (failure not in ran.broken or len(data) < len(ran.broken[failure])):
            ran.broken[failure] = data
        new = came_to not in ran.came_to and len(ran.came_to) < KEPT
        if new:
            ran.came_to.add(came_to)
        if new or chance.random() < 0.001 * target.batch:
            corpus.append(data[: LONGEST // target.batch])
            if len(corpus) > KEPT:
                del corpus[chance.randrange(len(seeds), KEPT)]
    ran.broken = {failure: smaller(target, data, failure) for failure, data in ran.broken.items()}
    return ran


def _known(name: str) -> list[Path]:
    """Inputs that broke a target before."""
    return sorted((CRASHES / name).glob("*"))


def tried(target: Target, data: bytes) -> tuple[Any, str]:
    """The result of an input, and the kind of failure, "" for none."""
    started = time.process_time()
    try:
        came_to = target.run(data)
    except Exception as error:  # noqa: BLE001 - any exception is a failure
        at = traceback.extract_tb(error.__traceback__)[-1]
        return None, f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
    return came_to, "slow" if time.process_time() - started > SLOW else ""


def smaller(target: Target, data: bytes, failure: str) -> bytes:
    """The input, reduced as long as it fails in the same way."""
    size = len(data) // 2
    while size and failure != "slow":
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size :]
            if tried(target, less)[1] == failure:
                data = less
            else:
                at += size
        size //= 2
    return data


def keep(folder: Path, broken: dict[str, bytes]) -> None:
    """Write the inputs that broke a target to a folder."""
    for data in broken.values():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def with_atheris(name: str, asked: argparse.Namespace) -> None:
    """Run one target under atheris, which ends the program."""
    import atheris

    folder = asked.found / name / "corpus"
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[name].seeds()):
        (folder / f"seed{number}").write_bytes(data)
    words = folder.parent / "words"
    words.write_text(
        "".join(
            '"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"\n'
            for piece in TARGETS[name].pieces
        ),
        encoding="ascii",
    )
    atheris.Setup(
        [
            sys.argv[0],
            f"-dict={words}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={folder.parent}/",
            f"-seed={asked.seed}",
            f"-runs={asked.times or -1}",
            f"-max_total_time={int(asked.minutes * 60)}",
            str(folder),
        ],
        lambda data: TARGETS[name].run(data) and None,
    )
    atheris.Fuzz()


def main() -> int:
    """1 where a target broke."""
    options = _parse()
    pa.set_cpu_count(1)  # more threads only cost time where inputs are small
    names = options.target or list(TARGETS)
    if options.engine == "atheris":
        with_atheris(names[0], options)
    failed = 0
    for name in names:
        started = time.monotonic()
        ran = run(
            name,
            seconds=0 if options.times else options.minutes * 60,
            times=options.times,
            seed=options.seed,
            batch=options.batch,
        )
        keep(options.found / name, ran.broken)
        failed |= bool(ran.broken)
        executions = ran.count // (options.batch or TARGETS[name].batch)
        print(
            f"{name}: {ran.count:,} inputs in {executions:,} executions, "
            f"{time.monotonic() - started:,.0f} s, {len(ran.came_to):,} distinct results, "
            f"{len(ran.broken)} kinds of failure, seed {options.seed}",
            *ran.broken,
            sep="\n    ",
            flush=True,
        )
    return int(failed)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description="Feed random bytes to everything that reads."
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all of them")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--times", type=int, default=0, help="number of inputs, instead of minutes")
    parser.add_argument(
        "--found",
        type=Path,
        default=Path(tempfile.gettempdir()) / "fuzz-found",
        metavar="DIR",
        help="where inputs that break a target are written",
    )
    parser.add_argument(
        "--batch", type=int, default=0, help="inputs in one execution; default: the target's number"
    )
    parser.add_argument("--engine", choices=("own", "atheris"), default="own")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
