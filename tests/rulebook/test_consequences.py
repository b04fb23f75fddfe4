"""Each rule's consequence decides its level, and its words say what the consequence is."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from validator.assess import Options, assess
from validator.model import Consequence, Level, Rule
from validator.rulebook import load

VERSIONS = [
    (pack, rule) for versions in load.list_rules() for pack, rule in versions.by_pack.items()
]

STOPS = re.compile(
    r"\b(cannot sign in|could not sign in|cannot get into|no account|refuses? the (file|upload|row)"
    r"|(is|are) refused|(is|are) dropped|the upload stops)\b"
)
"""Words that say that somebody or something does not arrive."""

SOFTENED = re.compile(
    r"\b(some|most|many|other|few|several) (apps|uploads|importers|tools|teachers|people)\b|\bmay\b"
    r"|\bmight\b|\bif\b|\bor\b|\bwhether\b|\bunless\b|\bcan\b",
    re.IGNORECASE,
)
"""Words that leave open whether it happens: such a sentence is exempt."""


def name(version: tuple[str, Rule]) -> str:
    """A test's id."""
    pack, rule = version
    return f"{rule.id} in {pack}"


@pytest.mark.parametrize("version", VERSIONS, ids=name)
def test_the_level_is_that_of_the_consequence(version: tuple[str, Rule]) -> None:
    _, rule = version
    assert (rule.level is Level.BLOCKER) is rule.consequence.stops
    if rule.level is Level.WARNING:
        assert rule.consequence is Consequence.WRONG
    if rule.level in (Level.ADVICE, Level.FACT):
        assert rule.consequence is Consequence.NONE


@pytest.mark.parametrize("version", VERSIONS, ids=name)
def test_words_of_refusal_belong_to_blockers(version: tuple[str, Rule]) -> None:
    _, rule = version
    if rule.consequence.stops:
        return
    sentences = re.split(r"(?<=[.:;]) ", rule.why)
    bold = [each for each in sentences if STOPS.search(each) and not SOFTENED.search(each)]
    assert not bold


def test_every_bundled_entry_states_its_consequence() -> None:
    missing = [
        f"{pack.name}: {entry.id}"
        for pack in [*load.list_profiles(), *load.resolve_packs("clever")]
        for entry in pack.entries
        if "level" in entry.says and "consequence" not in entry.says
    ]
    assert not missing, "give each rule that has a level its consequence"


def test_the_consequence_of_a_finding_is_that_of_its_own_level(shared_cases: Path) -> None:
    report = assess(
        [shared_cases / "28-year-end-exit" / "input"],
        Options(profiles=["clever", "khan-academy"], as_of=dt.date(2027, 6, 20)),
    )
    for found in report.outcomes:
        assert found.rule.consequence.stops is (found.level is Level.BLOCKER), found.rule.id
