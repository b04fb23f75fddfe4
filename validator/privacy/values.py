"""The only window through which outputs look at rows: what a reader of this edition may see, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.model import Level, Outcome, Places, Report, SchoolRow, SourceFile, Table
from validator.privacy import public_values

ANOTHER_VALUE = "another value"
"""Stands in masked editions for what must not be shown."""

NAMES = {"sections": ("Course_name",), "schools": ("School_name",)}
"""What a reader knows a record by, where it is not a person."""

_NOWHERE = -1  # instead of a row number: the line is no row of the table


@dataclass(frozen=True)
class PlaceRow:
    """One place as a reader of this edition may see it; what may not be seen is None.

    `group`: equal for places that belong together. `repair`: what the value should be. `level`: where it differs from
    the rule's own.
    """

    file: str
    line: int | None
    end_line: int | None
    column: str | None
    school_id: str | None = None
    key: str | None = None
    value: str | None = None
    group: int | None = None
    note: str | None = None
    name: str | None = None
    repair: str | None = None
    level: Level | None = None


def listing(
    report: Report, outcome: Outcome, limit: int | None = None, full: bool = False
) -> list[PlaceRow]:
    """The places of a finding in the order of files and lines, at most `limit` of them."""
    if outcome.finding is None or not outcome.rule.lists:
        return []
    blocks = [block for block in outcome.finding.places if block.listed and len(block)]
    owner, position = _first_places(report, blocks, limit)
    rows: list[PlaceRow | None] = [None] * len(owner)
    for number, block in enumerate(blocks):
        mine = np.flatnonzero(owner == number)
        if len(mine):
            for at, row in zip(mine, _rows(report, block, position[mine], full), strict=True):
                rows[at] = row
    return [row for row in rows if row is not None]


def listed_count(outcome: Outcome) -> int:
    """How many places a finding has that could be listed."""
    if outcome.finding is None or not outcome.rule.lists:
        return 0
    return sum(len(block) for block in outcome.finding.places if block.listed)


def tally(
    report: Report, outcome: Outcome, full: bool = False, *, limit: int | None = None
) -> list[tuple[str, int]]:
    """Found values with how often each was found, most first; what is not shown is summed as another value."""
    held = outcome.finding.tally if outcome.finding else None
    if held is None:
        return []
    kind, shape = public_values.privacy_class(held.table, held.column)
    values = frozenset(value for value, _ in held.values)
    if held.column.casefold().endswith("email"):
        kind, shape = kind if full else "public", "district-domain"
    if not full:
        values = public_values.shown(report, shape, values) if kind == "public" else frozenset()
    if kind == "secret":
        values = frozenset()
    told = [(value, count) for value, count in held.values if value in values][:limit]
    rest = sum(count for _, count in held.values) - sum(count for _, count in told)
    return told + [(ANOTHER_VALUE, rest)] * bool(rest)


def by_school(report: Report, outcome: Outcome, full: bool = False) -> list[tuple[str | None, int]]:
    """How many found records each school has, most first; records without a known school stand under None."""
    counts: dict[str | None, int] = {}
    seen = public_values.schools(report)
    for school, count in report.by_school.get(outcome.rule.id, {}).items():
        shown = school if school and (full or school in seen) else None
        counts[shown] = counts.get(shown, 0) + count
    return sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))


def schools(report: Report, full: bool = False) -> list[SchoolRow]:
    """The schools' figures, in the order of the report; a masked edition holds only schools that it may name."""
    if full:
        return list(report.schools)
    seen = public_values.schools(report)
    names = public_values.shown(report, "school-name", [school.name for school in report.schools])
    return [
        replace(school, name=school.name if school.name in names else "")
        for school in report.schools
        if school.school_id in seen
    ]


def steps_by_school(
    report: Report, kind: str, full: bool = False
) -> list[tuple[str | None, list[int]]]:
    """Per school how many of one kind are left after each step of `readiness`, most held back first; who has no school
    that may be named stands under None."""
    left: dict[str | None, list[int]] = {}
    seen = public_values.schools(report)
    for school, counts in report.readiness[kind].by_school.items():
        shown = school if school and (full or school in seen) else None
        left[shown] = [
            one + other
            for one, other in zip(left.get(shown, [0] * len(counts)), counts, strict=True)
        ]
    return sorted(
        left.items(), key=lambda item: (item[1][-1] - item[1][0], item[0] is None, item[0] or "")
    )


def header(report: Report, table: str, column: str | None) -> str | None:
    """The file's own header of a column that its format knows; `column 7` stays, any other header is None."""
    if column is None or re.fullmatch(r"column \d+", column):
        return column
    if not column.startswith(public_values.EXTENSIONS) and not public_values.known(table, column):
        return None
    held = report.export.tables.get(table)
    return column if held is None else held.headers.get(column, column)


def unused(report: Report, file: SourceFile, full: bool = False) -> list[str]:
    """The columns of a file that nothing reads: their headers in the full edition, else where they stand."""
    if full:
        return list(file.columns_unused)
    notes = [
        note
        for outcome in report.outcomes
        if outcome.rule.id == "header-unknown" and outcome.finding
        for block in outcome.finding.places
        if block.file == file.name
        for note in (
            [block.notes] * len(block) if isinstance(block.notes, str) else block.notes or ()
        )
    ]
    places = [found[0] for note in notes if (found := re.search(r"column \d+", note))]
    return (
        places
        if len(places) == len(file.columns_unused)
        else ["an unknown column"] * len(file.columns_unused)
    )


def _first_places(
    report: Report, blocks: Sequence[Places], limit: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Block number and position of the first places by file, line and block; nothing is looked up."""
    if not blocks:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    files = {file.name: rank for rank, file in enumerate(report.export.files)}
    for block in blocks:
        files.setdefault(block.file, len(files))
    key = np.concatenate(
        [(files[block.file] << 32) + block.lines.astype(np.int64) for block in blocks]
    )
    owner = np.repeat(np.arange(len(blocks), dtype=np.int32), [len(block) for block in blocks])
    position = np.concatenate([np.arange(len(block)) for block in blocks])
    kept = np.arange(len(key))
    if limit is not None and limit < len(key):
        kept = np.flatnonzero(key <= np.partition(key, limit - 1)[limit - 1]) if limit else kept[:0]
    kept = kept[np.argsort(key[kept], kind="stable")][:limit]
    return owner[kept], position[kept]


def _rows(report: Report, block: Places, position: np.ndarray, full: bool) -> list[PlaceRow]:
    """Some places of one block, in the order of `position`."""
    table = report.export.tables.get(block.table)
    lines = block.lines[position]
    row = _row_numbers(table, lines) if block.rows is None else block.rows[position]
    kind, shape = public_values.privacy_class(block.table, block.column or "")
    values = _texts(table, block.column, row)
    repairs = (
        [block.repairs[at] for at in position]
        if block.repairs is not None
        else [None] * len(position)
    )
    school = _texts(table, "School_id", row)
    empty: list[str | None] = [None] * len(position)
    keys = names = empty
    if full:
        keys, names = _keys(table, row), _names(report, table, row)
        keys = [block.keys[at] for at in position] if block.keys is not None else keys
    else:
        seen = (
            public_values.shown(report, shape, _filled(values + repairs))
            if kind == "public"
            else frozenset()
        )
        values, repairs = _only(values, seen), _only(repairs, seen)
        school = _only(school, public_values.shown(report, "school", _filled(school)))
    if kind == "secret":
        values = repairs = empty
    column, ends = header(report, block.table, block.column), _ends(block, table, position)
    notes = (
        [block.notes] * len(position)
        if isinstance(block.notes, str) or block.notes is None
        else [block.notes[at] for at in position]
    )
    return [
        PlaceRow(
            block.file,
            int(line) or None,
            int(end) or None,
            column,
            school[i] or None,
            keys[i] or None,
            values[i],
            None if block.groups is None else int(block.groups[position[i]]),
            notes[i] or None,
            names[i] or None,
            repairs[i],
            block.level,
        )
        for i, (line, end) in enumerate(zip(lines, ends, strict=True))
    ]


def _ends(block: Places, table: Table | None, position: np.ndarray) -> np.ndarray:
    """The last line of each place: as the finding says, else as the file was read, else its first."""
    if block.end_lines is not None:
        return np.asarray(block.end_lines[position])
    ends = table.end_lines if table is not None else {}
    return np.asarray([ends.get(int(line), line) for line in block.lines[position]], np.int64)


def _filled(values: Sequence[str | None]) -> list[str]:
    return [value for value in values if value]


def _only(values: Sequence[str | None], seen: frozenset[str]) -> list[str | None]:
    return [value if value in seen else None for value in values]


def _row_numbers(table: Table | None, lines: np.ndarray) -> np.ndarray:
    """Row number of each line in a table whose lines rise, or _NOWHERE."""
    if table is None or not len(table):
        return np.full(len(lines), _NOWHERE)
    row = np.minimum(np.searchsorted(table.lines, lines), len(table) - 1)
    return np.where(table.lines[row] == lines, row, _NOWHERE)


def _texts(table: Table | None, column: str | None, row: np.ndarray) -> list[str | None]:
    """The raw text of one column in some rows, None where there is no such row or column."""
    there = row != _NOWHERE
    if table is None or column is None or column not in table.rows.columns or not there.any():
        return [None] * len(row)
    found = iter(frame.get_array(table, column).take(pa.array(row[there])).to_pylist())
    return [next(found) if is_there else None for is_there in there]


def _keys(table: Table | None, row: np.ndarray) -> list[str | None]:
    """What identifies each row: its key, or for an enrollment the student and the section."""
    if table is None or table.key:
        return _texts(table, table.key if table else None, row)
    pairs = zip(_texts(table, "Student_id", row), _texts(table, "Section_id", row), strict=True)
    return [
        None if student is None else f"{student} in {section or ''}" for student, section in pairs
    ]


def _names(report: Report, table: Table | None, row: np.ndarray) -> list[str | None]:
    """The name of the person, section or school of each row; of an enrollment, the student's."""
    students = report.export.tables.get("students")
    if table is None or (row == _NOWHERE).all():
        return [None] * len(row)
    if not table.key and students is not None and table.has("Student_id"):
        located = frame.locate_rows(table, "Student_id", students)
        return _names(
            report,
            students,
            np.where(row == _NOWHERE, _NOWHERE, np.maximum(located[row], _NOWHERE)),
        )
    columns = NAMES.get(table.name, ("First_name", "Last_name"))
    parts = zip(*(_texts(table, column, row) for column in columns), strict=True)
    return [" ".join(part.strip() for part in some if part) or None for some in parts]
