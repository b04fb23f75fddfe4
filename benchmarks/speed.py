"""Time of reading, of every rule and of every output, against a bare parse of the same bytes."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import functools
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import district, tables
from benchmarks.peer_tools import read_peak

KINDS = ("arrow", "reader", "product")
PROFILE = "khan-academy"
Measured = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where the findings differ from the answer key."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=district.SIZES, default=["S", "M"])
    parser.add_argument("--faults", nargs="+", choices=district.KINDS, default=["1"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="keep the made-up districts here and use them again"
    )
    parser.add_argument("--measure", nargs=2, metavar=("KIND", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(MEASURES[options.measure[0]](Path(options.measure[1]))))
        return 0
    right = True
    with tempfile.TemporaryDirectory() as scratch:
        for size, faults in itertools.product(options.sizes, options.faults):
            name = f"{size}-{faults}"
            folder = (options.folder or Path(scratch)) / name
            key = prepare(folder, size, faults)
            runs = run(folder, options.repeat)
            wrong = differences(key, faults, runs["product"][0]["found"])
            right = right and not wrong
            tables.keep("speed", name, {**summary(runs), "wrong": wrong})
            print(tables.speed_lines({name: summary(runs)}), *wrong, sep="\n", flush=True)
    tables.write()
    return 0 if right else 1


def prepare(folder: Path, size: str, faults: str) -> dict[str, int]:
    """Write a district unless it is there already; return its answer key."""
    key = folder.with_suffix(".key.json")
    if not key.exists():
        key.parent.mkdir(parents=True, exist_ok=True)
        planted = district.write(folder, district.SIZES[size], faults=faults)
        key.write_text(json.dumps(planted), encoding="utf-8")
    return dict(json.loads(key.read_text(encoding="utf-8")))


def run(folder: Path, repeat: int) -> dict[str, list[Measured]]:
    """Measure each kind `repeat` times, by turns, each time in a fresh process."""
    runs: dict[str, list[Measured]] = {kind: [] for kind in KINDS}
    for _ in range(repeat):
        for kind in KINDS:
            command = [sys.executable, "-m", "benchmarks.speed", "--measure", kind, str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs[kind].append(json.loads(done.stdout))
    return runs


def differences(key: Mapping[str, int], faults: str, counts: Mapping[str, int]) -> list[str]:
    """Where the findings differ from the answer key; in the worst case only for planted rules."""
    rules = key if faults == "worst" else sorted(key.keys() | counts.keys())
    return [
        f"{rule}: {key.get(rule, 0)} planted, {counts.get(rule, 0)} found"
        for rule in rules
        if key.get(rule, 0) != counts.get(rule, 0)
    ]


def summary(runs: Mapping[str, Sequence[Measured]]) -> Measured:
    """Medians of the runs: seconds of every step, peak memory in MB, and the size of the files."""
    product = runs["product"]
    return {
        "megabytes": round(product[0]["bytes"] / 1e6, 1),
        "rows": product[0]["rows"],
        "repeat": len(product),
        "arrow": _median(runs["arrow"], "seconds"),
        "reader": _median(runs["reader"], "seconds"),
        "reader_cpu": _median(runs["reader"], "cpu"),
        "cpu": _median(product, "cpu"),
        "arrow_peak": _median(runs["arrow"], "peak"),
        "import": _median(product, "import"),
        **{part: _middle_of_parts(product, part) for part in ("steps", "peaks", "rules")},
    }


def _middle_of_parts(runs: Sequence[Measured], part: str) -> dict[str, float]:
    return {name: _middle([run[part][name] for run in runs]) for name in runs[0][part]}


def _median(runs: Sequence[Measured], name: str) -> float:
    return _middle([run[name] for run in runs])


def _middle(values: Sequence[float]) -> float:
    return round(statistics.median(values), 4)


def _peak() -> float:
    """Peak memory of this process in MB; its parent's does not count."""
    return round(read_peak())


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def _arrow(folder: Path) -> Measured:
    from pyarrow import csv as arrow_csv

    begun = time.perf_counter()
    lenient = arrow_csv.ParseOptions(invalid_row_handler=lambda _: "skip")
    parsed = [arrow_csv.read_csv(file, parse_options=lenient) for file in _files(folder)]
    measured = {"seconds": time.perf_counter() - begun, "peak": _peak(), "tables": len(parsed)}
    time.sleep(0.5)  # Python must not end before Arrow's threads have let go of its function
    return measured


def _reader(folder: Path) -> Measured:
    begun, cpu = time.perf_counter(), time.process_time()
    rows = 0
    for file in _files(folder):
        with file.open(encoding="utf-8", newline="") as text:
            rows += sum(1 for _ in csv.reader(text))
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "peak": _peak(),
        "rows": rows,
    }


@dataclass
class Meter:
    """Seconds and peaks of named steps, and seconds of each rule's check."""

    steps: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)
    rules: dict[str, float] = field(default_factory=dict)

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """Run and measure a step."""
        start = time.perf_counter()
        result = work()
        self.steps[name], self.peaks[name] = time.perf_counter() - start, _peak()
        return result

    def time_rules(self, run_check: Callable[..., Any]) -> Callable[..., Any]:
        """A function that runs a check and adds its time to that of the rule."""

        def timed(rule: Any, *context: Any) -> Any:
            start = time.perf_counter()
            try:
                return run_check(rule, *context)
            finally:
                spent = time.perf_counter() - start
                self.rules[rule.id] = self.rules.get(rule.id, 0.0) + spent

        return timed


def _product(folder: Path) -> Measured:
    """The complete product: all rules, and the three usual outputs."""
    sys.modules["hypothesis"] = None  # type: ignore[assignment]  # pandera loads it if installed
    begun = time.perf_counter()
    from validator.cli import console

    console.save_memory()
    import pandera.pandas as pandera

    from validator.engine import run
    from validator.ingest import read
    from validator.outputs import registry
    from validator.outputs.html import render as html
    from validator.outputs.json import render as document
    from validator.outputs.xlsx import render as xlsx

    loaded = {
        "import": time.perf_counter() - begun,
        "loaded": len([pandera, html, document, xlsx]),  # imported before the clock runs
    }
    profile, context = load_rules()
    meter = Meter()
    cpu = time.process_time()
    export = meter.step("read", lambda: read.read_export([folder]))
    context = fit_context(context, export)
    with mock.patch.object(run, "run_check", meter.time_rules(run.run_check)):
        outcomes = meter.step("rules", lambda: run.judge(export, [profile], context))
    report = meter.step("report", lambda: build(export, outcomes, profile))
    cpu = time.process_time() - cpu
    for kind in ("html", "json", "xlsx"):
        meter.step(kind, functools.partial(registry.render, report, kind))
    return {
        **loaded,
        **vars(meter),
        "cpu": cpu,
        "found": count(outcomes),
        "bytes": sum(file.stat().st_size for file in _files(folder)),
        "rows": sum(file.rows for file in export.files),
    }


def load_rules() -> tuple[Any, Any]:
    """The profile, and the context in which the engine runs its rules."""
    from validator.engine.run import CheckContext
    from validator.rulebook import load

    grades, electives = load.load_vocabulary()
    profile = load.load_profile(PROFILE, "clever")
    return profile, CheckContext(district.AS_OF, grades, electives)


def fit_context(context: Any, export: Any) -> Any:
    """The context, with the grades of an export's format."""
    return replace(context, grades=replace(context.grades, source=export.format))


def build(export: Any, outcomes: Sequence[Any], profile: Any) -> Any:
    """The report on a district."""
    from validator import __version__
    from validator.engine import report

    now = dt.datetime(2025, 10, 15, tzinfo=dt.UTC)
    info = report.RunInfo(as_of=district.AS_OF, version=__version__, generated_at=now)
    return report.build_report(export, outcomes, [profile], info=info)


def count(outcomes: Sequence[Any]) -> dict[str, int]:
    """Records by rule; facts are left out but for the one that is planted."""
    counts = {}
    for outcome in outcomes:
        name = outcome.rule.id
        if outcome.status == "broken":
            counts[f"{name} (broken)"] = 1
        elif outcome.status == "found" and (outcome.level != "fact" or name == "section-co-taught"):
            counts[name] = outcome.count
    return counts


MEASURES = {"arrow": _arrow, "reader": _reader, "product": _product}

if __name__ == "__main__":
    raise SystemExit(main())
