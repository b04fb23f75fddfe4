"""Many districts: assess each in a separate process, keep finished ones, and sum them up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from validator import __version__
from validator.model import Level, Verdict, dataclass
from validator.outputs.registry import write_whole
from validator.portfolio import district, run
from validator.portfolio.district import FINAL, Conditions, Job, Row
from validator.portfolio.overview import build_overview, render_files

DONE, REPORTS = "districts", "reports"
"""Folders inside the output folder: finished districts, one file each, and their reports."""


@dataclass(frozen=True)
class RunOptions:
    """Where districts of a portfolio are assessed, and the limits for each of them.

    `jobs`: processes on this machine. `cluster`: the address of a cluster to use instead of them.
    `limit`: seconds per district. `memory`: bytes per district (None: no limit).
    """

    jobs: int = 1
    cluster: str = ""
    limit: float = 1800.0
    memory: int | None = None


def assess(
    folders: Sequence[Path],
    out: Path,
    conditions: Conditions,
    *,
    options: RunOptions,
    progress: Callable[[str, float], None] | None = None,
) -> dict[str, Any]:
    """Assess all districts; return the overview that is written as JSON, HTML and XLSX.

    Answers of an earlier run in `out` are used again if files, rules and the day are the same.
    Raises BadUsage for folders without districts, a bad pack, or a cluster that does not answer.
    """
    jobs = district.list_jobs(folders, out, conditions)
    kept = out / DONE
    for folder in (kept, out / REPORTS):
        folder.mkdir(parents=True, exist_ok=True)
    answers = {job.name: _read_answer(kept / district.name_file(job.name)) for job in jobs}
    rows: dict[str, Row] = {}
    for job in jobs:
        answer = answers[job.name]
        if answer is not None and _is_current(answer, job, out):
            rows[job.name] = answer
    open_jobs = [job for job in jobs if job.name not in rows]
    for name, row in _yield_results(open_jobs, options):
        rows[name] = _keep(row, answers[name], out)
        if progress:
            progress(f"{len(rows)} of {len(jobs)} districts", len(rows) / len(jobs))
    summed: dict[str, Any] = build_overview(
        [rows[job.name] for job in jobs], conditions, _list_gone(kept, rows)
    )
    for name, content in render_files(summed).items():
        write_whole(out / name, content)
    return summed


def _is_current(answer: Row, job: Job, out: Path) -> bool:
    """Return whether a district's answer from an earlier run has the same files and rules."""
    if not job.digest or answer.get("digest") != job.digest or answer.get("status") not in FINAL:
        return False
    return answer.get("report") is None or (out / answer["report"]).is_file()


def _keep(row: Row, last: Row | None, out: Path) -> Row:
    """Write a district's answer and its own reports, and return the answer."""
    name = district.name_file(row["district"])
    reports = row.pop("reports", {})
    for ending, text in reports.items():
        write_whole(out / REPORTS / Path(name).with_suffix(f".{ending}"), text.encode())
    link = f"{REPORTS}/{Path(name).with_suffix('.html')}" if reports else None
    trend = district.add_point((last or {}).get("trend", ()), row)
    kept = {**row, "report": link, "before": district.read_last_answer(last), "trend": trend}
    write_whole(out / DONE / name, _encode_json(kept))
    return kept


def _yield_results(jobs: Sequence[Job], options: RunOptions) -> Iterator[tuple[str, Row]]:
    """Yield the rows of the portfolio's districts, in the order in which they finish."""
    if not jobs:
        return
    if options.cluster:
        from validator.portfolio import cluster  # dask loads only where it is asked for

        results = cluster.yield_results(
            jobs, options.cluster, limit=options.limit, memory=options.memory
        )
    else:
        results = run.yield_results(jobs, options.jobs, limit=options.limit, memory=options.memory)
    with closing(results):
        yield from results


def _read_answer(path: Path) -> Row | None:
    """Return the answer on a district that an earlier run kept, None for none."""
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) and answer.get("version") == __version__ else None


def _list_gone(kept: Path, rows: dict[str, Row]) -> list[str]:
    """Return the districts of earlier runs that are not in this one."""
    files = {district.name_file(name) for name in rows}
    answers = (_read_answer(path) for path in sorted(kept.glob("*.json")) if path.name not in files)
    return sorted(str(row["district"]) for row in answers if row)


def _encode_json(value: Any) -> bytes:
    """Return the answer on a district as JSON, to keep it next to its report."""
    # ASCII keeps every file name, even one that is not valid text.
    return (json.dumps(value, indent=1) + "\n").encode("ascii")


def exit_code(summed: dict[str, Any], fail_on: str) -> int:
    """Return the exit code of a run over a portfolio of many districts.

    4 for an unfinished district or a broken rule, 1 for a finding that fails, 3 for an unclear
    verdict, else 0.
    """
    rows = summed["districts"]
    if any(row["status"] == district.FAILED or row["errors"] for row in rows):
        return 4
    if fail_on == "never":
        return 0 if any(row["status"] == district.ASSESSED for row in rows) else 3
    least = Level(fail_on).rank
    if any(
        Level(rule["level"]).rank <= least and not rule["unreadable"]
        for row in rows
        for rule in row["rules"]
        if rule["status"] == "found"
    ):
        return 1
    return 3 if any(row["verdict"] == Verdict.COULD_NOT_TELL for row in rows) else 0
