"""Measurements, kept in measured.json and written as tables into docs/performance.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import budgets

HERE = Path(__file__).parent
KEPT = HERE / "measured.json"
PAGE = HERE.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->"
SLOWEST = 12


def keep(kind: str, name: str, measured: Mapping[str, Any]) -> None:
    """Store a measurement; it replaces the last one of that kind and name."""
    every = kept()
    every.setdefault(kind, {})[name] = measured
    KEPT.write_text(json.dumps(every, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def kept() -> dict[str, Any]:
    """Everything that was measured."""
    return dict(json.loads(KEPT.read_text(encoding="utf-8"))) if KEPT.exists() else {}


def write() -> None:
    """Write the tables into the page."""
    measured, text = kept(), PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    parts = ["### Budgets\n", budgets.lines(measured)]
    if measured.get("speed"):
        parts += [
            "### One district\n",
            speed_lines(measured["speed"]),
            growth_lines(measured["speed"]),
            rule_lines(measured["speed"]),
        ]
    if measured.get("diagnosis"):
        parts += ["### Diagnosis\n", _diagnosis(measured["diagnosis"])]
    if measured.get("peers"):
        parts += ["### The same checks with other tools\n", _peers(measured["peers"])]
    if measured.get("portfolio"):
        parts += ["### Many districts\n", _portfolio(measured["portfolio"])]
    if measured.get("start"):
        parts += ["### Start-up\n", _start(measured["start"]["start"])]
    if measured.get("page"):
        parts += ["### The page in the browser\n", _page(measured["page"])]
    PAGE.write_text(head + BEGIN + "\n" + "\n".join(parts) + "\n" + END + tail, encoding="utf-8")


def _ordered(runs: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(runs.items(), key=lambda run: (run[1]["megabytes"], run[0]))


def speed_lines(runs: Mapping[str, Any]) -> str:
    """A line for each size and share of faults.

    Times in seconds and as ratios; memory in MB and as a ratio to the bytes of the files.
    """
    lines = [
        "| size, faults | MB | rows | pyarrow parse | csv.reader | read | rules | report | html "
        "| json | xlsx | read + rules / csv.reader | the same in processor time "
        "| read + rules / pyarrow | peak of read + rules | peak / bytes | peak with outputs "
        "| answer key |",
        "|---" * 18 + "|",
    ]
    for name, run in _ordered(runs):
        steps, peaks = run["steps"], run["peaks"]
        judged = budgets.judged(run)
        times = " | ".join(
            f"{steps[step]:.2f} s" for step in ("read", "rules", "report", "html", "json", "xlsx")
        )
        wrong = run.get("wrong", [])
        lines.append(
            f"| {name.replace('-', ', ')} | {run['megabytes']:,.1f} | {run['rows']:,} "
            f"| {run['arrow']:.2f} s | {run['reader']:.2f} s | {times} "
            f"| {judged / run['reader']:.2f} "
            f"| {run['cpu'] / run['reader_cpu']:.2f} | {judged / run['arrow']:.1f} "
            f"| {peaks['report']:,.0f} MB | {budgets.to_bytes(run):.1f} "
            f"| {peaks['xlsx']:,.0f} MB | {'equal' if not wrong else f'{len(wrong)} differ'} |"
        )
    return "\n".join(lines) + "\n"


def growth_lines(runs: Mapping[str, Any]) -> str:
    """Microseconds of reading and judging a row at each size, by share of faults."""
    sizes = list(dict.fromkeys(name.partition("-")[0] for name, _ in _ordered(runs)))
    lines = [
        "Reading and judging, in microseconds a row (a fixed part of a second or less weighs on "
        "small files):",
        "",
        f"| faults | {' | '.join(sizes)} |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for faults in sorted({name.partition("-")[2] for name in runs}):
        at_size = [runs.get(f"{size}-{faults}") for size in sizes]
        cells = [f"{1e6 * budgets.judged(run) / run['rows']:.2f}" if run else "" for run in at_size]
        lines.append(f"| {faults} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def rule_lines(runs: Mapping[str, Any]) -> str:
    """The rules that take longest in the largest run, with their share of a csv.reader pass."""
    name, run = _ordered(runs)[-1]
    slowest = sorted(run["rules"].items(), key=lambda rule: -rule[1])[:SLOWEST]
    lines = [
        f"The slowest of {len(run['rules'])} rules at {name.replace('-', ', faults ')} (a column "
        "is encoded for the first rule that needs it, and its time counts there):",
        "",
        "| rule | seconds | of a csv.reader pass |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{rule}` | {seconds:.3f} | {seconds / run['reader']:.2f} |" for rule, seconds in slowest
    ]
    return "\n".join(lines) + "\n"


def _peers(runs: Mapping[str, Any]) -> str:
    """A line for each tool and size, by processor time for each rule."""
    lines = [
        "| tool | version | size | rules | seconds | processor seconds | ms a rule "
        "| processor ms a rule | peak | found as planted |",
        "|---" * 10 + "|",
    ]

    def cost(run: Mapping[str, Any]) -> tuple[int, float]:
        return run["megabytes"], run["cpu"] / run["checks"]

    for run in sorted(runs.values(), key=cost):
        wall, cpu = (run[name] * 1000 / run["checks"] for name in ("seconds", "cpu"))
        lines.append(
            f"| {run['tool']} | {run['version']} | {run['size']} | {run['checks']} "
            f"| {run['seconds']:.2f} | {run['cpu']:.2f} | {wall:,.1f} | {cpu:,.1f} "
            f"| {run['peak']:,.0f} MB | {run['right']} |"
        )
    return "\n".join(lines) + "\n"


def _portfolio(runs: Mapping[str, Any]) -> str:
    lines = [
        "| run | districts | seconds | districts a second | to one process | overview |",
        "|---" * 6 + "|",
    ]
    for name, run in sorted(runs.items()):
        lines.append(
            f"| {name} | {run['districts']:,} | {run['seconds']:.1f} "
            f"| {run['districts'] / run['seconds']:.1f} | {run.get('ratio', 1.0):.2f} "
            f"| {run['overview']} |"
        )
    lines += [
        "",
        *(
            f"Where the time of one small district goes ({name}): "
            + ", ".join(f"{step} {1000 * seconds:.0f} ms" for step, seconds in run["steps"].items())
            + "."
            for name, run in sorted(runs.items())
            if "steps" in run
        ),
    ]
    return "\n".join(lines) + "\n"


def _start(run: Mapping[str, Any]) -> str:
    lines = ['| command | seconds | to `python -c "import typer"` |', "|---|---|---|"]
    lines += [
        f"| `{name}` | {seconds:.2f} | {seconds / run['import typer']:.1f} |"
        for name, seconds in run.items()
    ]
    return "\n".join(lines) + "\n"


def _diagnosis(runs: Mapping[str, Any]) -> str:
    lines = [
        "Reading and judging with the diagnosis step, to the same without it; and the district",
        "with a letter before each student id of the enrollments, to the clean one. Targets: 1.03",
        "and 1.5. In processor seconds in brackets.",
        "",
        "| size | read and judge, s | diagnosis, s | clean, with to without | damaged to clean |",
        "|---|---|---|---|---|",
    ]
    for size, run in sorted(runs.items()):
        clean, ratios = run["clean"], run["ratios"]
        lines.append(
            f"| {size} | {clean['judge']:.2f} | {clean['diagnose']:.2f} "
            f"| {ratios['clean']:.2f} ({ratios['clean_cpu']:.2f}) "
            f"| {ratios['damaged']:.2f} ({ratios['damaged_cpu']:.2f}) |"
        )
    return "\n".join(lines) + "\n"


def _page(runs: Mapping[str, Any]) -> str:
    """A line for each size of a district."""
    lines = [
        "In seconds, and in brackets in processor seconds of all processes. *Usable*: an export "
        "can be chosen. *Loaded*: the program is there that checks it.\n",
        "| students | usable, cold | usable, warm | loaded, cold | loaded, warm | check "
        "| the command, whole process | ratio | memory of the program | reports |",
        "|---" * 10 + "|",
    ]
    for students, run in sorted(runs.items(), key=lambda item: int(item[0])):
        names = ("cold", "warm", "check", "command", "ratio")
        usable = f"{run['cold_ready']:.1f} | {run['warm_ready']:.1f}"
        times = " | ".join(f"{run[name]:.1f} ({run[f'{name}_processor']:.1f})" for name in names)
        equal = "equal" if run["equal"] else "differ"
        lines.append(
            f"| {int(students):,} | {usable} | {times} | {run['heap']:,.0f} MB | {equal} |"
        )
    return "\n".join(lines) + "\n"
