"""The report of a Python program is the report of the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.running import BROKEN, DAY, PINNED
from validator.assess import Options, assess
from validator.cli import app
from validator.outputs import registry


def run(folder: Path, *arguments: object) -> bytes:
    """Run `check` on the broken sample, and return what it writes to standard output."""
    words = ["check", str(BROKEN), *DAY, "-q", "--history", str(folder / "history.jsonl")]
    result = CliRunner().invoke(app.app, [*words, *map(str, arguments)])
    assert result.exit_code in (0, 1), result.output
    return result.stdout_bytes


@pytest.mark.slow
def test_a_python_program_gets_the_report_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", PINNED)
    run(tmp_path, "-p", "clever", "--report", "json,xlsx", "--out", tmp_path)
    options = Options(
        as_of=dt.date.fromisoformat(DAY[1]),
        profiles=["clever"],
        sis="powerschool",
        max_records={"school-unknown": 3},
        baseline=tmp_path / "report.json",
        worklist=tmp_path / "report.xlsx",
        history=tmp_path / "history.jsonl",
        fail_on="warning",
    )
    report = assess([BROKEN], options)
    assert report.routes and report.history and report.followup and report.gate.allowed
    written = run(
        tmp_path,
        *("-p", "clever", "--sis", "powerschool", "--max", "school-unknown=3"),
        *("--baseline", tmp_path / "report.json", "--worklist", tmp_path / "report.xlsx"),
        *("--fail-on", "warning", "--report", "json", "--out", "-"),
    )
    assert registry.render(report, "json") == written
