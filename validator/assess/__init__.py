"""Check exports from Python: the same calls that the command line makes."""

from __future__ import annotations

from validator.assess.changes import forecast_changes
from validator.assess.check import assess
from validator.assess.inputs import load_column_map
from validator.assess.mend import Repairs, judge_mended, plan_mending, summarize
from validator.assess.options import Options, Progress
from validator.assess.sharing import preview_sharing

__all__ = [
    "Options",
    "Progress",
    "Repairs",
    "assess",
    "forecast_changes",
    "judge_mended",
    "load_column_map",
    "plan_mending",
    "preview_sharing",
    "summarize",
]
