"""Teachers of sections: missing, repeated, too many."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.frame.values import number_day
from validator.model import Finding, Places, Table


def _mark_filled(sections: Table) -> np.ndarray:
    """Bool array for the checks of teachers, sections by teacher columns: which cells are
    filled."""
    columns = frame.list_teacher_columns(sections)
    if not columns:
        return np.zeros((len(sections), 1), bool)
    return np.stack([~frame.encode(sections, column).blank for column in columns], axis=1)


@check(whole_roster=WholeRoster.ALWAYS)
def missing(sections: Table) -> Finding:
    """Find sections with every teacher column blank."""
    none = ~np.any(_mark_filled(sections), axis=1)
    return Finding(
        frame.place_blanks(sections, none, "Teacher_id", words="teacher"), of=len(sections)
    )


@check(whole_roster=WholeRoster.ALWAYS)
def primary_missing(sections: Table) -> Finding:
    """Find sections with co-teachers but no primary teacher."""
    primary = ~frame.encode(sections, "Teacher_id").blank
    only = np.any(_mark_filled(sections), axis=1) & ~primary
    return frame.report_rows(sections, only, "Teacher_id")


@check()
def several(sections: Table) -> Finding:
    """Find sections with a co-teacher; a place for each co-teacher."""
    filled = _mark_filled(sections)
    blocks = [
        frame.place_rows(sections, filled[:, at], column)
        for at, column in enumerate(frame.list_teacher_columns(sections))
        if at and filled[:, at].any()
    ]
    return _report_once(sections, blocks)


@check()
def too_many(sections: Table, *, co_teachers: int) -> Finding:
    """Find sections with more than the primary teacher and `co_teachers`.

    Places are the filled columns past the limit.
    """
    filled = _mark_filled(sections)
    total = filled.sum(axis=1)
    blocks = []
    for at, column in enumerate(frame.list_teacher_columns(sections)):
        number = 1 if column == "Teacher_id" else int(column.split("_")[1])
        if number > co_teachers + 1:
            rows = np.flatnonzero(filled[:, at])
            notes = [f"{count} teachers" for count in total[rows]]
            blocks.append(frame.place_rows(sections, rows, column, notes=notes))
    return _report_once(sections, blocks, co_teachers=co_teachers)


@check()
def gap(sections: Table) -> Finding:
    """Find sections with a blank co-teacher column before a filled one.

    Places are the blank cells.
    """
    filled = _mark_filled(sections)[:, 1:]
    later = np.cumsum(filled[:, ::-1], axis=1)[:, ::-1] > 0
    blocks = [
        frame.place_rows(sections, later[:, at] & ~filled[:, at], column)
        for at, column in enumerate(frame.list_teacher_columns(sections)[1:])
    ]
    return _report_once(sections, blocks)


@check()
def repeated(sections: Table) -> Finding:
    """Find sections with the same teacher in two columns; places are the later cells."""
    columns = frame.list_teacher_columns(sections)
    blocks = []
    for at, column in enumerate(columns):
        values, again = frame.encode(sections, column), np.zeros(len(sections), bool)
        for earlier in columns[:at]:
            others = frame.encode(sections, earlier)
            match = frame.find_positions(values.values, others.values)
            again |= ~values.blank & (match[values.codes] == others.codes)
        blocks.append(frame.place_rows(sections, again, column))
    return _report_once(sections, blocks)


def _report_once(sections: Table, blocks: list[Places], **figures: int) -> Finding:
    """Build a finding of the checks of teachers in which each section counts once."""
    return Finding(frame.count_once(blocks), of=len(sections), figures=figures)


@check(wants=("today",))
def period_repeated(
    sections: Table, teaching: Table | None = None, *, term_columns: list[str], today: dt.date
) -> Finding:
    """Find sections with the same primary teacher, period and term.

    Sections without a period, and those taken over from another teacher, are left out; a section
    on two equal rows is one section.
    """
    teacher, period = frame.encode(sections, "Teacher_id"), frame.encode_lower(sections, "Period")
    others = [frame.encode(sections, column) for column in ("School_id", *term_columns)]
    keys = frame.combine_columns([teacher, period, *others])
    section = frame.encode(sections, "Section_id")
    first = section.blank | frame.mark_firsts(section.codes)
    handed_over = _mark_handed_over(sections, teaching, today)
    rows = np.flatnonzero(~teacher.blank & ~period.blank & first & ~handed_over)
    return frame.report_groups(sections, "Period", rows, keys=keys)


def _mark_handed_over(sections: Table, teaching: Table | None, today: dt.date) -> np.ndarray:
    """Bool mask of the sections that their primary teacher took over or only takes over later.

    A colleague who covers a section for somebody who left was not scheduled twice.
    """
    marked, current = np.zeros((2, len(sections)), bool)
    if teaching is None:
        return marked
    own, theirs = frame.encode(sections, "Teacher_id"), frame.encode(teaching, "Teacher_id")
    begins_later = frame.parse_span(teaching).first > number_day(today)
    ended = frame.mark_ended(teaching, today)
    section = frame.locate_rows(teaching, "Section_id", sections)
    teacher = frame.find_positions(theirs.values, own.values)[theirs.codes]
    is_primary = (section >= 0) & (own.codes[np.maximum(section, 0)] == teacher)
    marked[section[is_primary & begins_later]] = True
    current[section[is_primary & ~begins_later]] = True
    marked &= ~current
    marked[section[(section >= 0) & ended & ~is_primary]] = True
    return np.asarray(marked)
