"""The steps by which a diagnosis undoes damage, and those that a repair may take."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.forms import drop_zeros
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import Failing, list_failing
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.model import Export, dataclass
from validator.repair.selection import Selection
from validator.repair.state import State
from validator.repair.steps import CellStep, Steps, apply_step, list_steps

ZEROS = "ids-without-zeros"
PREFIX = "ids-with-prefix"
CONVERTER, DECIMALS = "marks-of-a-converter", "ids-as-decimals"

COLLIDES = (
    "with leading zeros, some of these ids would match two records, or two of them the same record"
)
ELSEWHERE = (
    "the files of this format have no single place for it; a conversion with --to repairs it"
)
BROKEN = "a file that it affects has bytes that are not characters, and stays as it is"
UNPROVEN = "nothing shows whether these rows are damaged too, so they were not changed"
ASKED = "this changes what a file says, not only its form; if it is right, ask for it with --only"


@dataclass(frozen=True, eq=False)
class Recorded:
    """One damage that was undone: the kind of its repair, what changed, and why it is refused.

    id: the id of the diagnosis. steps: its changes of the files' tables. unproven: how many more
    rows may have the damage, without evidence.
    """

    id: str
    kind: str
    steps: Steps
    file: str
    column: str
    count: int
    refused: str = ""
    unproven: int = 0


@dataclass(eq=False)
class Recorder:
    """Records each damage that `diagnose` undoes; pass it as `watch`."""

    recorded: list[Recorded] = field(default_factory=list)

    def __call__(self, chosen: Suspicion, before: Scene, after: Scene) -> None:
        """Record one damage."""
        steps = Steps(()) if chosen.reveals else list_steps(before.export, after.export)
        if not steps.files and not steps.roster:  # lost data, or no cell or row
            return
        kind = _name_kind(chosen.id, steps)
        refused = ""
        if kind == ZEROS and count_collisions(before, _list_tables(chosen)):
            refused = COLLIDES
        place = chosen.places[0] if chosen.places else None
        self.recorded.append(
            Recorded(
                chosen.id,
                kind,
                steps,
                place.file if place else "",
                (place.column or "") if place else "",
                sum(len(block) for block in chosen.places),
                refused,
                chosen.failing - chosen.repaired if chosen.distributed else 0,
            )
        )


def _list_tables(chosen: Suspicion) -> set[str]:
    """Return the tables that a repair changes because of a suspicion."""
    return {block.table for block in chosen.places}


def _name_kind(id: str, steps: Steps) -> str:
    """Return the kind of repair under which mend's log lists the steps, by what they change.

    Marks of a converter on ids alone are a repair of form; a zero in front of ids is not a
    letter that was added.
    """
    cells = [cell for step in steps.files for cell in step.cells]
    if not cells:
        return id
    if id == CONVERTER and all(_is_equal(cell, drop_decimals) for cell in cells):
        return DECIMALS
    if id in (ZEROS, PREFIX) and all(_is_equal(cell, drop_zeros) for cell in cells):
        return ZEROS
    return id


def _is_equal(cell: CellStep, change: Callable[[pa.Array], pa.Array]) -> bool:
    """Return whether a repair's old and new values are equal after a change of both."""
    before, after = cell.before.cast(pa.string()), cell.after.cast(pa.string())
    return bool(change(before).equals(change(after)))


def drop_decimals(values: pa.Array) -> pa.Array:
    """Drop `.0` from the end of ids, to compare them before and after a repair by `mend`."""
    return pc.replace_substring_regex(values, pattern=r"^([0-9]+)\.0+$", replacement=r"\1")


def count_collisions(scene: Scene, tables: set[str] | None = None) -> int:
    """Count the references that mend's repair of leading zeros cannot make unambiguous.

    `tables`: only references of or to these tables.
    """
    return sum(
        _count_colliding(failing)
        for failing in list_failing(scene)
        if tables is None or {failing.table.name, failing.other.name} & tables
    )


def list_collisions(scene: Scene) -> list[tuple[Failing, int]]:
    """List the references that mend's repair of leading zeros cannot make unambiguous."""
    counted = [(failing, _count_colliding(failing)) for failing in list_failing(scene)]
    return [(failing, count) for failing, count in counted if count]


def _count_colliding(failing: Failing) -> int:
    """Count the ids that mend's repair of leading zeros cannot match to only one record."""
    keys = drop_zeros(failing.keys).dictionary_encode()
    times = count_numbers(keys.indices.to_numpy(), minlength=max(len(keys.dictionary), 1))
    written = drop_zeros(failing.distinct)
    at = pc.fill_null(pc.index_in(written, value_set=keys.dictionary), -1).to_numpy()
    met = np.where(at >= 0, times[np.maximum(at, 0)], 0)
    coded = written.dictionary_encode().indices.to_numpy()
    shared = count_numbers(coded, minlength=1)[coded] > 1
    unclear = failing.count_cells((met > 1) | (shared & (met > 0)))
    if (met == 1).any():
        unclear += _count_matched(failing, keys.dictionary.filter(pa.array(times > 1)))
    return unclear


def _count_matched(failing: Failing, several: pa.Array) -> int:
    """Count the references that match a record, and would match another one with leading zeros.

    Only where no id of the column has leading zeros, so that these have lost theirs, too: mend
    cannot know which of the records they mean. several: ids without zeros, each of two records.
    """
    count = 0
    for column in failing.columns:
        encoded = frame.encode(failing.table, column)
        if pc.any(pc.starts_with(encoded.values, "0"), min_count=0).as_py():
            return 0
        is_matched = frame.is_among(encoded.values, failing.keys)
        mask = is_matched & frame.is_among(drop_zeros(encoded.values), several)
        count += int(encoded.broadcast(mask).sum())
    return count


def apply_recorded(
    state: State, recorder: Recorder, selection: Selection, *, broken: Set[str] = frozenset()
) -> None:
    """Make the recorded changes that are wanted; record the others as left for a person.

    `broken`: tables of files that stay as they are.
    """
    for entry in recorder.recorded:
        refused = entry.refused
        if not refused and not (selection.wants(entry.kind) or entry.id in selection.only):
            refused = ASKED if selection.kinds[entry.kind].asked else "it was not selected"
        if broken & {step.name for step in entry.steps.files}:
            refused = refused or BROKEN
        if refused:
            state.leave_file(
                entry.kind, entry.file, entry.column, count=entry.count, reason=refused
            )
            continue
        state.roster_steps += [(entry, step) for step in entry.steps.roster]
        state.leave_file(
            entry.kind, entry.file, entry.column, count=entry.unproven, reason=UNPROVEN
        )
        missed = sum(apply_step(state, entry.kind, step) for step in entry.steps.files)
        if missed:
            words = (
                "these cells have other damage that could not be repaired, so they stay as they are"
            )
            state.leave_file(entry.kind, entry.file, entry.column, count=missed, reason=words)


def leave_roster_steps(state: State) -> None:
    """Record changes of the roster alone as left for a person: no file has them in one place."""
    for entry, _ in state.roster_steps:
        state.leave_file(entry.kind, entry.file, entry.column, count=entry.count, reason=ELSEWHERE)


def apply_roster_steps(state: State, export: Export) -> Export:
    """Return the export, rebuilt from the repaired files, with the changes of the roster alone."""
    roster = State(export, dict(export.tables))
    for entry, step in state.roster_steps:
        apply_step(roster, entry.kind, step)
    state.changes += roster.changes
    state.left += roster.left
    return export.with_tables(roster.tables) if roster.changes else export
