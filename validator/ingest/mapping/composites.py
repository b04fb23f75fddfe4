"""Ids that several columns of an unknown file are together: a course and a section number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from validator.ingest.mapping.profile import ColumnProfile, FileProfile, measure_overlap
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

MOST = 0.8
"""Share of ids of enrollments that must be among those of sections. Our own measure."""


def use_composite(file: FileProfile, matches: dict[str, Match]) -> dict[str, Match]:
    """Return the suggested columns, with a composite id of sections where no column is one."""
    taken = matches.get("Section_id")
    for composite in _prefer_unique(file.composites):
        section = composite.parts[-1]
        if taken is not None and taken.taken is not section:
            return matches
        if len(composite) <= len(section):
            continue
        why = f"{section.heading} repeats in other courses; no other column is an id of sections"
        matches["Section_id"] = Match("Section_id", composite, Sure.LIKELY, why)
        break
    return matches


def _prefer_unique(composites: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Return the composite ids of an unknown file, those first in which no value repeats."""
    return sorted(composites, key=lambda composite: not composite.is_nearly_unique)


def reconcile_composites(tables: Mapping[str, TableMatch]) -> dict[str, TableMatch]:
    """Return the suggested tables with the composite ids on which sections and enrollments agree.

    Where the ids of both agree already, they stay.
    """
    out = dict(tables)
    if not {"sections", "enrollments"} <= out.keys():
        return out
    key, reference = (out[name].matches.get("Section_id") for name in ("sections", "enrollments"))
    if key and reference and measure_overlap(reference.taken, key.taken) >= MOST:
        return out
    pairs = [
        (measure_overlap(other, own), own, other)
        for own in _prefer_unique(out["sections"].file.composites)
        for other in out["enrollments"].file.composites
        if len(own.parts) == len(other.parts)
    ]
    share, own, other = max(pairs, key=lambda pair: pair[0], default=(0.0, None, None))
    if own is None or other is None or share < MOST:
        return out
    for name, taken in (("sections", own), ("enrollments", other)):
        why = f"{int(100 * share)}% of the ids in {out['enrollments'].file.name} are the same"
        match = Match("Section_id", taken, Sure.LIKELY, why)
        out[name] = replace(out[name], matches={**out[name].matches, "Section_id": match})
    return out
