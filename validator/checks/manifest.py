"""OneRoster's manifest compared with the files that came with it."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePath

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.model import Departure, Export, Finding, Level, Places, Table, dataclass

MODES = ("absent", "bulk", "delta")


class Fault(Enum):
    """A fault of a property of the manifest, in the words of the note."""

    VERSION_AS_NUMBER = "a spreadsheet made 1 of 1.0"
    VERSION = "it should be 1.0"
    MODE = "it should be absent, bulk or delta"
    FILE_PRESENT = "the file is there"
    FILE_MISSING = "there is no such file"
    LETTER_CASE = "it is written in lower case"


@dataclass(frozen=True)
class _Property:
    row: int
    value: str


@check()
def version(manifest: Table, export: Export, *, versions: list[str]) -> Finding:
    """Find the version property, when it is missing, not one of these, or contradicts the files."""
    stated = _list_properties(manifest).get("oneroster.version")
    if stated is None:
        note = "it does not say which version of OneRoster this is"
        return Finding([Places.at_header(manifest, notes=note)], of=1)
    newer = "roles.csv" in export.files_expected
    if stated.value not in versions:
        note = "this version is not known"
    elif (stated.value == "1.2") != newer:
        note = f"the files are those of {'1.2' if newer else '1.1'}"
    else:
        return Finding([], of=1)
    row = np.asarray([stated.row])
    return Finding([frame.place_rows(manifest, row, "value", notes=note)], of=1)


@check()
def values(manifest: Table, export: Export) -> Finding:
    """Find properties that contradict the files, or are not spelled as in the specification.

    Advice where only the letter case is wrong. A roster file that is announced and not there keeps
    the importer waiting, as any missing file does.
    """
    # a sheet of a workbook is called `book.xlsx: users`
    files = {PurePath(file.name.rpartition(": ")[2]).stem.casefold() for file in export.files}
    known = {name.removesuffix(".csv").casefold() for name in export.files_expected.values()}
    known.discard("manifest")
    reported = {block.file.casefold() for block in export.defects.get("file-missing", ())}
    faults, missing = {}, set()
    for name, stated in _list_properties(manifest).items():
        fault = _find_fault(name, stated.value, files=files, known=known)
        if fault is None:
            continue
        faults[stated.row] = fault
        stem = _get_stem(name)
        if fault is Fault.FILE_MISSING and stem in known and f"{stem}.csv" not in reported:
            missing.add(stated.row)
    only_case = set(faults.values()) == {Fault.LETTER_CASE}
    blocks = []
    for departure in (Departure.FILE_MISSING, None):
        rows = [row for row in sorted(faults) if (row in missing) is bool(departure)]
        notes = [faults[row].value for row in rows]
        level = Level.ADVICE if only_case else None
        at = np.asarray(rows, np.intp)
        blocks.append(
            frame.place_rows(manifest, at, "value", notes=notes, level=level, departure=departure)
        )
    return Finding([block for block in blocks if len(block)], of=len(manifest))


def _find_fault(name: str, value: str, *, files: set[str], known: set[str]) -> Fault | None:
    """The fault of a property, if any; `files`: those that came, `known`: those of the format."""
    if name == "manifest.version":
        return _find_version_fault(value)
    if not name.startswith("file."):
        return None
    stem = _get_stem(name)
    mode = value.casefold()
    if mode not in MODES:
        return Fault.MODE
    if mode == "absent" and stem in files & known:
        return Fault.FILE_PRESENT
    if mode != "absent" and stem not in files:
        return Fault.FILE_MISSING
    return None if value in MODES else Fault.LETTER_CASE


def _get_stem(name: str) -> str:
    """The file that a property of the manifest is about, for the check of the manifest."""
    return name.removeprefix("file.").removesuffix(".csv")


def _find_version_fault(value: str) -> Fault | None:
    """The fault of the manifest's version that its check finds, None for a right one."""
    if value == "1.0":
        return None
    return Fault.VERSION_AS_NUMBER if value == "1" else Fault.VERSION


@check()
def status_filled(manifest: Table | None, *tables: Table | None, columns: list[str]) -> Finding:
    """Find complete (bulk) files with a status or a date of change in some row.

    One place per file.
    """
    complete = _select_by_mode(manifest, tables, delta=False)
    blocks = []
    for table in complete:
        blank = [frame.encode(table, column).blank for column in columns]
        filled = int((~np.all(blank, axis=0)).sum())
        if filled:
            notes = f"{filled:,} row{'s' if filled > 1 else ''}"
            blocks.append(Places.at_header(table, columns[0], notes=notes))
    return Finding(blocks, of=len(complete))


@check()
def status_blank(manifest: Table, *tables: Table | None, columns: list[str]) -> Finding:
    """Rows of files with changes only (delta) without a status or a date of change, each once."""
    blocks, of = [], 0
    for table in _select_by_mode(manifest, tables, delta=True):
        of += len(table)
        blank = np.any([frame.encode(table, column).blank for column in columns], axis=0)
        if blank.any():
            blocks.append(frame.place_rows(table, blank, columns[0]))
    return Finding(blocks, of=of)


def _select_by_mode(
    manifest: Table | None, tables: tuple[Table | None, ...], *, delta: bool
) -> list[Table]:
    """Select tables for the checks of the manifest: those with changes only (`delta`), or all
    others."""
    properties = {} if manifest is None else _list_properties(manifest)
    selected = []
    for table in tables:
        if table is None:
            continue
        stated = properties.get(f"file.{table.name.removesuffix('.csv')}".casefold())
        is_delta = stated is not None and stated.value.casefold() == "delta"
        if is_delta is delta:
            selected.append(table)
    return selected


def _list_properties(manifest: Table) -> dict[str, _Property]:
    """Each property by its name in lower case, the first where one occurs twice."""
    rows = np.arange(len(manifest))
    names, values = (
        frame.take_text(manifest, column, rows) for column in ("propertyName", "value")
    )
    properties: dict[str, _Property] = {}
    for row, (name, value) in enumerate(zip(names, values, strict=True)):
        properties.setdefault(name.casefold(), _Property(row, value))
    return properties
