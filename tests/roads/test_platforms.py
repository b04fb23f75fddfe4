"""Windows and other systems: consoles, names, paths and files in use."""

from __future__ import annotations

import io
import ntpath
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.ingest.test_archive import GOOD, packed, refused
from tests.support.forks import run_fork
from tests.support.running import BROKEN, DAY, READY, ROOT
from validator.assess import Options, assess
from validator.cli import app, console, destination
from validator.ingest import archive, read
from validator.model import CannotRead
from validator.outputs import registry

RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")
"""Names that Windows keeps for devices, with any ending."""


CONSOLE = """
import sys
sys.stdout = open(1, "w", encoding="{encoding}", closefd=False)
sys.stderr = open(2, "w", encoding="{encoding}", errors="backslashreplace", closefd=False)
"""
"""Opens a fork's streams as Python does in a console with this encoding, or PYTHONIOENCODING."""


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "utf-8", "cp932"])
@pytest.mark.promise("Every console can show all messages, whatever characters it supports")
def test_every_console_can_show_the_summary(tmp_path: Path, encoding: str) -> None:
    words = ("check", BROKEN, "-p", "khan-academy", *DAY, "--report", "json")
    told = run_fork(tmp_path, *words, program=CONSOLE.replace("{encoding}", encoding))
    assert told.returncode == 1
    assert "Traceback" not in told.stderr and "UnicodeEncodeError" not in told.stderr
    assert "Not ready" in told.stderr


@pytest.mark.parametrize(
    "words",
    [("check", BROKEN, "-p", "khan-academy", *DAY), ("explain", "school-unknown"), ("--help",)],
)
def test_a_windows_console_shows_it_all(tmp_path: Path, words: tuple[object, ...]) -> None:
    done = run_fork(tmp_path, *words, program=CONSOLE.replace("{encoding}", "cp1252"))
    assert done.returncode == (1 if words[0] == "check" else 0)
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export, sharing rules and a report, with characters old consoles lack."""
    folder = tmp_path_factory.mktemp("desk")
    for name, text in GOOD.items():
        (folder / name).write_text(text)
    (folder / "sharing.yaml").write_text(
        "share: rules\nrules:\n  - match: sections\n    where: [{field: Section_id, is: [学校]}]\n",
        encoding="utf-8",
    )
    registry.write(
        assess([folder], Options(as_of=AS_OF, district="学校")), folder / "reports", ["json"]
    )
    return folder


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("letter", "reports/report.json"),
        ("explain", "file-not-utf8"),
        ("sharing", ".", "--sharing", "sharing.yaml"),
    ],
)
@pytest.mark.promise("Every console can show all messages, whatever characters it supports")
def test_every_console_can_show_what_is_printed(
    desk: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], encoding: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "argv", ["rosterready", *arguments])
    monkeypatch.chdir(desk)
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert not ended.value.code
    shown = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert "\\u5b66" in shown or "Zo" in shown


def test_no_file_of_the_project_has_a_name_that_windows_cannot_have() -> None:
    shown = [
        path.relative_to(ROOT)
        for folder in ("validator", "rules", "templates", "sample_data", "tests", "docs", "fuzz")
        for path in (ROOT / folder).rglob("*")
    ]
    for path in shown:
        for part in path.parts:
            assert not RESERVED.match(part) and not part.endswith((" ", ".")), path
            assert not re.search(r'[<>:"|?*\\]', part), path
    lower = [str(path).lower() for path in shown]
    assert len(lower) == len(set(lower)), "two names that differ only in case"


def test_no_report_has_a_name_that_windows_cannot_have() -> None:
    for output in registry.list_reports().values():
        assert not RESERVED.match(output.file)


@pytest.mark.parametrize("name", ["CON", "NUL.csv", "aux.csv", "COM1.csv", "lpt9.txt", "Prn.CSV"])
def test_members_named_like_devices_are_never_opened_by_name(tmp_path: Path, name: str) -> None:
    found = read.read_export([packed(tmp_path / "export.zip", {**GOOD, name: "a,b\n"})])
    assert (
        len(found.tables) == 5
    )  # nothing of an archive is written, so its names never meet a file system


@pytest.mark.parametrize(
    "name",
    [
        "export\\students.csv",
        "C:students.csv",
        "\\\\server\\share\\students.csv",
        "students.csv:hidden",
    ],
)
def test_windows_paths_in_an_archive_stay_inside_it(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "export.zip", {name: GOOD["students.csv"]})
    try:
        for source in archive.list_sources([path])[1]:
            assert "\\" not in source.name and "/" not in source.name
            assert not ntpath.isabs(source.name)
    except CannotRead:
        assert refused(path)


@pytest.mark.promise(
    "If a report is open in Excel, one sentence asks to close it; the other reports are written"
)
def test_a_report_that_is_open_in_excel_is_told_in_one_sentence(tmp_path: Path) -> None:
    held = (
        "import os\nold = os.replace\ndef replace(a, b):\n    if str(b).endswith('.xlsx'):\n"
        "        raise PermissionError(13, 'in use', str(b))\n    old(a, b)\nos.replace = replace"
    )
    told = run_fork(tmp_path, "check", READY, *DAY, "-q", program=held)
    assert told.returncode == 2
    assert (
        told.stderr.strip()
        == "rosterready: report.xlsx cannot be replaced: close it where it is open, and run again"
    )
    assert sorted(path.name for path in (tmp_path / "readiness-report").iterdir()) == [
        "report.html",
        "report.json",
    ]


def test_a_file_that_another_program_holds_open_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text)
    original = Path.open

    def held(path: Path, *arguments: object, **more: object) -> object:
        if path.name == "students.csv":
            raise PermissionError(13, "Permission denied")
        return original(path, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(
        CannotRead,
        match=r"^students\.csv could not be opened: no permission, or another program holds",
    ):
        read.read_export([tmp_path])


@pytest.mark.parametrize(
    "folder", ["with blank", "Änderung é 学校", "a'b", "x" * 120, "100% & more!", "#1"]
)
def test_folders_of_any_name_are_read_and_written(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir()
    for name, text in GOOD.items():
        (place / name).write_text(text)
    assert read.read_export([place]).tables
    with destination.open_folder(str(place / "reports"), ["json"]) as made:
        assert made is not None and made.is_dir()


def test_a_console_without_a_stream_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """pythonw and the folder build run without a console: their streams are None."""
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    console.make_tolerant()
    console.say("nobody hears this")


def test_the_oldest_python_is_the_one_that_the_project_names() -> None:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert about["project"]["requires-python"] == ">=3.11"
    assert about["tool"]["ruff"]["target-version"] == "py311"
    assert all(re.search(r">=\d", need) for need in about["project"]["dependencies"]), (
        "every dependency has a lower bound"
    )
    assert os.sep in ("/", "\\")
