"""The header of a file: its line, its delimiter, and the column of each cell."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import groupby
from typing import NamedTuple

from validator import limits
from validator.ingest.csv import exact
from validator.ingest.csv.heading_rows import join_rows
from validator.ingest.csv.spelling import (
    classify_spelling,
    clean_heading,
    correct,
    fold_heading,
    index_columns,
    recognize,
)
from validator.model import Column, Departure, File, dataclass
from validator.text import BLANKS, remove_invisible

DELIMITERS = (",", "\t", ";", "|")
MAX_LINES = 20
"""Lines that are searched for a header, without those that are blank or like an earlier one."""
MAX_SEARCHED = 10_000
"""All lines that are searched for a header, so that no file takes long."""
MAX_SPAN = 10
"""Lines that one header may span."""
MAX_LINE = 1 << 20
"""Bytes of the longest line that can be a header."""
MAX_COLUMNS = limits.get_limit("columns")

_EMPTY = b' \t\r\n\x0b\x0c,;|"\xc2\xa0'
"""Bytes of a line whose cells are all blank."""

_SEP = re.compile(rb'\s*"?sep=(.)"?[\s,;]*$', re.I)


@dataclass(frozen=True, eq=False)
class Header:
    """A header: its first and last line, its delimiter, the byte offset of the data, its cells.

    columns: column name -> position of the cell that is used.
    repeated: column name -> positions of all its cells.
    spelled: column name -> how its cell differs from it, where it does.
    hidden: positions of cells with invisible characters.
    unknown: positions of cells that name no column of the format.
    sep: whether a `sep=` line comes first.
    """

    line: int
    end: int
    delimiter: str
    offset: int
    cells: tuple[str, ...]
    columns: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    spelled: Mapping[str, Departure] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    sep: bool = False

    @property
    def width(self) -> int:
        """The number of cells that a row must have."""
        return len(self.cells)

    def name_at(self, position: int) -> str | None:
        """Return the name of the column that is read from a position, None for no column."""
        return next((name for name, at in self.columns.items() if at == position), None)


def find_header(data: bytes, file: File) -> Header | None:
    """Return the header of decoded text; None if no line names a column of the file."""
    return select_header(iterate_candidates(data), file)


def iterate_candidates(data: bytes) -> Iterator[Header]:
    """Yield the first lines, each split at every known delimiter; columns are not yet matched.

    A delimiter that a `sep=` line names comes first.
    """
    delimiters: tuple[str, ...] = DELIMITERS
    sep = False
    for number, begin, start in _iterate_first_lines(data):
        mark = _SEP.match(start) if number == 1 else None
        if mark:
            sep = True
            delimiters = tuple(dict.fromkeys((mark[1].decode("latin-1"), *DELIMITERS)))
            continue
        for delimiter in delimiters:
            row = _parse_row(data, begin, delimiter)
            if row is not None:
                end = number + row.lines - 1
                yield Header(number, end, delimiter, row.offset, row.cells, sep=sep)


def select_header(candidates: Iterable[Header], file: File) -> Header | None:
    """Return the candidate that names most columns of a file, with its columns matched.

    The first line may name only one column, a later line must name two.
    """
    names = index_columns(file)
    if file.heading_rows > 1:
        candidates = _join_candidates(candidates)
    best, most = None, 0
    for line, candidates_of_line in groupby(candidates, key=lambda candidate: candidate.line):
        for candidate in candidates_of_line:
            matches = {recognize(cell, names, file) for cell in candidate.cells} - {None}
            least = 1 if line == 1 + candidate.sep else 2
            if len(matches) >= least and len(matches) > most:
                best, most = candidate, len(matches)
        if best is not None and most == best.width:
            break
    return _match_columns(best, names, file) if best else None


def looks_like_data(data: bytes) -> bool:
    """Return whether the first line has digits or an @, which headings seldom have."""
    line = data[: data.find(b"\n") + 1 or len(data)]
    return bool(re.search(rb"[0-9@]", line[:MAX_LINE]))


def is_repeated_header(cells: Sequence[str], header: Header) -> bool:
    """Return whether a row repeats the header."""
    return list(map(normalize_cell, cells)) == list(map(normalize_cell, header.cells))


def normalize_cell(cell: str) -> str:
    """Return a CSV cell in the form in which rows are compared with the header."""
    return cell.strip(BLANKS).lower()


def drop_empty_end(header: Header, least: int = 0) -> Header:
    """Return the header without the blank headings at its end; `least` headings are kept."""
    kept = header.width
    while kept > least and not clean_heading(header.cells[kept - 1]):
        kept -= 1
    return replace(
        header,
        cells=header.cells[:kept],
        hidden=tuple(at for at in header.hidden if at < kept),
        unknown=tuple(at for at in header.unknown if at < kept),
    )


def _join_candidates(candidates: Iterable[Header]) -> Iterator[Header]:
    """Yield each candidate for a CSV header as it is, and joined with the line above it.

    A copy that was written again may have its headings on one row.
    """
    above: dict[str, Header] = {}
    for candidate in candidates:
        upper = above.get(candidate.delimiter)
        if upper is not None and upper.end + 1 == candidate.line:
            yield replace(candidate, cells=join_rows(upper.cells, candidate.cells))
        yield candidate
        above[candidate.delimiter] = candidate


def _iterate_first_lines(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, offset and first bytes of the first line and of others that may be a header.

    Blank lines and lines like an earlier one are skipped, however many: a corrected copy has none
    of them, and its header must be the same.
    """
    seen = {b""}
    begin = 0
    for number in range(1, MAX_SEARCHED + 1):
        if begin >= len(data) or len(seen) > MAX_LINES:
            return
        end = data.find(b"\n", begin) + 1 or len(data)
        start = data[begin : min(end, begin + 1000)]
        text = start.strip(_EMPTY).lower()
        is_new = number == 1 or text not in seen
        opens_cell = start.count(b'"') % 2 == 1  # perhaps a heading of several lines
        if is_new or opens_cell:
            yield number, begin, start
        seen.add(text)
        begin = end


class _Row(NamedTuple):
    """A row of the text: its cells, the offset where it ends, and how many lines it has."""

    cells: tuple[str, ...]
    offset: int
    lines: int


def _parse_row(data: bytes, begin: int, delimiter: str) -> _Row | None:
    """Return the row that begins at an offset; None where a line is too long for a header."""
    lines: list[str] = []
    first = ""
    stop = begin
    while len(lines) < MAX_SPAN and stop < len(data):
        end = data.find(b"\n", stop, stop + MAX_LINE) + 1 or len(data)
        if end - stop > MAX_LINE:
            return None
        lines.append(data[stop:end].decode("utf-8", errors="replace"))
        first = first or exact.decode_line(data[stop:end])
        stop = end
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
            return _Row(tuple(cells), end, len(lines))
        except csv.Error:
            if not exact.ends_in_quotes(lines, delimiter):
                break
    end = data.find(b"\n", begin) + 1 or len(data)
    return _Row(tuple(exact.split_loosely(first, delimiter)), end, 1)


def _match_columns(header: Header, names: dict[str, Column], file: File) -> Header:
    """Return the header with each of its cells matched to a column."""
    seen = [remove_invisible(cell) for cell in header.cells]
    hidden = [at for at, cell in enumerate(header.cells) if seen[at] != cell]
    positions, unknown = _locate_columns(header.cells, names, file)
    columns = {name: at[0] for name, at in positions.items()}
    repeated = {name: at for name, at in positions.items() if len(at) > 1}
    spelled = {}
    for name, at in columns.items():
        heading = seen[at].strip() if at in hidden else seen[at]
        if heading != name:
            column = file.column(name)
            former = column.former if column else ()
            spelled[name] = classify_spelling(heading, name, former)
    return replace(
        header,
        columns=columns,
        repeated=repeated,
        spelled=spelled,
        hidden=tuple(hidden),
        unknown=tuple(unknown),
    )


def _locate_columns(
    cells: Sequence[str], names: dict[str, Column], file: File
) -> tuple[dict[str, list[int]], list[int]]:
    """Locate each column's cells in a CSV file's header, and the cells that name no column.

    Of several spellings of one column, its own name is used first; the others count as no column.
    """
    by_name: dict[str, dict[str, list[int]]] = {}
    for at, cell in enumerate(cells):
        name = recognize(cell, names, file)
        if name is not None:
            by_name.setdefault(name, {}).setdefault(fold_heading(cell), []).append(at)
    chosen = {
        name: spellings.get(fold_heading(name)) or next(iter(spellings.values()))
        for name, spellings in by_name.items()
    }
    used = {at for positions in chosen.values() for at in positions}
    unknown = [at for at in range(len(cells)) if at not in used]
    corrected = _correct_headings(cells, unknown, file, known=chosen)
    taken = set(corrected.values())
    chosen |= {name: [at] for name, at in corrected.items()}
    return chosen, [at for at in unknown if at not in taken]


def _correct_headings(
    cells: Sequence[str], unknown: Sequence[int], file: File, *, known: Iterable[str]
) -> dict[str, int]:
    """Return absent columns with the position of the only heading that misspells each of them."""
    names = [column.name for column in file.columns if column.name not in known]
    absent = {name: fold_heading(name) for name in names}
    by_name: dict[str, list[int]] = {}
    for at in unknown[:MAX_COLUMNS]:  # a file with more is refused
        name = correct(cells[at], absent) if file.corrects_headings else None
        if name is not None:
            by_name.setdefault(name, []).append(at)
    return {name: at[0] for name, at in by_name.items() if len(at) == 1}
