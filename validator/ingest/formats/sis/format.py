"""Raw exports of a student information system, read with a column map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.file_names import name_files
from validator.ingest.formats.sis.near_headings import explain_no_column, suggest_heading
from validator.ingest.formats.sis.parts import RawFiles
from validator.ingest.formats.sis.plan import CORE, ID, RAW, Plan
from validator.ingest.formats.sis.selection import SEPARATED, find_column, list_left_out_rows
from validator.ingest.formats.sis.tables import build_table
from validator.model import (
    Departure,
    Export,
    File,
    Format,
    MappedTable,
    Places,
    SourceFile,
    Table,
)

SPELLING = ("header-spelling", "file-name-differs")
"""Rules about names that a format requires. A raw export has no required names."""

PEOPLE = ("students", "teachers")
"""Tables that are built first, as others separate people by their ids."""

Defects = dict[str, list[Places]]


def normalize(export: Export, plan: Plan, files: Sequence[File]) -> Export:
    """Return the export with our tables instead of those of its files."""
    descriptions = {file.table: file for file in files}
    defects = _rename_defects(export, plan)
    files_of = RawFiles(export, plan)
    tables: dict[str, Table] = {}
    absent = {name: f"the column map names no file for {name}" for name in CORE} | dict(plan.absent)
    for mapped in sorted(plan.map.tables, key=lambda mapped: mapped.table not in PEOPLE):
        name = mapped.table
        if name not in plan.own:
            if name in CORE:
                _add_missing_file(defects, mapped, plan.absent[name])
            continue
        _add_lacking_files(defects, mapped, plan)
        source = files_of.find(plan.own[name])
        if source is None:
            absent[name] = _explain_unusable(export, plan.own[name])
            continue
        absent.pop(name, None)
        table = build_table(mapped, source, files_of, ours=descriptions[name], people=tables)
        tables[name] = table
        _add_missing_columns(defects, table, descriptions[name])
        _add_partly_missing(defects, files_of, mapped, ours=descriptions[name])
        _add_unfiltered_rows(defects, source, mapped, files=export.files)
        _add_left_out_rows(defects, source, mapped, raw=files_of)
    _add_left_out_references(defects, tables)
    defects.setdefault("value-placeholder", []).extend(files_of.blanked)
    return replace(
        export,
        format=ID,
        tables={name: tables[name] for name in plan.own if name in tables},
        file_tables={},
        absent={name: why for name, why in absent.items() if name in CORE or name in plan.own},
        files=tuple(
            replace(file, table=_find_first_table(file.table, plan)) for file in export.files
        ),
        defects={rule: blocks for rule, blocks in defects.items() if blocks},
        required=frozenset(CORE),
        files_expected={name: name_files(names) for name, names in plan.own.items()},
    )


def _explain_unusable(export: Export, names: Sequence[str]) -> str:
    """Return why none of the raw files of a table can be used."""
    reasons = [export.absent.get(RAW + name, f"{name} is empty") for name in names]
    return "; ".join(dict.fromkeys(reasons))


def _rename_defects(export: Export, plan: Plan) -> Defects:
    """Return the defects of the files as defects of our tables, without those that are expected."""
    return {
        rule: [_rename_place(block, plan) for block in blocks if not _is_mapped(rule, block, plan)]
        for rule, blocks in export.defects.items()
        if rule not in SPELLING
    }


def _is_mapped(rule: str, block: Places, plan: Plan) -> bool:
    """Whether the column map says where the header of a raw file is, or that there is none."""
    if rule != "header-missing" or block.departure is not Departure.LINES_ABOVE_HEADER:
        return False
    skips = {
        name: mapped.skip + mapped.heading_rows
        for mapped in plan.map.tables
        for name in plan.own.get(mapped.table, ())
    }
    return block.file in plan.headless or bool(block.lines[0] == skips.get(block.file, 1))


def _rename_place(block: Places, plan: Plan) -> Places:
    """Return a place in a raw file as a place in the first of our tables built from it."""
    table = _find_first_table(block.table, plan)
    mapped = next((mapped for mapped in plan.map.tables if mapped.table == table), None)
    if mapped is None:
        return replace(block, table="", column=None) if block.table.startswith(RAW) else block
    columns: dict[str, str] = {}
    for name, taken in mapped.columns.items():
        for heading in () if taken.files else taken.headers:
            columns.setdefault(fold_heading(str(heading)), name)
    return replace(block, table=table, column=columns.get(fold_heading(block.column or "")))


def _find_first_table(raw: str, plan: Plan) -> str:
    """Return the first of our tables built from a raw file, "" if only columns are joined."""
    own = plan.own.items()
    return next((name for name, files in own if raw in [RAW + file for file in files]), "")


def _add_missing_file(defects: Defects, mapped: MappedTable, why: str) -> None:
    """Add the defect of a raw export that lacks a file which the column map names."""
    place = Places.whole_file(mapped.table, mapped.files[0], notes=why)
    defects.setdefault("file-missing", []).append(place)


def _add_lacking_files(defects: Defects, mapped: MappedTable, plan: Plan) -> None:
    """Add the files of a table of several that the column map names and that are not there."""
    for name in plan.lacking.get(mapped.table, ()):
        note = f"the column map names {name}, which is not there"
        place = Places.whole_file(mapped.table, name, notes=note)
        defects.setdefault("file-missing", []).append(place)


def _add_missing_columns(defects: Defects, table: Table, ours: File) -> None:
    """Add the required and recommended columns that a table does not have."""
    for column in ours.columns:
        if table.has(column.name) or not (column.required or column.recommended):
            continue
        rule = "column-missing" if column.required else "column-recommended-missing"
        note = table.missing_reason.get(column.name, "the column map gives no column for it")
        place = Places.at_header(table, column.name, notes=note)
        defects.setdefault(rule, []).append(place)


def _add_partly_missing(
    defects: Defects, files_of: RawFiles, mapped: MappedTable, *, ours: File
) -> None:
    """Add the defect of columns that only some of the raw files of a table have."""
    parts = files_of.list_tables(files_of.plan.own[mapped.table])
    for name, taken in mapped.columns.items():
        column = ours.column(name)
        has = [bool(find_column(part, taken.headers)) for _, part in parts]
        if column is None or taken.files or not any(has):
            continue
        rule = "column-missing" if column.required else "column-recommended-missing"
        for (_, part), there in zip(parts, has, strict=True):
            if not there and (column.required or column.recommended):
                note = f"{explain_no_column(taken.headers)}, as in the other files"
                place = replace(Places.at_header(part, name, notes=note), table=mapped.table)
                defects.setdefault(rule, []).append(place)


def _add_unfiltered_rows(
    defects: Defects, source: Table, mapped: MappedTable, *, files: Sequence[SourceFile]
) -> None:
    """Add the columns by which a map selects rows and that the file does not have."""
    for header in mapped.only:
        if find_column(source, (header,)):
            continue
        nearest = suggest_heading((header,), source, files)
        note = f"the column map chooses rows by {header}, which is not there, so all rows were kept"
        note += nearest
        line = np.asarray([source.header_line], np.int32)
        place = Places(mapped.table, source.file, line, notes=note)
        defects.setdefault("column-recommended-missing", []).append(place)


def _add_left_out_rows(
    defects: Defects, source: Table, mapped: MappedTable, *, raw: RawFiles
) -> None:
    """Add to what was read the rows of people whom the column map leaves out; of one file once."""
    plan = raw.plan
    names = plan.own[mapped.table]
    if mapped.table != next(name for name in plan.own if plan.own[name] == names):
        return
    rows = list_left_out_rows(mapped, source, raw, tables=SEPARATED)
    if len(rows):
        lines = source.lines_of(rows)
        place = Places(mapped.table, source.file, lines, notes="left out by the column map")
        defects.setdefault("rows-left-out", []).append(place)


def _add_left_out_references(defects: Defects, tables: Mapping[str, Table]) -> None:
    """Add to a raw file's defects enrollments that name students whom the column map leaves out."""
    students, enrollments = tables.get("students"), tables.get("enrollments")
    if students is None or enrollments is None or not students.known_elsewhere:
        return
    ids = frame.encode(enrollments, "Student_id")
    names = pa.array(sorted(students.known_elsewhere), pa.string())
    is_present = frame.is_among(ids.values, frame.encode(students, "Student_id").values)
    rows = np.flatnonzero(ids.broadcast(frame.is_among(ids.values, names) & ~is_present))
    if len(rows):
        place = frame.place_rows(
            enrollments,
            rows,
            "Student_id",
            notes="left out with its student",
            counts=np.zeros(len(rows), bool),
        )
        defects.setdefault("rows-left-out", []).append(place)


FORMAT = Format(ID, "Raw SIS export", profile="sis")
