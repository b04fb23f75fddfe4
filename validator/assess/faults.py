"""The rules that may be why records of an export are lost on their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from validator.assess.inputs import expect_format, find_default_profile, load_profiles
from validator.assess.options import Options
from validator.compare.reconcile import excerpt
from validator.compare.reconcile.causes import BROKEN_ROW, CAUSES
from validator.compare.reconcile.lists import Listing, mark_records
from validator.engine import run
from validator.engine.context import CheckContext
from validator.model import Export, Profile, Rule, Status, dataclass
from validator.rulebook import load

Masks = dict[str, dict[str, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Faults:
    """by_kind: kind -> rule -> bool per record. rules: those that found anything.

    judged: kind -> bool per record, for kinds of which only some were judged.
    """

    by_kind: Masks
    rules: Mapping[str, Rule]
    judged: Mapping[str, np.ndarray]


def check_profiles(options: Options) -> None:
    """Load the profiles of an assessment, to refuse bad ones early. Raises BadUsage."""
    load_profiles(options.profiles, expect_format(options))


def find_faults(
    export: Export,
    options: Options,
    listings: Mapping[str, Listing],
    *,
    lost: Mapping[str, np.ndarray],
) -> Faults:
    """Assess the lists of `reconcile`: which records have a fault that may be why they are lost.

    lost: kind -> bool per record of its listing.
    """
    names = options.profiles or (find_default_profile(export.format),)
    wanted = {rule for kind, mask in lost.items() if mask.any() for rule in CAUSES[kind]}
    wanted.add(BROKEN_ROW)
    profiles = [_choose(profile, wanted) for profile in load_profiles(names, export.format)]
    grades, electives = load.load_vocabulary()
    grades = replace(grades, source=export.format)
    judged: dict[str, np.ndarray] = {}
    chosen = excerpt.choose_rows(export.tables, _mark_rows(listings, lost))
    if chosen is not None:
        export = replace(export, tables={**export.tables, **chosen.tables})
        judged["students"] = chosen.students[listings["students"].rows]
    context = CheckContext(options.as_of, grades, electives, phase=options.phase)
    outcomes = run.judge(export, profiles, context)
    problems = [it for it in outcomes if it.status is Status.FOUND and it.finding is not None]
    by_kind: Masks = {kind: {} for kind in listings}
    for outcome in problems:
        for kind, listing in listings.items():
            assert outcome.finding is not None
            places = outcome.finding.places
            if chosen is not None:
                places = chosen.place_in_whole(places)
            mask = mark_records(places, listing)
            if mask.any():
                by_kind[kind][outcome.rule.id] = mask
    rules = {it.rule.id: it.rule for it in problems}
    return Faults(by_kind, rules, judged)


def _mark_rows(
    listings: Mapping[str, Listing], lost: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Mark lost records' first rows per table, so that the library call assesses their faults."""
    masks = {}
    for kind, listing in listings.items():
        masks[kind] = np.zeros(len(listing.table), bool)
        if kind in lost:
            masks[kind][listing.rows[lost[kind]]] = True
    return masks


def _choose(profile: Profile, wanted: set[str]) -> Profile:
    """Return a profile with only the rules that an assessment of lost records runs."""
    rules = {name: rule for name, rule in profile.rules.items() if name in wanted}
    return replace(profile, rules=rules, waivers=())
