"""`python -m fuzz --minutes 10 [--target tokenizer] [--seed 1]`: how often each target ran, and what broke it.

With `--engine atheris` (installed beside, from its own package) new inputs are chosen by what code they reach, one
target at a time. What breaks a target is written to fuzz/crashes/<target>/, where a test runs it for ever after.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from fuzz.mutate import LONGEST, mutated


def _watched() -> AbstractContextManager[Any]:
    """While modules are imported: atheris puts its marks into them, where it was asked for."""
    if "atheris" not in sys.argv:
        return nullcontext()
    import atheris

    return atheris.instrument_imports(include=["validator", "zipfile", "openpyxl", "yaml"])


with _watched():
    from fuzz.targets import TARGETS

CRASHES = Path(__file__).parent / "crashes"
KEPT = 400
"""Inputs that others are made of."""
SLOW = 5.0
"""Seconds of processor time after which an input of a few kilobytes counts as broken: somebody could make us hang."""


def run(name: str, *, seconds: float = 0, times: int = 0, seed: int = 0) -> tuple[int, int, dict[str, bytes]]:
    """How often a target ran, how many single values it read, and the input of each kind of failure."""
    target, chance = TARGETS[name], random.Random(f"{seed} {name}")
    corpus = [*target.seeds(), *(path.read_bytes() for path in sorted((CRASHES / name).glob("*")))]
    first, count, values, broken = len(corpus), 0, 0, {}
    until = time.monotonic() + seconds
    while (times and count < times) or (seconds and time.monotonic() < until):
        data = b"\n".join(mutated(chance.choice(corpus), chance, target.pieces, corpus) for _ in range(target.batch))
        count += target.batch
        values += data.count(b"\n") + 1 if target.batch > 1 else 1
        started = time.process_time()
        try:
            target.run(data)
            if time.process_time() - started > SLOW:
                raise TimeoutError("slow")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            at = traceback.extract_tb(error.__traceback__)[-1]
            broken.setdefault(f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}", data)
        if chance.random() < 0.02:  # what came of a few is changed further
            at = chance.randint(first, len(corpus)) if len(corpus) < KEPT else chance.randrange(first, KEPT)
            corpus[at:at + 1] = [data[:LONGEST]]
    return count, values, broken


def keep(name: str, broken: dict[str, bytes]) -> None:
    """Writes what broke a target to the folder of its crashes."""
    for data in broken.values():
        path = CRASHES / name / hashlib.sha256(data).hexdigest()[:16]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def with_atheris(name: str, runs: int, minutes: float) -> None:
    """Runs one target under atheris; ends the program."""
    import atheris

    folder = Path("fuzz/corpus") / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[name].seeds()):
        (folder / f"seed{number}").write_bytes(data)
    words = folder.parent / f"{name}.dict"
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"\n'
                             for piece in TARGETS[name].pieces), encoding="ascii")
    (CRASHES / name).mkdir(parents=True, exist_ok=True)
    atheris.Setup([sys.argv[0], f"-dict={words}", f"-max_len={LONGEST}", f"-artifact_prefix={CRASHES / name}/",
                   f"-runs={runs or -1}", f"-max_total_time={int(minutes * 60)}", str(folder)],
                  TARGETS[name].run)
    atheris.Fuzz()


def main() -> int:
    """1 where something broke."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Throws bytes at everything that reads.")
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all of them")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--times", type=int, default=0, help="so many executions instead of minutes")
    parser.add_argument("--engine", choices=("own", "atheris"), default="own")
    asked = parser.parse_args()
    if asked.engine == "atheris":
        with_atheris((asked.target or list(TARGETS))[0], asked.times, asked.minutes)
    failed = 0
    for name in asked.target or TARGETS:
        count, values, broken = run(name, seconds=0 if asked.times else asked.minutes * 60, times=asked.times,
                                    seed=asked.seed)
        keep(name, broken)
        failed |= bool(broken)
        print(f"{name}: {count:,} executions, {values:,} values, {len(broken)} kinds of failure, seed {asked.seed}",
              *broken, sep="\n    ", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
