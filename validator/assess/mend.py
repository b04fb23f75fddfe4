"""Mend an export: judge it, repair its files, and judge what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from validator.assess.check import assess
from validator.assess.options import Options, Progress
from validator.ingest import read
from validator.model import Report
from validator.repair.changes import Changes, Left
from validator.repair.descriptions import describe_files
from validator.repair.plan import plan_repairs
from validator.repair.recorder import Recorder
from validator.repair.rewrite import Rewriter
from validator.repair.selection import Selection
from validator.repair.written import LeftOut, Written
from validator.rulebook import load, repairs


@dataclass(frozen=True, kw_only=True)
class Repairs:
    """Which repairs to make: `only` these kinds, and `skip` those; `to`: another format, or ""."""

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    to: str = ""


@dataclass(frozen=True, eq=False)
class Mended:
    """A repaired export that is not yet written.

    before: the report on the export. written: its files to write. changes: the log. left: what is
    left for a person. left_out: what is not in the written files.
    """

    before: Report
    written: Written
    changes: Sequence[Changes]
    left: Sequence[Left]
    left_out: Sequence[LeftOut]


def plan_mending(
    paths: Sequence[Path],
    options: Options,
    wanted: Repairs,
    *,
    progress: Progress | None = None,
) -> Mended:
    """Return the files that a repaired copy of an export consists of, and what changes in them.

    Raises BadUsage, CannotRead and InputChanged as `assess` does.
    """
    selection = Selection(
        repairs.load_kinds(),
        repairs.parse_kinds(wanted.only, "--only"),
        repairs.parse_kinds(wanted.skip, "--skip"),
    )
    recorder = Recorder()
    report = assess(paths, options, progress=progress, watch=recorder)
    _, opened = read.open_sources(paths)
    sources = {source.name: source for source in opened}
    grades, _ = load.load_vocabulary()
    state = plan_repairs(report, recorder, selection, grades=grades, sources=sources)
    rewriter = Rewriter(state, describe_files(report.export), selection, sources)
    written = rewriter.rewrite()
    return Mended(report, written, rewriter.log, state.left, written.left_out)
