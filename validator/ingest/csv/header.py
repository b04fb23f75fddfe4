"""The header line of a file: where it is, what separates its cells, and which column is which."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from validator import limits
from validator.frame import values
from validator.ingest.csv import exact
from validator.model import Column, File

DELIMITERS = (",", "\t", ";", "|")
LOOK = 20
"""Lines in which a header is looked for."""
SPAN = 10
"""Lines over which one header may run."""
LONGEST = 1 << 20
"""Bytes of the longest line that is taken for a header."""
LONGEST_HEADING = 200
"""Characters of the longest heading that is compared."""
MOST_COLUMNS = limits.most("columns")
ALIKE = 0.75
"""How much of a heading must agree with a column's name to be offered as what was meant; our own measure."""

_SEP = re.compile(rb'\s*"?sep=(.)"?[\s,;]*$', re.I)
_SEPARATORS = str.maketrans("", "", " _-.")


@dataclass(frozen=True, eq=False)
class Header:
    """A header as found: its lines, what separates cells, where the data begins (`offset`, in bytes), its cells.

    `columns`: our name -> position of the cell that is used. `repeated`: our name -> positions of all its cells.
    `spelled`, `hidden`: our names (or position, for a column we do not know) whose cell differs or hides characters.
    `unknown`: positions of cells that are no column of the format.
    """

    line: int
    end: int
    delimiter: str
    offset: int
    cells: tuple[str, ...]
    columns: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    spelled: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    sep: bool = False

    @property
    def width(self) -> int:
        """How many cells a row must have."""
        return len(self.cells)

    def name_at(self, position: int) -> str | None:
        """Our name of the column at a position, if it is a column that is used."""
        return next((name for name, at in self.columns.items() if at == position), None)


def find(data: bytes, file: File) -> Header | None:
    """The header of a text: among its first lines and the known delimiters, the one that names most columns."""
    names = known(file)
    best: tuple[int, Header] | None = None
    sep, told = 0, ""
    for number, begin, start in _heads(data):
        mark = _SEP.match(start) if number == 1 else None
        if mark:
            sep, told = 1, mark[1].decode("latin-1")
            continue
        for delimiter in dict.fromkeys((told, *DELIMITERS) if told else DELIMITERS):
            parsed = _parse(data, begin, delimiter)
            if parsed is None:
                continue
            cells, offset, lines = parsed
            score = len({name for cell in cells if (name := recognised(cell, names, file))})
            if score >= (1 if number == 1 + sep else 2) and (best is None or score > best[0]):
                best = (
                    score,
                    Header(number, number + lines - 1, delimiter, offset, cells, sep=bool(sep)),
                )
        if best and best[0] == best[1].width:
            break
    return _matched(best[1], names, file) if best else None


@cache
def known(file: File) -> dict[str, Column]:
    """The columns of a file by every spelling, folded; a column's own name goes before another's spelling."""
    out: dict[str, Column] = {}
    for column in file.columns:
        for spelling in column.spellings:
            out.setdefault(folded(spelling), column)
    return out | {folded(column.name): column for column in file.columns}


def folded(cell: str) -> str:
    """A heading for comparing: lower case, without blanks, hyphens, underscores, dots and hidden characters."""
    return visible(cell).strip().lower().translate(_SEPARATORS)


def visible(cell: str) -> str:
    """A heading with plain blanks for blanks of all kinds and without characters that cannot be seen."""
    if cell.isascii() and cell.isprintable():
        return cell
    return "".join(
        " " if unicodedata.category(c) == "Zs" else c
        for c in cell
        if unicodedata.category(c) not in ("Cf", "Cc", "Zl", "Zp")
    )


def recognised(cell: str, names: dict[str, Column], file: File) -> str | None:
    """Our name of the column that a heading names: one of the format's or an extension under its own name."""
    if len(cell) > LONGEST_HEADING:
        return None
    column = names.get(folded(cell))
    if column:
        return column.name
    own = visible(cell).strip()
    extension = (
        file.extension and len(own) > len(file.extension) and own.lower().startswith(file.extension)
    )
    return own if extension else None


def near(header: Header, column: Column) -> int | None:
    """Position of the unknown heading that resembles a missing column most, if one does."""
    wanted = [folded(name) for name in (column.name, *column.spellings)]
    scores = [
        (
            max(
                difflib.SequenceMatcher(None, folded(header.cells[at]), name).ratio()
                for name in wanted
            ),
            -at,
        )
        for at in header.unknown
        if header.cells[at].strip(values.BLANKS)
    ]
    best = max(scores, default=(0.0, 0))
    return -best[1] if best[0] >= ALIKE else None


def looks_like_data(data: bytes) -> bool:
    """Whether the first line holds digits or an @, which headings seldom do."""
    return bool(re.search(rb"[0-9@]", data[: data.find(b"\n") + 1 or len(data)][:LONGEST]))


def repeats(cells: Sequence[str], header: Header) -> bool:
    """Whether a row is the header again."""
    return [plain(cell) for cell in cells] == [plain(cell) for cell in header.cells]


def plain(cell: str) -> str:
    """A cell for recognising the header among the rows."""
    return cell.strip(values.BLANKS).lower()


def without_empty_end(header: Header) -> Header:
    """The header without the headings at its end that hold nothing."""
    count = header.width
    while count and not header.cells[count - 1].strip(values.BLANKS):
        count -= 1
    return _narrowed(header, count)


def _narrowed(header: Header, count: int) -> Header:
    unknown = tuple(at for at in header.unknown if at < count)
    hidden = tuple(at for at in header.hidden if at < count)
    return Header(
        header.line,
        header.end,
        header.delimiter,
        header.offset,
        header.cells[:count],
        header.columns,
        header.repeated,
        header.spelled,
        hidden,
        unknown,
        header.sep,
    )


def _heads(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, offset and bytes of each of the first lines."""
    begin = 0
    for number in range(1, LOOK + 1):
        if begin >= len(data):
            return
        end = data.find(b"\n", begin) + 1 or len(data)
        yield number, begin, data[begin : min(end, begin + 1000)]
        begin = end


def _parse(data: bytes, begin: int, delimiter: str) -> tuple[tuple[str, ...], int, int] | None:
    """Cells of the row that begins at an offset, where it ends, and how many lines it takes; None for no row."""
    lines: list[str] = []
    first = ""
    stop = begin
    while len(lines) < SPAN and stop < len(data):
        end = data.find(b"\n", stop, stop + LONGEST) + 1 or len(data)
        if end - stop > LONGEST:
            return None
        lines.append(data[stop:end].decode("utf-8", errors="replace"))
        first = first or exact.content(data[stop:end])
        stop = end
        try:
            return (
                tuple(next(csv.reader(lines, delimiter=delimiter, strict=True), [])),
                end,
                len(lines),
            )
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                break
    end = data.find(b"\n", begin) + 1 or len(data)
    return tuple(exact.made_out(first, delimiter)), end, 1


def _matched(header: Header, names: dict[str, Column], file: File) -> Header:
    """The header with each of its cells given to a column."""
    seen = [visible(cell) for cell in header.cells]
    hidden = [at for at, cell in enumerate(header.cells) if seen[at] != cell]
    positions, unknown = _positions(header.cells, names, file)
    columns = {name: at[0] for name, at in positions.items()}
    repeated = {name: at for name, at in positions.items() if len(at) > 1}
    spelled = [
        name
        for name, at in columns.items()
        if (seen[at].strip() if at in hidden else seen[at]) != name
    ]
    return Header(
        header.line,
        header.end,
        header.delimiter,
        header.offset,
        header.cells,
        columns,
        repeated,
        tuple(spelled),
        tuple(hidden),
        tuple(unknown),
        header.sep,
    )


def _positions(
    cells: Sequence[str], names: dict[str, Column], file: File
) -> tuple[dict[str, list[int]], list[int]]:
    """Positions of each column's cells, in the order of the file, and those of cells that are no column.

    Where several spellings name one column, its own name is taken before the others, and the others are no column.
    """
    by_name: dict[str, dict[str, list[int]]] = {}
    for at, cell in enumerate(cells):
        name = recognised(cell, names, file)
        if name is not None:
            by_name.setdefault(name, {}).setdefault(folded(cell), []).append(at)
    chosen = {
        name: spellings.get(folded(name)) or next(iter(spellings.values()))
        for name, spellings in by_name.items()
    }
    used = {at for positions in chosen.values() for at in positions}
    return chosen, [at for at in range(len(cells)) if at not in used]
