"""Files that end in the middle of a row, with the records after it missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.diagnosis.edit import apply_edits
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import list_failing
from validator.diagnosis.scene import Scene
from validator.model import Export, Part, Places, Table, dataclass

LEAST_MISSING = 3
"""Records after the last row that other files name; fewer could be ordinary faults."""

SHARE = 0.9
SHORT_ROW = ("row-wrong-length", "quote-unclosed")
KEYED = ("schools", "students", "teachers", "sections")


def suspect_cut_off(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that the export or the transfer of a file stopped in the middle of a row.

    Two signs: the last row is shorter than the header, and at least 3 records are missing that
    other files name. In a file that is sorted by its ids they come after its last one; for
    enrollments, the students or sections without any are the last ones of their files.
    """
    for name in KEYED:
        table = scene.table(name)
        end = _find_end(scene, table) if table is not None else None
        if table is None or end is None:
            continue
        missing = _list_missing(scene, table, end)
        if len(missing) >= LEAST_MISSING:
            cells = sum(each.count for each in list_failing(scene) if each.other is table)
            yield _suspect_keyed(scene, table, missing, end=end, cells=cells)
    enrollments = scene.table("enrollments")
    end = _find_end(scene, enrollments) if enrollments is not None else None
    if enrollments is not None and end is not None:
        yield from _suspect_enrollments(scene, enrollments, end)


@dataclass(frozen=True, eq=False)
class _End:
    """The short last row of a file: its place, and the table's rows before it (bool mask)."""

    file: str
    line: int
    rows: np.ndarray


def _find_end(scene: Scene, table: Table) -> _End | None:
    """Return a file's last row if it is short, as evidence that the file was cut off.

    Of several files that are one table, that of the first that is cut off.
    """
    parts = table.parts or (Part(table.file, 0),)
    stops = [part.shift for part in parts[1:]] + [np.iinfo(np.int32).max]
    unread = table.unread
    for part, stop in zip(parts, stops, strict=True):
        rows = (table.lines > part.shift) & (table.lines <= stop)
        lost = np.flatnonzero((unread.lines > part.shift) & (unread.lines <= stop))
        last = unread.lines[lost].max(initial=0)
        if not len(lost) or last <= table.lines[rows].max(initial=0):
            continue
        width = len(table.headers)
        for original in scene.export.originals.tables.values() if scene.export.originals else ():
            if original.file == part.file:
                width = len(original.headers)
        if len(unread.cells[int(lost[np.argmax(unread.lines[lost])])]) < width:
            return _End(part.file, int(last) - part.shift, rows)
    return None


def _list_missing(scene: Scene, table: Table, end: _End) -> list[str]:
    """Return the ids that other files name, as evidence that a file was cut off before them."""
    missing = [
        value
        for failing in list_failing(scene)
        if failing.other is table
        for value in failing.values
    ]
    keys = frame.take_text(table, table.key, np.flatnonzero(end.rows))
    numbered = all(key.isdecimal() for key in keys)
    ordered = [_order(key, numbered) for key in keys]
    if ordered and ordered == sorted(ordered):
        missing = [key for key in missing if _order(key, numbered) > ordered[-1]]
    return sorted(set(missing))


def _order(key: str, numbered: bool) -> tuple[int, str]:
    """Return the sort key of an id, by which a hypothesis orders the ids of a cut-off file."""
    return (int(key), "") if numbered and key.isdecimal() else (0, key)


def _place_end(scene: Scene, end: _End) -> dict[str, list[Places]]:
    """Return findings in the last row, by rule, that the diagnosis of a cut-off file explains."""
    return {
        rule: [
            block.keep(block.lines == end.line)
            for block in scene.places(rule)
            if block.file == end.file and (block.lines == end.line).any()
        ]
        for rule in SHORT_ROW
    }


def _suspect_keyed(
    scene: Scene, table: Table, missing: Sequence[str], *, end: _End, cells: int
) -> Suspicion:
    """Suspect that a file of records was cut off; the inverse knows the missing ids."""
    name, known = table.name, frozenset(missing)
    ends = _place_end(scene, end)

    def undo(export: Export) -> Export:
        cut = [each for each in export.all_tables.values() if each.file == table.file]
        whole = {
            each.name: replace(each, known_elsewhere=each.known_elsewhere | known, cache={})
            for each in cut
            if each.key
        }
        return apply_edits(export.with_tables(whole), [])

    return Suspicion(
        "file-cut-off",
        [block for blocks in ends.values() for block in blocks],
        f"The last row of {end.file} is shorter than its header, and other files name "
        f"{len(missing):,} records that should follow it and are missing",
        symptoms=frozenset({(name, table.key)}),
        repaired=cells,
        failing=cells,
        inverse=undo,
        covers=ends,
    )


def _suspect_enrollments(scene: Scene, enrollments: Table, end: _End) -> Iterable[Suspicion]:
    """Yield the suspicion that the enrollments of the last students or sections are missing."""
    for name, column, rule in (
        ("students", "Student_id", "student-without-section"),
        ("sections", "Section_id", "section-without-students"),
    ):
        table = scene.table(name)
        if table is None:
            continue
        named = frame.locate_rows(enrollments, column, table)
        alone = np.flatnonzero(scene.mark(table, None, rule))
        behind = int((alone > named.max(initial=-1)).sum())
        if behind < LEAST_MISSING or behind < SHARE * len(alone):
            continue
        covers = _place_end(scene, end)
        for each in ("student-without-section", "section-without-students"):
            covers[each] = list(scene.places(each))
        yield Suspicion(
            "file-cut-off",
            [block for blocks in _place_end(scene, end).values() for block in blocks],
            f"The last row of {end.file} is shorter than its header, and the last "
            f"{behind:,} records of {table.file} have no row in it",
            symptoms=frozenset({("enrollments", column)}),
            repaired=behind,
            failing=behind,
            covers=covers,
        )
        return
