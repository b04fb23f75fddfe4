"""What a rule found, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from validator.model.levels import Level

if TYPE_CHECKING:
    import numpy as np  # read for types only: `explain` and `rules` start without it

Lines: TypeAlias = "np.ndarray"  # int32, physical line numbers; 0 stands for the file as a whole

PER_PLACE = ("lines", "end_lines", "groups", "notes", "repairs", "counts", "rows", "keys")


@dataclass(frozen=True, eq=False)
class Places:
    """Many places in one column of one file, as arrays of one length.

    `rows`: row numbers in the table (int32), None for places that are no rows; `file` and `lines`: where that is
    written, which may be another file than the table's own. `table` is "" for a file that is no table.
    `column` is our column name, or None for whole rows or files.
    `end_lines`: last line of each place, where it differs. `groups`: int32, equal for places that belong together.
    `notes`: public text per place, or one for all; never holds a value of a record.
    `repairs`: what each value should be or probably was; private, for the district's own edition only.
    `counts`: bool per place, which of them stand for a counted record (default all).
    `listed`: False for places that only count and are not shown one by one.
    `level`: softer or harder than the rule's own, for this block of places.
    `keys`: ids of records that no table of the report holds; private, for the district's own edition only.
    """

    table: str
    file: str
    lines: Lines
    column: str | None = None
    end_lines: Lines | None = None
    groups: np.ndarray | None = None
    notes: Sequence[str] | str | None = None
    repairs: Sequence[str] | None = None
    counts: np.ndarray | None = None
    listed: bool = True
    level: Level | None = None
    rows: np.ndarray | None = None
    keys: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def count(self) -> int:
        """How many counted records these places stand for."""
        return len(self.lines) if self.counts is None else int(self.counts.sum())

    def keep(self, mask: np.ndarray) -> Places:
        """The places where `mask` (bool, one per place) holds."""

        def cut(values: Any) -> Any:
            if values is None or isinstance(values, str):
                return values
            if hasattr(values, "dtype"):
                return values[mask]
            return [value for value, kept in zip(values, mask, strict=True) if kept]

        return replace(self, **{name: cut(getattr(self, name)) for name in PER_PLACE})


@dataclass(frozen=True)
class Tally:
    """Values of one column with how often each was found, most first: `(value, count)`."""

    table: str
    column: str
    values: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Cause:
    """What a finding explains elsewhere: how many records, in public words what, and the columns it explains wholly.

    `cells`: (table, column) pairs; a finding all of whose places stand in them is a consequence and folded.
    """

    explains: int
    note: str = ""
    cells: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, eq=False)
class Finding:
    """What one check found: places, how many records it looked at, and figures for the rule's words.

    `of`: records looked at (the unit of the rule's `counts`). `groups`: distinct repeated values, None where
    nothing repeats. `figures`: whole numbers or public words that the rule's sentence may name.
    """

    places: Sequence[Places]
    of: int
    groups: int | None = None
    figures: Mapping[str, int | str] = field(default_factory=dict)
    tally: Tally | None = None
    cause: Cause | None = None

    @property
    def count(self) -> int:
        """Counted records, in the unit of the rule's `counts`."""
        return sum(block.count for block in self.places)
