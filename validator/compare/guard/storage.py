"""Files of the state folder: written in one step, readable only by their owner."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from validator import files
from validator.compare.guard.snapshot import KEY_BYTES
from validator.model import BadUsage

OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600
BINARY = getattr(os, "O_BINARY", 0)
"""Keeps Windows from changing line ends."""

LOCK = "lock"
"""The first file of a state folder."""

LARGEST = 1 << 33
"""Bytes of a state file that are read at most; a million students need about 300 MB."""

PAUSE = 0.1
"""Seconds between two tries to take the lock."""


class DamagedState(Exception):
    """The state of the last night cannot be read; the text is one public sentence."""


def open_folder(folder: Path) -> None:
    """Create the state folder of the guard's nightly comparison, readable only by its owner.

    Raises BadUsage, also for a folder that has other files in it.
    """
    try:
        names = os.listdir(folder) if folder.is_dir() else []
        if names and LOCK not in names:
            raise BadUsage(
                f"the state folder {folder} has other files in it; name a new or empty folder"
            )
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
        if os.name == "posix":
            folder.chmod(OWNER_ONLY_FOLDER)
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror or type(error).__name__
        raise BadUsage(f"the state folder {folder} cannot be used: {why}") from None


@contextlib.contextmanager
def lock(path: Path, patience: float) -> Iterator[bool]:
    """Hold the lock of the guard's comparison while the block runs; yields False on a timeout.

    The system releases the lock when the process ends for any reason. `patience`: seconds.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | BINARY, OWNER_ONLY_FILE)
    with os.fdopen(handle, "r+b") as file:
        for _ in range(max(1, int(patience / PAUSE))):
            if _take_lock(file.fileno()):
                yield True
                return
            time.sleep(PAUSE)
        yield False


def _take_lock(handle: int) -> bool:
    """Take the lock of the guard's nightly comparison if it is free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def load_key(path: Path) -> bytes:
    """Return the guard's key; make a random one if there is none. Raises DamagedState."""
    if not path.exists():
        key = secrets.token_bytes(KEY_BYTES)
        write_file(path, key)
        return key
    key = files.read_limited(path, KEY_BYTES)
    if len(key) != KEY_BYTES:
        raise DamagedState("The key in the state folder is damaged.")
    return key


def write_file(path: Path, content: bytes) -> None:
    """Replace a file of the guard's state, readable only by its owner. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, OWNER_ONLY_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush renames in a folder of the guard's comparison to disk, against a power failure."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network drives cannot
            raise
    finally:
        os.close(handle)


def read_file(path: Path) -> bytes:
    """Return the content of a file that the guard compares by. Raises DamagedState."""
    try:
        return files.read_limited(path, LARGEST)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise DamagedState(f"{path.name} in the state folder cannot be read ({why}).") from None
