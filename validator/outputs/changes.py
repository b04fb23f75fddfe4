"""The preview of the next sync, as text and as JSON; without personal data."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from validator import wording
from validator.compare.movements import Movement
from validator.compare.preview import Forecast, Hold
from validator.compare.value_changes import ValueChange
from validator.outputs.file_lines import list_file_lines
from validator.outputs.screen import wrap_line

FOUND = {
    "new": (
        "{} person has a new address and gets a new, empty account, and the history stays in the "
        "old one",
        "{} people have new addresses and get new, empty accounts, and the history stays in the "
        "old ones",
    ),
    "others": (
        "{} person has an address that was somebody else's before, and finds that account",
        "{} people have addresses that were somebody else's before, and find those accounts",
    ),
    "none": (
        "{} person has no address any more and finds no account",
        "{} people have no address any more and find no account",
    ),
}
"""What people find in an app by a changed address, for one and for several."""

WAYS = {"added": "added", "removed": "deleted", "changed": "changed"}
CONFIDENCE = {
    "stated": "Stated",
    "indirect": "Indirect source, not confirmed",
    "settable": "Unless the district set another share",
}
SIGN = re.compile(rb'"name": "rosterready"[^}]*},\s*"kind": "changes"')
"""What the start of every earlier result has."""


def render_text(forecast: Forecast) -> str:
    """Render the forecast of a sync as text, with a final line end."""
    return (
        "\n".join(
            [
                *_render_verdict(forecast),
                "",
                *_render_kinds(forecast),
                *_render_values(forecast),
                *_render_movements(forecast),
                *_render_schools(forecast),
                *_render_holds(forecast),
            ]
        )
        + "\n"
    )


def _render_verdict(forecast: Forecast) -> list[str]:
    """Render the first lines of the preview's text: whether the next sync would be held."""
    tripped = [hold for hold in forecast.holds if hold.trips]
    if forecast.incomparable and not tripped:
        kinds = wording.join_words(list(forecast.incomparable))
        return [f"Part of what the next sync would do is not known: {kinds} cannot be compared."]
    if not any(sum(numbers[2:]) for _, *numbers in forecast.kinds) and not forecast.dropped:
        return ["No change: the next sync would do nothing."]
    if not tripped:
        return ["The next sync would go through: no known threshold would be exceeded."]
    who = wording.join_words(list(dict.fromkeys(hold.held_by for hold in tripped)))
    return [f"The next sync would be held by {who}."]


def _render_kinds(forecast: Forecast) -> list[str]:
    """Return the table of counts."""
    lines = [f"{'':14}{'before':>12}{'now':>12}{'new':>12}{'gone':>12}{'changed':>12}"]
    lines += [
        f"{name:14}" + "".join(f"{number:>12,}" for number in numbers)
        for name, *numbers in forecast.kinds
    ]
    lines += (
        wrap_line(
            f"{wording.join_words(list(forecast.dropped))} of the previous export: no rows now."
        )
        if forecast.dropped
        else []
    )
    for name, why in forecast.incomparable.items():
        lines += wrap_line(
            f"{name} cannot be compared: {why}. Give both complete exports: the one from the "
            "last sync, and the one to be synced."
        )
    return lines


def _render_values(forecast: Forecast) -> list[str]:
    """Return the preview's lines about changed values, and about the accounts they touch."""
    lines = ["", "What changed in records that stay"] if forecast.values else []
    for change in forecast.values:
        where = f": {wording.describe_lines([change.places])}" if change.places else ""
        lines += wrap_line(f"{change.kind}: {change.words}{where}.")
    return [*lines, "", *_render_accounts(forecast)]


def _render_accounts(forecast: Forecast) -> list[str]:
    """Return how many accounts are created, closed and replaced."""
    accounts = forecast.accounts
    if accounts.untouched:
        return ["No account is created, closed or replaced."]
    numbers = f"{accounts.created:,} created, {accounts.closed:,} closed"
    lines = [f"Accounts: {numbers}, {accounts.replaced:,} replaced because an id changed."]
    for app, counts in accounts.by_address.items():
        parts = [
            FOUND[name][number > 1].format(f"{number:,}")
            for name, number in asdict(counts).items()
            if number
        ]
        lines += wrap_line(f"{app} finds people by e-mail address: {'; '.join(parts)}.", "")
    return lines


def _render_movement(movement: Movement) -> str:
    """Render a movement as a sentence of the report on the next sync."""
    says = movement.says_one if movement.count == 1 else movement.says_many
    return f"{wording.format_count(movement.count, movement.kind)} {says}"


def _render_movements(forecast: Forecast) -> list[str]:
    """Render the lines of the preview's text about what happens to records."""
    lines = ["", "What happens"] if forecast.movements else []
    for movement in forecast.movements:
        lines += wrap_line(
            f"{_render_movement(movement)}: {wording.describe_lines([movement.places])}."
        )
    for name, count in forecast.cut_short.items():
        lines += wrap_line(
            f"{wording.format_count(count, name)} that are gone were the last of the previous "
            f"file: the new "
            "file may be cut short. Export it again."
        )
    return lines


def _render_schools(forecast: Forecast) -> list[str]:
    """Render in the preview of the next sync the schools that lose many students."""
    lines = ["", "Schools that lose many students"] if forecast.schools else []
    for school, had, gone in forecast.schools:
        lines += wrap_line(
            f"{f'School {school}' if school else 'A school'} loses {wording.format_number(gone)} "
            f"of "
            f"{wording.format_count(had, 'students')} ({wording.format_percent(gone, had)})."
        )
    return lines


def _render_holds(forecast: Forecast) -> list[str]:
    """Return every hold that would trip with what to do, then how near the others are."""
    lines = ["", "Holds"] if forecast.holds else []
    tripped = [hold for hold in forecast.holds if hold.trips]
    for hold in tripped:
        expected = (
            " Expected when the school year turns: check the counts, then approve."
            if hold.expected
            else ""
        )
        lines += wrap_line(
            f"! {hold.held_by} would hold the sync: {_render_numbers(hold)}. "
            f"{_name_source(hold)}{expected}"
        )
    for fix in dict.fromkeys(hold.rule.fix for hold in tripped):
        lines += wrap_line(f"What to do: {fix}")
    nearest: dict[tuple[str, tuple[str, ...]], Hold] = {}
    for hold in forecast.holds:
        if not hold.trips:
            nearest.setdefault((hold.held_by, hold.ways), hold)
    for hold in nearest.values():
        more = wording.format_number(hold.left)
        lines += wrap_line(
            f"- {hold.held_by}, nearest: {_render_numbers(hold)}; {more} more would still pass. "
            f"{_name_source(hold)}"
        )
    return lines


def _render_numbers(hold: Hold) -> str:
    """Render a hold's numbers in the preview: `600 of 5,000 students deleted (12.0%)`."""
    load, ways = hold.load, wording.join_words([WAYS[way] for way in hold.ways], "or")
    return (
        f"{wording.format_number(load.touched)} of {wording.format_count(load.of, load.name)} "
        f"{ways} "
        f"({load.share:.1%}), {'over' if hold.trips else 'limit'} {hold.limit:.0%}"
    )


def _name_source(hold: Hold) -> str:
    """Render the source of a limit in the text of the preview of the next sync."""
    return f"({CONFIDENCE[hold.confidence]}: {hold.rule.source})"


def build_document(forecast: Forecast) -> dict[str, Any]:
    """Render the forecast of a sync as data for JSON: counts, lines and thresholds."""
    return {
        "schema_version": "1.0",
        "tool": {"name": "rosterready", "version": forecast.report.version},
        "kind": "changes",
        "as_of": forecast.report.as_of.isoformat(),
        "phase": forecast.phase or None,
        "held": any(hold.trips for hold in forecast.holds),
        "kinds": [
            dict(zip(("kind", "before", "now", "added", "removed", "changed"), row, strict=True))
            for row in forecast.kinds
        ],
        "files_dropped": list(forecast.dropped),
        "not_compared": dict(forecast.incomparable),
        "cut_short": dict(forecast.cut_short),
        "values": [_build_value(change) for change in forecast.values],
        "accounts": {
            "created": forecast.accounts.created,
            "closed": forecast.accounts.closed,
            "replaced": forecast.accounts.replaced,
            "new_by_address": _count_by_address(forecast, "new"),
            "others_by_address": _count_by_address(forecast, "others"),
            "none_by_address": _count_by_address(forecast, "none"),
        },
        "movements": [_build_movement(movement) for movement in forecast.movements],
        "holds": [_hold(hold) for hold in forecast.holds],
    }


def _count_by_address(forecast: Forecast, name: str) -> dict[str, int]:
    """Render for each app how many people find such an account in the preview's JSON."""
    return {app: getattr(it, name) for app, it in forecast.accounts.by_address.items()}


def _build_value(change: ValueChange) -> dict[str, Any]:
    """Render a changed value in the preview's JSON."""
    return {
        "kind": change.kind,
        "what": change.name,
        "count": change.count,
        **(list_file_lines(change.places) if change.places else {"file": None, "lines": []}),
    }


def _build_movement(movement: Movement) -> dict[str, Any]:
    """Render a movement in the preview's JSON."""
    return {
        "id": movement.name,
        "kind": movement.kind,
        "count": movement.count,
        "sentence": _render_movement(movement),
        **list_file_lines(movement.places),
    }


def _hold(hold: Hold) -> dict[str, Any]:
    """Render a hold in the preview's JSON."""
    return {
        "held_by": hold.held_by,
        "kind": hold.load.name,
        "counts": list(hold.ways),
        "touched": hold.load.touched,
        "of": hold.load.of,
        "share": round(hold.load.share, 6),
        "limit": hold.limit,
        "trips": hold.trips,
        "left": hold.left,
        "confidence": hold.confidence,
        "source": hold.rule.source,
        "expected": hold.expected,
        "fix": hold.rule.fix,
    }
