"""Mend an export: judge it, repair its files, and judge what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from validator import __version__
from validator.assess.check import assess
from validator.assess.inputs import load_sharing
from validator.assess.options import Options, Progress
from validator.ingest import memory, read
from validator.ingest.formats.sis.headless import add_header
from validator.ingest.source import Source
from validator.model import BadUsage, CannotRead, Export, FileColumn, InputChanged, dataclass
from validator.repair import undo
from validator.repair.changes import Changes, Left
from validator.repair.convert.convert import convert
from validator.repair.convert.registry import IDS as DESTINATIONS
from validator.repair.descriptions import describe_files
from validator.repair.plan import leave_broken_text, plan_repairs
from validator.repair.recorder import Recorder, apply_roster_steps, leave_roster_steps
from validator.repair.rewrite import Rewriter
from validator.repair.selection import Selection
from validator.repair.state import State
from validator.repair.summary import Judgment, Mended, tally_changes
from validator.repair.written import NOT_WRITTEN, Written
from validator.rulebook import load, repairs
from validator.sharing import apply
from validator.vocabulary.grades import Grades

CONVERTED = undo.CONVERTED


@dataclass(frozen=True, kw_only=True)
class Repairs:
    """Which repairs to make: `only` these kinds, and `skip` those; `to`: another format, or ""."""

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    to: str = ""

    def select(self) -> Selection:
        """Select the repairs that options of the library call `mend` name. Raises BadUsage."""
        return Selection(
            repairs.load_kinds(),
            repairs.parse_kinds(self.only, "--only"),
            repairs.parse_kinds(self.skip, "--skip"),
        )


@dataclass(frozen=True, eq=False)
class Mending:
    """A repaired export that is not yet written.

    before: the judgment on the export. written: its files to write. changes: the log. left: what
    is left for a person. columns: file and heading -> our name of the column. format: that of the
    export; to: that of the copy, "" for the same files.
    """

    before: Judgment
    profiles: Sequence[str]
    written: Written
    changes: Sequence[Changes]
    left: Sequence[Left]
    columns: Mapping[tuple[str, FileColumn], str]
    format: str
    to: str
    files: list[tuple[str, int]] = field(default_factory=list)


def plan_mending(
    paths: Sequence[Path],
    options: Options,
    wanted: Repairs,
    *,
    progress: Progress | None = None,
) -> Mending:
    """The library call behind `mend`: the files of a corrected copy, and what changes in them.

    Raises BadUsage, CannotRead and InputChanged as `assess` does.
    """
    selection = wanted.select()
    recorder = Recorder()
    report = assess(paths, options, progress=progress, watch=recorder)
    _forget(report.export)
    if progress:
        progress("mending", 0.7)
    sources = _open_again(paths, report.export)
    grades, _ = load.load_vocabulary()
    grades = replace(grades, source=report.export.format)
    to = _choose_format(wanted.to, options, report.export)
    state = plan_repairs(
        report, recorder, selection, grades=grades, sources=sources, converted=bool(to)
    )
    if to:
        written = _convert(state, options, to, grades=grades)
        log = state.changes
    else:
        written, log = _rewrite(state, selection, sources)
    return Mending(
        Judgment.of(report),
        [profile.title for profile in report.profiles],
        written,
        log,
        state.left,
        _name_columns(report.export),
        report.export.format,
        to,
    )


def _forget(export: Export) -> None:
    """Free the memory of what an assessment worked out about the tables, but for encoded columns.

    Those are what repairs are made on.
    """
    originals = export.originals.tables if export.originals is not None else {}
    for table in (*export.all_tables.values(), *originals.values()):
        known = {
            what: value
            for what, value in table.cache.items()
            if isinstance(what, tuple) and what[0] in ("arrow", "raw", "coded")
        }
        table.cache.clear()
        table.cache.update(known)
    memory.release()


def _rewrite(
    state: State, selection: Selection, sources: Mapping[str, Source]
) -> tuple[Written, list[Changes]]:
    """Return the repaired files of an assessed export in their format, with all changes."""
    leave_roster_steps(state)
    broken = leave_broken_text(state)
    rewriter = Rewriter(state, describe_files(state.export), selection, sources, broken)
    return rewriter.rewrite(), rewriter.log


def _open_again(paths: Sequence[Path], export: Export) -> dict[str, Source]:
    """Open the inputs of an assessment again. Raises InputChanged if one is not what was judged."""
    _, opened = read.open_sources(paths)
    sources = {source.name: source for source in opened}
    originals = export.originals.tables if export.originals is not None else export.tables
    for table in originals.values():
        if not table.headed and table.file in sources:
            sources[table.file] = add_header(sources[table.file])
    for listed in export.files:
        source = sources.get(listed.name)
        if source is None or source.modified != listed.modified:
            raise InputChanged(
                f"{listed.name} changed while it was being read: wait until the export is finished."
            )
    return sources


def _choose_format(to: str, options: Options, export: Export) -> str:
    """Return the format of a copy by the run's options, "" for the input files as they are.

    With sharing rules, the files are written again, in the export's own format if none is named.
    Raises BadUsage where that cannot be.
    """
    if to or options.sharing is None:
        return to
    own = f"oneroster-{export.format_version}" if export.format == "oneroster" else export.format
    if own not in DESTINATIONS:
        raise BadUsage(
            "--sharing writes a smaller export, which this format cannot be written as; name "
            f"another one with --to: {', '.join(DESTINATIONS)}"
        )
    return own


def _convert(state: State, options: Options, to: str, *, grades: Grades) -> Written:
    """Return the repaired roster of an assessed export in another format, as the options ask."""
    export = apply_roster_steps(state, state.rebuild())
    sharing = load_sharing(options.sharing, grades)
    shared = None
    if sharing is not None:
        shared = apply.apply_rules(sharing, export, grades, today=options.as_of).rows
    return convert(export, to, grades=grades, today=options.as_of, shared=shared)


def _name_columns(export: Export) -> dict[tuple[str, FileColumn], str]:
    """Map the columns of an assessed export's files to our names, for the library call to mend.

    Headings that the format does not know, and that may be shown, are their own names.
    """
    tables = export.originals.tables if export.originals is not None else export.tables
    named: dict[tuple[str, FileColumn], str] = {
        (table.file, heading): column
        for table in tables.values()
        for column, heading in table.headers.items()
    }
    for file in export.files:
        shown = zip(file.columns_unused, file.unused_public, strict=False)
        named |= {(file.name, heading): heading for heading, is_public in shown if is_public}
    return named


def check_written(mending: Mending) -> None:
    """Refuse an assessed export of which not one file can be written. Raises CannotRead."""
    if mending.written.files:
        return
    reasons = [
        f"{entry.name}: {entry.reason.removeprefix(NOT_WRITTEN).rstrip('.')}"
        for entry in mending.written.not_written
    ]
    raise CannotRead(
        "not one file of that format can be written from this export, so there is no copy; "
        f"{'; '.join(reasons) or 'nothing in it is part of a roster'}"
    )


def undo_mending(folder: Path, names: Sequence[str]) -> Written:
    """The library call behind `mend --undo`: files of a corrected copy with their old values.

    Raises BadUsage where its log cannot be read.
    """
    return undo.undo(folder, undo.read_log(folder), names)


def judge_mended(
    folder: Path,
    mending: Mending,
    options: Options,
    *,
    progress: Progress | None = None,
) -> Mended:
    """Assess the corrected copy in its folder, and return the result of mending."""
    if mending.to:
        options = replace(options, columns=None, format="auto", sharing=None)
    memory.release()
    report = assess([folder], options, progress=progress)
    return summarize(mending, options, after=Judgment.of(report))


def summarize(mending: Mending, options: Options, *, after: Judgment | None) -> Mended:
    """Summarize a run of the library call to mend; without `after`, of a dry run."""
    return Mended(
        before=mending.before,
        after=after,
        profiles=mending.profiles,
        kinds=repairs.load_kinds(),
        tallies=tally_changes(mending.changes, mending.columns),
        changes=mending.changes,
        left=mending.left,
        left_out=mending.written.left_out,
        files=mending.files,
        as_of=options.as_of,
        version=__version__,
        format=mending.format,
        to=mending.to,
        generated_at=options.generated_at,
        columns=mending.columns,
    )
