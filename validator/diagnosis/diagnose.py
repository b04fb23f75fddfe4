"""Choose the hypotheses that the evidence proves, and fold what they explain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from validator import frame
from validator.diagnosis import fold
from validator.diagnosis.description import describe
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.registry import HYPOTHESES
from validator.diagnosis.scene import Scene
from validator.model import (
    Diagnosis,
    DiagnosisText,
    Export,
    Outcome,
    dataclass,
)

MOST_ROUNDS = 8
"""Most kinds of damage that are undone one after another; a file with more needs a person."""

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
"""Rules of which an inverse must not cause a finding: it would break what was right."""

OF_WHOLE_FILES = -9
"""The order of a hypothesis about every cell of a file: no other reads what is in the cells."""

HIDDEN = 0.02
"""Findings of these rules that may appear, of those that vanish: faults that the damage hid, such
as a student who is listed twice in a section whose students were one cell."""


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
    """Diagnose what happened to the export; return the outcomes with what that explains.

    `judge` judges a changed export with the same rules. Each sure diagnosis is undone before the
    next search, so that two kinds of damage in one column are kept apart.
    """
    export = scene.export
    outcomes = scene.outcomes
    diagnoses: list[Diagnosis] = []
    rejected: set[tuple[object, ...]] = set()
    doubted: set[tuple[str, str]] = set()  # cells that a rejected inverse would repair
    for _ in range(MOST_ROUNDS):
        chosen = choose(list_suspicions(scene, rejected))
        if chosen is None:
            break
        rejected.add(chosen.key)
        if not chosen.sure or (doubted & chosen.symptoms and not chosen.repaired):
            chosen = replace(chosen, sure=False)
            chosen = _place_on_disk(chosen, scene, export)
            diagnoses.append(describe(chosen, texts, export, before={}, after={}))
            continue
        undone = _undo(chosen, scene, judge)
        if undone is None:
            doubted |= chosen.symptoms if chosen.repaired else set()
            continue
        if watch is not None and chosen.inverse is not None:
            watch(chosen, scene, undone)
        folded = _fold(chosen, outcomes, scene, undone=undone, export=export)
        chosen = _place_on_disk(chosen, scene, export)
        diagnoses += _list_diagnoses(chosen, texts, export, before=outcomes, after=folded)
        outcomes, scene = folded, undone
    return Diagnosed(_order(diagnoses), list(outcomes.values()))


def list_suspicions(scene: Scene, rejected: Collection[tuple[object, ...]] = ()) -> list[Suspicion]:
    """Return what every hypothesis suspects, simplest readings first, but what was rejected.

    Where the values prove a damage, later hypotheses wait until it is undone; all others do where
    it is one of whole files.
    """
    suspicions: list[Suspicion] = []
    parts = frame.list_parts(scene.export)
    for hypothesis in sorted(HYPOTHESES.values(), key=lambda each: each.order):
        proven = [HYPOTHESES[each.id].order for each in suspicions if each.proven]
        if proven and (hypothesis.order > 0 or OF_WHOLE_FILES in proven):
            break
        for suspicion in hypothesis.suspect(scene):
            whole = _split(suspicion, parts) if parts else suspicion
            suspicions += [whole] if whole.key not in rejected else []
    return suspicions


def _split(suspicion: Suspicion, parts: frame.Parts) -> Suspicion:
    """Return the suspicion with the file and line that each of its places is in."""
    covers = {rule: frame.split_places(blocks, parts) for rule, blocks in suspicion.covers.items()}
    places = frame.split_places(suspicion.places, parts)
    return replace(suspicion, places=places, covers=covers)


def _place_on_disk(chosen: Suspicion, scene: Scene, export: Export) -> Suspicion:
    """Return the suspicion with its places in the export as it was before any damage was undone."""
    if scene.export is export:
        return chosen
    return replace(chosen, places=[fold.place_on_disk(block, export) for block in chosen.places])


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
    doubtful = best.is_doubtful is not None and best.is_doubtful()
    return replace(best, sure=False) if doubtful or (rivals and best.inverse) else best


def _undo(chosen: Suspicion, scene: Scene, judge: Judge) -> Scene | None:
    """Return the scene without the damage, None where undoing it breaks what was right."""
    if chosen.inverse is None:
        return scene
    export = chosen.inverse(scene.export)
    outcomes = fold.index_by_rule(judge(export))
    vanished = sum(
        fold.count_vanished(outcome, outcomes.get(rule)) for rule, outcome in scene.outcomes.items()
    )
    broken = sum(
        fold.count_appeared(_list_before(scene, rule), outcomes[rule])
        for rule in IDENTITY
        if rule in outcomes
    )
    if chosen.proven:
        return replace(scene, export=export, outcomes=outcomes, cache={})
    if broken > HIDDEN * vanished or not (vanished or chosen.distributed):
        return None
    return replace(scene, export=export, outcomes=outcomes, cache={})


def _list_before(scene: Scene, rule: str) -> list[Outcome]:
    """Return the outcomes that may name a diagnosis's places before the damage is undone.

    A reference that is unknown afterwards was not right before if another rule named its cell.
    """
    others = scene.outcomes.values() if rule.endswith("-unknown") else ()
    own = scene.outcomes.get(rule)
    return [*([own] if own is not None else ()), *others]


def _fold(
    chosen: Suspicion,
    outcomes: Mapping[str, Outcome],
    before: Scene,
    *,
    undone: Scene,
    export: Export,
) -> dict[str, Outcome]:
    """Return the outcomes with the places that the chosen suspicion explains marked."""
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
    """Return the diagnosis of the chosen suspicion, then those of its companions."""
    first = describe(chosen, texts, export, before=before, after=after)
    others = [
        replace(first, text=texts[other], explains=(), people=0) for other in chosen.companions
    ]
    return [first, *others]


def _order(diagnoses: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Sort what the hypotheses proved: identity numbers first, then by people held back, and
    records."""
    return sorted(
        diagnoses,
        key=lambda each: (
            not each.text.first,
            not each.sure,
            -each.people,
            -sum(count for _, count in each.explains),
            -each.records,
            each.id,
        ),
    )
