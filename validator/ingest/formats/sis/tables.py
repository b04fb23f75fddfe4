"""The roster's tables, built from the rows and columns of raw files as a column map says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.ingest.formats.sis.co_teachers import join_co_teachers
from validator.ingest.formats.sis.near_headings import explain_no_column, suggest_heading
from validator.ingest.formats.sis.parts import RawFiles
from validator.ingest.formats.sis.placeholders import (
    blank_placeholders,
    find_placeholders,
    place_placeholders,
)
from validator.ingest.formats.sis.plan import Plan
from validator.ingest.formats.sis.selection import (
    FILTERED,
    find_column,
    list_left_out_rows,
    number_rows,
    select_people,
    select_rows,
)
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.sections import build_teacher_columns
from validator.model import ColumnSource, File, MappedTable, Table

TITLES = r"^(?i)(mr|mrs|ms|mx|miss|dr|prof|sr|fr)\.?\s+"
"""Titles before a name, which are not part of it; RE2 syntax."""

NO_VALUES = pa.array([], pa.string())

NAMES: Mapping[str, str] = {
    "Last, First": r"^(?P<last>[^,]*)(?:,(?P<first>.*))?$",
    "First Last": r"^(?:(?P<first>.*)\s)?(?P<last>\S*)$",
}
"""How a full name is written -> its parts; RE2 syntax."""


def build_table(
    mapped: MappedTable,
    base: Table,
    raw: RawFiles,
    *,
    ours: File,
    people: Mapping[str, Table],
) -> Table:
    """Return one of our tables, with the rows of its file that the map keeps.

    `people`: the tables of students and teachers, where the map separates them by their ids.
    """
    plan = raw.plan
    columns = {name: _take_cells(mapped, name, base=base, raw=raw) for name in mapped.columns}
    missing = _explain_absent(mapped, ours, columns, base=base, raw=raw)
    if mapped.teaching is not None:
        columns |= _build_teachers(mapped, base, raw, people=people)
        missing["Teacher_id"] = _explain_teachers(mapped, raw)
    rows = np.flatnonzero(select_people(mapped, base, raw))
    if mapped.without_teachers and mapped.table == "enrollments":
        rows = _leave_out_teachers(rows, columns.get("Student_id"), people)
    is_shared = list(plan.own.values()).count(plan.own[mapped.table]) > 1
    if is_shared:
        cells = [cell.coded for cell in columns.values() if cell is not None]
        rows = _drop_repeats(cells, rows, columns.get(ours.key))
    columns, rows = join_co_teachers(mapped, base, columns, rows=rows)
    table = normalize_columns.build_table(
        mapped.table,
        ours.key,
        base,
        rows=rows,
        columns=columns,
        unread=base.unread,
        missing_reason=missing,
    )
    table = replace(table, combined=_list_combined(table, plan))
    key = columns.get(ours.key)
    if key is None or mapped.table not in FILTERED:
        return table
    return replace(table, known_elsewhere=_list_left_out(mapped, base, raw, key=key))


def _list_combined(table: Table, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return column -> the raw file's headings of which a column map makes it."""
    combined = plan.map.combined
    return {
        name: combined[title]
        for name, title in table.headers.items()
        if isinstance(title, str) and title in combined
    }


def _explain_absent(
    mapped: MappedTable,
    ours: File,
    columns: Mapping[str, Cells | None],
    *,
    base: Table,
    raw: RawFiles,
) -> dict[str, str]:
    """Explain why a table read by a column map may lack columns: column -> reason."""
    reasons = {
        column.name: f"the column map gives no {column.name} for {mapped.table}"
        for column in ours.columns
    }
    for name, taken in mapped.columns.items():
        if columns[name] is None:
            source = raw.find(raw.plan.joined.get(taken.files, ())) if taken.files else base
            nearest = suggest_heading(taken.headers, source, raw.export.files)
            reasons[name] = _explain_missing(taken, raw.plan) + nearest
    return reasons


def _build_teachers(
    mapped: MappedTable,
    base: Table,
    raw: RawFiles,
    *,
    people: Mapping[str, Table],
) -> dict[str, Cells | None]:
    """Return the teacher columns of sections, from the file that says who teaches them."""
    teaching, key = mapped.teaching, mapped.columns.get("Section_id")
    assert teaching is not None
    links = raw.find(raw.plan.joined.get(teaching.files, ()))
    if links is None or key is None:
        return {}
    section = find_column(links, teaching.section)
    person = find_column(links, teaching.person)
    own = find_column(base, key.headers)
    if not (section and person and own):
        return {}
    kept = select_rows(teaching.only, links)
    if not teaching.only:
        kept &= _mark_teachers(frame.encode(links, person), people)
    keyed = replace(base, key=own, cache={})
    return build_teacher_columns(
        keyed,
        links,
        np.flatnonzero(kept),
        section=section,
        person=person,
        repeats=raw.is_read_whole(links),
    )


def _explain_teachers(mapped: MappedTable, raw: RawFiles) -> str:
    """Explain why the raw file that says who teaches sections of a column map names no teacher."""
    teaching = mapped.teaching
    assert teaching is not None
    links = raw.find(raw.plan.joined.get(teaching.files, ()))
    if links is None:
        return f"there is no {' or '.join(teaching.files)} to take it from"
    for headers in (teaching.section, teaching.person):
        if not find_column(links, headers):
            nearest = suggest_heading(headers, links, raw.export.files)
            return explain_no_column(headers) + nearest
    return f"{links.file} names no teacher"


def _leave_out_teachers(
    rows: np.ndarray, students: Cells | None, people: Mapping[str, Table]
) -> np.ndarray:
    """Leave out, while reading by a column map, rows of people who are teachers and no students."""
    if students is None:
        return rows
    return np.asarray(rows[~_mark_teachers(students.coded, people)[rows]])


def _mark_teachers(ids: frame.Encoded, people: Mapping[str, Table]) -> np.ndarray:
    """Bool mask, while reading by a column map, of the ids of teachers who are no students."""
    known = {}
    for name, key in (("students", "Student_id"), ("teachers", "Teacher_id")):
        table = people.get(name)
        has_ids = table is not None and table.has(key)
        values = frame.encode(table, key).values if has_ids and table is not None else NO_VALUES
        known[name] = frame.is_among(frame_values.trim(ids.values), values)
    return np.asarray((known["teachers"] & ~known["students"])[ids.codes], bool)


def _list_left_out(
    mapped: MappedTable, base: Table, raw: RawFiles, *, key: Cells
) -> frozenset[str]:
    """Return the keys of raw rows that the column map leaves out; others may refer to them."""
    codes = np.unique(key.coded.codes[list_left_out_rows(mapped, base, raw)])
    values = frame_values.trim(key.coded.values.take(pa.array(codes)))
    return frozenset(values.to_pylist()) - {""}


def _explain_missing(taken: ColumnSource, plan: Plan) -> str:
    """Explain why a raw export lacks a column that the column map names."""
    if taken.files and taken.files not in plan.joined:
        return f"there is no {' or '.join(taken.files)} to take it from"
    return explain_no_column(taken.headers)


def _drop_repeats(
    columns: Sequence[frame.Encoded], rows: np.ndarray, key: Cells | None
) -> np.ndarray:
    """Return the first row of each record, for a file from which several tables are built.

    Rows without a key are not records.
    """
    if key is not None:
        rows = rows[~_is_blank(key.coded)[rows]]
    return np.asarray(rows[frame.mark_firsts(number_rows(rows, columns))])


def _is_blank(encoded: frame.Encoded) -> np.ndarray:
    """Return which cells that a column map took from a raw file are blank."""
    blank = frame_values.is_blank(frame_values.trim(encoded.values))
    return np.asarray(blank[encoded.codes], bool)


def _take_cells(mapped: MappedTable, ours: str, *, base: Table, raw: RawFiles) -> Cells | None:
    """Return the cells of one of our columns, None where the files do not have it."""
    taken, source = mapped.columns[ours], base
    if taken.files:
        other = raw.find(raw.plan.joined.get(taken.files, ()))
        cells = None if other is None else _look_up(taken, base, other)
        source = other or base
    else:
        name = find_column(base, taken.headers)
        cells = normalize_columns.take_own(base, name) if name else None
    if cells is None:
        return None
    name = find_column(source, taken.headers)
    words = [] if taken.split else find_placeholders(source, name, ours)
    if words:
        cells = replace(cells, coded=blank_placeholders(cells.coded, words), violations=None)
        raw.blanked.append(place_placeholders(source, words, name=mapped.table, ours=ours))
    if taken.split:
        names = frame.map_values(cells.coded, lambda values: split_names(values, taken))
        cells = replace(cells, coded=names, violations=None)
    if taken.codes:
        decoded = frame.map_values(cells.coded, lambda values: _decode(values, taken.codes))
        cells = replace(cells, coded=decoded)
    return cells


def _look_up(taken: ColumnSource, base: Table, other: Table) -> Cells | None:
    """Look up values in another raw file that a column map joins: those of the first row with
    the same key."""
    key = find_column(base, taken.key)
    other_key = find_column(other, taken.other_key)
    column = find_column(other, taken.headers)
    if not (key and other_key and column):
        return None
    keys, other_keys = frame.encode(base, key), frame.encode(other, other_key)
    first = np.full(len(other_keys.values) + 1, -1, np.int64)
    first[other_keys.codes[::-1]] = np.arange(len(other))[::-1]
    positions = frame.find_positions(keys.values, other_keys.values)
    positions = np.where(frame_values.is_blank(keys.values), -1, positions)
    return normalize_columns.look_up(other, column, keys.broadcast(first[positions]))


def split_names(values: pa.Array, taken: ColumnSource) -> pa.Array:
    """Split full names of a raw file into first or last names, without titles."""
    names = frame_values.trim(values)
    names = pc.replace_substring_regex(names, pattern=TITLES, replacement="")
    parts = pc.extract_regex(names, pattern=NAMES[taken.split])
    return frame_values.trim(pc.fill_null(pc.struct_field(parts, taken.part), ""))


def _decode(values: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    """Return values of a raw file by the column map's codes; one without a code stays as it is."""
    trimmed = frame_values.trim(values)
    known = pa.array([code.lower() for code in codes], pa.string())
    positions = frame.find_positions(pc.utf8_lower(trimmed), known)
    meanings = list(codes.values())
    decoded = [
        meanings[position] if position >= 0 else value
        for position, value in zip(positions.tolist(), trimmed.to_pylist(), strict=True)
    ]
    return pa.array(decoded, pa.string())
