"""The order of what to fix first, for every output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from validator.model import Diagnosis, Level, Outcome, ProfileResult, Report

Problem = Outcome | Diagnosis


def list_to_fix(report: Report) -> list[Problem]:
    """Return diagnoses and outcomes in the order in which every report shows them for fixing."""
    return _list(report.priorities, report.findings(), report.diagnoses)


def list_to_fix_for(report: Report, result: ProfileResult) -> list[Problem]:
    """Return what outputs list for one profile, in its words and with its levels."""
    name = result.profile.id
    diagnoses = [replace(each, level=each.level_for(name)) for each in report.diagnoses]
    return _list(result.priorities, result.findings(), diagnoses)


def _list(
    order: Sequence[str], findings: Sequence[Outcome], diagnoses: Sequence[Diagnosis]
) -> list[Problem]:
    """List diagnoses and outcomes in the order in which reports show them."""
    by_id: dict[str, list[Problem]] = {}
    for diagnosis in diagnoses:
        if diagnosis.sure:
            by_id.setdefault(diagnosis.id, []).append(diagnosis)
    for outcome in findings:
        by_id.setdefault(outcome.rule.id, []).append(outcome)
    ordered = list(chain.from_iterable(by_id.get(name, ()) for name in order))
    serious = [it for it in ordered if it.level is not Level.ADVICE or isinstance(it, Diagnosis)]
    return serious or ordered
