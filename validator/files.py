"""What is given beside an export: files that come to an end, JSON, and whole numbers, as anybody may write them."""

from __future__ import annotations

import errno
import json
import stat
from pathlib import Path
from typing import Any, BinaryIO

PIECE = 1 << 20
"""Bytes that are read at a time, so that a file of no known size is never read far beyond its limit."""

MOST_DIGITS = 12
"""Of a number of rows, records or licences; Python itself refuses to read one of thousands."""


def opened(path: Path) -> BinaryIO:
    """The file, to be read. Raises OSError, and at once for a pipe or a device, which need never end."""
    kind = path.stat().st_mode
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):  # of a folder the system says it better
        raise OSError(errno.EINVAL, "it is a pipe or a device and no file")
    return path.open("rb")


def content(path: Path, most: int) -> bytes:
    """The file's bytes, longer than `most` where the file is, and then not all of them. Raises OSError."""
    pieces, length = [], 0
    with opened(path) as file:
        while length <= most and (piece := file.read(min(PIECE, most + 1 - length))):
            pieces.append(piece)
            length += len(piece)
    return b"".join(pieces)


def parsed(text: str) -> Any:
    """What a text holds as JSON. Raises ValueError, also where it is nested deeper than anybody means it."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_count(value: Any) -> bool:
    """Whether something out of JSON is a number of records."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def whole_number(text: str) -> int | None:
    """The number that was typed, None where it is none or has more digits than anything counted here."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= MOST_DIGITS else None
