"""Reasons to stop that are the same for several apps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from validator.model import StopReason


def join_profiles(reasons: Iterable[StopReason]) -> list[StopReason]:
    """Return the guard's reasons to stop, each once with the names of all its apps."""
    joined: dict[tuple[str, str, str, int], StopReason] = {}
    for reason in reasons:
        same = (reason.code, reason.subject, reason.sentence, reason.people)
        first = joined.get(same)
        if first is None:
            joined[same] = reason
        elif reason.profile not in first.profile.split(", "):
            joined[same] = replace(first, profile=f"{first.profile}, {reason.profile}")
    return list(joined.values())
