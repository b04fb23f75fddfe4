"""The terminal and the clock as they are: streams, colours, progress, today."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from validator import limits
from validator.text import harmless

Progress = Callable[[str, float], None]
PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""


@dataclass(frozen=True)
class Moment:
    """`today`, and `now` in UTC; `now` is None where SOURCE_DATE_EPOCH pins the clock."""

    today: dt.date
    now: dt.datetime | None


def clock(as_of: dt.datetime | None = None) -> Moment:
    """The moment of this run, on the day that --as-of names. Raises BadUsage when SOURCE_DATE_EPOCH is no number of
    seconds, and for a day that no school year can have."""
    from validator.model import BadUsage

    pinned = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        now = None if pinned is None else dt.datetime.fromtimestamp(int(pinned), dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise BadUsage("SOURCE_DATE_EPOCH is not a number of seconds since 1970") from None
    told = "--as-of" if as_of else "SOURCE_DATE_EPOCH" if now else "the clock of this computer"
    today = as_of.date() if as_of else now.date() if now else dt.date.today()
    if not limits.FIRST_YEAR <= today.year <= limits.LAST_YEAR:
        raise BadUsage(
            f"{told} names a day of the year {today.year}; school years lie between {limits.FIRST_YEAR} and "
            f"{limits.LAST_YEAR}"
        )
    return Moment(today, None if now else dt.datetime.now(dt.UTC).replace(microsecond=0))


def repository_folder(export: Path) -> str | None:
    """Where the export lies in the repository of a GitHub job, "" for elsewhere on its runner; None without a job."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return None
    folder = (export if export.is_dir() else export.parent).resolve()
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    return folder.relative_to(workspace).as_posix() if folder.is_relative_to(workspace) else ""


def memory() -> int | None:
    """Bytes of memory that are free for us now; None where the system does not say."""
    free = []
    with suppress(OSError, ValueError, IndexError):
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free.append(int(text.partition("MemAvailable:")[2].split()[0]) << 10)
    with suppress(OSError, ValueError):  # a container may have less than its machine
        group = Path("/sys/fs/cgroup")
        free.append(
            int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())
        )
    if not free and os.name == "nt":
        free.append(_windows_memory())
    if not free and hasattr(os, "sysconf"):
        with suppress(OSError, ValueError):
            free.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(free, default=None)


def memory_limit(text: str, jobs: int = 1) -> int | None:
    """Bytes that one of so many jobs may use: as --memory-limit says, else its share of what is free."""
    if text:
        from validator.ingest.memory import parsed

        return parsed(text)
    free = memory()
    return free if free is None else free // jobs


def _windows_memory() -> int:
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
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.free)


def _windows_colours() -> None:
    """Switches a Windows console to understanding colours (ENABLE_VIRTUAL_TERMINAL_PROCESSING on standard error)."""
    import ctypes

    kernel, mode = ctypes.windll.kernel32, ctypes.c_uint32()  # type: ignore[attr-defined,unused-ignore]
    console = kernel.GetStdHandle(-12)
    if kernel.GetConsoleMode(console, ctypes.byref(mode)):
        kernel.SetConsoleMode(console, mode.value | 4)


def cores() -> int:
    """How many processes can run side by side."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def tolerant() -> None:
    """Makes both streams write what they can and spell out what the console cannot show."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def say(text: str, *, painted: bool = False) -> None:
    """Writes to people, on standard error. `painted`: the text holds our own colours, and was made harmless before."""
    text = text if painted else harmless(text)
    if text:
        with _broken_pipe_is_fine("stderr"):
            print(text.rstrip("\n"), file=sys.stderr, flush=True)


def show(content: str | bytes) -> None:
    """Writes what was asked for, on standard output; bytes as they are."""
    with _broken_pipe_is_fine("stdout"):
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(harmless(content))
        sys.stdout.flush()


@contextmanager
def _broken_pipe_is_fine(name: str) -> Iterator[None]:
    """Whoever reads us may stop reading (`| head`); the exit code is still ours."""
    try:
        yield
    except BrokenPipeError:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def appearance() -> dict[str, Any]:
    """What standard error can show: `colour`, `width`, `unicode`."""
    terminal = sys.stderr.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if colour and os.name == "nt":
        _windows_colours()
    width = shutil.get_terminal_size((100, 24)).columns if terminal else 100
    try:
        "\N{CHECK MARK}\N{BLACK CIRCLE}\N{EM DASH}".encode(sys.stderr.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return {"colour": colour, "width": min(width, 100), "unicode": False}
    return {"colour": colour, "width": min(width, 100), "unicode": True}


@contextmanager
def progress(quiet: bool) -> Iterator[Progress | None]:
    """A function that shows how far the work is; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    bar: Any = None
    task: Any = None

    def tell(what: str, done: float) -> None:
        nonlocal bar, task
        if bar is None:
            if time.monotonic() - started < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
            task = bar.add_task("", total=1.0)
        bar.update(
            task, description=harmless(what).replace("[", "\\["), completed=done
        )  # a name is no markup

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
