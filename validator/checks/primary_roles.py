"""OneRoster's one primary role per person and school, and one primary teacher per class."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.frame.arrays import count_numbers
from validator.frame.values import NO_DAY
from validator.model import Finding, Level, Places, Table

YES = ("true", "1", "yes", "y", "t")
FAR = np.iinfo(np.int32).max


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def of_people(users: Table, roles: Table, *, share: float, today: dt.date) -> Finding:
    """Find people with two primary roles at one organization at a time, or with none there.

    Only where at least `share` of the people have exactly one primary role at each organization.
    Roles that have ended, and those of records to be deleted, do not count.
    """
    at = frame.locate_rows(roles, "userSourcedId", users)
    org = frame.encode(roles, "orgSourcedId")
    ended = frame.mark_ended(roles, today, begin="beginDate", end="endDate")
    rows = np.flatnonzero((at >= 0) & ~org.blank & frame.mark_live(roles) & ~ended)
    keys = at[rows].astype(np.int64) * len(org.values) + org.codes[rows]
    pair, count = frame.number_keys(keys)
    primary = frame.match_words(roles, "roleType", ("primary",))[rows]
    times = count_numbers(pair[primary], minlength=count)
    if not count or (times == 1).mean() < share:
        return Finding([], of=len(users))
    first, last = _parse_interval(roles, rows)
    clash = _mark_clashes(pair, primary, first=first, last=last)
    none = (times == 0)[pair]
    person = at[rows]
    blocks = [
        frame.place_rows(roles, rows[clash], "roleType", notes="two primary roles at one school"),
        frame.place_rows(roles, rows[none], "roleType", notes="no primary role at this school"),
    ]
    return Finding(_count_each(blocks, [person[clash], person[none]]), of=len(users))


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def of_classes(classes: Table, links: Table, *, share: float, today: dt.date) -> Finding:
    """Find classes with two primary teachers on the same days, or with teachers and no primary one.

    Only where at least `share` of the classes with teachers have exactly one. A class with a single
    teacher who is not marked primary is advice.
    """
    at = frame.locate_rows(links, "classSourcedId", classes)
    teaching = frame.match_words(links, "role", ("teacher",))
    ended = frame.mark_ended(links, today, begin="beginDate", end="endDate")
    live = frame.mark_live(links) & (at >= 0) & ~ended & teaching
    live &= np.append(frame.mark_live(classes), False)[np.maximum(at, -1)]
    rows = np.flatnonzero(live)
    section, person = at[rows], frame.encode(links, "userSourcedId").codes[rows]
    primary = frame.match_words(links, "primary", YES)[rows]
    pairs = section.astype(np.int64) * (int(person.max(initial=0)) + 1) + person
    of_primary = np.unique(pairs[primary]) // (int(person.max(initial=0)) + 1)
    times = count_numbers(of_primary.astype(np.intp), minlength=len(classes))
    taught = count_numbers(section, minlength=len(classes)) > 0
    if not taught.any() or (times[taught] == 1).mean() < share:
        return Finding([], of=len(classes))
    teachers = count_numbers((np.unique(pairs) // (int(person.max(initial=0)) + 1)).astype(np.intp))
    first, last = _parse_interval(links, rows)
    clash = _mark_clashes(section, primary, first=first, last=last, person=person)
    none = times[section] == 0
    alone = none & (teachers[section] == 1)
    several = none & ~alone
    blocks = [
        _place(links, rows[clash], "two primary teachers on the same days"),
        _place(links, rows[several], "several teachers and none is primary"),
        _place(links, rows[alone], "its teacher is not marked primary", level=Level.ADVICE),
    ]
    return Finding(
        _count_each(blocks, [section[clash], section[several], section[alone]]), of=len(classes)
    )


def _place(table: Table, rows: np.ndarray, notes: str, *, level: Level | None = None) -> Places:
    """The places that the checks of primary roles find."""
    return frame.place_rows(table, rows, "primary", notes=notes, level=level)


def _parse_interval(table: Table, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parse the days of roles for the check of primary roles: first, and day after the last."""
    span = frame.parse_span(table, begin="beginDate", end="endDate")
    last = np.where(span.last[rows] == NO_DAY, FAR, span.last[rows])
    return span.first[rows].astype(np.int64), last.astype(np.int64)


def _mark_clashes(
    group: np.ndarray,
    primary: np.ndarray,
    *,
    first: np.ndarray,
    last: np.ndarray,
    person: np.ndarray | None = None,
) -> np.ndarray:
    """Bool mask of the primary rows that share a day with another primary row of their group.

    `person`: rows of one person do not clash with each other.
    """
    marked = np.zeros(len(group), bool)
    chosen = np.flatnonzero(primary)
    order = chosen[np.lexsort((first[chosen], group[chosen]))]
    for left, right in zip(order[:-1].tolist(), order[1:].tolist(), strict=True):
        is_same = group[left] == group[right] and first[right] < last[left]
        if is_same and (person is None or person[left] != person[right]):
            marked[[left, right]] = True
    return marked


def _count_each(blocks: list[Places], records: list[np.ndarray]) -> list[Places]:
    """Count each record at its first place, for the checks of primary roles."""
    numbers = np.concatenate(records) if records else np.zeros(0, np.int64)
    firsts = frame.mark_firsts(numbers)
    counted, begin = [], 0
    for block in blocks:
        end = begin + len(block)
        counted.append(replace(block, counts=firsts[begin:end]))
        begin = end
    return counted
