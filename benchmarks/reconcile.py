"""Cost of reconciling three lists of one district: reading them, and reading and comparing them."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks import cells, district, speed

READ, WHOLE = "read", "whole"
LOST, CHANGED = 0.005, 0.001
"""Share of the students that each list after the first loses, and of addresses that it changes."""

HEADINGS = {
    "First_name": "Given name",
    "Last_name": "Family name",
    "Student_id": "SIS ID",
    "Student_email": "Mail",
    "Grade": "Level",
    "DOB": "Birthday",
}
"""Columns of the app's list, under its own headings."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure by turns, and print the medians and the ratio in processor seconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reconcile", description=__doc__)
    parser.add_argument("--size", choices=district.SIZES, default="M")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the lists here and use them again")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        part, folder = options.measure
        print(json.dumps(measure(part, Path(folder))))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.folder or Path(scratch)) / f"reconcile-{options.size}"
        if not (folder / "app.csv").exists():
            write_lists(folder, options.size)
        runs: dict[str, list[dict[str, float]]] = {READ: [], WHOLE: []}
        for _ in range(options.repeat):
            for part, measured in runs.items():
                words = ["-m", "benchmarks.reconcile", "--measure", part, str(folder)]
                done = subprocess.run([sys.executable, *words], check=True, capture_output=True)
                measured.append(json.loads(done.stdout))
    cpu = {part: statistics.median(run["cpu"] for run in each) for part, each in runs.items()}
    peak = max(run["peak"] for run in runs[WHOLE])
    print(json.dumps({**cpu, "ratio": round(cpu[WHOLE] / cpu[READ], 3), "peak": peak}, indent=1))
    return 0


def write_lists(folder: Path, size: str) -> None:
    """Write the SIS export, Clever's list and the app's list, each in another order."""
    random = np.random.default_rng(11)
    speed.prepare(folder / "sis", size, "0")
    shutil.copytree(folder / "sis", folder / "clever", dirs_exist_ok=True)
    text = csv.ConvertOptions(
        column_types=dict.fromkeys(district.STUDENT_COLUMNS, pa.string()), strings_can_be_null=False
    )
    students = csv.read_csv(folder / "sis" / "students.csv", convert_options=text)
    clever = _lose_some(students, random)
    at = clever.column_names.index("Student_email")
    addresses = clever.column(at).combine_chunks()
    is_changed = pa.array(random.random(len(clever)) < CHANGED)
    changed = pa.compute.if_else(is_changed, cells.join("new.", addresses), addresses)
    clever = clever.set_column(at, "Student_email", changed)
    csv.write_csv(clever, folder / "clever" / "students.csv")
    app = _lose_some(clever, random).select(list(HEADINGS)).rename_columns(list(HEADINGS.values()))
    csv.write_csv(app, folder / "app.csv")


def _lose_some(students: pa.Table, random: np.random.Generator) -> pa.Table:
    """Return most students, in another order."""
    kept = random.permutation(len(students))[int(LOST * len(students)) :]
    return students.take(pa.array(kept))


def measure(part: str, folder: Path) -> dict[str, float]:
    """Return the processor seconds of one part, and the peak of memory in MiB."""
    from validator.assess import Options, app_list, reconcile
    from validator.ingest import read
    from validator.rulebook import load

    grades, _ = load.load_vocabulary()
    begun = time.process_time()
    if part == READ:
        exports = [read.read_export([folder / name]) for name in ("clever", "sis")]
        app_list.read_app_list(folder / "app.csv", exports, grades)
    else:
        asked = reconcile.ReconcileOptions(
            check=Options(as_of=district.AS_OF),
            sis=[folder / "sis"],
            clever=[folder / "clever"],
            app=folder / "app.csv",
        )
        reconcile.reconcile(asked)
    spent = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"cpu": round(spent, 3), "peak": peak}


if __name__ == "__main__":
    raise SystemExit(main())
