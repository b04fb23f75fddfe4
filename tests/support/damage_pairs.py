"""Pairs of damages that an export can have at once."""

from __future__ import annotations

from tests.support.damage_kinds import Damage
from tests.support.damages import DAMAGES


def list_pairs(*pairs: tuple[str, str]) -> list[tuple[Damage, Damage]]:
    """Return the damages with these ids, the first of each id."""
    by_id = {damage.id: damage for damage in reversed(DAMAGES)}
    return [(by_id[first], by_id[second]) for first, second in pairs]


PAIRS = list_pairs(
    ("ids-with-prefix", "columns-swapped"),
    ("ids-without-zeros", "decoded-twice"),
    ("ids-with-braces", "addresses-with-prefix"),
    ("ids-other-case", "dates-of-1904"),
    ("ids-with-apostrophe", "names-in-one-column"),
    ("ids-from-another-column", "letters-lost"),
    ("teachers-among-students", "ids-in-powers-of-ten"),
    ("several-ids-in-a-cell", "escaped-for-sql"),
    ("zero-for-none", "grades-not-rolled-over"),
    ("record-left-out", "dates-from-ages"),
    ("escaped-for-html", "one-date-for-all"),
    ("quoted-twice", "ids-with-lookalikes"),
    ("code-page-wrong", "addresses-of-an-inside-network"),
    ("markers-for-blank", "identity-numbers-sent"),
    ("withdrawn-left-in", "dates-moved-by-time-zone"),
    ("dead-records", "decoded-twice"),
    ("field-codes-left-in", "ids-with-separators"),
    ("ids-with-hidden-characters", "another-date-as-birth-date"),
)
"""Damages that can occur together and be told apart."""
