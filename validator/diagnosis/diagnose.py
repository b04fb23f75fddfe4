"""Choose the hypotheses that the evidence proves, and fold what they explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from validator import frame
from validator.diagnosis import fold
from validator.diagnosis.hypothesis import Suspicion, count_rows
from validator.diagnosis.registry import HYPOTHESES
from validator.diagnosis.scene import Scene
from validator.model import (
    Diagnosis,
    DiagnosisText,
    Export,
    Level,
    Outcome,
    Places,
)

MOST_ROUNDS = 8
"""Damages undone one after the other; a file with more is a case for a person."""

Judge = Callable[[Export], Sequence[Outcome]]

Watch = Callable[[Suspicion, Scene, Scene], None]
"""Called with each damage that is undone, the scene with it and the scene without it."""

IDENTITY = (
    "id-repeated",
    "student-id-repeated",
    "staff-id-repeated",
    "teacher-unknown",
    "student-unknown",
    "section-unknown",
    "school-unknown",
    "enrollment-repeated",
)
"""Rules of which an inverse must not cause a finding: it would break what was well."""

HIDDEN = 0.02
"""Findings of these rules that may appear, of those that vanish: faults that the damage hid, such
as a student who is listed twice in a section whose students were one cell."""

PEOPLE = ("students", "teachers", "staff")


@dataclass(frozen=True, eq=False)
class Diagnosed:
    """The diagnoses, and the outcomes with what they explain folded under them."""

    diagnoses: Sequence[Diagnosis]
    outcomes: Sequence[Outcome]


def diagnose(
    scene: Scene,
    texts: Mapping[str, DiagnosisText],
    judge: Judge,
    *,
    watch: Watch | None = None,
) -> Diagnosed:
    """Return what happened to the export, and the outcomes with what that explains.

    `judge` judges a changed export with the same rules. Each sure diagnosis is undone before the
    next search, so that two damages of one column are kept apart.
    """
    export = scene.export
    outcomes = scene.outcomes
    diagnoses: list[Diagnosis] = []
    rejected: set[tuple[object, ...]] = set()
    doubted: set[tuple[str, str]] = set()  # cells that a rejected inverse would repair
    for _ in range(MOST_ROUNDS):
        suspicions = [
            suspicion for suspicion in list_suspicions(scene) if suspicion.key not in rejected
        ]
        chosen = choose(suspicions)
        if chosen is None:
            break
        rejected.add(chosen.key)
        if not chosen.sure or (doubted & chosen.symptoms and not chosen.repaired):
            chosen = replace(chosen, sure=False)
            diagnoses.append(_describe(chosen, texts, export, before={}, after={}))
            continue
        undone = _undo(chosen, scene, judge)
        if undone is None:
            doubted |= chosen.symptoms if chosen.repaired else set()
            continue
        if watch is not None and chosen.inverse is not None:
            watch(chosen, scene, undone)
        folded = _fold(chosen, outcomes, scene, undone=undone, export=export)
        diagnoses += _list_diagnoses(chosen, texts, export, before=outcomes, after=folded)
        outcomes, scene = folded, undone
    return Diagnosed(_order(diagnoses), list(outcomes.values()))


def list_suspicions(scene: Scene) -> list[Suspicion]:
    """Return what every hypothesis suspects, simplest readings first."""
    suspicions = []
    for hypothesis in sorted(HYPOTHESES.values(), key=lambda each: each.order):
        suspicions += list(hypothesis.suspect(scene))
    return suspicions


def choose(suspicions: Sequence[Suspicion]) -> Suspicion | None:
    """Return the suspicion that repairs most; not sure where a rival repairs as much.

    Damages that the values prove come first: they hide others, and are undone in the files' own
    tables.
    Of equals, the simpler reading comes first (`Hypothesis.order`); it is unsure only where a
    rival of the same order means another change of the same cells.
    """
    if not suspicions:
        return None
    best = max(suspicions, key=lambda each: (each.proven, each.repaired))
    order = HYPOTHESES[best.id].order
    rivals = [
        other
        for other in suspicions
        if other is not best
        and other.id != best.id
        and other.symptoms & best.symptoms
        and other.repaired == best.repaired
        and HYPOTHESES[other.id].order == order
    ]
    return replace(best, sure=False) if rivals and best.inverse else best


def _undo(chosen: Suspicion, scene: Scene, judge: Judge) -> Scene | None:
    """Return the scene without the damage, None where undoing it breaks what was well."""
    if chosen.inverse is None:
        return scene
    export = chosen.inverse(scene.export)
    outcomes = fold.by_rule(judge(export))
    vanished = sum(
        fold.count_vanished(outcome, outcomes.get(rule)) for rule, outcome in scene.outcomes.items()
    )
    broken = sum(
        fold.count_appeared(scene.outcomes.get(rule), outcomes[rule])
        for rule in IDENTITY
        if rule in outcomes
    )
    if chosen.proven:
        return replace(scene, export=export, outcomes=outcomes, cache={})
    if broken > HIDDEN * vanished or not (vanished or chosen.distributed):
        return None
    return replace(scene, export=export, outcomes=outcomes, cache={})


def _fold(
    chosen: Suspicion,
    outcomes: Mapping[str, Outcome],
    before: Scene,
    *,
    undone: Scene,
    export: Export,
) -> dict[str, Outcome]:
    """Return the outcomes with what the chosen suspicion explains marked."""
    folded = dict(outcomes)
    for rule, outcome in outcomes.items():
        after = undone.outcomes.get(rule)
        if chosen.inverse is not None and before.outcomes.get(rule) is not after:
            folded[rule] = fold.fold(
                outcome, after, chosen.id, export=export, reveals=rule in chosen.reveals
            )
        if rule in chosen.covers:
            folded[rule] = fold.cover(folded[rule], chosen.covers[rule], chosen.id)
    return folded


def _list_diagnoses(
    chosen: Suspicion,
    texts: Mapping[str, DiagnosisText],
    export: Export,
    *,
    before: Mapping[str, Outcome],
    after: Mapping[str, Outcome],
) -> list[Diagnosis]:
    first = _describe(chosen, texts, export, before=before, after=after)
    others = [
        replace(first, text=texts[other], explains=(), people=0) for other in chosen.companions
    ]
    return [first, *others]


def _describe(
    chosen: Suspicion,
    texts: Mapping[str, DiagnosisText],
    export: Export,
    *,
    before: Mapping[str, Outcome],
    after: Mapping[str, Outcome],
) -> Diagnosis:
    """Return the diagnosis, with what it explains and whom that holds back."""
    text = texts[chosen.id]
    if chosen.level is not None:
        text = replace(text, level=chosen.level, levels={})
    explained = {
        rule: after[rule].explained - before[rule].explained
        for rule in after
        if after[rule].explained > before[rule].explained
    }
    blocks = [pair for rule in explained for pair in _pair_explained(after[rule], chosen.id)]
    held_back = count_held(export, blocks)
    unread = any(block.rows is None and _is_blocking(outcome, block) for outcome, block in blocks)
    holds = unread or any(held_back.values())
    whole = [before[rule] for rule in explained if before[rule].of_most]
    levels = _levels(text, [*whole, *(after[rule] for rule in explained if holds)])
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
    """Return the places that this diagnosis explains, each with its outcome."""
    places = outcome.finding.places if outcome.finding else ()
    return [(outcome, block) for block in places if block.explained_by == cause]


def _levels(text: DiagnosisText, outcomes: Sequence[Outcome]) -> dict[str, Level]:
    """Return the level for each profile: the worst of the diagnosis's level and of these findings'.

    They are those that hold people back, and those of so many records that it cannot be right.
    """
    profiles = {profile for outcome in outcomes for profile in outcome.levels} | text.levels.keys()
    out = {}
    for profile in sorted(profiles):
        own = [text.levels.get(profile, text.level)]
        own += [outcome.levels[profile] for outcome in outcomes if profile in outcome.levels]
        out[profile] = min(own, key=lambda level: level.rank)
    return out


def count_held(export: Export, blocks: Sequence[tuple[Outcome, Places]]) -> dict[str, int]:
    """Return how many people and sections the explained places of blocker rules name, each once."""
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
                mask[people.number[block.rows]] = True
    return {name: int(mask.sum()) for name, mask in named.items()}


def _is_blocking(outcome: Outcome, block: Places) -> bool:
    """Return whether these places of an outcome are of the level blocker."""
    return (block.level or outcome.level) is Level.BLOCKER


def _order(diagnoses: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Return them with identity numbers first, then by people held back, then by records."""
    return sorted(
        diagnoses,
        key=lambda each: (
            each.id != "identity-numbers-sent",
            not each.sure,
            -each.people,
            -sum(count for _, count in each.explains),
            -each.records,
            each.id,
        ),
    )
