"""Addresses that fit other people's names than those of the people who have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NOBODY = -1

MASS = 10
"""If the addresses of one person in this many fit others, the column was moved separately from the
names."""


def find_owners(local: pa.Array, wanted: Sequence[set[str]], taken: pa.Array) -> np.ndarray:
    """Find in a frame, per person, the position of the only other one whose name the address
    fits.

    local: the addresses, before the @, of people whose address does not fit their own name.
    wanted: per person the addresses that would fit. taken: addresses of people whom theirs fit.
    `NOBODY` where the address fits nobody else, or several people.
    """
    texts = local.to_pylist()
    fitting: dict[str, list[int]] = defaultdict(list)
    for at, addresses in enumerate(wanted):
        for text in addresses:
            fitting[text].append(at)
    known = set(pc.unique(taken).to_pylist()) & set(texts)
    owners = np.full(len(texts), NOBODY, np.intp)
    for at, text in enumerate(texts):
        people = fitting.get(text, [])
        if len(people) == 1 and people[0] != at and text not in known:
            owners[at] = people[0]
    return owners


def number_exchanges(owners: np.ndarray, *, least: int) -> np.ndarray:
    """Number a frame's people by exchange of addresses; `NOBODY` for none.

    In an exchange each has the address of the next, and the last that of the first. Where at least
    `least` addresses fit somebody else, all of them are one exchange.
    """
    number = np.full(len(owners), NOBODY, np.intp)
    if int((owners != NOBODY).sum()) >= least:
        number[owners != NOBODY] = 0
        return number
    walk = np.full(len(owners), NOBODY, np.intp)
    for start in np.flatnonzero(owners != NOBODY).tolist():
        at = start
        while at != NOBODY and walk[at] == NOBODY:
            walk[at] = start
            at = int(owners[at])
        while at != NOBODY and walk[at] == start and number[at] == NOBODY:
            number[at] = start
            at = int(owners[at])
    return number
