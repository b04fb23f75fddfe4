"""Raw exports of a student information system, read by a column map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from validator.ingest.csv import header
from validator.ingest.formats.sis.headless import headed
from validator.ingest.formats.sis.plan import (
    CORE,
    ID,
    RAW,
    Plan,
    described,
    heading_of,
    planned,
    without_ending,
)
from validator.ingest.formats.sis.tables import held, table
from validator.model import Export, File, Format, Level, MappedTable, Places, SourceFile, Table

__all__ = ["ID", "Plan", "derived", "described", "headed", "planned", "without_ending"]

SPELLING = ("header-spelling", "file-name-differs")
"""Rules about the spelling that a format demands; a system's own export owes none."""


def derived(export: Export, plan: Plan, files: Sequence[File]) -> Export:
    """The export with our tables instead of the files' own."""
    tables: dict[str, Table] = {}
    absent = {name: f"the column map names no file for {name}" for name in CORE} | dict(plan.absent)
    defects = {
        rule: [_named(block, plan) for block in blocks if not _meant(rule, block, plan)]
        for rule, blocks in export.defects.items()
        if rule not in SPELLING
    }
    for one in plan.map.tables:
        base = export.tables.get(RAW + plan.own.get(one.table, ""))
        if one.table in plan.own:
            absent.pop(one.table, None)
            if base is None:
                absent[one.table] = export.absent.get(
                    RAW + plan.own[one.table], f"{plan.own[one.table]} is empty"
                )
                continue
            ours = next(file for file in files if file.table == one.table)
            tables[one.table] = table(one, base, export, plan=plan, ours=ours)
            _note_missing(defects, tables[one.table], ours)
            _note_all_kept(defects, base, one)
        elif one.table in CORE:
            place = Places(
                one.table, one.files[0], np.zeros(1, np.int32), notes=plan.absent[one.table]
            )
            defects.setdefault("file-missing", []).append(place)
    absent = {name: why for name, why in absent.items() if name in CORE or name in plan.own}
    return replace(
        export,
        format=ID,
        tables=tables,
        absent=absent,
        files=tuple(_renamed(file, plan) for file in export.files),
        defects={rule: blocks for rule, blocks in defects.items() if blocks},
        required=frozenset(CORE),
        files_expected=dict(plan.own),
    )


def _note_all_kept(defects: dict[str, list[Places]], base: Table, one: MappedTable) -> None:
    """Notes the headings by which a map keeps some rows only and that the file does not have."""
    for heading in one.only:
        if not held(base, (heading,), one.headed):
            note = f"the column map keeps rows by {heading}, which is not there; all rows were kept"
            place = Places(
                one.table, base.file, np.asarray([base.header_line], np.int32), notes=note
            )
            defects.setdefault("column-recommended-missing", []).append(place)


def _renamed(file: SourceFile, plan: Plan) -> SourceFile:
    return replace(file, table=_first_use(file.table, plan))


def _first_use(raw: str, plan: Plan) -> str:
    """The first of our tables that a file gives, "" for one that only lends columns."""
    return next((name for name, file in plan.own.items() if RAW + file == raw), "")


def _meant(rule: str, block: Places, plan: Plan) -> bool:
    """Whether what was noted is as the map says: a header below title rows, or none at all."""
    skips = {plan.own[one.table]: one.skip for one in plan.map.tables if one.table in plan.own}
    return (
        rule == "header-missing"
        and block.level is Level.WARNING
        and (block.file in plan.headless or block.lines[0] == skips.get(block.file, 0) + 1)
    )


def _named(block: Places, plan: Plan) -> Places:
    """A place in an export's own file under the names of our first table and column that take it."""
    table = _first_use(block.table, plan)
    one = next((one for one in plan.map.tables if one.table == table), None)
    if one is None:
        return replace(block, table="", column=None) if block.table.startswith(RAW) else block
    folded = header.fold_heading(block.column or "")
    headings = {
        header.fold_heading(heading_of(heading, one.headed)): name
        for name, taken in reversed(list(one.columns.items()))
        if not taken.files
        for heading in taken.headers
    }
    return replace(block, table=table, column=headings.get(folded))


def _note_missing(defects: dict[str, list[Places]], table: Table, ours: File) -> None:
    """Notes the columns that a table needs and does not have."""
    for column in ours.columns:
        if not table.has(column.name) and (column.required or column.recommended):
            rule = "column-missing" if column.required else "column-recommended-missing"
            note = table.missing_reason.get(column.name, "the column map gives no column for it")
            line = np.asarray([table.header_line], np.int32)
            defects.setdefault(rule, []).append(
                Places(table.name, table.file, line, column.name, notes=note)
            )


FORMAT = Format(ID, "Raw SIS export", profile="sis")
