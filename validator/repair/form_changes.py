"""Changes of form that come with writing a file again, to log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from validator.model import name_delimiter
from validator.repair.changes import Changes, What, fill, list_texts
from validator.repair.csv_writer import join_cells
from validator.repair.selection import Selection
from validator.repair.sheet import Sheet

ENDS = {"cr": "CR only", "mixed": "different ways", "lf": "LF", "crlf": "CR and LF"}


class Builder:
    """Builds the changes of one file."""

    def __init__(self, table: str, file: str, name: str, *, sheet: Sheet) -> None:
        self.table, self.file, self.name = table, file, name
        self.sheet = sheet
        self.changes: list[Changes] = []

    def add_file(self, kind: str, before: str, after: str) -> None:
        """Add to the repair's log a change of the file as a whole, in words for its form."""
        self._add(kind, What.FILE, "", at=[0], before=[before], after=[after])

    def add_lines(
        self,
        kind: str,
        what: What,
        at: Sequence[int],
        *,
        before: Sequence[str],
        after: Sequence[str],
    ) -> None:
        """Add changes of whole lines; nothing without lines."""
        if len(at):
            self._add(kind, what, "", at=at, before=before, after=after)

    def add_heading(
        self, line: int, before: str, after: str, *, kind: str = "header-spelling"
    ) -> None:
        """Add a column name that is spelled in another way, or that is new."""
        self._add(kind, What.HEADING, before, at=[line], before=[before], after=[after])

    def _add(
        self,
        kind: str,
        what: What,
        column: str,
        *,
        at: Sequence[int],
        before: Sequence[str],
        after: Sequence[str],
    ) -> None:
        """Add a change of form to the repair's log."""
        lines = np.asarray(at, np.int32)
        self.changes.append(
            Changes(
                kind,
                what,
                self.table,
                self.file,
                column,
                lines,
                list_texts(before),
                list_texts(after) if len(after) else fill("", len(lines)),
                new_file=self.name,
                new_lines=np.zeros(len(lines), np.int32),
                headings=tuple(self.sheet.headings) if what is What.LINE else (),
                headed=self.sheet.headed,
            )
        )


def list_form_changes(
    sheet: Sheet,
    builder: Builder,
    *,
    headings: Mapping[str, str],
    selection: Selection,
    reordered: bool,
    is_text: bool,
) -> list[Changes]:
    """Return what writing a file again changes in its form.

    `headings`: heading in the file -> the one written. `is_text`: whether the file was text, and
    not a sheet of a workbook.
    """
    if builder.file != builder.name:
        builder.add_file("file-name", builder.file, builder.name)
    if is_text:
        _add_bytes(sheet, builder)
    for before, after in headings.items():
        builder.add_heading(sheet.header_line, before, after)
    if reordered:
        builder.add_file("header-order", "another order", "the order of the specification")
    _add_rows(sheet, builder, selection)
    return builder.changes


def _add_bytes(sheet: Sheet, builder: Builder) -> None:
    """Add to the repair's log changes of encoding, byte order mark, delimiter, line ends."""
    if sheet.encoding != "utf-8":
        builder.add_file("encoding", sheet.encoding, "utf-8")
    if sheet.boms:
        builder.add_file("byte-order-mark", f"{sheet.boms}", "0")
    if sheet.delimiter != "," or sheet.mark:
        words = name_delimiter(sheet.delimiter)
        words += f", values between {sheet.mark}" if sheet.mark else ""
        builder.add_file("delimiter", words, "comma")
    if sheet.quoted_lines:
        builder.add_file("delimiter", "whole lines in double quotes", "comma")
    if sheet.line_ending in ("cr", "mixed"):
        builder.add_file("line-ends", ENDS[sheet.line_ending], ENDS["crlf"])
    if sheet.tail:
        builder.add_file("hidden-characters", f"{sheet.tail} at the end", "none")
    if sheet.trailing:
        builder.add_file("empty-cells", f"{sheet.trailing} rows", "0 rows")


def _add_rows(sheet: Sheet, builder: Builder, selection: Selection) -> None:
    """Add to mend's log the lines that are left out or written in another way."""
    for kind, lines in _list_removed(sheet):
        if selection.wants(kind):
            at = [line for line, _ in lines]
            builder.add_lines(
                kind, What.ROW_REMOVED, at, before=[text for _, text in lines], after=()
            )
    builder.add_lines(
        "quotation-marks",
        What.LINE,
        [line for line, _, _ in sheet.escaped],
        before=[text for _, _, text in sheet.escaped],
        after=[join_cells(cells) for _, cells, _ in sheet.escaped],
    )
    builder.add_lines(
        "quotation-marks",
        What.LINE,
        [line for line, _ in sheet.stray],
        before=[text for _, text in sheet.stray],
        after=[text for _, text in sheet.stray],
    )
    builder.add_lines(
        "empty-cells",
        What.LINE,
        sheet.padded,
        before=[""] * len(sheet.padded),
        after=[""] * len(sheet.padded),
    )


def _list_removed(sheet: Sheet) -> Iterator[tuple[str, Sequence[tuple[int, str]]]]:
    """Yield the lines that are no records, with their text, by the kind that leaves them out."""
    yield "lines-above-header", sheet.above
    yield "blank-rows", sheet.blank
    yield "repeated-headers", [(line, join_cells(cells)) for line, cells in sheet.repeated]
    yield "footers", [(line, join_cells(cells)) for line, cells in sheet.footer]
