"""The original cells of a corrected copy, restored with its log."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from validator.model import BadUsage, FileColumn, dataclass
from validator.repair.changes import What
from validator.repair.csv_writer import CRLF, LF, get_bytes, join_rows, write_header
from validator.repair.log import FILE, HEADINGS, HIDDEN, NO, YES, read_column, unprotect
from validator.repair.rows import TextRows, read_text_rows
from validator.repair.written import LeftOut, Written, WrittenFile

BROKEN = "mended.csv is not a log of `rosterready mend`, or was changed after it was written"
CONVERTED = (
    "these files were converted to another format, and only a copy in the export's own format "
    "can be undone; the export itself was never changed"
)
KEYS = ("new file", "column", "header", "change", "kind")
"""Columns of the log that all changes of one entry have in common."""

HEADED = {YES: True, NO: False}

NOT_LOGGED = "secrets are not logged, so these cells stay as they are"


@dataclass(frozen=True, eq=False)
class Entry:
    """The changes of one kind of thing in one written file, in the order of the log.

    headed: whether the file has a header line.
    """

    what: What
    column: FileColumn
    headed: bool
    new_lines: np.ndarray
    lines: np.ndarray
    before: Sequence[str]
    after: Sequence[str]


@dataclass(frozen=True, eq=False)
class Log:
    """The log by written file: the name of the original file, and its changes in order."""

    originals: Mapping[str, str]
    entries: Mapping[str, Sequence[Entry]]


def read_log(folder: Path) -> Log:
    """Return the log of a corrected copy. Raises BadUsage where there is none."""
    path = folder / FILE
    try:
        if not path.is_file():
            raise FileNotFoundError(FILE)
        data = path.read_bytes()
    except OSError:
        raise BadUsage(f"{folder} holds no {FILE}, so it cannot be undone") from None
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(data),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in HEADINGS}, strings_can_be_null=False
            ),
        )
        if tuple(table.column_names) != HEADINGS:
            raise BadUsage(BROKEN)
        return _build_log(table)
    except (pa.ArrowInvalid, KeyError, ValueError):
        raise BadUsage(BROKEN) from None


def _build_log(table: Any) -> Log:
    """Return the log of a table of text."""
    cells = {name: unprotect(table.column(name).combine_chunks()) for name in HEADINGS}
    keys = [cells[name].dictionary_encode() for name in KEYS]
    codes = np.stack([key.indices.to_numpy(zero_copy_only=False) for key in keys], axis=1)
    edges = np.flatnonzero((codes[1:] != codes[:-1]).any(axis=1)) + 1
    bounds = [0, *edges.tolist(), len(codes)] if len(codes) else [0]
    originals: dict[str, str] = {}
    entries: dict[str, list[Entry]] = {}
    lines = np.asarray(cells["line"].cast(pa.int64()))
    new_lines = np.asarray(cells["new line"].cast(pa.int64()))
    for start, stop in pairwise(bounds):
        part = slice(start, stop)
        name = cells["new file"][start].as_py()
        headed = HEADED[cells["header"][start].as_py()]
        originals.setdefault(name, cells["file"][start].as_py())
        entries.setdefault(name, []).append(
            Entry(
                What(cells["change"][start].as_py()),
                read_column(cells["column"][start].as_py(), headed=headed),
                headed,
                new_lines[part],
                lines[part],
                cells["before"].slice(start, stop - start).to_pylist(),
                cells["after"].slice(start, stop - start).to_pylist(),
            )
        )
    return Log(originals, entries)


def undo(folder: Path, log: Log, names: Sequence[str]) -> Written:
    """Return the files of a corrected copy with the values that they had before."""
    left: list[LeftOut] = []
    written = []
    for name in names:
        data = (folder / name).read_bytes()
        entries = log.entries.get(name, ())
        if not entries:
            written.append(WrittenFile(name, iter([data])))
            continue
        pieces = _undo_file(data, entries, left, name=name)
        written.append(WrittenFile(log.originals.get(name, name), pieces))
    return Written(written, left)


def _undo_file(
    data: bytes, entries: Sequence[Entry], left: list[LeftOut], *, name: str
) -> Iterator[bytes]:
    """Undo the changes of one corrected file by its log."""
    rows = read_text_rows(data, headed=all(entry.headed for entry in entries))
    cells = Undone(rows, entries)
    for entry in reversed(entries):
        if entry.what in HIDDEN.values():
            left.append(LeftOut(name, entry.column, len(entry.lines), NOT_LOGGED))
        else:
            cells.undo(entry)
    return cells.pieces(CRLF if b"\r\n" in data else LF)


class Undone:
    """The rows of a written file while their changes are undone, the last one first."""

    def __init__(self, rows: TextRows, entries: Sequence[Entry]) -> None:
        self.rows = rows
        headings = [entry for entry in entries if entry.what is What.HEADING]
        self.written: dict[FileColumn, str] = {
            entry.before[0]: entry.after[0] for entry in headings
        }
        self.added = {entry.after[0] for entry in headings if not entry.before[0]}
        self.headings = list(rows.headings)
        self.columns: list[Any] = list(rows.columns)
        self.gone = np.zeros(len(rows.lines), bool)
        self.inserted: list[tuple[int, int, str]] = []

    def undo(self, entry: Entry) -> None:
        """Undo one entry of mend's log."""
        if entry.what is What.CELL:
            self._restore_cells(entry)
        elif entry.what is What.ROW_ADDED:
            at = self._find(entry.new_lines)
            self.gone[at[at >= 0]] = True
        elif entry.what is What.ROW_REMOVED:
            removed = zip(entry.new_lines.tolist(), entry.lines.tolist(), entry.before, strict=True)
            self.inserted += removed
        elif entry.what is What.LINE:
            pairs = zip(entry.new_lines.tolist(), entry.before, entry.after, strict=True)
            changed = {line: old for line, old, new in pairs if old != new}
            at = self._find(np.asarray(list(changed), np.int64))
            self.gone[at[at >= 0]] = True
            self.inserted += [(line, line, old) for line, old in changed.items()]

    def _find(self, lines: np.ndarray) -> np.ndarray:
        """Return the row on each line of the written file, -1 for none."""
        at = np.searchsorted(self.rows.lines, lines)
        inside = np.minimum(at, max(len(self.rows.lines) - 1, 0))
        known = self.rows.lines[inside] == lines if len(self.rows.lines) else at < 0
        return np.where(known, inside, -1)

    def _restore_cells(self, entry: Entry) -> None:
        """Write the old values of one column."""
        heading = self.written.get(entry.column, entry.column)
        if heading not in self.headings:
            return
        position = self.headings.index(heading)
        at = self._find(entry.new_lines)
        known = at >= 0
        column = self.columns[position]
        old = pa.array(entry.before, pa.string()).filter(pa.array(known))
        joined = pa.concat_arrays([column, old])
        pick = np.arange(len(column))
        pick[at[known]] = len(column) + np.arange(int(known.sum()))
        self.columns[position] = joined.take(pa.array(pick))

    def pieces(self, line_end: str) -> Iterator[bytes]:
        """Yield the bytes of the restored file."""
        top = sorted((line, text) for new_line, line, text in self.inserted if not new_line)
        for _, text in top:
            yield (text + line_end).encode()
        own = [at for at, name in enumerate(self.headings) if name not in self.added]
        original: dict[FileColumn, FileColumn] = {
            new: old for old, new in self.written.items() if old
        }
        if self.rows.headed:
            names = [original.get(self.headings[at], self.headings[at]) for at in own]
            yield write_header(list(map(str, names)), line_end)
        kept = np.flatnonzero(~self.gone)
        columns = [self.columns[at].take(pa.array(kept)) for at in own]
        texts = list(join_rows(columns))
        lines = pa.concat_arrays(texts) if texts else pa.array([], pa.string())
        others = list(self.rows.others)
        back = sorted(each for each in self.inserted if each[0])
        added = pa.array([text for _, text in others] + [text for _, _, text in back], pa.string())
        where = [(line, 1) for line, _ in others]
        where += [(new_line, 0) for new_line, _, _ in back]
        keys = np.asarray(
            [(line, 1) for line in self.rows.lines[kept].tolist()] + where, np.int64
        ).reshape(-1, 2)
        whole = pa.concat_arrays([lines, added])
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        text = whole.take(pa.array(order))
        yield get_bytes(pc.binary_join_element_wise(text, line_end, ""))
