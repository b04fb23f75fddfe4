"""The terminal and the clock: streams, colors, progress, dates."""

from __future__ import annotations

import atexit
import datetime as dt
import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from validator.model import dataclass
from validator.text import defuse_commands, escape, escape_terminal

Progress = Callable[[str, float], None]

PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""


@dataclass(frozen=True)
class Moment:
    """`today`, and `now` in UTC; `now` is None where SOURCE_DATE_EPOCH pins the clock."""

    today: dt.date
    now: dt.datetime | None


def read_clock(as_of: dt.datetime | None = None) -> Moment:
    """Return the moment of this run, on the day of --as-of.

    Raises BadUsage if SOURCE_DATE_EPOCH is no number of seconds, and for a day outside every
    school year.
    """
    pinned = _read_pinned_clock()
    if as_of is not None:
        source, today = "--as-of", as_of.date()
    elif pinned is not None:
        source, today = "SOURCE_DATE_EPOCH", pinned.date()
    else:
        source, today = "the clock of this computer", dt.date.today()
    _check_year(source, today.year)
    if pinned is not None:
        return Moment(today, None)
    return Moment(today, dt.datetime.now(dt.UTC).replace(microsecond=0))


def _read_pinned_clock() -> dt.datetime | None:
    """Return the moment of a command in SOURCE_DATE_EPOCH, None for none. Raises BadUsage."""
    from validator.model import BadUsage

    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds is None:
        return None
    try:
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise BadUsage("SOURCE_DATE_EPOCH is not a number of seconds since 1970") from None


def _check_year(source: str, year: int) -> None:
    """Refuse a day of the command line outside every school year. Raises BadUsage."""
    from validator.model import FIRST_YEAR, LAST_YEAR, BadUsage

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadUsage(
            f"{source} names a day in the year {year}; school years are between "
            f"{FIRST_YEAR} and {LAST_YEAR}"
        )


def _enable_windows_colors() -> None:
    """Switch on colors of the console in Windows, for standard error."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    mode = ctypes.c_uint32()
    handle = kernel.GetStdHandle(-12)
    if kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        kernel.SetConsoleMode(handle, mode.value | 4)


def make_tolerant() -> None:
    """Let the console's streams escape characters that it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def save_memory() -> None:
    """Keep numpy and Arrow from starting threads in a process of the command line: it needs none.

    The one that Arrow starts for an allocator that is not used would also have a heap for itself.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "background_thread:false")


def save_time() -> None:
    """Let Python look for unreachable objects less often.

    A command starts with hundreds of thousands of objects, of libraries and rules, that all stay.
    """
    gc.set_threshold(500_000)


def leave(code: int) -> None:
    """End the process of a command at once; return where a debugger or a profiler follows it.

    Python would look through all objects at its end and take the libraries apart, in a fifth of a
    second.
    """
    if sys.gettrace() or sys.getprofile():
        return
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or absent in Windows
            stream.flush()
    os._exit(code)


def say(text: str, *, painted: bool = False) -> None:
    """Write to the person at the terminal, on standard error.

    `painted`: the text has our own colors and was made harmless before.
    """
    text = text if painted else defuse_commands(escape_terminal(text))
    if text:
        with _ignore_broken_pipe("stderr"):
            print(text.rstrip("\n"), file=sys.stderr, flush=True)


def show(content: str | bytes) -> None:
    """Write the output that a command was asked for, on standard output; bytes unchanged."""
    with _ignore_broken_pipe("stdout"):
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(defuse_commands(escape(content)))
        sys.stdout.flush()


@contextmanager
def _ignore_broken_pipe(name: str) -> Iterator[None]:
    """Keep the exit code when the reader stops reading (`| head`)."""
    try:
        yield
    except BrokenPipeError:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def detect_appearance() -> dict[str, Any]:
    """Return what standard error can show, as options of the terminal output."""
    terminal = sys.stderr.isatty()
    color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if color and os.name == "nt":
        _enable_windows_colors()
    width = shutil.get_terminal_size((100, 24)).columns if terminal else 100
    try:
        "\N{CHECK MARK}\N{BLACK CIRCLE}\N{EM DASH}".encode(sys.stderr.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return {"color": color, "width": min(width, 100), "unicode": False}
    return {"color": color, "width": min(width, 100), "unicode": True}


@contextmanager
def show_progress(quiet: bool) -> Iterator[Progress | None]:
    """Return a function that shows a command's progress; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    bar: Any = None
    task: Any = None

    def report(what: str, done: float) -> None:
        nonlocal bar, task
        if bar is None:
            if time.monotonic() - started < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
            task = bar.add_task("", total=1.0)
        description = escape_terminal(what).replace("[", "\\[")  # a name is no markup
        bar.update(task, description=description, completed=done)

    try:
        yield report
    finally:
        if bar is not None:
            bar.stop()
