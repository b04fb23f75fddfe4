"""What to fix first, over whole reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator import resources
from validator.assess import Options, assess
from validator.engine import priorities
from validator.model import Level, Report, Status
from validator.sample import writer


@pytest.fixture(scope="module", params=["clever", "khan-academy"])
def report(request: pytest.FixtureRequest) -> Report:
    """The broken sample, judged for one profile."""
    broken: Path = resources.find_samples() / "broken"
    return assess([broken], Options(profiles=[request.param], as_of=writer.AS_OF))


def test_every_finding_to_fix_has_one_place_in_the_order(report: Report) -> None:
    found = {o.rule.id: o for o in report.outcomes if o.status is Status.FOUND}
    to_fix = {
        name
        for name, outcome in found.items()
        if outcome.level is not Level.FACT and outcome.explained_by not in found
    }
    sure = {diagnosis.id for diagnosis in report.diagnoses if diagnosis.sure}
    assert sorted(report.priorities) == sorted(to_fix | sure)


def test_rules_that_hold_people_back_come_first_by_how_many(report: Report) -> None:
    held_back = [priorities.count_people(rule, [report.readiness]) for rule in report.priorities]
    unreadable = {o.rule.id for o in report.outcomes if o.rule.unreadable}
    level = {o.rule.id: o.level for o in report.outcomes}
    counted = [
        people
        for rule, people in zip(report.priorities, held_back, strict=True)
        if people and rule not in unreadable
    ]
    assert counted == sorted(counted, reverse=True)
    advice = [rule for rule in report.priorities if level.get(rule) is Level.ADVICE]
    last = report.priorities[-len(advice) :] if advice else ()
    assert {level.get(rule) for rule in last} <= {Level.ADVICE}
