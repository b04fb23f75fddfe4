"""Reading an export of any format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from validator import frame
from validator.ingest import archive, detect, excel
from validator.ingest.csv.defects import leave_out_form
from validator.ingest.files import Progress, read_files, validate
from validator.ingest.formats import registry
from validator.ingest.formats.sis.format import normalize
from validator.ingest.formats.sis.headless import add_header, locate_columns
from validator.ingest.formats.sis.near_headings import explain_misfit
from validator.ingest.formats.sis.plan import ID, RAW, Plan, describe_tables, plan_files
from validator.ingest.match_files import Reading, match_files
from validator.ingest.source import Source, get_stem
from validator.model import (
    BadUsage,
    CannotRead,
    ColumnMap,
    Export,
    File,
    Originals,
    Table,
    Version,
)
from validator.schemas import clever

MAPPED = describe_tables(clever.FILES)
"""The tables that a column map may name."""


def read_export(
    paths: Sequence[Path],
    format: str = "auto",
    progress: Progress | None = None,
    *,
    columns: ColumnMap | None = None,
) -> Export:
    """Return the export at the paths: one folder, one .zip, one workbook, or several files.

    `columns`: the column map of a raw export. Raises CannotRead for anything but a readable export,
    InputChanged if a file changes while it is read.
    """
    # The system's memory pool needs a fifth less than Arrow's own and is as fast.
    pa.set_memory_pool(pa.system_memory_pool())
    _check_format(format, columns)
    name, sources = open_sources(paths)
    if columns is not None:
        return _read_mapped(name, sources, columns, progress=progress)
    if format == "auto":
        version = detect.detect_version(sources)
    else:
        version = detect.choose_version(registry.find_format(format).versions, sources)
    chosen = registry.find_format(version.format)
    reading = Reading(chosen.deleted)
    matches = match_files(reading, version, sources)
    if not matches:
        required = ", ".join(file.name for file in version.files if file.required)
        raise CannotRead(f"Nothing here is a {version.title} roster: none of {required} was found.")
    read_files(reading, sources, matches, progress=progress)
    export = _build_export(reading, version, name)
    if chosen.normalize is not None and not chosen.is_roster:
        export = replace(export, tables={}, file_tables=export.tables)
    return _build_roster(export, version.files, chosen.normalize or (lambda read: read))


def _build_roster(
    export: Export, files: Sequence[File], normalize: Callable[[Export], Export]
) -> Export:
    """Return the export with the roster that `normalize` builds from the tables of its files."""
    described = {file.table: file for file in files}
    read = export.all_tables

    def rebuild(tables: Mapping[str, Table]) -> Export:
        changed = {
            name for name, table in tables.items() if table.records is not read[name].records
        }
        judged = {}
        for name, table in tables.items():
            own = validate(table, described[name]) if name in changed else table
            judged[name] = frame.forget_references(own) if changed else own
        return _build_roster(export.with_tables(judged), files, normalize)

    return replace(normalize(export), originals=Originals(read, rebuild))


def _read_mapped(
    name: str, sources: list[Source], columns: ColumnMap, *, progress: Progress | None
) -> Export:
    """Return a raw export, read by a column map."""
    names = [source.name for source in sources if not source.aside]
    plan: Plan = plan_files(columns, names, stem=get_stem, files=MAPPED)
    layouts = {it.name: it.head.layout for it in sources if it.name in plan.headless}
    sources = [add_header(it) if it.name in layouts else it for it in sources]
    reading = Reading()
    matches = match_files(reading, plan.format, sources)
    if not matches:
        raise CannotRead(f"None of the files that {plan.map.name} names was found here.")
    read_files(reading, sources, matches, progress=progress)
    for raw, layout in layouts.items():
        table = reading.tables.get(RAW + raw)
        if table is not None and layout is not None:
            reading.tables[RAW + raw] = locate_columns(table, layout)
    misfit = explain_misfit(plan, reading.tables, reading.files)
    if misfit:
        stop = "" if misfit.endswith("?") else "."
        raise CannotRead(
            f"This map does not fit: {misfit}{stop} Run `rosterready columns` on this export "
            "to get a suggested map."
        )
    for file in reading.files:
        if file.table:
            reading.note("form-not-judged", file.table, file.name, words="a raw export")
    export = _build_export(reading, plan.format, name)
    defects = leave_out_form(export.defects)
    export = replace(export, defects=defects, tables={}, file_tables=export.tables)

    heights = {name: _find_last_line(table) for name, table in reading.tables.items()}
    plan = replace(plan, heights=heights)

    def build(read: Export) -> Export:
        return _validate_tables(normalize(read, plan, MAPPED))

    return _build_roster(export, plan.format.files, build)


def _find_last_line(table: Table) -> int:
    """Return the last line of a raw file that was read in which a record ends."""
    lines = [*table.lines[-1:].tolist(), *table.unread.lines.tolist(), *table.end_lines.values()]
    return max(lines, default=table.header_line)


def open_sources(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """Return the export's name and its files, with the sheets of a workbook as files.

    Raises CannotRead or BadUsage.
    """
    name, sources = archive.list_sources([Path(path) for path in paths])
    return name, excel.expand_workbooks(sources)


def _check_format(format: str, columns: ColumnMap | None) -> None:
    """Refuse to read an export in an unknown format, or without its column map. Raises BadUsage."""
    if format == ID and columns is None:
        raise BadUsage(
            "a raw export needs a column map: name one with --columns, or let `rosterready "
            "columns EXPORT --out MAP.yaml` suggest one"
        )
    if format not in ("auto", *registry.IDS):
        raise BadUsage(
            f"There is no format of that name; the names are auto, {', '.join(registry.IDS)}."
        )
    if columns is not None and format not in ("auto", ID):
        raise BadUsage(f"--columns goes with --format {ID}; {format} files need no column map")


def _build_export(reading: Reading, version: Version, name: str) -> Export:
    """Build the export from what was read, as if its files were the roster's tables."""
    return Export(
        version.format,
        None,
        reading.tables,
        tuple(reading.files),
        reading.defects,
        reading.absent,
        unsupported=version.unsupported,
        required=frozenset(file.table for file in version.files if file.required),
        files_expected={file.table: file.name for file in version.files},
        name=name,
        header_only=frozenset(reading.header_only),
        acceptance=version.acceptance,
        columns_required={file.table: file.columns_required for file in version.files},
    )


def _validate_tables(export: Export) -> Export:
    """Return an export read with a column map, with the schema violations of each table."""
    files = {file.table: file for file in MAPPED}
    tables = {name: validate(table, files[name]) for name, table in export.tables.items()}
    return replace(export, tables=tables)


def list_fields() -> dict[str, list[str]]:
    """List, by table, the columns that an export's files are read into, except secrets."""
    return _list_columns(clever.FILES)


def list_mapped_fields() -> dict[str, list[str]]:
    """Return the columns that reading with a column map can fill, by table, without secrets."""
    return _list_columns(MAPPED)


def _list_columns(files: Sequence[File]) -> dict[str, list[str]]:
    """List the columns that reading a format's files fills, except secrets."""
    return {
        file.table: [column.name for column in file.columns if column.kind != "secret"]
        for file in files
    }
