"""One sentence for every end of a check in the page."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from validator.model import Refusal

NO_MEMORY = (
    "The browser ran out of memory. Close other tabs and try again, or check this export with the "
    "rosterready command on a computer."
)

_FOLDERS = re.compile(r"/in/(?:export|previous|extra/\w+)/")
"""Where the worker puts what was chosen."""


def explain(error: BaseException) -> str:
    """Return for the browser page why a check ended without a report; no values of cells."""
    if isinstance(error, Refusal):
        return capitalize(_FOLDERS.sub("", str(error)))
    if is_shortage(error):
        return NO_MEMORY
    frames = traceback.extract_tb(error.__traceback__)
    where = "an unknown place"
    if frames:
        where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
    return (
        "This is a fault of the program, not of your files "
        f"({type(error).__name__} in {where}). No report was made."
    )


def capitalize(sentence: str) -> str:
    """Return a sentence for the page with a capital letter, unless it begins with a file name."""
    first = sentence.partition(" ")[0]
    return sentence if "." in first else sentence[:1].upper() + sentence[1:]


def is_shortage(error: BaseException) -> bool:
    """Return whether the browser had too little memory, whichever library raised the error."""
    causes = (error, error.__cause__, error.__context__)
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    return bool(names & {"MemoryError", "ArrowMemoryError"})
