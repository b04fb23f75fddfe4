"""What reading a file found, as places by rule id: its bytes, its header, its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from validator.ingest.csv import header, lines
from validator.ingest.csv.decode import Decoded
from validator.ingest.csv.header import Header
from validator.ingest.csv.rows import Rows, read_whole_rows
from validator.model import File, Level, Places

Defects = dict[str, list[Places]]

_DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "pipe", ",": "comma"}


class DefectCollector:
    """Collects the places of one file."""

    def __init__(self, file: File, name: str) -> None:
        self.file, self.name = file, name
        self.defects: Defects = {}

    def add(self, rule: str, at: Sequence[int], column: str | None = None, **more: Any) -> None:
        """Adds places of a rule; no line, no place."""
        if len(at):
            place = Places(self.file.table, self.name, np.asarray(at, np.int32), column, **more)
            self.defects.setdefault(rule, []).append(place)


def note_bytes(book: DefectCollector, decoded: Decoded, delimiter: str) -> None:
    """Notes what is unusual about encoding and delimiter."""
    if decoded.affected:
        note = f"read as {decoded.encoding}"
        if decoded.cut_off:
            note = "the last line ends in the middle of a character: the file may be cut off"
        elif decoded.affected > 1:
            note += f"; {decoded.affected:,} lines are not UTF-8, this is the first"
        book.add("file-not-utf8", [decoded.first], notes=note)
    if decoded.boms:
        several = decoded.boms > 1
        note = f"{decoded.boms} byte order marks" if several else "one byte order mark"
        book.add("file-bom", [0], notes=note, level=Level.WARNING if several else None)
    if delimiter != ",":
        words = _DELIMITERS.get(delimiter, "another character")
        book.add("file-delimiter", [0], notes=f"cells are separated by {words}")


def classify_line_endings(decoded: Decoded, rows: Rows | None) -> str:
    """The kind of line ends: lf, crlf, cr or mixed; line breaks inside values do not count."""
    kinds = {"crlf": decoded.ends.crlf, "lf": decoded.ends.lf, "cr": decoded.ends.cr}
    if rows and rows.recovered.rows and kinds["crlf"] and kinds["lf"] and not kinds["cr"]:
        inner = [n for begin, end, _ in rows.recovered.rows for n in range(begin, end)]
        for line in lines.cut_lines(rows.text, np.asarray(inner, np.int64)):
            kinds["crlf" if line.endswith(b"\r\n") else "lf"] -= 1
    found = [kind for kind, count in kinds.items() if count > 0]
    return "" if not found else found[0] if len(found) == 1 else "mixed"


def note_line_endings(book: DefectCollector, kind: str) -> None:
    """Notes unusual line ends."""
    words = {"cr": "lines end with CR only, as on old Macs", "mixed": "lines end in different ways"}
    if kind in words:
        book.add("file-line-endings", [0], notes=words[kind])


def note_header(book: DefectCollector, head: Header) -> None:
    """Notes what is unusual about the header."""
    at = head.line
    if at > 1:
        reason = "line 1 is a `sep=` line; " if head.sep and at == 2 else ""
        book.add(
            "header-missing", [at], notes=f"{reason}header found on line {at}", level=Level.WARNING
        )
    for name, positions in head.repeated.items():
        seats = ", ".join(str(p + 1) for p in positions[:-1])
        book.add(
            "header-repeated",
            [at],
            name,
            notes=f"columns {seats} and {positions[-1] + 1}; the first is used",
        )
    for name in head.spelled:
        book.add("header-spelling", [at], name, notes=f"write it as `{name}`")
    for position in head.hidden:
        book.add(
            "header-hidden-characters", [at], head.name_at(position), notes=f"column {position + 1}"
        )
    if head.unknown:
        words = [
            f"column {p + 1}" + ("" if head.cells[p].strip() else " has no heading")
            for p in head.unknown
        ]
        book.add("header-unknown", [at] * len(words), notes=words)
    for column in book.file.columns:
        if column.name not in head.columns and (column.required or column.recommended):
            nearest = header.find_similar(head, column)
            note = None if nearest is None else f"did you mean column {nearest + 1}?"
            rule = "column-missing" if column.required else "column-recommended-missing"
            book.add(rule, [at], column.name, notes=note)


def note_rows(book: DefectCollector, rows: Rows, head: Header) -> None:
    """Notes what is unusual about the rows."""
    found = rows.recovered
    if rows.trailing:
        note = f"{rows.trailing} rows end with a comma too many; nothing is shifted"
        book.add("row-wrong-length", [head.line], notes=note, level=Level.ADVICE)
    short = [
        f"{count} cell{'s' * (count != 1)}, {head.width} expected" for _, count, _ in found.short
    ]
    book.add("row-wrong-length", [line for line, _, _ in found.short], notes=short)
    book.add("quote-unclosed", [line for line, _ in found.unclosed])
    book.add("rows-blank", found.blank)
    book.add("rows-repeated-header", rows.repeated)
    book.add("row-footer", rows.footer)
    broken: dict[str | None, list[tuple[int, int]]] = {}
    for begin, end, row in found.rows:
        if end > begin:
            position = next(at for at, cell in enumerate(row) if "\n" in cell)
            broken.setdefault(head.name_at(position), []).append((begin, end))
    for name, spans in broken.items():
        ends = np.asarray([end for _, end in spans], np.int32)
        book.add("value-line-break", [begin for begin, _ in spans], name, end_lines=ends)


def note_control_characters(book: DefectCollector, rows: Rows, head: Header, *, tail: str) -> None:
    """Notes NUL and other control characters: one place per cell, one count per row."""
    text = rows.text
    deleted = text.data.find(b"\x7f", text.start) >= 0
    offsets = [
        begin + np.flatnonzero(_mark_control(chunk))
        for span, begin, chunk in text.chunks()
        if deleted or _may_have_control(chunk, len(span))
    ]
    rule = "value-control-characters"
    if offsets:
        numbers = np.unique(lines.locate_lines(text, np.concatenate(offsets)))
        found: dict[str | None, list[tuple[int, bool, str]]] = {}
        for number, row in zip(
            numbers.tolist(), read_whole_rows(rows, head.delimiter, numbers.tolist()), strict=True
        ):
            first = True
            for position, cell in enumerate(row):
                odd = next(
                    (c for c in cell if (c < " " and c not in "\t\n\r") or c == "\x7f"), None
                )
                if odd:
                    name = head.name_at(position) if len(row) == head.width else None
                    found.setdefault(name, []).append((number, first, f"U+{ord(odd):04X}"))
                    first = False
        for name, places in found.items():
            book.add(
                rule,
                [n for n, _, _ in places],
                name,
                notes=[note for _, _, note in places],
                counts=np.asarray([counted for _, counted, _ in places], bool),
            )
    if tail:
        last = text.first + text.count - (not text.data.endswith(b"\n"))
        book.add(rule, [last], notes=f"{tail} at the end of the file")


def _may_have_control(chunk: np.ndarray, count: int) -> bool:
    """Whether a chunk of `count` lines may hold a control character other than DEL; counts only, which is cheap."""
    low = int(np.count_nonzero(chunk < 32))
    return low > count and low > sum(int(np.count_nonzero(chunk == code)) for code in (10, 13, 9))


def _mark_control(chunk: np.ndarray) -> np.ndarray:
    return np.asarray(((chunk < 32) & ~np.isin(chunk, (9, 10, 13))) | (chunk == 127))
