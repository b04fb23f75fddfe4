"""The three lists compared, on the screen; without personal data."""

from __future__ import annotations

from collections.abc import Sequence

from validator import wording
from validator.compare.reconcile.result import Reconciliation
from validator.outputs.reconcile import groups, words
from validator.outputs.screen import wrap_line
from validator.text import escape_terminal

MOST = 10
"""Groups listed on the screen; reconcile.json has all."""


def render(result: Reconciliation, files: Sequence[str] = ()) -> str:
    """Render the compared lists for the terminal. `files`: what was written."""
    if result.is_equal:
        lines = [words.describe_equal(result)]
    else:
        lines = [*wrap_line(words.describe_result(result), "", hang=""), "", *_list_counts(result)]
    for title, listed in list_desks(result):
        lines += ["", title]
        for message in listed[:MOST]:
            lines += wrap_line(message)
        if len(listed) > MOST:
            lines.append(f"  {wording.format_more(len(listed) - MOST, 'reason')} in reconcile.json")
    for note in result.notes:
        lines += ["", *wrap_line(f"Note: {note}", "", hang="")]
    if files and not result.is_equal:
        lines += ["", "Written", *(f"  {name}" for name in files)]
        lines += wrap_line(
            "The workbook holds student data: keep it inside the district. The page and the JSON "
            "do not, unless --show-values was given."
        )
    return "\n".join(escape_terminal(line).rstrip() for line in lines) + "\n"


def list_desks(result: Reconciliation) -> list[tuple[str, list[str]]]:
    """Return for each desk that must act its title and what to send it."""
    every = groups.list_groups(result)
    desks = []
    for desk, title in words.DESKS.items():
        messages = [groups.write_message(result, group) for group in every if group.owner is desk]
        if messages:
            desks.append((title, messages))
    return desks


def count_rows(result: Reconciliation) -> list[tuple[str, ...]]:
    """Return the table of counts: a heading, then for each kind how many are where."""
    names = [name for name in words.LISTS if name in result.lists]
    doubtful = [words.count_doubtful(losses) for losses in result.losses.values()]
    heading = ["lost", *(["may be lost"] if any(doubtful) else []), "differ"]
    rows: list[tuple[str, ...]] = [("", *(words.SHORT[name] for name in names), *heading)]
    for (kind, losses), unclear in zip(result.losses.items(), doubtful, strict=True):
        counts = [result.lists[name].counts.get(kind) for name in names]
        cells = ["-" if count is None else f"{count:,}" for count in counts]
        lost = words.count_lost(losses)
        numbers = [lost, *([unclear] if any(doubtful) else []), len(losses) - lost - unclear]
        rows.append((kind, *cells, *(f"{number:,}" for number in numbers)))
    return rows


def _list_counts(result: Reconciliation) -> list[str]:
    """Render the counts of each list for the reconcile terminal report."""
    rows = count_rows(result)
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
