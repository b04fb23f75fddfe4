"""Pairs of records that two reconciled lists have in common."""

from __future__ import annotations

from dataclasses import field

import numpy as np

from validator.model import dataclass


@dataclass
class Pairs:
    """The records of two lists that are the same.

    `right`: for each record of the first list its record in the second, -1 for none; `left`: the
    reverse. `by`: for each record of the first list the number of the step. `unsure`: pairs that
    may be the same, as two arrays. `likely`: records of the first list matched by likeness.
    """

    right: np.ndarray
    left: np.ndarray
    by: np.ndarray
    likely: np.ndarray
    unsure: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    @classmethod
    def start(cls, first: int, second: int) -> Pairs:
        """Begin matching two reconciled lists of these lengths: no pairs."""
        none = np.full(first, -1, np.int64)
        return cls(none, np.full(second, -1, np.int64), none.copy(), np.zeros(first, bool))

    def join(self, left: np.ndarray, right: np.ndarray, step: int) -> None:
        """Match pairs of two reconciled lists in one step."""
        self.right[left] = right
        self.left[right] = left
        self.by[left] = step

    @property
    def open_left(self) -> np.ndarray:
        """The records of the first list without a partner."""
        return np.flatnonzero(self.right < 0)

    @property
    def open_right(self) -> np.ndarray:
        """The records of the second list without a partner."""
        return np.flatnonzero(self.left < 0)

    def list_unsure(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs that may be the same and of which both are still without a partner."""
        empty = np.zeros(0, np.int64)
        left = np.concatenate([empty, *(pair[0] for pair in self.unsure)])
        right = np.concatenate([empty, *(pair[1] for pair in self.unsure)])
        is_open = (self.right[left] < 0) & (self.left[right] < 0)
        return left[is_open], right[is_open]
