"""The command `guard`: its exit codes and its files."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from tests.support.nights import District, empty
from tests.support.running import run_here
from validator.compare.guard import release
from validator.compare.guard.words import describe_way
from validator.outputs import registry

DAY = ("--as-of", "2026-10-05")


def test_the_first_ready_export_goes_and_the_note_says_so(tmp_path: Path) -> None:
    District.load().write(tmp_path / "export")
    run = run_here(tmp_path, "guard", "export", "--state", "state", "--out", "note", *DAY)
    assert run.returncode == 0, run.stderr
    note = (tmp_path / "note" / "guard.txt").read_text(encoding="utf-8")
    assert run.stdout == note
    assert "This is the first night, so there was no earlier export to compare with." in note
    result = json.loads((tmp_path / "note" / "guard.json").read_text(encoding="utf-8"))
    assert (result["decision"], result["compared_with"]) == ("go", None)
    assert "<h1>GO:" in (tmp_path / "note" / "guard.html").read_text(encoding="utf-8")


def test_a_stop_leaves_the_release_folder_alone(tmp_path: Path) -> None:
    District.load().write(tmp_path / "export")
    empty(tmp_path / "export" / "students.csv")
    run = run_here(
        tmp_path, "guard", "export", "--state", "state", "--release", "release", *DAY, "-q"
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert not (tmp_path / "release").exists()


def test_a_full_disk_is_said_and_ends_with_its_own_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    District.load().write(tmp_path / "export")
    monkeypatch.setattr(release, "_copy", fill)
    run = run_here(tmp_path, "guard", "export", "--state", "state", "--release", "up", *DAY)
    assert run.returncode == 4 and not (tmp_path / "up").exists()
    assert "1. The disk is full, so the export could not be copied." in run.stdout
    monkeypatch.undo()
    words = ("guard", "export", "--state", "state", "--release", "up", "--out", "note", *DAY)
    monkeypatch.setattr(registry, "write_whole", fill)
    run = run_here(tmp_path, *words)
    assert run.returncode == 4 and run.stdout.startswith("GO:")
    assert (tmp_path / "up" / "students.csv").exists()


@pytest.mark.parametrize(
    ("ways", "count", "words"),
    [
        (["gone"], 1, "1 student is gone"),
        (["new", "gone", "changed"], 1, "1 student is new, gone or changed"),
        (["gone", "changed"], 2, "2 students are gone or changed"),
        (["moved"], 2, "2 students have different schools"),
    ],
)
def test_changes_are_said_in_plain_words(ways: list[str], count: int, words: str) -> None:
    assert describe_way(ways, "students", count) == words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--thresholds", "wrong.yaml"), "wrong.yaml:2: 'gone' must be a share"),
        (("--accept", "P. Ramos"), "needs a name and a reason"),
        (("--release", "export/inside"), "must be different, and none inside the other"),
        (("--release", "full"), "holds a file or folder that is not from the last export"),
        (("--state", "full"), "has other files in it"),
        (("-p", "kahn"), "there is no profile 'kahn'"),
    ],
)
def test_wrong_usage_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    District.load().write(tmp_path / "export")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me")
    (tmp_path / "wrong.yaml").write_text("district:\n  students: {gone: much}\n")
    run = run_here(tmp_path, "guard", "export", "--state", "state", *DAY, *arguments)
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert (tmp_path / "full" / "mine.txt").exists()


def test_a_damaged_state_is_not_called_a_first_night(tmp_path: Path) -> None:
    District.load().write(tmp_path / "export")
    words = ("guard", "export", "--state", "state", *DAY)
    assert run_here(tmp_path, *words).returncode == 0
    (tmp_path / "state" / "key").write_bytes(b"short")
    run = run_here(tmp_path, *words)
    assert run.returncode == 1 and "since what the state folder keeps cannot be used" in run.stdout
    assert "no export has been let through before" not in run.stdout


@pytest.mark.parametrize("name", ["guard.txt", "guard.html", "guard.json"])
def test_a_note_replaces_only_notes(tmp_path: Path, name: str) -> None:
    District.load().write(tmp_path / "export")
    words = ("guard", "export", "--state", "state", "--out", "note", *DAY)
    assert [run_here(tmp_path, *words).returncode for _ in range(2)] == [0, 0]
    (tmp_path / "note" / name).write_text("my own words", encoding="utf-8")
    run = run_here(tmp_path, *words)
    assert run.returncode == 2 and "was not written by this command" in run.stderr
    assert (tmp_path / "note" / name).read_text(encoding="utf-8") == "my own words"


@pytest.mark.parametrize(
    "words",
    [("--accept", "P. Ramos: checked"), ("--accept", "P. Ramos", "--reason", "checked")],
)
def test_a_name_and_a_reason_let_a_stopped_export_through(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    district = District.load()
    district.tables["students"][0]["Student_email"] = ""
    district.write(tmp_path / "export")
    arguments = ("guard", "export", "--state", "state", "-p", "khan-academy", *DAY)
    assert run_here(tmp_path, *arguments).returncode == 1
    run = run_here(tmp_path, *arguments, *words)
    assert run.returncode == 0
    assert "let through by hand" in run.stdout
    assert "Ramos" not in run.stdout
    line = (tmp_path / "state" / "history.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(line)["accepted"] == {"by": "P. Ramos", "reason": "checked"}
