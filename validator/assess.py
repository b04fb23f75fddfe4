"""Check exports from Python: the same calls that the command line makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from validator import __version__
from validator.checks.registry import CHECKS
from validator.compare import preview as compare_preview
from validator.compare.diff import Changes
from validator.diagnosis.diagnose import Diagnosed, diagnose
from validator.diagnosis.scene import Scene
from validator.engine import run
from validator.engine.context import CheckContext
from validator.engine.report import RunInfo, build_report
from validator.followup import baseline, gate, history, worklist
from validator.ingest import memory, read
from validator.ingest.formats import registry
from validator.model import (
    MIDYEAR,
    BadUsage,
    ColumnMap,
    Export,
    Gate,
    Level,
    Outcome,
    PastRun,
    Profile,
    Report,
    Routes,
    Sharing,
)
from validator.rulebook import column_maps, diagnoses, fix_routes, load, sharing_files
from validator.sharing import apply, suggest
from validator.sharing import preview as sharing_preview
from validator.vocabulary.electives import Electives
from validator.vocabulary.grades import Grades

LIKELY = "clever"
"""The format that packs are checked against before the format of the export is known."""

Progress = Callable[[str, float], None]
"""Called with what is being done and the part of the work that is done (0 to 1)."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to check an export; each field is the command-line option of the same name.

    `columns`: the column map of a raw export, by id or as a file; `previous`: last time's export in
    the same layout; `phase`: start, midyear or rollover; `sis`: the student information system
    whose fix routes are added; `max_records`: records per rule id that do not make the run fail;
    `baseline`, `worklist`, `history`: files of earlier runs, which are only read; `memory_limit`:
    bytes that may be used, None for any number.
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
    worklist: Path | None = None
    history: Path | None = None
    memory_limit: int | None = None


def assess(paths: Sequence[Path], options: Options, *, progress: Progress | None = None) -> Report:
    """Return the complete report on an export: one folder, zip or workbook, or several CSV files.

    All files named in the options are checked before the export is opened. Raises BadUsage for a
    bad pack or wrong names, CannotRead when nothing is readable, InputChanged when a file changed
    while it was read.
    """
    inputs = _read_inputs(options)
    memory.check_memory([*paths, *options.previous], options.memory_limit)
    export = read.read_export(paths, options.format, progress, columns=inputs.columns)
    grades = replace(inputs.grades, source=export.format)
    previous = None
    if options.previous:
        last_export = read.read_export(options.previous, columns=inputs.columns)
        previous = Changes(last_export, export, grades)
    if progress:
        progress("judging", 0.6)
    profiles = inputs.profiles
    if not profiles or export.format != _expected_format(options):
        profiles = _load_profiles(
            options.profiles or (_default_profile(export.format),), export.format
        )
    rule = inputs.sharing
    shared = apply.apply(rule, export, grades) if rule else None
    context = CheckContext(
        options.as_of,
        grades,
        inputs.electives,
        phase=options.phase,
        previous=previous,
        sharing=shared,
        target=rule.target if rule else None,
    )
    diagnosed = _diagnose(export, run.judge(export, profiles, context), profiles, context)
    if progress:
        progress("reporting", 0.9)
    concerned = apply.concerned(shared, export, grades) if shared else None
    report = build_report(
        export,
        diagnosed.outcomes,
        profiles,
        _run_info(options, inputs),
        concerned=concerned,
        diagnoses=diagnosed.diagnoses,
    )
    if inputs.worklist is None:
        return report
    return replace(report, followup=worklist.follow(report, inputs.worklist))


def _diagnose(
    export: Export,
    outcomes: Sequence[Outcome],
    profiles: Sequence[Profile],
    context: CheckContext,
) -> Diagnosed:
    """Return what happened to the export, and the outcomes with what that explains."""

    def judge(changed: Export) -> Sequence[Outcome]:
        shared, previous = context.sharing, context.previous
        if shared is not None:
            shared = apply.apply(shared.sharing, changed, context.grades)
        if previous is not None:
            previous = Changes(previous.old, changed, context.grades)
        return run.judge(changed, profiles, replace(context, sharing=shared, previous=previous))

    by_rule = {outcome.rule.id: outcome for outcome in outcomes}
    scene = Scene(export, by_rule, context.today, context.grades)
    return diagnose(scene, diagnoses.load_texts(), judge)


@dataclass(frozen=True, eq=False)
class _Inputs:
    """Everything that the options name, read."""

    profiles: Sequence[Profile]
    grades: Grades
    electives: Electives
    columns: ColumnMap | None
    sharing: Sharing | None
    routes: Routes | None
    gate: Gate
    worklist: Sequence[worklist.Row] | None
    history: Sequence[PastRun]


def _read_inputs(options: Options) -> _Inputs:
    """Read what the options name. Raises BadUsage."""
    profiles = _load_profiles(options.profiles, _expected_format(options))
    grades, electives = load.load_vocabulary()
    return _Inputs(
        profiles=profiles,
        grades=grades,
        electives=electives,
        columns=load_column_map(options.columns),
        sharing=_load_sharing(options.sharing, grades),
        routes=fix_routes.load_routes(options.sis) if options.sis else None,
        gate=_build_gate(options, profiles),
        worklist=worklist.read(options.worklist) if options.worklist else None,
        history=history.load(options.history) if options.history else (),
    )


def _default_profile(format: str) -> str:
    """Return the profile that exports in a format are judged by where none is named."""
    return registry.find_format(format).profile


def _expected_format(options: Options) -> str:
    """Return the format to load packs for before the export is read."""
    return LIKELY if options.format == "auto" else options.format


def _load_profiles(names: Sequence[str | Path], format: str) -> list[Profile]:
    """Load profiles with distinct ids, which reports tell them apart by. Raises BadUsage."""
    profiles = [load.load_profile(name, format) for name in names]
    ids = [profile.id for profile in profiles]
    for name in ids:
        if ids.count(name) > 1:
            raise BadUsage(
                f"two of the profiles are called '{name}'; "
                "give each pack its own id, and name each profile once"
            )
    return profiles


def _load_sharing(path: Path | None, grades: Grades) -> Sharing | None:
    """Load a sharing file. Raises BadUsage."""
    return sharing_files.load_sharing(path, read.list_fields(), grades) if path else None


def load_column_map(wanted: str | Path | None) -> ColumnMap | None:
    """Load the column map with that id or in that file; None for none. Raises BadUsage."""
    return column_maps.load_column_map(wanted, read.list_mapped_fields()) if wanted else None


def _build_gate(options: Options, profiles: Sequence[Profile]) -> Gate:
    """Return what makes the run fail. Raises BadUsage for unknown rules and a bad baseline."""
    if options.max_records:
        known = {rule.id for rule, _ in load.list_rules()}
        known.update(rule for profile in profiles for rule in profile.rules)
        gate.check_rules(options.max_records, known)
    before = baseline.report(options.baseline) if options.baseline else None
    return gate.gate(options.fail_on, options.max_records, before)


def _run_info(options: Options, inputs: _Inputs) -> RunInfo:
    """Return what the report states about this run."""
    return RunInfo(
        as_of=options.as_of,
        version=__version__,
        district=options.district,
        generated_at=options.generated_at,
        phase=options.phase,
        routes=inputs.routes,
        gate=inputs.gate,
        history=inputs.history,
    )


def forecast_changes(
    old: Sequence[Path],
    new: Sequence[Path],
    *,
    as_of: dt.date,
    profiles: Sequence[str | Path] = (),
    phase: str = "",
    columns: str | Path | None = None,
    progress: Progress | None = None,
) -> compare_preview.Forecast:
    """Return what the next sync would do; by default, against the thresholds of all bundled packs.

    `columns`: the column map of raw exports, by id or as a file; both exports have the same layout.
    Raises BadUsage and CannotRead.
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
        if pack.id == _default_profile(after.format) or pack.id not in own_packs
    ]
    loaded = [load.load_profile(name, after.format) for name in names]
    grades, _ = load.load_vocabulary()
    between = Changes(before, after, replace(grades, source=after.format))
    about = build_report(after, [], loaded, RunInfo(as_of=as_of, version=__version__))
    return compare_preview.forecast(between, loaded, about, phase=phase)


def preview_sharing(
    paths: Sequence[Path],
    *,
    as_of: dt.date,
    sharing: Path | None = None,
    target: str = "",
    profile: str | Path = "",
    columns: str | Path | None = None,
    progress: Progress | None = None,
) -> sharing_preview.Preview:
    """Preview a sharing file, or the rule suggested for a target; at least one of them is needed.

    `columns`: the column map of a raw export, by id or as a file. Raises BadUsage and CannotRead.
    """
    grades, electives = load.load_vocabulary()
    subjects = load.load_subjects()
    rule = _load_sharing(sharing, grades)
    wanted = rule.target if rule else None
    if target:
        wanted = suggest.parse(target, grades, subjects)
    if rule is None and wanted is None:
        raise BadUsage(
            "give the sharing rules with --sharing FILE, or what they are for with --target "
            "grades=3-8,subject=math"
        )
    export = read.read_export(paths, progress=progress, columns=load_column_map(columns))
    if "sections" not in export.tables:
        raise BadUsage("this export has no list of sections, so sharing cannot be previewed")
    grades = replace(grades, source=export.format)
    loaded = load.load_profile(profile or _default_profile(export.format), export.format)
    likely = _find_electives(export, loaded, electives)
    suggestion = None
    if wanted:
        suggestion = suggest.suggest(wanted, export, grades, electives=likely, vocabulary=subjects)
        rule = rule or suggestion.rule
    assert rule is not None
    about = build_report(export, [], [loaded], RunInfo(as_of=as_of, version=__version__))
    return sharing_preview.preview(
        replace(rule, target=wanted),
        grades,
        electives=likely,
        suggestion=suggestion,
        about=about,
    )


def _find_electives(export: Export, profile: Profile, electives: Electives) -> np.ndarray:
    """Return the bool mask of the sections that the profile judges to be electives."""
    sections, rule = export.tables["sections"], profile.rules["section-elective"]
    finding = CHECKS[rule.check](
        sections,
        **rule.settings,
        electives=electives,
        accept_sections=profile.accept_sections,
        reject_sections=profile.reject_sections,
    )
    mask = np.zeros(len(sections), bool)
    for block in finding.places:
        if block.rows is not None:
            mask[block.rows] = True
    return mask
