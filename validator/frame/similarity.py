"""Which sections have nearly the same students; on sorted numbers alone."""

from __future__ import annotations

import numpy as np

from validator import frame

SIGNATURES, AGREEING = 4, 2
"""Of four smallest member hashes per section two must agree: so it is with 99.6 % of pairs that share 90 % of their
students."""


def group_similar(
    member: np.ndarray, starts: np.ndarray, among: np.ndarray, share: float
) -> np.ndarray:
    """Per section a number that is equal for sections linked by `share` of their students in common.

    `member`: the students of all sections, section after section; `starts`: where each begins; `among`: the sections
    that are compared, at least two.
    """
    sizes = np.diff(np.append(starts, len(member)))
    near = _candidates(_signatures(member, starts), among)
    near = near[sizes[near].min(axis=1) >= share * sizes[near].max(axis=1)]
    return _linked(near[_common(near, member, starts, sizes, share)], len(starts))


def _signatures(member: np.ndarray, starts: np.ndarray) -> list[np.ndarray]:
    """For each of SIGNATURES orders of all students, the first student of every section."""
    rng = np.random.default_rng(1)
    orders = [rng.permutation(int(member.max()) + 1) for _ in range(SIGNATURES)]
    return [np.minimum.reduceat(order[member], starts) for order in orders]


def _candidates(signatures: list[np.ndarray], among: np.ndarray) -> np.ndarray:
    """Pairs of sections with a common signature, shape (n, 2), smaller number first; like sections form chains."""
    found = []
    for at, signature in enumerate(signatures):
        ordered = among[np.lexsort((signatures[at - 1][among], signature[among]))]
        first, second = ordered[:-1], ordered[1:]
        alike = signature[first] == signature[second]
        found.append(
            np.minimum(first[alike], second[alike]) * len(signature)
            + np.maximum(first[alike], second[alike])
        )
    pairs = frame.find_frequent(np.concatenate(found), AGREEING)
    return np.stack([pairs // len(signatures[0]), pairs % len(signatures[0])], axis=1)


def _common(
    pairs: np.ndarray, member: np.ndarray, starts: np.ndarray, sizes: np.ndarray, share: float
) -> np.ndarray:
    """Bool mask of the pairs whose common students are at least `share` of all students of both."""
    both = sizes[pairs].sum(axis=1) if len(pairs) else np.zeros(0, np.int64)
    sections = pairs.ravel()
    length = sizes[sections]
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    of_pair = np.repeat(np.arange(len(pairs)), both)
    keys = np.sort(
        of_pair * (np.int64(member.max()) + 1)
        + member[np.repeat(starts[sections], length) + offset]
    )
    twice = keys[1:][keys[1:] == keys[:-1]] // (np.int64(member.max()) + 1)
    common = np.bincount(twice, minlength=len(pairs))
    return np.asarray(common >= share * (both - common), bool)


def _linked(pairs: np.ndarray, count: int) -> np.ndarray:
    """The smallest section number that each section is linked with, directly or by others."""
    group = np.arange(count)
    while len(pairs):
        before = group.copy()
        least = np.minimum(group[pairs[:, 0]], group[pairs[:, 1]])
        np.minimum.at(group, pairs[:, 0], least)
        np.minimum.at(group, pairs[:, 1], least)
        group = group[group]
        if np.array_equal(before, group):
            break
    return group
