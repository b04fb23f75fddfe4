"""Too little memory is one sentence, with the memory that a check needs."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from tests.support.running import run
from validator import resources
from validator.cli import exit_codes, shortage

READY = resources.find_samples() / "ready"


@pytest.mark.skipif(sys.platform != "linux", reason="only here does the limit bind")
@pytest.mark.parametrize("megabytes", [150, 200, 300, 400])
def test_a_limit_below_what_a_check_needs_is_one_sentence(tmp_path: Path, megabytes: int) -> None:
    size = megabytes << 20
    program = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({size}, {size}))"
    ended = run(tmp_path, "check", READY, "--as-of", "2026-11-16", program=program)
    assert ended.returncode == 4
    assert ended.stderr.strip() == f"rosterready: {shortage.SENTENCE}"
    assert not (tmp_path / "readiness-report").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only here does the limit bind")
def test_what_reads_no_export_needs_little(tmp_path: Path) -> None:
    size = 300 << 20
    program = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({size}, {size}))"
    assert run(tmp_path, "explain", "ids-with-prefix", program=program).returncode == 0


def test_the_system_without_memory_is_a_shortage_and_a_missing_file_is_none() -> None:
    assert shortage.is_shortage(OSError(errno.ENOMEM, "value of a record"))
    assert not shortage.is_shortage(FileNotFoundError(errno.ENOENT, "value of a record"))
    assert not shortage.is_shortage(KeyError("value of a record"))


def test_an_import_that_fails_under_a_limit_is_a_shortage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shortage, "_read_limit", lambda: 200 << 20)
    assert exit_codes.explain_error(ImportError("value of a record"), debug=False) == 4
    assert capsys.readouterr().err.strip() == f"rosterready: {shortage.SENTENCE}"
    monkeypatch.setattr(shortage, "_read_limit", lambda: None)
    assert not shortage.is_shortage(ImportError("value of a record"))
