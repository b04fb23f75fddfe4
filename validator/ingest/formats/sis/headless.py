"""Files without a header, read as if they had one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.ingest.csv import sniff
from validator.ingest.formats.sis.plan import heading_of
from validator.ingest.source import Source

def headed(source: Source) -> Source:
    """The file with a line of headings above it, `column 1` and so on, that counts as no line."""
    found = source.head.layout
    if found is None:
        return source
    headings = [heading_of(str(number), False) for number in range(1, len(found.cells) + 1)]

    def lines(numbers: np.ndarray) -> np.ndarray:
        return source.lines(numbers - 1) if source.lines else numbers - 1

    return replace(
        source,
        load=lambda: sniff.prepend_header(source.load(), found, headings),
        lines=lines,
        read_start=lambda count: sniff.prepend_header(
            source.read_start(count), found, headings
        )[:count],
    )
