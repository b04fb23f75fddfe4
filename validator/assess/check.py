"""Read, judge, diagnose, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from validator import __version__
from validator.assess.first_sync import forecast_apps
from validator.assess.inputs import (
    Inputs,
    expect_format,
    find_default_profile,
    load_profiles,
    read_inputs,
)
from validator.assess.options import Options, Progress
from validator.compare.diff import Changes
from validator.diagnosis.diagnose import Diagnosed, Watch, diagnose
from validator.diagnosis.scene import Scene
from validator.engine import accept, run
from validator.engine.context import CheckContext
from validator.engine.report import RunInfo, build_report
from validator.followup import worklist
from validator.followup.statuses import NO_PROBLEM
from validator.ingest import memory, read
from validator.ingest.normalize.assignments import leave_out_ended
from validator.model import Export, Outcome, Profile, Report
from validator.repair.outlook import list_mends
from validator.rulebook import diagnoses, repairs
from validator.sharing import apply
from validator.vocabulary.grades import Grades


def assess(
    paths: Sequence[Path],
    options: Options,
    *,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> Report:
    """Assess an export: return the report on one folder, zip, workbook, or several CSV files.

    All files named in the options are checked before the export is opened. `watch` is called with
    each damage that the diagnosis undoes. Raises BadUsage for a bad pack or wrong names, CannotRead
    when nothing is readable, InputChanged when a file changed while it was read.
    """
    inputs = read_inputs(options)
    memory.check_memory([*paths, *options.previous], options.memory_limit)
    export = read.read_export(paths, options.format, progress, columns=inputs.columns)
    export = leave_out_ended(export, options.as_of)
    grades = replace(inputs.grades, source=export.format)
    previous = _compare_previous(options, inputs, export, grades=grades)
    progress = progress or _ignore
    progress("judging", 0.6)
    profiles = _choose_profiles(options, inputs, export.format)
    shared = None
    if inputs.sharing:
        shared = apply.apply_rules(inputs.sharing, export, grades, today=options.as_of)
    built = _build_context(options, inputs, export)
    context = replace(built, previous=previous, sharing=shared)
    judged = run.judge(export, profiles, context)
    diagnosed = run_diagnosis(export, judged, profiles, context=context, watch=watch)
    progress("reporting", 0.9)
    concerned = apply.mark_concerned(shared, export, grades) if shared else None
    info = _run_info(options, inputs)

    def build(it: Diagnosed) -> Report:
        return build_report(
            export, it.outcomes, profiles, info=info, concerned=concerned, diagnoses=it.diagnoses
        )

    report = _add_first_sync(_follow_up(build, diagnosed, inputs), inputs, context)
    return replace(report, mends=list_mends(report, repairs.load_kinds(), grades))


def _ignore(what: str, done: float) -> None:
    """Ignore the progress of an assessment."""


def _choose_profiles(options: Options, inputs: Inputs, format: str) -> Sequence[Profile]:
    """Return the profiles, loaded again for a format that was not expected."""
    if inputs.profiles and format == expect_format(options):
        return inputs.profiles
    return load_profiles(options.profiles or (find_default_profile(format),), format)


def _add_first_sync(report: Report, inputs: Inputs, context: CheckContext) -> Report:
    """Return the report with what a first sync would create; a later one is no first sync."""
    if context.previous is not None:
        return report
    first_sync = forecast_apps(
        report,
        grades=context.grades,
        electives=inputs.electives,
        shared=context.sharing,
        today=context.today,
    )
    return replace(report, first_sync=first_sync)


def _follow_up(
    build: Callable[[Diagnosed], Report], diagnosed: Diagnosed, inputs: Inputs
) -> Report:
    """Return an assessment's report with what became of the last work-lists.

    What somebody marked there as no problem is not open in the report.
    """
    report = build(diagnosed)
    last = [*inputs.worklists, *worklist.choose(inputs.found, report)]
    if not last:
        return report
    followup = worklist.follow_up(report, last)
    accepted = {
        rule: [cell for cell, mark in marks.items() if mark.status == NO_PROBLEM]
        for rule, marks in followup.marks.items()
    }
    if not any(accepted.values()):
        return replace(report, followup=followup)
    left = accept.leave_out_accepted(
        report.export, diagnosed.outcomes, diagnosed.diagnoses, accepted=accepted
    )
    closed = build(Diagnosed(left.diagnoses, left.outcomes))
    return replace(closed, followup=replace(followup, before=report))


def _compare_previous(
    options: Options, inputs: Inputs, export: Export, *, grades: Grades
) -> Changes | None:
    """Return the changes since the previous export that an assessment's options name, else None."""
    if not options.previous:
        return None
    last_export = read.read_export(options.previous, columns=inputs.columns)
    last_export = leave_out_ended(last_export, options.as_of)
    return Changes(last_export, export, grades, options.as_of)


def _build_context(options: Options, inputs: Inputs, export: Export) -> CheckContext:
    """Build the checks' context from the library call's options and inputs (no previous export)."""
    return CheckContext(
        options.as_of,
        replace(inputs.grades, source=export.format),
        inputs.electives,
        phase=options.phase,
        target=inputs.sharing.target if inputs.sharing else None,
    )


def run_diagnosis(
    export: Export,
    outcomes: Sequence[Outcome],
    profiles: Sequence[Profile],
    *,
    context: CheckContext,
    watch: Watch | None = None,
) -> Diagnosed:
    """Diagnose in an assessment what happened to the export; return the outcomes with that."""

    def judge(changed: Export) -> Sequence[Outcome]:
        shared, previous = context.sharing, context.previous
        if shared is not None:
            shared = apply.apply_rules(shared.sharing, changed, context.grades, today=context.today)
        if previous is not None:
            previous = replace(previous, new=changed, cache={})
        return run.judge(changed, profiles, replace(context, sharing=shared, previous=previous))

    by_rule = {outcome.rule.id: outcome for outcome in outcomes}
    previous = context.previous.old if context.previous is not None else None
    scene = Scene(export, by_rule, context.today, context.grades, previous)
    return diagnose(scene, diagnoses.load_texts(), judge, watch=watch)


def _run_info(options: Options, inputs: Inputs) -> RunInfo:
    """Return what the report of an assessment states about the run: its options and inputs."""
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
