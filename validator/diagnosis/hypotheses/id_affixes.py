"""Ids that have the same text in front or behind in one file only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from validator.diagnosis.hypotheses.id_forms import SAMPLE, describe
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import LEAST_VALUES, is_enough, list_failing, match_keys
from validator.diagnosis.scene import Scene


def suspect_affixes(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a constant text in front of or behind the ids of one file."""
    for failing in list_failing(scene):
        if len(failing.distinct) < LEAST_VALUES:
            continue
        known, written = set(failing.keys.to_pylist()), set(failing.values)
        for affix in list_affixes(failing.values, known):
            pairs = match_keys(failing, affix.strip(failing.distinct), failing.keys)
            if is_enough(pairs):
                yield describe(pairs, "ids-with-prefix", None, affix=affix.text)
                break
        for affix in list_affixes(failing.keys.to_pylist(), written):
            pairs = match_keys(failing, failing.distinct, affix.strip(failing.keys))
            if is_enough(pairs):
                of_keys = not failing.are_met(pairs.meant)
                yield describe(pairs, "ids-with-prefix", None, affix=affix.text, of_keys=of_keys)
                break


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


def list_affixes(values: list[str], known: set[str]) -> list[Affix]:
    """Return the texts that some failing ids have more than a known one, most frequent first."""
    times: dict[Affix, int] = {}
    for value in values[:SAMPLE]:
        for length in range(1, min(len(value), LONGEST_AFFIX)):
            affixes = []
            if value[length:] in known:
                affixes.append(Affix(value[:length], behind=False))
            if value[:-length] in known:
                affixes.append(Affix(value[-length:], behind=True))
            for affix in affixes:
                times[affix] = times.get(affix, 0) + 1
    return sorted(times, key=lambda affix: (-times[affix], affix.behind, affix.text))[:3]
