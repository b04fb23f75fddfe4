"""How much of each kind of record a sync would touch, and over what share of them it is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validator.compare import diff
from validator.compare.diff import Changes

TURNING = ("start", "rollover")
"""Parts of the school year in which some hold a sync later than while it runs."""


OF_A_TERM = ("sections", "enrollments")
"""Records that go with their term; when the school year turns, that is expected."""


@dataclass(frozen=True)
class Load:
    """How many records of one kind a sync would touch, of how many that were there before."""

    name: str
    touched: int
    of: int

    @property
    def share(self) -> float:
        """The touched part of all, 0 to 1 or more."""
        return self.touched / self.of if self.of else 0.0


def loads(between: Changes, ways: Sequence[str]) -> list[Load]:
    """For each kind that the previous export had, how many records were `added`, `removed` or `changed`."""
    found = []
    for name in diff.KINDS:
        kind, old = between.kind(name), between.old.tables.get(name)
        if kind is not None:
            touched = {
                "added": len(kind.added),
                "removed": len(kind.removed),
                "changed": int(kind.changed.sum()),
            }
            found.append(Load(name, sum(touched[way] for way in ways), kind.before))
        elif (
            old is not None
            and name not in between.new.tables
            and name not in between.new.unsupported
        ):
            found.append(Load(name, len(old) if "removed" in ways else 0, len(old)))
    return [load for load in found if load.of]


def limit(share: float, when_year_turns: float, phase: str) -> float:
    """The share of records over which a sync is held in this part of the school year."""
    return when_year_turns if when_year_turns and phase in TURNING else share
