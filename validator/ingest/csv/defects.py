"""Defects of a file's bytes, header and rows, as places by rule id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from validator.ingest.csv import lines, unknown_headings
from validator.ingest.csv.decode import Decoded
from validator.ingest.csv.exact import Recovered
from validator.ingest.csv.header import Header
from validator.ingest.csv.rows import Rows, read_whole_rows
from validator.ingest.csv.spelling import clean_heading
from validator.model import FORM, Departure, File, Level, Places, Position, name_delimiter
from validator.text import CONTROLS

Defects = dict[str, list[Places]]

MOST_COMPARED = 100
"""Unknown headings of one file that are compared with the columns that are absent."""
CONTROL_RULE = "value-control-characters"

_CONTROL = re.compile(CONTROLS)
_LINE_ENDS = {
    "cr": ("lines end with CR only, as on old Macs", Departure.LINE_ENDS_CR),
    "mixed": ("lines end in different ways", Departure.LINE_ENDS_MIXED),
}


class DefectCollector:
    """Collects the places of one file, by rule id."""

    def __init__(self, file: File, name: str) -> None:
        self.file, self.name = file, name
        self.defects: Defects = {}

    def add(self, rule: str, at: Sequence[int], column: str | None = None, **more: Any) -> None:
        """Add the places of a defect of a CSV file on some lines; nothing without lines."""
        if len(at):
            place = Places(self.file.table, self.name, np.asarray(at, np.int32), column, **more)
            self.defects.setdefault(rule, []).append(place)


def note_bytes(collector: DefectCollector, decoded: Decoded, delimiter: str) -> None:
    """Note an unusual encoding, byte order mark or delimiter."""
    if decoded.affected:
        note = f"read as {decoded.encoding}"
        if decoded.cut_off:
            note = "the last line ends in the middle of a character: the file may be cut off"
        elif decoded.affected > 1:
            note += f"; {decoded.affected:,} lines are not UTF-8, this is the first"
        departure = _classify_encoding(decoded)
        collector.add("file-not-utf8", [decoded.first], notes=note, departure=departure)
    if decoded.boms > 1:
        note, departure = f"{decoded.boms} byte order marks", Departure.ENCODING_DOUBLE_BOM
        collector.add("file-bom", [0], notes=note, level=Level.WARNING, departure=departure)
    elif decoded.boms:
        note, departure = "one byte order mark", Departure.ENCODING_BOM
        collector.add("file-bom", [0], notes=note, departure=departure)
    if delimiter != "," or decoded.mark:
        words = name_delimiter(delimiter)
        note, departure = f"cells are separated by {words}", Departure.DELIMITER
        if decoded.mark:
            note += f" and enclosed in `{decoded.mark}` instead of double quotes"
            departure = Departure.ENCLOSING_MARK
        collector.add("file-delimiter", [0], notes=note, departure=departure)
    if decoded.quoted_lines:
        note = "each line is one value in double quotes"
        collector.add("file-delimiter", [0], notes=note, departure=Departure.DELIMITER)


def _classify_encoding(decoded: Decoded) -> Departure | None:
    """Classify how a CSV file's encoding, as read, differs from UTF-8; None if it is cut off."""
    if decoded.cut_off:
        return None
    return Departure.ENCODING_WINDOWS_1252 if decoded.page else Departure.ENCODING_UTF_16


def classify_line_endings(decoded: Decoded, rows: Rows | None) -> str:
    """Return the kind of line ends: lf, crlf, cr or mixed; breaks inside values do not count."""
    kinds = {"crlf": decoded.ends.crlf, "lf": decoded.ends.lf, "cr": decoded.ends.cr}
    if rows and rows.recovered.rows and kinds["crlf"] and kinds["lf"] and not kinds["cr"]:
        inner = [n for begin, end, _ in rows.recovered.rows for n in range(begin, end)]
        for line in lines.cut_lines(rows.text, np.asarray(inner, np.int64)):
            kinds["crlf" if line.endswith(b"\r\n") else "lf"] -= 1
    present = [kind for kind, count in kinds.items() if count > 0]
    if len(present) > 1:
        return "mixed"
    return present[0] if present else ""


def note_line_endings(collector: DefectCollector, kind: str) -> None:
    """Note unusual line ends."""
    if kind in _LINE_ENDS:
        note, departure = _LINE_ENDS[kind]
        collector.add("file-line-endings", [0], notes=note, departure=departure)


def note_header(collector: DefectCollector, head: Header) -> None:
    """Note a header that is late, misspelled, repeated or incomplete."""
    line = head.line
    if line > 1:
        reason = "line 1 is a `sep=` line; " if head.sep and line == 2 else ""
        note = f"{reason}header found on line {line}"
        above = Departure.LINES_ABOVE_HEADER
        collector.add("header-missing", [line], notes=note, departure=above)
    for name, positions in head.repeated.items():
        *others, last = [str(position + 1) for position in positions]
        note = f"columns {', '.join(others)} and {last}; the first is used"
        repeated = Departure.HEADER_REPEATED
        collector.add("header-repeated", [line], name, notes=note, departure=repeated)
    for name, departure in head.spelled.items():
        note = f"write it as `{name}`"
        collector.add("header-spelling", [line], name, notes=note, departure=departure)
    for position in head.hidden:
        collector.add(
            "header-hidden-characters",
            [line],
            head.name_at(position),
            notes=str(Position(position + 1)),
            departure=Departure.HEADER_HIDDEN_CHARACTERS,
        )
    if head.unknown:
        _note_unknown_columns(collector, head)
    _note_missing_columns(collector, head)


def _note_unknown_columns(collector: DefectCollector, head: Header) -> None:
    """Note, while reading a CSV file, columns outside the format, each with the one it may be."""
    public = unknown_headings.list_public(head)
    notes = []
    for number, position in enumerate(head.unknown):
        note = _describe_column(head, position, public)
        nearest = ""
        if number < MOST_COMPARED:
            nearest = unknown_headings.find_nearest(head, position, collector.file.columns)
        notes.append(f"{note}; did you mean {nearest}?" if nearest else note)
    keys = [head.cells[position].strip() for position in head.unknown]
    collector.add("header-unknown", [head.line] * len(notes), notes=notes, keys=keys)


def _describe_column(head: Header, position: int, public: frozenset[int]) -> str:
    """Describe a column of a CSV file's header: its number, and a heading if that is public."""
    heading, column = clean_heading(head.cells[position]), Position(position + 1)
    if not heading:
        return f"{column} has no heading"
    return f"{column} ({heading})" if position in public else str(column)


def _note_missing_columns(collector: DefectCollector, head: Header) -> None:
    """Note required and recommended columns that the header does not have."""
    for column in collector.file.columns:
        if column.name in head.columns or not (column.required or column.recommended):
            continue
        nearest = unknown_headings.find_similar(head, column)
        note = None
        if nearest is not None:
            public = unknown_headings.list_public(head)
            note = f"did you mean {_describe_column(head, nearest, public)}?"
        rule = "column-missing" if column.required else "column-recommended-missing"
        collector.add(rule, [head.line], column.name, notes=note)


def note_rows(collector: DefectCollector, rows: Rows, head: Header) -> None:
    """Note rows that are blank, broken, repeated or no records."""
    recovered = rows.recovered
    if rows.trailing or recovered.padded:
        collector.add(
            "row-wrong-length",
            [head.line],
            notes=_describe_padding(rows.trailing, recovered.padded),
            level=Level.ADVICE,
            departure=Departure.ROW_EMPTY_CELLS,
        )
    wrong = [line for line, _, _ in recovered.short]
    notes = [
        f"{count} cell{'s' * (count != 1)}, {head.width} expected"
        for _, count, _ in recovered.short
    ]
    collector.add("row-wrong-length", wrong, notes=notes)
    _note_stray_quotes(collector, recovered)
    collector.add("quote-unclosed", [line for line, _ in recovered.unclosed])
    collector.add("rows-blank", recovered.blank)
    collector.add("rows-repeated-header", rows.repeated)
    collector.add("row-footer", rows.footer)
    broken: dict[str | None, list[tuple[int, int]]] = {}
    for begin, end, row in recovered.rows:
        if end > begin:
            position = next(at for at, cell in enumerate(row) if "\n" in cell)
            broken.setdefault(head.name_at(position), []).append((begin, end))
    for name, spans in broken.items():
        ends = np.asarray([end for _, end in spans], np.int32)
        collector.add(
            "value-line-break",
            [begin for begin, _ in spans],
            name,
            end_lines=ends,
            departure=Departure.LINE_BREAK_IN_VALUE,
        )


def _note_stray_quotes(collector: DefectCollector, recovered: Recovered) -> None:
    """Note the stray quotation marks in a CSV file's values, broken rows first."""
    broken = {line for line, _ in recovered.escaped}
    for lines_of_kind, level in ((sorted(broken), Level.BLOCKER), (recovered.stray, None)):
        at = [line for line in lines_of_kind if level or line not in broken]
        notes = [recovered.stray[line].value for line in at]
        collector.add("quote-not-doubled", at, notes=notes, level=level)


def _describe_padding(trailing: int, padded: Sequence[int]) -> str:
    """Describe how many rows of a CSV file end with empty cells beyond the header."""
    count = trailing + len(padded)
    if count == 1 and padded:
        return f"line {padded[0]} ends with extra empty cells; nothing is shifted"
    verb = "row ends" if count == 1 else "rows end"
    return f"{count:,} {verb} with extra empty cells; nothing is shifted"


def note_control_characters(
    collector: DefectCollector, rows: Rows, head: Header, *, tail: str
) -> None:
    """Note a CSV file's control characters: one place per cell, counted once per row."""
    text = rows.text
    has_deleted = text.data.find(b"\x7f", text.start) >= 0
    offsets = [
        begin + np.flatnonzero(_mark_control(chunk))
        for span, begin, chunk in text.chunks()
        if has_deleted or _may_have_control(chunk, len(span))
    ]
    if offsets:
        numbers = np.unique(lines.locate_lines(text, np.concatenate(offsets)))
        _note_control_cells(collector, rows, head, numbers=numbers.tolist())
    if tail:
        last = text.first + text.count - (not text.data.endswith(b"\n"))
        collector.add(CONTROL_RULE, [last], notes=f"{tail} at the end of the file")


def _note_control_cells(
    collector: DefectCollector, rows: Rows, head: Header, *, numbers: list[int]
) -> None:
    """Note the cells with control characters in the rows that begin on some lines."""
    places: dict[str | None, list[tuple[int, bool, str]]] = {}
    cells = read_whole_rows(rows, head.delimiter, numbers)
    for number, row in zip(numbers, cells, strict=True):
        is_first = True
        for position, cell in enumerate(row):
            match = _CONTROL.search(cell)
            if not match:
                continue
            name = head.name_at(position) if len(row) == head.width else None
            note = f"U+{ord(match[0]):04X}"
            places.setdefault(name, []).append((number, is_first, note))
            is_first = False
    for name, cells_of_column in places.items():
        collector.add(
            CONTROL_RULE,
            [number for number, _, _ in cells_of_column],
            name,
            notes=[note for _, _, note in cells_of_column],
            counts=np.asarray([is_first for _, is_first, _ in cells_of_column], bool),
        )


def _may_have_control(chunk: np.ndarray, count: int) -> bool:
    """Return whether a chunk of `count` lines may have control characters other than DEL.

    It only counts, which is cheap.
    """
    low = int(np.count_nonzero(chunk < 32))
    return low > count and low > sum(int(np.count_nonzero(chunk == code)) for code in (10, 13, 9))


def _mark_control(chunk: np.ndarray) -> np.ndarray:
    """Return which bytes of a CSV file are control characters."""
    return np.asarray(((chunk < 32) & ~np.isin(chunk, (9, 10, 13))) | (chunk == 127))


def leave_out_form(defects: Mapping[str, Sequence[Places]]) -> dict[str, list[Places]]:
    """Leave out the form defects found in reading CSV files, for files nobody uploads.

    Marks around cells are kept under another name: they show how the files were made.
    """
    enclosed = [
        place
        for place in defects.get("file-delimiter", ())
        if place.departure is Departure.ENCLOSING_MARK
    ]
    judged = {
        rule: [place for place in places if place.departure not in FORM]
        for rule, places in defects.items()
    }
    judged["enclosed-in-marks"] = enclosed
    return {rule: places for rule, places in judged.items() if places}
