"""Forecast the next sync of two exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from validator import __version__
from validator.assess.inputs import LIKELY, find_default_profile, load_column_map
from validator.assess.options import Progress
from validator.compare import preview
from validator.compare.diff import Changes
from validator.compare.guard.memory import load_seen
from validator.engine.report import RunInfo, build_report
from validator.ingest import read
from validator.ingest.formats import registry
from validator.ingest.normalize.assignments import leave_out_ended
from validator.rulebook import load


def forecast_changes(
    old: Sequence[Path],
    new: Sequence[Path],
    *,
    as_of: dt.date,
    profiles: Sequence[str | Path] = (),
    phase: str = "",
    columns: str | Path | None = None,
    state: Path | None = None,
    progress: Progress | None = None,
) -> preview.Forecast:
    """The library call behind `changes`: what the next sync would do, by default for all packs.

    `columns`: the column map of raw exports, by id or as a file; both exports have the same layout.
    `state`: the guard's state folder, which remembers people of earlier nights. Raises BadUsage
    and CannotRead.
    """
    for profile in profiles:
        load.load_profile(profile, LIKELY)
    layout = load_column_map(columns)
    before = read.read_export(old, progress=progress, columns=layout)
    after = read.read_export(new, progress=progress, columns=layout)
    own_packs = {format.profile for format in registry.list_formats()}
    names = profiles or [
        pack.id
        for pack in load.list_profiles()
        if pack.id == find_default_profile(after.format) or pack.id not in own_packs
    ]
    loaded = [load.load_profile(name, after.format) for name in names]
    grades, _ = load.load_vocabulary()
    before, after = (leave_out_ended(each, as_of) for each in (before, after))
    between = Changes(before, after, replace(grades, source=after.format), as_of)
    about = build_report(after, [], loaded, info=RunInfo(as_of=as_of, version=__version__))
    seen = load_seen(state, between.grades) if state else None
    return preview.forecast(between, loaded, about, phase=phase, seen=seen)
