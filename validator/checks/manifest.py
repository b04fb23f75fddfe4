"""OneRoster's manifest against the files that came with it."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

from validator import frame
from validator.model import Export, Finding, Level, Places, Table

MODES = ("absent", "bulk", "delta")
FILES = {"memberships": "enrollments"}
"""Tables that are called otherwise than their file."""


def version(manifest: Table, export: Export, *, versions: list[str]) -> Finding:
    """The property that names the version, when it is none of these, is not there, or contradicts the files."""
    rows = _properties(manifest)
    said = rows.get("oneroster.version")
    if said is None:
        return Finding(
            [_whole(manifest, "it does not say which version of OneRoster this is")], of=1
        )
    row, value = said
    newer = "roles" in export.files_expected
    note = ""
    if value not in versions:
        note = "this version is not known"
    elif (value == "1.2") != newer:
        note = f"the files are those of {'1.2' if newer else '1.1'}"
    return Finding(
        [frame.place_rows(manifest, np.asarray([row]), "value", notes=note)] if note else [], of=1
    )


def values(manifest: Table, export: Export) -> Finding:
    """Properties that contradict the files or are not spelled as the specification has them; one place each."""
    # a sheet of a workbook is called `book.xlsx: users`
    files = {PurePath(file.name.rpartition(": ")[2]).stem.casefold() for file in export.files}
    known = {name.removesuffix(".csv").casefold() for name in export.files_expected.values()} - {
        "manifest"
    }
    found: dict[int, str] = {}
    for name, (row, value) in _properties(manifest).items():
        if name == "manifest.version" and value != "1.0":
            found[row] = "a spreadsheet made 1 of 1.0" if value == "1" else "it should be 1.0"
        if not name.startswith("file."):
            continue
        stem = name.removeprefix("file.").removesuffix(".csv")
        if value.casefold() not in MODES:
            found[row] = "it should be absent, bulk or delta"
        elif value.casefold() == "absent" and stem in files & known:
            found[row] = "the file is there"
        elif value.casefold() != "absent" and stem not in files:
            found[row] = "there is no such file"
        elif value not in MODES:
            found[row] = "it is written in lower case"
    rows = np.asarray(sorted(found), np.int64)
    level = (
        Level.ADVICE if found and set(found.values()) == {"it is written in lower case"} else None
    )
    return Finding(
        [
            frame.place_rows(
                manifest, rows, "value", notes=[found[int(row)] for row in rows], level=level
            )
        ],
        of=len(manifest),
    )


def status_filled(manifest: Table | None, *tables: Table | None, columns: list[str]) -> Finding:
    """Complete files whose rows have a status or a date of change all the same; one place per file."""
    return _by_mode(manifest, tables, columns, delta=False)


def status_blank(manifest: Table, *tables: Table | None, columns: list[str]) -> Finding:
    """Rows of files with changes only that do not say what became of the record, or when; a row counts once."""
    return _by_mode(manifest, tables, columns, delta=True)


def _by_mode(
    manifest: Table | None, tables: tuple[Table | None, ...], columns: list[str], *, delta: bool
) -> Finding:
    """Rows in which a column is blank (delta), or files in which it is filled, among the files of that mode."""
    said = {} if manifest is None else _properties(manifest)
    blocks: list[Places] = []
    looked_at = 0
    for table in [table for table in tables if table is not None]:
        mode = said.get(f"file.{FILES.get(table.name, table.name)}".casefold(), (0, "bulk"))[
            1
        ].casefold()
        if (mode == "delta") is not delta:
            continue
        looked_at += len(table) if delta else 1
        blank = [frame.encode(table, column).blank for column in columns]
        if delta:
            empty = np.any(blank, axis=0)
            blocks.append(frame.place_rows(table, empty, columns[0]))
        elif filled := int((~np.all(blank, axis=0)).sum()):
            blocks.append(_whole(table, f"{filled:,} row{'s' if filled > 1 else ''}", columns[0]))
    return Finding([block for block in blocks if len(block)], of=looked_at)


def _whole(table: Table, note: str, column: str | None = None) -> Places:
    """The header line of a file."""
    return Places(
        table.name, table.file, np.asarray([table.header_line], np.int32), column, notes=note
    )


def _properties(manifest: Table) -> dict[str, tuple[int, str]]:
    """Each property in lower case: its row number and its value, the first where it occurs twice."""
    rows = np.arange(len(manifest))
    names, said = (frame.take_text(manifest, column, rows) for column in ("propertyName", "value"))
    pairs = list(zip(rows.tolist(), names, said, strict=True))
    return {name.casefold(): (row, value) for row, name, value in reversed(pairs)}
