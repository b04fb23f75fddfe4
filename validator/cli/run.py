"""From a report to files, a summary and an exit code; and from a fault to one sentence and an exit code."""

from __future__ import annotations

import errno
import re
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from validator import files
from validator.cli import console
from validator.followup import baseline as followup_baseline
from validator.followup import gate
from validator.model import BadUsage, CannotRead, Gate, InputChanged, Past, Report, Status, Verdict
from validator.rulebook import load
from validator.text import did_you_mean

STDOUT = "-"


def kinds(text: str) -> list[str]:
    """The kinds of report in a list with commas. Raises BadUsage."""
    from validator.outputs.registry import OUTPUTS

    wanted = list(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    for word in wanted:
        if word not in OUTPUTS:
            raise BadUsage(
                f"there is no report '{word}'; there are: {', '.join(OUTPUTS)}{did_you_mean(word, OUTPUTS)}"
            )
    if not wanted:
        raise BadUsage(f"--report names no report; there are: {', '.join(OUTPUTS)}")
    return wanted


def rows(text: str) -> int | None:
    """The number of rows listed per finding; None for all. Raises BadUsage."""
    if text.strip().lower() == "all":
        return None
    number = files.whole_number(text)
    if number is None:
        raise BadUsage("--rows is a whole number or all")
    return number


@contextmanager
def place(
    out: str, kinds: Sequence[str], *, inputs: Sequence[Path] = (), full: bool = False
) -> Iterator[Path | None]:
    """The folder for the reports, made and tried before anything is read; None for standard output.

    `inputs`: what is read, and so never written to. `full`: the reports will hold ids and values. A folder that was
    made and stayed empty is taken away again. Raises BadUsage.
    """
    if out == STDOUT:
        if len(kinds) != 1:
            raise BadUsage(
                "--out - writes one report: name it with --report, such as --report json --out -"
            )
        yield None
        return
    from validator.outputs.registry import OUTPUTS

    folder = Path(out)
    made = not folder.exists()
    _tried(folder)
    _apart([folder / OUTPUTS[kind].file for kind in kinds], inputs)
    _warn(
        folder,
        [
            OUTPUTS[kind].file
            for kind in kinds
            if OUTPUTS[kind].internal or (full and OUTPUTS[kind].values)
        ],
    )
    try:
        yield folder
    finally:
        if made and not any(folder.iterdir()):
            folder.rmdir()


def free(path: Path | None, inputs: Sequence[Path]) -> None:
    """Tries before anything is read whether a file can be written there; `inputs` never are. Raises BadUsage."""
    if path is None:
        return
    if path.is_dir():
        raise BadUsage(f"{path} is a folder; name a file")
    _tried(path.parent)
    _apart([path], inputs)


def _tried(folder: Path) -> None:
    """Makes the folder where it is missing, and refuses one in which nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror or type(error).__name__
        if folder.is_symlink() and not folder.exists():
            why = "it is a link that leads nowhere"
        raise BadUsage(
            f"the reports cannot be written to {folder}: {why}; choose another folder with --out"
        ) from None


def _apart(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Refuses to write in the place of something that is read, or into a folder that is read."""
    files = {path.resolve() for path in inputs}
    for path in outputs:
        folder = path.parent.resolve()
        if folder in files or folder / path.name in files:
            how = "into" if folder in files else "over"
            raise BadUsage(
                f"{path} would be written {how} what is read here, which is never changed; choose another "
                "place"
            )


CLOUDS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "box": "Box",
    "box sync": "Box",
    "cloudstorage": "a cloud service",
}
"""Names of folders that are synchronised, lower case, and with what."""


def cloud(folder: PurePath) -> str:
    """What copies this folder to other computers, as its path tells; "" where nothing seems to.

    Company folders carry more of a name: `OneDrive - Maple Hollow`, `GoogleDrive-a@example.org`, `Dropbox (School)`.
    """
    names = [re.split(r" ?[-(]", part.lower())[0] for part in folder.parts]
    return next((CLOUDS[name] for name in reversed(names) if name in CLOUDS), "")


def _warn(folder: Path, private: Sequence[str]) -> None:
    """Says once that reports with student data will be copied off this computer by others. `private`: their names."""
    service = cloud(folder.resolve())
    if service and private:
        held = "holds" if len(private) == 1 else "hold"
        console.say(
            f"rosterready: {folder} is a folder that {service} copies off this computer, and "
            f"{' and '.join(private)} {held} student data. Choose another with --out unless your district "
            "allows it."
        )


def passing(
    fail_on: str, most: Sequence[str], baseline: Path | None, profiles: Sequence[str]
) -> Gate:
    """What will make the run fail, of --fail-on, --max and --baseline. Raises BadUsage."""
    known = {rule.id for rule, _ in load.rules()}
    if any(
        text.partition("=")[0].strip() not in known for text in most
    ):  # a pack of the district's own may have it
        known |= {
            rule for profile in profiles for rule in load.load_profile(profile, "clever").rules
        }
    return gate.gate(fail_on, most, followup_baseline.report(baseline) if baseline else None, known)


def last_worklist(path: Path | None) -> Sequence[Any] | None:
    """The rows of the last work-list, None where none was given. Raises BadUsage."""
    if path is None:
        return None
    from validator.followup import worklist  # loads openpyxl

    return worklist.read(path)


def compared(report: Report, passes: Gate, last: Sequence[Any] | None) -> Report:
    """The report with what makes it fail, and with what became of the last work-list."""
    if last is None:
        return replace(report, gate=passes)
    from validator.followup import worklist

    return replace(report, gate=passes, followup=worklist.follow(report, last))


def deliver(
    report: Report,
    folder: Path | None,
    kinds: Sequence[str],
    *,
    rows: int | None,
    full: bool,
    quiet: bool,
    annotate: str | None = None,
) -> int:
    """The exit code, after every report that can be written is written and the summary is said.

    `annotate`: the folder of the export in the repository of a GitHub job, None anywhere else.
    """
    from validator.outputs import registry, terminal

    written: dict[str, str] = {}
    faults: list[Exception] = []
    for kind in kinds:
        try:
            if folder is None:
                console.show(registry.render(report, kind, rows=rows, full=full))
            else:
                written |= {
                    name: str(path)
                    for name, path in registry.write(
                        report, folder, [kind], rows=rows, full=full
                    ).items()
                }
        except Exception as error:  # noqa: BLE001 - the others are still written
            faults.append(error)
    if not quiet:
        console.say(
            terminal.render(report, written, full=full, **console.appearance()), painted=True
        )
        if annotate is not None:
            from validator.outputs import github

            console.say(github.render(report, annotate))
    if faults:
        raise faults[0]
    return exit_code(report)


def exit_code(report: Report) -> int:
    """4 for a broken rule, 1 for a finding that makes the run fail, 3 where nobody could tell, else 0."""
    if report.errors or any(outcome.status is Status.BROKEN for outcome in report.outcomes):
        return 4
    if report.gate.least is None:
        return 0
    if gate.failing(report):
        return 1
    return 3 if report.verdict is Verdict.COULD_NOT_TELL else 0


def runs(history: Path | None) -> list[Past]:
    """The earlier runs in the history file, oldest first. Raises BadUsage."""
    from validator.followup import history as kept

    return kept.load(history) if history is not None else []


def remembered(report: Report, runs: Sequence[Past]) -> Report:
    """The report with the earlier runs."""
    return replace(report, history=tuple(runs)) if runs else report


def record(history: Path, report: Report) -> None:
    """Adds this run's counts to the history file. Raises OSError."""
    from validator.followup import history as kept
    from validator.outputs.registry import write_whole

    before = history.read_bytes() if history.exists() else b""
    write_whole(history, before + kept.line(kept.entry(report)).encode())


def write_json(path: Path | None, document: Mapping[str, Any]) -> None:
    """Writes a document as JSON where a file was named. Raises OSError."""
    import json

    from validator.outputs.registry import write_whole

    if path is not None:
        write_whole(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


def failed(error: Exception, debug: bool) -> int:
    """The exit code for what went wrong, after one sentence about it that holds no value of a record."""
    if isinstance(error, BadUsage | CannotRead | InputChanged):
        console.say(f"rosterready: {error}")
        return 2 if isinstance(error, BadUsage) else 3 if isinstance(error, CannotRead) else 4
    frames = traceback.extract_tb(error.__traceback__)
    at = (
        f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
        if frames
        else "an unknown place"
    )
    if isinstance(error, OSError) and error.errno in (
        errno.ENOSPC,
        errno.EFBIG,
        getattr(errno, "EDQUOT", None),
    ):
        console.say(
            "rosterready: the disk is full; what could not be written whole was not written."
        )
    elif isinstance(error, MemoryError):
        console.say(
            "rosterready: this computer has too little free memory for this export; close other programs, or "
            "run it on a computer with more."
        )
    else:
        hint = "" if debug else " Run it again with --debug to see where."
        what = f"{type(error).__name__} in {at}"
        console.say(
            f"rosterready: this is a fault of the program, not of your files ({what}).{hint}"
        )
    if debug:  # where, and never the error's own text: it may hold a value of a record
        console.say("".join(traceback.format_list(frames)))
    return 4
