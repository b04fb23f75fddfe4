"""The decoded start of a file, parsed once for detection, mapping and reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import count, takewhile

from validator.ingest.csv import decode, header, sniff
from validator.ingest.csv.header import Header
from validator.ingest.csv.sniff import Layout
from validator.ingest.csv.spelling import fold_heading
from validator.model import File

SIZE = 1 << 16
"""Bytes at the start of a file from which its format and layout are detected."""


class Head:
    """The start of a file. Every property is computed once, on first use."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._candidates: list[Header] = []
        self._headers: dict[File, Header | None] = {}

    @cached_property
    def binary_kind(self) -> str:
        """The kind of a file that is not text, in words; "" for text."""
        return decode.identify_binary(self.data)

    @cached_property
    def text(self) -> bytes:
        """The start of the file as UTF-8; empty for a binary file."""
        return b"" if self.binary_kind else decode.decode(self.data).text

    @cached_property
    def _unread(self) -> Iterator[Header]:
        """The candidates for a header that nothing has asked for yet."""
        return header.iterate_candidates(self.text)

    def iterate_candidates(self) -> Iterator[Header]:
        """Yield the first lines, each split at every known delimiter; each is split only once."""
        for at in count():
            if at == len(self._candidates):
                candidate = next(self._unread, None)
                if candidate is None:
                    return
                self._candidates.append(candidate)
            yield self._candidates[at]

    def list_headings(self, files: Iterable[File]) -> frozenset[str]:
        """Return the folded cells of the first line, whatever separates them.

        With lines above the table, also those of the table's first line. There are none where the
        whole first line is the header of one of some described files.
        """
        first = next(self.iterate_candidates(), None)
        if first is None:
            return frozenset()
        line = first.line
        splits = takewhile(lambda each: each.line == line, self.iterate_candidates())
        cells = [cell for candidate in splits for cell in candidate.cells]
        is_header = any(self._is_header(line, file) for file in files)
        layout = None if is_header else self.layout
        if layout is not None and layout.line > line:
            cells += layout.cells
        return frozenset(fold_heading(cell) for cell in cells)

    def _is_header(self, line: int, file: File) -> bool:
        """Return whether each cell of a line names a column of a described CSV file."""
        head = self.find_header(file)
        return head is not None and head.line == line and 1 < head.width == len(head.columns)

    @cached_property
    def layout(self) -> Layout | None:
        """The delimiter and first row of a file to read, guessed without a format; None for no
        table."""
        return sniff.find_layout(self.text)

    def find_header(self, file: File) -> Header | None:
        """Return the header line if the file is one that `file` describes."""
        if file not in self._headers:
            self._headers[file] = header.select_header(self.iterate_candidates(), file)
        return self._headers[file]
