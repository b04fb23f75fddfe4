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
from typing import Any

Progress = Callable[[str, float], None]
PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""


@dataclass(frozen=True)
class Moment:
    """`today`, and `now` in UTC; `now` is None where SOURCE_DATE_EPOCH pins the clock."""

    today: dt.date
    now: dt.datetime | None


def clock() -> Moment:
    """The moment of this run. Raises BadUsage when SOURCE_DATE_EPOCH is no number of seconds."""
    pinned = os.environ.get("SOURCE_DATE_EPOCH")
    if pinned is None:
        return Moment(dt.date.today(), dt.datetime.now(dt.UTC).replace(microsecond=0))
    try:
        return Moment(dt.datetime.fromtimestamp(int(pinned), dt.UTC).date(), None)
    except (ValueError, OverflowError, OSError):
        from validator.model import BadUsage

        raise BadUsage("SOURCE_DATE_EPOCH is not a number of seconds since 1970") from None


def tolerant() -> None:
    """Makes both streams write what they can and spell out what the console cannot show."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def say(text: str) -> None:
    """Writes to people, on standard error."""
    if text:
        with _broken_pipe_is_fine("stderr"):
            print(text.rstrip("\n"), file=sys.stderr, flush=True)


def show(content: str | bytes) -> None:
    """Writes what was asked for, on standard output; bytes as they are."""
    with _broken_pipe_is_fine("stdout"):
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(content)
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
        os.system("")  # switches a Windows console to understanding colours
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
            task = bar.add_task(what, total=1.0)
        bar.update(task, description=what, completed=done)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
