"""The memory that a command may use."""

from __future__ import annotations

import pytest

from validator.cli import computer
from validator.model import BadUsage


@pytest.mark.parametrize(
    ("text", "size"), [("4G", 4 << 30), ("1500M", 1500 << 20), ("0.5g", 1 << 29)]
)
def test_a_limit_is_a_number_with_its_unit(text: str, size: int) -> None:
    assert computer.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "4", "G", "-1G", "nanG", "many"])
def test_a_malformed_memory_limit_is_refused(text: str) -> None:
    with pytest.raises(BadUsage, match="--memory-limit"):
        computer.parse_size(text)


def test_free_memory_is_divided_among_the_jobs() -> None:
    free = computer.read_memory_limit("", 2)
    assert free is None or free > 1 << 20
    assert computer.read_memory_limit("2G", 4) == 2 << 30
