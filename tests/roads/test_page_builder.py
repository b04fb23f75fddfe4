"""Building the page: only pinned files, and a list of what is missing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import page

PINS = json.loads((page.ROOT / "packaging" / "web-pins.json").read_bytes())


def build(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Build without a network and without anything that was downloaded before."""
    command = [sys.executable, str(page.BUILDER), "--offline", "--out", str(folder / "site")]
    command += ["--cache", str(folder / "cache"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.promise("The page is built of files that are pinned by their SHA-256 only")
def test_what_is_missing_or_another_file_is_named(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    other = PINS["files"][0]["file"]
    (given / other).write_bytes(b"another file")
    done = build(tmp_path, "--wheels", str(given))
    assert done.returncode == 1
    assert f"{other}: the file in {given} is another one" in done.stderr
    assert all(pin["file"] in done.stderr for pin in PINS["files"])
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site").exists()


def test_every_file_is_pinned() -> None:
    for pin in [*PINS["files"], *PINS["carriers"].values()]:
        assert re.fullmatch(r"[0-9a-f]{64}", pin["sha256"]), pin
        assert pin["version"] in pin["file"] or "inside" in pin
    assert len({pin["file"] for pin in PINS["files"]}) == len(PINS["files"])


def test_the_page_uses_the_versions_that_the_command_uses() -> None:
    """Except for what is compiled, and pydantic, which has no version without compiled parts."""
    text = (page.ROOT / "requirements.txt").read_text(encoding="utf-8")
    required = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.M))
    for pin in PINS["files"]:
        if pin["use"] == "pure" and pin["name"] != "pydantic":
            assert required[pin["name"].lower()] == pin["version"], pin["name"]
    pandas = next(pin for pin in PINS["files"] if pin["name"] == "pandas")
    assert required["pandas"] == pandas["version"]
