"""Bounded reads of untrusted input files, and strict parsing of JSON and whole numbers."""

from __future__ import annotations

import errno
import json
import stat
from pathlib import Path
from typing import Any, BinaryIO

PIECE = 1 << 20
"""Bytes per read, so that a file of unknown size is never read far beyond its limit."""

FULL_DISK = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_full_disk(error: Exception) -> bool:
    """Return whether a file could not be written because the disk is full."""
    return isinstance(error, OSError) and error.errno in FULL_DISK


def open_regular(path: Path) -> BinaryIO:
    """The file, opened for reading. Raises OSError, also for pipes and devices."""
    kind = path.stat().st_mode
    if not (
        stat.S_ISREG(kind) or stat.S_ISDIR(kind)
    ):  # for a folder, `open` has the better message
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")
    return path.open("rb")


def read_limited(path: Path, most: int) -> bytes:
    """At most the first `most` + 1 bytes of the file; more than `most` means it is too large.

    Raises OSError.
    """
    pieces, length = [], 0
    with open_regular(path) as file:
        while length <= most and (piece := file.read(min(PIECE, most + 1 - length))):
            pieces.append(piece)
            length += len(piece)
    return b"".join(pieces)


def read_ends(path: Path, most: int) -> bytes:
    """The first and the last `most` bytes of the file. Raises OSError."""
    with open_regular(path) as file:
        start = file.read(most)
        size = path.stat().st_size
        if size <= most:
            return start
        file.seek(max(most, size - most))
        return start + file.read(most)


def parse_json(text: str) -> Any:
    """Parse the JSON of an untrusted file. Raises ValueError, also for text nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_count(value: Any) -> bool:
    """Whether a value from a JSON file, parsed by `files`, is a number of records."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
