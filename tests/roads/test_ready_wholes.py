"""Districts that are broken as a whole are never ready, and their harmless neighbors are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import wholes
from validator import wording
from validator.assess import Options, assess
from validator.model import LEAST_OF_MOST, Level, Report, Status, Verdict
from validator.rulebook.load import load_profile
from validator.sample.writer import AS_OF

CLEVER = Options(as_of=AS_OF, profiles=["clever"])


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on the district that nothing is wrong with."""
    return assess([wholes.write(tmp_path_factory.mktemp("healthy") / "export")], CLEVER)


def list_warned(report: Report) -> set[str]:
    """Return the ids of what is found above advice."""
    serious = (Level.BLOCKER, Level.WARNING)
    rules = {
        outcome.rule.id
        for outcome in report.outcomes
        if outcome.status is Status.FOUND and outcome.level in serious
    }
    return rules | {each.id for each in report.diagnoses if each.sure and each.level in serious}


def test_there_are_enough_of_them() -> None:
    """At least 40 broken wholes and 15 harmless neighbors."""
    assert len(wholes.WHOLES) >= 40
    assert len(wholes.NEIGHBORS) >= 15


def test_the_healthy_district_is_ready(healthy: Report) -> None:
    """Every change below starts from a district that is ready."""
    assert healthy.verdict is Verdict.READY
    assert not list_warned(healthy)


@pytest.mark.parametrize("name", wholes.WHOLES)
def test_a_broken_whole_is_not_ready(name: str, tmp_path: Path) -> None:
    """The verdict is not ready, and what comes first names the fault."""
    change, names = wholes.WHOLES[name]
    report = assess([wholes.write(tmp_path / "export", change)], CLEVER)
    assert report.verdict is not Verdict.READY
    assert report.priorities[0] in names


@pytest.mark.parametrize("name", wholes.NEIGHBORS)
def test_a_harmless_neighbor_stays_ready(name: str, healthy: Report, tmp_path: Path) -> None:
    """Nothing above advice is said that the healthy district does not have."""
    change, warnings = wholes.NEIGHBORS[name]
    report = assess([wholes.write(tmp_path / "export", change)], CLEVER)
    assert report.verdict is Verdict.READY
    assert list_warned(report) - list_warned(healthy) <= warnings


def test_the_first_sentence_says_what_cannot_be_right(tmp_path: Path) -> None:
    """The number of people comes before the verdict, and the reason is in the finding."""
    change, _ = wholes.WHOLES["almost_nobody_is_enrolled"]
    report = assess([wholes.write(tmp_path / "export", change)], CLEVER)
    assert wording.describe_verdict(report).startswith(
        "This cannot be right: 299 of 300 students are in no section. Not ready for Clever:"
    )
    outcome = next(each for each in report.outcomes if each.of_most)
    assert outcome.rule.when_most is not None
    assert outcome.rule.why.startswith(outcome.rule.when_most.reason)
    assert report.readiness["students"].blocked == 299


def test_a_share_of_few_records_is_no_evidence(tmp_path: Path) -> None:
    """Of fewer than 20 students, all may be in no section and it is a warning."""

    def shrink(district: dict[str, list[dict[str, str]]]) -> None:
        district["students"] = district["students"][: LEAST_OF_MOST - 1]
        district["enrollments"].clear()
        first = district["sections"][0]
        district["enrollments"].append(
            {name: first[name] for name in ("School_id", "Section_id")} | {"Student_id": "300001"}
        )

    report = assess([wholes.write(tmp_path / "export", shrink)], CLEVER)
    outcome = next(each for each in report.outcomes if each.rule.id == "student-without-section")
    assert outcome.level is Level.WARNING
    assert not outcome.of_most


def test_each_share_has_a_sentence_a_reason_and_a_spread() -> None:
    """What a rule says of a whole can be checked by anybody."""
    rules = load_profile("clever").rules.values()
    shares = [rule.when_most for rule in rules if rule.when_most is not None]
    assert len(shares) >= 15
    for most in shares:
        assert {"{count}", "{of}"} <= set(most.says.split())
        assert most.reason.endswith(".")
        assert most.spread


@pytest.mark.parametrize("without", [1, None], ids=["one school", "all schools"])
def test_who_is_at_a_dropped_school_is_not_ready(without: int | None, tmp_path: Path) -> None:
    """Clever drops a school without a name, and everybody who is at no other."""
    names: set[str] = set()
    people: dict[str, dict[str, set[str]]] = {}

    def blank(district: wholes.District) -> None:
        for row in district["schools"][:without]:
            names.add(row["School_id"])
            row["School_name"] = ""
        for table, key in (("students", "Student_id"), ("sections", "Section_id")):
            at = people.setdefault(table, {})
            for row in district[table]:
                at.setdefault(row[key], set()).add(row["School_id"])

    report = assess([wholes.write(tmp_path / "export", blank)], CLEVER)
    assert report.verdict is Verdict.NOT_READY
    for table, at in people.items():
        lost = sum(schools <= names for schools in at.values())
        readiness = report.readiness[table]
        assert readiness.by_rule["school-name-missing"] == lost > 0
        assert readiness.ready == readiness.total - lost
