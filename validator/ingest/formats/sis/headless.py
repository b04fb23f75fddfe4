"""Files without a header, read as if they had one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.ingest.csv import sniff
from validator.ingest.formats.sis.plan import get_heading
from validator.ingest.source import Source


def add_header(source: Source) -> Source:
    """Add the headings `column 1`, `column 2`, ... above the first line of a raw file without a
    header.

    Line numbers stay those of the file.
    """
    layout = source.head.layout
    if layout is None:
        return source
    headings = [get_heading(str(number), False) for number in range(1, len(layout.cells) + 1)]

    def lines(numbers: np.ndarray) -> np.ndarray:
        return source.lines(numbers - 1) if source.lines else numbers - 1

    def read_start(count: int) -> bytes:
        return sniff.prepend_header(source.read_start(count), layout, headings)[:count]

    return replace(
        source,
        load=lambda: sniff.prepend_header(source.load(), layout, headings),
        lines=lines,
        read_start=read_start,
    )
