"""Starter packs: a district pack proposed from a report (domains, electives, findings)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from validator import frame, wording
from validator.frame.arrays import count_numbers
from validator.frame.emails import get_domains
from validator.model import BadUsage, Level, Outcome, Report, Status
from validator.privacy import public_values
from validator.text import quote_yaml

MOST = 60
"""Maximum number of course titles, and of findings, in the pack."""

EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}

HEAD = """\
# The district's own pack: what is different here. Written by `rosterready init` from {files} on
# {day}. Lines that begin with # are comments and proposals; to accept a proposal, delete the # and
# the blank after it. This file names no people.
# To use it: rosterready check EXPORT --profile {name}

pack: our-district
version: "1"
title: {title}
include: [{profile}]
"""

DOMAINS = """
# E-mail domains of the district. The rules *-email-outside-district report all other domains.
"""

ELECTIVES = """
# Course titles. Under `reject`: titles that are always electives and never use the app. Under
# `accept`: titles that are never electives and use the app. The titles proposed under `reject` look
# like electives or do not fit the app; the reason follows each. Move those that fit to `accept`.
electives:
  accept: []
  reject:
"""

RULES = """
# Findings. A rule can have another level here (blocker, warning, advice, fact), or its findings can
# be accepted for a while, with a reason; see `rosterready explain RULE`. No change is required.
rules:
"""


def check_free(path: Path) -> None:
    """Refuse a path for a starter pack that exists or cannot be written. Raises BadUsage."""
    if path.exists():
        raise BadUsage(f"{path} already exists; choose another file with --out")
    if not path.parent.is_dir():
        raise BadUsage(f"{path} cannot be written: there is no folder {path.parent}")


def write_pack(path: Path, text: str) -> None:
    """Write a starter pack to a new file that only its owner can read. Raises BadUsage."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise BadUsage(
            f"{path} cannot be written: {error.strerror or type(error).__name__}"
        ) from None


def render_pack(report: Report, name: str = "district.yaml") -> str:
    """Render a starter pack as YAML with proposals in comments, without data about people."""
    parts = [
        HEAD.format(
            files=wording.format_count(len(report.export.files), "files"),
            day=wording.format_date(report.as_of),
            name=name,
            title=json.dumps(f"{report.profiles[-1].title} ({report.district or 'our district'})"),
            profile=report.profiles[-1].id,
        ),
        DOMAINS,
        *_list_domains(report),
        ELECTIVES,
        *_list_titles(report),
        RULES,
        *_list_findings(report),
    ]
    return "".join(parts)


def _list_domains(report: Report) -> Iterator[str]:
    """Yield the common domains that a starter pack proposes, with how many people have them.

    Other domains are only counted, because they may belong to a family.
    """
    known, others = public_values.list_domains(report), 0
    seen: dict[str, list[str]] = {domain: [] for domain in sorted(known)}
    for kind, column in EMAILS.items():
        table = report.export.tables.get(kind)
        if table is None or not table.has(column):
            continue
        domain = frame.map_values(frame.encode(table, column), get_domains)
        first_rows = frame.group_people(table).first
        times = count_numbers(domain.codes[first_rows], minlength=len(domain.values))
        for value, count in zip(domain.values.to_pylist(), times.tolist(), strict=True):
            if value in seen and count:
                seen[value].append(wording.format_count(count, kind))
            elif value:
                others += count
    if others:
        have = "person has an address" if others == 1 else "people have addresses"
        number = wording.format_number(others)
        yield f"# {number} {have} with other domains, which are not named here.\n"
    if not seen:
        yield "# district_domains: [maple.example]\n"
        return
    yield "district_domains:\n"
    for value, counts in seen.items():
        yield f"  - {json.dumps(value)}  # {wording.join_words(counts) or 'given'}\n"


def _list_titles(report: Report) -> Iterator[str]:
    """Yield public course titles that may be electives, as comments in a starter pack."""
    checks = ("sections.elective", "sections.outside", "sections.other_subject")
    outcome = next(
        (outcome for outcome in report.outcomes if outcome.rule.check in checks and outcome.count),
        None,
    )
    if outcome is None or outcome.finding is None or outcome.finding.tally is None:
        yield "  # No title is in doubt.\n"
        return
    tally = outcome.finding.tally
    shown = public_values.select_shown(report, "course-title", [value for value, _ in tally.values])
    why = _collect_reasons(report, outcome)
    listed = [(value, count) for value, count in tally.values if value in shown]
    for value, count in listed[:MOST]:
        because = f": {why[value]}" if why.get(value) else ""
        title = quote_yaml(value)
        yield f"  # - {title}  # {wording.format_count(count, 'sections')}{because}\n"
    if len(listed) > MOST:
        yield f"  # {wording.format_number(len(listed) - MOST)} more titles are in the reports.\n"
    if len(listed) < len(tally.values):
        rest = wording.format_number(len(tally.values) - len(listed))
        yield f"  # {rest} more titles are not named here: they may name people.\n"


def _collect_reasons(report: Report, outcome: Outcome) -> dict[str, str]:
    """Return, by course title, why a rule reports it, for comments in a starter pack."""
    reasons: dict[str, str] = {}
    for block in outcome.finding.places if outcome.finding else ():
        if block.rows is None or block.column is None:
            continue
        if block.notes is None or isinstance(block.notes, str):
            continue
        titles = frame.take_text(report.export.all_tables[block.table], block.column, block.rows)
        for title, note in zip(titles, block.notes, strict=True):
            reasons.setdefault(title, note)
    return reasons


def _list_findings(report: Report) -> Iterator[str]:
    """Yield a proposal in the starter pack for each blocker and warning, as comments."""
    serious = (Level.BLOCKER, Level.WARNING)
    outcomes = [
        outcome
        for outcome in report.outcomes
        if outcome.status is Status.FOUND and outcome.level in serious
    ]
    by_level = sorted(outcomes, key=lambda outcome: (outcome.level.rank, -outcome.count))
    for outcome in by_level[:MOST]:
        yield f"# - id: {outcome.rule.id}  # {wording.describe(outcome)}\n"
        yield f"#   level: {outcome.level}\n"
    yield "waive:\n"
    if outcomes:
        until = f"{report.as_of.year + 1}-06-30"
        rule = outcomes[0].rule.id
        yield f"#   {rule}: {{reason: why it is fine, until: {until}, by: your name}}\n"
