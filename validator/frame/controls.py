"""Control characters in the distinct values of a column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.values import match_pattern
from validator.text import CONTROLS, CONTROLS_AND_BREAKS


def mark_controls(values: pa.Array, *, breaks: bool = False) -> np.ndarray:
    """Bool mask of the values with control characters; `breaks`: also tabs and line breaks."""
    return match_pattern(values, CONTROLS_AND_BREAKS if breaks else CONTROLS)


def replace_controls(values: pa.Array) -> Any:
    """Return the values with one space for control characters, tabs and line breaks in a row."""
    return pc.replace_substring_regex(values, pattern=f"{CONTROLS_AND_BREAKS}+", replacement=" ")
