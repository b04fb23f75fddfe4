"""Exports that are mended in a test: the copy's files, what was changed, and what was left."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from unittest import mock

from validator.assess import (
    Options,
    Progress,
    Repairs,
    assess,
    judge_mended,
    plan_mending,
    summarize,
    undo_mending,
)
from validator.cli import copies
from validator.diagnosis.diagnose import Watch
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.model import Export, Report, Status
from validator.outputs.mend.registry import OUTPUTS
from validator.repair.summary import Mended

AS_OF = dt.date(2026, 11, 16)
Files = Mapping[str, str | bytes]

BIRTHS = ("DOB", "birthDate", "Birthdate", "Born")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
Records = Mapping[str, list[dict[str, str]]]

TERM = "2026-08-20,2027-06-10"
FIRST = ("Ada", "Ben", "Cy", "Dee", "Eve", "Flo", "Gus", "Hal", "Ida", "Jo", "Kit", "Lu")


def build_district() -> dict[str, str]:
    """Return a small made-up district that has nothing to mend, in Clever's format."""
    students = (
        "School_id,Student_id,Student_number,Last_name,First_name,Grade,Gender,DOB,Ell_status,"
        "Student_email\r\n"
    )
    enrollments = "School_id,Section_id,Student_id\r\n"
    for at, name in enumerate(FIRST):
        school = 11 if at < 6 else 22
        students += (
            f"{school},00{4101 + at},9{at:02},Thimblewick,{name},4,{'MF'[at % 2]},"
            f"2016-0{1 + at % 9}-1{at % 9},{'YN'[at % 2]},{name.lower()}@foggy.example\r\n"
        )
        section = f"M{at % 2 + (0 if at < 6 else 2)}-1"
        enrollments += f"{school},{section},00{4101 + at}\r\n"
    schools = "School_id,School_name,School_number\r\n"
    schools += "11,Foggy Hollow School,511\r\n22,Maple Hollow School,522\r\n"
    teachers = "School_id,Teacher_id,Last_name,First_name,Teacher_email\r\n"
    sections = "School_id,Section_id,Teacher_id,Course_name,Term_start,Term_end\r\n"
    for at, name in enumerate(("Ann", "Bob", "Cam", "Dot")):
        school = 11 if at < 2 else 22
        teachers += f"{school},70{at},Tinker,{name},t{at}@foggy.example\r\n"
        sections += f"{school},M{at}-1,70{at},Math {at},{TERM}\r\n"
    return {
        "schools.csv": schools,
        "students.csv": students,
        "teachers.csv": teachers,
        "sections.csv": sections,
        "enrollments.csv": enrollments,
    }


@dataclass(frozen=True, eq=False)
class Assessed:
    """An export as mending assesses it: its report, and the export after each undone damage."""

    reports: list[Report] = field(default_factory=list)
    undone: list[Export] = field(default_factory=list)


@contextmanager
def keep_assessment() -> Iterator[Assessed]:
    """Keep the assessment on which the library call to mend plans its repairs."""
    kept = Assessed()

    def assess_and_keep(
        paths: Sequence[Path], options: Options, *, progress: Progress | None, watch: Watch
    ) -> Report:
        def keep(chosen: Suspicion, before: Scene, after: Scene) -> None:
            watch(chosen, before, after)
            kept.undone.append(after.export)

        kept.reports.append(assess(paths, options, progress=progress, watch=keep))
        return kept.reports[-1]

    with mock.patch("validator.assess.mend.assess", assess_and_keep):
        yield kept


@dataclass(frozen=True, eq=False)
class Copy:
    """A corrected copy: its folder, its files, and the result.

    before: the report on the export. undone: the export after each damage that was undone in it.
    options: those of a check of the copy.
    """

    before: Report
    undone: Sequence[Export]
    folder: Path
    files: Mapping[str, bytes]
    mended: Mended
    options: Options

    @cached_property
    def report(self) -> Report:
        """The report on the copy."""
        return assess([self.folder], self.options)

    @property
    def kinds(self) -> set[str]:
        """The kinds of repairs that were made."""
        return {tally.kind for tally in self.mended.tallies}

    @property
    def left(self) -> set[str]:
        """The kinds of repairs that are left for a person."""
        return {left.kind for left in self.mended.left}


def mend(
    folder: Path,
    files: Files,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    to: str = "",
    judged: bool = True,
    **options: object,
) -> Copy:
    """Write an export below a folder, mend it, and return the copy."""
    export = write(folder / "export", files)
    out = folder / "mended"
    return mend_paths([export], out, only=only, skip=skip, to=to, judged=judged, **options)


def mend_paths(
    paths: Sequence[Path],
    out: Path,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    to: str = "",
    judged: bool = True,
    **options: object,
) -> Copy:
    """Mend an export into a folder, with its log, as the command does.

    judged: whether the copy is judged, as the command does; a third of the time.
    """
    chosen = Options(**{"as_of": AS_OF, **options})  # type: ignore[arg-type]
    wanted = Repairs(only=only, skip=skip, to=to)
    with keep_assessment() as assessed:
        mending = plan_mending(paths, chosen, wanted)
    with copies.stage_folder(out) as staged:
        mending.files.extend(copies.write_files(staged, mending.written))
        if judged:
            mended = judge_mended(staged, mending, chosen)
        else:
            mended = summarize(mending, chosen, after=None)
        for output in OUTPUTS.values():
            if output.file:
                copies.write_pieces(staged / output.file, output.render(mended))
    after = chosen if not mending.to else Options(as_of=chosen.as_of, profiles=chosen.profiles)
    written = {name: (out / name).read_bytes() for name, _ in mended.files}
    (before,) = assessed.reports
    return Copy(before, assessed.undone, out, written, mended, after)


def undo(folder: Path) -> dict[str, bytes]:
    """Return the files of an undone copy."""
    names, _ = copies.read_mark(folder)
    written = undo_mending(folder, names)
    return {file.name: b"".join(file.pieces) for file in written.files}


def write(folder: Path, files: Files) -> Path:
    """Write files to a new folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read_records(files: Files) -> Records:
    """Return the records of CSV files by name, blank rows left out."""
    records = {}
    for name, content in files.items():
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        rows = list(csv.reader(io.StringIO(text, newline="")))
        filled = [row for row in rows if any(row)]
        heading = filled[0] if filled else []
        records[name] = [dict(zip(heading, row, strict=False)) for row in filled[1:]]
    return records


def plain(records: Records) -> Records:
    """Return the records with dates in one form, without user names and ids made of numbers.

    Records that are equal are listed once, as mending lists them.
    """
    return {
        name: [dict(row) for row in dict.fromkeys(_list_cells(name, row) for row in rows)]
        for name, rows in records.items()
    }


def _list_cells(name: str, row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headings and values of a record that are compared."""
    cells = ((column, value) for column, value in row.items() if not _is_made(name, column))
    return tuple((column, _plain(column, value)) for column, value in cells)


@cache
def _is_made(name: str, column: str) -> bool:
    """Return whether a column holds what programs make: user names, and ids of enrollments."""
    return column.lower() == "username" or (name, column) == ("enrollments.csv", "sourcedId")


@cache
def _plain(column: str, value: str) -> str:
    """Return the value; a birth date such as 03/25/2012 as 2012-03-25."""
    if column in BIRTHS and (slashed := SLASHED.fullmatch(value)):
        month, day, year = slashed.groups()
        return f"{year}-{month:>02}-{day:>02}"
    return value


def list_lines(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the lines of the files without marks, ends, and empty cells beyond the header."""
    return {
        name: [line.rstrip(",").replace('"', "") for line in text.lstrip("\ufeff").splitlines()]
        for name, text in files.items()
    }


def list_found(report: Report) -> set[str]:
    """Return the rules that found something."""
    return {outcome.rule.id for outcome in report.outcomes if outcome.status is Status.FOUND}
