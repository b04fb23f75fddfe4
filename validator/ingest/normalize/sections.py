"""Teachers and terms of sections, looked up in other files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.frame import values as frame_values
from validator.frame.arrays import count_numbers, repeat_each
from validator.ingest.normalize import columns
from validator.ingest.normalize.columns import Cells
from validator.model import FileColumn, Table

T = TypeVar("T")

MAX_TEACHERS = 20
"""Most teacher columns of a section, as many as Clever's files may have."""

YES = ("true", "1", "yes", "y", "t")


def build_teacher_columns(
    classes: Table,
    links: Table,
    rows: np.ndarray,
    *,
    section: str,
    person: str,
    repeats: bool = False,
) -> dict[str, Cells | None]:
    """Normalize teachers of sections: Teacher_id, Teacher_2_id and so on, from rows of links.

    Primary teachers come first, others in file order. Each teacher counts once per section, unless
    `repeats` is True.
    """
    at, teacher = frame.locate_rows(links, section, classes)[rows], frame.encode(links, person)
    is_complete = (at >= 0) & ~teacher.blank[rows]
    at, rows = at[is_complete], rows[is_complete]
    is_primary = frame.match_words(links, "primary", YES)[rows]
    order = np.lexsort((rows, ~is_primary, at))
    at, rows = at[order], rows[order]
    pairs = at.astype(np.int64) * max(len(teacher.values), 1) + teacher.codes[rows]
    is_first = frame.mark_firsts(pairs) | repeats
    at, rows = at[is_first], rows[is_first]
    begins = (
        np.flatnonzero(np.append(True, at[1:] != at[:-1])) if len(at) else np.zeros(0, np.int64)
    )
    seat = np.arange(len(at)) - repeat_each(begins, np.diff(np.append(begins, len(at))))
    teachers: dict[str, Cells | None] = {}
    for number in range(min(int(seat.max(initial=0)) + 1, MAX_TEACHERS)):
        post = np.full(len(classes), -1, np.int64)
        post[at[seat == number]] = rows[seat == number]
        name = f"Teacher_{number + 1}_id" if number else "Teacher_id"
        teachers[name] = columns.look_up(links, person, post)
    return teachers


def attach_teachers(sections: Table, teaching: Table, rows: np.ndarray) -> Table:
    """Return normalized sections with the teachers whom rows of `teaching` name, and no others."""
    teachers = build_teacher_columns(
        sections, teaching, rows, section="Section_id", person="Teacher_id"
    )
    every = np.arange(len(sections))
    posts = columns.build_table("sections", "", sections, rows=every, columns=teachers)
    return replace_teachers(sections, posts)


def replace_teachers(sections: Table, posts: Table) -> Table:
    """Return normalized sections with the teacher columns of another table."""
    old = frame.list_teacher_columns(sections)
    others = {column: frame.get_arrow(posts, column) for column in posts.headers}

    def merge(own: Mapping[str, T], new: Mapping[str, T]) -> dict[str, T]:
        return {**{name: value for name, value in own.items() if name not in old}, **new}

    return replace(
        sections,
        records=sections.records.drop(old).assign(others),
        headers=merge(sections.headers, posts.headers),
        origins=merge(sections.origins, posts.origins),
        schema_violations=merge(sections.schema_violations, posts.schema_violations),
        cache={},
    )


def build_term_columns(
    classes: Table, sessions: Table | None, column: str
) -> dict[str, Cells | None]:
    """Normalize a list of terms read with classes to Term_name, Term_start and Term_end.

    The days are the first and last of all terms. A term without a session has its id as its name.
    """
    if not classes.has(column):
        return {}
    lists = frame.encode(classes, column)
    cell, parts = frame_values.split_lists(lists.values)
    names = _take_first_entries(classes.headers[column], lists, cell=cell, parts=parts)
    if sessions is None:
        return {"Term_name": names}
    keys, first = frame.index_by_key(sessions)
    position = frame.find_positions(parts, keys)
    row = np.full(len(position), -1)
    if len(first):
        row = np.where(position >= 0, first[np.maximum(position, 0)], -1)
    count = len(lists.values)
    starts, ends = _parse_days(sessions, "startDate"), _parse_days(sessions, "endDate")
    begin = _select_outermost(cell, row, starts, count=count)[lists.codes]
    end = _select_outermost(cell, row, -ends, count=count)[lists.codes]
    return {
        "Term_name": columns.fill_blanks(columns.look_up(sessions, "title", begin), names),
        "Term_start": columns.look_up(sessions, "startDate", begin),
        "Term_end": columns.look_up(sessions, "endDate", end),
    }


def _take_first_entries(
    header: FileColumn, lists: Encoded, *, cell: np.ndarray, parts: pa.Array
) -> Cells:
    """Return the first entry of each list while normalizing; part k is of value `cell[k]`."""
    position = np.full(len(lists.values), len(parts), np.int64)
    position[cell[::-1]] = np.arange(len(cell))[::-1]
    values = pa.concat_arrays([parts, pa.array([""], pa.string())]).take(pa.array(position))
    return columns.derive(header, values, lists.codes)


def take_first_entry(cells: Cells | None) -> Cells | None:
    """Return the first entry of each cell of a format's column that lists several."""
    if cells is None:
        return None
    cell, parts = frame_values.split_lists(cells.coded.values)
    several = np.flatnonzero(count_numbers(cell, minlength=len(cells.coded.values)) > 1)
    if not len(several):
        return cells
    values = cells.coded.values.to_pylist()
    first = parts.take(pa.array(np.searchsorted(cell, several))).to_pylist()
    for at, entry in zip(several.tolist(), first, strict=True):
        values[at] = entry
    return replace(cells, coded=Encoded(pa.array(values, pa.string()), cells.coded.codes))


def _parse_days(sessions: Table, column: str) -> np.ndarray:
    """Parse the days of sessions while normalizing OneRoster, `frame.values.NO_DAY` for no date."""
    return frame.parse_days(sessions, column).astype(np.int64)


def _select_outermost(
    cell: np.ndarray, row: np.ndarray, days: np.ndarray, *, count: int
) -> np.ndarray:
    """Return each list's session with the smallest day while normalizing, -1 for none.

    Rows without a day come last.
    """
    known = np.flatnonzero(row >= 0)
    day = days[row[known]] if len(known) else np.zeros(0, np.int64)
    undated = np.abs(day) == -np.int64(frame_values.NO_DAY)
    order = known[np.lexsort((np.where(undated, np.iinfo(np.int64).max, day), cell[known]))][::-1]
    out = np.full(count, -1, np.int64)
    out[cell[order]] = row[order]
    return out
