"""`python -m fuzz --minutes 10 [--target tokenizer] [--seed 1]`: how often each target ran, and what broke it.

Inputs are changes of known ones, and a seed makes the same again. With `--engine atheris` (installed beside, from its
own package) they are chosen by what code they reach, one target at a time. What breaks a target is made small and
written to the folder of `--found`; once it lies in fuzz/crashes/<target>/, under a name that says what it is, a test
runs it.
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

from fuzz.mutate import LONGEST, mutated


def _watched() -> AbstractContextManager[Any]:
    """While modules are imported: atheris puts its marks into them, where it was asked for."""
    if "atheris" not in sys.argv:
        return nullcontext()
    import atheris

    return atheris.instrument_imports(include=["validator", "zipfile", "openpyxl", "yaml"])


with _watched():
    from fuzz.targets import TARGETS, Target

CRASHES = Path(__file__).parent / "crashes"
KEPT = 1000
"""Inputs that others are made of."""
SLOW = 5.0
"""Seconds of processor time after which an input of a few kilobytes counts as broken: somebody could make us hang."""


@dataclass
class Ran:
    """How many inputs a target took, the different ends they came to, the smallest input of each kind of failure."""

    count: int = 0
    came_to: set[Any] = field(default_factory=set)
    broken: dict[str, bytes] = field(default_factory=dict)


def run(name: str, *, seconds: float = 0, times: int = 0, seed: int = 0, batch: int = 0) -> Ran:
    """Runs a target on changes of its first inputs and of those that came to something new; a seed makes them again.

    `batch`: so many inputs in one execution, where not as many as the target says.
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
        data = b"\n".join(mutated(base, chance, target.pieces, corpus) for base in bases)
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
    """What once broke a target."""
    return sorted((CRASHES / name).glob("*"))


def tried(target: Target, data: bytes) -> tuple[Any, str]:
    """What an input came to, and the kind of failure where it broke the target."""
    started = time.process_time()
    try:
        came_to = target.run(data)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        at = traceback.extract_tb(error.__traceback__)[-1]
        return None, f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
    return came_to, "slow" if time.process_time() - started > SLOW else ""


def smaller(target: Target, data: bytes, failure: str) -> bytes:
    """The input without all that it can do without and still fail in the same way."""
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
    """Writes what broke a target to a folder."""
    for data in broken.values():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def with_atheris(name: str, asked: argparse.Namespace) -> None:
    """Runs one target under atheris; ends the program."""
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
    """1 where something broke."""
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description="Throws bytes at everything that reads."
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all of them")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--times", type=int, default=0, help="so many inputs instead of minutes")
    parser.add_argument(
        "--found",
        type=Path,
        default=Path(tempfile.gettempdir()) / "fuzz-found",
        metavar="DIR",
        help="where what breaks a target is written",
    )
    parser.add_argument(
        "--batch", type=int, default=0, help="inputs in one execution; default: as the target says"
    )
    parser.add_argument("--engine", choices=("own", "atheris"), default="own")
    asked = parser.parse_args()
    pa.set_cpu_count(1)  # more threads only cost time where inputs are small
    if asked.engine == "atheris":
        with_atheris((asked.target or list(TARGETS))[0], asked)
    failed = 0
    for name in asked.target or TARGETS:
        started = time.monotonic()
        ran = run(
            name,
            seconds=0 if asked.times else asked.minutes * 60,
            times=asked.times,
            seed=asked.seed,
            batch=asked.batch,
        )
        keep(asked.found / name, ran.broken)
        failed |= bool(ran.broken)
        print(
            f"{name}: {ran.count:,} inputs in {ran.count // (asked.batch or TARGETS[name].batch):,} executions, "
            f"{time.monotonic() - started:,.0f} s, {len(ran.came_to):,} different ends, "
            f"{len(ran.broken)} kinds of failure, seed {asked.seed}",
            *ran.broken,
            sep="\n    ",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
