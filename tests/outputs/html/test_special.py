"""The checks that the page shows in a way of their own exist."""

from __future__ import annotations

import pytest

from validator.checks.registry import CHECKS
from validator.outputs.html import special

NAMES = sorted(name for name in vars(special) if name.isupper())


@pytest.mark.parametrize("name", NAMES)
def test_the_check_exists(name: str) -> None:
    assert getattr(special, name) in CHECKS
