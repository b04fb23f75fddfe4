"""Files for the inputs of the fuzz targets, and the form of every refusal."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path


def write_input(name: str, data: bytes) -> Path:
    """Write an input to a file of this name, and return its path."""
    path = find_folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@cache
def find_folder() -> Path:
    """Return the folder of the inputs, in memory where that is possible; it is removed at exit."""
    memory = Path("/dev/shm")
    folder = Path(
        tempfile.mkdtemp(prefix="fuzz-", dir=memory if os.access(memory, os.W_OK) else None)
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def check_refusal(error: Exception, place: str = "") -> str:
    """Return the words of a refusal, which must be one sentence that begins with its place."""
    text = str(error)
    assert text and "\n" not in text and len(text) < 2000 and text.startswith(place), text
    return " ".join(re.findall("[a-z]{3,}", re.sub("'.*'", "", text))[:8])
