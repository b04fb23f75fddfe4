"""The files that options name, read before the export is opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validator.assess.options import Options
from validator.followup import baseline, gate, history
from validator.followup.workbook import WorkList, read_worklist
from validator.ingest import read
from validator.ingest.formats import registry
from validator.model import BadUsage, ColumnMap, Gate, PastRun, Profile, Routes, Sharing, dataclass
from validator.rulebook import column_maps, fix_routes, load, sharing_files
from validator.vocabulary.electives import Electives
from validator.vocabulary.grades import Grades

LIKELY = "clever"
"""The format that packs are checked against before the format of the export is known."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that the options name, read.

    worklists: those named. found: those of earlier runs in the output folder.
    """

    profiles: Sequence[Profile]
    grades: Grades
    electives: Electives
    columns: ColumnMap | None
    sharing: Sharing | None
    routes: Routes | None
    gate: Gate
    worklists: Sequence[WorkList]
    found: Sequence[WorkList]
    history: Sequence[PastRun]


def read_inputs(options: Options) -> Inputs:
    """Read the inputs of an assessment that its options name. Raises BadUsage."""
    profiles = load_profiles(options.profiles, expect_format(options))
    grades, electives = load.load_vocabulary()
    return Inputs(
        profiles=profiles,
        grades=grades,
        electives=electives,
        columns=load_column_map(options.columns),
        sharing=load_sharing(options.sharing, grades),
        routes=fix_routes.load_routes(options.sis) if options.sis else None,
        gate=_build_gate(options, profiles),
        worklists=_read_worklists(options.worklist),
        found=options.last_worklists,
        history=history.read_history(options.history) if options.history else (),
    )


def _read_worklists(named: Path | WorkList | None) -> list[WorkList]:
    """Read the work-list that an assessment's options name. Raises BadUsage."""
    if named is None:
        return []
    return [named if isinstance(named, WorkList) else read_worklist(named)]


def find_default_profile(format: str) -> str:
    """Return the profile by which an assessment judges a format where its options name none."""
    return registry.find_format(format).profile


def expect_format(options: Options) -> str:
    """Return the format whose packs an assessment loads before it reads the export."""
    return LIKELY if options.format == "auto" else options.format


def load_profiles(names: Sequence[str | Path], format: str) -> list[Profile]:
    """Load the profiles that an assessment's options name, with distinct ids. Raises BadUsage."""
    profiles = [load.load_profile(name, format) for name in names]
    ids = [profile.id for profile in profiles]
    for name in ids:
        if ids.count(name) > 1:
            raise BadUsage(
                f"two of the profiles are called '{name}'; "
                "give each pack its own id, and name each profile once"
            )
    return profiles


def load_sharing(path: Path | None, grades: Grades) -> Sharing | None:
    """Load the sharing file that an assessment's options name. Raises BadUsage."""
    return sharing_files.load_sharing(path, read.list_fields(), grades) if path else None


def load_column_map(wanted: str | Path | None) -> ColumnMap | None:
    """Load the column map that an assessment's options name, None for none. Raises BadUsage."""
    return column_maps.load_column_map(wanted, read.list_mapped_fields()) if wanted else None


def _build_gate(options: Options, profiles: Sequence[Profile]) -> Gate:
    """Build the gate from the options of an assessment. Raises BadUsage."""
    if options.max_records:
        known = {rule.id for rule, _ in load.list_rules()}
        known.update(rule for profile in profiles for rule in profile.rules)
        gate.check_rules(options.max_records, known)
    before = baseline.read_report(options.baseline) if options.baseline else None
    return gate.build_gate(options.fail_on, options.max_records, before)
