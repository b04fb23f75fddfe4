"""Two builds next to each other: the working tree and an earlier commit, by processor time."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from validator.sample.writer import AS_OF, write_sample

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
SIZES = (500, 5_000)
"""Students of the sample districts."""
TREE = "{tree}"
"""In the words of a command: the name of the build's tree. No build replaces another's reports."""
UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")


def main() -> None:
    """Measure both builds by turns, and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.builds", description=__doc__)
    parser.add_argument("commit", help="the commit to compare the working tree with")
    parser.add_argument("--repeat", type=int, default=7, help="runs of each build (default 7)")
    options = parser.parse_args()
    _pin_to_one_cpu()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _hide_test_tools(folder / "hidden")
        with check_out(options.commit, folder / "commit") as earlier:
            measurements = {
                title: _measure_by_turns([ROOT, earlier], arguments, options.repeat)
                for title, arguments in _list_commands(folder).items()
            }
    print(format_table(measurements, options.commit))


def _pin_to_one_cpu() -> None:
    """Run this process and its children on one CPU, on platforms that can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _hide_test_tools(folder: Path) -> None:
    """Keep both builds from importing hypothesis, which pandera does where it is installed.

    People who install rosterready do not have it; it takes a tenth of a second.
    """
    folder.mkdir()
    (folder / "hypothesis.py").write_text("raise ImportError\n", encoding="utf-8")
    os.environ["PYTHONPATH"] = str(folder)


@contextmanager
def check_out(commit: str, folder: Path) -> Iterator[Path]:
    """The tree of the commit in this folder, removed at the end."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def _list_commands(folder: Path) -> dict[str, list[str]]:
    """The commands to measure, by title; writes the districts that they read."""
    commands = {
        "explain": ["explain", "student-without-section"],
        "rules": ["rules"],
        "profiles": ["profiles"],
    }
    for students in SIZES:
        for title, faults in (("", None), (" without faults", ["none"])):
            district = folder / f"{students}{title.replace(' ', '-')}"
            write_sample(district, students, faults=faults)
            commands[f"check, {students:,} students{title}"] = [
                *("check", str(district), "--profile", "khan-academy", "--quiet"),
                *("--as-of", str(AS_OF), "--out", str(folder / f"report-{TREE}")),
            ]
    return commands


def _measure_by_turns(
    trees: Sequence[Path], arguments: Sequence[str], repeat: int
) -> list[tuple[float, ...]]:
    """Processor seconds of each tree in each round; the first round only warms up."""
    rounds = [tuple(_run(tree, arguments) for tree in trees) for _ in range(repeat + 1)]
    return rounds[1:]


def _run(tree: Path, arguments: Sequence[str]) -> float:
    """Processor seconds of one run (wall-clock seconds on Windows).

    Python keeps what it compiles, as it does for people, each tree for itself.
    """
    words = [word.replace(TREE, tree.name) for word in arguments]
    command = [sys.executable, "-m", "validator", *words]
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    before = _read_clock()
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):  # 1: the district is not ready, as planned
        raise SystemExit(f"{tree}: exit code {done.returncode}\n{done.stderr}")
    return _read_clock() - before


def _read_clock() -> float:
    if resource is None:
        return time.perf_counter()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def format_table(measurements: dict[str, list[tuple[float, ...]]], commit: str) -> str:
    """Medians of both builds, and the median and range of the ratios of paired runs."""
    lines = [f"| run | {commit} | now | now / {commit} | from | to |", "|---|---|---|---|---|---|"]
    for title, rounds in measurements.items():
        ratios = [now / earlier for now, earlier in rounds]
        now, earlier = (statistics.median(seconds) for seconds in zip(*rounds, strict=True))
        lines.append(
            f"| {title} | {earlier:.2f} s | {now:.2f} s | {statistics.median(ratios):.2f} "
            f"| {min(ratios):.2f} | {max(ratios):.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
