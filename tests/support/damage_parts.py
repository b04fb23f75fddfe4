"""Damages of half of the rows or records, as where two systems fill a file."""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.support import damage_columns as columns
from tests.support import damage_ids as ids
from tests.support import damage_rows as rows
from tests.support.damage_kinds import ONEROSTER, WITH_BIRTHS, Damage, in_half
from tests.support.other_formats import District


def number_some_within_schools(rng: Random, district: District) -> District:
    """Number half of the sections of each school from 1, in every file."""
    before = sorted({row["Section_id"] for row in district["sections"]})
    chosen = set(rng.sample(before, len(before) // 2))
    numbers: dict[str, str] = {}
    times: Counter[str] = Counter()
    for row in district["sections"]:
        if row["Section_id"] in chosen:
            times[row["School_id"]] += 1
            numbers[row["Section_id"]] = str(times[row["School_id"]])
    for table in ("sections", "enrollments"):
        for row in district[table]:
            row["Section_id"] = numbers.get(row["Section_id"], row["Section_id"])
    return district


BIRTHS = (
    ("another-date-as-birth-date", columns.first_day),
    ("dates-from-ages", columns.of_age),
    ("one-date-for-all", columns.of_everybody),
)

PARTS: tuple[Damage, ...] = (
    *(
        Damage(
            id,
            in_half(columns.change_births(change)),
            ids.prepare_once,
            inverse=False,
            formats=WITH_BIRTHS,
        )
        for id, change in BIRTHS
    ),
    Damage(
        "grades-not-rolled-over",
        in_half(columns.keep_grades),
        ids.prepare_once,
        formats=WITH_BIRTHS,
    ),
    Damage("ids-unique-within-school", number_some_within_schools, inverse=False),
    Damage(
        "last-years-rows",
        in_half(rows.take_last_year),
        rows.date_enrollments,
        inverse=False,
        formats=(*ONEROSTER, "raw", "canvas"),
    ),
)
