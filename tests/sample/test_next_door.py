"""The samples of Canvas and of custom sections: what is found is what was planted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.support import next_door
from validator.assess import Options, assess
from validator.model import Level, Report, Status, Verdict

FOLDER = next_door.FOLDER
KINDS = [f"{name}/{kind}" for name in next_door.SAMPLES for kind in ("ready", "broken")]


def judge(folder: Path) -> tuple[Report, dict[str, object]]:
    """The report on a sample, and the rules of its answer key."""
    key = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    as_of = dt.date.fromisoformat(key["as_of"])
    return assess([folder], Options(profiles=[key["profile"]], as_of=as_of)), key["rules"]


def test_the_samples_are_what_the_script_writes(tmp_path: Path) -> None:
    next_door.write_all(tmp_path)
    for path in sorted(tmp_path.rglob("*")):
        if path.is_file():
            bundled = FOLDER / path.relative_to(tmp_path)
            assert bundled.read_bytes() == path.read_bytes(), path


@pytest.mark.parametrize("name", KINDS)
def test_what_is_found_is_what_was_planted(name: str) -> None:
    report, rules = judge(FOLDER / name)
    assert report.verdict is (Verdict.READY if name.endswith("ready") else Verdict.NOT_READY)
    assert not report.diagnoses
    found = {}
    for outcome in report.outcomes:
        if outcome.status is not Status.FOUND or outcome.finding is None:
            continue
        lines: dict[str, set[int]] = {}
        for block in outcome.finding.places:
            lines.setdefault(block.file, set()).update(block.lines.tolist())
        found[outcome.rule.id] = {
            "count": outcome.count,
            "lines": {file: sorted(numbers) for file, numbers in sorted(lines.items())},
        }
    facts = {it.rule.id for it in report.outcomes if it.level is Level.FACT}
    assert {rule: it for rule, it in found.items() if rule not in facts or rule in rules} == rules
