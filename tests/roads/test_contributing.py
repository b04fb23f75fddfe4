"""The worked pages of docs/contributing, followed literally in a copy of the tree.

A block with a path as its info string is written to that file: whole, at its end (`append`), or
below the first line that contains TEXT (`after TEXT`). An `sh` block is run, and each line of
the `text` block below it must appear in the output.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.running import ROOT
from tests.support.trees import copy_tree, run_module

pytestmark = pytest.mark.slow
PAGES = ROOT / "docs" / "contributing"
TOUCHED = {"rule": 2, "check": 3, "vendor": 1, "output": 2, "format": 3, "diagnosis": 4}
"""The number of files that a page writes by hand, apart from an export to try it on."""

BLOCK = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the path and place that it is written to, and its text."""

    language: str
    path: str
    place: str
    body: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    parsed = []
    for match in BLOCK.finditer(text):
        language, path, place = [*match["info"].split(maxsplit=2), "", ""][:3]
        parsed.append(Block(language, path, place, match["body"]))
    return parsed


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree."""
    return copy_tree(tmp_path)


def apply(block: Block, folder: Path) -> None:
    """Write a block to its file."""
    path = folder / block.path
    if not block.place:
        assert not path.exists(), f"{block.path} exists already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if block.place == "append":
        lines.append(block.body)
    else:
        mark = block.place.removeprefix("after ")
        number = next((at for at, line in enumerate(lines) if mark in line), None)
        assert number is not None, f"{block.path} has no line with {mark!r}"
        lines.insert(number + 1, block.body)
    path.write_text("".join(lines), encoding="utf-8")


def run(body: str, folder: Path) -> str:
    """The output of the commands of a block; `# exit code N` names another exit code than 0."""
    output = ""
    for line in body.splitlines():
        command, _, remark = line.partition("  # exit code ")
        words = shlex.split(command)
        assert words[:2] == ["python", "-m"], f"only modules can be run: {line}"
        done = run_module(folder, *words[2:])
        assert done.returncode == int(remark or 0), f"{line}\n{done.stdout}{done.stderr}"
        output += done.stdout + done.stderr
    return output


def test_every_page_is_followed() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(TOUCHED)
    links = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"docs/contributing/{name}.md" in links for name in TOUCHED)


@pytest.mark.parametrize("page", TOUCHED)
def test_a_page_keeps_its_word(page: str, copy: Path) -> None:
    output = ""
    for block in blocks(page):
        if block.path:
            apply(block, copy)
        elif block.language == "sh":
            output = run(block.body, copy)
        elif block.language == "text":
            missing = [line for line in block.body.splitlines() if line not in output]
            assert not missing, output
    touched = {block.path for block in blocks(page) if block.path}
    assert len([path for path in touched if not path.startswith("demo/")]) == TOUCHED[page]
