"""Circumstances of the guard's night: the calendar, the clock, a damaged state."""

from __future__ import annotations

import datetime as dt

from validator.compare.guard.state import State
from validator.model import StopReason, Tonight

LONG_BREAK = 30
"""Days since the last night from which on they are mentioned."""

FIRST_NIGHT = "This is the first night, so there was no earlier export to compare with."

CHANGED_RELEASE = (
    "Before tonight, the files in the release folder were not the ones that were let through last: "
    "somebody had changed or removed some."
)
UNUSED_ACCEPTANCE = "Nothing stopped this export, so --accept changed nothing."
FULL_DISK = StopReason(
    "disk-full",
    "release",
    "The disk is full, so the export could not be copied",
    fix="Make room on the disk of the release folder, and run the guard again.",
)
IMPOSSIBLE_ACCEPTANCE = "--accept cannot let this export through, because it could not be read."


def describe_damage(why: str) -> StopReason:
    """Return the reason to stop on a night when the last export's digests cannot be read."""
    fix = (
        "Check tonight's export by hand. To begin again, run the guard with --accept; "
        "the files in the release folder stay until then."
    )
    sentence = f"The last export let through cannot be used to compare. {why.rstrip('.')}"
    return StopReason("state-damaged", "state", sentence, fix=fix)


def describe_pause(tonight: Tonight) -> list[StopReason]:
    """Return the reason to stop on a day when nothing is let through."""
    period = tonight.period
    if period is None or not period.pause:
        return []
    sentence = f"The calendar pauses the guard from {period.first} to {period.last}"
    fix = "Nothing to fix. The next export after these days is judged as usual."
    return [StopReason("paused", period.first, sentence, fix=fix)]


def describe_clock(state: State, day: dt.date) -> list[str]:
    """Return what is odd about tonight's date and the date of the last night."""
    if not state.day:
        return []
    apart = (day - dt.date.fromisoformat(state.day)).days
    if apart < 0:
        return [
            f"The clock says {day.isoformat()}, which is before the last night "
            f"({state.day}). Nights are numbered, so nothing gets mixed up; check the clock."
        ]
    if apart > LONG_BREAK:
        return [f"{apart} days have passed since the last night ({state.day})."]
    return []
