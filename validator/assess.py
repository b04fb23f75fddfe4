"""The road: read, judge, report; the one function other programs call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from validator import __version__, engine, formats, memory, report, routes, rulebook, sharing, sharingfile
from validator.changes import Changes
from validator.model import MIDYEAR, BadUsage, Profile, Report

LIKELY = "clever"
"""The format with whose rules packs are held against before it is known what the export is."""


def assess(paths: Sequence[Path], *, profiles: Sequence[str | Path] = (), format: str = "auto", as_of: dt.date,
           district: str | None = None, generated_at: dt.datetime | None = None, previous: Sequence[Path] = (),
           columns: str | Path | None = None, shared_by: Path | None = None, phase: str = MIDYEAR, sis: str = "",
           most_memory: int | None = None, progress: Callable[[str, float], None] | None = None) -> Report:
    """The report on an export: one folder, one zip or several CSV files.

    `columns`: the column map of a raw export, by id or as a file; `previous`: last time's export, laid out alike;
    `shared_by`: a sharing file; `phase`: start, midyear or rollover of the school year;
    `sis`: the student information system in which findings will be fixed; `most_memory`: bytes that may be used, None
    for any. Packs, the sharing file and the sizes are looked at before any export is opened. Raises BadUsage for a bad
    pack or wrong names, CannotRead when nothing readable was given, InputChanged when a file changed while it was read.
    """
    expected = LIKELY if format == "auto" else format
    loaded = _distinct([rulebook.load(profile, expected) for profile in profiles])
    fixed_in = routes.load(sis) if sis else None
    grades, electives = rulebook.vocabulary()
    rule = sharingfile.load(shared_by, formats.fields(), grades) if shared_by else None
    column_map = formats.column_map(columns)
    memory.enough([*paths, *previous], most_memory)
    export = formats.read(paths, format, progress, columns=column_map)
    before = None
    if previous:
        last_time = formats.read(previous, columns=column_map)
        before = Changes(last_time, export, replace(grades, source=export.format))
    if progress:
        progress("judging", 0.6)
    if not profiles or export.format != expected:
        loaded = [rulebook.load(profile, export.format) for profile in profiles or (export.format,)]
    grades = replace(grades, source=export.format)
    shared = sharing.apply(rule, export, grades) if rule else None
    outcomes = engine.judge(export, loaded, engine.Surroundings(
        as_of, grades, electives, phase=phase, previous=before, sharing=shared, target=rule.target if rule else None))
    if progress:
        progress("reporting", 0.9)
    meant = sharing.concerned(shared, export, grades) if shared else None
    made = report.make(export, outcomes, loaded, as_of=as_of, version=__version__, district=district,
                       generated_at=generated_at, concerned=meant)
    return replace(made, phase=phase, routes=fixed_in)


def _distinct(profiles: list[Profile]) -> list[Profile]:
    """The profiles, none of which has the id of another: reports could not tell them apart. Raises BadUsage."""
    ids = [profile.id for profile in profiles]
    for name in ids:
        if ids.count(name) > 1:
            raise BadUsage(f"two of the profiles are called '{name}'; give each pack an id of its own, and each once")
    return profiles
