"""Check exports from Python: the same calls that the command line makes."""

from __future__ import annotations

from validator.assess.changes import forecast_changes
from validator.assess.check import assess
from validator.assess.inputs import load_column_map
from validator.assess.mend import (
    CONVERTED,
    Repairs,
    judge_mended,
    plan_mending,
    summarize,
    undo_mending,
)
from validator.assess.options import Options, Progress
from validator.assess.sharing import preview_sharing
from validator.repair.summary import Mended
from validator.repair.written import Written

__all__ = [
    "CONVERTED",
    "Mended",
    "Options",
    "Progress",
    "Repairs",
    "Written",
    "assess",
    "forecast_changes",
    "judge_mended",
    "load_column_map",
    "plan_mending",
    "preview_sharing",
    "summarize",
    "undo_mending",
]
