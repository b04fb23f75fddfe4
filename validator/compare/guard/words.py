"""Words for changes in one night: what happened to how many, and how much was allowed."""

from __future__ import annotations

from collections.abc import Sequence

from validator.compare.thresholds import Load

SINGULAR = {
    "schools": "school",
    "students": "student",
    "teachers": "teacher",
    "sections": "section",
    "enrollments": "enrollment",
    "staff": "staff member",
}
PLURAL = {"staff": "staff members"}

HAPPENED = {
    "gone": ("is gone", "are gone"),
    "new": ("is new", "are new"),
    "changed": ("is changed", "are changed"),
    "moved": ("has a different school", "have different schools"),
    "left_school": (
        "leaves one school and stays at another",
        "leave one school and stay at another",
    ),
    "new_ids": ("has a new id", "have new ids"),
    "new_addresses": ("has a different e-mail address", "have different e-mail addresses"),
}
"""What happened to one record, and to several."""

BE = ("is ", "are ")


def count_records(count: int, kind: str) -> str:
    """Count records that differ in the guard's comparison of two exports: `1,200 students`."""
    noun = SINGULAR[kind] if count == 1 else PLURAL.get(kind, kind)
    return f"{count:,} {noun}"


def describe_way(ways: Sequence[str], kind: str, count: int) -> str:
    """Describe a difference that the guard's comparison of two exports has: `1 student is gone`."""
    at = 0 if count == 1 else 1
    first, *others = (HAPPENED[way][at] for way in ways)
    parts = [first, *(other.removeprefix(BE[at]) for other in others)]
    happened = ", ".join(parts[:-1]) + " or " + parts[-1] if others else first
    return f"{count_records(count, kind)} {happened}"


def describe_share(load: Load, limit: float) -> str:
    """Describe the share that differs in the guard's comparison: `12.0% of 100, over 5%`."""
    return f"{load.share:.1%} of {load.of:,}, over {format_limit(limit)}"


def format_limit(limit: float) -> str:
    """Format a threshold by which the guard compares two exports as a percentage, like `2.5%`."""
    return f"{limit * 100:.4g}%"
