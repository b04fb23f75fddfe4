"""Defects recorded while reading: whole files, their columns and their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from validator.checks.declaration import WholeRoster, check
from validator.model import EMPTY_IN, Export, Finding, Level, Places, Table, Waiver


@check()
def noted(export: Export, *, defect: str) -> Finding:
    """Find the places that the reader recorded for this defect, among the files."""
    return _build_finding(export.defects.get(defect, ()), len(export.files))


@check(wants=("phase",))
def empty(export: Export, *, defect: str, phase: str) -> Finding:
    """Find the places that the reader recorded for this defect.

    A file that is expected to be empty in this part of the school year is a fact.
    """
    blocks = [
        replace(block, level=Level.FACT, notes="expected in this part of the school year")
        if block.table in EMPTY_IN.get(phase, ())
        else block
        for block in export.defects.get(defect, ())
    ]
    return _build_finding(blocks, len(export.files))


@check()
def columns_noted(export: Export, *, defect: str) -> Finding:
    """Find the places that the reader recorded for this defect, among all columns, read or not."""
    read = sum(len(table.headers) for table in export.all_tables.values())
    unused = sum(len(file.columns_unused) for file in export.files)
    return _build_finding(export.defects.get(defect, ()), read + unused)


@check()
def columns_absent(export: Export, *, defect: str) -> Finding:
    """Find the missing columns that the reader recorded for this defect; figure: their names."""
    finding = columns_noted(export, defect=defect)
    names = dict.fromkeys(
        block.column or "one that the column map names" for block in finding.places
    )
    return replace(finding, figures={"columns": ", ".join(names)})


@check()
def rows_noted(export: Export, *, defect: str) -> Finding:
    """Find the places that the reader recorded for this defect, among the rows of their files."""
    blocks = export.defects.get(defect, ())
    named = {block.file for block in blocks}
    own = sum(file.rows for file in export.files if file.name in named)
    return _build_finding(blocks, own or sum(file.rows for file in export.files))


def _build_finding(blocks: Sequence[Places], total: int) -> Finding:
    """Build a finding of the checks of files: these places among `total` things."""
    return Finding(list(blocks), of=max(total, sum(block.count for block in blocks)))


@check(wants=("today",))
def old(export: Export, *, days_apart: int, days_old: int, today: dt.date) -> Finding:
    """Find files saved more than `days_apart` days before the newest one.

    All files when the newest is more than `days_old` days old (0: not used).
    """
    dated = [(file, file.modified) for file in export.files if file.table and file.modified]
    if not dated:
        return Finding([], of=len(export.files))
    newest = max(modified for _, modified in dated)
    age = (today - newest.date()).days
    stale = days_old > 0 and age > days_old
    blocks = []
    for file, modified in dated:
        apart = newest - modified
        if stale:
            notes = f"the newest file is {age} days old"
        elif apart > dt.timedelta(days=days_apart):
            notes = f"saved {apart.days} days before the newest file"
        else:
            continue
        blocks.append(Places.whole_file(file.table, file.name, notes=notes))
    return Finding(blocks, of=len(dated))


@check(whole_roster=WholeRoster.ALWAYS)
def without_people(people: Table | None) -> Finding:
    """Report one place when the file is missing or has no rows; the figure says which."""
    if people is None:
        return Finding([Places.whole_file("", "")], of=1, figures={"why_none": "no file lists any"})
    if len(people):
        return Finding([], of=1)
    is_own = people.file.lower().startswith(people.name)
    why = f"{people.file} is empty" if is_own else f"{people.file} lists none"
    return Finding(
        [Places.whole_file(people.name, people.file)],
        of=1,
        figures={"why_none": why},
    )


@check(whole_roster=WholeRoster.ALWAYS)
def missing(table: Table | None, *, file: str) -> Finding:
    """Report one place when an optional file is missing."""
    return Finding([] if table is not None else [Places.whole_file("", file)], of=1)


@check(wants=("waivers", "today"))
def waivers_expired(export: Export, *, waivers: list[Waiver], today: dt.date) -> Finding:
    """Report one place per waiver whose last day is past."""
    expired = [waiver for waiver in waivers if waiver.until is not None and waiver.until < today]
    blocks = [
        Places.whole_file("", "", notes=f"{waiver.rule}, until {waiver.until}")
        for waiver in expired
    ]
    return Finding(blocks, of=max(len(waivers), 1))
