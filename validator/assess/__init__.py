"""Check exports from Python: the same calls that the command line makes."""

from __future__ import annotations

from validator.assess.changes import forecast_changes
from validator.assess.check import assess
from validator.assess.inputs import load_column_map
from validator.assess.options import Options, Progress
from validator.assess.sharing import preview_sharing

__all__ = [
    "Options",
    "Progress",
    "assess",
    "forecast_changes",
    "load_column_map",
    "preview_sharing",
]
