"""Every rule on its examples in tests/cases: at least one that finds and one that is quiet."""

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
    """Return every case as a pytest parameter, named by its rule and sentence."""
    parameters = []
    for path in sorted(CASES.glob("*.yaml")):
        data = yaml.load_document(path, path.name).data
        parameters += [
            pytest.param(data["rule"], case, id=name(data["rule"], case)) for case in data["cases"]
        ]
    return parameters


def name(rule: str, case: Any) -> str:
    """Return a case's name: its rule and its sentence."""
    return f"{rule}: {case.get('finds') or case.get('quiet')}"


def encode(file: Any) -> bytes:
    """Return the bytes of a case's file: its text, or `text` with `encoding` or `line_end`."""
    if isinstance(file, str):
        return file.encode()
    line_end = {"cr": "\r", "crlf": "\r\n"}.get(file.get("line_end", ""), "\n")
    text = file["text"].replace("\n", line_end)
    return bytes(text.encode(file.get("encoding", "utf-8")))


@pytest.mark.parametrize(("rule", "case"), cases())
def test_case(rule: str, case: Any, judge: Judge, tmp_path: Path) -> None:
    """The rule reports what the case says, and the same as in the case's snapshot."""
    check(run(case, judge, tmp_path), rule, case)


def run(case: Any, judge: Judge, tmp_path: Path) -> Report:
    """Return the report on a case's files."""
    as_of = dt.date.fromisoformat(case["as_of"]) if "as_of" in case else AS_OF
    files = {name: encode(file) for name, file in case["files"].items()}
    profile = case.get("profile", "clever")
    if "pack" in case:  # a district's own pack
        profile = tmp_path / "district.yaml"
        profile.write_text(case["pack"], encoding="utf-8")
    saved = {name: dt.date.fromisoformat(day) for name, day in case.get("saved", {}).items()}
    more = {key: case[key] for key in ("sharing", "phase") if key in case}
    if "previous" in case:  # last time's export
        more["previous"] = {name: encode(file) for name, file in case["previous"].items()}
    if "columns" in case:  # a raw export's column map
        more["columns"] = tmp_path / "columns.yaml"
        more["columns"].write_text(case["columns"], encoding="utf-8")
    return judge(files, profile=profile, as_of=as_of, saved=saved, **more)


def check(report: Report, rule: str, case: Any) -> None:
    """Assert that the report on the rule agrees with the case and with its snapshot."""
    result = outcome(report, rule)
    _compare(report, result, case)
    assert snapshots.render(result) == snapshots.stored().get(name(rule, case)), (
        f"the rule reports something else than its snapshot: if that is intended, run "
        f"`{snapshots.command(rule)}`"
    )


def _compare(report: Report, result: Outcome, case: Any) -> None:
    rule = result.rule.id
    if "quiet" in case:
        if result.status is Status.EXPLAINED and "status" not in case:
            return  # a diagnosis says it, not this rule
        assert result.status.value == case.get("status", "passed"), result.reason
        assert result.count == 0
        return
    assert result.status in (Status.FOUND, Status.EXPLAINED), result.reason
    assert result.finding is not None
    assert result.count == int(case["count"])
    assert result.count <= result.finding.of
    if "places" in case:
        assert spots(report, rule) == list(case["places"])
    if "groups" in case:
        assert result.finding.groups == int(case["groups"])
    if "level" in case:
        assert result.level == case["level"]
    if "tally" in case:
        assert result.finding.tally is not None
        assert [f"{value}: {count}" for value, count in result.finding.tally.values] == list(
            case["tally"]
        )


def test_every_rule_has_a_case_that_finds_and_one_that_stays_quiet() -> None:
    missing = {rule.id for rule, _ in load.list_rules()}
    for path in CASES.glob("*.yaml"):
        data = yaml.load_document(path, path.name).data
        kinds = {kind for case in data["cases"] for kind in ("finds", "quiet") if kind in case}
        assert path.stem == data["rule"]
        if kinds == {"finds", "quiet"}:
            missing.discard(data["rule"])
    assert not missing, sorted(missing)
