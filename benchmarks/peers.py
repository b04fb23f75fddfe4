"""Other tools on part of our checks: missing, malformed and repeated values, unknown references.

Needs the extra `peers`. Each tool must find what was planted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import district, peer_tools, speed, tables

PLANTED = {
    "missing": "student-email-missing",
    "malformed": "student-email-invalid",
    "repeated": "student-email-repeated",
    "dob": "student-dob-missing",
    "section": "section-unknown",
    "student": "student-unknown",
    "enrollment": "enrollment-repeated",
}
TWO_WAYS = {"repeated", "enrollment"}
"""Tools count a repeated value once for each row after the first, or every row of it."""

QUIET = {"GX_ANALYTICS_ENABLED": "false"}
"""Nothing leaves this computer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the tools that are installed; always 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["S", "M"])
    parser.add_argument(
        "--tools", nargs="+", choices=peer_tools.TOOLS, default=list(peer_tools.TOOLS)
    )
    parser.add_argument(
        "--python", default=sys.executable, help="the Python that has them, when it is another one"
    )
    parser.add_argument("--folder", type=Path, help="the folder of benchmarks.speed")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.sizes:
            folder = (options.folder or Path(scratch)) / f"{size}-1"
            key = speed.prepare(folder, size, "1")
            arrow = speed.measure_arrow(folder)
            for tool in options.tools:
                run = _run(options.python, tool, folder)
                if run is not None:
                    _keep(tool, size, _summarize(run, key, arrow))
    tables.write()
    return 0


def _run(python: str, tool: str, folder: Path) -> dict[str, Any] | None:
    """The measurements of a tool in a fresh process, None where it did not run."""
    done = subprocess.run(
        [python, peer_tools.__file__, tool, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **QUIET},
    )
    if done.returncode:
        print(f"{tool} did not run: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _summarize(run: Mapping[str, Any], key: Mapping[str, int], arrow: float) -> dict[str, Any]:
    counts = run["found"]
    right = [name for name, rule in PLANTED.items() if counts[name] in _accepted(name, key[rule])]
    return {
        "seconds": run["seconds"],
        "peak": run["peak"],
        "arrow": arrow,
        "checks": len(PLANTED),
        "right": f"{len(right)} of {len(PLANTED)}",
    }


def _accepted(name: str, planted: int) -> set[int]:
    """The counts that a tool may report."""
    return {planted, planted // 2, planted * 2} if name in TWO_WAYS else {planted}


def _keep(tool: str, size: str, summary: dict[str, Any]) -> None:
    title = {"tool": tool.replace("_", " "), "size": size, "megabytes": district.SIZES[size]}
    tables.keep("peers", f"{tool}, {size}", {**title, **summary})
    ratio = summary["seconds"] / summary["arrow"]
    print(
        f"{tool}, {size}: {summary['seconds']:.1f} s, {ratio:.0f} x, {summary['right']}", flush=True
    )


if __name__ == "__main__":
    raise SystemExit(main())
