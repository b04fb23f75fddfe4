"""Undoing a corrected copy restores the records of the export."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.repair.test_form_faults import DISTRICT, FAULTS, SAME_LINES
from tests.support.mending import list_lines, mend, undo
from validator.cli import copies
from validator.model import BadUsage

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(12))
def test_several_faults_together_come_back(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    names = rng.sample([n for n in SAME_LINES if "mark" not in n and "garbled" not in n], 5)
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
    copy = mend(tmp_path, DISTRICT, to="oneroster-1.1", judged=False)
    assert copies.read_mark(copy.folder)[1] == "oneroster-1.1"


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="was not written by"):
        copies.read_mark(tmp_path)


def test_a_changed_log_is_refused(tmp_path: Path) -> None:
    copy = mend(tmp_path, FAULTS["blank rows"][1](DISTRICT), judged=False)
    log = copy.folder / "mended.csv"
    log.write_text(log.read_text(encoding="utf-8").replace("new line", "line"), encoding="utf-8")
    with pytest.raises(BadUsage, match="is not a log"):
        undo(copy.folder)
