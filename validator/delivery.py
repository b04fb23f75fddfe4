"""From a report to files, a summary and an exit code; and from a fault to one sentence and an exit code."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from validator import console
from validator.model import BadUsage, CannotRead, InputChanged, Level, Report, Status, Verdict
from validator.spelling import did_you_mean

STDOUT = "-"


def kinds(text: str) -> list[str]:
    """The kinds of report in a list with commas. Raises BadUsage."""
    from validator.outputs import OUTPUTS

    wanted = list(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    for word in wanted:
        if word not in OUTPUTS:
            raise BadUsage(f"there is no report '{word}'; there are: {', '.join(OUTPUTS)}{did_you_mean(word, OUTPUTS)}")
    if not wanted:
        raise BadUsage(f"--report names no report; there are: {', '.join(OUTPUTS)}")
    return wanted


def rows(text: str) -> int | None:
    """The number of rows listed per finding; None for all. Raises BadUsage."""
    if text.strip().lower() == "all":
        return None
    if not text.strip().isascii() or not text.strip().isdigit():
        raise BadUsage("--rows is a whole number or all")
    return int(text)


@contextmanager
def place(out: str, kinds: Sequence[str]) -> Iterator[Path | None]:
    """The folder for the reports, made and tried before anything is read; None for standard output.

    A folder that was made and stayed empty is taken away again. Raises BadUsage.
    """
    if out == STDOUT:
        if len(kinds) != 1:
            raise BadUsage("--out - writes one report: name it with --report, such as --report json --out -")
        yield None
        return
    folder = Path(out)
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror or type(error).__name__
        raise BadUsage(f"the reports cannot be written to {folder}: {why}; choose another folder with --out") from None
    try:
        yield folder
    finally:
        if made and not any(folder.iterdir()):
            folder.rmdir()


def deliver(report: Report, folder: Path | None, kinds: Sequence[str], *, rows: int | None, full: bool, quiet: bool,
            fail_on: str) -> int:
    """The exit code, after every report that can be written is written and the summary is said."""
    from validator import outputs
    from validator.outputs import terminal

    written: dict[str, str] = {}
    faults: list[Exception] = []
    for kind in kinds:
        try:
            if folder is None:
                console.show(outputs.render(report, kind, rows=rows, full=full))
            else:
                written |= {name: str(path) for name, path in
                            outputs.write(report, folder, [kind], rows=rows, full=full).items()}
        except Exception as error:  # noqa: BLE001 - the others are still written
            faults.append(error)
    if not quiet:
        console.say(terminal.render(report, written, full=full, **console.appearance()))
    if faults:
        raise faults[0]
    return exit_code(report, fail_on)


def exit_code(report: Report, fail_on: str) -> int:
    """4 for a broken rule, 1 for a finding at or above `fail_on`, 3 where nobody could tell, else 0."""
    if report.errors or any(outcome.status is Status.BROKEN for outcome in report.outcomes):
        return 4
    if fail_on == "never":
        return 0
    least = Level(fail_on).rank
    for outcome in report.outcomes:
        unreadable = outcome.rule.unreadable and outcome.level is Level.BLOCKER
        if outcome.status is Status.FOUND and outcome.level.rank <= least and not unreadable:
            return 1
    return 3 if report.verdict is Verdict.COULD_NOT_TELL else 0


def failed(error: Exception, debug: bool) -> int:
    """The exit code for what went wrong, after one sentence about it that holds no value of a record."""
    if isinstance(error, BadUsage | CannotRead | InputChanged):
        console.say(f"rosterready: {error}")
        return 2 if isinstance(error, BadUsage) else 3 if isinstance(error, CannotRead) else 4
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "an unknown place"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        console.say("rosterready: the disk is full; what could not be written whole was not written.")
    else:
        hint = "" if debug else " Run it again with --debug to see where."
        what = f"{type(error).__name__} in {at}"
        console.say(f"rosterready: this is a fault of the program, not of your files ({what}).{hint}")
    if debug:  # where, and never the error's own text: it may hold a value of a record
        console.say("".join(traceback.format_list(frames)))
    return 4
