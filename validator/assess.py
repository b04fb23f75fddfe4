"""The road: read, judge, report; the one function other programs call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from validator import __version__
from validator.checks.registry import CHECKS
from validator.compare import preview as compare_preview
from validator.compare.diff import Changes
from validator.engine import report, run
from validator.ingest import memory, read
from validator.model import MIDYEAR, BadUsage, ColumnMap, Export, Profile, Report
from validator.rulebook import column_maps, fix_routes, load, sharing_files
from validator.sharing import apply, suggest
from validator.sharing import preview as sharing_preview
from validator.vocabulary.electives import Electives

LIKELY = "clever"
"""The format with whose rules packs are held against before it is known what the export is."""


def assess(
    paths: Sequence[Path],
    *,
    profiles: Sequence[str | Path] = (),
    format: str = "auto",
    as_of: dt.date,
    district: str | None = None,
    generated_at: dt.datetime | None = None,
    previous: Sequence[Path] = (),
    columns: str | Path | None = None,
    shared_by: Path | None = None,
    phase: str = MIDYEAR,
    sis: str = "",
    most_memory: int | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Report:
    """The report on an export: one folder, one zip or several CSV files.

    `columns`: the column map of a raw export, by id or as a file; `previous`: last time's export, laid out alike;
    `shared_by`: a sharing file; `phase`: start, midyear or rollover of the school year;
    `sis`: the student information system in which findings will be fixed; `most_memory`: bytes that may be used, None
    for any. Packs, the sharing file and the sizes are looked at before any export is opened. Raises BadUsage for a bad
    pack or wrong names, CannotRead when nothing readable was given, InputChanged when a file changed while it was read.
    """
    expected = LIKELY if format == "auto" else format
    loaded = _distinct([load.load_profile(profile, expected) for profile in profiles])
    fixed_in = fix_routes.load(sis) if sis else None
    grades, electives = load.vocabulary()
    rule = sharing_files.load(shared_by, read.fields(), grades) if shared_by else None
    mapped = column_map(columns)
    memory.enough([*paths, *previous], most_memory)
    export = read.read_export(paths, format, progress, columns=mapped)
    before = None
    if previous:
        last_time = read.read_export(previous, columns=mapped)
        before = Changes(last_time, export, replace(grades, source=export.format))
    if progress:
        progress("judging", 0.6)
    if not profiles or export.format != expected:
        loaded = [
            load.load_profile(profile, export.format) for profile in profiles or (export.format,)
        ]
    grades = replace(grades, source=export.format)
    shared = apply.apply(rule, export, grades) if rule else None
    outcomes = run.judge(
        export,
        loaded,
        run.CheckContext(
            as_of,
            grades,
            electives,
            phase=phase,
            previous=before,
            sharing=shared,
            target=rule.target if rule else None,
        ),
    )
    if progress:
        progress("reporting", 0.9)
    meant = apply.concerned(shared, export, grades) if shared else None
    made = report.build_report(
        export,
        outcomes,
        loaded,
        as_of=as_of,
        version=__version__,
        district=district,
        generated_at=generated_at,
        concerned=meant,
    )
    return replace(made, phase=phase, routes=fixed_in)


def _distinct(profiles: list[Profile]) -> list[Profile]:
    """The profiles, none of which has the id of another: reports could not tell them apart. Raises BadUsage."""
    ids = [profile.id for profile in profiles]
    for name in ids:
        if ids.count(name) > 1:
            raise BadUsage(
                f"two of the profiles are called '{name}'; give each pack an id of its own, and each once"
            )
    return profiles


def forecast_changes(
    old: Sequence[Path],
    new: Sequence[Path],
    *,
    as_of: dt.date,
    profiles: Sequence[str | Path] = (),
    phase: str = "",
    columns: str | Path | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> compare_preview.Forecast:
    """Return what the next sync would do; without profiles, by the thresholds of every bundled pack.

    `columns`: the column map of raw exports, by id or as a file; both exports have the same layout.
    """
    for profile in profiles:
        load.load_profile(profile, LIKELY)
    layout = column_map(columns)
    before, after = (
        read.read_export(paths, progress=progress, columns=layout) for paths in (old, new)
    )
    named = profiles or [
        pack.id
        for pack in load.profiles()
        if pack.id == after.format or pack.id not in read.FORMATS
    ]
    loaded = [load.load_profile(profile, after.format) for profile in named]
    between = Changes(before, after, replace(load.vocabulary()[0], source=after.format))
    about = report.build_report(after, [], loaded, as_of=as_of, version=__version__)
    return compare_preview.forecast(between, loaded, about, phase=phase)


def preview_sharing(
    paths: Sequence[Path],
    *,
    as_of: dt.date,
    shared_by: Path | None = None,
    target: str = "",
    profile: str | Path = "",
    columns: str | Path | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> sharing_preview.Preview:
    """Return the preview of a sharing file, or of the rule suggested for a target; one of the two is needed.

    `columns`: the column map of a raw export, by id or as a file. Raises BadUsage.
    """
    grades, electives = load.vocabulary()
    subjects = load.subjects()
    rule = sharing_files.load(shared_by, read.fields(), grades) if shared_by else None
    wanted = suggest.parse(target, grades, subjects) if target else rule.target if rule else None
    if rule is None and wanted is None:
        raise BadUsage(
            "give the sharing rules with --sharing FILE, or what they are for with --target "
            "grades=3-8,subject=math"
        )
    export = read.read_export(paths, progress=progress, columns=column_map(columns))
    grades = replace(grades, source=export.format)
    if "sections" not in export.tables:
        raise BadUsage(
            "there is no list of sections in this export, so nothing can be said about sharing"
        )
    loaded = load.load_profile(profile or export.format, export.format)
    likely = _electives(export, loaded, electives)
    suggested = suggest.suggest(wanted, export, grades, (likely, subjects)) if wanted else None
    if rule is None and suggested is not None:
        rule = suggested.rule
    assert rule is not None
    made = sharing_preview.preview(
        export,
        replace(rule, target=wanted),
        (grades, likely, suggested),
        report.build_report(export, [], [loaded], as_of=as_of, version=__version__),
    )
    return made if suggested is None else sharing_preview.with_suggestion(made, suggested)


def _electives(export: Export, profile: Profile, electives: Electives) -> np.ndarray:
    """Bool mask of the sections that look like electives, as the profile judges them, also against their Subject."""
    sections, rule = export.tables["sections"], profile.rules["section-elective"]
    found = CHECKS[rule.check](
        sections,
        **rule.settings,
        electives=electives,
        accept_sections=profile.accept_sections,
        reject_sections=profile.reject_sections,
    )
    out = np.zeros(len(sections), bool)
    for block in found.places:
        if block.rows is not None:
            out[block.rows] = True
    return out


def column_map(wanted: str | Path | None) -> ColumnMap | None:
    """Return the column map of that id or in that file, None where none is wanted. Raises BadUsage."""
    return column_maps.load(wanted, read.mapped_fields()) if wanted else None
