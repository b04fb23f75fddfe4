"""The note of a night as text; without personal data."""

from __future__ import annotations

import re
import textwrap

from validator import wording
from validator.model import Night
from validator.outputs.guard import words

WIDTH = 96

SIGN = re.compile(rb"\A(GO|STOP): ")
"""What every earlier guard.txt has."""


def render(night: Night) -> str:
    """Render the guard's note as text, with a final line end."""
    lines = [words.describe_decision(night), *_wrap(words.describe_release(night))]
    lines += ["", *_list_reasons(night), *_list_verdicts(night)]
    lines += ["", *_wrap(words.describe_comparison(night))]
    lines += _list_counts(night)
    for notice in words.describe_circumstances(night):
        lines += _wrap(f"Note: {notice}")
    lines += ["", *_wrap(words.describe_history(night)), *_wrap(words.KEPT)]
    moment = f", {night.moment:%Y-%m-%d %H:%M} UTC" if night.moment else ""
    lines += [
        "",
        f"Night {night.number}, {wording.format_date(night.day)}{moment}. "
        f"rosterready {night.version}. No personal data on this note.",
    ]
    return "\n".join(lines) + "\n"


def _wrap(text: str, indent: str = "") -> list[str]:
    """Wrap a line of the guard's text report."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _list_reasons(night: Night) -> list[str]:
    """Return the lines of the guard's text note about its reasons, each with what to do."""
    listed, more = words.list_reasons(night)
    lines = []
    for number, reason in enumerate(listed, 1):
        lines += _wrap(words.describe_reason(reason), f"{number}. ")
        lines += _wrap(f"What to do: {reason.fix}", "   ") if reason.fix else []
    if more:
        lines.append(f"And {more} more; guard.json has all of them.")
    accepted = words.list_accepted(night)
    if accepted:
        lines += _wrap("Accepted on an earlier night, and no larger since:")
        for reason in accepted:
            lines += _wrap(words.describe_reason(reason), "- ")
    return lines


def _list_verdicts(night: Night) -> list[str]:
    """Render the verdict for each app in the guard's text report."""
    return [
        f"{title}: {words.VERDICTS.get(verdict, verdict)}."
        for title, verdict in night.verdicts.items()
    ]


def _list_counts(night: Night) -> list[str]:
    """Return the table of records before and now."""
    if not night.counts:
        return []
    columns = words.list_columns(night)
    rows = [["", "before", "now", *(words.WAYS[way] for way in columns)]]
    rows += [words.list_cells(count, columns) for count in night.counts]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
