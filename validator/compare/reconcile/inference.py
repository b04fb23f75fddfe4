"""Reasons inferred from the numbers of lost people."""

from __future__ import annotations

import numpy as np

from validator.compare.reconcile.linked import Linked
from validator.frame.arrays import count_numbers

FEW, LEAST_SHARE, TIMES = 10, 0.2, 1.5
"""A fault is a reason if fewer than this many people with it arrived. From this many on, it is a
reason only if at least this share of the people with it is lost, and at least this many times the
share of the others. Our own measures."""

HOLD = 0.1
"""The share of records removed from which Clever holds a sync (see the pack `clever`)."""

GROUP, ARRIVED = 5, 0.5
"""Fewest lost people from whom a whole school or grade is not shared, if nobody of it arrived, and
the least share of all others who did. Our own measures."""


def is_cause(
    mask: np.ndarray, *, lost: np.ndarray, passed: np.ndarray, weight: float = 1.0
) -> bool:
    """Whether a fault explains losses: records with it are lost more often than others.

    mask: who has the fault. lost, passed: who got lost in the gap, and who got through. weight:
    how many of those who got through each of `passed` represents.
    """
    with_lost, with_passed = int((mask & lost).sum()), weight * int((mask & passed).sum())
    if not with_lost:
        return False
    if with_passed < FEW:
        return True
    share = with_lost / (with_lost + with_passed)
    others_lost, others_passed = int((~mask & lost).sum()), weight * int((~mask & passed).sum())
    others = others_lost / max(others_lost + others_passed, 1)
    return share >= LEAST_SHARE and share >= TIMES * others


def is_probably_held(linked: Linked) -> bool:
    """Whether Clever seems to hold a sync: more records than it deletes at once would be removed.

    Those are in Clever and no longer in the SIS.
    """
    in_clever = linked.is_in("clever")
    gone = int((in_clever & ~linked.is_in("sis")).sum())
    return gone > HOLD * int(in_clever.sum())


def mark_left_out(linked: Linked, name: str, lost: np.ndarray) -> np.ndarray:
    """Return those lost with a whole school or grade, of which nobody arrived in the app."""
    mask = np.zeros(len(linked), bool)
    listing, places = linked.lists[name], linked.at[name]
    who = np.flatnonzero(places >= 0)
    arrived = linked.is_in("app")[who]
    for field in ("school", "grade"):
        if not listing.has(field) or not len(who):
            continue
        group = listing.encode(field, places[who])
        size = count_numbers(group.codes, minlength=len(group.values))
        came = count_numbers(group.codes[arrived], minlength=len(group.values))
        is_left_out = (size >= GROUP) & (came == 0)
        rest = size[~is_left_out].sum()
        if rest and came.sum() >= ARRIVED * rest:
            mask[who] |= is_left_out[group.codes] & ~group.blank
    return np.asarray(mask & lost)


def mark_rivals(linked: Linked) -> np.ndarray:
    """Return lost people who may all be one account of the app, and these accounts."""
    maybe = linked.maybe
    hinting = np.flatnonzero((maybe >= 0) & ~linked.is_in("app"))
    accounts = maybe[hinting]
    has_rivals = count_numbers(accounts, minlength=len(linked)) > 1
    mask = has_rivals.copy()
    mask[hinting] |= has_rivals[accounts]
    return np.asarray(mask)
