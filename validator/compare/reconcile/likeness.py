"""People with one birth date and similar names."""

from __future__ import annotations

import numpy as np

from validator.compare.diff import number_jointly
from validator.compare.reconcile.lists import Listing
from validator.compare.reconcile.pairs import Pairs
from validator.frame.arrays import count_numbers, repeat_each

MOST_PAIRS = 200_000
"""Pairs of people whose names are compared letter by letter."""

LIKE, RIVAL, UNLIKE = 84.0, 8.0, 45.0
"""Score of names from which people with one birth date are one person, how much less any other
candidate must have, and below which names belong to two people. 0 to 100; our own measures."""


def match_similar(pairs: Pairs, first: Listing, second: Listing, *, number: int) -> None:
    """Match the open records of two lists by birth date and similar names.

    Where another candidate is nearly as similar, the pairs are only possibly the same.
    """
    left, right = pairs.open_left, pairs.open_right
    if not len(left) or not len(right) or not (first.has("birth") and second.has("birth")):
        return
    own, other = _pair_birth_dates(first, second, left=left, right=right)
    if not len(own):
        return
    scores = score_names(first, second, (own, other))
    keep = scores >= LIKE - RIVAL
    own, other, scores = own[keep], other[keep], scores[keep]
    is_best = scores >= LIKE
    for records in (own, other):
        is_best &= scores > _find_rival(records, scores) + RIVAL
    pairs.join(own[is_best], other[is_best], number)
    pairs.likely[own[is_best]] = True
    maybe = ~is_best & (scores >= LIKE)
    pairs.unsure.append((own[maybe], other[maybe]))


def _pair_birth_dates(
    first: Listing, second: Listing, *, left: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pair reconciled records with one birth date, none where they are too many."""
    own, other = first.encode("birth", left), second.encode("birth", right)
    left, right = left[~own.blank], right[~other.blank]
    keys = number_jointly([(own, other)])
    ours, theirs = keys[0][~own.blank], keys[1][~other.blank]
    order = np.argsort(theirs, kind="stable")
    start = np.searchsorted(theirs[order], ours, side="left")
    times = np.searchsorted(theirs[order], ours, side="right") - start
    if times.sum() > MOST_PAIRS:
        return left[:0], right[:0]
    offset = np.arange(times.sum()) - repeat_each(np.cumsum(times) - times, times)
    at = repeat_each(start, times) + offset
    return repeat_each(left, times), right[order[at]]


def _find_rival(records: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return each pair's best rival score in a reconciliation; -100 for none."""
    _, number = np.unique(records, return_inverse=True)
    order = np.lexsort((-scores, number))
    sorted_number = number[order]
    starts = np.flatnonzero(np.append(True, sorted_number[1:] != sorted_number[:-1]))
    times = count_numbers(number)
    best = scores[order[starts]]
    second = np.full(len(starts), -100.0)
    several = times > 1
    second[several] = scores[order[starts[several] + 1]]
    is_best = np.zeros(len(scores), bool)
    is_best[order[starts]] = True
    return np.where(is_best, second[number], best[number])


def score_names(
    first: Listing, second: Listing, records: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Score how similar names in two reconciled lists are, 0 to 100, in any order of words."""
    from rapidfuzz import fuzz, process

    return np.asarray(
        process.cpdist(
            list_names(first, records[0]),
            list_names(second, records[1]),
            scorer=fuzz.token_sort_ratio,
        ),
        float,
    )


def list_names(listing: Listing, records: np.ndarray) -> list[str]:
    """Return the whole names of some records as they are compared."""
    parts = []
    for name in ("first", "last"):
        encoded = listing.encode(name, records)
        texts = encoded.values.to_pylist()
        parts.append([texts[code] for code in encoded.codes.tolist()])
    return [" ".join(pair).strip() for pair in zip(*parts, strict=True)]
