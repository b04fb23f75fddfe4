"""How long reading, every rule and every output take, as ratios to a bare parse of the same bytes in the same run."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import district, tables

KINDS = ("arrow", "reader", "product")
PROFILE = "khan-academy"
Measured = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where what was found differs from the answer key."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=district.SIZES, default=["S", "M"])
    parser.add_argument("--faults", nargs="+", choices=district.KINDS, default=["1"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="keep the made-up districts here and use them again"
    )
    parser.add_argument("--measure", nargs=2, metavar=("KIND", "FOLDER"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.measure:
        print(json.dumps(MEASURES[told.measure[0]](Path(told.measure[1]))))
        return 0
    right = True
    with tempfile.TemporaryDirectory() as scratch:
        for size in told.sizes:
            for faults in told.faults:
                folder = (told.folder or Path(scratch)) / f"{size}-{faults}"
                runs = run(folder, size, faults, told.repeat)
                wrong = differences(folder, faults, runs["product"][0]["found"])
                right = right and not wrong
                tables.keep("speed", f"{size}-{faults}", {**summary(runs), "wrong": wrong})
                print(
                    tables.speed_lines({f"{size}-{faults}": summary(runs)}),
                    *wrong,
                    sep="\n",
                    flush=True,
                )
    tables.write()
    return 0 if right else 1


def run(folder: Path, size: str, faults: str, repeat: int) -> dict[str, list[Measured]]:
    """What each kind measured, so many times, each time in a fresh process, the kinds by turns."""
    key = folder.with_suffix(".key.json")
    if not key.exists():
        key.parent.mkdir(parents=True, exist_ok=True)
        key.write_text(
            json.dumps(district.write(folder, district.SIZES[size], faults=faults)),
            encoding="utf-8",
        )
    runs: dict[str, list[Measured]] = {kind: [] for kind in KINDS}
    for _ in range(repeat):
        for kind in KINDS:
            command = [sys.executable, "-m", "benchmarks.speed", "--measure", kind, str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs[kind].append(json.loads(done.stdout))
    return runs


def differences(folder: Path, faults: str, found: Mapping[str, int]) -> list[str]:
    """Where the findings are not those of the answer key; in the worst case only what was planted is compared."""
    key = json.loads(folder.with_suffix(".key.json").read_text(encoding="utf-8"))
    rules = key if faults == "worst" else sorted(key.keys() | found.keys())
    return [
        f"{rule}: {key.get(rule, 0)} planted, {found.get(rule, 0)} found"
        for rule in rules
        if key.get(rule, 0) != found.get(rule, 0)
    ]


def summary(runs: Mapping[str, Sequence[Measured]]) -> Measured:
    """Medians of the runs: seconds of every step, peaks of memory in MB, and the size of the files."""
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
        "steps": {
            name: _middle([one["steps"][name] for one in product]) for name in product[0]["steps"]
        },
        "peaks": {
            name: _middle([one["peaks"][name] for one in product]) for name in product[0]["peaks"]
        },
        "rules": {
            name: _middle([one["rules"][name] for one in product]) for name in product[0]["rules"]
        },
    }


def _median(runs: Sequence[Measured], name: str) -> float:
    return _middle([one[name] for one in runs])


def _middle(values: Sequence[float]) -> float:
    return round(statistics.median(values), 4)


def _peak() -> float:
    """The most memory that this process has had, in MB; what its parent had before does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        return round(int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / (1 << 10))  # type: ignore[index]
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def _arrow(folder: Path) -> Measured:
    from pyarrow import csv as arrow_csv

    begun = time.perf_counter()
    lenient = arrow_csv.ParseOptions(invalid_row_handler=lambda _: "skip")
    held = [
        arrow_csv.read_csv(file, parse_options=lenient) for file in _files(folder)
    ]  # as many threads as cores
    measured = {"seconds": time.perf_counter() - begun, "peak": _peak(), "tables": len(held)}
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


def _product(folder: Path) -> Measured:
    """The complete product: all rules, all outputs; each rule's time is that of its check in the order of the run."""
    sys.modules["hypothesis"] = None  # type: ignore[assignment]  # pandera loads it where tests have brought it along
    begun = time.perf_counter()
    import pandera.pandas as pandera

    from validator import __version__
    from validator.engine import report
    from validator.engine.run import CheckContext, _run, judge
    from validator.ingest import read
    from validator.outputs import registry
    from validator.outputs.html import render as html_render
    from validator.outputs.json import render
    from validator.outputs.xlsx import render as xlsx_render  # loaded before the clock runs
    from validator.rulebook import load

    loaded = {
        "import": time.perf_counter() - begun,
        "loaded": len([pandera, render, html_render, xlsx_render]),
    }
    rules: dict[str, float] = {}
    known = _run

    def timed(rule: Any, *around: Any) -> Any:
        start = time.perf_counter()
        try:
            return known(rule, *around)
        finally:
            rules[rule.id] = rules.get(rule.id, 0.0) + time.perf_counter() - start

    _run = timed
    profile = load.load_profile(PROFILE, "clever")
    grades, electives = load.load_vocabulary()
    steps: dict[str, float] = {}
    peaks: dict[str, float] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        made = work()
        steps[name], peaks[name] = time.perf_counter() - start, _peak()
        return made

    cpu = time.process_time()
    export = step("read", lambda: read.read_export([folder]))
    outcomes = step(
        "rules",
        lambda: judge(
            export,
            [profile],
            CheckContext(district.AS_OF, replace(grades, source=export.format), electives),
        ),
    )
    made = step(
        "report",
        lambda: report.build_report(
            export,
            outcomes,
            [profile],
            report.RunInfo(
                as_of=district.AS_OF,
                version=__version__,
                generated_at=dt.datetime(2025, 10, 15, tzinfo=dt.UTC),
            ),
        ),
    )
    cpu = time.process_time() - cpu
    for kind in ("html", "json", "xlsx"):
        step(kind, lambda kind=kind: registry.render(made, kind))  # type: ignore[misc]
    found = {
        outcome.rule.id: outcome.count
        for outcome in outcomes
        if outcome.status == "found"
        and (outcome.level != "fact" or outcome.rule.id == "section-co-taught")
    }
    found |= {
        f"{outcome.rule.id} (broken)": 1 for outcome in outcomes if outcome.status == "broken"
    }
    return {
        **loaded,
        "cpu": cpu,
        "steps": steps,
        "peaks": peaks,
        "rules": rules,
        "found": found,
        "bytes": sum(file.stat().st_size for file in _files(folder)),
        "rows": sum(file.rows for file in export.files),
    }


MEASURES = {"arrow": _arrow, "reader": _reader, "product": _product}

if __name__ == "__main__":
    raise SystemExit(main())
