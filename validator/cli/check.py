"""The `check` command: judge an export and write the reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from validator.cli import computer, console, options

if TYPE_CHECKING:
    from validator.assess import Options
    from validator.cli.delivery import Delivery
    from validator.model import Report

OUT = "readiness-report"
KINDS = "html,xlsx,json"


def check(
    export: options.Export,
    *,
    profile: options.Profiles = None,
    format: options.Format = "auto",
    columns: options.Columns = None,
    as_of: options.AsOf = None,
    out: options.ReportFolder = OUT,
    report: options.Kinds = KINDS,
    rows: options.Rows = "200",
    fail_on: options.FailOn = "blocker",
    max_records: options.MaxRecords = None,
    baseline: options.Baseline = None,
    worklist: options.Worklist = None,
    show_values: options.ShowValues = False,
    district: options.District = None,
    phase: options.Phase = "midyear",
    sis: options.Sis = "",
    previous: options.Previous = None,
    sharing: options.Sharing = None,
    history: options.History = None,
    source_root: options.SourceRoot = None,
    memory_limit: options.MemoryLimit = "",
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Check an export and write the reports."""
    from validator.cli import delivery, exit_codes, repository

    chosen = build_options(as_of, memory_limit, max_records or ())
    chosen = replace(chosen, profiles=profile or (), format=format, columns=columns)
    chosen = replace(chosen, district=district, phase=phase, sis=sis, fail_on=fail_on)
    chosen = replace(chosen, previous=previous or (), sharing=sharing)
    chosen = replace(chosen, baseline=baseline, worklist=worklist, history=history)
    plan = delivery.plan(out, report, rows)
    placement = repository.find_placement(export[0], source_root)
    plan = replace(plan, full=show_values, quiet=quiet, debug=debug, placement=placement)
    raise typer.Exit(exit_codes.choose_for_report(run(export, chosen, plan)))


def build_options(
    as_of: dt.datetime | None = None, memory_limit: str = "", max_records: Sequence[str] = ()
) -> Options:
    """Return a command's options for a day, this clock and memory. Raises BadUsage."""
    from validator.assess import Options
    from validator.followup import gate

    moment = console.read_clock(as_of)
    return Options(
        as_of=moment.today,
        generated_at=moment.now,
        memory_limit=computer.read_memory_limit(memory_limit),
        max_records=gate.parse_allowances(max_records),
    )


def run(
    paths: Sequence[Path], chosen: Options, plan: Delivery, *, introduction: str = ""
) -> Report:
    """Assess an export, write the reports and the history, and return the report.

    `introduction`: what is said on screen once the report folder is known to be fit.
    """
    from validator.cli import delivery, destination, worklists

    inputs = [*paths, *chosen.previous, *list_named_files(chosen)]
    destination.check_file(chosen.history, inputs)
    destination.check_history(chosen.history, plan.out, plan.kinds)
    with destination.open_folder(plan.out, plan.kinds, inputs=inputs, full=plan.full) as folder:
        named = chosen.worklist if isinstance(chosen.worklist, Path) else None
        desk = worklists.look(folder, plan.kinds, named)
        chosen = desk.add_to(chosen) if desk is not None else chosen
        if introduction:
            console.say(introduction)
        report = assess(paths, chosen, quiet=plan.quiet)
        delivery.deliver(report, plan, folder=folder, desk=desk)
    if chosen.history is not None:
        delivery.record(chosen.history, report)
    if plan.debug:
        console.say("\n".join(outcome.trace for outcome in report.outcomes if outcome.trace))
    return report


def list_named_files(chosen: Options) -> list[Path]:
    """Return the files of rules that options of the command line name; they are only read."""
    named = [chosen.sharing, chosen.columns, *chosen.profiles]
    return [Path(each) for each in named if each is not None and Path(each).is_file()]


def assess(paths: Sequence[Path], chosen: Options, *, quiet: bool) -> Report:
    """Assess an export under a progress bar."""
    from validator import assess as library

    with console.show_progress(quiet) as progress:
        return library.assess(paths, chosen, progress=progress)
