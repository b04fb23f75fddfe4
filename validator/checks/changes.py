"""What the next sync would do: records that go, come or change in numbers that apps stop at, ids that move."""

from __future__ import annotations

from typing import Literal

import numpy as np

from validator import frame
from validator.compare import explain, thresholds
from validator.compare.diff import Changes, Kind
from validator.compare.thresholds import OF_A_TERM, Load
from validator.model import Export, Finding, Level, Places, Table
from validator.vocabulary.grades import Grades

TOLD = {
    "stated": "stated",
    "indirect": "indirect source",
    "settable": "unless the district set another share",
}


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
    """Kinds of records of which over `share` were touched in one of the `ways`; a warning over `watch` (0: none).

    `when_year_turns`: the share in the phases start and rollover, where it is another. When the school year turns,
    sections and enrollments are one level softer. Counts kinds, one place each.
    """
    loads = thresholds.loads(between, ways)
    share = thresholds.limit(share, when_year_turns, phase)
    blocks = []
    for load in loads:
        if load.share <= (watch or share):
            continue
        over = load.share > share
        softer = phase == "rollover" and load.name in OF_A_TERM
        level = Level.WARNING if over == softer else None if over else Level.ADVICE
        table = between.new.tables.get(load.name)
        blocks.append(
            Places(
                load.name,
                table.file if table is not None else "",
                np.zeros(1, np.int32),
                level=level,
                notes=_told(load, softer, between.kind(load.name)),
            )
        )
    return Finding(
        blocks,
        of=max(len(loads), 1),
        figures={"percent": f"{share:.0%}", "held_by": held_by, "told": TOLD[confidence]},
    )


def _told(load: Load, softer: bool, kind: Kind | None) -> str:
    """The numbers behind one kind of record, and what they look like."""
    words = f"{load.touched:,} of {load.of:,} {load.name} ({load.share:.1%})"
    cut = explain.cut_short(kind) if kind else 0
    if cut:
        words += (
            f"; {cut:,} of them are the last of the previous file: the new one may be cut short"
        )
    return words + ("; expected when the school year turns" if softer else "")


def _as_read(export: Export) -> dict[str, Table]:
    """The tables that are files of the export, and not made from them."""
    read = {file.table for file in export.files}
    return {name: table for name, table in export.tables.items() if name in read or not read}


def file_dropped(between: Changes, *, phase: str) -> Finding:
    """Files that held records before and now are not there, or empty; one place each."""
    blocks = []
    held = {name: table for name, table in _as_read(between.old).items() if len(table)}
    for name, table in held.items():
        now = between.new.tables.get(name)
        if now is not None and (len(now) or len(now.unread)):
            continue
        softer = phase == "rollover" and name in OF_A_TERM
        blocks.append(
            Places(
                name,
                now.file if now is not None else table.file,
                np.zeros(1, np.int32),
                level=Level.WARNING if softer else None,
                notes=f"{len(table):,} rows before, {'none' if now is not None else 'no file'} now"
                + ("; expected when the school year turns" if softer else ""),
            )
        )
    return Finding(blocks, of=max(len(held), len(blocks)))


def not_compared(between: Changes) -> Finding:
    """Kinds of records that cannot be held against the previous export; one place each, with the reason."""
    found = between.incomparable()
    blocks = [
        Places(name, between.new.tables[name].file, np.zeros(1, np.int32), notes=why)
        for name, why in found.items()
    ]
    return Finding(blocks, of=len(_as_read(between.new)), figures={"which": ", ".join(found)})


def header(between: Changes) -> Finding:
    """Columns that came or went since the previous export; one place each, in the header line of the new file."""
    blocks, of = [], 0
    for name, table in _as_read(between.new).items():
        old = between.old.tables.get(name)
        if old is None:
            continue
        of += len(table.headers.keys() | old.headers.keys())
        line = np.asarray([table.header_line], np.int32)
        for column in [*old.headers, *table.headers]:
            if table.has(column) != old.has(column):
                blocks.append(
                    Places(
                        name,
                        table.file,
                        line,
                        column,
                        notes="is new" if table.has(column) else "was there before and is gone",
                    )
                )
    return Finding(blocks, of=of)


def _people(between: Changes) -> int:
    kinds = [between.kind(name) for name in explain.MAIL]
    return sum(kind.after for kind in kinds if kind)


def ids_changed(between: Changes) -> Finding:
    """People who have one name and birth date (or address) and another id than before; the repair is the old id."""
    blocks = []
    for name in explain.MAIL:
        kind, (old, new) = between.kind(name), explain.same_people(between, name)
        if kind is not None and len(new):
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
    return Finding(blocks, of=_people(between))


def ids_reused(between: Changes) -> Finding:
    """People whose id belonged to somebody else before."""
    blocks = []
    for name in explain.MAIL:
        kind = between.kind(name)
        if kind is not None:
            rows = kind.now[explain.reused(between, name)]
            blocks.append(
                frame.place_rows(
                    kind.new, rows, kind.new.key, notes="was somebody else's id before"
                )
            )
    return Finding(blocks, of=_people(between))


def section_ids_reused(between: Changes, sections: Table) -> Finding:
    """Sections whose id stood for another course or term before."""
    kind = between.kind("sections")
    rows = kind.now[explain.sections_reused(between)] if kind else np.zeros(0, np.int64)
    return Finding([frame.place_rows(sections, rows, "Section_id")], of=len(sections))


def new_teachers(between: Changes, teachers: Table) -> Finding:
    """Teachers who were not in the previous export, under any id."""
    return Finding(
        [frame.place_rows(teachers, explain.joined(between, "teachers"), "Teacher_id")],
        of=frame.group_people(teachers).count,
    )


def students_leaving(between: Changes, students: Table) -> Finding:
    """Students who are gone, move to another school, or are in no section any more; each counts once."""
    kind = between.kind("students")
    if kind is None:
        return Finding([], of=frame.group_people(students).count)
    gone = explain.left(between, "students")
    moved = explain.changed(between, "students", "School_id")
    stranded = explain.without_sections(between) & ~moved
    blocks = [
        Places(
            "",
            f"{kind.old.file} (previous)",
            kind.old.lines[gone],
            notes="left",
            keys=frame.take_text(kind.old, kind.old.key, gone),
        ),
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


def merge_likely(students: Table, *, column: str, grades: Grades) -> Finding:
    """Students of one school with one name, in one grade or in neighbouring ones, under different ids."""
    who, name = frame.group_people(students), frame.encode_names(students)
    if name is None:
        return Finding([], of=who.count)
    values = frame.encode(students, column)
    order = {grade: at for at, grade in enumerate(grades.order)}
    rank = values.broadcast(
        np.asarray(
            [order.get(one, -1) for one in grades.canonical(values.values.to_pylist())] + [-1]
        )
    )
    rows = np.flatnonzero(who.first & (rank >= 0) & ~frame.encode(students, "Last_name").blank)
    if len(rows) < 2:
        return Finding([], of=who.count, groups=0)
    group, _ = frame.number_keys(
        frame.combine_codes(frame.encode(students, "School_id"), name)[rows]
    )
    key = frame.encode(students, students.key).codes[rows]
    by = np.lexsort((rank[rows], group))
    rows, group, key = rows[by], group[by], key[by]
    alike = (
        (group[1:] == group[:-1]) & (rank[rows][1:] - rank[rows][:-1] <= 1) & (key[1:] != key[:-1])
    )
    found = np.append(alike, False) | np.append(False, alike)
    by = np.argsort(rows[found])
    return Finding(
        [frame.place_rows(students, rows[found][by], students.key, groups=group[found][by])],
        of=who.count,
        groups=0,
    )
