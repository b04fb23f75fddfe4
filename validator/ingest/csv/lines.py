"""Physical lines of a text, located without a list of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from validator.model import dataclass

CHUNK = 1 << 23
"""Bytes processed at a time: large enough for numpy, small enough for memory."""


@dataclass(frozen=True)
class Shape:
    """The delimiter, the number of cells of a row, and the wanted cells: position -> coded or not.

    `leading`: the number of cells from the left that include every id.
    """

    delimiter: str
    width: int
    wanted: Mapping[int, bool]
    leading: int = 0


@dataclass(frozen=True, eq=False)
class Text:
    """A file from `start` to `end`, in chunks of whole lines.

    data: the whole file as UTF-8 with LF or CRLF line ends.
    cuts: the offset of each chunk, and of the end.
    numbers: the first physical line of each chunk, and the line after the last.
    """

    data: bytes
    cuts: tuple[int, ...]
    numbers: tuple[int, ...]

    @property
    def start(self) -> int:
        """The offset where the text begins, in bytes."""
        return self.cuts[0]

    @property
    def end(self) -> int:
        """The offset where the text ends, in bytes."""
        return self.cuts[-1]

    @property
    def first(self) -> int:
        """The first physical line."""
        return self.numbers[0]

    @property
    def count(self) -> int:
        """The number of lines in the CSV file."""
        return self.numbers[-1] - self.numbers[0]

    def chunks(self) -> Iterator[tuple[range, int, np.ndarray]]:
        """Yield line numbers, offset and bytes (uint8) of each chunk."""
        whole = np.frombuffer(self.data, np.uint8)
        for at, begin in enumerate(self.cuts[:-1]):
            yield (
                range(self.numbers[at], self.numbers[at + 1]),
                begin,
                whole[begin : self.cuts[at + 1]],
            )

    def split(self) -> list[Text]:
        """Return each chunk of the CSV file as a text that ends with it."""
        spans = zip(pairwise(self.cuts), pairwise(self.numbers), strict=True)
        return [Text(self.data, cuts, numbers) for cuts, numbers in spans]

    def blocks(self, size: int) -> Iterator[np.ndarray]:
        """Yield the bytes of the file (uint8) in blocks of whole lines, of about this size."""
        whole, begin = np.frombuffer(self.data, np.uint8), self.start
        while begin < self.end:
            stop, end = begin + size, self.end
            if stop < end:
                end = self.data.rfind(b"\n", begin, stop) + 1 or self.data.find(b"\n", stop) + 1
            yield whole[begin : end or self.end]
            begin = end or self.end


def index_lines(data: bytes, start: int, first: int) -> Text:
    """Return the lines of `data` from byte `start`, where physical line `first` begins."""
    cuts, numbers = [start], [first]
    whole = np.frombuffer(data, np.uint8)
    while cuts[-1] < len(data):
        begin = cuts[-1]
        end = begin + CHUNK
        if end >= len(data):
            end = len(data)
        else:
            end = data.rfind(b"\n", begin, end) + 1 or data.find(b"\n", end) + 1 or len(data)
        ended = int(np.count_nonzero(whole[begin:end] == 10))
        cuts.append(end)
        numbers.append(numbers[-1] + ended + (data[end - 1] != 10))
    return Text(data, tuple(cuts), tuple(numbers))


def has_longer_line(source: Text, size: int) -> bool:
    """Return whether a line has more than `size` bytes, which must be at least CHUNK."""
    return any(stop - begin > size for begin, stop in pairwise(source.cuts))


def find_line_ends(chunk: np.ndarray) -> np.ndarray:
    """Return the end of each line of a CSV file's chunk: the offset of its LF, or the chunk's
    length."""
    ends = np.flatnonzero(chunk == 10)
    return ends if len(chunk) and chunk[-1] == 10 else np.append(ends, len(chunk))


def locate_lines(source: Text, offsets: np.ndarray) -> np.ndarray:
    """Locate byte offsets of a CSV file: the physical line (int32) of each; offsets ascend."""
    out = np.zeros(len(offsets), np.int32)
    for lines, begin, chunk in source.chunks():
        low, high = np.searchsorted(offsets, [begin, begin + len(chunk)])
        if high > low:
            out[low:high] = lines.start + np.searchsorted(
                find_line_ends(chunk), offsets[low:high] - begin
            )
    return out


def find_spans(source: Text, numbers: np.ndarray) -> np.ndarray:
    """Return begin and end (int64, two columns) of some physical lines, which ascend.

    The end is the offset after the line end.
    """
    out = np.zeros((len(numbers), 2), np.int64)
    for lines, begin, chunk in source.chunks():
        low, high = np.searchsorted(numbers, [lines.start, lines.stop])
        if high > low:
            stops = find_line_ends(chunk)
            at = numbers[low:high].astype(np.int64) - lines.start
            out[low:high, 0] = np.where(at > 0, stops[at - 1] + 1, 0) + begin
            out[low:high, 1] = np.minimum(stops[at] + 1, len(chunk)) + begin
    return out


def cut_lines(source: Text, numbers: np.ndarray) -> list[bytes]:
    """Return the bytes of some physical lines, which ascend, with their line ends."""
    return [source.data[begin:end] for begin, end in find_spans(source, numbers).tolist()]
