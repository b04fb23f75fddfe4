"""Ids that do not match because the export wrote something else into the column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.edit import add_file_rows, apply_edits, find_source_column
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.id_edits import replace_values
from validator.diagnosis.references import (
    LEAST_VALUES,
    Failing,
    Pairs,
    is_enough,
    list_failing,
    locate_cells,
    undo_cells,
)
from validator.diagnosis.scene import LISTS, Scene
from validator.diagnosis.table_edit import Edit
from validator.frame.arrays import count_numbers, sort_unique
from validator.model import Export, FileColumn, Places

LIST = re.compile(r"\s*[;,|/]\s*")
BRACKETS = " []{}()"
SAMPLE = 500
"""Failing ids or rows that are tried first, before all of them are."""


def suspect_another_column(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that references hold another number of the records they mean."""
    for failing in list_failing(scene):
        other = failing.other
        if len(failing.distinct) < LEAST_VALUES and not failing.is_of_few:
            continue
        matches: list[tuple[FileColumn, Pairs]] = []
        for heading, encoded in _list_columns(failing):
            pairs = _match_column(failing, encoded)
            if pairs is not None and is_enough(pairs):
                matches.append((heading, pairs))
        for heading, pairs in matches:
            evidence = (
                f"{pairs.count:,} of the {len(failing.distinct):,} ids of "
                f"{failing.table.file} that match nothing are in {heading} of "
                f"{other.file}, none in {other.headers.get(other.key, other.key)}"
            )
            unique = not any(_is_ambiguous(pairs, second) for _, second in matches)
            yield replace(_build_suspicion("ids-from-another-column", pairs, evidence), sure=unique)


def _list_columns(failing: Failing) -> Iterator[tuple[FileColumn, frame.Encoded]]:
    """Yield the other columns that a hypothesis tries for a failing reference, by heading."""
    other = failing.other
    for column in other.records.columns:
        if column not in (other.key, "School_id", "Password"):
            yield other.headers[column], frame.encode(other, column)
    own = set(other.headers.values())
    for source in failing.export.file_tables.values():
        if source.file != other.file or source is other or not len(source):
            continue
        rows = np.minimum(np.searchsorted(source.lines, other.lines), len(source) - 1)
        if not np.array_equal(source.lines[rows], other.lines):
            continue
        for column, heading in source.headers.items():
            if heading not in own and column.lower() not in NO_IDS:
                encoded = frame.encode(source, column)
                yield heading, frame.Encoded(encoded.values, encoded.codes[rows])


NO_IDS = ("status", "datelastmodified", "password", "role", "grades", "enableduser")
"""Columns of a format's files that hold no number of a record, in lower case."""


def _is_ambiguous(pairs: Pairs, other: Pairs) -> bool:
    """Return whether a hypothesis of another column is as good, but means other records."""
    both = pairs.hit & other.hit
    return other.cells >= pairs.cells and bool((pairs.position != other.position)[both].any())


def _match_column(failing: Failing, encoded: frame.Encoded) -> Pairs | None:
    """Return, per failing value, the key of the only record that has it in another column."""
    if not (frame.find_positions(encoded.values, failing.sample(SAMPLE)) >= 0).any():
        return None
    hit = frame.find_positions(encoded.values, failing.distinct)[encoded.codes]
    rows = np.flatnonzero(hit >= 0)
    if not len(rows):
        return None
    key = failing.key_positions[rows]
    is_key = key >= 0
    width = len(failing.keys)
    meant = sort_unique(hit[rows][is_key].astype(np.int64) * width + key[is_key])
    value, position_of = np.divmod(meant, width)
    position = np.full(len(failing.distinct), -1, np.intp)
    position[value] = position_of
    several = count_numbers(value, minlength=len(position)) > 1
    position[several] = -1
    matched = position[position >= 0]
    twice = len(sort_unique(matched)) < len(matched)
    return None if twice else Pairs(failing, failing.keys, position)


def _build_suspicion(id: str, pairs: Pairs, evidence: str) -> Suspicion:
    """Return the suspicion that the failing values stand for the paired keys."""
    failing = pairs.failing
    return Suspicion(
        id,
        locate_cells(failing, pairs.hit),
        evidence,
        symptoms=frozenset((failing.table.name, column) for column in failing.columns),
        repaired=pairs.cells,
        failing=failing.count,
        inverse=undo_cells(pairs),
    )


def _locate_ids(failing: Failing, values: Iterable[str]) -> list[Places]:
    """Return the places of the ids that a suspicion of lists in cells explains."""
    return locate_cells(failing, _mark(failing, values))


def _mark(failing: Failing, values: Iterable[str]) -> np.ndarray:
    """Return a bool mask of the distinct failing values that a hypothesis explains by these."""
    return np.asarray(frame.is_among(failing.distinct, pa.array(list(values), pa.string())))


def suspect_lists(scene: Scene) -> Iterable[Suspicion]:
    """Suspect cells that hold several ids, each of which matches a record.

    Where there are such cells, one that holds an unknown id next to known ones is a list too.
    """
    for failing in list_failing(scene):
        several = failing.distinct.filter(
            pc.match_substring_regex(failing.distinct, pattern="[;,|/]")
        )
        if not len(several):
            continue
        keys = set(frame.index_by_key(failing.other)[0].to_pylist())
        parts = {
            value: [part for part in LIST.split(value.strip(BRACKETS)) if part]
            for value in several.to_pylist()
        }
        several_ids = {value: ids for value, ids in parts.items() if len(ids) > 1}
        whole = {value for value, ids in several_ids.items() if keys.issuperset(ids)}
        if not whole:
            continue
        lists = {value: ids for value, ids in several_ids.items() if not keys.isdisjoint(ids)}
        partial_lists = len(lists) - len(whole)
        more = f"; {partial_lists:,} more hold an unknown id as well" if partial_lists else ""
        places = _locate_ids(failing, lists)
        yield Suspicion(
            "several-ids-in-a-cell",
            places,
            f"{len(whole):,} cells of {failing.table.file} hold several ids, each of which is in "
            f"{failing.other.file}{more}",
            symptoms=frozenset((failing.table.name, column) for column in failing.columns),
            repaired=failing.count_cells(_mark(failing, lists)),
            failing=failing.count,
            inverse=_split(failing, lists),
        )


def _split(failing: Failing, lists: dict[str, list[str]]) -> Callable[[Export], Export]:
    """Return the change that gives each id a separate cell (co-teachers) or row."""
    name, columns = failing.table.name, failing.columns

    def undo(export: Export) -> Export:
        if name == "sections" and failing.other.name == "teachers" and not _is_linked(failing):
            return _spread_teachers(export, lists)
        if columns[0] in LISTS:
            return _write_lists(export, name, columns[0], lists=lists)
        return _spread_rows(export, name, columns[0], lists=lists)

    return undo


def _is_linked(failing: Failing) -> bool:
    """Return whether teachers are in a separate file, which changes the inverse of lists in a
    cell."""
    origin = failing.table.origins.get(failing.columns[0])
    return origin is not None and origin.file != failing.table.file


def _write_lists(export: Export, name: str, column: str, *, lists: dict[str, list[str]]) -> Export:
    """Undo lists of ids in another form: return the export with commas between the ids."""
    old = pa.array(list(lists), pa.string())
    new = pa.array([",".join(ids) for ids in lists.values()], pa.string())
    return replace_values(export, name=name, columns=[column], old=old, new=new)


def _spread_teachers(export: Export, lists: dict[str, list[str]]) -> Export:
    """Undo a suspicion of several teachers in a cell: give each one a teacher column."""
    table = export.tables["sections"]
    columns = frame.list_teacher_columns(table)
    cells = {column: frame.take_text(table, column, np.arange(len(table))) for column in columns}
    wide: dict[int, list[str]] = {}
    for row in range(len(table)):
        values = [cells[column][row] for column in columns]
        if any(value in lists for value in values):
            wide[row] = [part for value in values for part in lists.get(value, [value]) if part]
    most = max(len(ids) for ids in wide.values())
    names = ["Teacher_id", *(f"Teacher_{number}_id" for number in range(2, most + 1))]
    rows = np.asarray(sorted(wide), np.intp)
    edits = []
    for at, column in enumerate(dict.fromkeys([*columns, *names])):
        values = [wide[int(row)][at] if at < len(wide[int(row)]) else "" for row in rows]
        edits.append(Edit("sections", column, rows, pa.array(values, pa.string())))
    return apply_edits(export, edits)


def _spread_rows(export: Export, name: str, column: str, *, lists: dict[str, list[str]]) -> Export:
    """Undo damaged lists of ids: return the export with a separate row for each id of a list.

    Where the rows of the file have an id, further rows get one with a number; they are not primary.
    """
    table, own = find_source_column(export, name, column)
    texts = frame.take_text(table, own, np.arange(len(table)))
    parts = [(row, part) for row, text in enumerate(texts) for part in lists.get(text, [text])]
    origin = np.asarray([row for row, _ in parts], np.intp)
    further = ~frame.mark_firsts(origin.astype(np.int32))
    columns = {own: pa.array([part for _, part in parts], pa.string())}
    if further.any() and table.has("sourcedId"):
        ids = frame.take_text(table, "sourcedId", origin)
        numbered = [
            f"{id}-{at}" if new else id
            for at, (id, new) in enumerate(zip(ids, further, strict=True))
        ]
        columns["sourcedId"] = pa.array(numbered, pa.string())
    if further.any() and table.has("primary"):
        primary = frame.take_text(table, "primary", origin)
        kept = [
            "false" if new and text else text for text, new in zip(primary, further, strict=True)
        ]
        columns["primary"] = pa.array(kept, pa.string())
    return add_file_rows(export, table.name, origin, columns=columns)
