"""Findings of two builds on many exports: those that appear, vanish or change their count."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.builds import ROOT, check_out
from validator.sample.writer import AS_OF, write_sample

REAL_DATA = ROOT.parent / "shared" / "real-data"
"""Rosters that are not part of the project; left out where they are not there."""

PROFILES = ("", "khan-academy")
"""Each export is checked for its own format ("") and for one app."""


@dataclass(frozen=True)
class Count:
    """The level of a finding and how many records it has; `None` where that is not counted."""

    level: str
    records: int | None

    def __str__(self) -> str:
        return f"{self.level} {self.records}"


@dataclass(frozen=True)
class Answer:
    """The answer of one build on an export: verdict, findings, seconds, bytes."""

    verdict: str
    findings: dict[str, Count]
    seconds: float
    memory: int


def main() -> None:
    """Check every set with both builds, and print a table of the differences."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("commit", help="the commit to compare the working tree with")
    parser.add_argument("sets", nargs="*", type=Path, help="exports (default: samples, real data)")
    parser.add_argument("--as-of", default="2025-01-15", help="the day of the real data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with check_out(options.commit, folder / "commit") as earlier:
            lines = ["| export | app | verdict | findings | seconds | memory |", "|---" * 6 + "|"]
            for export, day in _list_exports(options.sets, folder, options.as_of):
                for profile in PROFILES:
                    lines.append(_compare(export, profile, day, trees=(earlier, ROOT)))
                    print(lines[-1] if len(lines) > 3 else "\n".join(lines), flush=True)


def _list_exports(sets: Sequence[Path], folder: Path, day: str) -> Iterator[tuple[Path, str]]:
    """Yield each export and the day on which it is checked."""
    if sets:
        yield from ((path.resolve(), day) for path in sets)
        return
    for name in ("ready", "broken"):
        yield ROOT / "sample_data" / name, AS_OF.isoformat()
    write_sample(folder / "made-up-clean", 2_000, 7, faults=["none"])
    write_sample(folder / "made-up-faulty", 2_000, 7)
    for name in ("made-up-clean", "made-up-faulty"):
        yield folder / name, AS_OF.isoformat()
    if not REAL_DATA.is_dir():
        print("The real data is not there, so only samples are compared.", file=sys.stderr)
        return
    for path in sorted(REAL_DATA.iterdir()):
        if path.is_dir() and not path.name.startswith("courses-"):
            yield path, day


def _compare(export: Path, profile: str, day: str, *, trees: tuple[Path, Path]) -> str:
    """Return one line of the table."""
    before, now = (_check(tree, export, profile, day=day) for tree in trees)
    verdict = now.verdict if before.verdict == now.verdict else f"{before.verdict} → {now.verdict}"
    seconds = f"{before.seconds:.1f} → {now.seconds:.1f}"
    memory = f"{before.memory >> 20} → {now.memory >> 20} MiB"
    changes = _describe_changes(before, now) or "the same"
    cells = (export.name, profile or "its format", verdict, changes, seconds, memory)
    return f"| {' | '.join(cells)} |"


def _describe_changes(before: Answer, now: Answer) -> str:
    """Return the findings that appear (+), vanish (-) or have another level or count."""
    parts = []
    for rule in sorted({*before.findings, *now.findings}):
        was, is_now = before.findings.get(rule), now.findings.get(rule)
        if was == is_now:
            continue
        if was is None:
            parts.append(f"+ {rule} ({is_now})")
        elif is_now is None:
            parts.append(f"- {rule} ({was})")
        else:
            parts.append(f"{rule} ({was} → {is_now})")
    return "; ".join(parts)


def _check(tree: Path, export: Path, profile: str, *, day: str) -> Answer:
    """Return the answer of one build; an unknown layout is read by its own suggested map."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        arguments = ["check", str(export), "--as-of", day, "--report", "json", "--show-values"]
        arguments += ["--quiet", "--out", str(out)]
        arguments += ["--profile", profile] if profile else []
        code, seconds, memory = _run(tree, arguments)
        if code == 2 and export.name.startswith("sis-"):
            made = out / "map.yaml"
            _run(tree, ["columns", str(export), "--out", str(made)])
            code, seconds, memory = _run(tree, [*arguments, "--columns", str(made)])
        report = out / "report.json"
        if not report.is_file():
            return Answer(f"exit code {code}", {}, seconds, memory)
        return _read_answer(json.loads(report.read_bytes()), seconds, memory)


def _read_answer(report: dict[str, Any], seconds: float, memory: int) -> Answer:
    findings = {
        outcome["rule"]: Count(outcome["level"], outcome["count"])
        for outcome in report["outcomes"]
        if outcome["status"] in ("found", "broken", "waived")
    }
    for diagnosis in report.get("diagnoses", ()):
        sure = "" if diagnosis["sure"] else " (possible)"
        name = f"diagnosis {diagnosis['id']}{sure}"
        findings[name] = Count(diagnosis["level"], diagnosis["records"])
    return Answer(report["verdict"], findings, seconds, memory)


def _run(tree: Path, arguments: Sequence[str]) -> tuple[int, float, int]:
    """Return exit code, seconds and the largest bytes of memory of one run (0 on Windows)."""
    command = [sys.executable, "-m", "validator", *arguments]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if not hasattr(os, "wait4"):
        return process.wait(), time.perf_counter() - start, 0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.perf_counter() - start, usage.ru_maxrss << 10


if __name__ == "__main__":
    main()
