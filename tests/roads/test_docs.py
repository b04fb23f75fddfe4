"""The generated pages are those of today's packs and options, and the README's facts are true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from validator.cli import docs
from validator.model import BadUsage
from validator.rulebook import fix_routes, load

ROOT = Path(__file__).resolve().parents[2]


FIX = [f"fix/{system}.md" for system in fix_routes.list_systems()]
NAMES = ["rules.md", "diagnoses.md", "cli.md", "acceptance.md", "repairs.md", *FIX]


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """Every generated page, by its file name."""
    return docs.build_pages()


def test_every_generated_page_is_compared(pages: Mapping[str, str]) -> None:
    assert list(pages) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_generated_page_is_fresh(name: str, pages: Mapping[str, str]) -> None:
    there = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert there == pages[name], "run `python -m validator.cli.docs`"


def test_every_rule_has_its_section(pages: Mapping[str, str]) -> None:
    page = pages["rules.md"]
    assert all(f"\n### {rule.id}\n" in page for rule, _ in load.list_rules())


def test_the_readme_names_only_commands_and_options_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = docs.build_cli_page()
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", readme)):
        assert option in page, option
    for command in set(re.findall(r"`rosterready ([a-z]+)", readme)):
        assert f"## rosterready {command}" in page, command


def test_a_bad_pack_ends_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refuse() -> Mapping[str, str]:
        raise BadUsage("rules/sis.yaml:3: no key 'levle'")

    monkeypatch.setattr(docs, "FOLDER", tmp_path / "docs")
    monkeypatch.setattr(docs, "build_pages", refuse)
    assert docs.main() == 2
    assert capsys.readouterr().err == "rosterready: rules/sis.yaml:3: no key 'levle'\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_to_files_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (ROOT / target).exists(), target
