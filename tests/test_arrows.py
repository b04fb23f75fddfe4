"""Which package may import which, read from the imports of `validator`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

import pytest

import validator

ROOT = Path(validator.__file__).parent
MOST_ROOMS, MOST_FLOORS, MOST_ARROWS = 26, 10, 120

GROUND = {"model", "limits", "files", "text", "parallel", "resources"}
"""Rooms that every other room may import: the nouns, limits, and small tools without imports."""

ARROWS: dict[str, set[str]] = {
    # people and the clock
    "__main__": {"cli"},
    "cli": {
        "assess", "followup", "ingest", "outputs", "portfolio", "rulebook", "sample", "wording",
    },
    "portfolio": {"assess", "outputs", "privacy", "rulebook", "wording"},
    "browser": {"assess", "ingest", "outputs", "rulebook", "sample", "wording"},
    # the way from files to a report
    "assess": {
        "compare", "diagnosis", "engine", "followup", "ingest", "repair", "rulebook", "sharing",
        "vocabulary",
    },
    "diagnosis": {"frame", "vocabulary"},
    "engine": {"checks", "frame"},
    # what is written
    "repair": {"diagnosis", "frame", "ingest", "schemas", "vocabulary"},
    "outputs": {"compare", "followup", "privacy", "repair", "sharing", "wording"},
    "followup": {"privacy", "wording"},
    # rules
    "rulebook": {"checks", "frame", "privacy", "vocabulary", "wording"},
    "checks": {"compare", "frame", "sharing", "vocabulary"},
    "compare": {"frame", "privacy", "vocabulary"},
    "sharing": {"frame", "privacy", "vocabulary"},
    "privacy": {"frame", "vocabulary"},
    # reading
    "ingest": {"frame", "schemas", "vocabulary"},
    "schemas": {"frame"},
    "frame": set(),
    # the ground floor
    "vocabulary": set(),
    "wording": set(),
    "sample": set(),
    **{room: set() for room in GROUND},
}  # fmt: skip


@cache
def modules() -> dict[str, Path]:
    """Every module by its dotted name below `validator`, and its file."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "_bundled" not in parts and parts != ("__init__",):
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def imports(path: Path) -> tuple[tuple[str, str], ...]:
    """Each imported module of `validator`, and the imported name ("" for the module itself)."""
    return tuple(_read_imports(path))


def _read_imports(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("validator."):
                    yield alias.name.removeprefix("validator."), ""
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: import absolutely, from `validator`"
            base = node.module or ""
            if base != "validator" and not base.startswith("validator."):
                continue
            inside = base.removeprefix("validator").removeprefix(".")
            for alias in node.names:
                full = f"{inside}.{alias.name}" if inside else alias.name
                if full in modules():
                    yield full, ""
                elif inside:
                    yield inside, alias.name


def room(module: str) -> str:
    """The top-level package or module that a module belongs to."""
    return module.partition(".")[0]


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """Every pair of rooms of which the first imports the second."""
    return frozenset(
        (room(name), room(other))
        for name, path in modules().items()
        for other, _ in imports(path)
        if room(name) != room(other)
    )


def floors() -> dict[str, int]:
    """The floor of each room: 1 for one that imports none. Fails on a circle."""
    rooms = {room(name) for name in modules()}
    below = {name: {there for here, there in arrows() if here == name} for name in rooms}
    return {name: floor for floor, names in enumerate(peel(below), 1) for name in names}


def peel(below: Mapping[str, Set[str]]) -> Iterator[list[str]]:
    """Yield the names that import none of those that are left, floor by floor.

    `below`: what each name imports. Fails on a circle.
    """
    left = dict(below)
    while left:
        ready = [name for name, others in left.items() if not others & left.keys()]
        assert ready, f"these import each other in a circle: {sorted(left)}"
        yield ready
        for name in ready:
            del left[name]


@pytest.mark.parametrize("name", modules())
def test_imports_follow_the_arrows(name: str) -> None:
    here = room(name)
    assert here in ARROWS, f"{here} is a new room: list in ARROWS what it may import"
    for other, _ in imports(modules()[name]):
        there = room(other)
        assert there == here or there in ARROWS[here] | GROUND, f"{name} imports {other}"


def test_no_files_import_each_other_in_a_circle() -> None:
    below = {
        name: {other for other, _ in imports(path)} & modules().keys() - {name}
        for name, path in modules().items()
    }
    assert sum(map(len, peel(below))) == len(below)


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("checks.")])
def test_checks_do_not_import_each_other(name: str) -> None:
    if name != "checks.registry":
        others = [other for other, _ in imports(modules()[name]) if room(other) == "checks"]
        assert not [other for other in others if other != "checks.declaration"]


@pytest.mark.parametrize("name", modules())
def test_private_names_stay_in_their_module(name: str) -> None:
    for other, imported in imports(modules()[name]):
        assert not imported.startswith("_") or imported == "__version__", (
            f"{name} imports {imported} of {other}"
        )
    borrowed = list_borrowed(modules()[name].read_text(encoding="utf-8"))
    assert not borrowed, f"{name} uses private names of other modules: {borrowed}"


def list_borrowed(code: str) -> list[str]:
    """The private names that code takes from modules of `validator` that it imports."""
    tree = ast.parse(code)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("validator")
        for alias in node.names
    }
    return [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in imported
        and re.match("_[^_]", node.attr)
    ]


def test_a_private_name_of_an_imported_module_is_noticed() -> None:
    code = "from validator.frame import columns\n\ncolumns.encode(columns._combine)\n"
    assert list_borrowed(code) == ["columns._combine"]


def test_every_allowed_arrow_is_used() -> None:
    rooms = {room(name) for name in modules()}
    assert set(ARROWS) == rooms
    unused = {(here, there) for here in ARROWS for there in ARROWS[here]} - arrows()
    assert not unused, f"these arrows are allowed and not used: {sorted(unused)}"


def test_contributing_shows_every_room() -> None:
    guide = (ROOT.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^  (\w+)/|\b(\w+)\.py", guide, re.MULTILINE)
    rooms = {room(name) for name in modules()} - {"__main__"}
    assert rooms <= {folder or module for folder, module in drawn}


def test_the_house_stays_small() -> None:
    levels = floors()
    del levels["__main__"]  # the way in from `python -m`, not a room
    rooms, count, high = len(levels), len(arrows()), max(levels.values())
    print(f"\n{rooms} rooms, {high} floors, {count} arrows, none upward, no circle")
    for floor in range(high, 0, -1):
        print(f"{floor:3}  {', '.join(sorted(name for name in levels if levels[name] == floor))}")
    assert rooms <= MOST_ROOMS
    assert high <= MOST_FLOORS
    assert count <= MOST_ARROWS
