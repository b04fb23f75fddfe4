"""Many small districts, with one process, two, and a Dask cluster that loses a worker."""

from __future__ import annotations

import argparse
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
from pathlib import Path
from typing import Any

from benchmarks import district, speed, tables

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
    """0, or 1 where another way of working gives another overview than one process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many", description=__doc__)
    parser.add_argument("--districts", type=int, default=500)
    parser.add_argument("--students", type=int, default=1_500, help="of each district, about")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--folder", type=Path, help="keep the districts here and use them again")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "districts"
        out = Path(scratch) / "out"
        _districts(folder, options.districts, options.students)
        first, alone, right = "", 0.0, True
        for way in ["1 process", *(way for way in options.ways if way != "1 process")]:
            shutil.rmtree(out, ignore_errors=True)
            begun = time.perf_counter()
            _assess(way, folder, out)
            seconds, digest = time.perf_counter() - begun, _fingerprint(out)
            first, alone = first or digest, alone or seconds
            right = right and digest == first
            measured: dict[str, Any] = {
                "districts": options.districts,
                "seconds": seconds,
                "ratio": seconds / alone,
                "overview": "equal, byte for byte" if digest == first else "differs",
            }
            if way == "1 process":
                measured |= {"steps": _steps(folder), "overview": ""}
            name = f"{options.districts} of {options.students:,} students, {way}"
            tables.keep("portfolio", name, measured)
            print(f"{way}: {seconds:.1f} s, {measured['overview']}", flush=True)
    tables.write()
    return 0 if right else 1


def _districts(folder: Path, count: int, students: int) -> None:
    """Writes the districts that are not there yet; every third has faults."""
    for number in range(count):
        if not (folder / f"district-{number:04}").is_dir():
            district.write(
                folder / f"district-{number:04}",
                students,
                seed=number,
                faults="1" if number % 3 == 0 else "0",
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
    """Run on a cluster of two local workers; kill one of them, or the run, if the way says so."""
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        command = _command(folder, out, "1", "--cluster", cluster.scheduler_address)
        if "begun again" in way:
            _killed(command, folder, out)
        process = subprocess.Popen(command)
        kill = way.startswith("1 of 2")
        while kill and process.poll() is None:
            if _done(folder, out) >= 0.25:
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
                kill = False
            time.sleep(0.05)
        process.wait()


def _fingerprint(out: Path) -> str:
    return hashlib.sha256(b"".join((out / name).read_bytes() for name in FILES)).hexdigest()


def _steps(folder: Path) -> dict[str, float]:
    """Seconds of each step of a district, median of ten, after everything is loaded."""
    from validator.engine import run
    from validator.ingest import read

    seconds: dict[str, list[float]] = {"packs": [], "read": [], "rules": [], "report": []}
    for path in sorted(folder.iterdir())[:11]:
        marks = [time.perf_counter()]
        profile, context = speed.load_rules()
        marks.append(time.perf_counter())
        export = read.read_export([path])
        marks.append(time.perf_counter())
        context = speed.fit_context(context, export)
        outcomes = run.judge(export, [profile], context)
        marks.append(time.perf_counter())
        speed.build(export, outcomes, profile)
        marks.append(time.perf_counter())
        for name, begun, ended in zip(seconds, marks, marks[1:], strict=False):
            seconds[name].append(ended - begun)
    return {name: statistics.median(values[1:]) for name, values in seconds.items()}


if __name__ == "__main__":
    raise SystemExit(main())
