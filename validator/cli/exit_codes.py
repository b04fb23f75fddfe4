"""Exit codes of reports and of errors."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from validator import files
from validator.cli import console, shortage
from validator.followup import gate
from validator.model import BadUsage, CannotRead, InputChanged, Report, Status, Verdict

if TYPE_CHECKING:
    from validator.model import Night  # for types only: most commands start without the guard

OK = 0
FAILED = 1
BAD_USAGE = 2
COULD_NOT_TELL = 3
BROKEN = 4
INTERRUPTED = 130

FAULTS = ("program-fault", "disk-full")
"""Codes of the guard's reasons to stop that are no fault of the export."""


def choose_for_report(report: Report) -> int:
    """Return the exit code of a run that ended with a report."""
    if report.errors or any(outcome.status is Status.BROKEN for outcome in report.outcomes):
        return BROKEN
    if report.gate.least is None:
        return OK
    if gate.list_failing_outcomes(report) or gate.list_failing_diagnoses(report):
        return FAILED
    return COULD_NOT_TELL if report.verdict is Verdict.COULD_NOT_TELL else OK


def choose_for_night(night: Night) -> int:
    """Return the exit code of a night of the guard."""
    if night.goes:
        return OK
    return BROKEN if any(it.code in FAULTS for it in night.stopping) else FAILED


def explain_error(error: Exception, *, debug: bool) -> int:
    """Explain an error in one sentence without values of records; return its exit code."""
    if isinstance(error, BadUsage | CannotRead | InputChanged):
        console.say(f"rosterready: {error}")
        if isinstance(error, BadUsage):
            return BAD_USAGE
        return COULD_NOT_TELL if isinstance(error, CannotRead) else BROKEN
    frames = traceback.extract_tb(error.__traceback__)
    console.say(f"rosterready: {_explain(error, frames, debug)}")
    if debug:
        # Where it happened, but never the text of the error, which may hold a value of a record.
        console.say("".join(traceback.format_list(frames)))
    return BROKEN


def _explain(error: Exception, frames: traceback.StackSummary, debug: bool) -> str:
    """Say in one sentence for the console why a command failed."""
    if files.is_full_disk(error):
        return "the disk is full; reports that could not be completed were not written."
    if shortage.is_shortage(error):
        return shortage.SENTENCE
    where = "an unknown place"
    if frames:
        where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
    hint = "" if debug else " Run it again with --debug to see where."
    return (
        "this is a fault of the program, not of your files "
        f"({type(error).__name__} in {where}).{hint}"
    )
