"""Every rule against its own examples: at least one that finds and one that stays quiet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF, Judge, outcome, spots
from tests.support import snapshots
from validator.model import Outcome, Report, Status
from validator.rulebook import load, yaml

CASES = Path(__file__).resolve().parents[1] / "cases"


def cases() -> list[Any]:
    """Each case of each file, named by its rule and its own sentence."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        data = yaml.load(path, path.name).data
        found += [
            pytest.param(data["rule"], case, id=name(data["rule"], case)) for case in data["cases"]
        ]
    return found


def name(rule: str, case: Any) -> str:
    """A case's name: its rule and its own sentence."""
    return f"{rule}: {case.get('finds') or case.get('quiet')}"


def content(given: Any) -> bytes:
    """A file of a case: its text, or a mapping of text and encoding, or of lines and line end."""
    if isinstance(given, str):
        return given.encode()
    text = given["text"].replace(
        "\n", {"cr": "\r", "crlf": "\r\n"}.get(given.get("line_end", ""), "\n")
    )
    return bytes(text.encode(given.get("encoding", "utf-8")))


@pytest.mark.parametrize(("rule", "case"), cases())
def test_case(rule: str, case: Any, judge: Judge, tmp_path: Path) -> None:
    """The rule finds exactly what the case says, where it says, and says it in the same words as before."""
    check(run(case, judge, tmp_path), rule, case)


def run(case: Any, judge: Judge, tmp_path: Path) -> Report:
    """The report on a case's files."""
    as_of = dt.date.fromisoformat(case["as_of"]) if "as_of" in case else AS_OF
    files = {name: content(given) for name, given in case["files"].items()}
    profile = case.get("profile", "clever")
    if "pack" in case:  # a district's own pack
        profile = tmp_path / "district.yaml"
        profile.write_text(case["pack"], encoding="utf-8")
    saved = {name: dt.date.fromisoformat(day) for name, day in case.get("saved", {}).items()}
    more = {key: case[key] for key in ("sharing", "phase") if key in case}
    if "previous" in case:  # last time's export
        more["previous"] = {name: content(given) for name, given in case["previous"].items()}
    if "columns" in case:  # a raw export's column map
        more["columns"] = tmp_path / "columns.yaml"
        more["columns"].write_text(case["columns"], encoding="utf-8")
    return judge(files, profile=profile, as_of=as_of, saved=saved, **more)


def check(report: Report, rule: str, case: Any) -> None:
    """Asserts that the report says of the rule what the case does, and word by word what it said before."""
    found = outcome(report, rule)
    _as_the_case_says(report, found, case)
    assert snapshots.render(found) == snapshots.stored().get(name(rule, case)), (
        f"the report changed: if that is intended, run `{snapshots.command(rule)}`"
    )


def _as_the_case_says(report: Report, found: Outcome, case: Any) -> None:
    rule = found.rule.id
    if "quiet" in case:
        assert found.status.value == case.get("status", "passed"), found.reason
        assert found.count == 0
        return
    assert found.status is Status.FOUND, found.reason
    assert found.finding is not None
    assert found.count == int(case["count"])
    assert found.count <= found.finding.of
    if "places" in case:
        assert spots(report, rule) == list(case["places"])
    if "groups" in case:
        assert found.finding.groups == int(case["groups"])
    if "level" in case:
        assert found.level == case["level"]
    if "tally" in case:
        assert found.finding.tally is not None
        assert [f"{value}: {count}" for value, count in found.finding.tally.values] == list(
            case["tally"]
        )


def test_every_rule_has_a_case_that_finds_and_one_that_stays_quiet() -> None:
    """No rule without examples."""
    lacking = {rule.id for rule, _ in load.rules()}
    for path in CASES.glob("*.yaml"):
        data = yaml.load(path, path.name).data
        kinds = {kind for case in data["cases"] for kind in ("finds", "quiet") if kind in case}
        assert path.stem == data["rule"]
        if kinds == {"finds", "quiet"}:
            lacking.discard(data["rule"])
    assert not lacking, sorted(lacking)
