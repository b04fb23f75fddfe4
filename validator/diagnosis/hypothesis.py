"""A hypothesis: what it suspects, and the inverse that would undo the damage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

import numpy as np

from validator.diagnosis.scene import Scene
from validator.model import Export, Level, Places, dataclass

Inverse = Callable[[Export], Export]
"""Returns the export as it would be without the damage; never changes its argument."""


PART = 0.25
"""Share of a column's rows from which a part of it is damaged, as where two systems fill it."""


@dataclass(frozen=True, eq=False)
class Suspicion:
    """One suspected damage, with what would prove it.

    `symptoms` are the cells that fail and that the inverse would put right; suspicions of the same
    symptoms are rivals. `repaired` counts the rows put right, of `failing` rows in all. Without an
    `inverse`, `covers` names the rules whose places in `places` the damage explains, and the
    suspicion is proven by the distribution it was made from. `sure` is False for a reading that is
    not unique: it is reported as possible and explains nothing; `is_doubtful` says so where the
    answer takes time, and is asked of what is chosen. `companions` are further damages of the same
    cells that the same inverse undoes. `proven` is True where the values themselves are the proof,
    whatever the rules found in them; such damages are undone before all others.

    `distributed`: the distribution of the values is the proof, so that the inverse need not make
    a finding vanish. `reveals`: rules that find people once the damage is undone and for whom the
    damage is the cause. An address that nobody can sign in with is as good as none: the inverse
    blanks it, and whoever has no address then is explained by the diagnosis, and held back as
    those rules hold people back in each profile. Such an inverse repairs nothing (`repaired` is
    0), so that it is undone after those that do. `level` replaces the level of the diagnosis's
    text, None for that one. `school`: see `Diagnosis`.
    """

    id: str
    places: Sequence[Places]
    evidence: str
    symptoms: frozenset[tuple[str, str]]
    repaired: int
    failing: int
    inverse: Inverse | None = None
    covers: Mapping[str, Sequence[Places]] = field(default_factory=dict)
    sure: bool = True
    companions: tuple[str, ...] = ()
    proven: bool = False
    distributed: bool = False
    reveals: tuple[str, ...] = ()
    level: Level | None = None
    school: str = ""
    is_doubtful: Callable[[], bool] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """The key by which two equal suspicions are recognized."""
        where = tuple(
            (block.table, block.file, block.column, *block.lines[:1].tolist())
            for block in self.places
        )
        return (self.id, where, self.repaired if self.inverse else 0)


@dataclass(frozen=True)
class Hypothesis:
    """One kind of damage. `suspect` is cheap: it reads distinct values and their statistics.

    `order` breaks ties between rivals that repair equally much: the lower one is the simpler
    reading (a change of form before a change of meaning).
    """

    id: str
    suspect: Callable[[Scene], Iterable[Suspicion]]
    order: int = 50


def count_rows(places: Sequence[Places]) -> int:
    """Return the number of distinct rows, per table, that the places of a suspicion name."""
    rows: dict[str, list[np.ndarray]] = {}
    for block in places:
        rows.setdefault(f"{block.table}\0{block.file}", []).append(block.lines)
    return sum(_count_distinct(blocks) for blocks in rows.values())


def _count_distinct(blocks: Sequence[np.ndarray]) -> int:
    """Count the different lines in some places that a hypothesis names."""
    named = np.zeros(max(int(lines.max(initial=0)) for lines in blocks) + 1, bool)
    for lines in {id(lines): lines for lines in blocks}.values():  # columns may share them
        named[lines] = True
    return int(named.sum())
