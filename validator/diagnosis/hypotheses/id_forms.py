"""Ids that do not match because one file writes them in another form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.forms import CERTAIN, FORMS, LOST, OUTSIDE_IN, SEEN, Change, chain
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import (
    LEAST_VALUES,
    NONE,
    SHARE,
    Failing,
    Pairs,
    list_failing,
    match_keys,
    place_cells,
    place_keys,
    undo_cells,
    undo_keys,
)
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.text import APOSTROPHES, DASHES, UNSEEN

NEARLY_ALL = 0.95

MANY, SAMPLE = 5_000, 200
"""Failing ids that are tried first, before all of them are."""

NAMED = {
    "ids-with-lookalikes": re.compile(f"[{DASHES}{APOSTROPHES}]"),
    "ids-with-hidden-characters": re.compile(UNSEEN),
}
"""Forms whose evidence names the characters."""

WORDS = {
    "ids-with-hidden-characters": "hidden characters",
    "ids-composed-differently": "the way accented letters are stored",
    "ids-with-lookalikes": "look-alike characters (dashes, apostrophes or wide digits)",
    "ids-other-case": "capital and small letters",
    "ids-with-apostrophe": "an apostrophe in front",
    "marks-of-a-converter": "a .0 at the end",
    "ids-without-zeros": "leading zeros",
    "ids-with-braces": "brackets around them",
    "ids-in-powers-of-ten": "scientific notation",
    "ids-cut-to-fifteen-digits": "the digits after the fifteenth, which are zeros",
    "ids-with-separators": "separators inside",
    "ids-with-prefix": "text added before or after them",
}


def suspect_forms(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a change of form, or two of them, in the references that match nothing."""
    for failing in list_failing(scene):
        if not _may_differ_in_form(failing):
            continue
        best, active = 0, []
        for form, change in FORMS.items():
            ids, keys = change(failing.distinct), change(failing.keys)
            if ids.equals(failing.distinct) and keys.equals(failing.keys):
                continue
            active.append(form)
            pairs = match_keys(failing, ids, keys)
            least = 1 if form in CERTAIN or pairs.are_all_of_few else LEAST_VALUES
            if pairs.count >= least:
                best = max(best, pairs.cells)
                yield describe(pairs, form, change)
        if best < NEARLY_ALL * failing.count and len(failing.distinct) >= LEAST_VALUES:
            yield from _suspect_two_forms(failing, active, best)


def _may_differ_in_form(failing: Failing) -> bool:
    """Return whether any failing id of a sample matches a key after all changes of form."""
    every = chain(*(FORMS[form] for form in OUTSIDE_IN))
    return bool(frame.is_among(every(failing.sample(MANY)), every(failing.keys)).any())


def _suspect_two_forms(failing: Failing, active: Sequence[str], least: int) -> Iterator[Suspicion]:
    """Yield the simplest two changes of form that repair far more cells than one.

    `active`: forms that change an id; two of which the first changes none are the second alone.
    """
    sample = failing.sample(SAMPLE)
    keys: dict[str, pa.Array] = {}
    for first, second in combinations(FORMS, 2):
        if first not in active:
            continue
        change = chain(FORMS[first], FORMS[second])
        if first not in keys:
            keys = {first: FORMS[first](failing.keys)}
        changed = FORMS[second](keys[first])
        if not frame.is_among(change(sample), changed).any():
            continue
        seen = FORMS[first](failing.distinct) if first in SEEN else None
        pairs = match_keys(failing, change(failing.distinct), changed, seen=seen)
        if seen is not None and _is_key_side(first, pairs, change):
            pairs = match_keys(failing, change(failing.distinct), changed)
        more = pairs.cells > max(2 * least, SHARE * failing.count)
        if pairs.count >= LEAST_VALUES and more:
            yield replace(describe(pairs, first, change), companions=(second,))
            return


def _name_points(form: str, pairs: Pairs) -> str:
    """Name the look-alike or hidden characters in the evidence about ids, "" for none.

    These are signs only, never letters or digits of an id.
    """
    if form not in NAMED:
        return ""
    texts = [*pairs.written[:SAMPLE].to_pylist(), *pairs.meant[:SAMPLE].to_pylist()]
    signs = sorted(set(NAMED[form].findall("".join(texts))))
    return f" ({', '.join(f'U+{ord(sign):04X}' for sign in signs[:3])})" if signs else ""


def describe(
    pairs: Pairs,
    form: str,
    change: Change | None,
    *,
    affix: str = "",
    of_keys: bool = False,
) -> Suspicion:
    """Return the suspicion that these ids are the paired keys in another form."""
    failing = pairs.failing
    of_keys = of_keys or (change is not None and _is_key_side(form, pairs, change))
    table, other = failing.table, failing.other
    words = WORDS[form] + _name_points(form, pairs)
    if affix and affix.isalpha() and len(affix) <= LEAST_VALUES:
        words = f'an added "{affix}"'
    evidence = (
        f"{pairs.count:,} of the {len(failing.distinct):,} ids of {table.file} that match nothing "
        f"in {other.file} are the same ids except for {words}; each matches exactly one record"
    )
    further = _list_further(pairs, form, of_keys=of_keys)
    changed = FORMS[form](further) if form in SEEN else further
    undo = undo_keys if of_keys else undo_cells
    return Suspicion(
        form,
        place_keys(pairs, further) if of_keys else place_cells(pairs, further),
        evidence,
        symptoms=frozenset((table.name, column) for column in failing.columns),
        repaired=pairs.cells,
        failing=failing.count,
        inverse=undo(pairs, further=further, changed=changed),
    )


def _list_further(pairs: Pairs, form: str, *, of_keys: bool) -> pa.Array:
    """Return the ids that show this form and mean no other id, on the damaged side.

    These are records that nothing refers to, and references to unknown records.
    """
    failing = pairs.failing
    if form not in SEEN:
        return NONE
    ids = failing.keys if of_keys else failing.distinct
    paired = frame.is_among(ids, pairs.meant if of_keys else pairs.written)
    changed = FORMS[form](ids)
    encoded = changed.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    alone = count_numbers(codes, minlength=len(encoded.dictionary))[codes] == 1
    differs = pc.not_equal(changed, ids).to_numpy(zero_copy_only=False)
    taken = frame.is_among(changed, failing.keys)
    return ids.filter(pa.array(differs & alone & ~taken & ~paired))


def _is_key_side(form: str, pairs: Pairs, change: Change) -> bool:
    """Return whether the keys are the damaged side: no reference matches them as they are."""
    keys = _count_damaged(form, pairs.meant, change)
    written = _count_damaged(form, pairs.written, change)
    are_damaged = keys >= NEARLY_ALL * pairs.count and written < (1 - NEARLY_ALL) * pairs.count
    return are_damaged and not pairs.failing.are_met(pairs.meant)


def _count_damaged(form: str, values: pa.Array, change: Change) -> int:
    """Return how many of the ids look damaged."""
    if form in LOST:
        damaged = pc.match_substring_regex(values, pattern=LOST[form])
    else:
        damaged = pc.not_equal(change(values), values)
    return int(pc.sum(damaged).as_py() or 0)
