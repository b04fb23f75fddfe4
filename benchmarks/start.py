"""Start-up time of the command line, next to that of Python with typer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks import tables

COMMANDS = {
    "import typer": ["-c", "import typer"],
    "--help": ["-m", "validator", "--help"],
    "explain student-without-section": ["-m", "validator", "explain", "student-without-section"],
    "rules": ["-m", "validator", "rules"],
}


def main(repeat: int = 7) -> None:
    """Measure the commands by turns, and keep the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(repeat):
        for name, command in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - begun)
    measured = {name: round(statistics.median(each), 3) for name, each in seconds.items()}
    tables.keep("start", "start", measured)
    tables.write()
    print(measured)


if __name__ == "__main__":
    main()
