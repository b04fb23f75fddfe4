"""People and sections of three lists, put together: who is in which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

import numpy as np

from validator.compare.reconcile.lists import Listing
from validator.model import dataclass

Lists = Mapping[str, Listing]


@dataclass(frozen=True, eq=False)
class Linked:
    """All people or sections of one kind, each once.

    lists: `sis`, `clever` and `app`, those that have this kind. at: list -> for each of them the
    record in that list, -1 for none. likely: bool, whether matched by similar names only.
    second: the first further account in the app, -1 for none. maybe: another of them who may be
    the same, -1 for none. broken: list -> the line of each there that could not be read whole, 0
    for none.
    """

    kind: str
    lists: Lists
    at: Mapping[str, np.ndarray]
    likely: np.ndarray
    second: np.ndarray
    maybe: np.ndarray
    broken: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.likely)

    def is_in(self, name: str) -> np.ndarray:
        """Return who is in a list; all False if there is no such list."""
        return np.asarray(self.at[name] >= 0)

    def is_listed(self, name: str) -> np.ndarray:
        """Return who is in a list, also on rows that could not be read whole."""
        return np.asarray(self.is_in(name) | (self.broken[name] > 0))

    def choose(self, mask: np.ndarray) -> Linked:
        """Return some records of a reconciliation; hints to records not among them are dropped."""
        new = np.where(mask, np.cumsum(mask) - 1, -1)
        maybe = np.where(self.maybe >= 0, new[self.maybe], -1)[mask]
        return replace(
            self,
            at={name: places[mask] for name, places in self.at.items()},
            likely=self.likely[mask],
            second=self.second[mask],
            maybe=maybe,
            broken={name: lines[mask] for name, lines in self.broken.items()},
        )
