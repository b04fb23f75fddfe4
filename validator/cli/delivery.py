"""From a report to files and a summary."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from pathlib import Path

from validator.cli import console, repository, worklists
from validator.cli.worklists import Desk
from validator.model import BadUsage, Report, dataclass
from validator.outputs.placement import NOWHERE, Placement
from validator.text import did_you_mean, parse_whole_number

DEFAULT_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Which reports to write, where and how.

    `out`: a folder, or `-` for standard output. `rows`: listed per finding, None for all. `full`:
    with ids and values of records. `placement`: where the export is in its repository.
    """

    out: str
    kinds: Sequence[str]
    rows: int | None = DEFAULT_ROWS
    full: bool = False
    quiet: bool = False
    debug: bool = False
    placement: Placement = NOWHERE


def plan(out: str, kinds: str, rows: str = str(DEFAULT_ROWS)) -> Delivery:
    """Parse --out, --report and --rows. Raises BadUsage."""
    return Delivery(out=out, kinds=parse_kinds(kinds), rows=parse_rows(rows))


def parse_kinds(text: str) -> list[str]:
    """Parse the command-line option for kinds of reports, separated by commas. Raises BadUsage."""
    from validator.outputs.registry import list_reports

    known = list_reports()
    words = [word.strip().lower() for word in text.split(",")]
    kinds = list(dict.fromkeys(word for word in words if word))
    for kind in kinds:
        if kind not in known:
            raise BadUsage(
                f"there is no report '{kind}'; choose from: {', '.join(known)}"
                f"{did_you_mean(kind, known)}"
            )
    if not kinds:
        raise BadUsage(f"--report names no report; choose from: {', '.join(known)}")
    return kinds


def parse_rows(text: str) -> int | None:
    """Parse the option for rows listed per finding; None for all. Raises BadUsage."""
    if text.strip().lower() == "all":
        return None
    number = parse_whole_number(text)
    if number is None:
        raise BadUsage("--rows takes a whole number or all")
    return number


def deliver(
    report: Report,
    plan: Delivery,
    *,
    folder: Path | None,
    desk: Desk | None = None,
) -> None:
    """Write every report of the command that can be written, then its summary.

    `folder`: None for standard output. `desk`: the work-lists of earlier runs. Raises the first
    error, after the other reports are written.
    """
    written: dict[str, str] = {}
    errors: list[Exception] = []
    for kind in plan.kinds:
        try:
            if kind == worklists.KIND and folder is not None and desk is not None:
                written |= _write_worklist(report, desk, plan, folder=folder)
            else:
                written |= _write(report, kind, plan, folder=folder)
        except Exception as error:  # noqa: BLE001 - the other reports are still written
            errors.append(error)
    if desk is not None:
        console.say("\n".join([*desk.kept, *([] if plan.quiet else desk.said)]))
    if not plan.quiet:
        _summarize(report, plan, written)
        if (job := repository.find_job()) is not None:
            _annotate(report, job, plan)
    if errors:
        raise errors[0]


def _write_worklist(report: Report, desk: Desk, plan: Delivery, *, folder: Path) -> dict[str, str]:
    """Write the work-list of a `check` into --out; where the last one is open, next to it."""
    from validator.outputs.registry import CannotReplace

    desk.make_room(report)
    try:
        return _write(report, worklists.KIND, plan, folder=folder, names=desk.names)
    except CannotReplace as error:
        if desk.names:
            raise
        desk.step_aside(report.as_of)
        try:
            return _write(report, worklists.KIND, plan, folder=folder, names=desk.names)
        except CannotReplace:
            desk.step_back()
            raise error from None


def _write(
    report: Report,
    kind: str,
    plan: Delivery,
    *,
    folder: Path | None,
    names: Mapping[str, str] = types.MappingProxyType({}),
) -> dict[str, str]:
    """Write one report of a `check` into --out; return its path, nothing for standard output.

    `names`: of files that are not written under their usual name, by kind.
    """
    from validator.outputs import registry

    options = registry.Options(rows=plan.rows, names=names, placement=plan.placement)
    if folder is None:
        console.show(registry.render(report, kind, options, show_values=plan.full))
        return {}
    paths = registry.write(report, folder, [kind], options=options, show_values=plan.full)
    return {name: str(path) for name, path in paths.items()}


def _summarize(report: Report, plan: Delivery, written: Mapping[str, str]) -> None:
    """Say the summary, and what each written report is for."""
    from validator.outputs import registry

    contents = {kind: registry.describe(kind, show_values=plan.full) for kind in written}
    screen = registry.Screen(**console.detect_appearance())
    options = registry.Options(paths=written, contents=contents, screen=screen)
    summary = registry.render(report, "terminal", options, show_values=plan.full)
    console.say(summary.decode(), painted=True)


def _annotate(report: Report, job: str, plan: Delivery) -> None:
    """Print the annotations of a CI job on the console."""
    from validator.outputs import registry

    options = registry.Options(placement=plan.placement)
    console.say(registry.render(report, job, options).decode(), painted=True)


def record(path: Path, report: Report) -> None:
    """Add a run of the command to the file of its option --history. Raises OSError."""
    from validator.followup import history
    from validator.outputs.registry import write_whole

    before = path.read_bytes() if path.exists() else b""
    write_whole(path, before + history.format_line(history.build_entry(report)).encode())
