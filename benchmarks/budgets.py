"""Budgets of time and memory, and the measurements against them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Measured = Mapping[str, Any]
"""Everything that was measured, by kind and run."""

MIB = (1 << 20) / 1e6
"""Peaks are kept in MB of 2**20 bytes, the sizes of files in MB of 10**6."""


@dataclass(frozen=True)
class Budget:
    """A limit: `spent` takes the value from the measurements, None where they lack it."""

    run: str
    what: str
    most: float
    spent: Callable[[Measured], float | None]


def judged(run: Measured) -> float:
    """Seconds of reading and judging in one measured run."""
    return float(sum(run["steps"][step] for step in ("read", "rules", "report")))


def to_bytes(run: Measured) -> float:
    """The peak of reading and judging, as a ratio to the bytes of the files."""
    return float(run["peaks"]["report"] * MIB / run["megabytes"])


def _written(run: Measured) -> float:
    return float(sum(run["steps"][step] for step in ("html", "json", "xlsx")))


def _of(name: str, spent: Callable[[Measured], float]) -> Callable[[Measured], float | None]:
    """The value of one run."""

    def value(measured: Measured) -> float | None:
        speed = measured.get("speed", {})
        return spent(speed[name]) if name in speed else None

    return value


def _to(
    name: str, other: str, spent: Callable[[Measured], float]
) -> Callable[[Measured], float | None]:
    """The value of one run, as a ratio to another run."""

    def ratio(measured: Measured) -> float | None:
        speed = measured.get("speed", {})
        if name not in speed or other not in speed:
            return None
        return spent(speed[name]) / spent(speed[other])

    return ratio


def _districts(measured: Measured) -> float | None:
    runs = measured.get("portfolio", {})
    return runs.get("500 of 1,500 students, 2 processes", {}).get("ratio")


def _start(command: str, to: str = "") -> Callable[[Measured], float | None]:
    def spent(measured: Measured) -> float | None:
        run = measured.get("start", {}).get("start", {})
        if command not in run:
            return None
        return float(run[command] / run[to] if to else run[command])

    return spent


PASS, BYTES, MB, SECONDS = "csv.reader passes", "x the bytes", "MB", "s"
BUDGETS = [
    Budget("S, read and rules", SECONDS, 0.3, _of("S-1", judged)),
    Budget(
        "S, with all outputs", SECONDS, 1.5, _of("S-1", lambda run: judged(run) + _written(run))
    ),
    Budget("S, memory", MB, 220, _of("S-1", lambda run: run["peaks"]["report"])),
    Budget("M, read and rules", PASS, 1.5, _of("M-1", lambda run: judged(run) / run["reader"])),
    Budget("M, memory", MB, 400, _of("M-1", lambda run: run["peaks"]["report"])),
    Budget("L, read and rules", PASS, 1.5, _of("L-1", lambda run: judged(run) / run["reader"])),
    Budget(
        "L, read and rules", "pyarrow parses", 8, _of("L-1", lambda run: judged(run) / run["arrow"])
    ),
    Budget("L, memory", BYTES, 3, _of("L-1", to_bytes)),
    Budget(
        "L, everything missing and unknown", "x the normal run", 1.5, _to("L-worst", "L-1", judged)
    ),
    Budget("L, everything missing and unknown, memory", BYTES, 3.5, _of("L-worst", to_bytes)),
    Budget(
        "L, one broken line in the enrollments",
        "x the same without it",
        1.5,
        _to("L-line", "L-0", judged),
    ),
    Budget(
        "L, HTML, JSON and workbook",
        "x reading and rules",
        0.6,
        _of("L-1", lambda run: _written(run) / judged(run)),
    ),
    Budget(
        "L, HTML, JSON and workbook, memory",
        "MB more",
        150,
        _of("L-1", lambda run: run["peaks"]["xlsx"] - run["peaks"]["report"]),
    ),
    Budget(
        "XL, for a byte",
        "x the same at L",
        1.3,
        _to("XL-1", "L-1", lambda run: judged(run) / run["megabytes"]),
    ),
    Budget("XL, memory", BYTES, 2.5, _of("XL-1", to_bytes)),
    Budget("500 districts, two processes", "x one process", 0.65, _districts),
    Budget("`--help`", 'x `python -c "import typer"`', 2.5, _start("--help", "import typer")),
    Budget("`explain`", SECONDS, 0.5, _start("explain student-without-section")),
]


def lines(measured: Measured) -> str:
    """A line for each budget."""
    out = ["| run | budget | measured | |", "|---" * 4 + "|"]
    for budget in BUDGETS:
        spent = budget.spent(measured)
        shown, verdict = "", "not measured"
        if spent is not None:
            shown = f"{spent:,.0f}" if budget.what.startswith(MB) else f"{spent:.2f}"
            verdict = "met" if spent <= budget.most else "**missed**"
        out.append(f"| {budget.run} | {budget.most:g} {budget.what} | {shown} | {verdict} |")
    return "\n".join(out) + "\n"
