"""The road: read, judge, report; the one function other programs call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from validator import __version__, engine, formats, report, rulebook
from validator.model import Report


def assess(paths: Sequence[Path], *, profiles: Sequence[str | Path] = (), format: str = "auto", as_of: dt.date,
           district: str | None = None, generated_at: dt.datetime | None = None,
           progress: Callable[[str, float], None] | None = None) -> Report:
    """The report on an export: one folder, one zip or several CSV files.

    Packs are checked before any file is opened. Raises BadUsage for a bad pack or wrong names, CannotRead when nothing
    readable was given, InputChanged when a file changed while it was read.
    """
    for profile in profiles:
        rulebook.load(profile, "clever")
    export = formats.read(paths, format, progress)
    if progress:
        progress("judging", 0.6)
    loaded = [rulebook.load(profile, export.format) for profile in profiles or (export.format,)]
    grades, electives = rulebook.vocabulary()
    outcomes = engine.judge(export, loaded, engine.Surroundings(as_of, grades, electives))
    if progress:
        progress("reporting", 0.9)
    return report.make(export, outcomes, loaded, as_of=as_of, version=__version__, district=district,
                       generated_at=generated_at)
