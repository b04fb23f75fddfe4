"""Other tools on part of our checks: missing, malformed and repeated values, unknown references.

Needs the extra `peers`. Each tool must find what was planted.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import district, peer_product, peer_tools, speed, tables
from benchmarks.peer_product import PLANTED

TWO_WAYS = {"repeated", "enrollment"}
"""Tools count a repeated value once for each row after the first, or every row of it."""

SLOW = {("frictionless", "M"), ("frictionless", "L")}
"""Runs that take too long."""

QUIET = {"GX_ANALYTICS_ENABLED": "false"}
"""Nothing leaves this computer."""

ROOT = Path(__file__).parent.parent
Measured = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the tools that are installed; always 0."""
    names = [*peer_tools.TOOLS, *peer_product.RUNS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["S", "M"])
    parser.add_argument("--tools", nargs="+", choices=names, default=names)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--python", default=sys.executable, help="the Python that has them, when it is another one"
    )
    parser.add_argument("--folder", type=Path, help="the folder of benchmarks.speed")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.sizes:
            folder = (options.folder or Path(scratch)).absolute() / f"{size}-1"
            key = speed.prepare(folder, size, "1")
            runs: dict[str, list[Measured]] = {}
            for _, tool in itertools.product(range(options.repeat), options.tools):
                if (tool, size) not in SLOW and all(runs.get(tool, ())):
                    runs.setdefault(tool, []).append(_run(options.python, tool, folder))
            for tool, measured in runs.items():
                if all(measured):
                    _keep(tool, size, _summarize(measured, key))
    tables.write()
    return 0


def _run(python: str, tool: str, folder: Path) -> Measured:
    """The measurements of a tool in a fresh process, empty where it did not run."""
    ours = tool in peer_product.RUNS
    module = "benchmarks.peer_product" if ours else "benchmarks.peer_tools"
    done = subprocess.run(
        [sys.executable if ours else python, "-m", module, tool, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **QUIET},
        cwd=ROOT,
    )
    if done.returncode:
        print(f"{tool} did not run: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return {}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _summarize(runs: Sequence[Measured], key: Mapping[str, int]) -> Measured:
    """Medians of the runs, and how many counts are those of the answer key."""
    counts = runs[0]["found"]
    right = [name for name, rule in PLANTED.items() if counts[name] in _accepted(name, key[rule])]
    measures = ("seconds", "cpu", "peak")
    return {
        "version": runs[0]["version"],
        "checks": runs[0].get("checks", len(PLANTED)),
        "right": f"{len(right)} of {len(PLANTED)}",
        **{name: statistics.median(run[name] for run in runs) for name in measures},
    }


def _accepted(name: str, planted: int) -> set[int]:
    """The counts that a tool may report."""
    return {planted, planted // 2, planted * 2} if name in TWO_WAYS else {planted}


def _keep(tool: str, size: str, summary: Measured) -> None:
    title = {"tool": tool.replace("_", " "), "size": size, "megabytes": district.SIZES[size]}
    tables.keep("peers", f"{tool}, {size}", {**title, **summary})
    shown = f"{summary['seconds']:.2f} s, {summary['cpu']:.2f} s of processor time"
    print(f"{tool}, {size}: {shown}, {summary['right']}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
