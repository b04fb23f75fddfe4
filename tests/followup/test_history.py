"""The history file: counts only, and what is new, fixed and still open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Judge
from validator.cli import delivery
from validator.followup import history
from validator.model import BadUsage
from validator.outputs import terminal
from validator.outputs.html.render import render
from validator.outputs.json import render as json_render

HEAD = "School_id,Student_id,First_name,Last_name,Student_email\n"


def test_what_is_new_fixed_and_still_open_is_told(judge: Judge, tmp_path: Path) -> None:
    from dataclasses import replace

    file = tmp_path / "history.jsonl"
    first = judge(
        {
            "students.csv": HEAD
            + "0101,s1,Freya,Copperpot,\n0101,s2,Odo,Quillfeather,odo@maple.example\n"
        }
    )
    assert history.describe_changes(history.read_history(file), first) == ""
    delivery.record(file, first)
    second = judge(
        {
            "students.csv": HEAD + "0101,s1,Freya,Copperpot,freya@maple\n"
            "0101,s2,Odo,Quillfeather,odo@maple.example\n"
        }
    )
    past = history.find_last(history.read_history(file), second)
    assert past is not None
    new, fixed, still = history.list_changes(past, second)
    assert "student-email-missing" in fixed
    assert "student-email-invalid" in new
    assert still
    report = replace(second, history=tuple(history.read_history(file)))
    assert json.loads(json_render.render(report))["history"]["fixed"] == fixed
    sentence = history.describe_changes(report.history, report)
    assert sentence in render(report).decode()
    assert sentence.split(":")[0] in terminal.render(report, {})


def test_the_file_holds_counts_and_no_person(judge: Judge, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    report = judge({"students.csv": HEAD + "0101,xyzzy1,Freya,Copperpot,plugh@maple.example\n"})
    delivery.record(file, report)
    delivery.record(file, report)
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2
    for secret in ("xyzzy1", "Freya", "Copperpot", "plugh", "maple"):
        assert secret not in text


def test_a_file_that_is_no_history_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(BadUsage, match=r"notes\.txt:1: this is not a line of a history"):
        history.read_history(file)


PAST = {"as_of": "2026-01-01", "profiles": [], "verdict": "ready", "ready": {}, "findings": {}}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        *(
            f'{json.dumps(PAST)[:-1]}, "counts": {{"students": {number}}}}}'
            for number in ("Infinity", "1e999", "-1", '"5"')
        ),
    ],
    ids=["deep", "infinite", "too large", "negative", "text"],
)
def test_a_line_that_holds_no_counts_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadUsage, match="1: this is not a line of a history"):
        history.read_history(file)


def test_a_history_beyond_the_limit_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text("{}" * 100, encoding="utf-8")
    monkeypatch.setattr(history, "LARGEST", 100)
    with pytest.raises(BadUsage, match="limit: report-bytes"):
        history.read_history(file)
