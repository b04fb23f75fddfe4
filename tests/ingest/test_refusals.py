"""What is no roster ends in one sentence and exit code 3, whatever it is."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from validator.cli import app

GTFS = {
    "stops.txt": b"stop_id,stop_name,stop_lat\n1,Main St,45.0\n",
    "trips.txt": b"trip_id,route_id\n1,2\n",
}
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 20


def ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: str
) -> tuple[int, str]:
    """The exit code of the command line and what it told people."""
    monkeypatch.setattr(sys, "argv", ["rosterready", *args])
    with pytest.raises(SystemExit) as stopped:
        app.main()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, capsys.readouterr().err


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """The path, now an archive of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in files.items():
            held.writestr(name, data)
    return path


@pytest.fixture
def export(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """One of the things that are no roster."""
    made = tmp_path / "given"
    if request.param == "a transit feed":
        return zipped(tmp_path / "gtfs.zip", GTFS)
    if request.param == "a photo":
        (tmp_path / "photo.jpg").write_bytes(PHOTO)
        return tmp_path / "photo.jpg"
    if request.param == "nothing at all":
        return Path("/dev/null")
    made.mkdir()
    if request.param == "a folder of photos":
        (made / "students.jpg").write_bytes(PHOTO)
    return made


THINGS = [
    "a transit feed",
    "a photo",
    "an empty folder",
    "a folder of photos",
    pytest.param(
        "nothing at all", marks=pytest.mark.skipif(sys.platform == "win32", reason="no /dev/null")
    ),
]


@pytest.mark.parametrize("export", THINGS, indirect=True)
@pytest.mark.parametrize("command", ["check", "columns"])
def test_an_input_that_is_no_roster_is_refused_in_one_sentence_with_exit_code_3(
    command: str,
    export: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = ["--out", str(tmp_path / "out")] if command == "check" else []
    code, said = ended(monkeypatch, capsys, command, str(export), *out)
    assert code == 3
    assert said.count("\n") == 1
    assert said.startswith("rosterready: ")
    assert not (tmp_path / "out").exists()


def bomb(path: Path) -> Path:
    """An archive whose member is 64 MB of zeros; written piece by piece."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as held,
        held.open("users.csv", "w", force_zip64=True) as member,
    ):
        piece = bytes(16 << 20)
        for _ in range(4):
            member.write(piece)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "limit"),
    [
        (
            {"users.csv": b"sourcedId\n1\n", "../../evil.csv": b"x\n"},
            "a member points outside the archive",
        ),
        ({"users.csv": b"sourcedId\n1\n", "more.zip": b"PK\x03\x04"}, "it holds another archive"),
        (None, "limit: archive-ratio"),
    ],
)
def test_a_hostile_oneroster_archive_is_refused_with_the_limit_named(
    files: Mapping[str, bytes] | None,
    limit: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = (
        bomb(tmp_path / "oneroster.zip")
        if files is None
        else zipped(tmp_path / "oneroster.zip", files)
    )
    code, said = ended(monkeypatch, capsys, "check", str(path), "--out", str(tmp_path / "out"))
    assert code == 3
    assert limit in said
    assert [one.name for one in tmp_path.iterdir()] == ["oneroster.zip"]
