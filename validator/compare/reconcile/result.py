"""The result of comparing three lists, and all that an output may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field

from validator.compare.reconcile.reasons import Losses
from validator.model import Rule, dataclass


@dataclass(frozen=True)
class ListSummary:
    """One of the lists. files: the names of its files. counts: kind -> records."""

    format: str
    files: Sequence[str]
    counts: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Reconciliation:
    """Three lists of one district, compared.

    lists: `sis`, `clever` and `app`, those that were given. losses: kind -> who is missing
    somewhere or differs. rules: the rules that explain losses. notes: public sentences. columns:
    table -> our column -> position in the app's list.
    """

    lists: Mapping[str, ListSummary]
    losses: Mapping[str, Losses]
    rules: Mapping[str, Rule]
    as_of: dt.date
    version: str
    generated_at: dt.datetime | None = None
    notes: Sequence[str] = ()
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def has_lost(self) -> bool:
        """Return whether a comparison of lists shows that anybody got lost between two of them."""
        return any((losses.gap != "").any() for losses in self.losses.values())

    @property
    def is_equal(self) -> bool:
        """Whether the compared lists agree: nobody is missing, and nothing differs."""
        return not any(len(losses) for losses in self.losses.values())
