"""Who may import whom: the arrows of the house, held by the import statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import validator

HOUSE = Path(validator.__file__).parent
EVERYBODY = {"model", "limits", "given"}  # every room may know the nouns, how much is too much, and how to read a file
DOORS = ("formats", "checks", "outputs")  # their door imports each module; siblings never import each other

ARROWS: dict[str, set[str]] = {
    # up here, people and the clock
    "__main__": {"cli"},
    "cli": {"ahead", "assess", "bundled", "console", "delivery", "districtpack", "earlier", "letters", "lookup", "many",
            "options", "recognition", "rulebook", "sample"},
    "ahead": {"console", "delivery", "forecast", "options", "outputs", "preview"},
    "delivery": {"console", "earlier", "followup", "gate", "history", "outputs", "rulebook", "spelling"},
    "desktop": {"assess", "delivery", "rulebook", "words", "console"},
    "docs": {"cli", "routes", "rulebook", "rulepage", "words", "bundled"},
    "console": {"memory", "spelling"},
    "lookup": {"bundled", "console", "outputs", "rulebook", "rulepage"},
    "many": {"console", "delivery", "options", "portfolio"},
    "options": set(),
    "portfolio": {"assess", "breakdowns", "bundled", "outputs", "rulebook", "words"},
    "memory": set(),
    # the road
    "recognition": {"columnmap", "csvfile", "formats", "reading", "roster", "source", "vocabulary"},
    "assess": {"changes", "engine", "formats", "memory", "report", "routes", "rulebook", "sharing",
               "sharingfile"},
    "engine": {"abreast", "checks", "roster", "sifting", "together"},
    "sifting": {"roster"},
    "together": {"roster"},
    "report": {"readiness", "roster"},
    # what is written
    "letters": {"words"},
    "earlier": set(),
    "gate": {"spelling"},
    "followup": {"privacy", "words"},
    "breakdowns": {"public"},
    "outputs": {"breakdowns", "bundled", "followup", "forecast", "gate", "history", "preview", "privacy", "spelling",
                "words"},
    "privacy": {"public", "roster"},
    "public": {"bundled", "roster", "reading", "yamlfile"},
    # the rules
    "rulebook": {"bundled", "pack", "packfile", "settings", "spelling", "yamlfile", "vocabulary", "electives",
                 "checks"},
    "rulepage": {"pack", "rulebook", "words", "yamlfile"},
    "routes": {"bundled", "spelling", "yamlfile"},
    "districtpack": {"public", "reading", "roster", "words"},
    "packfile": {"pack", "spelling", "yamlfile"},
    "pack": set(),
    "settings": {"spelling"},
    "yamlfile": {"spelling"},
    # what looks
    "formats": {"abreast", "columnmap", "csvfile", "recast", "roster", "reading", "source"},
    "recast": {"roster", "reading"},
    "columnmap": {"bundled", "spelling", "yamlfile"},
    "source": set(),
    "csvfile": {"abreast", "pieces", "reading"},
    "checks": {"changes", "electives", "likeness", "reading", "reasons", "roster", "sharing", "sharingfile",
               "thresholds", "vocabulary"},
    "roster": {"pieces", "reading"},
    "changes": {"matching", "roster", "reading", "vocabulary"},
    "matching": set(),
    "likeness": {"roster"},
    "reasons": {"changes", "reading", "roster"},
    "thresholds": {"changes"},
    "forecast": {"changes", "checks", "formats", "public", "reasons", "report", "roster", "rulebook", "thresholds"},
    "preview": {"checks", "electives", "formats", "public", "report", "roster", "rulebook", "sharing", "sharingfile",
                "suggestion", "vocabulary"},
    "suggestion": {"reading", "roster", "sharing", "sharingfile", "vocabulary"},
    "sharing": {"roster", "sharingfile", "vocabulary"},
    "sharingfile": {"spelling", "vocabulary", "yamlfile"},
    "readiness": {"roster"},
    "history": {"words"},
    # on the ground
    "sample": set(),
    "words": set(),
    "vocabulary": set(),
    "electives": {"titles"},
    "titles": set(),
    "reading": set(),
    "spelling": set(),
    "bundled": set(),
    "model": set(),
    "limits": set(),
    "given": set(),
    "abreast": set(),
    "pieces": set(),
}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module by its name inside the package, and its file."""
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        if "_bundled" not in parts and parts != ("__init__",):
            yield ".".join(part for part in parts if part != "__init__"), path


def imported(path: Path) -> Iterator[str]:
    """Every module of ours that the file imports, by its name inside the package; also inside functions."""
    known = {name for name, _ in modules()}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("validator.") for alias in node.names
                        if alias.name.startswith("validator."))
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write the import out from `validator`"
            base = node.module or ""
            if base == "validator":
                yield from (alias.name for alias in node.names if alias.name in known)
            elif base.startswith("validator."):
                inside = base.removeprefix("validator.")
                yield from (f"{inside}.{alias.name}" if f"{inside}.{alias.name}" in known else inside
                            for alias in node.names)


@pytest.mark.parametrize(("name", "path"), [pytest.param(*found, id=found[0]) for found in modules()])
def test_imports_follow_the_arrows(name: str, path: Path) -> None:
    room = name.partition(".")[0]
    assert room in ARROWS, f"{room} is a new room: say in ARROWS whom it may import"
    for other in imported(path):
        there = other.partition(".")[0]
        assert there == room or there in ARROWS[room] | EVERYBODY, f"{name} imports {other}"


@pytest.mark.parametrize(("name", "path"), [pytest.param(*found, id=found[0]) for found in modules()
                                            if found[0].startswith(DOORS) and "." in found[0]])
def test_siblings_do_not_import_each_other(name: str, path: Path) -> None:
    room, shelf = name.split(".")[:2]
    for other in imported(path):
        inside = other.split(".")
        assert inside[0] != room or inside[1:2] == [shelf], f"{name} imports its sibling {other}"


def test_no_arrow_leads_to_a_room_that_is_not_there() -> None:
    rooms = {name.partition(".")[0] for name, _ in modules()}
    assert set(ARROWS) == rooms
    assert {there for arrows in ARROWS.values() for there in arrows} <= rooms
