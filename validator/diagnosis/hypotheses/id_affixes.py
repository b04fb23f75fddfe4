"""Ids that have the same text in front or behind in one file only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.forms import FORMS
from validator.diagnosis.hypotheses.id_forms import describe
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import (
    LEAST_VALUES,
    Failing,
    is_enough,
    list_failing,
    match_keys,
)
from validator.diagnosis.scene import Scene
from validator.model import dataclass

ID = "ids-with-prefix"

MANY = 60
"""Ids in which an added text is looked for first, before all of them are searched."""

LONG = 4
"""Letters and digits that two ids do not have in common at their ends by chance."""

LEAST_FEW = 2
"""Ids with the same text added that are enough where there are no more, as of two schools."""


def suspect_affixes(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a constant text in front of or behind the ids of one file."""
    for failing in list_failing(scene):
        if len(failing.distinct) < _count_least(failing):
            continue
        plain = list(_suspect(failing, failing.distinct, failing.keys))
        yield from plain or _suspect_with_form(failing)


def _count_least(failing: Failing) -> int:
    """Return how many ids must have one text added: a long id is not a part of another one by
    chance."""
    if not failing.is_of_few:
        return LEAST_VALUES
    shortest = pc.min(pc.utf8_length(failing.keys)).as_py() or 0
    return 1 if shortest >= LONG else LEAST_FEW


def _suspect(failing: Failing, written: pa.Array, keys: pa.Array) -> Iterator[Suspicion]:
    """Yield the suspicion that the failing ids or the keys, as given, have a text added."""
    for affix in list_affixes(written, keys):
        pairs = match_keys(failing, affix.strip(written), keys)
        if is_enough(pairs):
            yield describe(pairs, ID, None, affix=affix.text)
            break
    for affix in list_affixes(keys, written):
        pairs = match_keys(failing, written, affix.strip(keys))
        if is_enough(pairs):
            of_keys = not failing.are_met(pairs.meant)
            yield describe(pairs, ID, None, affix=affix.text, of_keys=of_keys)
            break


def _suspect_with_form(failing: Failing) -> Iterator[Suspicion]:
    """Yield the suspicion that a text was added to ids whose form was changed as well."""
    for form, change in FORMS.items():
        if form == "ids-cut-to-fifteen-digits":
            continue
        written, keys = change(failing.distinct), change(failing.keys)
        if written.equals(failing.distinct) and keys.equals(failing.keys):
            continue
        suspicions = [
            replace(each, companions=(form,)) for each in _suspect(failing, written, keys)
        ]
        if suspicions:
            yield from suspicions
            return


@dataclass(frozen=True)
class Affix:
    """A text that is added to ids, in front or behind."""

    text: str
    behind: bool

    def strip(self, values: pa.Array) -> pa.Array:
        """Return the ids that have the text without it; others as they are."""
        if self.behind:
            has, stop = pc.ends_with(values, pattern=self.text), -len(self.text)
            return pc.if_else(has, pc.utf8_slice_codeunits(values, 0, stop=stop), values)
        has = pc.starts_with(values, pattern=self.text)
        return pc.if_else(has, pc.utf8_slice_codeunits(values, len(self.text)), values)


LONGEST_AFFIX = 24


def list_affixes(values: pa.Array, known: pa.Array) -> list[Affix]:
    """Return the texts that some failing ids have more than a known one, most frequent first."""
    affixes: list[tuple[str, bool]] = []
    rests: list[str] = []
    for value in values.take(pa.array(frame.sample_positions(len(values), MANY))).to_pylist():
        for length in range(1, min(len(value), LONGEST_AFFIX)):
            affixes += [(value[:length], False), (value[-length:], True)]
            rests += [value[length:], value[:-length]]
    hit = frame.is_among(pa.array(rests, pa.string()), known)
    times = Counter(Affix(*affixes[at]) for at in np.flatnonzero(hit).tolist())
    return sorted(times, key=lambda affix: (-times[affix], affix.behind, affix.text))[:3]
