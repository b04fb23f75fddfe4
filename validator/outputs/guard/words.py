"""Sentences of the note that the guard leaves each night."""

from __future__ import annotations

from collections.abc import Sequence

from validator import wording
from validator.model import Night, NightCount, StopReason

MOST = 5
"""Reasons on the note; guard.json has all of them."""

WAYS = {
    "gone": "gone",
    "new": "new",
    "changed": "changed",
    "moved": "with another school",
    "left_school": "left one of several schools",
    "new_ids": "with another id",
    "new_addresses": "with another address",
    "returned": "back again",
}
"""What happened to records, as the heading of a column."""

COUNTED = ("not-ready", "could-not-tell", "identity")
"""Codes of reasons whose sentence has no number yet."""

DAMAGED = "state-damaged"
"""Code of the reason that there is nothing to compare with, though there should be."""

KEPT = (
    "The state folder keeps keyed digests of the last export let through, counts and decisions: no "
    "names, ids or addresses of people."
)

VERDICTS = {
    "ready": "ready",
    "not-ready": "not ready",
    "could-not-tell": "could not tell",
}


def describe_decision(night: Night) -> str:
    """Render the first line of the guard's note."""
    if night.by_hand:
        return "GO: tonight's export was let through by hand."
    if night.goes:
        return "GO: tonight's export may be uploaded."
    return "STOP: do not upload tonight's export."


def describe_comparison(night: Night) -> str:
    """Render in the guard's note what the export was compared with."""
    if night.compared_with is None and any(it.code == DAMAGED for it in night.reasons):
        return "Compared with nothing, since what the state folder keeps cannot be used."
    if night.compared_with is None:
        return "Compared with nothing: no export has been let through before."
    number, day = night.compared_with
    return (
        f"Compared with the last export let through, of {wording.format_date(day)} "
        f"(night {number})."
    )


def describe_release(night: Night) -> str:
    """Render in the guard's note what happened to the release folder."""
    if night.released:
        return "The release folder holds tonight's files."
    if night.goes:
        return ""
    return "The release folder, if one is used, still holds the last export let through."


def describe_circumstances(night: Night) -> list[str]:
    """Render in the guard's note the calendar's period, the phase, and other circumstances."""
    lines = []
    if night.period:
        lines.append(f"In the calendar: {night.period}.")
    if night.phase in wording.PHASES and night.phase != "midyear":
        lines.append(f"Judged for {wording.PHASES[night.phase]}.")
    return [*lines, *night.notices]


def count_reason(reason: StopReason) -> str:
    """Render in the guard's note how many people or records a reason concerns; "" for none."""
    if reason.people:
        return "1 person" if reason.people == 1 else f"{reason.people:,} people"
    if reason.records:
        return "1 record" if reason.records == 1 else f"{reason.records:,} records"
    return ""


def describe_reason(reason: StopReason) -> str:
    """Return a reason in one sentence: what, how many, for which apps."""
    count = count_reason(reason)
    number = f": {count}" if count and reason.code in COUNTED else ""
    apps = f" ({reason.profile})" if reason.profile else ""
    return f"{reason.sentence}{number}{apps}."


def list_reasons(night: Night) -> tuple[Sequence[StopReason], int]:
    """Return the reasons on the note, most people first, and how many more there are."""
    reasons = night.stopping
    return reasons[:MOST], max(0, len(reasons) - MOST)


def list_accepted(night: Night) -> list[StopReason]:
    """List the reasons that the report of the guard shows as accepted before and still there."""
    return [reason for reason in night.reasons if reason.accepted]


def describe_history(night: Night) -> str:
    """Render in the guard's note what was decided on the last nights; "" on the first night."""
    if not night.earlier:
        return ""
    words = [f"{it.day} {it.decision}{' (by hand)' if it.by_hand else ''}" for it in night.earlier]
    return f"Earlier nights: {', '.join(words)}."


def list_columns(night: Night) -> list[str]:
    """Render the columns of the guard's table of counts: the ways in which anything changed."""
    return [way for way in WAYS if any(getattr(count, way) for count in night.counts)]


def list_cells(count: NightCount, columns: Sequence[str]) -> list[str]:
    """Render one line of the guard's table: kind, before, now, then each of the ways."""
    before = "-" if count.before is None else f"{count.before:,}"
    return [count.kind, before, f"{count.now:,}", *(f"{getattr(count, it):,}" for it in columns)]
