"""Cost of the diagnosis step: a clean district with and without it, and one with a damage."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyarrow import csv

from benchmarks import cells, district, speed, tables

CLEAN, DAMAGED = "clean", "damaged"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the clean and the damaged district by turns, and keep the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diagnosis", description=__doc__)
    parser.add_argument("--size", choices=district.SIZES, default="M")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the districts here and use them again")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        clean = folder / f"{options.size}-0"
        speed.prepare(clean, options.size, "0")
        damaged = folder / f"{options.size}-damaged"
        damage(clean, damaged)
        runs: dict[str, list[dict[str, Any]]] = {CLEAN: [], DAMAGED: []}
        for _ in range(options.repeat):
            for name, path in ((CLEAN, clean), (DAMAGED, damaged)):
                command = [sys.executable, "-m", "benchmarks.diagnosis", "--measure", str(path)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                runs[name].append(json.loads(done.stdout))
    measured = summarize(runs)
    tables.keep("diagnosis", options.size, measured)
    tables.write()
    print(json.dumps(measured, indent=1))
    return 0


def damage(clean: Path, damaged: Path) -> None:
    """Write the district with a letter before each student's id in the enrollments."""
    damaged.mkdir(parents=True, exist_ok=True)
    for file in clean.glob("*.csv"):
        (damaged / file.name).write_bytes(file.read_bytes())
    text = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, "string"))
    table = csv.read_csv(clean / "enrollments.csv", convert_options=text)
    at = table.column_names.index("Student_id")
    ids = cells.join("S", table.column(at))
    csv.write_csv(table.set_column(at, "Student_id", ids), damaged / "enrollments.csv")


COLUMNS = ("School_id", "Section_id", "Student_id")


def measure(folder: Path) -> dict[str, Any]:
    """Return the seconds of reading and judging, and of the diagnosis step."""
    from validator.assess.check import run_diagnosis
    from validator.engine import run
    from validator.ingest import read

    profile, context = speed.load_rules()
    begun, cpu = time.perf_counter(), time.process_time()
    export = read.read_export([folder])
    context = speed.fit_context(context, export)
    outcomes = run.judge(export, [profile], context)
    judged, judged_cpu = time.perf_counter(), time.process_time()
    diagnosed = run_diagnosis(export, outcomes, [profile], context=context)
    ended, ended_cpu = time.perf_counter(), time.process_time()
    return {
        "judge": judged - begun,
        "judge_cpu": judged_cpu - cpu,
        "diagnose": ended - judged,
        "diagnose_cpu": ended_cpu - judged_cpu,
        "diagnoses": [each.id for each in diagnosed.diagnoses],
    }


def summarize(runs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the medians, and the ratios in seconds and in processor seconds."""
    middle = {
        name: {
            key: round(statistics.median(run[key] for run in each), 3)
            for key in ("judge", "judge_cpu", "diagnose", "diagnose_cpu")
        }
        for name, each in runs.items()
    }
    ratios = {}
    for suffix in ("", "_cpu"):
        judge, more = middle[CLEAN][f"judge{suffix}"], middle[CLEAN][f"diagnose{suffix}"]
        spoiled = middle[DAMAGED][f"judge{suffix}"] + middle[DAMAGED][f"diagnose{suffix}"]
        ratios[f"clean{suffix}"] = round((judge + more) / judge, 3)
        ratios[f"damaged{suffix}"] = round(spoiled / (judge + more), 3)
    diagnoses = {name: each[0]["diagnoses"] for name, each in runs.items()}
    return {**middle, "ratios": ratios, "diagnoses": diagnoses}


if __name__ == "__main__":
    raise SystemExit(main())
