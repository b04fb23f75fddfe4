"""The preview of sharing rules, as text and as JSON; without personal data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from validator import wording
from validator.model import Places
from validator.outputs.file_lines import list_file_lines
from validator.outputs.screen import wrap_line
from validator.privacy.places import show_header
from validator.privacy.small_groups import FEWEST
from validator.sharing.preview import Preview

SIGN = re.compile(rb'"name": "rosterready"[^}]*},\s*"kind": "sharing"')
"""What the start of every earlier result has."""

SAYS = {
    "everything": "Everything is shared.",
    "schools": "Whole schools are shared.",
    "sections": "Sections are shared by a fixed list: next term's sections are not added "
    "automatically.",
    "rules": "Shared by rules.",
}


def render_text(preview: Preview) -> str:
    """Render the preview of sharing rules as text, with a final line end."""
    lines = [
        *_render_suggestion(preview),
        *_render_shared(preview),
        *_render_parts(preview),
        *_render_target(preview),
        *_render_fields(preview),
    ]
    return "\n".join(lines).strip("\n") + "\n"


def _render_places(places: Places) -> str:
    """Render files and lines in the sharing preview's text."""
    return wording.describe_lines([places])


def _render_shared(preview: Preview) -> list[str]:
    """Render the lines of the sharing preview's report about what would be shared."""
    lines = ["", "What would be shared", f"  {SAYS[preview.shared.sharing.share]}"]
    lines += [
        f"  {name:10}{_render_amount(shared):>10} of {of:,}" for name, shared, of in preview.counts
    ]
    if len(preview.electives):
        lines += wrap_line(
            f"{wording.format_count(len(preview.electives), 'sections')} of these look like "
            f"electives: "
            f"{_render_places(preview.electives)}."
        )
    if len(preview.only_electives):
        lines += wrap_line(
            f"{wording.format_count(len(preview.only_electives), 'teachers')} would be shared only "
            f"for "
            f"electives: {_render_places(preview.only_electives)}."
        )
    return lines


def _render_parts(preview: Preview) -> list[str]:
    """Render the lines of the sharing preview's report about each clause."""
    lines = ["", "Clause by clause"] if preview.parts else []
    for number, part in enumerate(preview.parts, 1):
        lines += wrap_line(f"{number}. {part.clause}")
        shared, alone = _render_amounts(part.shared), _render_amounts(part.alone)
        own = (
            f"; {wording.join_words(alone) or 'nothing'} by this clause alone"
            if len(preview.parts) > 1
            else ""
        )
        lines += wrap_line(f"shares {wording.join_words(shared) or 'nothing'}{own}", "     ")
    return lines


def _render_amount(count: int | None) -> str:
    """Render a number of records in the sharing preview; one that is hidden is small."""
    return "few" if count is None else wording.format_number(count)


def _render_amounts(counts: Mapping[str, int | None]) -> list[str]:
    """Render in the sharing preview the numbers of each kind that are not zero."""
    return [
        f"fewer than {FEWEST} {name}" if count is None else wording.format_count(count, name)
        for name, count in counts.items()
        if count != 0 and name != "schools"
    ]


def _render_target(preview: Preview) -> list[str]:
    """Render in the sharing preview who of the target is left out, and what is beyond it."""
    target = preview.shared.sharing.target
    if target is None:
        return []
    left = sum(len(places) for _, places in preview.left_out)
    lines = ["", "Against the target"]
    lines += wrap_line(
        f"{wording.format_number(preview.wanted - left)} of "
        f"{wording.format_count(preview.wanted, 'students')} of the "
        f"target {'is' if preview.wanted - left == 1 else 'are'} in a shared section."
    )
    for why, places in preview.left_out:
        number = wording.format_count(len(places), "students")
        lines += wrap_line(f"{number} left out, {why}: {_render_places(places)}.")
    if len(preview.outside):
        lines += wrap_line(
            f"{wording.format_count(len(preview.outside), 'sections')} shared beyond the target: "
            f"{_render_places(preview.outside)}."
        )
    students = next((shared for name, shared, _ in preview.counts if name == "students"), 0)
    if target.licenses is not None and students is not None:
        lines += wrap_line(
            f"{wording.format_count(students, 'students')} shared, "
            f"{wording.format_count(target.licenses, 'licenses')}"
            f"{': too few' if students > target.licenses else ''}."
        )
    return lines


def _render_fields(preview: Preview) -> list[str]:
    """Render the lines of the sharing preview's text about shared fields."""
    lines = ["", "Fields with values that would be shared too"]
    for name, columns in preview.fields.items():
        seen = [
            show_header(preview.report, name, column) or "a column of the district's own"
            for column in columns
        ]
        lines += wrap_line(f"{name}: {', '.join(dict.fromkeys(seen))}")
    return lines


def _render_suggestion(preview: Preview) -> list[str]:
    """Render in the sharing preview the suggested rule, its coverage, and what to repair."""
    suggested = preview.suggested
    if suggested is None or preview.extra is None:
        return []
    lines = ["The smallest rule for this target. In Clever, choose Share by Rules and enter:"]
    lines += [f"    {sentence}" for sentence in preview.rule]  # whole, so that it can be copied
    lines += wrap_line(
        f"It covers {wording.format_number(int(suggested.covered.sum()))} of "
        f"{wording.format_count(int(suggested.wanted.sum()), 'sections')} of the target"
        + ("." if len(preview.extra) else " and includes no other.")
    )
    if len(preview.extra):
        lines += wrap_line(
            f"It wrongly includes {wording.format_count(len(preview.extra), 'sections')} that look "
            f"like electives: {_render_places(preview.extra)}."
        )
    for why, places in preview.missed:
        sections = wording.format_count(len(places), "sections")
        lines += wrap_line(
            f"It misses {sections}, {why}: {_render_places(places)}. Repair the cell in the SIS."
        )
    if preview.instead:
        lines += wrap_line(
            f"Until that is repaired, a second rule reaches them: {preview.instead}."
        )
    if any(name == "staff" and of and not shared for name, shared, of in preview.counts):
        lines += wrap_line(
            "No staff would be shared. For dashboards add: Match all staff where title contains "
            "... (the "
            "titles of those who should see them)."
        )
    return lines


def build_document(preview: Preview) -> dict[str, Any]:
    """Render the preview of sharing rules as data for JSON: counts, lines and sentences."""
    return {
        "schema_version": "1.0",
        "tool": {"name": "rosterready", "version": preview.report.version},
        "kind": "sharing",
        "as_of": preview.report.as_of.isoformat(),
        "share": preview.shared.sharing.share,
        "counts": {name: {"shared": shared, "of": of} for name, shared, of in preview.counts},
        "clauses": [
            {"sentence": part.clause, "shared": dict(part.shared), "alone": dict(part.alone)}
            for part in preview.parts
        ],
        "electives": _build_places(preview.electives),
        "teachers_only_electives": _build_places(preview.only_electives),
        "target_students": preview.wanted,
        "left_out": [{"why": why, **_build_places(places)} for why, places in preview.left_out],
        "outside_target": _build_places(preview.outside),
        "fields": {
            name: [show_header(preview.report, name, column) for column in columns]
            for name, columns in preview.fields.items()
        },
        "suggestion": _build_suggestion(preview) if preview.suggested else None,
    }


def _build_places(places: Places) -> dict[str, Any]:
    """Render places in the sharing preview's JSON."""
    return {"count": len(places), **list_file_lines(places)}


def _build_suggestion(preview: Preview) -> dict[str, Any]:
    """Render the suggested rule in the sharing preview's JSON."""
    suggested = preview.suggested
    return {
        "rules": list(preview.rule),
        "wanted": int(suggested.wanted.sum()) if suggested else 0,
        "covered": int(suggested.covered.sum()) if suggested else 0,
        "extra": _build_places(preview.extra) if preview.extra else None,
        "missed": [{"why": why, **_build_places(places)} for why, places in preview.missed],
        "instead": preview.instead or None,
    }
