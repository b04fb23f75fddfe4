"""Schools of people in two exports: who moved, who left one of several, who is at one more."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from validator.compare.diff import Changes
from validator.compare.explain import mark_changed
from validator.compare.value_sets import SetChanges, compare_sets


def compare_schools(between: Changes, name: str) -> SetChanges:
    """Return what became of the schools of the people in both exports, but for reused ids."""
    schools: SetChanges = between.remember(("schools", name), lambda: _compare(between, name))
    return schools


def _compare(between: Changes, name: str) -> SetChanges:
    """Compare the schools of the people whose schools differ between two exports."""
    changed = mark_changed(between, name, "School_id")
    rows = np.flatnonzero(changed)
    masks = [np.zeros(len(changed), bool) for _ in fields(SetChanges)]
    kind = between.kind(name)
    if kind is None or not len(rows):
        return SetChanges(*masks)
    sets = compare_sets(kind.old, kind.new, "School_id", was=kind.was[rows], now=kind.now[rows])
    for mask, field in zip(masks, fields(SetChanges), strict=True):
        mask[rows] = getattr(sets, field.name)
    return SetChanges(*masks)


def mark_moved(between: Changes, name: str) -> np.ndarray:
    """Mark the people in both exports who left a school and are at another one now."""
    schools = compare_schools(between, name)
    return np.asarray(schools.lost & schools.gained)
