"""A file as it was, with everything that is needed to write it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np
import pyarrow.compute as pc

from validator.ingest.csv.spelling import clean_heading
from validator.ingest.csv.whole import Whole
from validator.model import SourceFile, Table, dataclass
from validator.repair.csv_writer import join_cells
from validator.repair.state import decode_text

Numbers = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A file's headings, its rows, and its lines that are no rows.

    headings: the cells of the header, which may be an added one. names: the column that is read
    from each of them, None for none. cells: position -> the cells of a column that is not read.
    lines: the line of each row. above, blank, repeated, footer: lines that are not records, with
    their text. short: lines with too many or too few cells. open_quotes: lines with a quotation
    mark that is never closed. escaped: lines that can only be read with backslashes, with their
    text. stray: lines with quotation marks that are not doubled. padded: lines with empty cells
    beyond the header; trailing: the number of such lines where most are. hidden: positions of
    headings with invisible characters. spans: whether rows span several lines. tail: the kind of
    end-of-file characters, "" for none.
    """

    headings: Sequence[str]
    names: Sequence[str | None]
    lines: np.ndarray
    header_line: int = 1
    cells: Mapping[int, Any] = field(default_factory=dict)
    above: Sequence[tuple[int, str]] = ()
    blank: Sequence[tuple[int, str]] = ()
    repeated: Sequence[tuple[int, list[str]]] = ()
    footer: Sequence[tuple[int, list[str]]] = ()
    short: Sequence[tuple[int, list[str]]] = ()
    open_quotes: Sequence[tuple[int, str]] = ()
    escaped: Sequence[tuple[int, list[str], str]] = ()
    stray: Sequence[tuple[int, str]] = ()
    padded: Sequence[int] = ()
    trailing: int = 0
    encoding: str = "utf-8"
    boms: int = 0
    delimiter: str = ","
    mark: str = ""
    quoted_lines: bool = False
    line_ending: str = ""
    hidden: Sequence[int] = ()
    spans: bool = False
    cut_off: bool = False
    tail: str = ""

    @property
    def headed(self) -> bool:
        """Whether a file to mend has a header line."""
        return self.header_line > 0

    @property
    def is_plain(self) -> bool:
        """Whether mend would write a file's bytes as they are, apart from its headings."""
        odd = (self.above, self.blank, self.repeated, self.footer, self.escaped, self.stray)
        return (
            not any(map(len, odd))
            and not len(self.padded)
            and not self.trailing
            and self.has_plain_bytes
        )

    @property
    def has_plain_bytes(self) -> bool:
        """Whether encoding, delimiter and line ends are those of a written file."""
        is_utf8 = self.encoding == "utf-8" and not self.boms and not self.cut_off and not self.tail
        return (
            is_utf8
            and self.delimiter == ","
            and not self.mark
            and not self.quoted_lines
            and self.line_ending in ("lf", "crlf", "")
        )

    def plain_heading(self, position: int) -> str:
        """Return a heading of a file to mend without invisible characters."""
        return clean_heading(self.headings[position])


def build_from_table(table: Table, file: SourceFile, boms: int) -> Sheet:
    """Return the sheet to repair of a file whose cells and lines are all in its table."""
    names = list(table.records.columns)
    return Sheet(
        headings=[str(table.headers[name]) for name in names],
        names=names,
        lines=table.lines,
        header_line=table.header_line,
        encoding=file.encoding,
        boms=boms,
        delimiter=file.delimiter,
        line_ending=file.line_ending,
    )


def build_from_whole(whole: Whole, numbers: Numbers | None) -> Sheet:
    """Build the sheet to repair from a file read whole; `numbers` are the lines that people see."""
    head, records, recovered = whole.head, whole.records, whole.records.recovered
    names = [head.name_at(at) for at in range(whole.width)]
    seen = Seen(whole, numbers or _keep)
    broken = [line for line, _ in recovered.escaped]
    texts = [text for _, text in seen.with_text(broken)]
    escaped = zip(broken, recovered.escaped, texts, strict=True)
    return Sheet(
        headings=head.cells,
        names=names,
        lines=seen.see(whole.lines).astype(np.int32),
        header_line=seen.at(head.line),
        cells={at: whole.column(at) for at, name in enumerate(names) if name is None},
        above=[(seen.at(line), text) for line, text in whole.list_above()],
        blank=[(line, join_blank(cells)) for line, cells in seen.with_cells(recovered.blank)],
        repeated=seen.with_cells(records.repeated),
        footer=seen.with_cells(records.footer),
        short=seen.with_cells([line for line, _, _ in recovered.short]),
        open_quotes=seen.with_text([line for line, _ in recovered.unclosed]),
        escaped=[(seen.at(line), cells, text) for line, (_, cells), text in escaped],
        stray=seen.with_text(sorted(set(recovered.stray) - set(broken))),
        padded=[seen.at(line) for line in recovered.padded],
        trailing=records.trailing,
        encoding=whole.decoded.encoding.lower(),
        boms=whole.decoded.boms,
        delimiter=head.delimiter,
        mark=whole.decoded.mark,
        quoted_lines=whole.decoded.quoted_lines,
        line_ending=whole.line_ending,
        hidden=head.hidden,
        spans=any(end > begin for begin, end, _ in recovered.rows),
        cut_off=whole.decoded.cut_off,
        tail=whole.decoded.tail,
    )


def _keep(lines: np.ndarray) -> np.ndarray:
    """Return line numbers as they are, for mend's log."""
    return lines


@dataclass(frozen=True, eq=False)
class Seen:
    """The lines of a file under the numbers that people see."""

    whole: Whole
    see: Numbers

    def at(self, line: int) -> int:
        """Return the number under which mend's log lists a line."""
        return int(self.see(np.asarray([line]))[0])

    def with_text(self, lines: Sequence[int]) -> list[tuple[int, str]]:
        """Return lines of a file to repair, in ascending order, with their text."""
        return list(zip(map(self.at, lines), cut(self.whole, lines), strict=True))

    def with_cells(self, lines: Sequence[int]) -> list[tuple[int, list[str]]]:
        """Return lines of a file to repair, in ascending order, with their cells."""
        rows = self.whole.split_lines(np.asarray(lines, np.int64))
        return list(zip(map(self.at, lines), rows, strict=True))


def cut(whole: Whole, numbers: Sequence[int]) -> list[str]:
    """Return the text of lines of a file to repair that ascend."""
    return whole.cut_lines(np.asarray(numbers, np.int64)) if len(numbers) else []


def join_blank(cells: Sequence[str]) -> str:
    """Return a row without values of a repaired file as a line."""
    return "" if len(cells) < 2 else join_cells(cells)


def has_columns(table: Table, sheet: Sheet) -> bool:
    """Return whether every column of a repaired table is in the file."""
    return set(table.records.columns) <= {name for name in sheet.names if name}


def count_breaks(columns: Sequence[Any]) -> np.ndarray:
    """Count the line breaks in the cells of each row to write."""
    total = np.zeros(len(columns[0]) if columns else 0, np.int64)
    for column in columns:
        breaks = pc.count_substring(decode_text(column), pattern="\n")
        total += np.asarray(breaks.to_numpy(zero_copy_only=False))
    return total
