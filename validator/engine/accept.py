"""Leave out what the district marked as not a problem in its last work-list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator.engine import suppress
from validator.model import Cell, Diagnosis, Export, Outcome, Places, Status, dataclass

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
    *,
    accepted: Accepted,
) -> Open:
    """Remove places marked as no problem from the outcomes of rules, and from diagnoses.

    What a marked diagnosis explains is left out with it.
    """
    marked = [
        each for each in diagnoses if any(_is_at(cell, each) for cell in accepted.get(each.id, ()))
    ]
    causes = frozenset((each.id, each.file) for each in marked)
    left = [
        _accept(outcome, _Marked(export, accepted.get(outcome.rule.id, ()), causes))
        for outcome in outcomes
    ]
    return Open(left, [each for each in diagnoses if each not in marked])


def _is_at(cell: Cell, diagnosis: Diagnosis) -> bool:
    """Whether a marked cell is that of a diagnosis, so that the engine leaves the diagnosis out."""
    return (cell.file, cell.column) == (diagnosis.file, diagnosis.column)


@dataclass(frozen=True, eq=False)
class _Marked:
    """Marks to leave out of one rule: marked cells, and causes that are marked diagnoses.

    causes: id and file of each marked diagnosis.
    """

    export: Export
    cells: Collection[Cell]
    causes: Collection[tuple[str, str]]

    def concerns(self, places: Sequence[Places]) -> bool:
        """Whether any of these places may be marked as accepted, and so removed by the engine."""
        return bool(self.cells) or any((it.explained_by, it.file) in self.causes for it in places)

    def remove(self, places: Sequence[Places]) -> list[Places]:
        """Return the places that the engine keeps: those not marked as accepted.

        A record whose counting place is removed is counted at the next of its places.
        """
        if any(cell == Cell() for cell in self.cells):
            return []
        blocks = list(places)
        for number, block in enumerate(places):
            is_marked = self._mark(block)
            if not is_marked.any():
                continue
            blocks[number] = block.keep(~is_marked)
            if block.rows is not None:
                counted = is_marked if block.counts is None else is_marked & block.counts
                blocks = suppress.recount(blocks, block.table, block.rows[counted])
        return blocks

    def _mark(self, block: Places) -> np.ndarray:
        """Return the bool mask of the marked places of a block."""
        lines = [cell.line for cell in self.cells if self._is_in(cell, block)]
        is_caused = np.full(len(block), (block.explained_by, block.file) in self.causes)
        return np.asarray(is_caused | np.isin(block.lines, np.asarray(lines, np.int64)))

    def _is_in(self, cell: Cell, block: Places) -> bool:
        """Whether a marked cell is in the places of a rule's block."""
        if cell.file != block.file:
            return False
        table = self.export.find(block.table)
        headers = table.headers if table is not None else {}
        return cell.column in (None, block.column, headers.get(block.column or ""))


def _accept(outcome: Outcome, marked: _Marked) -> Outcome:
    """Return the outcome of a rule, and its outcome per profile, without marked places."""
    own = {name: _accept(each, marked) for name, each in outcome.own.items()}
    finding = outcome.finding
    if finding is None or not outcome.status.is_open or not marked.concerns(finding.places):
        return replace(outcome, own=own)
    rest = suppress.tidy(replace(finding, places=marked.remove(finding.places)))
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
