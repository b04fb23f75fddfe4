"""The preview of a first sync, as text and as JSON; without personal data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from validator import wording
from validator.model import AccountMatch, AppForecast, KindMatch
from validator.outputs import first_sync
from validator.outputs.json import first_sync as json_first_sync
from validator.outputs.screen import wrap_line
from validator.privacy.first_sync import hide

SIGN = re.compile(rb'"schema_version": "[^"]*",\s*"as_of": "[^"]*",\s*"apps": \[')
"""What every earlier JSON of a preview has."""

LISTED = 200
"""Lines listed per item in the JSON; counts are whole."""
SHOWN = 5

FOUND_BY = {"email": "e-mail address", "id": "SIS id"}


def render_text(apps: Sequence[AppForecast], accounts: Sequence[AccountMatch]) -> str:
    """Render the preview of a first sync as text, with a final line end."""
    matches = {match.profile: match for match in accounts}
    lines: list[str] = []
    for app in map(hide, apps):
        lines += [f"What the first sync would create in {app.title}", ""]
        for sentence in first_sync.list_sentences(app):
            lines += wrap_line(sentence)
        lines += ["", *_tabulate([first_sync.list_headings(app), *first_sync.list_rows(app)])]
        per_teacher = first_sync.describe_classes_per_teacher(app)
        if per_teacher:
            lines += ["", *wrap_line(per_teacher)]
        if app.profile in matches:
            lines += ["", *_describe_accounts(matches[app.profile])]
        sources = dict.fromkeys(fact.source for fact in app.facts.values())
        lines += ["", *(f"  Source: {source}" for source in sources), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _tabulate(rows: Sequence[Sequence[str]]) -> list[str]:
    """Render the rows of a table in columns of the first-sync report's text."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _describe_accounts(match: AccountMatch) -> list[str]:
    """Render in the first-sync report who is found among the accounts of an app."""
    lines = wrap_line(
        f"{match.title} has {wording.format_count(match.accounts, 'accounts')} already, by "
        f"{match.file}:"
    )
    for kind in match.kinds:
        lines += wrap_line(_describe_kind(kind, match.file))
    if match.orphans:
        are = "belongs" if len(match.orphans) == 1 else "belong"
        lines += wrap_line(
            f"{wording.format_count(len(match.orphans), 'accounts')} {are} to nobody in this "
            f"export: {match.file}, {_list_lines(match.orphans)}."
        )
    else:
        lines += wrap_line("No account is orphaned.")
    return lines


def _describe_kind(kind: KindMatch, file: str) -> str:
    """Render in the first-sync report's text how one kind matches the app's accounts."""
    parts = [
        f"{wording.format_count(kind.matched, kind.kind)} found by {FOUND_BY[kind.by]}",
        f"{wording.format_number(kind.new)} without an account so far",
    ]
    count = len(kind.second)
    if not kind.is_settled:
        other = FOUND_BY["email" if kind.by == "id" else "id"]
        return (
            f"{', '.join(parts)}. The app finds them by {other}, which this list does not have, so "
            "it is not known who would get a second account."
        )
    if not count:
        return f"{', '.join(parts)}, and nobody would get a second one."
    files: dict[str, list[int]] = {}
    for own, line, _ in kind.second:
        files.setdefault(own, []).append(line)
    here = ", ".join(f"{own}, {_list_lines(lines)}" for own, lines in files.items())
    there = _list_lines([line for _, _, line in kind.second])
    return (
        f"{', '.join(parts)}. {wording.format_number(count)} would get a second account, because "
        f"the one that they have is under a different {FOUND_BY[kind.by]}: {here}; "
        f"{file}, {there}."
    )


def _list_lines(lines: Sequence[int]) -> str:
    """Render lines in the first-sync report: `line 3`, `lines 3, 5 and 12 more`."""
    shown = [str(line) for line in lines[:SHOWN]]
    more = len(lines) - SHOWN
    words = [*shown, f"{wording.format_number(more)} more"] if more > 0 else shown
    return f"{'line' if len(lines) == 1 else 'lines'} {wording.join_words(words)}"


def build_document(
    apps: Sequence[AppForecast], accounts: Sequence[AccountMatch], as_of: str
) -> dict[str, Any]:
    """Render the preview of a first sync as data for JSON."""
    matches = {match.profile: _describe_match(match) for match in accounts}
    return {
        "schema_version": "1.0",
        "as_of": as_of,
        "apps": [
            {**described, "accounts": matches.get(described["profile"])}
            for described in json_first_sync.build_document([hide(app) for app in apps])
        ],
    }


def _describe_match(match: AccountMatch) -> dict[str, Any]:
    """Render the match with the app's accounts in the first-sync report's JSON."""
    return {
        "file": match.file,
        "accounts": match.accounts,
        "orphaned": len(match.orphans),
        "orphaned_lines": list(match.orphans[:LISTED]),
        "people": [
            {
                "kind": kind.kind,
                "found_by": kind.by,
                "found_by_app": kind.is_settled,
                "matched": kind.matched,
                "new": kind.new,
                "second_account": len(kind.second),
                "second_account_lines": [
                    {"file": file, "line": line, "account_line": account}
                    for file, line, account in kind.second[:LISTED]
                ],
            }
            for kind in match.kinds
        ],
    }
