"""Differences from the previous export: records removed, added or changed, and ids reused."""

from __future__ import annotations

from typing import Literal

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.compare import explain, school_moves, thresholds
from validator.compare.diff import Changes, Kind
from validator.compare.thresholds import OF_A_TERM, Load
from validator.model import Export, Finding, Level, Places, Table
from validator.vocabulary.grades import Grades

CONFIDENCE = {
    "stated": "stated",
    "indirect": "indirect source",
    "settable": "unless the district set another share",
}
"""The words for how sure the share is at which an app holds a sync."""


@check(wants=("phase",))
def many(
    between: Changes,
    *,
    ways: list[Literal["added", "removed", "changed"]],
    share: float,
    watch: float,
    held_by: str,
    confidence: Literal["stated", "indirect", "settable"],
    when_year_turns: float = 0,
    phase: str,
) -> Finding:
    """Find kinds of records of which more than `share` changed, the check of many changes.

    Above `watch` (0: not used) it is a warning. `when_year_turns` replaces `share` in the phases
    start and rollover. At rollover, sections and enrollments are one level softer. Counts kinds.
    """
    loads = thresholds.measure_loads(between, ways)
    share = thresholds.choose_limit(share, when_year_turns, phase)
    blocks = []
    for load in loads:
        if load.share <= (watch or share):
            continue
        table = between.new.tables.get(load.name)
        softer = phase == "rollover" and load.name in OF_A_TERM
        blocks.append(
            Places.whole_file(
                load.name,
                table.file if table is not None else "",
                level=_load_level(over=load.share > share, softer=softer),
                notes=_describe(load, softer, between.kind(load.name)),
            )
        )
    figures: dict[str, int | str] = {
        "percent": f"{share:.0%}",
        "held_by": held_by,
        "confidence": CONFIDENCE[confidence],
    }
    return Finding(blocks, of=max(len(loads), 1), figures=figures)


def _load_level(*, over: bool, softer: bool) -> Level | None:
    """Return the level at which the check of many changes finds a kind, `over` its limit or not."""
    if over:
        return Level.WARNING if softer else None
    return Level.ADVICE if softer else Level.WARNING


def _describe(load: Load, softer: bool, kind: Kind | None) -> str:
    """Note for the check of many changes: the numbers of a kind, and a likely explanation."""
    words = f"{load.touched:,} of {load.of:,} {load.name} ({load.share:.1%})"
    cut = explain.count_cut_off(kind) if kind else 0
    if cut:
        words += (
            f"; {cut:,} of them are the last of the previous file: the new one may be cut short"
        )
    return words + ("; expected when the school year turns" if softer else "")


def _select_read_tables(export: Export) -> dict[str, Table]:
    """The tables that are files of the export, for the checks of dropped files and columns."""
    read = {file.table for file in export.files}
    return {name: table for name, table in export.all_tables.items() if name in read or not read}


@check(wants=("phase",))
def file_dropped(between: Changes, *, phase: str) -> Finding:
    """Find files with records in the previous export that are now missing or empty.

    One place each.
    """
    blocks = []
    before = {name: table for name, table in _select_read_tables(between.old).items() if len(table)}
    for name, table in before.items():
        now = between.new.find(name)
        if now is not None and (len(now) or len(now.unread)):
            continue
        softer = phase == "rollover" and name in OF_A_TERM
        notes = f"{len(table):,} rows before, {'none' if now is not None else 'no file'} now"
        blocks.append(
            Places.whole_file(
                name,
                now.file if now is not None else table.file,
                level=Level.WARNING if softer else None,
                notes=notes + ("; expected when the school year turns" if softer else ""),
            )
        )
    return Finding(blocks, of=max(len(before), len(blocks)))


@check()
def not_compared(between: Changes) -> Finding:
    """Find kinds of records that cannot be compared with the previous export; one place each."""
    reasons = between.incomparable()
    blocks = [
        Places.whole_file(name, between.new.tables[name].file, notes=reason)
        for name, reason in reasons.items()
    ]
    figures = {"which": ", ".join(reasons)}
    return Finding(blocks, of=len(_select_read_tables(between.new)), figures=figures)


@check()
def columns_changed(between: Changes) -> Finding:
    """Find columns added or removed since the previous export.

    One place each, in the new header.
    """
    blocks, of = [], 0
    for name, table in _select_read_tables(between.new).items():
        old = between.old.find(name)
        if old is None:
            continue
        of += len(table.headers.keys() | old.headers.keys())
        for column in [*old.headers, *table.headers]:
            if table.has(column) != old.has(column):
                notes = "is new" if table.has(column) else "was there before and is gone"
                blocks.append(Places.at_header(table, column, notes=notes))
    return Finding(blocks, of=of)


def _count_people(between: Changes) -> int:
    """Count the people of the new export, for the checks of changed and reused ids."""
    kinds = [between.kind(name) for name in explain.MAIL]
    return sum(kind.after for kind in kinds if kind)


@check()
def ids_changed(between: Changes) -> Finding:
    """Find people with the same name and birth date (or e-mail) and a new id.

    Repair: the old id.
    """
    blocks = []
    for name in explain.MAIL:
        kind = between.kind(name)
        old, new = explain.match_people(between, name)
        if kind is None or not len(new):
            continue
        order = np.argsort(new)
        blocks.append(
            frame.place_rows(
                kind.new,
                new[order],
                kind.new.key,
                notes="had another id before",
                repairs=frame.take_text(kind.old, kind.old.key, old[order]),
            )
        )
    return Finding(blocks, of=_count_people(between))


@check()
def ids_reused(between: Changes) -> Finding:
    """Find people whose id was another person's in the previous export."""
    blocks = []
    for name in explain.MAIL:
        kind = between.kind(name)
        if kind is not None:
            rows = kind.now[explain.mark_reused(between, name)]
            notes = "was somebody else's id before"
            blocks.append(frame.place_rows(kind.new, rows, kind.new.key, notes=notes))
    return Finding(blocks, of=_count_people(between))


@check()
def section_ids_reused(between: Changes, sections: Table) -> Finding:
    """Find sections whose id was that of another course or term in the previous export."""
    kind = between.kind("sections")
    rows = kind.now[explain.mark_reused_sections(between)] if kind else np.zeros(0, np.int64)
    return frame.report_rows(sections, rows, "Section_id")


@check()
def new_teachers(between: Changes, teachers: Table) -> Finding:
    """Find teachers who were not in the previous export, under any id."""
    rows = explain.list_joined(between, "teachers")
    return Finding(
        [frame.place_rows(teachers, rows, "Teacher_id")], of=frame.group_people(teachers).count
    )


@check()
def students_leaving(between: Changes, students: Table) -> Finding:
    """Find students who are gone, change schools, or are no longer in any section; each once."""
    kind = between.kind("students")
    if kind is None:
        return Finding([], of=frame.group_people(students).count)
    gone = explain.list_left(between, "students")
    moved = school_moves.mark_moved(between, "students")
    stranded = explain.mark_without_sections(between) & ~moved
    blocks = [
        frame.place_previous(kind.old, gone, notes="left"),
        frame.place_rows(students, kind.now[moved], "School_id", notes="moved to another school"),
        frame.place_rows(
            students, kind.now[stranded], "Student_id", notes="in no section any more"
        ),
    ]
    return Finding(
        blocks,
        of=kind.before,
        figures={"left": len(gone), "moved": int(moved.sum()), "stranded": int(stranded.sum())},
    )


@check(wants=("grades",))
def merge_likely(students: Table, *, column: str, grades: Grades) -> Finding:
    """Find students of one school with one name and the same or the next grade, under two ids."""
    who, name = frame.group_people(students), frame.encode_names(students)
    if name is None:
        return Finding([], of=who.count)
    rank = _rank_grades(students, column, grades)
    named = ~frame.encode(students, "Last_name").blank
    rows = np.flatnonzero(who.first & (rank >= 0) & named)
    if len(rows) < 2:
        return Finding([], of=who.count, groups=0)
    school = frame.encode(students, "School_id")
    group, _ = frame.number_keys(frame.combine_codes(school, name)[rows])
    key = frame.encode(students, students.key).codes[rows]
    order = np.lexsort((rank[rows], group))
    rows, group, key = rows[order], group[order], key[order]
    pairs = (
        (group[1:] == group[:-1]) & (rank[rows][1:] - rank[rows][:-1] <= 1) & (key[1:] != key[:-1])
    )
    paired = np.append(pairs, False) | np.append(False, pairs)
    rows, group = rows[paired], group[paired]
    order = np.argsort(rows)
    places = frame.place_rows(students, rows[order], students.key, groups=group[order])
    return Finding([places], of=who.count, groups=0)


def _rank_grades(students: Table, column: str, grades: Grades) -> np.ndarray:
    """Rank grades for the checks of changes: per row, from youngest to oldest, -1 for none."""
    values = frame.encode(students, column)
    order = {grade: at for at, grade in enumerate(grades.order)}
    ranks = [order.get(grade, -1) for grade in grades.to_canonical(values.values.to_pylist())]
    return values.broadcast(np.asarray([*ranks, -1]))
