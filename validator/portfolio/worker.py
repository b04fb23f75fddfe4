"""A process that assesses districts: jobs come in and rows go out as lines of JSON."""

from __future__ import annotations

import datetime as dt
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from validator import __version__
from validator.model import BadUsage, CannotRead, InputChanged, Report
from validator.portfolio import district
from validator.portfolio.district import Conditions, Job, Row
from validator.portfolio.summary import summarize

REPORTS = ("html", "json")
ROWS = 50
"""Rows that a district's own reports list for each finding."""


def assess_job(job: Job, memory: int | None = None) -> Row:
    """Return a district's row of the portfolio; if it fails, a row with the reason and no values.

    `reports` in the row: the district's own masked reports, by the ending of their files.
    """
    from validator.assess import Options, assess
    from validator.privacy.masking import mask

    conditions = job.conditions
    if not job.digest and not Path(job.path).exists():
        reason = "It cannot be reached: the folder, the file or the drive that it is on is missing."
        return district.build_unfinished(job, district.UNREADABLE, reason)
    try:
        options = Options(
            as_of=dt.date.fromisoformat(conditions.as_of),
            profiles=conditions.profiles,
            format=conditions.format,
            phase=conditions.phase,
            columns=conditions.columns,
            memory_limit=memory,
            district=job.name,
        )
        report = mask(assess([Path(job.path)], options), ROWS)
        return {**summarize(job, report), "reports": _render(report)}
    except CannotRead as error:
        return district.build_unfinished(job, district.UNREADABLE, str(error))
    except (BadUsage, InputChanged) as error:
        return district.build_unfinished(job, district.FAILED, str(error))
    except Exception as error:  # noqa: BLE001 - one district must not take the others with it
        frames = traceback.extract_tb(error.__traceback__)
        where = (
            f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
            if frames
            else "an unknown place"
        )
        fault = f"{type(error).__name__} in {where}"
        reason = f"This is a fault of the program, not of the files ({fault})."
        return district.build_unfinished(job, district.FAILED, reason)


def _render(report: Report) -> dict[str, str]:
    """Return the masked reports on one district, by the ending of their files."""
    from validator.outputs import registry

    listed = registry.Options(rows=ROWS)
    return {kind: registry.render(report, kind, listed).decode() for kind in REPORTS}


def parse_job(data: dict[str, Any]) -> Job:
    """Return the district's job that was sent to this worker as plain data."""
    conditions = {**data["conditions"], "profiles": tuple(data["conditions"]["profiles"])}
    return Job(data["name"], data["path"], Conditions(**conditions), data["digest"])


def main() -> None:
    """Serve districts of a portfolio until stdin closes; discard stray output."""
    with suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides when to stop
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    importlib.import_module("validator.assess.check")  # once, before a district's time begins
    gc.freeze()  # what was imported stays
    gc.set_threshold(100_000)
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        job = parse_job(asked["job"])
        if asked["version"] != __version__:
            answer = district.build_unfinished(
                job,
                district.FAILED,
                f"The worker runs rosterready {__version__}; install the same version everywhere.",
            )
        else:
            answer = assess_job(job, asked["memory"])
        with suppress(BrokenPipeError):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
        free_district()


def free_district() -> None:
    """Free what a district of the portfolio left in cycles of references.

    What stays, such as parsed packs and templates, is not scanned again.
    """
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
