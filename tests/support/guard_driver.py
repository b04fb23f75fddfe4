"""Run the guard and kill it before a numbered write; the arguments are POINT MODE ARGS...

MODE is `exchange`, or `one-by-one` for a system on which folders cannot change places. The last
line of standard output is the number of writes there were.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable
from typing import Any

from validator.compare.guard import release

WRITES = [
    (os, "replace"),
    (os, "rename"),
    (os, "unlink"),
    (os, "fsync"),
    (os, "mkdir"),
    (os, "rmdir"),
    (os, "chmod"),
    (shutil, "copystat"),
    (shutil, "copy2"),
    (release, "exchange"),
]
done: list[str] = []
"""The names of the writes so far."""


def kill_at(point: int, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same call, but the process is killed before the numbered one."""

    def counted(*arguments: Any, **more: Any) -> Any:
        done.append(call.__name__)
        if len(done) == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **more)

    return counted


def refuse(*arguments: Any) -> None:
    """The answer of a system that cannot exchange folders."""
    raise OSError(errno.ENOSYS, "not here")


def main() -> None:
    """Run the guard."""
    point, mode = int(sys.argv[1]), sys.argv[2]
    if mode == "one-by-one":
        release.exchange = refuse
    for module, name in WRITES:
        setattr(module, name, kill_at(point, getattr(module, name)))
    from validator.cli.app import app

    status = app(sys.argv[3:], standalone_mode=False)
    print(len(done))
    sys.exit(status)
