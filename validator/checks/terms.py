"""Terms of sections: unreadable, over, not yet begun."""

from __future__ import annotations

import datetime as dt
from functools import partial

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.values import NO_DAY, convert_to_date, number_day
from validator.model import Bound, Export, Finding, Level, Places, Table

ROLLOVER = "rollover"
"""The phase between two school years, in which every section may be over or not begun."""


@check()
def unreadable(sections: Table, *, start: str, end: str) -> Finding:
    """Sections with a term that ends before it starts, or a value that is not a date, each once."""
    blocks = []
    for column in (start, end):
        values = frame.encode(sections, column)
        wrong = values.broadcast(frame.parse_dates(sections, column).invalid)
        blocks.append(frame.place_rows(sections, wrong, column, notes="not a date"))
    turned = frame.place_rows(
        sections, frame.mark_reversed(sections), end, notes="ends before it starts"
    )
    return Finding([*frame.count_once(blocks), turned], of=len(sections))


@check(wants=("today", "phase"))
def future(
    sections: Table,
    export: Export,
    *,
    column: str,
    far: int,
    typo: int,
    today: dt.date,
    phase: str,
) -> Finding:
    """Find sections whose term starts after today.

    A fact where no section has begun and the first one begins within `far` days. A warning from
    `far` days on. From `typo` days on it is probably a typing error, and a blocker where it
    concerns every section of a whole roster. Figures: the first day.
    """
    start = frame.parse_days(sections, column)
    ahead = start.astype(np.int64) - number_day(today)
    known = (start != NO_DAY) & ~frame.mark_reversed(sections)
    later = known & (ahead > 0)
    unlikely = later & (ahead > typo)
    distant = later & (ahead > far) & ~unlikely
    if not later.any():
        return Finding([], of=len(sections))
    soon_level = Level.FACT if later.all() else None
    distant_level = None if phase == ROLLOVER else Level.WARNING
    unlikely_level = Level.BLOCKER if _is_whole(unlikely, export) else Level.WARNING
    distant_note = f"more than {far} days ahead"
    unlikely_note = "more than two years ahead, probably a typing error"
    place = partial(frame.place_rows, sections, column=column)
    blocks = [
        place(later & ~distant & ~unlikely, level=soon_level),
        place(distant, notes=distant_note, level=distant_level),
        place(unlikely, notes=unlikely_note, level=unlikely_level),
    ]
    first = convert_to_date(int(start[later].min()))
    return Finding(blocks, of=len(sections), figures={"first_day": first.isoformat()})


@check(wants=("today",))
def two_years(sections: Table, *, start: str, end: str, today: dt.date) -> Finding:
    """Find the sections that are over where others have not begun: the export holds two years.

    Figures: how many begin later, the first day of these, and how many run today.
    """
    first = frame.parse_days(sections, start)
    later = (first != NO_DAY) & (first > number_day(today)) & ~frame.mark_reversed(sections)
    ended = frame.mark_over(sections, today) & ~later
    if not (ended.any() and later.any()):
        return Finding([], of=len(sections))
    figures: dict[str, int | str | Bound] = {
        "later": int(later.sum()),
        "running": int((~later & ~ended).sum()),
        "first_day": convert_to_date(int(first[later].min())).isoformat(),
    }
    places = frame.place_rows(sections, ended, end)
    return Finding([places], of=len(sections), figures=figures)


@check(wants=("today", "phase"))
def over(
    students: Table | None,
    enrollments: Table | None,
    sections: Table,
    export: Export,
    *,
    column: str,
    stranded: str,
    today: dt.date,
    phase: str,
) -> Finding:
    """Find sections whose term ended before today, by its last day or by the year in its name.

    A blocker where every section of a whole roster is over. Where all sections of some students are
    over, these sections have the level `stranded`, and the students are marked: not listed and not
    counted. Between two school years the rule's level holds. Skipped without last days, unless the
    names tell.
    """
    ended = frame.mark_over(sections, today)
    needed, left = np.zeros(len(sections), bool), list[Places]()
    if students is not None and enrollments is not None and not export.partial:
        needed, left = _mark_needed(students, enrollments, sections, today=today)
    named = frame.mark_past_by_name(sections, today)
    levels: list[tuple[np.ndarray, Level | None]] = [
        (ended & needed, Level(stranded) if stranded else None),
        (ended & ~needed, None),
    ]
    if _is_whole(ended, export):
        levels = [(ended, Level.BLOCKER)]
    blocks = []
    for mask, level in levels:
        own = None if phase == ROLLOVER else level
        blocks.append(frame.place_rows(sections, mask & ~named, column, level=own))
        blocks.append(frame.place_rows(sections, mask & named, "Term_name", level=own))
    blocks = [block for block in blocks if len(block)]
    unknown = "" if sections.has(column) else _describe_unknown(sections, column)
    return Finding([*blocks, *left], of=len(sections), unknown=unknown)


def _describe_unknown(sections: Table, column: str) -> str:
    """Note why the checks of terms cannot find what is over; "" if their names tell."""
    is_named = frame.mark_undated(sections) & ~frame.mark_unclear(sections)
    if is_named.all() and len(sections):
        return ""
    return sections.missing_reason.get(column) or f"{sections.file} has no {column} column"


def _is_whole(mask: np.ndarray, export: Export) -> bool:
    """Whether these are all sections of the roster, for the checks of terms."""
    return bool(len(mask) and mask.all() and not export.partial)


def _mark_needed(
    students: Table, enrollments: Table, sections: Table, *, today: dt.date
) -> tuple[np.ndarray, list[Places]]:
    """The sections of the students all of whose sections are over, and places of these students."""
    needed = np.zeros(len(sections), bool)
    stranded = frame.mark_stranded(students, enrollments, sections, today=today)
    rows = np.flatnonzero(stranded)
    if not len(rows):
        return needed, []
    student = frame.locate_rows(enrollments, "Student_id", students)
    section = frame.locate_rows(enrollments, "Section_id", sections)
    theirs = np.append(stranded, False)[np.maximum(student, -1)]
    needed[section[theirs & (section >= 0)]] = True
    hidden = np.zeros(len(rows), bool)
    places = frame.place_rows(students, rows, students.key, counts=hidden, listed=False)
    return needed, [places]


@check()
def unclear(sections: Table) -> Finding:
    """Find sections without term days whose term name does not tell whether they are over."""
    return frame.report_rows(sections, frame.mark_unclear(sections), "Term_name")
