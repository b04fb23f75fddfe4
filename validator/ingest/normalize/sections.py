"""Classes with what other files say about them: their teachers, in order, and the terms in which they meet."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.frame import values as frame_values
from validator.ingest.normalize import columns
from validator.ingest.normalize.columns import Cells
from validator.model import Table

MAX_TEACHERS = 20
"""Teacher columns that a section has at most, as many as are recognised in Clever's files."""

YES = ("true", "1", "yes", "y", "t")


def build_teacher_columns(
    classes: Table, links: Table, rows: np.ndarray, *, section: str, person: str
) -> dict[str, Cells | None]:
    """Teacher_id, Teacher_2_id and so on, from the `rows` of a table that links a `section` and a `person`.

    The primary teacher comes first, else the first in the file; a teacher counts once in a section.
    """
    at, who = frame.locate_rows(links, section, classes)[rows], frame.encode(links, person)
    kept = (at >= 0) & ~who.blank[rows]
    at, rows = at[kept], rows[kept]
    leads = frame.match_words(links, "primary", YES)[rows]
    order = np.lexsort((rows, ~leads, at))
    at, rows = at[order], rows[order]
    once = frame.mark_firsts(at.astype(np.int64) * max(len(who.values), 1) + who.codes[rows])
    at, rows = at[once], rows[once]
    begins = (
        np.flatnonzero(np.append(True, at[1:] != at[:-1])) if len(at) else np.zeros(0, np.int64)
    )
    seat = np.arange(len(at)) - np.repeat(begins, np.diff(np.append(begins, len(at))))
    found: dict[str, Cells | None] = {}
    for number in range(min(int(seat.max(initial=0)) + 1, MAX_TEACHERS)):
        post = np.full(len(classes), -1, np.int64)
        post[at[seat == number]] = rows[seat == number]
        found[f"Teacher_{number + 1}_id" if number else "Teacher_id"] = columns.look_up(
            links, person, post
        )
    return found


def build_term_columns(classes: Table, sessions: Table | None, column: str) -> dict[str, Cells | None]:
    """Term_name, Term_start and Term_end of classes that name their terms in a list: from the first to the last day.

    A term that nobody describes keeps its id as its name.
    """
    if not classes.has(column):
        return {}
    lists = frame.encode(classes, column)
    cell, parts = frame_values.split_lists(lists.values)
    named = _take_first_entries(classes, column, lists, (cell, parts))
    if sessions is None:
        return {"Term_name": named}
    keys, first = frame.index_by_key(sessions)
    found = frame.find_positions(parts, keys)
    row = (
        np.where(found >= 0, first[np.maximum(found, 0)], -1)
        if len(first)
        else np.full(len(found), -1)
    )
    begin = _select_outermost(cell, row, _parse_days(sessions, "startDate"), len(lists.values))[lists.codes]
    end = _select_outermost(cell, row, -_parse_days(sessions, "endDate"), len(lists.values))[lists.codes]
    return {
        "Term_name": columns.fill_blanks(columns.look_up(sessions, "title", begin), named),
        "Term_start": columns.look_up(sessions, "startDate", begin),
        "Term_end": columns.look_up(sessions, "endDate", end),
    }


def _take_first_entries(
    classes: Table, column: str, lists: Encoded, listed: tuple[np.ndarray, pa.Array]
) -> Cells:
    """The first entry of each list."""
    cell, parts = listed
    position = np.full(len(lists.values), len(parts), np.int64)
    position[cell[::-1]] = np.arange(len(cell))[::-1]
    values = pa.concat_arrays([parts, pa.array([""], pa.string())]).take(pa.array(position))
    return columns.derive(classes.headers[column], values, lists.codes)


def take_first_entry(given: Cells | None) -> Cells | None:
    """The first entry of each cell that may hold a list; whole cells stay as they are."""
    if given is None:
        return None
    cell, parts = frame_values.split_lists(given.coded.values)
    several = np.flatnonzero(np.bincount(cell, minlength=len(given.coded.values)) > 1)
    if not len(several):
        return given
    values = given.coded.values.to_pylist()
    begin = np.searchsorted(cell, several)
    for at, first in zip(several.tolist(), parts.take(pa.array(begin)).to_pylist(), strict=True):
        values[at] = first
    return Cells(
        given.header,
        Encoded(pa.array(values, pa.string()), given.coded.codes),
        given.origin,
        given.misfit,
    )


def _parse_days(sessions: Table, column: str) -> np.ndarray:
    """Days since 1970 of each row, reading.NO_DAY where there is none (int64)."""
    return frame.parse_days(sessions, column).astype(np.int64)


def _select_outermost(cell: np.ndarray, row: np.ndarray, days: np.ndarray, count: int) -> np.ndarray:
    """Of each list the session row with the least day, -1 where no session is known; rows without a day come last."""
    known = np.flatnonzero(row >= 0)
    day = days[row[known]] if len(known) else np.zeros(0, np.int64)
    undated = np.abs(day) == -np.int64(frame_values.NO_DAY)
    order = known[np.lexsort((np.where(undated, np.iinfo(np.int64).max, day), cell[known]))][::-1]
    out = np.full(count, -1, np.int64)
    out[cell[order]] = row[order]
    return out
