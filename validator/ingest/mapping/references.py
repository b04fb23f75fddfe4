"""Ids checked against the references of other files."""

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
"""Referring table, column, table referred to; the column has the same name in both."""
NUMBERS = {"Student_id": "Student_number", "Teacher_id": "Teacher_number"}
FEW, MOST = 0.5, 0.8
"""Shares of references below which an id is doubted, and from which another column replaces it.
Our own measures."""


def reconcile(tables: Mapping[str, TableMatch]) -> dict[str, TableMatch]:
    """Return the suggested tables, with the ids that other files refer to."""
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
                out[target] = _keep_number(out[target], key)
                share = measure_overlap(reference.taken, other)
        reference = _add_share(reference, share, out[target].file.name)
        sure = reference.sure if share >= FEW else Sure.GUESS
        if sure is Sure.GUESS and share >= MOST:
            sure = Sure.LIKELY
        out[source] = _replace_match(out[source], replace(reference, sure=sure))
    return out


def _add_share(reference: Match, share: float, file: str) -> Match:
    """Add to the evidence for a suggested reference how many of its values are in a file, once."""
    if reference.compared == file:
        return reference
    why = f"{reference.why}; {int(100 * share)}% of its values are in {file}"
    return replace(reference, why=why, compared=file)


def _find_referenced(
    reference: ColumnProfile, target: TableMatch, key: ColumnProfile
) -> ColumnProfile | None:
    """Return the column that an undescribed reference means, for the suggested map."""
    columns = [column for column in target.file.columns if column.unique and column is not key]
    best = max(
        columns,
        key=lambda column: (measure_overlap(reference, column), -column.position),
        default=None,
    )
    is_match = best is not None and measure_overlap(reference, best) >= MOST
    return best if is_match else None


def _keep_number(table: TableMatch, former: Match) -> TableMatch:
    """Return a suggested table with a person's former id as the number, if it has none."""
    number = NUMBERS.get(former.column, "")
    if not number or number in table.matches:
        return table
    return _replace_match(
        table, Match(number, former.taken, Sure.LIKELY, "its values are unique too")
    )


def _replace_match(table: TableMatch, match: Match) -> TableMatch:
    """Return the suggested table with another match for one of its columns."""
    return replace(table, matches={**table.matches, match.column: match})
