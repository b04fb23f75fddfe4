"""The order of what to fix first, for every output."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from validator.model import Diagnosis, Level, Outcome, Report

Problem = Outcome | Diagnosis


def list_to_fix(report: Report) -> list[Problem]:
    """Return diagnoses and outcomes to fix; advice only where there is nothing else."""
    causes = {cause.rule for cause in report.root_causes}
    ordered = list(chain.from_iterable(_find(report, name) for name in report.priorities))
    serious = [problem for problem in ordered if not _is_advice(problem) or _id(problem) in causes]
    return serious or ordered


def _find(report: Report, name: str) -> Sequence[Problem]:
    """Return the diagnoses or the outcome of that id."""
    diagnoses = [it for it in report.diagnoses if it.id == name and it.sure]
    outcomes = [it for it in report.outcomes if it.rule.id == name]
    return diagnoses or outcomes


def _is_advice(problem: Problem) -> bool:
    return problem.level is Level.ADVICE


def _id(problem: Problem) -> str:
    return problem.id if isinstance(problem, Diagnosis) else problem.rule.id
