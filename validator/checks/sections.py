"""Sections: teachers, terms, students, electives."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import similarity
from validator.frame.values import NO_DAY, fold, match_pattern, to_day_number
from validator.model import Finding, Level, Table
from validator.sharing.apply import Shared
from validator.vocabulary.electives import Electives


def _teachers(sections: Table) -> np.ndarray:
    """Bool array, sections by teacher columns: which are filled."""
    columns = frame.list_teacher_columns(sections)
    if not columns:
        return np.zeros((len(sections), 1), bool)
    return np.stack([~frame.encode(sections, column).blank for column in columns], axis=1)


def without_teacher(sections: Table) -> Finding:
    """Sections with no teacher column filled."""
    return Finding(
        [frame.place_rows(sections, ~np.any(_teachers(sections), axis=1), "Teacher_id")],
        of=len(sections),
    )


def without_primary(sections: Table) -> Finding:
    """Sections with co-teachers but no primary teacher."""
    only = frame.encode(sections, "Teacher_id").blank & np.any(_teachers(sections), axis=1)
    return Finding([frame.place_rows(sections, only, "Teacher_id")], of=len(sections))


def too_many_teachers(sections: Table, *, co_teachers: int) -> Finding:
    """Sections with a teacher beyond the primary one and `co_teachers`; places: the columns beyond."""
    filled = _teachers(sections)
    columns = frame.list_teacher_columns(sections)
    numbers = [1 if column == "Teacher_id" else int(column.split("_")[1]) for column in columns]
    beyond = [at for at, number in enumerate(numbers) if number > co_teachers + 1]
    total = filled.sum(axis=1)
    blocks = [
        frame.place_rows(
            sections,
            rows,
            column,
            counts=counts,
            notes=[f"{count} teachers" for count in total[rows]],
        )
        for column, rows, counts in _once_each([(columns[at], filled[:, at]) for at in beyond])
    ]
    return Finding(blocks, of=len(sections), figures={"co_teachers": co_teachers})


def teacher_gap(sections: Table) -> Finding:
    """Sections with a blank teacher column before a filled one, the primary teacher's aside; places: the blank ones."""
    filled = _teachers(sections)[:, 1:]
    later = np.cumsum(filled[:, ::-1], axis=1)[:, ::-1] > 0
    gaps = [
        (column, later[:, at] & ~filled[:, at])
        for at, column in enumerate(frame.list_teacher_columns(sections)[1:])
    ]
    return Finding(
        [
            frame.place_rows(sections, rows, column, counts=counts)
            for column, rows, counts in _once_each(gaps)
        ],
        of=len(sections),
    )


def teacher_twice(sections: Table) -> Finding:
    """Sections that name one teacher in two columns; places: the later ones."""
    columns = frame.list_teacher_columns(sections)
    again = []
    for at, column in enumerate(columns):
        here, twice = frame.encode(sections, column), np.zeros(len(sections), bool)
        for earlier in columns[:at]:
            there = frame.encode(sections, earlier)
            match = frame.find_positions(here.values, there.values)
            twice |= ~here.blank & (match[here.codes] == there.codes)
        again.append((column, twice))
    return Finding(
        [
            frame.place_rows(sections, rows, column, counts=counts)
            for column, rows, counts in _once_each(again)
        ],
        of=len(sections),
    )


def _once_each(found: list[tuple[str, np.ndarray]]) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Per column, its rows (from a bool mask of all rows) and which of them no earlier column has counted."""
    out, counted = [], np.zeros(len(found[0][1]) if found else 0, bool)
    for column, mask in found:
        rows = np.flatnonzero(mask)
        out.append((column, rows, ~counted[rows]))
        counted |= mask
    return out


def co_taught(sections: Table) -> Finding:
    """Sections with a co-teacher."""
    filled = _teachers(sections)
    return Finding(
        [frame.place_rows(sections, np.any(filled[:, 1:], axis=1), "Teacher_2_id")],
        of=len(sections),
    )


def period_twice(sections: Table, *, term_columns: list[str]) -> Finding:
    """Sections of one primary teacher in one period of one term; sections without a period are left out.

    A section whose row stands there again is still one section.
    """
    teacher, period = frame.encode(sections, "Teacher_id"), frame.encode_lower(sections, "Period")
    keys = frame.combine_codes(teacher, period)
    for column in ("School_id", *term_columns):
        values = frame.encode(sections, column)
        keys = (
            np.unique(keys, return_inverse=True)[1] * np.int64(len(values.values) + 1)
            + values.codes
        )
    section = frame.encode(sections, "Section_id")
    rows = np.flatnonzero(
        ~teacher.blank & ~period.blank & (section.blank | frame.mark_firsts(section.codes))
    )
    number, count = frame.number_keys(keys[rows])
    twice = np.bincount(number, minlength=count)[number] > 1
    return Finding(
        [frame.place_rows(sections, rows[twice], "Period", groups=number[twice])],
        of=len(sections),
        groups=0,
    )


def term_over(sections: Table, *, column: str, today: dt.date) -> Finding:
    """Sections whose term ended before today."""
    days = frame.parse_days(sections, column)
    over = (days != NO_DAY) & (days < to_day_number(today))
    return Finding([frame.place_rows(sections, over, column)], of=len(sections))


def elective(
    sections: Table,
    shared: Shared | None = None,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Sections (or only the shared ones) that look like electives or are not academic; notes: category and the words
    that decided it.

    Where subject and title contradict each other it is advice, whatever the rule's level.
    """
    judged, notes, title = _electives(
        sections, electives, (accept_sections, reject_sections), categories
    )
    if shared is not None:
        judged = np.where(shared.rows["sections"], judged, ACADEMIC)
    blocks = []
    for level, mask in ((None, judged == SURE), (Level.ADVICE, judged == DOUBTFUL)):
        rows = np.flatnonzero(mask)
        if len(rows):
            blocks.append(
                frame.place_rows(
                    sections, rows, title, notes=[notes[int(row)] for row in rows], level=level
                )
            )
    return Finding(
        blocks, of=len(sections), tally=frame.count_values(sections, title, np.flatnonzero(judged))
    )


ACADEMIC, DOUBTFUL, SURE = 0, 1, 2


def outside(
    sections: Table,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Sections that are in none of the categories: the reverse of `elective`. What the district accepts is never found,
    what it rejects always."""
    judged, _, title = _electives(sections, electives, ([], []), categories)
    accepted, rejected = (
        _titled(sections, title, titles) for titles in (accept_sections, reject_sections)
    )
    rows = np.flatnonzero((judged == ACADEMIC) & ~accepted | rejected)
    return Finding(
        [frame.place_rows(sections, rows, title)],
        of=len(sections),
        tally=frame.count_values(sections, title, rows),
    )


def other_subject(
    sections: Table,
    *,
    subjects: list[str],
    undecided: list[str],
    title_words: list[str],
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Sections of another subject than `subjects`. Where the subject is blank or `undecided`, a section is found when
    no one of `title_words` is in its title; without such words it is not found."""
    subject = frame.encode_lower(sections, "Subject")
    title = "Course_name" if sections.has("Course_name") else "Name"
    named = subject.values.to_pylist()
    unsaid = subject.broadcast(
        np.asarray([not value or value in undecided for value in named], bool)
    )
    other = (
        subject.broadcast(np.asarray([value not in subjects for value in named], bool)) & ~unsaid
    )
    words = "|".join(re.escape(word) for word in title_words)
    named_so = frame.encode_lower(sections, title)
    if words:
        other |= unsaid & ~named_so.broadcast(
            match_pattern(named_so.values, rf"(^|[^a-z])({words})($|[^a-z])")
        )
    accepted, rejected = (
        _titled(sections, title, titles) for titles in (accept_sections, reject_sections)
    )
    rows = np.flatnonzero(other & ~accepted | rejected)
    return Finding(
        [frame.place_rows(sections, rows, title)],
        of=len(sections),
        tally=frame.count_values(sections, title, rows),
    )


def _titled(sections: Table, column: str, titles: list[str]) -> np.ndarray:
    """Bool mask of the sections with one of these titles, without regard to case and accents."""
    values = frame.encode_folded(sections, column)
    return values.broadcast(frame.is_among(values.values, fold(pa.array(titles, pa.string()))))


def _electives(
    sections: Table, electives: Electives, lists: tuple[list[str], list[str]], categories: list[str]
) -> tuple[np.ndarray, dict[int, str], str]:
    """ACADEMIC, DOUBTFUL or SURE per section, the note of each that is not academic, and the column of the title."""
    title_column = "Course_name" if sections.has("Course_name") else "Name"
    columns = [
        frame.encode(sections, name) for name in (title_column, "Name", "Subject", "Course_number")
    ]
    keys = np.where(columns[0].blank, columns[1].codes, -1).astype(np.int64)
    for column in (columns[0], *columns[2:]):
        keys = (
            np.unique(keys, return_inverse=True)[1] * np.int64(len(column.values) + 1)
            + column.codes
        )
    number, count = frame.number_keys(keys)
    example = np.flatnonzero(frame.mark_firsts(number))
    example = example[np.argsort(number[example])]
    title, name, subject, code = (
        frame.take_text(sections, one, example)
        for one in (title_column, "Name", "Subject", "Course_number")
    )
    judged = electives.judge(
        [first or second for first, second in zip(title, name, strict=True)],
        subject,
        code,
        accept=lists[0],
        reject=lists[1],
    )
    sure = [
        ACADEMIC
        if one is None or one.category not in categories
        else DOUBTFUL
        if one.level == "low"
        else SURE
        for one in judged
    ]
    found = np.asarray(sure, np.int8)[number] if count else np.zeros(0, np.int8)
    notes = [
        f"{one.category}, confidence {one.level}: {one.words}" if one else "" for one in judged
    ]
    return found, {int(row): notes[number[row]] for row in np.flatnonzero(found)}, title_column


def teacher_only_electives(
    teachers: Table,
    sections: Table,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Teachers all of whose sections are electives; teachers without a section are another rule's."""
    who = frame.group_people(teachers)
    found = (
        _electives(sections, electives, (accept_sections, reject_sections), categories)[0] == SURE
    )
    academic, teaches = np.zeros(who.count, bool), np.zeros(who.count, bool)
    for column in frame.list_teacher_columns(sections):
        at = frame.locate_rows(sections, column, teachers)
        there = at >= 0
        teaches[who.number[at[there]]] = True
        academic[who.number[at[there & ~found]]] = True
    academic[who.number[frame.mark_named_in_unread(teachers, "Teacher_id", sections)]] = True
    rows = who.first & (teaches & ~academic)[who.number]
    return Finding([frame.place_rows(teachers, rows, "Teacher_id")], of=who.count)


def same_students(sections: Table, enrollments: Table, *, share: float, least: int) -> Finding:
    """Sets of sections, each of at least `least` students, that have `share` of their students in common and not one
    primary teacher; groups are such sets. Sections without a teacher are left out."""
    section, member = frame.list_members(sections, enrollments)
    starts = np.flatnonzero(np.diff(section, prepend=-1))
    sizes = np.diff(np.append(starts, len(section)))
    big = np.flatnonzero(
        (sizes >= least) & ~frame.encode(sections, "Teacher_id").blank[section[starts]]
    )
    if len(big) < 2:
        return Finding([], of=len(sections), groups=0)
    group = similarity.group_similar(member, starts, big, share)
    rows, teacher = section[starts], frame.encode(sections, "Teacher_id").codes[section[starts]]
    teachers = np.unique(
        group * (len(teacher) + 1) + np.unique(teacher, return_inverse=True)[1]
    ) // (len(teacher) + 1)
    several = np.bincount(teachers, minlength=len(starts) + 1)[group] > 1
    return Finding(
        [frame.place_rows(sections, rows[several], "Section_id", groups=group[several])],
        of=len(sections),
        groups=0,
    )
