"""The nouns of the product as frozen data classes: what was read, what was checked, what was found.

The public face of the package: everything else imports `validator.model`, not its modules.
"""

from __future__ import annotations

from validator.model.acceptance import (
    DEPARTURES,
    FORM,
    TAKES_ALL,
    Acceptance,
    Answer,
    Departure,
    Response,
)
from validator.model.diagnoses import Diagnosis, DiagnosisText
from validator.model.findings import PER_PLACE, Cause, Finding, Lines, Places, Tally
from validator.model.layout import Column, File, Format, Headings, Version
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
from validator.model.mapping import ColumnMap, ColumnSource, MappedTable
from validator.model.refusals import LONGEST_SENTENCE, BadUsage, CannotRead, InputChanged, Refusal
from validator.model.reports import (
    FollowUp,
    Gate,
    PastRun,
    Readiness,
    Report,
    RootCause,
    SchoolRow,
    WorklistMark,
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
    "DEPARTURES",
    "EMPTY_IN",
    "FORM",
    "GRADE",
    "LONGEST_SENTENCE",
    "MIDYEAR",
    "OFF",
    "PER_PLACE",
    "PHASES",
    "TAKES_ALL",
    "Acceptance",
    "Answer",
    "BadUsage",
    "CannotRead",
    "Cause",
    "Check",
    "ChecklistItem",
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
    "Finding",
    "FollowUp",
    "Format",
    "Gate",
    "Headings",
    "InputChanged",
    "Level",
    "Lines",
    "MappedTable",
    "Origin",
    "Outcome",
    "Owner",
    "PastRun",
    "Pattern",
    "Places",
    "Profile",
    "Readiness",
    "Refusal",
    "Report",
    "Response",
    "RootCause",
    "Route",
    "Routes",
    "Rule",
    "SchoolRow",
    "Sharing",
    "SourceFile",
    "Status",
    "Step",
    "Table",
    "Tally",
    "Target",
    "Unread",
    "Verdict",
    "Version",
    "Waiver",
    "WorklistMark",
]
