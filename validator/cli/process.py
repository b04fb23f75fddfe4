"""The process that runs one command of the command line and nothing else."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.abc import MetaPathFinder
from typing import Any


def collect_less() -> None:
    """Let Python look for unreachable objects less often, and not at the end of the command.

    A command starts with hundreds of thousands of objects, of libraries and rules, that all stay.
    Looking through them at the end takes a fifth of a second.
    """
    gc.set_threshold(500_000)
    atexit.register(gc.freeze)


class _NoPandas(MetaPathFinder):
    """Answers as if pandas were not installed."""

    def find_spec(self, fullname: str, *_: Any) -> None:
        """Refuse pandas. Raises ModuleNotFoundError, as for a package that is not there."""
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is imported when it is needed", name=fullname)


def import_arrow() -> None:
    """Import pyarrow for a command without pandas, which takes longer than a small district.

    With its first array pyarrow imports pandas, if it is installed, in case that arrays are made of
    pandas' own objects later. Commands make none. Where pandas itself is wanted, it is imported as
    always, and pyarrow takes it up with the first of its arrays that becomes a pandas object.
    """
    if "pandas" in sys.modules:
        return
    import pyarrow

    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pyarrow.array([])
    finally:
        sys.meta_path.remove(finder)
