"""Errors that mean too little memory, whichever library raised them."""

from __future__ import annotations

import errno
from pathlib import Path

try:
    import resource  # now, since an import needs memory too
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

SENTENCE = (
    "this computer has too little free memory for this export. A check needs about 0.5 GB, and "
    "5 times the size of the files; close other programs, or run it on a computer with more."
)

LEAST = 512 << 20
"""Bytes of address space that the program needs before it reads anything; measured with numpy,
pandas and pyarrow loaded. Below it, imports fail with errors of any kind."""

CLOSE = 96 << 20
"""Bytes below the limit at which an allocation of a library is refused; our own measure."""

STATUS = Path("/proc/self/status")


def is_shortage(error: BaseException) -> bool:
    """Return whether an error ended the command line's process for lack of memory."""
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    causes = (error.__cause__, error.__context__)
    if any(isinstance(cause, MemoryError) for cause in causes):
        return True
    return _is_library_error(error) and _is_at_limit()


def _is_library_error(error: BaseException) -> bool:
    """Return whether an error that ended a command may be a library's, short of memory."""
    names = {kind.__name__ for kind in type(error).__mro__}
    is_known = isinstance(error, ImportError | OSError | RuntimeError | SystemError)
    return is_known or "ArrowException" in names


def is_below_least() -> bool:
    """Return whether the command line may use less memory than its libraries need to load.

    Some of them end the process then, and no error can be explained.
    """
    limit = _read_limit()
    return limit is not None and limit < LEAST


def _is_at_limit() -> bool:
    """Return whether the command line's process has a limit on its memory, and reached it."""
    limit = _read_limit()
    return limit is not None and (limit < LEAST or limit - _measure_peak() < CLOSE)


def _read_limit() -> int | None:
    """Return how many bytes of address space the command line may use, None for no limit."""
    if resource is None:
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit in (resource.RLIM_INFINITY, -1) else limit


def _measure_peak() -> int:
    """Return the most bytes that the command line's process had; 0 where that is unknown."""
    try:
        lines = STATUS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    peak = next((line for line in lines if line.startswith("VmPeak:")), "VmPeak: 0 kB")
    return int(peak.split()[1]) << 10
