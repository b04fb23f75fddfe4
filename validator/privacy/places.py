"""Places of a finding as rows to list, with what a reader of each edition may see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import repeat_each
from validator.model import FileColumn, Level, Outcome, Places, Position, Report, Table, dataclass
from validator.privacy import public_values, schools

NAMES = {"sections": ("Course_name",), "schools": ("School_name",)}
"""The columns that name a record which is not a person."""

_NOWHERE = -1  # instead of a row number: the line is not a row of the table


@dataclass(frozen=True)
class PlaceRow:
    """One place as a reader may see it; None for what is hidden or absent.

    `group`: equal for places that belong together. `repair`: what the value should be. `level`:
    where it differs from the rule's own. `headed`: whether `column` is a heading, not a position.
    """

    file: str
    line: int | None
    end_line: int | None
    column: str | None
    school_id: str | None = None
    key: str | None = None
    value: str | None = None
    group: int | None = None
    note: str | None = None
    name: str | None = None
    repair: str | None = None
    level: Level | None = None
    explained_by: str = ""
    headed: bool = True


def list_rows(
    report: Report, outcome: Outcome, limit: int | None = None, *, masked: bool
) -> list[PlaceRow]:
    """Return the places of a finding that may be shown, at most `limit` of them.

    They are in the order of files and lines: those that nothing explains, then those that each
    diagnosis explains.
    """
    if outcome.finding is None or not outcome.rule.lists:
        return []
    blocks = [block for block in outcome.finding.places if block.listed and len(block)]
    rows: list[PlaceRow] = []
    for cause in sorted({block.explained_by for block in blocks}):
        mine = [block for block in blocks if block.explained_by == cause]
        rest = None if limit is None else limit - len(rows)
        rows += _list_blocks(report, mine, rest, masked=masked)
    return rows


def _list_blocks(
    report: Report, blocks: Sequence[Places], limit: int | None, *, masked: bool
) -> list[PlaceRow]:
    """Return the first places of some blocks, masked for privacy or not, by file and line."""
    owner, position = _choose_first_places(report, blocks, limit)
    rows: list[PlaceRow | None] = [None] * len(owner)
    for number, block in enumerate(blocks):
        mine = np.flatnonzero(owner == number)
        if not len(mine):
            continue
        listed = _build_rows(report, block, position[mine], masked=masked)
        for at, row in zip(mine, listed, strict=True):
            rows[at] = row
    return [row for row in rows if row is not None]


def show_header(report: Report, table: str, column: str | None) -> str | None:
    """Return the words for a column's own header, None where privacy hides them."""
    own = find_column(report, table, column)
    return None if own is None else str(own)


def find_column(report: Report, table: str, column: str | None) -> FileColumn | None:
    """Return the file's own header of a column, None where it may not be shown.

    Of a column that the format does not know, only the position may be.
    """
    if column is None:
        return None
    source = report.export.find(table)
    own = column if source is None else source.headers.get(column, column)
    is_known = column.startswith(public_values.EXTENSIONS) or public_values.is_known(table, column)
    return own if is_known or isinstance(own, Position) else None


def _choose_first_places(
    report: Report, blocks: Sequence[Places], limit: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the places that privacy lets a report show first: number of the block, and
    position."""
    if not blocks:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    files = {file.name: rank for rank, file in enumerate(report.export.files)}
    for block in blocks:
        files.setdefault(block.file, len(files))
    key = np.concatenate(
        [(files[block.file] << 32) + block.lines.astype(np.int64) for block in blocks]
    )
    owner = repeat_each(np.arange(len(blocks), dtype=np.int32), [len(block) for block in blocks])
    position = np.concatenate([np.arange(len(block)) for block in blocks])
    kept = np.arange(len(key))
    if limit is not None and limit < len(key):
        kept = np.flatnonzero(key <= np.partition(key, limit - 1)[limit - 1]) if limit else kept[:0]
    kept = kept[np.argsort(key[kept], kind="stable")][:limit]
    return owner[kept], position[kept]


def _build_rows(
    report: Report, block: Places, position: np.ndarray, *, masked: bool
) -> list[PlaceRow]:
    """Return some places of one block as rows, masked for privacy or with values."""
    table = report.export.find(block.table)
    lines = block.lines[position]
    row = _find_row_numbers(table, block, position) if block.rows is None else block.rows[position]
    seen = _mask_cells if masked else _read_cells
    cells = seen(report, block, row=row, position=position)
    column = find_column(report, block.table, block.column)
    headed = not isinstance(column, Position)
    ends, notes = _find_last_lines(block, table, position), _pick(block.notes, position)
    groups = [None] * len(position) if block.groups is None else block.groups[position].tolist()
    return [
        PlaceRow(
            file=block.file,
            line=int(lines[i]) or None,
            end_line=int(ends[i]) or None,
            column=None if column is None else str(column),
            headed=headed,
            school_id=cells.schools[i] or None,
            key=cells.keys[i] or None,
            value=cells.values[i],
            group=groups[i],
            note=notes[i] or None,
            name=cells.names[i] or None,
            repair=cells.repairs[i],
            level=block.level,
            explained_by=block.explained_by,
        )
        for i in range(len(position))
    ]


@dataclass(frozen=True)
class _Cells:
    """Contents of the rows of some places, as lists of one length."""

    values: list[str | None]
    repairs: list[str | None]
    schools: list[str | None]
    keys: list[str | None]
    names: list[str | None]


def _read_cells(report: Report, block: Places, *, row: np.ndarray, position: np.ndarray) -> _Cells:
    """Return all that may be shown to the district itself: everything but secrets."""
    table = report.export.find(block.table)
    kind, _ = public_values.find_privacy_class(block.table, block.column or "")
    empty: list[str | None] = [None] * len(position)
    secret = kind == "secret"
    return _Cells(
        values=empty if secret else _read_texts(table, block.column, row),
        repairs=empty if secret else _pick(block.repairs, position),
        schools=_read_texts(table, "School_id", row),
        keys=_read_keys(table, row) if block.keys is None else _pick(block.keys, position),
        names=_read_names(report, table, row),
    )


def _mask_cells(report: Report, block: Places, *, row: np.ndarray, position: np.ndarray) -> _Cells:
    """Mask the cells of some places for privacy: public values only."""
    table = report.export.find(block.table)
    kind, shape = public_values.find_privacy_class(block.table, block.column or "")
    empty: list[str | None] = [None] * len(position)
    values = repairs = empty
    if kind == "public":
        values, repairs = _read_texts(table, block.column, row), _pick(block.repairs, position)
        seen = public_values.select_shown(report, shape, _list_filled(values + repairs))
        values, repairs = _keep_seen(values, seen), _keep_seen(repairs, seen)
    at_schools = _read_texts(table, "School_id", row)
    named = schools.list_with_figures(report)
    return _Cells(values, repairs, _keep_seen(at_schools, named), keys=empty, names=empty)


def _pick(texts: Sequence[str] | str | None, position: np.ndarray) -> list[str | None]:
    """Pick the texts of some places before privacy masks them."""
    if texts is None or isinstance(texts, str):
        return [texts] * len(position)
    return [texts[at] for at in position]


def _find_last_lines(block: Places, table: Table | None, position: np.ndarray) -> np.ndarray:
    """Return the last line of each place, which privacy lets a masked report show."""
    if block.end_lines is not None:
        return np.asarray(block.end_lines[position])
    lines = block.lines[position]
    if table is None or not table.end_lines:
        return np.asarray(lines, np.int64)
    numbers = frame.number_lines(table, block)[position]
    ends = [table.end_lines.get(number, number) for number in numbers.tolist()]
    return np.asarray(ends - numbers + lines, np.int64)


def _list_filled(values: Sequence[str | None]) -> list[str]:
    """Return the values that are not blank, to judge which are public."""
    return [value for value in values if value]


def _keep_seen(values: Sequence[str | None], seen: frozenset[str]) -> list[str | None]:
    """Return the values that may be shown in masked outputs, None for the others."""
    return [value if value in seen else None for value in values]


def _find_row_numbers(table: Table | None, block: Places, position: np.ndarray) -> np.ndarray:
    """Return the table rows of places to mask for privacy or to show; _NOWHERE for none."""
    if table is None or not len(table):
        return np.full(len(position), _NOWHERE)
    lines = frame.number_lines(table, block)[position]
    row = np.minimum(np.searchsorted(table.lines, lines), len(table) - 1)
    return np.where(table.lines[row] == lines, row, _NOWHERE)


def _read_texts(table: Table | None, column: str | None, row: np.ndarray) -> list[str | None]:
    """Return a column's cells in some rows that privacy lets a report show; None for no cell."""
    if table is None or column is None or column not in table.records.columns:
        return [None] * len(row)
    texts: list[str | None] = (
        frame.get_arrow(table, column).take(pa.array(row, mask=row == _NOWHERE)).to_pylist()
    )
    return texts


def _read_keys(table: Table | None, row: np.ndarray) -> list[str | None]:
    """Return keys that privacy keeps out of masked reports; of an enrollment, both."""
    if table is None or table.key:
        return _read_texts(table, table.key if table else None, row)
    pairs = zip(
        _read_texts(table, "Student_id", row), _read_texts(table, "Section_id", row), strict=True
    )
    return [
        None if student is None else f"{student} in {section or ''}" for student, section in pairs
    ]


def _read_names(report: Report, table: Table | None, row: np.ndarray) -> list[str | None]:
    """Return names that privacy keeps out of masked reports; of an enrollment, the student's."""
    students = report.export.tables.get("students")
    if table is None or (row == _NOWHERE).all():
        return [None] * len(row)
    if not table.key and students is not None and table.has("Student_id"):
        located = frame.locate_rows(table, "Student_id", students)
        return _read_names(
            report,
            students,
            np.where(row == _NOWHERE, _NOWHERE, np.maximum(located[row], _NOWHERE)),
        )
    columns = NAMES.get(table.name, ("First_name", "Last_name"))
    parts = zip(*(_read_texts(table, column, row) for column in columns), strict=True)
    return [" ".join(part.strip() for part in some if part) or None for some in parts]
