"""The laws of style that ruff has no rule for, and one import identity for every test module."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support import style

TESTS = Path(__file__).resolve().parent


@pytest.mark.parametrize("law", list(style.LAWS))
def test_the_law_is_kept(law: str) -> None:
    broken = list(style.LAWS[law]())
    if broken:
        print(*broken, sep="\n")
    assert not broken, f"{len(broken)} places: python -m tests.support.style {law}"


def test_no_test_module_is_imported_under_two_names() -> None:
    names = defaultdict(set)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and TESTS in Path(file).resolve().parents and name != "__main__":
            names[file].add(name)
    twice = {file: several for file, several in names.items() if len(several) > 1}
    assert names and not twice
