"""Columns of an app's list that were recognized by their values alone, checked row by row."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from validator import frame
from validator.ingest.mapping.app_columns import IDENTITIES, Chosen, Taken, is_sufficient
from validator.ingest.mapping.inference import MIN_SHARE
from validator.model import Table

SHORT_ID = 4
"""Characters below which a number may be a score or a count of minutes; our own measure."""

MOST_EACH = 1.25
"""Addresses or names for each id, and ids for each address, from which a column holds no ids."""


def drop_unlikely(chosen: Chosen, table: Table) -> Chosen:
    """Return the mapped columns of an app's unknown list without guesses that are probably
    wrong.

    An id belongs to one address or one name; minutes and scores that happen to be ids of the
    district do not. Where a kind has neither, short values are not taken as ids. Names next to an
    id or an address may be somebody else's, as a teacher's on the row of a student.
    """
    kept = {}
    for kind, taken in chosen.items():
        likely = [each for each in taken if _is_likely(each, taken, kind=kind, table=table)]
        if any(each.column in IDENTITIES[kind] for each in likely):
            likely = [each for each in likely if each.is_named or not each.part]
        kept[kind] = likely if is_sufficient(kind, likely) else []
    return kept


def _is_likely(each: Taken, taken: Sequence[Taken], *, kind: str, table: Table) -> bool:
    """Return whether a column of an unknown layout may be what it was taken for."""
    is_id = each.column in IDENTITIES[kind] and not each.column.endswith("_email")
    if each.is_named or not is_id:
        return True
    emails = [other.profile.heading for other in taken if other.column.endswith("_email")]
    names = [
        other.profile.heading for other in taken if other.column in ("First_name", "Last_name")
    ]
    if emails:
        return _count_pairs(table, each, emails, both=True) <= MOST_EACH
    if names:
        return _count_pairs(table, each, list(dict.fromkeys(names)), both=False) <= MOST_EACH
    if each.profile.unique:
        return True
    lengths = pc.utf8_length(each.profile.values).to_numpy(zero_copy_only=False)
    return bool(np.mean(lengths >= SHORT_ID) >= MIN_SHARE)


def _count_pairs(table: Table, each: Taken, headings: Sequence[str], *, both: bool) -> float:
    """Count, while mapping an app's list, other values for each id. `both`: or ids for each
    value."""
    own = frame.encode(table, each.profile.heading)
    others = [frame.encode_lower(table, heading) for heading in headings]
    filled = ~own.blank
    for other in others:
        filled &= ~other.blank
    if not filled.any():
        return 1.0
    number = functools.reduce(_join, (other.codes[filled] for other in others))
    pairs = len(np.unique(_join(own.codes[filled], number)))
    ids, values = len(np.unique(own.codes[filled])), len(np.unique(number))
    return pairs / (min(ids, values) if both else ids)


def _join(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Join the codes of two columns, while mapping an app's list, to one number for each row."""
    return np.asarray(first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second)
