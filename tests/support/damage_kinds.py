"""One kind of damage of an export, and the formats in which it occurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.support import damage_ids as ids
from tests.support.districts import Written, copy
from tests.support.other_formats import District

WITH_BIRTHS = ("clever", "oneroster", "oneroster-1.2", "sds", "sds-2.1", "raw")
"""Formats with birth dates, grades, and other numbers and schools of people; Canvas has none."""

EVERY = (*WITH_BIRTHS, "canvas")

Spoil = Callable[[Random, District], District]


@dataclass(frozen=True)
class Damage:
    """One kind of damage.

    `prepare` gives an undamaged district what the damage needs, such as ids with letters; `spoil`
    damages its rows, and `rewrite` the written files. `inverse` is True where a diagnosis can undo
    it, `same_lines` where the damage leaves every record on its line.
    """

    id: str
    spoil: Spoil = ids.keep
    prepare: Spoil = ids.keep
    rewrite: Callable[[Random, Written], Written] | None = None
    formats: tuple[str, ...] = EVERY
    inverse: bool = True
    same_lines: bool = True
    least: int = 60


def in_half(spoil: Spoil) -> Spoil:
    """Return the damage in a random half of the rows, as where two systems fill a file."""

    def spoil_half(rng: Random, district: District) -> District:
        damaged = spoil(rng, copy(district))
        half: District = {}
        for table, all_rows in district.items():
            pairs = zip(all_rows, damaged[table], strict=True)
            half[table] = [after if rng.random() < 0.5 else before for before, after in pairs]
        return half

    return spoil_half


CLEVER_LIKE = ("clever", "raw")
ONEROSTER = ("oneroster", "oneroster-1.2")
WITH_COURSES = (*ONEROSTER, "sds-2.1")
"""Formats with one file of users, and files of courses, sessions and demographics."""

LINKED = (*WITH_COURSES, "sds")
"""Formats in which teachers are linked to sections by rows of a file."""
