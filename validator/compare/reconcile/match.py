"""Records of two lists, matched one to one: by id, number, address, name and birth date."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from validator.compare.diff import number_jointly
from validator.compare.reconcile import likeness
from validator.compare.reconcile.lists import WITHOUT_ZEROS, Listing
from validator.compare.reconcile.pairs import Pairs
from validator.frame.arrays import count_numbers

Step = tuple[tuple[str, str], ...]
"""Pairs of fields, of the first list and the second, all of which must be equal and filled."""

NAMES = (("first", "first"), ("last", "last"))
WHOLE = ("whole", "whole")
"""The whole names, which lists divide in different ways: `van der Spoon`."""

DENSE = 4
"""Keys of up to this many times their number are counted without sorting them."""

MOST_CHECKED = 2_000
"""Pairs that are checked, evenly distributed."""

PERSON_STEPS: Sequence[Step] = (
    (("id", "id"),),
    (("id", "id"), *NAMES),
    (("id", "id"), ("school", "school")),
    (("number", "number"),),
    (("id", "number"),),
    (("number", "id"),),
    (("state", "state"),),
    (("state", "id"),),
    (("id", "state"),),
    (("short-id", "short-id"),),
    (("short-number", "short-number"),),
    (("email", "email"),),
    (("email", "email"), *NAMES),
    (WHOLE, ("birth", "birth")),
)
SECTION_STEPS: Sequence[Step] = (
    (("id", "id"),),
    (("id", "id"), ("school", "school")),
    (("short-id", "short-id"),),
    (("name", "name"),),
    (("name", "name"), ("school", "school")),
    (("course", "course"), ("teacher", "teacher"), ("period", "period"), ("term", "term")),
)

NUMBERS = frozenset({"id", "number", "state", *WITHOUT_ZEROS})

CHECKED, AGREEING = 5, 0.3
"""Fewest pairs of a step that can be checked by name or address, and the least share of those that
agrees; below it the step is dropped: the column then holds other numbers. Our own measures."""


def match(first: Listing, second: Listing) -> Pairs:
    """Match the records of two lists; what could be several records is not matched."""
    pairs = Pairs.start(len(first), len(second))
    steps = SECTION_STEPS if first.kind == "sections" else PERSON_STEPS
    for number, step in enumerate(steps):
        take_step(pairs, first, second, step=step, number=number)
    if first.kind == "students":
        likeness.match_similar(pairs, first, second, number=len(steps))
    if first.kind != "sections":
        _match_bare_names(pairs, first, second, number=len(steps) + 1)
    return pairs


def take_step(pairs: Pairs, first: Listing, second: Listing, *, step: Step, number: int) -> None:
    """Match the open records of two lists by one step."""
    has_columns = all(first.has(left) and second.has(right) for left, right in step)
    left, right = pairs.open_left, pairs.open_right
    if not has_columns or not len(left) or not len(right):
        return
    joined = _join(first, second, step=step, records=(left, right))
    if joined is None:
        return
    own, other, rest = joined
    if step[0][0] in NUMBERS and first.kind != "sections":
        if not _is_same_numbering(first, second, (own, other)):
            return
    elif step[0][0] == "email":
        agrees = ~_mark_contradicting(first, second, (own, other))
        pairs.unsure.append((own[~agrees], other[~agrees]))
        own, other = own[agrees], other[agrees]
    pairs.join(own, other, number)
    pairs.unsure.append(rest)


def _join(
    first: Listing, second: Listing, *, step: Step, records: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]] | None:
    """Return pairs with equal keys that are on one record of each list, and the other pairs."""
    left, right = records
    encoded = [(first.encode(a, left), second.encode(b, right)) for a, b in step]
    keeps = np.ones(len(left), bool), np.ones(len(right), bool)
    for own, other in encoded:
        keeps[0][own.blank] = False
        keeps[1][other.blank] = False
    keys = number_jointly(encoded)
    return join_keys((keys[0][keeps[0]], keys[1][keeps[1]]), (left[keeps[0]], right[keeps[1]]))


def join_keys(
    keys: tuple[np.ndarray, np.ndarray], records: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]] | None:
    """Pair records of two reconciled lists by equal keys: unique ones, and those with several
    candidates.

    None where no key is in both. Of several candidates, each record of the first list has the
    first one of the second.
    """
    if not len(keys[0]) or not len(keys[1]):
        return None
    numbers = np.concatenate(keys)
    if int(numbers.max()) >= DENSE * len(numbers):
        _, numbers = np.unique(numbers, return_inverse=True)
    count = int(numbers.max()) + 1
    split = len(keys[0])
    left_times = count_numbers(numbers[:split], minlength=count)
    right_times = count_numbers(numbers[split:], minlength=count)
    at = np.full(count, -1, np.int64)
    at[numbers[split:][::-1]] = np.arange(len(keys[1]))[::-1]
    partner = at[numbers[:split]]
    in_both = partner >= 0
    is_unique = (left_times == 1) & (right_times == 1)
    unique = in_both & is_unique[numbers[:split]]
    several = in_both & ~unique
    left, right = records
    rest = left[several], right[partner[several]]
    return left[unique], right[partner[unique]], rest


def _is_same_numbering(
    first: Listing, second: Listing, records: tuple[np.ndarray, np.ndarray]
) -> bool:
    """Return whether equal numbers in two reconciled lists are mostly the same people."""
    step = max(len(records[0]) // MOST_CHECKED, 1)
    records = records[0][::step], records[1][::step]
    known = np.zeros(len(records[0]), bool)
    equal = np.zeros(len(records[0]), bool)
    for name in ("email", "last", "first"):
        is_known, is_equal = compare_field(first, second, records, name=name)
        known |= is_known
        equal |= is_equal
    checked, agreeing = int(known.sum()), int(equal.sum())
    return checked < CHECKED or agreeing >= AGREEING * checked


def compare_field(
    first: Listing, second: Listing, records: tuple[np.ndarray, np.ndarray], *, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return which pairs have a field in both lists, and in which of them it is equal."""
    nothing = np.zeros(len(records[0]), bool)
    if not len(nothing) or not (first.has(name) and second.has(name)):
        return nothing, nothing
    own, other = first.encode(name, records[0]), second.encode(name, records[1])
    left, right = number_jointly([(own, other)])
    known = ~own.blank & ~other.blank
    return known, known & (left == right)


def _mark_contradicting(
    first: Listing, second: Listing, records: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return the pairs with an equal address whose names belong to two people."""
    known, equal = compare_field(first, second, records, name="last")
    known_first, equal_first = compare_field(first, second, records, name="first")
    doubtful = known & known_first & ~equal & ~equal_first
    result = np.zeros(len(records[0]), bool)
    at = np.flatnonzero(doubtful)
    if len(at) and len(at) <= likeness.MOST_PAIRS:
        chosen = records[0][at], records[1][at]
        result[at] = likeness.score_names(first, second, chosen) < likeness.UNLIKE
    return result


def _match_bare_names(pairs: Pairs, first: Listing, second: Listing, *, number: int) -> None:
    """Match by name alone the records of the second list that have nothing else.

    Others with the same name are only possibly the same.
    """
    left, right = pairs.open_left, pairs.open_right
    if not len(left) or not len(right) or not (second.has("last") and second.has("first")):
        return
    joined = _join(first, second, step=(WHOLE,), records=(left, right))
    if joined is None:
        return
    own, other, rest = joined
    bare = np.ones(len(other), bool)
    for name in ("id", "number", "state", "email", "birth"):
        bare &= second.encode(name, other).blank
    pairs.join(own[bare], other[bare], number)
    pairs.likely[own[bare]] = True
    known, equal = compare_field(first, second, (own, other), name="birth")
    maybe = ~bare & ~(known & ~equal)
    pairs.unsure.append((own[maybe], other[maybe]))
    pairs.unsure.append(rest)
