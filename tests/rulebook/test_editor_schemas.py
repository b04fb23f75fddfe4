"""The schemas for editors accept what the program reads, and refuse what it refuses."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.json_schemas import build_validator
from validator import resources
from validator.cli.catalog import build_schema
from validator.ingest import read
from validator.model import BadUsage, Clause, Condition, Sharing, Target
from validator.rulebook import column_maps, load, sharing_files

ROOT = Path(__file__).parents[2]
PACKS = [
    path
    for path in sorted(resources.find_rules().glob("*.yaml"))
    if path.stem not in ("privacy", "guard")
]
EXAMPLES = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8"), re.DOTALL
)


def read_yaml(text: str) -> Any:
    """The YAML as an editor reads it: `on` is a word, a date a text."""
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one written in C is ten times faster
    loader = type("Loader", (base,), {})
    loader.yaml_implicit_resolvers = {  # type: ignore[attr-defined]
        first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(("bool", "timestamp"))]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=loader)


def list_faults(kind: str, text: str) -> list[str]:
    """What an editor would mark."""
    validator = build_validator(json.dumps(build_schema(kind)))
    return [it.message for it in validator.iter_errors(read_yaml(text))]


def load_rule(text: str, folder: Path) -> Sharing:
    path = folder / "sharing.yaml"
    path.write_text(text, encoding="utf-8")
    grades, _ = load.load_vocabulary()
    return sharing_files.load_sharing(path, read.list_fields(), grades)


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_bundled_pack_is_accepted(path: Path) -> None:
    assert list_faults("pack", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", column_maps.list_bundled_maps().values(), ids=lambda it: it.stem)
def test_every_bundled_map_is_accepted(path: Path) -> None:
    assert list_faults("columns", path.read_text(encoding="utf-8")) == []


def test_the_documented_examples_are_three_and_are_read(tmp_path: Path) -> None:
    assert len(EXAMPLES) == 3
    for text in EXAMPLES:
        assert list_faults("sharing", text) == []
        load_rule(text, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "share: rulez\n",
        "rules: []\n",
        "share: rules\nrules:\n  - match: pupils\n",
        "share: rules\nrules:\n  - match: staff\n    where: [{field: Title, has: [a]}]\n",
        "share: rules\nrules:\n  - match: staff\n    where: [{field: Title}]\n",
        "share: everything\nextra: 1\n",
    ],
)
def test_what_the_program_refuses_an_editor_marks(text: str, tmp_path: Path) -> None:
    assert list_faults("sharing", text)
    with pytest.raises(BadUsage):
        load_rule(text, tmp_path)


def test_a_misspelled_key_of_a_rule_is_marked() -> None:
    pack = "pack: a\nversion: '1'\ntitle: A\nrules:\n  - {id: student-email-missing, levle: off}\n"
    assert list_faults("pack", pack)
    assert not list_faults("pack", pack.replace("levle", "level"))


@pytest.mark.parametrize(
    "rule",
    [
        Sharing("everything"),
        Sharing("schools", ids=("0101", "#2: a, b")),
        Sharing(
            "rules",
            all_staff=True,
            rules=(
                Clause("sections", (Condition("Grade", "is", ("6", "Kindergarten")),)),
                Clause("staff", (Condition("Title", "contains", ('Coach "A"', "yes", "0012")),)),
                Clause("teachers", ()),
            ),
            target=Target(grades=("6",), subjects=("math",), schools=("0101",), licenses=12),
        ),
    ],
    ids=["everything", "schools", "rules"],
)
def test_a_written_sharing_file_is_read_back(rule: Sharing, tmp_path: Path) -> None:
    text = sharing_files.render_sharing(rule, comment=f"written {dt.date(2026, 11, 29)}")
    assert load_rule(text, tmp_path) == rule
    assert list_faults("sharing", text) == []
