"""Whole runs are slow: all tests of this folder are marked so, but those of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

ROADS = Path(__file__).resolve().parent
QUICK = {"test_docs", "test_promises"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, which `-m "not slow"` then leaves out."""
    for item in items:
        if item.path.parent == ROADS and item.path.stem not in QUICK:
            item.add_marker("slow")
