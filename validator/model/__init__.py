"""The nouns of the product as frozen data classes: what was read, what was checked, what was found.

The public face of the package: everything else imports `validator.model`, not its modules. Each of
them is imported when the first of its names is used: a command imports only what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validator.model.acceptance import (
        DEPARTURES,
        FORM,
        TAKES_ALL,
        Acceptance,
        Answer,
        Departure,
        Response,
        StrayQuote,
    )
    from validator.model.data_classes import dataclass
    from validator.model.diagnoses import Diagnosis, DiagnosisText
    from validator.model.exports import Export, Originals
    from validator.model.file_columns import FileColumn, Position
    from validator.model.findings import PER_PLACE, Bound, Finding, Places, Tally
    from validator.model.first_sync import (
        AccountMatch,
        AppForecast,
        ClassFigures,
        GradeRow,
        KindMatch,
    )
    from validator.model.guard import (
        GUARD_KINDS,
        GUARD_WAYS,
        GuardRules,
        Night,
        NightCount,
        PastNight,
        Period,
        Shares,
        StopReason,
        Thresholds,
        Tonight,
    )
    from validator.model.layout import (
        FIRST_YEAR,
        LAST_YEAR,
        Column,
        File,
        Format,
        Headings,
        Version,
    )
    from validator.model.levels import (
        EMPTY_IN,
        MIDYEAR,
        OFF,
        PHASES,
        Consequence,
        Level,
        Owner,
        Status,
        Step,
        Verdict,
    )
    from validator.model.mapping import ColumnMap, ColumnSource, MappedTable, Teaching
    from validator.model.records import Lines, Records, build_records
    from validator.model.refusals import (
        LONGEST_SENTENCE,
        BadUsage,
        CannotRead,
        InputChanged,
        Refusal,
    )
    from validator.model.repairs import RepairKind
    from validator.model.reports import (
        Cell,
        FollowUp,
        Gate,
        KeptRow,
        PastRun,
        ProfileResult,
        Readiness,
        Report,
        SchoolRow,
        WorklistMark,
        count_levels,
    )
    from validator.model.rules import (
        LEAST_OF_MOST,
        AppFact,
        Check,
        ChecklistItem,
        Outcome,
        Pattern,
        Profile,
        Route,
        Routes,
        Rule,
        Waiver,
        WhenMost,
        finds_by_address,
    )
    from validator.model.sharing import GRADE, Clause, Condition, Sharing, Target
    from validator.model.tables import (
        ExtraValues,
        Origin,
        Part,
        SourceFile,
        Table,
        Unread,
        name_delimiter,
        split_lines,
    )

__all__ = [
    "DEPARTURES",
    "EMPTY_IN",
    "FIRST_YEAR",
    "FORM",
    "GRADE",
    "GUARD_KINDS",
    "GUARD_WAYS",
    "LAST_YEAR",
    "LEAST_OF_MOST",
    "LONGEST_SENTENCE",
    "MIDYEAR",
    "OFF",
    "PER_PLACE",
    "PHASES",
    "TAKES_ALL",
    "Acceptance",
    "AccountMatch",
    "Answer",
    "AppFact",
    "AppForecast",
    "BadUsage",
    "Bound",
    "CannotRead",
    "Cell",
    "Check",
    "ChecklistItem",
    "ClassFigures",
    "Clause",
    "Column",
    "ColumnMap",
    "ColumnSource",
    "Condition",
    "Consequence",
    "Departure",
    "Diagnosis",
    "DiagnosisText",
    "Export",
    "ExtraValues",
    "File",
    "FileColumn",
    "Finding",
    "FollowUp",
    "Format",
    "Gate",
    "GradeRow",
    "GuardRules",
    "Headings",
    "InputChanged",
    "KeptRow",
    "KindMatch",
    "Level",
    "Lines",
    "MappedTable",
    "Night",
    "NightCount",
    "Origin",
    "Originals",
    "Outcome",
    "Owner",
    "Part",
    "PastNight",
    "PastRun",
    "Pattern",
    "Period",
    "Places",
    "Position",
    "Profile",
    "ProfileResult",
    "Readiness",
    "Records",
    "Refusal",
    "RepairKind",
    "Report",
    "Response",
    "Route",
    "Routes",
    "Rule",
    "SchoolRow",
    "Shares",
    "Sharing",
    "SourceFile",
    "Status",
    "Step",
    "StopReason",
    "StrayQuote",
    "Table",
    "Tally",
    "Target",
    "Teaching",
    "Thresholds",
    "Tonight",
    "Unread",
    "Verdict",
    "Version",
    "Waiver",
    "WhenMost",
    "WorklistMark",
    "build_records",
    "count_levels",
    "dataclass",
    "finds_by_address",
    "name_delimiter",
    "split_lines",
]

_NAMES = {
    "acceptance": "DEPARTURES FORM TAKES_ALL Acceptance Answer Departure Response StrayQuote",
    "data_classes": "dataclass",
    "diagnoses": "Diagnosis DiagnosisText",
    "exports": "Export Originals",
    "findings": "PER_PLACE Bound Finding Places Tally",
    "first_sync": "AccountMatch AppForecast ClassFigures GradeRow KindMatch",
    "guard": (
        "GUARD_KINDS GUARD_WAYS GuardRules Night NightCount PastNight Period Shares "
        "StopReason Thresholds Tonight"
    ),
    "file_columns": "FileColumn Position",
    "layout": "FIRST_YEAR LAST_YEAR Column File Format Headings Version",
    "levels": "EMPTY_IN MIDYEAR OFF PHASES Consequence Level Owner Status Step Verdict",
    "mapping": "ColumnMap ColumnSource MappedTable Teaching",
    "records": "Lines Records build_records",
    "refusals": "LONGEST_SENTENCE BadUsage CannotRead InputChanged Refusal",
    "repairs": "RepairKind",
    "reports": (
        "Cell FollowUp Gate KeptRow PastRun ProfileResult Readiness Report SchoolRow "
        "WorklistMark count_levels"
    ),
    "rules": (
        "LEAST_OF_MOST AppFact Check ChecklistItem Outcome Pattern Profile Route Routes Rule "
        "Waiver WhenMost finds_by_address"
    ),
    "sharing": "GRADE Clause Condition Sharing Target",
    "tables": "ExtraValues Origin Part SourceFile Table Unread name_delimiter split_lines",
}
"""Module of the package -> its public names."""

_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Return one of the model's names from its module."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
