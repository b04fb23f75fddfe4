"""Many small districts: how many a second with one process, two, and a Dask cluster of two workers that lose one."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import district, tables

FILES = ("portfolio.json", "portfolio.html", "portfolio.xlsx")
WAYS = (
    "1 process",
    "2 processes",
    "2 processes, killed and begun again",
    "2 Dask workers",
    "2 Dask workers, killed and begun again",
    "1 of 2 Dask workers killed",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where a way of doing the work gives another overview than one process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many", description=__doc__)
    parser.add_argument("--districts", type=int, default=500)
    parser.add_argument("--students", type=int, default=1_500, help="of each district, about")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--folder", type=Path, help="keep the districts here and use them again")
    told = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = told.folder or Path(scratch) / "districts"
        made = Path(scratch) / "out"
        _districts(folder, told.districts, told.students)
        wanted, alone, right = "", 0.0, True
        for way in ["1 process", *(way for way in told.ways if way != "1 process")]:
            shutil.rmtree(made, ignore_errors=True)
            begun = time.perf_counter()
            _assess(way, folder, made)
            seconds, found = time.perf_counter() - begun, _fingerprint(made)
            wanted, alone = wanted or found, alone or seconds
            right = right and found == wanted
            same = "equal, byte for byte" if found == wanted else "differs"
            measured: dict[str, Any] = {
                "districts": told.districts,
                "seconds": seconds,
                "ratio": seconds / alone,
                "overview": "" if way == "1 process" else same,
            }
            if way == "1 process":
                measured["steps"] = _steps(folder)
            tables.keep(
                "portfolio", f"{told.districts} of {told.students:,} students, {way}", measured
            )
            print(
                f"{way}: {seconds:.1f} s, {told.districts / seconds:.1f} a second, {same}",
                flush=True,
            )
    tables.write()
    return 0 if right else 1


def _districts(folder: Path, count: int, students: int) -> None:
    """Writes the districts that are not there yet; every third has faults."""
    for number in range(count):
        if not (folder / f"district-{number:04}").is_dir():
            district.write(
                folder / f"district-{number:04}", students, number, "1" if number % 3 == 0 else "0"
            )


def _assess(way: str, folder: Path, out: Path) -> None:
    if "Dask" in way:
        _on_cluster(folder, out, way)
        return
    if "killed" in way:
        _killed(_command(folder, out, way[0]), folder, out)
    subprocess.run(_command(folder, out, way[0]), check=False)


def _killed(command: Sequence[str], folder: Path, out: Path) -> None:
    """Runs the command and kills it when half of the districts are done."""
    process = subprocess.Popen(command)
    while _done(folder, out) < 0.5:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _done(folder: Path, out: Path) -> float:
    """The share of the districts that are done."""
    return len(list((out / "districts").glob("*.json"))) / len(list(folder.iterdir()))


def _command(folder: Path, out: Path, jobs: str, *more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "validator",
        "portfolio",
        str(folder),
        "-o",
        str(out),
        "-q",
        "-p",
        "khan-academy",
        "--as-of",
        district.AS_OF.isoformat(),
        "--jobs",
        jobs,
        *more,
    ]


def _on_cluster(folder: Path, out: Path, way: str) -> None:
    """Runs on a cluster of two workers on this machine; one of them, or the run, is killed where the way says so."""
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as held:
        command = _command(folder, out, "1", "--cluster", held.scheduler_address)
        if "begun again" in way:
            _killed(command, folder, out)
        process = subprocess.Popen(command)
        kill = way.startswith("1 of 2")
        while kill and process.poll() is None:
            if _done(folder, out) >= 0.25:
                os.kill(next(iter(held.workers.values())).pid, signal.SIGKILL)
                kill = False
            time.sleep(0.05)
        process.wait()


def _fingerprint(out: Path) -> str:
    return hashlib.sha256(b"".join((out / name).read_bytes() for name in FILES)).hexdigest()


def _steps(folder: Path) -> dict[str, float]:
    """Where the time of a district goes, median of ten, after everything is loaded."""
    from validator import __version__
    from validator.engine import report, run
    from validator.ingest import read
    from validator.rulebook import load

    seconds: dict[str, list[float]] = {"packs": [], "read": [], "rules": [], "report": []}
    for path in sorted(folder.iterdir())[:11]:
        marks = [time.perf_counter()]
        profile = load.load_profile("khan-academy", "clever")
        grades, electives = load.load_vocabulary()
        marks.append(time.perf_counter())
        export = read.read_export([path])
        marks.append(time.perf_counter())
        around = run.CheckContext(district.AS_OF, replace(grades, source=export.format), electives)
        outcomes = run.judge(export, [profile], around)
        marks.append(time.perf_counter())
        info = report.RunInfo(as_of=dt.date(2025, 10, 15), version=__version__)
        report.build_report(export, outcomes, [profile], info)
        marks.append(time.perf_counter())
        for name, begun, ended in zip(seconds, marks, marks[1:], strict=False):
            seconds[name].append(ended - begun)
    return {name: statistics.median(values[1:]) for name, values in seconds.items()}


if __name__ == "__main__":
    raise SystemExit(main())
