"""The memory that an export needs: estimated, refused where too much, used again, and released."""

from __future__ import annotations

import ctypes
import gc
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from validator.model import BadUsage

try:
    import resource
except ImportError:  # Windows, browsers
    resource = None  # type: ignore[assignment]

STATM = Path("/proc/self/statm")
"""The sizes of this process in pages, of its address space first."""

BASE = 250 << 20
"""Bytes that the program needs before it reads anything; measured."""

PER_BYTE = 4.5
"""Bytes of memory per byte of input; see docs/performance.md, with room for unusual files."""

LARGE = 128 << 20
"""Bytes of an export, or of its tables, from which it matters what becomes of freed memory."""

KEEP_IN_HEAP, KEEP_AT_END, HEAPS = -3, -1, -8
"""M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_ARENA_MAX of glibc's mallopt."""

KEPT = 1 << 30
"""Bytes of a block of memory, or of free memory at the end, that are kept for the next block."""


def estimate_bytes(paths: Sequence[Path]) -> int:
    """Estimate the memory for reading an export's files, in bytes, from their sizes."""
    size = 0
    for path in paths:
        files = path.iterdir() if path.is_dir() else [path]
        size += sum(_measure(file) for file in files if file.is_file())
    return int(BASE + PER_BYTE * size)


def _measure(file: Path) -> int:
    """Measure how many bytes reading a file takes: its size, of a .zip once unpacked."""
    if file.suffix.lower() == ".zip":
        with (
            suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError),
            zipfile.ZipFile(file) as archive,
        ):
            return sum(info.file_size for info in archive.infolist())
    return file.stat().st_size


def check_memory(paths: Sequence[Path], limit: int | None) -> None:
    """Refuse an export whose reading needs more than `limit` bytes of memory.

    Raises BadUsage, and MemoryError where the process itself may not have as much: Arrow would end
    it without a word.
    """
    need = estimate_bytes([path for path in paths if path.exists()])
    space = _measure_space()
    if space is not None and need - BASE > space:
        raise MemoryError
    if limit is not None and need > limit:
        raise BadUsage(
            f"checking these files needs about {_format_gigabytes(need)} of memory and "
            f"{_format_gigabytes(limit)} may be used: close other programs, use a machine with "
            "more, or allow more with --memory-limit"
        )


def _measure_space() -> int | None:
    """Measure how many bytes more the process that reads files may have; None for no limit."""
    if resource is None or not STATM.exists():
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit in (resource.RLIM_INFINITY, -1):
        return None
    return limit - int(STATM.read_text().split()[0]) * resource.getpagesize()


def _format_gigabytes(count: int) -> str:
    """Format the memory for reading an export's files, in gigabytes."""
    return f"{count / (1 << 30):.1f} GB"


def keep_freed(size: int) -> None:
    """Keep memory that is freed while an export of `size` bytes is read and judged, if it is large.

    Otherwise glibc returns every block of over 32 MB to the system, which then clears the next one:
    a tenth of the processor time. Only `release` and Arrow's pool return memory from then on.
    Threads share one heap, so that each uses again what another has freed, whatever the size. Other
    C libraries decide for themselves.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc
        library = ctypes.CDLL(None)
        library.mallopt(HEAPS, 1)
        if size > LARGE:
            library.mallopt(KEEP_IN_HEAP, KEPT)
            library.mallopt(KEEP_AT_END, KEPT)


def release() -> None:
    """Return the memory of a large export's tables that are no longer used to the system."""
    if pa.total_allocated_bytes() <= LARGE:
        return
    gc.collect()  # tables and the functions that rebuild them refer to each other
    pa.default_memory_pool().release_unused()
