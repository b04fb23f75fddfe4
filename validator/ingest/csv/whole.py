"""Every line and every cell of a file, for whoever writes it again."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa

from validator.frame.arrow import combine_pieces
from validator.ingest.csv import decode, exact, header, lines, rows
from validator.ingest.csv.decode import Decoded
from validator.ingest.csv.defects import classify_line_endings
from validator.ingest.csv.empty_columns import drop_empty_columns
from validator.ingest.csv.header import Header
from validator.ingest.csv.lines import Shape
from validator.ingest.csv.read import fit_header
from validator.ingest.csv.rows import Rows
from validator.ingest.csv.short_headings import correct_short_headings
from validator.model import File, dataclass


@dataclass(frozen=True, eq=False)
class Whole:
    """A file with all its cells, in the order of its header.

    decoded: its text and how it was encoded. records: its rows, and the lines that are no rows.
    line_ending: lf, crlf, cr, mixed, or "" for a file of one line.
    """

    decoded: Decoded
    head: Header
    records: Rows
    line_ending: str

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.head.width

    @cached_property
    def lines(self) -> np.ndarray:
        """The physical line of each row that was read from the file, int32."""
        return self.records.numbers(np.arange(self.records.table.num_rows)).astype(np.int32)

    def column(self, position: int) -> pa.ChunkedArray:
        """Return the cells at a position, exactly as in the file."""
        return combine_pieces(self.records.table.column(str(position)))

    def list_above(self) -> list[tuple[int, str]]:
        """Return the lines above the header, each with its number."""
        top = self.decoded.text[: self.head.offset].decode("utf-8", errors="replace")
        above = top.split("\n")[: self.head.line - 1]
        return [(number, line.removesuffix("\r")) for number, line in enumerate(above, 1)]

    def cut_lines(self, numbers: np.ndarray) -> list[str]:
        """Return the text of some physical lines, which ascend, without their line ends."""
        pieces = lines.cut_lines(self.records.text, np.asarray(numbers, np.int64))
        return [exact.decode_line(piece) for piece in pieces]

    def split_lines(self, numbers: np.ndarray) -> list[list[str]]:
        """Return the cells of the CSV rows that begin on some lines of the file, which ascend."""
        listed = np.asarray(numbers, np.int64).tolist()
        return rows.read_whole_rows(self.records, self.head.delimiter, listed)


def read_whole(data: bytes, file: File) -> Whole | None:
    """Read every cell of a CSV file that `file` describes; None where it has no header."""
    if decode.identify_binary(data):
        return None
    decoded = decode.decode(data)
    head = header.find_header(decoded.text, file)
    if head is None:
        return None
    text = lines.index_lines(decoded.text, head.offset, head.end + 1)
    head = correct_short_headings(fit_header(text, head), decoded.text, file)
    shape = _build_shape(head, file)
    records = rows.remove_non_records(rows.read_rows(text, shape), shape, head)
    head, records = drop_empty_columns(head, records, shape)
    return Whole(decoded, head, records, classify_line_endings(decoded, records))


def _build_shape(head: Header, file: File) -> Shape:
    """Return the shape of rows of which every cell is wanted."""
    coded = {}
    for at in range(head.width):
        name = head.name_at(at)
        column = file.column(name) if name else None
        coded[at] = column is not None and column.coded
    return Shape(head.delimiter, head.width, coded, head.width)
