"""How an export is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from validator.followup.workbook import WorkList
from validator.model import MIDYEAR, Level, dataclass

Progress = Callable[[str, float], None]
"""Called with what is being done and the part of the work that is done (0 to 1)."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to check an export; each field is the command-line option of the same name.

    `columns`: the column map of a raw export, by id or as a file; `previous`: last time's export in
    the same layout; `phase`: start, midyear or rollover; `sis`: the student information system
    whose fix routes are added; `max_records`: records per rule id that do not make the run fail;
    `baseline`, `worklist`, `history`: files of earlier runs, which are only read; `memory_limit`:
    bytes that may be used, None for any number. `last_worklists`: of earlier runs, newest first;
    those for the same apps and the same district are carried over.
    """

    as_of: dt.date
    profiles: Sequence[str | Path] = ()
    format: str = "auto"
    columns: str | Path | None = None
    district: str | None = None
    generated_at: dt.datetime | None = None
    phase: str = MIDYEAR
    sis: str = ""
    previous: Sequence[Path] = ()
    sharing: Path | None = None
    fail_on: str = Level.BLOCKER.value
    max_records: Mapping[str, int] = field(default_factory=dict)
    baseline: Path | None = None
    worklist: Path | WorkList | None = None
    history: Path | None = None
    memory_limit: int | None = None
    last_worklists: Sequence[WorkList] = ()
