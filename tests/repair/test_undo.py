"""Undoing a mended copy restores the records of the export."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.repair.test_form_faults import DISTRICT, FAULTS
from tests.support.mending import Files, mend, read_records
from validator.assess import undo_mending
from validator.cli import copies
from validator.model import BadUsage

pytestmark = pytest.mark.slow

ENDLESS = ("UTF-16 with a mark", "UTF-16 without a mark", "Windows-1252", "tabs", "semicolons")


def undo(folder: Path) -> dict[str, bytes]:
    """Return the files of an undone copy."""
    names, _ = copies.read_mark(folder)
    written = undo_mending(folder, names)
    return {file.name: b"".join(file.pieces) for file in written.files}


def decode(files: Files) -> dict[str, list[dict[str, str]]]:
    """Return the records of an export in any encoding, with commas."""
    return read_records(files)


SAME = [name for name in FAULTS if name not in (*ENDLESS, "pipes", "CR only")]


@pytest.mark.parametrize("name", SAME)
def test_a_fault_comes_back(name: str, tmp_path: Path) -> None:
    spoiled = FAULTS[name][1](DISTRICT)
    copy = mend(tmp_path, spoiled, judged=False)
    undone = {file: text.decode() for file, text in undo(copy.folder).items()}
    assert sorted(undone) == sorted(spoiled)
    original = {
        file: text.decode("utf-8-sig") if isinstance(text, bytes) else text
        for file, text in spoiled.items()
    }
    assert list_lines(undone) == list_lines(original)


def list_lines(files: dict[str, str]) -> dict[str, list[str]]:
    """Return the lines of the files without marks, ends, and empty cells beyond the header."""
    return {
        name: [line.rstrip(",").replace('"', "") for line in text.lstrip("\ufeff").splitlines()]
        for name, text in files.items()
    }


@pytest.mark.parametrize("seed", range(12))
def test_several_faults_together_come_back(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    names = rng.sample([n for n in SAME if "mark" not in n and "garbled" not in n], 5)
    files: dict[str, str | bytes] = dict(DISTRICT)
    for name in names:
        try:
            changed = FAULTS[name][1](files)  # type: ignore[arg-type]
        except (AssertionError, KeyError):
            continue
        files = changed
    copy = mend(tmp_path, files, judged=False)
    undone = {file: text.decode() for file, text in undo(copy.folder).items()}
    original = {n: t if isinstance(t, str) else t.decode() for n, t in files.items()}
    assert list_lines(undone) == list_lines(original)


def test_a_conversion_cannot_be_undone(tmp_path: Path) -> None:
    copy = mend(tmp_path, DISTRICT, to="oneroster-1.1")
    assert copies.read_mark(copy.folder)[1] == "oneroster-1.1"


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="no folder that"):
        copies.read_mark(tmp_path)


def test_a_changed_log_is_refused(tmp_path: Path) -> None:
    copy = mend(tmp_path, FAULTS["blank rows"][1](DISTRICT))
    log = copy.folder / "mended.csv"
    log.write_text(log.read_text(encoding="utf-8").replace("new line", "line"), encoding="utf-8")
    with pytest.raises(BadUsage, match="is not a log"):
        undo(copy.folder)
