"""A district pack to begin with, written out of what an export shows: domains, doubted classes, what was found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from validator import frame, wording
from validator.frame import values
from validator.model import BadUsage, Level, Outcome, Report, Status
from validator.privacy import public_values

MOST = 60
"""Course titles, and findings, that are written out."""

EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}

HEAD = """\
# The district's own pack: what is different here. Written by `rosterready init` from {files} on {day}.
# Lines that begin with # are remarks or proposals; take away # and the blank after it to make a proposal count.
# It names no people. Check with it: rosterready check EXPORT --profile {name}

pack: our-district
version: "1"
title: {title}
include: [{profile}]
"""

DOMAINS = """
# E-mail domains of the district. Addresses of other domains are found by the rules *-email-outside-district.
"""

ELECTIVES = """
# Classes: under `reject`, titles that are always an elective, never a class for the app; under `accept`, titles that
# are never an elective here, of classes that will use the app. Proposed under `reject` are the titles that look like
# electives or do not fit the app, with the words that say so; write those that fit under `accept` instead.
electives:
  accept: []
  reject:
"""

RULES = """
# What was found. A rule can be given another level (blocker, warning, advice, fact), or be accepted for a while with a
# reason; see `rosterready explain RULE`. Everything is also fine as it is.
rules:
"""


def free(path: Path) -> None:
    """Refuses a path at which something is already, and one that cannot be written. Raises BadUsage."""
    if path.exists():
        raise BadUsage(f"{path} is there already; choose another file with --out")
    if not path.parent.is_dir():
        raise BadUsage(f"{path} cannot be written: there is no folder {path.parent}")


def write(path: Path, text: str) -> None:
    """Writes the pack, never over another file, for its owner alone. Raises BadUsage."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise BadUsage(
            f"{path} cannot be written: {error.strerror or type(error).__name__}"
        ) from None


def text(report: Report, name: str = "district.yaml") -> str:
    """The pack's text: YAML that loads as it is, with proposals in comments; it holds no data about people."""
    parts = [
        HEAD.format(
            files=wording.counted(len(report.export.files), "files"),
            day=wording.day(report.as_of),
            name=name,
            title=json.dumps(f"{report.profiles[-1].title} ({report.district or 'our district'})"),
            profile=report.profiles[-1].id,
        ),
        DOMAINS,
        *_domains(report),
        ELECTIVES,
        *_titles(report),
        RULES,
        *_found(report),
    ]
    return "".join(parts)


def _domains(report: Report) -> Iterator[str]:
    """The common domains with how many people have them; others are only counted, they may be a family's."""
    known, others = public_values.domains(report), 0
    seen: dict[str, list[str]] = {domain: [] for domain in sorted(known)}
    for kind, column in EMAILS.items():
        table = report.export.tables.get(kind)
        if table is None or not table.has(column):
            continue
        domain = frame.map_values(frame.encode(table, column), values.get_domains)
        times = np.bincount(
            domain.codes[frame.group_people(table).first], minlength=len(domain.values)
        )
        for value, count in zip(domain.values.to_pylist(), times.tolist(), strict=True):
            if value in seen and count:
                seen[value].append(wording.counted(count, kind))
            elif value:
                others += count
    if others:
        have = "person has an address" if others == 1 else "people have addresses"
        yield f"# {wording.number(others)} {have} of other domains, which are not named here.\n"
    if not seen:
        yield "# district_domains: [maple.example]\n"
        return
    yield "district_domains:\n"
    for value, told in seen.items():
        yield f"  - {json.dumps(value)}  # {wording.joined(told) or 'given'}\n"


def _titles(report: Report) -> Iterator[str]:
    """The doubted course titles that anybody may read, most sections first, as comments."""
    outcome = next(
        (
            one
            for one in report.outcomes
            if one.rule.check in ("sections.elective", "sections.outside", "sections.other_subject")
            and one.count
        ),
        None,
    )
    if outcome is None or outcome.finding is None or outcome.finding.tally is None:
        yield "  # No title is in doubt.\n"
        return
    tally = outcome.finding.tally
    shown = public_values.shown(report, "course-title", [value for value, _ in tally.values])
    why = _why(report, outcome)
    listed = [(value, count) for value, count in tally.values if value in shown]
    for value, count in listed[:MOST]:
        because = f": {why[value]}" if why.get(value) else ""
        yield f"  # - {json.dumps(value, ensure_ascii=False)}  # {wording.counted(count, 'sections')}{because}\n"
    if len(listed) > MOST:
        yield f"  # {wording.number(len(listed) - MOST)} more titles are in the reports.\n"
    if len(listed) < len(tally.values):
        rest = wording.number(len(tally.values) - len(listed))
        yield f"  # {rest} more titles are not named here: they may name people.\n"


def _why(report: Report, outcome: Outcome) -> dict[str, str]:
    """The rule's verdict on each title, in its own words."""
    told: dict[str, str] = {}
    for block in outcome.finding.places if outcome.finding else ():
        if (
            block.rows is None
            or block.column is None
            or block.notes is None
            or isinstance(block.notes, str)
        ):
            continue
        titles = frame.take_text(report.export.tables[block.table], block.column, block.rows)
        for title, note in zip(titles, block.notes, strict=True):
            told.setdefault(title, note)
    return told


def _found(report: Report) -> Iterator[str]:
    """A proposal for each finding that should be fixed, as comments."""
    serious = (Level.BLOCKER, Level.WARNING)
    found = [one for one in report.outcomes if one.status is Status.FOUND and one.level in serious]
    for outcome in sorted(found, key=lambda one: (one.level.rank, -one.count))[:MOST]:
        yield f"# - id: {outcome.rule.id}  # {wording.sentence(outcome)}\n#   level: {outcome.level}\n"
    yield "waive:\n"
    if found:
        until = f"{report.as_of.year + 1}-06-30"
        yield f"#   {found[0].rule.id}: {{reason: why it is fine, until: {until}, by: your name}}\n"
