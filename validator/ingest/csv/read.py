"""Reading of one CSV file into a table and its defects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

import numpy as np

from validator import limits
from validator.frame.arrow import combine_pieces
from validator.ingest.csv import decode, exact, header, lines, rows, unknown_headings
from validator.ingest.csv.defects import (
    DefectCollector,
    classify_line_endings,
    note_bytes,
    note_control_characters,
    note_header,
    note_line_endings,
    note_rows,
)
from validator.ingest.csv.empty_columns import drop_empty_columns, list_unnamed_end
from validator.ingest.csv.header import Header
from validator.ingest.csv.lines import Shape
from validator.ingest.csv.rows import Rows
from validator.ingest.csv.short_headings import correct_short_headings
from validator.model import CannotRead, File, Level, Places, Table, Unread, build_records, dataclass

MAX_LINE = limits.get_limit("line-bytes")

_FILLED = re.compile(rb"[^ \t\r\n\x0b\x0c,;|\"'\xc2\xa0]")


@dataclass(frozen=True, eq=False)
class Contents:
    """The contents of one file.

    table: None if the file cannot be read; `reason` says why ("is empty").
    defects: places by rule id.
    unused: headings of the columns that are not read, at `unused_positions` (from 1).
    unused_public: which of them may be shown to anybody.
    header_only: whether the file has a header and no rows. is_empty: whether it has no values.
    code_page, damaged, mark: as in `SourceFile`.
    """

    table: Table | None
    reason: str = ""
    defects: Mapping[str, Sequence[Places]] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    line_ending: str = ""
    unused: tuple[str, ...] = ()
    unused_positions: tuple[int, ...] = ()
    unused_public: tuple[bool, ...] = ()
    header_only: bool = False
    is_empty: bool = False
    code_page: str = ""
    damaged: bool = False
    mark: str = ""


def read_csv(data: bytes, file: File, name: str = "", *, exact_only: bool = False) -> Contents:
    """Return the contents of a file that `file` describes; `name` is the file's own name.

    `exact_only` reads every row one by one, which is slow and must give the same result. Raises
    CannotRead beyond a limit.
    """
    collector = DefectCollector(file, name or file.name)
    kind = decode.identify_binary(data)
    if kind:
        collector.add("file-not-text", [0], notes=f"it is {kind}")
        return Contents(None, "is not a text file", collector.defects)
    decoded = decode.decode(data)
    if _FILLED.search(decoded.text):
        contents = _read_text(collector, decoded, exact_only=exact_only)
    else:
        note = f"it holds {_describe_blank(data, decoded)}"
        collector.add("file-empty", [0], notes=note, level=_soften(file))
        contents = Contents(None, "is empty", collector.defects, is_empty=True)
    return replace(
        contents,
        encoding=decoded.encoding.lower(),
        code_page=decoded.page.title if decoded.page else "",
        damaged=decoded.damaged,
        mark=decoded.mark,
    )


def _read_text(
    collector: DefectCollector, decoded: decode.Decoded, *, exact_only: bool
) -> Contents:
    """Return the contents of a CSV file whose text has any values."""
    file, name = collector.file, collector.name
    head = header.find_header(decoded.text, file)
    if head is None:
        return _describe_headless(collector, decoded)
    if head.width > header.MAX_COLUMNS:
        words = limits.describe_excess("columns")
        raise CannotRead(f"{name} is refused: its header has {words}.")
    text = lines.index_lines(decoded.text, head.offset, head.end + 1)
    _check_limits(text, name)
    head = correct_short_headings(fit_header(text, head), decoded.text, file)
    shape = _build_shape(head, file)
    read = rows.read_rows(text, shape, exact_only=exact_only)
    records = rows.remove_non_records(read, shape, head)
    wide = head
    head, records = drop_empty_columns(head, records, shape)
    return _build_contents(collector, decoded, head, records=records, wide=wide)


def _describe_blank(data: bytes, decoded: decode.Decoded) -> str:
    """Describe a CSV file without values: what it consists of."""
    if not data:
        return "nothing: 0 bytes"
    return "only blank lines" if decoded.text else "only a byte order mark"


def _check_limits(text: lines.Text, name: str) -> None:
    """Raise CannotRead for a file with too many rows or too long a line."""
    if text.count > limits.get_limit("rows"):
        raise CannotRead(f"{name} is refused: it has {limits.describe_excess('rows')}.")
    if lines.has_longer_line(text, MAX_LINE):
        raise CannotRead(f"{name} is refused: a line has {limits.describe_excess('line-bytes')}.")


def _describe_headless(collector: DefectCollector, decoded: decode.Decoded) -> Contents:
    """Return the contents of a CSV file without a header, as it was read."""
    note = "none of the format's column names is in the first lines"
    if header.looks_like_data(decoded.text):
        note = "line 1 looks like data"
    collector.add("header-missing", [1], notes=note)
    ending = classify_line_endings(decoded, None)
    return Contents(None, "has no header line", collector.defects, line_ending=ending)


def _build_contents(
    collector: DefectCollector,
    decoded: decode.Decoded,
    head: Header,
    *,
    records: Rows,
    wide: Header,
) -> Contents:
    """Build the table of a CSV file, and note every defect met while reading it.

    `wide`: the header with the empty columns at its end.
    """
    file = collector.file
    ending = classify_line_endings(decoded, records)
    note_bytes(collector, decoded, head.delimiter)
    note_line_endings(collector, ending)
    note_header(collector, head)
    note_rows(collector, records, wide)
    note_control_characters(collector, records, head, tail=decoded.tail)
    table = _build_table(collector, head, records)
    reason = ""
    if not len(table) and not len(table.unread):
        note = "it has a header but no rows"
        collector.add("file-empty", [0], notes=note, level=_soften(file))
        reason = "is empty"
    unused = tuple(head.cells[at] for at in head.unknown)
    public = unknown_headings.list_public(head) if head.unknown else frozenset()
    is_useful = not reason or not file.required
    return Contents(
        table if is_useful else None,
        reason,
        collector.defects,
        delimiter=head.delimiter,
        line_ending=ending,
        unused=unused,
        unused_positions=tuple(at + 1 for at in head.unknown),
        unused_public=tuple(at in public for at in head.unknown),
        header_only=bool(reason),
        is_empty=bool(reason),
    )


def _soften(file: File) -> Level | None:
    """Return the level of a defect in a CSV file: advice where the file is not required."""
    return None if file.required else Level.ADVICE


def fit_header(text: lines.Text, head: Header) -> Header:
    """Return a CSV file's header without blank headings at its end if the first rows have no
    cells there."""
    narrow = header.drop_empty_end(head)
    if narrow.width == head.width or not narrow.width:
        return head
    first = lines.cut_lines(text, np.arange(text.first, text.first + min(text.count, 200)))
    counts = exact.count_cells(first, head.delimiter)
    return narrow if (counts == narrow.width).sum() > (counts == head.width).sum() else head


def _build_shape(head: Header, file: File) -> Shape:
    """Return the shape of the rows; its wanted cells are in file order, extensions are coded."""
    wanted, leading = {}, 0
    for name, at in sorted(head.columns.items(), key=lambda item: item[1]):
        column = file.column(name)
        wanted[at] = column is None or column.coded
        if column and column.kind == "id":
            leading = at + 1
    wanted |= dict.fromkeys(list_unnamed_end(head), True)
    return Shape(head.delimiter, head.width, wanted, leading)


def _build_table(collector: DefectCollector, head: Header, records: Rows) -> Table:
    """Build the table of a CSV file that was read, with its columns in file order."""
    file = collector.file
    names = {str(at): name for name, at in head.columns.items()}
    arrow = records.table.select([key for key in records.table.column_names if key in names])
    columns = {names[key]: combine_pieces(arrow.column(key)) for key in arrow.column_names}
    first, after = records.text.first, records.text.first + arrow.num_rows
    numbers: range | np.ndarray = range(first, after)
    if records.lines is not None and not np.array_equal(records.lines, np.arange(first, after)):
        numbers = records.lines
    short = ((line, row) for line, _, row in records.recovered.short)
    lost = sorted([*short, *records.recovered.unclosed, *records.recovered.escaped])
    unread_lines = np.asarray([line for line, _ in lost], np.int32)
    unread = Unread(unread_lines, tuple(tuple(row) for _, row in lost))
    return Table(
        file.table,
        collector.name,
        file.key,
        build_records(columns, numbers),
        headers={name: head.cells[at] for name, at in head.columns.items()},
        header_line=head.line,
        heading_rows=file.heading_rows,
        unread=unread,
        end_lines={begin: end for begin, end, _ in records.recovered.rows if end > begin},
    )
