"""Matching of three lists: the people and sections of all of them, each once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.compare.diff import number_jointly
from validator.compare.reconcile import broken, match
from validator.compare.reconcile.linked import Linked, Lists
from validator.compare.reconcile.lists import Listing
from validator.compare.reconcile.match import NAMES, Step
from validator.compare.reconcile.pairs import Pairs
from validator.frame.arrays import count_numbers

SECOND_STEPS: tuple[Step, ...] = (
    (("id", "id"),),
    (("number", "number"),),
    (("email", "email"),),
    (*NAMES, ("birth", "birth")),
)
"""What shows that a further account of an app belongs to somebody who has one."""


def link(kind: str, lists: Lists) -> Linked:
    """Match the records of one kind in the lists that have it; `sis` is one of them."""
    linked = _start(kind, lists)
    if "clever" in lists:
        pairs = match.match(lists["sis"], lists["clever"])
        linked = _add(linked, "clever", pairs, everybody=linked.at["sis"])
    if "app" in lists:
        for name in ("clever", "sis"):
            if name in lists:
                linked = _add_app(linked, name)
        linked = _add_second(linked)
        linked = _add_rest(linked, "app")
    return broken.add_broken(linked)


def _start(kind: str, lists: Lists) -> Linked:
    """Begin a reconciliation of one kind with the records of the SIS, in no other list yet."""
    count = len(lists["sis"])
    none = np.full(count, -1, np.int64)
    at = {"sis": np.arange(count), "clever": none.copy(), "app": none.copy()}
    return Linked(kind, lists, at, np.zeros(count, bool), none.copy(), none.copy())


def _add(linked: Linked, name: str, pairs: Pairs, *, everybody: np.ndarray) -> Linked:
    """Add the records of a list: to those they are matched with, and as further ones.

    everybody: the record in the first list of the pairs, of each of those known.
    """
    at = dict(linked.at)
    at[name] = np.where(everybody >= 0, pairs.right[everybody], -1)
    likely = linked.likely | np.where(everybody >= 0, pairs.likely[everybody], False)
    added = _add_rest(replace(linked, at=at, likely=likely), name)
    left, right = pairs.list_unsure()
    known = _invert(everybody, len(pairs.right))
    return _add_maybe(added, (known[left], _find(added, name, right)))


def _add_rest(linked: Linked, name: str) -> Linked:
    """Add the records of a list that belong to nobody known; further accounts are left out."""
    used = np.zeros(len(linked.lists[name]), bool)
    used[linked.at[name][linked.at[name] >= 0]] = True
    if name == "app":
        used |= _mark_second(linked)
    rest = np.flatnonzero(~used)
    count = len(rest)
    none = np.full(count, -1, np.int64)
    at = {
        other: np.concatenate([places, rest if other == name else none])
        for other, places in linked.at.items()
    }
    maybe = linked.maybe.copy()
    hints = np.flatnonzero(maybe < -1)
    grown = replace(
        linked,
        at=at,
        likely=np.concatenate([linked.likely, np.zeros(count, bool)]),
        second=np.concatenate([linked.second, none]),
        maybe=np.concatenate([maybe, none]),
    )
    if name != "app" or not len(hints):
        return grown
    # Until an app record belongs to somebody, a hint to it is stored as -2 - record.
    records = -2 - maybe[hints]
    somebody = _find(grown, name, records)
    somebody[somebody < len(linked)] = -1
    grown.maybe[hints] = somebody
    is_known = somebody >= 0
    grown.maybe[somebody[is_known]] = hints[is_known]
    return grown


def _mark_second(linked: Linked) -> np.ndarray:
    """Return the records of the app that are further accounts."""
    mask = np.zeros(len(linked.lists["app"]), bool)
    mask[linked.second[linked.second >= 0]] = True
    return mask


def _invert(records: np.ndarray, count: int) -> np.ndarray:
    """Return for each record who has it, -1 for nobody."""
    who = np.full(count, -1, np.int64)
    known = np.flatnonzero(records >= 0)
    who[records[known]] = known
    return who


def _find(linked: Linked, name: str, records: np.ndarray) -> np.ndarray:
    """Return which person of a reconciliation has each record of a list."""
    return np.asarray(_invert(linked.at[name], len(linked.lists[name]))[records])


def _add_maybe(linked: Linked, pairs: tuple[np.ndarray, np.ndarray]) -> Linked:
    """Add pairs of those who may be the same in two reconciled lists."""
    left, right = pairs
    known = (left >= 0) & (right >= 0)
    maybe = linked.maybe.copy()
    maybe[right[known]] = left[known]
    maybe[left[known]] = right[known]
    return replace(linked, maybe=maybe)


def _add_app(linked: Linked, name: str) -> Linked:
    """Match those in a list who have no account yet with the accounts that belong to nobody."""
    listing, app = linked.lists[name], linked.lists["app"]
    who = np.flatnonzero(linked.is_in(name) & ~linked.is_in("app"))
    free = np.ones(len(app), bool)
    free[linked.at["app"][linked.is_in("app")]] = False
    accounts = np.flatnonzero(free)
    people = replace(listing, rows=listing.rows[linked.at[name][who]])
    pairs = match.match(people, replace(app, rows=app.rows[accounts]))
    chosen = pairs.right >= 0
    at = linked.at["app"].copy()
    at[who[chosen]] = accounts[pairs.right[chosen]]
    likely = linked.likely.copy()
    likely[who[chosen]] |= pairs.likely[chosen]
    maybe = linked.maybe.copy()
    maybe[who[chosen]] = np.where(maybe[who[chosen]] < -1, -1, maybe[who[chosen]])
    left, right = pairs.list_unsure()
    maybe[who[left]] = -2 - accounts[right]
    return replace(linked, at={**linked.at, "app": at}, likely=likely, maybe=maybe)


def _add_second(linked: Linked) -> Linked:
    """Find further accounts of people who have one, which are nobody else's."""
    if linked.kind == "sections":
        return linked
    app = linked.lists["app"]
    second = linked.second.copy()
    free = np.ones(len(app), bool)
    free[linked.at["app"][linked.is_in("app")]] = False
    for name in ("clever", "sis"):
        if name not in linked.lists or not free.any():
            continue
        listing = linked.lists[name]
        who = np.flatnonzero(linked.is_in(name) & linked.is_in("app"))
        records = linked.at[name][who]
        for step in SECOND_STEPS:
            accounts = np.flatnonzero(free)
            people, owned = _find_owners(listing, app, step=step, records=(records, accounts))
            new = second[who[people]] < 0
            second[who[people][new]] = accounts[owned][new]
            free[accounts[owned]] = False
    return replace(linked, second=second)


def mark_owned(listing: Listing, app: Listing) -> np.ndarray:
    """Return the app's accounts that a reconciliation has for people of another kind."""
    mask = np.zeros(len(app), bool)
    records = np.arange(len(listing)), np.arange(len(app))
    for step in (*SECOND_STEPS, NAMES):
        mask[_find_owners(listing, app, step=step, records=records)[1]] = True
    return mask


def _find_owners(
    listing: Listing, app: Listing, *, step: Step, records: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of places in both: a record with a key that no other has, and an account."""
    empty = np.zeros(0, np.int64)
    has_columns = all(listing.has(left) and app.has(right) for left, right in step)
    if not has_columns or not len(records[0]) or not len(records[1]):
        return empty, empty
    encoded = [(listing.encode(a, records[0]), app.encode(b, records[1])) for a, b in step]
    filled = np.ones(len(records[0]), bool), np.ones(len(records[1]), bool)
    for own, other in encoded:
        filled[0][own.blank] = False
        filled[1][other.blank] = False
    keys = number_jointly(encoded)
    ours, theirs = np.flatnonzero(filled[0]), np.flatnonzero(filled[1])
    _, numbers = np.unique(np.concatenate([keys[0][ours], keys[1][theirs]]), return_inverse=True)
    times = count_numbers(numbers[: len(ours)], minlength=int(numbers.max(initial=0)) + 1)
    at = np.full(len(times), -1, np.int64)
    at[numbers[: len(ours)]] = ours
    at[times != 1] = -1
    owner = at[numbers[len(ours) :]]
    return owner[owner >= 0], theirs[owner >= 0]
