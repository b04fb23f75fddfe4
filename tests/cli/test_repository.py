"""Where an export is in its repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.cli.repository import find_job, find_placement
from validator.model import BadUsage
from validator.outputs.placement import Placement
from validator.rulebook import fix_routes


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an export in `rosters/maple`; the current folder is `jobs` in it."""
    for variable in ("GITHUB_WORKSPACE", "BUILD_SOURCESDIRECTORY", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    for name in (".git", "jobs", "rosters/maple"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "rosters" / "maple.zip").write_bytes(b"")
    monkeypatch.chdir(tmp_path / "jobs")
    return tmp_path


def test_paths_are_relative_to_the_git_root_of_the_current_folder(checkout: Path) -> None:
    export = checkout / "rosters" / "maple"
    assert find_placement(export, None) == Placement("rosters/maple")
    assert find_placement(export / "students.csv", None) == Placement("rosters/maple")
    assert find_placement(checkout, None) == Placement("")


def test_a_named_root_wins(checkout: Path) -> None:
    export = checkout / "rosters" / "maple"
    assert find_placement(export, checkout / "rosters") == Placement("maple")
    with pytest.raises(BadUsage, match="--source-root"):
        find_placement(export, checkout / "nowhere")


def test_an_archive_is_the_file_of_the_repository(checkout: Path) -> None:
    placement = find_placement(checkout / "rosters" / "maple.zip", None)
    assert placement == Placement("rosters", "maple.zip")
    assert placement.locate("students.csv") == "rosters/maple.zip"
    assert placement.get_line(7) is None


def test_an_export_outside_the_repository_has_no_path_there(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert find_placement(tmp_path_factory.mktemp("elsewhere"), None) == Placement(None)


def test_the_job_decides_whose_annotations_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("TF_BUILD", raising=False)
    assert find_job() is None
    monkeypatch.setenv("TF_BUILD", "True")
    assert find_job() == "azure"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert find_job() == "github"


@pytest.mark.parametrize("name", ["PowerSchool", "Infinite Campus", "infinite_campus", "AERIES"])
def test_a_system_is_known_in_any_letter_case(name: str) -> None:
    assert fix_routes.load_routes(name).by_rule
