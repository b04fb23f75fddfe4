"""Bytes of one CSV file -> a table of text whose index is the physical line, and all that was odd about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from validator import limits, parallel
from validator.frame.arrow import combine_pieces
from validator.ingest.csv import decode, exact, header, lines, rows
from validator.ingest.csv.defects import (
    DefectCollector,
    classify_line_endings,
    note_bytes,
    note_control_characters,
    note_header,
    note_line_endings,
    note_rows,
)
from validator.ingest.csv.header import Header
from validator.ingest.csv.lines import Shape
from validator.ingest.csv.rows import Rows
from validator.model import CannotRead, File, Level, Places, Table, Unread

MAX_LINE = limits.get_limit("line-bytes")

_FILLED = re.compile(rb"[^ \t\r\n\x0b\x0c,;|\"'\xc2\xa0]")


@dataclass(frozen=True, eq=False)
class Contents:
    """What one file held. `table` is None where nothing can be made of it, and `reason` says why ("is empty").

    `defects`: places by rule id. `unused`: headings of columns that are not read, at
    `unused_positions` (from 1). `header_only`: a header and no row.
    """

    table: Table | None
    reason: str = ""
    defects: Mapping[str, Sequence[Places]] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    line_ending: str = ""
    unused: tuple[str, ...] = ()
    unused_positions: tuple[int, ...] = ()
    header_only: bool = False


def read_csv(data: bytes, file: File, name: str = "", *, exact_only: bool = False) -> Contents:
    """What a file's bytes hold, read as the format describes the file; `name` is the file's own name.

    `exact_only` reads every row one by one: slow, and by law with the same result.
    """
    book = DefectCollector(file, name or file.name)
    other = decode.identify_binary(data)
    if other:
        book.add("file-not-text", [0], notes=f"it is {other}")
        return Contents(None, "is not a text file", book.defects)
    decoded = decode.decode(data)
    if not _FILLED.search(decoded.text):
        only = "only blank lines" if decoded.text else "only a byte order mark"
        book.add(
            "file-empty",
            [0],
            notes=f"it holds {only if data else 'nothing: 0 bytes'}",
            level=_soften(file),
        )
        return Contents(None, "is empty", book.defects, decoded.encoding.lower())
    head = header.find_header(decoded.text, file)
    if head is None or head.width > header.MAX_COLUMNS:
        return _describe_headless(book, decoded, head)
    text = lines.index_lines(decoded.text, head.offset, head.end + 1)
    _check_limits(text, name or file.name)
    head = _fit_header(text, head)
    shape = _build_shape(head, file)
    found = rows.remove_non_records(rows.read_rows(text, shape, exact_only=exact_only), shape, head)
    return _build_contents(book, decoded, head, found=found)


def _check_limits(text: lines.Text, name: str) -> None:
    """Raises CannotRead for a file that no roster is."""
    for limit, beyond in (
        ("rows", text.count > limits.get_limit("rows")),
        ("line-bytes", lines.has_longer_line(text, MAX_LINE)),
    ):
        if beyond:
            what = "a line has" if limit == "line-bytes" else "it has"
            raise CannotRead(f"{name} is refused: {what} {limits.describe_excess(limit)}.")


def _describe_headless(
    book: DefectCollector, decoded: decode.Decoded, head: Header | None
) -> Contents:
    """What is said of a file that has no header, or one that no roster has."""
    note, reason = "no heading in the first lines is one of the format's", "has no header line"
    if head is not None:
        note = limits.describe_excess("columns")
        reason = f"has {note}"
    elif header.looks_like_data(decoded.text):
        note = "line 1 looks like data"
    book.add("header-missing", [head.line if head else 1], notes=note)
    ending = classify_line_endings(decoded, None)
    return Contents(None, reason, book.defects, decoded.encoding.lower(), "", ending)


def _build_contents(
    book: DefectCollector, decoded: decode.Decoded, head: Header, *, found: Rows
) -> Contents:
    """The table and all that was noted."""
    ending = classify_line_endings(decoded, found)
    note_bytes(book, decoded, head.delimiter)
    note_line_endings(book, ending)
    note_header(book, head)
    note_rows(book, found, head)
    note_control_characters(book, found, head, tail=decoded.tail)
    table = _build_table(book, head, found)
    reason = ""
    if not len(table) and not len(table.unread):
        book.add("file-empty", [0], notes="it has a header but no rows", level=_soften(book.file))
        reason = "is empty"
    unused = tuple(head.cells[at] for at in head.unknown)
    keep = table if not reason or not book.file.required else None
    return Contents(
        keep,
        reason,
        book.defects,
        decoded.encoding.lower(),
        head.delimiter,
        ending,
        unused,
        tuple(at + 1 for at in head.unknown),
        header_only=bool(reason),
    )


def _soften(file: File) -> Level | None:
    return None if file.required else Level.ADVICE


def _fit_header(text: lines.Text, head: Header) -> Header:
    """The header without empty headings at its end, if the first rows have no cells for them."""
    narrow = header.drop_empty_end(head)
    if narrow.width == head.width or not narrow.width:
        return head
    first = lines.cut_lines(text, np.arange(text.first, text.first + min(text.count, 200)))
    counts = exact.count_cells(first, head.delimiter)
    return narrow if (counts == narrow.width).sum() > (counts == head.width).sum() else head


def _build_shape(head: Header, file: File) -> Shape:
    """What the rows look like, and which of their cells are read, in the order of the file; extensions are coded."""
    wanted, leading = {}, 0
    for name, at in sorted(head.columns.items(), key=lambda item: item[1]):
        column = file.column(name)
        wanted[at] = column is None or column.coded
        leading = at + 1 if column and column.kind == "id" else leading
    return Shape(head.delimiter, head.width, wanted, leading)


def _build_table(book: DefectCollector, head: Header, found: Rows) -> Table:
    """The table, its columns in the order of the file."""
    file = book.file
    names = {str(at): name for name, at in head.columns.items()}
    whole = parallel.map_each(combine_pieces, found.table.columns, size=found.table.nbytes)
    columns: dict[str, Any] = {
        names[key]: pd.arrays.ArrowExtensionArray(column)
        for key, column in zip(found.table.column_names, whole, strict=True)
    }
    index: Any = pd.RangeIndex(found.text.first, found.text.first + found.table.num_rows)
    if found.lines is not None and not np.array_equal(found.lines, index):
        index = pd.Index(found.lines, dtype="int32")
    short = ((line, row) for line, _, row in found.recovered.short)
    lost = sorted([*short, *found.recovered.unclosed])
    unread = Unread(
        np.asarray([line for line, _ in lost], np.int32), tuple(tuple(row) for _, row in lost)
    )
    return Table(
        file.table,
        book.name,
        file.key,
        pd.DataFrame(columns, index=index, copy=False),
        headers={name: head.cells[at] for name, at in head.columns.items()},
        header_line=head.line,
        unread=unread,
        end_lines={begin: end for begin, end, _ in found.recovered.rows if end > begin},
    )
