"""The roster's tables, built from the rows and columns of raw files as a column map says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.near_headings import suggest_heading
from validator.ingest.formats.sis.parts import RawFiles
from validator.ingest.formats.sis.plan import Plan, get_heading
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.sections import build_teacher_columns
from validator.model import ColumnSource, File, MappedTable, Table

TITLES = r"^(?i)(mr|mrs|ms|mx|miss|dr|prof|sr|fr)\.?\s+"
"""Titles before a name, which are not part of it; RE2 syntax."""

FILTERED = ("students", "teachers", "staff")
"""Tables whose records are in other files too when a map leaves them out."""

KEYS = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}

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

    `people`: the tables of students and teachers, where the map tells them apart by their ids.
    """
    plan = raw.plan
    columns = {
        name: _take_cells(taken, base, raw, headed=mapped.headed)
        for name, taken in mapped.columns.items()
    }
    missing = _explain_absent(mapped, ours, columns, base=base, raw=raw)
    if mapped.teaching is not None:
        columns |= _build_teachers(mapped, base, raw, people=people)
    rows = np.flatnonzero(select_people(mapped, base, raw))
    if mapped.without_teachers and mapped.table == "enrollments":
        rows = _leave_out_teachers(rows, columns.get("Student_id"), people)
    is_shared = list(plan.own.values()).count(plan.own[mapped.table]) > 1
    if is_shared:
        cells = [cell.coded for cell in columns.values() if cell is not None]
        rows = _drop_repeats(cells, rows, columns.get(ours.key))
    table = normalize_columns.build_table(
        mapped.table,
        ours.key,
        base,
        rows=rows,
        columns=columns,
        unread=base.unread,
        missing_reason=missing,
    )
    key = columns.get(ours.key)
    if key is None or mapped.table not in FILTERED:
        return table
    return replace(table, known_elsewhere=_list_left_out(mapped, base, raw, key=key))


def _explain_absent(
    mapped: MappedTable,
    ours: File,
    columns: Mapping[str, Cells | None],
    *,
    base: Table,
    raw: RawFiles,
) -> dict[str, str]:
    """Return column -> why the table may not have it."""
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
    section = find_column(links, teaching.section, mapped.headed)
    person = find_column(links, teaching.person, mapped.headed)
    own = find_column(base, key.headers, mapped.headed)
    if not (section and person and own):
        return {}
    kept = select_rows(teaching.only, links, mapped.headed)
    if not teaching.only:
        kept &= _mark_teachers(frame.encode(links, person), people)
    keyed = replace(base, key=own, cache={})
    return build_teacher_columns(keyed, links, np.flatnonzero(kept), section=section, person=person)


def _leave_out_teachers(
    rows: np.ndarray, students: Cells | None, people: Mapping[str, Table]
) -> np.ndarray:
    """Return the rows without those of people who are teachers and no students."""
    if students is None:
        return rows
    return np.asarray(rows[~_mark_teachers(students.coded, people)[rows]])


def _mark_teachers(ids: frame.Encoded, people: Mapping[str, Table]) -> np.ndarray:
    """Return the mask of the ids of teachers who are no students."""
    known = {}
    for name, key in (("students", "Student_id"), ("teachers", "Teacher_id")):
        table = people.get(name)
        has_ids = table is not None and table.has(key)
        values = frame.encode(table, key).values if has_ids and table is not None else NO_VALUES
        known[name] = frame.is_among(frame_values.trim(ids.values), values)
    return np.asarray((known["teachers"] & ~known["students"])[ids.codes], bool)


def select_people(mapped: MappedTable, base: Table, raw: RawFiles) -> np.ndarray:
    """Return the mask of the rows of a raw file that a table keeps, by their values and ids."""
    kept = select_rows(mapped.only, base, mapped.headed)
    if mapped.table not in FILTERED or not (mapped.named_by or mapped.without_teachers):
        return kept
    ids = _encode_ids(mapped, base)
    if ids is None:
        return kept
    trimmed = frame_values.trim(ids.values)
    if mapped.named_by:
        kept &= ids.broadcast(frame.is_among(trimmed, _list_named_teachers(raw)))
    if mapped.without_teachers:
        kept &= ~ids.broadcast(frame.is_among(trimmed, _list_teachers(raw)))
    return kept


def _encode_ids(mapped: MappedTable, base: Table) -> frame.Encoded | None:
    """Return the ids of a table of people in a raw file, None where it has none."""
    taken = mapped.columns.get(KEYS[mapped.table])
    name = "" if taken is None or taken.files else find_column(base, taken.headers, mapped.headed)
    return frame.encode_raw(base, name) if name else None


def _find_mapped(raw: RawFiles, name: str) -> tuple[MappedTable, Table] | None:
    """Return a table of the column map with the raw file of it, None where it has none."""
    mapped = next((each for each in raw.plan.map.tables if each.table == name), None)
    base = raw.find(raw.plan.own.get(name, ()))
    return (mapped, base) if mapped is not None and base is not None else None


def _list_teachers(raw: RawFiles) -> pa.Array:
    """Return the ids of the people whom the column map takes as teachers."""
    found = _find_mapped(raw, "teachers")
    ids = _encode_ids(*found) if found else None
    if found is None or ids is None:
        return NO_VALUES
    rows = np.flatnonzero(select_people(*found, raw))
    return frame_values.trim(ids.values.take(pa.array(np.unique(ids.codes[rows]))))


def _list_named_teachers(raw: RawFiles) -> pa.Array:
    """Return the ids that the sections of a raw export name as teachers, or that teach them."""
    found = _find_mapped(raw, "sections")
    if found is None:
        return NO_VALUES
    mapped, base = found
    named = [NO_VALUES]
    for column, taken in mapped.columns.items():
        is_teacher = column.startswith("Teacher_") and column.endswith("_id")
        name = find_column(base, taken.headers, mapped.headed)
        if is_teacher and not taken.files and name:
            named.append(frame.encode_raw(base, name).values)
    teaching = mapped.teaching
    links = raw.find(raw.plan.joined.get(teaching.files, ())) if teaching is not None else None
    if teaching is not None and links is not None:
        person = find_column(links, teaching.person, mapped.headed)
        rows = np.flatnonzero(select_rows(teaching.only, links, mapped.headed))
        if person:
            named.append(frame.encode_rows(links, person, rows).values)
    return frame_values.trim(pa.concat_arrays([each.cast(pa.string()) for each in named]))


def list_left_out_rows(mapped: MappedTable, base: Table, raw: RawFiles) -> np.ndarray:
    """Return the numbers of the rows that the map keeps in no table of people."""
    plan = raw.plan
    if mapped.table not in FILTERED or not (mapped.only or mapped.named_by):
        return np.zeros(0, np.intp)
    kept = np.zeros(len(base), bool)
    for other in plan.map.tables:
        if other.table in FILTERED and plan.own.get(other.table) == plan.own[mapped.table]:
            kept |= select_people(other, base, raw)
    return np.flatnonzero(~kept)


def _list_left_out(
    mapped: MappedTable, base: Table, raw: RawFiles, *, key: Cells
) -> frozenset[str]:
    """Return the keys of the rows that the map does not keep; others may still refer to them."""
    codes = np.unique(key.coded.codes[list_left_out_rows(mapped, base, raw)])
    values = frame_values.trim(key.coded.values.take(pa.array(codes)))
    return frozenset(values.to_pylist()) - {""}


def _explain_missing(taken: ColumnSource, plan: Plan) -> str:
    """Explain why a raw export lacks a column that the column map names."""
    if taken.files and taken.files not in plan.joined:
        return f"there is no {' or '.join(taken.files)} to take it from"
    return f"no column is called {' or '.join(taken.headers)}"


def select_rows(only: Mapping[str, tuple[str, ...]], base: Table, headed: bool) -> np.ndarray:
    """Return the mask of the rows that have one of the values of each column of a filter."""
    kept = np.ones(len(base), bool)
    for heading, values in only.items():
        if name := find_column(base, (heading,), headed):
            encoded = frame.encode_lower(base, name)
            wanted = frame.is_among(encoded.values, pa.array(values, pa.string()))
            kept &= encoded.broadcast(wanted)
    return kept


def _drop_repeats(
    columns: Sequence[frame.Encoded], rows: np.ndarray, key: Cells | None
) -> np.ndarray:
    """Return the first row of each record, for a file from which several tables are built.

    Rows without a key are not records.
    """
    if key is not None:
        rows = rows[~_is_blank(key.coded)[rows]]
    number = np.zeros(len(rows), np.int64)
    for column in columns:
        combined = number * max(len(column.values), 1) + column.codes[rows]
        number = frame.number_keys(combined)[0].astype(np.int64)
    return np.asarray(rows[frame.mark_firsts(number)])


def _is_blank(encoded: frame.Encoded) -> np.ndarray:
    """Return which cells that a column map took from a raw file are blank."""
    blank = frame_values.is_blank(frame_values.trim(encoded.values))
    return np.asarray(blank[encoded.codes], bool)


def _take_cells(taken: ColumnSource, base: Table, raw: RawFiles, *, headed: bool) -> Cells | None:
    """Return the cells of one of our columns, None where the files do not have it."""
    if taken.files:
        other = raw.find(raw.plan.joined.get(taken.files, ()))
        cells = None if other is None else _look_up(taken, base, other, headed=headed)
    else:
        name = find_column(base, taken.headers, headed)
        cells = normalize_columns.take_own(base, name) if name else None
    if cells is None:
        return None
    if taken.split:
        names = frame.map_values(cells.coded, lambda values: split_names(values, taken))
        cells = replace(cells, coded=names, violations=None)
    if taken.codes:
        decoded = frame.map_values(cells.coded, lambda values: _decode(values, taken.codes))
        cells = replace(cells, coded=decoded)
    return cells


def find_column(base: Table, headings: Sequence[str], headed: bool) -> str:
    """Return the table's name of the first of the headings that it has, "" for none."""
    columns = {fold_heading(name): name for name in reversed(list(base.headers))}
    for heading in headings:
        title = get_heading(heading, headed)
        name = columns.get(fold_heading(title), title)
        if base.has(name):
            return name
    return ""


def _look_up(taken: ColumnSource, base: Table, other: Table, *, headed: bool) -> Cells | None:
    """Return the values in the first row of another file with the same key."""
    key = find_column(base, taken.key, headed)
    other_key = find_column(other, taken.other_key, headed)
    column = find_column(other, taken.headers, headed)
    if not (key and other_key and column):
        return None
    keys, other_keys = frame.encode(base, key), frame.encode(other, other_key)
    first = np.full(len(other_keys.values) + 1, -1, np.int64)
    first[other_keys.codes[::-1]] = np.arange(len(other))[::-1]
    positions = frame.find_positions(keys.values, other_keys.values)
    positions = np.where(frame_values.is_blank(keys.values), -1, positions)
    return normalize_columns.look_up(other, column, keys.broadcast(first[positions]))


def split_names(values: pa.Array, taken: ColumnSource) -> pa.Array:
    """Return the first or last name of each full name, without titles."""
    names = frame_values.trim(values)
    names = pc.replace_substring_regex(names, pattern=TITLES, replacement="")
    parts = pc.extract_regex(names, pattern=NAMES[taken.split])
    return frame_values.trim(pc.fill_null(pc.struct_field(parts, taken.part), ""))


def _decode(values: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    """Return the meaning of each value; a value without a code stays as it is."""
    trimmed = frame_values.trim(values)
    known = pa.array([code.lower() for code in codes], pa.string())
    positions = frame.find_positions(pc.utf8_lower(trimmed), known)
    meanings = list(codes.values())
    decoded = [
        meanings[position] if position >= 0 else value
        for position, value in zip(positions.tolist(), trimmed.to_pylist(), strict=True)
    ]
    return pa.array(decoded, pa.string())
