"""How much memory an export would need, and a refusal in one sentence where there is not as much."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from validator.model import BadUsage

BASE = 250 << 20
"""Bytes that the program needs before it reads anything; measured."""

PER_BYTE = 4.5
"""Bytes of memory per byte of files; see docs/performance.md, with room for files that are worse than usual."""


def needed(paths: Sequence[Path]) -> int:
    """Bytes that assessing the export would need at most, by the sizes of its files."""
    files = [
        file
        for path in paths
        for file in (path.iterdir() if path.is_dir() else [path])
        if file.is_file()
    ]
    return int(BASE + PER_BYTE * sum(map(_size, files)))


def _size(file: Path) -> int:
    """Bytes of a file, of a .zip once unpacked."""
    if file.suffix.lower() == ".zip":
        with (
            suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError),
            zipfile.ZipFile(file) as archive,
        ):
            return sum(info.file_size for info in archive.infolist())
    return file.stat().st_size


def enough(paths: Sequence[Path], limit: int | None) -> None:
    """Raises BadUsage, saying how to go on, where the export would need more than `limit` bytes (None: no limit)."""
    if limit is None:
        return
    need = needed([path for path in paths if path.exists()])
    if need > limit:
        raise BadUsage(
            f"checking these files needs about {_gigabytes(need)} of memory and {_gigabytes(limit)} may be "
            "used: close other programs, use a machine with more, or allow more with --memory-limit"
        )


def _gigabytes(count: int) -> str:
    return f"{count / (1 << 30):.1f} GB"


def parsed(text: str) -> int:
    """The bytes in a text such as 4G, 1500M or 0.5G. Raises BadUsage."""
    unit = {"M": 1 << 20, "G": 1 << 30}.get(text.strip()[-1:].upper(), 0)
    try:
        count = float(text.strip()[:-1])
    except ValueError:
        count = -1.0
    if not unit or not 0 < count < 1e6:
        raise BadUsage("--memory-limit is a number with G or M, such as 4G or 1500M")
    return int(count * unit)
