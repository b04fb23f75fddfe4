"""The computer that runs a command: its free memory, its cores."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

UNITS = {"M": 1 << 20, "G": 1 << 30}


def measure_free_memory() -> int | None:
    """Return the default of the command line's --memory-limit: free bytes; None if unknown."""
    free = []
    with suppress(OSError, ValueError, IndexError):
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free.append(int(text.partition("MemAvailable:")[2].split()[0]) << 10)
    with suppress(OSError, ValueError):  # a container may have less than its machine
        group = Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text())
        free.append(limit - int((group / "memory.current").read_text()))
    if not free and os.name == "nt":
        free.append(_measure_windows_memory())
    if not free and hasattr(os, "sysconf"):
        with suppress(OSError, ValueError):
            free.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(free, default=None)


def read_memory_limit(text: str, jobs: int = 1) -> int | None:
    """Return the bytes per job of the command line: its --memory-limit, or a share of all."""
    if text:
        return parse_size(text)
    free = measure_free_memory()
    return free if free is None else free // jobs


def parse_size(text: str) -> int:
    """Parse a size that an option of the command line names: 4G, 0.5G, 1500M. Raises BadUsage."""
    from validator.model import BadUsage

    unit = UNITS.get(text.strip()[-1:].upper(), 0)
    try:
        count = float(text.strip()[:-1])
    except ValueError:
        count = -1.0
    if not unit or not 0 < count < 1e6:
        raise BadUsage("--memory-limit is a number with G or M, such as 4G or 1500M")
    return int(count * unit)


def _measure_windows_memory() -> int:
    """Return the free bytes on a Windows computer, as the command line's memory limit."""
    import ctypes

    class Status(ctypes.Structure):
        """MEMORYSTATUSEX."""

        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("total", ctypes.c_uint64),
            ("free", ctypes.c_uint64),
            ("rest", ctypes.c_uint64 * 5),
        )

    status = Status(ctypes.sizeof(Status))
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.free)


def count_cores() -> int:
    """Return the most jobs that the command line can run at the same time on this computer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
