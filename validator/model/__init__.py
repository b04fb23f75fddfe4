"""Every noun of the product; plain data, no behaviour beyond what a noun is."""

from __future__ import annotations

from validator.model.findings import PER_PLACE, Cause, Finding, Lines, Places, Tally
from validator.model.layout import Column, File, Format, Headings
from validator.model.levels import EMPTY_IN, MIDYEAR, OFF, PHASES, Level, Owner, Status, Verdict
from validator.model.mapping import ColumnMap, Mapped, Taken
from validator.model.refusals import LONGEST_SENTENCE, BadUsage, CannotRead, InputChanged, Refusal
from validator.model.reports import (
    FollowUp,
    Gate,
    Mark,
    Past,
    Readiness,
    Report,
    RootCause,
    SchoolRow,
)
from validator.model.rules import (
    Check,
    ChecklistItem,
    Outcome,
    Pattern,
    Profile,
    Route,
    Routes,
    Rule,
    Waiver,
)
from validator.model.sharing import GRADE, Clause, Condition, Sharing, Target
from validator.model.tables import Export, ExtraValues, Origin, SourceFile, Table, Unread

__all__ = [
    "GRADE",
    "Clause",
    "ColumnMap",
    "Condition",
    "Mapped",
    "Sharing",
    "Taken",
    "Target",
    "EMPTY_IN",
    "LONGEST_SENTENCE",
    "MIDYEAR",
    "OFF",
    "PER_PLACE",
    "PHASES",
    "BadUsage",
    "CannotRead",
    "Cause",
    "Check",
    "ChecklistItem",
    "Column",
    "Export",
    "File",
    "Finding",
    "FollowUp",
    "Format",
    "ExtraValues",
    "Gate",
    "Headings",
    "InputChanged",
    "Level",
    "Lines",
    "Mark",
    "Origin",
    "Outcome",
    "Owner",
    "Past",
    "Pattern",
    "Places",
    "Profile",
    "Readiness",
    "Refusal",
    "Report",
    "RootCause",
    "Route",
    "Routes",
    "Rule",
    "SchoolRow",
    "SourceFile",
    "Status",
    "Table",
    "Tally",
    "Unread",
    "Verdict",
    "Waiver",
]
