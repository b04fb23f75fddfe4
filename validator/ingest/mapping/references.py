"""References between the files: whether the ids that were taken are those that the other files mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from validator.ingest.mapping.profile import ColumnProfile, measure_overlap
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

REFERENCES = (
    ("enrollments", "Student_id", "students"),
    ("enrollments", "Section_id", "sections"),
    ("sections", "Teacher_id", "teachers"),
    ("students", "School_id", "schools"),
    ("sections", "School_id", "schools"),
)
"""Who refers by which column to whom; the column is called alike there."""
FEW, MOST = 0.5, 0.8
"""Below the first share an id is doubted, from the second on another column is taken for it. Our own measure."""


def reconcile(tables: Mapping[str, TableMatch]) -> dict[str, TableMatch]:
    """The tables, each id being a column that the other files refer to, if there is one."""
    out = dict(tables)
    for source, column, target in REFERENCES:
        if source not in out or target not in out:
            continue
        reference, key = out[source].matches.get(column), out[target].matches.get(column)
        if reference is None or key is None or out[source].file is out[target].file:
            continue
        share = measure_overlap(reference.taken, key.taken)
        if share < FEW:
            other = _find_referenced(reference.taken, out[target], key.taken)
            if other is not None:
                why = f"{out[source].file.name} refers to it, and not to {key.taken.heading}"
                out[target] = _replace_match(out[target], Match(column, other, Sure.LIKELY, why))
                share = measure_overlap(reference.taken, other)
        told = f"{reference.why}; {int(100 * share)}% of its values are in {out[target].file.name}"
        sure = reference.sure if share >= FEW else Sure.GUESS
        out[source] = _replace_match(out[source], replace(reference, why=told, sure=sure))
    return out


def _find_referenced(
    reference: ColumnProfile, target: TableMatch, key: ColumnProfile
) -> ColumnProfile | None:
    """The other column of the target's file whose values the reference has."""
    found = [
        (measure_overlap(reference, column), -column.position, column)
        for column in target.file.columns
        if column.unique and column is not key
    ]
    share, _, column = max(found, key=lambda one: one[:2], default=(0.0, 0, None))
    return column if share >= MOST else None


def _replace_match(told: TableMatch, match: Match) -> TableMatch:
    return replace(told, matches={**told.matches, match.column: match})
