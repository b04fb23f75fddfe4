"""The rows of a raw file that a table keeps: chosen by values, and people by what names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import values as frame_values
from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.parts import RawFiles
from validator.model import FileColumn, MappedTable, Table

FILTERED = ("students", "teachers", "staff")
"""Tables whose records are in other files too when a map leaves them out."""

SEPARATED = (*FILTERED, "contacts")
"""Tables into which a map may separate the rows of one file of people."""

KEYS = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}

NO_VALUES = pa.array([], pa.string())


def select_people(mapped: MappedTable, base: Table, raw: RawFiles) -> np.ndarray:
    """Return the mask of the rows of a raw file that a table keeps, by their values and ids."""
    kept = select_rows(mapped.only, base)
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
    name = "" if taken is None or taken.files else find_column(base, taken.headers)
    return frame.encode_raw(base, name) if name else None


def _find_mapped(raw: RawFiles, name: str) -> tuple[MappedTable, Table] | None:
    """Return a table of the column map with the raw file of it, None where it has none."""
    mapped = next((each for each in raw.plan.map.tables if each.table == name), None)
    base = raw.find(raw.plan.own.get(name, ()))
    return (mapped, base) if mapped is not None and base is not None else None


def _list_teachers(raw: RawFiles) -> pa.Array:
    """Return the ids of the people whom the column map takes as teachers."""
    entry = _find_mapped(raw, "teachers")
    ids = _encode_ids(*entry) if entry else None
    if entry is None or ids is None:
        return NO_VALUES
    rows = np.flatnonzero(select_people(*entry, raw))
    return frame_values.trim(ids.take_distinct(rows))


def _list_named_teachers(raw: RawFiles) -> pa.Array:
    """Return the ids that the sections of a raw export name as teachers, or that teach them."""
    entry = _find_mapped(raw, "sections")
    if entry is None:
        return NO_VALUES
    mapped, base = entry
    named = [NO_VALUES]
    for column, taken in mapped.columns.items():
        is_teacher = column.startswith("Teacher_") and column.endswith("_id")
        name = find_column(base, taken.headers)
        if is_teacher and not taken.files and name:
            named.append(frame.encode_raw(base, name).values)
    teaching = mapped.teaching
    links = raw.find(raw.plan.joined.get(teaching.files, ())) if teaching is not None else None
    if teaching is not None and links is not None:
        person = find_column(links, teaching.person)
        rows = np.flatnonzero(select_rows(teaching.only, links))
        if person:
            named.append(frame.encode_raw(links, person).take_distinct(rows))
    return frame_values.trim(pa.concat_arrays([each.cast(pa.string()) for each in named]))


def list_left_out_rows(
    mapped: MappedTable, base: Table, raw: RawFiles, *, tables: Sequence[str] = FILTERED
) -> np.ndarray:
    """Return the numbers of a raw file's rows that the map keeps in none of the `tables`."""
    plan = raw.plan
    if mapped.table not in FILTERED or not (mapped.only or mapped.named_by):
        return np.zeros(0, np.intp)
    kept = np.zeros(len(base), bool)
    for other in plan.map.tables:
        if other.table in tables and plan.own.get(other.table) == plan.own[mapped.table]:
            kept |= select_people(other, base, raw)
    return np.flatnonzero(~kept)


def select_rows(only: Mapping[FileColumn, tuple[str, ...]], base: Table) -> np.ndarray:
    """Return the mask of the rows that have one of the values of each column of a filter."""
    kept = np.ones(len(base), bool)
    for header, values in only.items():
        if name := find_column(base, (header,)):
            encoded = frame.encode_lower(base, name)
            wanted = frame.is_among(encoded.values, pa.array(values, pa.string()))
            kept &= encoded.broadcast(wanted)
    return kept


def find_column(base: Table, headers: Sequence[FileColumn]) -> str:
    """Return the name, in a raw file that was read, of the first of the columns it has; "" for
    none."""
    columns = {fold_heading(name): name for name in reversed(list(base.headers))}
    for title in map(str, headers):
        name = columns.get(fold_heading(title), title)
        if base.has(name):
            return name
    return ""


def number_rows(rows: np.ndarray, columns: Sequence[frame.Encoded]) -> np.ndarray:
    """Number the rows of a raw file from 0; rows equal in these columns have equal numbers."""
    number = np.zeros(len(rows), np.int64)
    for column in columns:
        combined = number * max(len(column.values), 1) + column.codes[rows]
        number = frame.number_keys(combined)[0].astype(np.int64)
    return number
