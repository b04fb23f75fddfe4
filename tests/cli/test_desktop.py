"""The desktop program, without a screen: its questions, its files and its messages."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.running import BROKEN, READY
from validator.cli import desktop
from validator.cli.desktop import Dialogs


class Somebody:
    """Answers what is asked and remembers what was told and opened."""

    def __init__(self, export: Path | None, app: str | None = "khan-academy") -> None:
        self.export, self.app = export, app
        self.told: list[tuple[str, bool]] = []
        self.opened: list[Path] = []
        self.offered: Sequence[tuple[str, str]] = ()

    def dialogs(self) -> Dialogs:
        """The functions that the program calls."""

        def app(apps: Sequence[tuple[str, str]]) -> str | None:
            self.offered = apps
            return self.app

        return Dialogs(
            lambda: self.export,
            app,
            lambda text, well: self.told.append((text, well)),
            self.opened.append,
        )


@pytest.fixture(autouse=True)
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the samples."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794787200")


@pytest.mark.parametrize(
    ("sample", "code", "said"), [(READY, 0, "Ready"), (BROKEN, 1, "Not ready")]
)
def test_the_report_is_written_beside_the_export_and_opened(
    tmp_path: Path, sample: Path, code: int, said: str
) -> None:
    shutil.copytree(sample, tmp_path / "My Export")
    who = Somebody(tmp_path / "My Export")
    before = sorted(path.name for path in (tmp_path / "My Export").iterdir())
    assert desktop.run(who.dialogs()) == code
    assert who.opened == [tmp_path / "My Export readiness-report" / "report.html"]
    assert who.told[0][1] and who.told[0][0].startswith(said)
    assert sorted(path.name for path in (tmp_path / "My Export").iterdir()) == before
    assert ("khan-academy", "Khan Academy Districts") in who.offered


def test_a_zip_is_taken_too(tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "export"), "zip", READY)
    who = Somebody(tmp_path / "export.zip")
    assert desktop.run(who.dialogs()) == 0
    assert who.opened[0].parent.name == "export readiness-report"


def test_never_mind_does_nothing(tmp_path: Path) -> None:
    for who in (Somebody(None), Somebody(tmp_path, None)):
        assert desktop.run(who.dialogs()) == 0
        assert (who.told, who.opened) == ([], [])


def test_a_folder_without_a_roster_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"\xff\xd8\xff")
    who = Somebody(tmp_path / "photos")
    assert desktop.run(who.dialogs()) == 3
    assert who.opened == []
    assert who.told[0][0].startswith("rosterready: ") and not who.told[0][1]
    assert not (tmp_path / "photos readiness-report").exists()


def test_a_computer_without_windows_is_sent_to_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setitem(__import__("sys").modules, "tkinter", None)
    with pytest.raises(SystemExit) as ended:
        desktop.main()
    assert ended.value.code == 2
    assert "use the command line" in capsys.readouterr().err


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A screen that nobody looks at."""
    pytest.importorskip("tkinter")
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("there is no Xvfb on this computer")
    told, tell = os.pipe()
    with subprocess.Popen(
        [server, "-displayfd", str(tell), "-screen", "0", "800x600x24"],
        pass_fds=[tell],
        stderr=subprocess.DEVNULL,
    ) as running:
        os.close(tell)
        monkeypatch.setenv("DISPLAY", ":" + os.read(told, 20).decode().strip())
        yield
        running.terminate()
    os.close(told)


def test_the_windows_ask_and_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: None
) -> None:
    import tkinter
    from tkinter import filedialog, messagebox

    shutil.copytree(READY, tmp_path / "export")
    told: list[str] = []
    opened: list[str] = []
    monkeypatch.setattr(messagebox, "askyesnocancel", lambda *_: False)
    monkeypatch.setattr(messagebox, "showinfo", lambda _, text: told.append(text))
    monkeypatch.setattr(filedialog, "askdirectory", lambda **_: str(tmp_path / "export"))
    monkeypatch.setattr(desktop.webbrowser, "open", opened.append)
    waiting = tkinter.Misc.wait_window

    def pressed(root: tkinter.Misc, window: tkinter.Misc) -> None:
        window.after(
            200, lambda: window.event_generate("<Return>")
        )  # somebody presses Enter in the list
        waiting(root, window)

    monkeypatch.setattr(tkinter.Misc, "wait_window", pressed)
    with pytest.raises(SystemExit) as ended:
        desktop.main()
    assert ended.value.code in (0, 1, 3)
    assert "The reports are in" in told[0]
    assert opened and opened[0].startswith("file://")
    assert (tmp_path / "export readiness-report" / "report.xlsx").is_file()
