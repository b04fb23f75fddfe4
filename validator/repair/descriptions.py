"""The descriptions of an export's own files: which column holds what."""

from __future__ import annotations

from dataclasses import replace

from validator.diagnosis.cells import locate_column
from validator.ingest.formats import registry
from validator.ingest.formats.sis.plan import ID
from validator.ingest.read import MAPPED
from validator.model import Column, Export, File, Table, Version


def find_version(export: Export) -> Version | None:
    """Return the format's version in which a repaired file is written; None for a raw export."""
    versions = registry.find_format(export.format).versions
    if not versions:
        return None
    files = {table for table in export.files_expected if table in _list_tables(versions)}
    return max(reversed(versions), key=lambda version: _measure(version, files, export))


def _list_tables(versions: tuple[Version, ...]) -> set[str]:
    """Return the tables of any version of a format that a repair may write."""
    return {file.table for version in versions for file in version.files}


def _measure(version: Version, expected: set[str], export: Export) -> tuple[int, int]:
    """Measure which version a corrected copy should have: files that fit, then columns."""
    tables = {file.table: file for file in version.files}
    originals = export.originals.tables if export.originals is not None else export.tables
    known = sum(
        tables[name].column(column) is not None
        for name, table in originals.items()
        if name in tables
        for column in table.headers
    )
    return -len(tables.keys() ^ expected), known


def describe_files(export: Export) -> dict[str, File]:
    """Return the description of each file to repair, by its table's name."""
    version = find_version(export)
    originals = export.originals.tables if export.originals is not None else export.tables
    if version is not None:
        described = {file.table: file for file in version.files}
        return {name: described[name] for name in originals if name in described}
    return {name: _describe_raw(export, table) for name, table in originals.items()}


def _describe_raw(export: Export, table: Table) -> File:
    """Describe a raw file to mend: the kinds of columns that the roster takes from it."""
    roster = {file.table: file for file in MAPPED}
    columns = []
    for column in table.records.columns:
        name, ours = locate_column(export, table, column)
        described = roster[name].column(ours) if name in roster and ours else None
        columns.append(replace(described or Column(column), name=column, required=False))
    return File(
        table.name,
        table.file,
        table.key,
        tuple(columns),
        required=False,
        heading_rows=table.heading_rows,
    )


def is_raw(export: Export) -> bool:
    """Return whether an export to mend was read with a column map."""
    return export.format == ID
