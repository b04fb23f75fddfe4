"""Facts about a report that privacy computes once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from validator.model import Report

T = TypeVar("T")


def keep_once(compute: Callable[[Report], T]) -> Callable[[Report], T]:
    """Let privacy compute a fact about a report once; it is kept as long as the report."""
    known: WeakKeyDictionary[Report, T] = WeakKeyDictionary()

    @wraps(compute)
    def recall(report: Report) -> T:
        if report not in known:
            known[report] = compute(report)
        return known[report]

    return recall
