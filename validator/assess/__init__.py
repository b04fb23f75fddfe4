"""Check exports from Python: the same calls that the command line makes.

Each name is imported when it is first used, so that a check does not read the modules of `mend`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validator.assess.changes import forecast_changes
    from validator.assess.check import assess
    from validator.assess.inputs import load_column_map
    from validator.assess.mend import (
        CONVERTED,
        Repairs,
        check_written,
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
    "check_written",
    "forecast_changes",
    "judge_mended",
    "load_column_map",
    "plan_mending",
    "preview_sharing",
    "summarize",
    "undo_mending",
]

_MODULES = {
    "assess": "validator.assess.check",
    "forecast_changes": "validator.assess.changes",
    "load_column_map": "validator.assess.inputs",
    "preview_sharing": "validator.assess.sharing",
    "Mended": "validator.repair.summary",
    "Options": "validator.assess.options",
    "Progress": "validator.assess.options",
    "Written": "validator.repair.written",
}


def __getattr__(name: str) -> Any:
    """Return a name of the library's public face from its module."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES.get(name, "validator.assess.mend")), name)
    globals()[name] = value
    return value
