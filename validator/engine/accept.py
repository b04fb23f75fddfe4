"""Leave out what the district marked as no problem in its last work-list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from validator.engine import suppress
from validator.model import Cell, Diagnosis, Export, Outcome, Places, Status

REASON = "marked as not a problem in the work-list"

Accepted = Mapping[str, Collection[Cell]]
"""Rule or kind of diagnosis -> the cells that were marked."""


@dataclass(frozen=True, eq=False)
class Open:
    """The outcomes and diagnoses without what was marked."""

    outcomes: Sequence[Outcome]
    diagnoses: Sequence[Diagnosis]


def leave_out_accepted(
    export: Export,
    outcomes: Sequence[Outcome],
    diagnoses: Sequence[Diagnosis],
    accepted: Accepted,
) -> Open:
    """Return the outcomes without the places that were marked, and the other diagnoses.

    What a marked diagnosis explains is left out with it.
    """
    marked = {
        (each.id, each.file, each.column)
        for each in diagnoses
        if any(_is_at(cell, each) for cell in accepted.get(each.id, ()))
    }
    kept = [each for each in diagnoses if (each.id, each.file, each.column) not in marked]
    causes = {(name, file) for name, file, _ in marked}
    left = [
        _accept(export, outcome, accepted.get(outcome.rule.id, ()), causes) for outcome in outcomes
    ]
    return Open(left, kept)


def _is_at(cell: Cell, diagnosis: Diagnosis) -> bool:
    return (cell[0], cell[2]) == (diagnosis.file, diagnosis.column)


def _accept(
    export: Export,
    outcome: Outcome,
    cells: Collection[Cell],
    causes: Collection[tuple[str, str]],
) -> Outcome:
    """Return the outcome of a rule, and those of each profile, without what was marked."""
    own = {name: _accept(export, it, cells, causes) for name, it in outcome.own.items()}
    finding = outcome.finding
    if finding is None or outcome.status not in (Status.FOUND, Status.EXPLAINED):
        return replace(outcome, own=own)
    if not cells and not any((it.explained_by, it.file) in causes for it in finding.places):
        return replace(outcome, own=own)
    blocks = _remove(export, finding.places, cells, causes)
    rest = suppress.tidy(replace(finding, places=blocks))
    waived = outcome.waived + finding.count - rest.count
    if not rest.places:
        return replace(
            outcome, status=Status.WAIVED, reason=REASON, waived=waived, explained=0, own=own
        )
    explained = sum(block.count for block in rest.places if block.explained_by)
    is_explained = all(block.explained_by for block in rest.places)
    return replace(
        outcome,
        status=Status.EXPLAINED if is_explained else Status.FOUND,
        finding=rest,
        waived=waived,
        explained=explained,
        found={name: own[name].count for name in outcome.found if name in own},
        own=own,
    )


def _remove(
    export: Export,
    places: Sequence[Places],
    cells: Collection[Cell],
    causes: Collection[tuple[str, str]],
) -> list[Places]:
    """Return the places without those marked; a record is counted at the next of its places."""
    if any(not file and not line for file, line, _ in cells):  # the finding as a whole
        return []
    blocks = list(places)
    for number, block in enumerate(places):
        is_marked = np.full(len(block), (block.explained_by, block.file) in causes)
        lines = [line for file, line, name in cells if _is_in(export, block, file, name)]
        is_marked |= np.isin(block.lines, np.asarray(lines, np.int64))
        if not is_marked.any():
            continue
        blocks[number] = block.keep(~is_marked)
        if block.rows is not None:
            counted = is_marked if block.counts is None else is_marked & block.counts
            blocks = suppress.recount(blocks, block.table, block.rows[counted])
    return blocks


def _is_in(export: Export, block: Places, file: str, column: str | None) -> bool:
    """Return whether a cell of this file and column, by its heading, is one of a block's."""
    if file != block.file:
        return False
    table = export.find(block.table)
    headers = table.headers if table is not None else {}
    return column in (None, block.column, headers.get(block.column or ""))
