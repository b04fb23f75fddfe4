"""How much of each kind of record a sync changes, and the share at which it is held."""

from __future__ import annotations

from collections.abc import Sequence

from validator.compare import diff
from validator.compare.diff import Changes
from validator.model import dataclass

TURNING = ("start", "rollover")
"""Phases of the school year in which some apps allow more changes before they hold a sync."""

OF_A_TERM = ("sections", "enrollments")
"""Records that end with their term; at rollover, that is expected."""


@dataclass(frozen=True)
class Load:
    """How many records of one kind a sync would touch, of how many that were there before."""

    name: str
    touched: int
    of: int

    @property
    def share(self) -> float:
        """Return the share of records that differ between two exports; over 1 if many are new."""
        return self.touched / self.of if self.of else 0.0


def measure_loads(between: Changes, ways: Sequence[str]) -> list[Load]:
    """Count how many records of each kind in the previous export would change.

    `ways`: which records count, of `added`, `removed` and `changed`.
    """
    counted = [_count_load(between, name, ways) for name in diff.KINDS]
    return [load for load in counted if load.of]


def _count_load(between: Changes, name: str, ways: Sequence[str]) -> Load:
    """Count the touched records of one kind; a table that is gone counts as removed."""
    kind = between.kind(name)
    if kind is not None:
        touched = {
            "added": len(kind.added),
            "removed": len(kind.removed),
            "changed": int(kind.changed.sum()),
        }
        return Load(name, sum(touched[way] for way in ways), kind.before)
    old = between.old.tables.get(name)
    is_known = name in between.new.tables or name in between.new.unsupported
    if old is None or is_known:
        return Load(name, 0, 0)
    return Load(name, len(old) if "removed" in ways else 0, len(old))


def choose_limit(share: float, when_year_turns: float, phase: str) -> float:
    """Return the share of changed records at which the next sync is held in this phase."""
    return when_year_turns if when_year_turns and phase in TURNING else share
