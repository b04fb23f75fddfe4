"""Diagnoses in numbers: the records, the people held back, the level, and what is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.diagnosis.hypothesis import Suspicion, count_rows
from validator.model import Diagnosis, DiagnosisText, Export, Level, Outcome, Places

PEOPLE = ("students", "teachers", "staff")


def describe(
    chosen: Suspicion,
    texts: Mapping[str, DiagnosisText],
    export: Export,
    *,
    before: Mapping[str, Outcome],
    after: Mapping[str, Outcome],
) -> Diagnosis:
    """Build the diagnosis of a suspicion, with the places it explains and the people held back."""
    text = texts[chosen.id]
    if chosen.level is not None:
        text = replace(text, level=chosen.level, levels={})
    explained = {
        rule: after[rule].explained - before[rule].explained
        for rule in after
        if after[rule].explained > before[rule].explained
    }
    blocks = [pair for rule in explained for pair in _pair_explained(after[rule], chosen.id)]
    held_back = _count_held(export, blocks)
    unread = any(block.rows is None and _is_blocking(outcome, block) for outcome, block in blocks)
    holds = unread or any(held_back.values())
    whole = [before[rule] for rule in explained if before[rule].of_most]
    levels = _choose_levels(text, [*whole, *(after[rule] for rule in explained if holds)])
    place = chosen.places[0] if chosen.places else None
    return Diagnosis(
        text,
        place.table if place else "",
        place.file if place else "",
        place.column if place else None,
        chosen.places,
        records=count_rows(chosen.places),
        people=sum(held_back[name] for name in PEOPLE if name in held_back),
        evidence=chosen.evidence,
        sure=chosen.sure,
        level=min([text.level, *levels.values()], key=lambda level: level.rank),
        levels=levels,
        explains=tuple(sorted(explained.items(), key=lambda pair: (-pair[1], pair[0]))),
        school=chosen.school,
    )


def _pair_explained(outcome: Outcome, cause: str) -> list[tuple[Outcome, Places]]:
    """List what a diagnosis explains, to describe it: places with their outcomes."""
    places = outcome.finding.places if outcome.finding else ()
    return [(outcome, block) for block in places if block.explained_by == cause]


def _choose_levels(text: DiagnosisText, outcomes: Sequence[Outcome]) -> dict[str, Level]:
    """Describe a diagnosis: its level for each profile, the worst of that and of what it explains.

    They are those that hold people back, and those of too many records for the data to be right.
    """
    profiles = {profile for outcome in outcomes for profile in outcome.levels} | text.levels.keys()
    out = {}
    for profile in sorted(profiles):
        own = [text.levels.get(profile, text.level)]
        own += [outcome.levels[profile] for outcome in outcomes if profile in outcome.levels]
        out[profile] = min(own, key=lambda level: level.rank)
    return out


def _count_held(export: Export, blocks: Sequence[tuple[Outcome, Places]]) -> dict[str, int]:
    """Count whom a suspicion holds back, to describe its diagnosis: people and sections, each
    once."""
    named: dict[str, np.ndarray] = {}
    for outcome, block in blocks:
        if not _is_blocking(outcome, block):
            continue
        everybody = outcome.finding.everybody if outcome.finding is not None else frozenset()
        for name in {*everybody, block.table} & {*PEOPLE, "sections"} & export.tables.keys():
            people = frame.group_people(export.tables[name])
            mask = named.setdefault(name, np.zeros(people.count, bool))
            if name in everybody:
                mask[:] = True
            elif block.rows is not None:
                mask |= people.mark(block.rows)
    return {name: int(mask.sum()) for name, mask in named.items()}


def _is_blocking(outcome: Outcome, block: Places) -> bool:
    """Return whether a suspicion explains these places as blockers, to describe its diagnosis."""
    return (block.level or outcome.level) is Level.BLOCKER
