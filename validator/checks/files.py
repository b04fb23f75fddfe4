"""What reading itself found out about the files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from validator import frame
from validator.model import EMPTY_IN, Cause, Export, Finding, Level, Places, Table, Waiver


def noted(export: Export, *, defect: str) -> Finding:
    """The places that reading noted under this name, counted among the files."""
    blocks = list(export.defects.get(defect, ()))
    return Finding(blocks, of=max(len(export.files), sum(block.count for block in blocks)))


def empty(export: Export, *, defect: str, phase: str) -> Finding:
    """The places that reading noted under this name; a file that is expected to be empty in this part of the school
    year is a fact."""
    blocks = [
        replace(block, level=Level.FACT, notes="expected in this part of the school year")
        if block.table in EMPTY_IN.get(phase, ())
        else block
        for block in export.defects.get(defect, ())
    ]
    return Finding(blocks, of=max(len(export.files), sum(block.count for block in blocks)))


def columns_noted(export: Export, *, defect: str) -> Finding:
    """The places that reading noted under this name, counted among all columns, read or not."""
    blocks = list(export.defects.get(defect, ()))
    read = sum(len(table.headers) for table in export.tables.values())
    unused = sum(len(file.columns_unused) for file in export.files)
    return Finding(blocks, of=max(read + unused, sum(block.count for block in blocks)))


def columns_absent(export: Export, *, defect: str) -> Finding:
    """The columns that reading missed under this name, and what they are called."""
    found = columns_noted(export, defect=defect)
    names = dict.fromkeys(block.column or "one that the column map names" for block in found.places)
    return replace(found, figures={"columns": ", ".join(names)})


def rows_noted(export: Export, *, defect: str, cause_from: int | None = None) -> Finding:
    """The places that reading noted under this name, counted among all rows read; a root cause where at least
    `cause_from` records refer to these rows."""
    blocks = list(export.defects.get(defect, ()))
    of = max(sum(file.rows for file in export.files), sum(block.count for block in blocks))
    pointing = sum(_pointing(export, block) for block in blocks) if cause_from else 0
    cause = (
        Cause(pointing, "records that refer to these rows")
        if cause_from and pointing >= cause_from
        else None
    )
    return Finding(blocks, of=of, cause=cause)


def _pointing(export: Export, block: Places) -> int:
    """How many rows of other files refer to the rows of this block that could not be read whole."""
    target = export.tables.get(block.table)
    if (
        target is None
        or not len(target.unread)
        or not np.isin(block.lines, target.unread.lines).any()
    ):
        return 0
    return sum(
        int((frame.locate_rows(table, column, target) == frame.UNREAD).sum())
        for table in export.tables.values()
        if table is not target
        for column, name in frame.list_references(table)
        if name == target.name
    )


def old(export: Export, *, days_apart: int, days_old: int, today: dt.date) -> Finding:
    """Files saved over `days_apart` days before the newest; all of them when the newest is over `days_old` days old."""
    dated = [(file, file.modified) for file in export.files if file.table and file.modified]
    if not dated:
        return Finding([], of=len(export.files))
    newest = max(modified for _, modified in dated)
    stale = days_old > 0 and (today - newest.date()).days > days_old
    blocks = [
        Places(
            file.table,
            file.name,
            np.zeros(1, np.int32),
            notes=f"saved {(newest - modified).days} days before the newest file"
            if not stale
            else f"the newest file is {(today - newest.date()).days} days old",
        )
        for file, modified in dated
        if stale or newest - modified > dt.timedelta(days=days_apart)
    ]
    return Finding(blocks, of=len(dated))


def nobody(people: Table | None) -> Finding:
    """One place when the file is absent or holds no row; the figure says which."""
    if people is not None and len(people):
        return Finding([], of=1)
    name, file = (people.name, people.file) if people is not None else ("", "")
    why = "there is no file of them" if people is None else "the file lists none"
    return Finding([Places(name, file, np.zeros(1, np.int32))], of=1, figures={"why_none": why})


def missing(table: Table | None, *, file: str) -> Finding:
    """One place when a file that may be left out is not there."""
    return Finding([] if table is not None else [Places("", file, np.zeros(1, np.int32))], of=1)


def waivers_expired(export: Export, *, waivers: list[Waiver], today: dt.date) -> Finding:
    """One place per waiver whose last day is past."""
    over = [waiver for waiver in waivers if waiver.until is not None and waiver.until < today]
    blocks = [
        Places("", "", np.zeros(1, np.int32), notes=f"{waiver.rule}, until {waiver.until}")
        for waiver in over
    ]
    return Finding(blocks, of=max(len(waivers), 1))
