"""Suspicions of damaged cells: what undoes the damage, or what it explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from validator.diagnosis.cells import (
    Damage,
    count_cells,
    find_damage,
    is_person_name,
    list_values,
    place_damages,
    sort_damages,
)
from validator.diagnosis.edit import edit_originals
from validator.diagnosis.hypothesis import Inverse, Suspicion
from validator.diagnosis.scene import Scene
from validator.model import Export, Outcome, Places, Status, Table


def suspect_change(
    scene: Scene,
    id: str,
    damages: Sequence[Damage],
    *,
    evidence: str,
    note: Callable[[str], str] | None = None,
    explains: Sequence[str] = (),
) -> Suspicion:
    """Return the suspicion of damage that the values prove and that is undone cell by cell.

    It explains what vanishes, and what the rules named in `explains` found in the damaged cells
    even if they find it in the proper values as well.
    """
    cells = count_cells(damages)
    damages = sort_damages(damages)
    roster = find_damages_again(scene.export, damages) if explains else []
    return Suspicion(
        id,
        place_damages(scene.export, damages, note),
        evidence,
        symptoms=frozenset((damage.table.name, damage.column) for damage in damages),
        repaired=cells,
        failing=cells,
        inverse=_undo(damages),
        covers=dict.fromkeys(explains, place_damages(scene.export, roster)),
        proven=True,
    )


def find_damages_again(export: Export, damages: Sequence[Damage]) -> list[Damage]:
    """Return the cells of the roster and of the files that hold one of the damaged values."""
    after = {
        before: new
        for damage in damages
        for before, new in zip(damage.before.to_pylist(), damage.after.to_pylist(), strict=True)
    }
    damaged = (
        find_damage(table, column, list_values(table, column), undo=after.get)
        for table in export.all_tables.values()
        if len(table)
        for column in table.records.columns
        if is_person_name(column)
    )
    return [damage for damage in damaged if damage is not None]


def _undo(damages: Sequence[Damage]) -> Inverse:
    """Return the inverse of a suspicion that sets damaged cells to what they were."""

    def undo(export: Export) -> Export:
        return edit_originals(export, [damage.edit() for damage in damages])

    return undo


def suspect_loss(
    scene: Scene,
    id: str,
    damages: Sequence[Damage],
    *,
    evidence: str,
    again: Callable[[Export, Iterable[Table] | None], Sequence[Damage]],
) -> Suspicion:
    """Return the suspicion of damage that cannot be undone.

    It explains what the rules found in the damaged cells; `again` finds these cells in the
    roster's tables.
    """
    cells = count_cells(damages)
    damages = sort_damages(damages)
    shown = place_damages(scene.export, again(scene.export, scene.export.all_tables.values()))
    return Suspicion(
        id,
        place_damages(scene.export, damages),
        evidence,
        symptoms=frozenset((damage.table.name, damage.column) for damage in damages),
        repaired=cells,
        failing=cells,
        covers=cover_cells(scene.outcomes.values(), shown),
        proven=True,
    )


def cover_cells(
    outcomes: Iterable[Outcome], places: Sequence[Places]
) -> Mapping[str, Sequence[Places]]:
    """Return, for each rule that found something in suspicious cells, those cells as explained."""
    cells = {(block.table, block.file, block.column) for block in places}
    covered = {}
    for outcome in outcomes:
        if outcome.status is not Status.FOUND or outcome.finding is None:
            continue
        where = {(block.table, block.file, block.column) for block in outcome.finding.places}
        if where & cells:
            covered[outcome.rule.id] = places
    return covered
