"""The work-list of an earlier run in the output folder: carried over or kept, never lost."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from validator.followup import traces, workbook
from validator.followup.traces import Kind, Trace
from validator.followup.workbook import WorkList
from validator.followup.worklist import is_for
from validator.model import BadUsage, Report, dataclass
from validator.wording import join_words

if TYPE_CHECKING:
    from validator.assess import Options

KIND = "xlsx"

LOCKS = ("~${}", ".~lock.{}#")
"""Names of the files by which Excel and LibreOffice say that they have a workbook open."""

MOST_BESIDE = 20
"""Dated work-lists that are read, the latest ones."""


@dataclass
class Desk:
    """The work-list that is to be written, and those of earlier runs.

    path: its usual place. names: the file that is written, by kind of report, where it is not the
    usual one. said: what became of the earlier work-list. kept: files that were kept.
    """

    path: Path
    trace: Trace
    lists: Sequence[WorkList] = ()
    given: WorkList | None = None
    is_open: bool = False
    problem: str = ""
    seen: tuple[int, int] | None = None
    names: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def add_to(self, chosen: Options) -> Options:
        """Return the command's options with the work-lists that `check` carries over."""
        if self.given is not None:
            return replace(chosen, worklist=self.given)
        return replace(chosen, last_worklists=self.lists)

    def make_room(self, report: Report) -> None:
        """Keep the earlier work-list in --out if `check` carries over less. Raises OSError."""
        if self.trace.kind is Kind.MISSING and not self.is_open:
            self._say_carried(report)
            return
        if self.is_open:
            self.step_aside(report.as_of)
            self._say_carried(report)
            return
        reason = self._find_reason(report)
        if reason:
            self._keep(reason)
        self._say_carried(report)

    def step_aside(self, day: dt.date) -> None:
        """Have `check` write the new work-list under another name, next to one that is open."""
        name = find_free(self.path, day).name
        self.names[KIND] = name
        self.kept.append(
            f"{self.path.name} is open in another program and stays as it is; the new work-list "
            f"is {name}. The next check carries over what is typed into either."
        )

    def step_back(self) -> None:
        """Have `check` forget the other name, under which no work-list could be written either."""
        self.names.clear()
        self.kept.pop()

    def _find_reason(self, report: Report) -> str:
        """Say why `check` must keep the earlier work-list in --out, "" where it may replace it."""
        if self.problem:
            return self.problem
        mine = next((it for it in self._list_all() if it.name == self.path.name), None)
        if _look_at(self.path) != self.seen:
            return "it was saved while this check ran"
        if mine is None:
            return "another work-list was named" if self._has_words() else ""
        carried = report.followup.names if report.followup else ()
        if mine.name not in carried:
            if is_for(mine, report):
                return "a later work-list was made from it"
            apps = set(mine.trace.profiles)
            here = {profile.id for profile in report.profiles}
            other = "app" if apps and apps.isdisjoint(here) else "district"
            return f"it is about another {other}"
        return f"it has {join_words(list(dict.fromkeys(mine.reasons)))}" if mine.reasons else ""

    def _has_words(self) -> bool:
        """Return whether the command's --worklist names another list than the one in --out."""
        return self.given is not None and self.trace.may_have_words

    def _list_all(self) -> list[WorkList]:
        """Return the work-lists that the command carries over, with the one of --worklist."""
        given = [self.given] if self.given is not None and self._is_given_here() else []
        return [*given, *self.lists]

    def _is_given_here(self) -> bool:
        """Return whether the work-list of --worklist is the one in --out."""
        return self.given is not None and self.given.name == self.path.name

    def _keep(self, reason: str) -> None:
        """Rename the earlier work-list in --out to a name with its date. Raises OSError."""
        day = dt.date.fromtimestamp(self.path.stat().st_mtime)
        kept = find_free(self.path, day)
        try:
            os.rename(self.path, kept)
        except PermissionError:
            shutil.copy2(self.path, kept)
        self.kept.append(f"The last {self.path.name} is kept as {kept.name}: {reason}.")

    def _say_carried(self, report: Report) -> None:
        """Say on the console from which work-lists `check` carried over what was typed."""
        if report.followup is not None and self.given is None and report.followup.names:
            names = join_words(list(report.followup.names))
            self.said.append(f"Carried over what was typed into {names}.")


def look(folder: Path | None, kinds: Sequence[str], named: Path | None) -> Desk | None:
    """Find the work-lists of earlier runs in --out before the command reads the export.

    `named`: the work-list of --worklist. Returns None where no work-list is written. Raises
    BadUsage for another program's workbook at its place, and for a bad one that was named.
    """
    from validator.outputs.registry import OUTPUTS

    given = workbook.read_worklist(named) if named is not None else None
    if folder is None or KIND not in kinds:
        path = Path(OUTPUTS[KIND].file)
        return None if given is None else Desk(path, Trace(Kind.MISSING), given=given)
    path = folder / OUTPUTS[KIND].file
    desk = Desk(path, Trace(Kind.MISSING), given=given, seen=_look_at(path))
    try:
        desk.trace = traces.trace(path)
    except OSError:
        desk.is_open = True
        return desk
    desk.is_open = _is_open(path)
    if given is None:
        desk.lists = [*_read_last(desk), *_read_dated(desk)]
    elif desk.trace.kind in (Kind.FOREIGN, Kind.UNREADABLE) and path != named:
        desk.problem = "it could not be read"
    return desk


def _read_last(desk: Desk) -> list[WorkList]:
    """Return the last work-list in the command's --out, if somebody typed anything into it."""
    if desk.trace.kind is Kind.MISSING:
        return []
    if desk.trace.kind is Kind.UNREADABLE:
        desk.problem = "it could not be read" if desk.trace.is_saved else ""
        return []
    if not desk.trace.may_have_words:
        return []
    try:
        last = workbook.read_worklist(desk.path)
    except BadUsage:
        if desk.trace.is_workbook and desk.trace.kind is Kind.FOREIGN and _is_readable(desk.path):
            raise BadUsage(
                f"{desk.path} is another program's workbook and is not replaced: move it, or "
                "choose another folder with --out"
            ) from None
        desk.problem = "it could not be read"
        return []
    return [last] if last.has_words else []


def _is_readable(path: Path) -> bool:
    """Return whether a file in the command's --out is a whole workbook."""
    import openpyxl

    try:
        with path.open("rb") as file:
            openpyxl.load_workbook(file, read_only=True, keep_links=False).close()
    except Exception:  # noqa: BLE001 - anything may be wrong in a file of somebody else
        return False
    return True


def _read_dated(desk: Desk) -> list[WorkList]:
    """Return the dated work-lists in the command's --out that earlier commands kept or wrote."""
    pattern = re.compile(re.escape(desk.path.stem) + r"-\d{4}-\d\d-\d\d(-\d+)?\.xlsx")
    dated = [path for path in desk.path.parent.iterdir() if pattern.fullmatch(path.name)]
    dated.sort(key=lambda path: -path.stat().st_mtime)
    lists = []
    for path in dated[:MOST_BESIDE]:
        try:
            trace = traces.trace(path)
            if trace.kind is not Kind.OURS or not trace.may_have_words:
                continue
            if trace.profiles == desk.trace.profiles and _is_older(path, desk.trace):
                continue
            last = workbook.read_worklist(path)
        except (OSError, BadUsage):
            continue
        lists += [last] if last.has_words else []
    return lists


def _is_older(path: Path, trace: Trace) -> bool:
    """Return whether a work-list in the command's --out was saved before one made from it."""
    return trace.made is not None and path.stat().st_mtime <= trace.made.timestamp()


def _is_open(path: Path) -> bool:
    """Return whether the workbook in --out is open in another program."""
    if not path.exists():
        return False
    if os.name == "nt":
        try:
            with path.open("r+b"):
                return False
        except OSError:
            return True
    return any((path.parent / lock.format(path.name)).exists() for lock in LOCKS)


def _look_at(path: Path) -> tuple[int, int] | None:
    """Return size and time of a work-list in --out, by which the command notices a change."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def find_free(path: Path, day: dt.date) -> Path:
    """Return a free name for a command to write in --out, with a date: `report-2026-11-23.xlsx`."""
    number = 1
    while True:
        end = f"-{number}" if number > 1 else ""
        free = path.with_name(f"{path.stem}-{day.isoformat()}{end}{path.suffix}")
        if not free.exists() and not free.is_symlink():
            return free
        number += 1


def list_names(desk: Desk | None) -> Mapping[str, str]:
    """Return the names of a command's reports in --out that are not the usual ones."""
    return desk.names if desk is not None else {}
