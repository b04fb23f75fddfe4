"""What the sharing rules would share: too much, too little, or by a list that does not keep up."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import values
from validator.model import Export, Finding, Places, Table, Target
from validator.sharing import apply
from validator.sharing.apply import Shared
from validator.vocabulary.grades import Grades


def _once(words: str) -> Places:
    """One place that is in no file."""
    return Places("", "", np.zeros(1, np.int32), notes=words)


def everything(shared: Shared, sections: Table) -> Finding:
    """Sections that are shared because everything is, or their whole school; none where the target wants just that."""
    rule, target = shared.sharing, shared.sharing.target
    asked = target is None or bool(target.grades or target.subjects)
    rows = shared.rows["sections"] & (asked and rule.share in ("everything", "schools"))
    return Finding([frame.place_rows(sections, rows, "Section_id")], of=len(sections))


def static(shared: Shared, sections: Table) -> Finding:
    """Sections that are shared by a list of sections."""
    rows = shared.rows["sections"] & (shared.sharing.share == "sections")
    return Finding([frame.place_rows(sections, rows, "Section_id")], of=len(sections))


def outside_target(shared: Shared, target: Target, sections: Table, *, grades: Grades) -> Finding:
    """Shared sections that are not in the target; notes say whether only their subject is lacking."""
    wanted, empty = apply.wanted_sections(target, sections, grades)
    rows = np.flatnonzero(shared.rows["sections"] & ~wanted)
    notes = ["its Subject says nothing" if empty[row] else "not in the target" for row in rows]
    return Finding(
        [frame.place_rows(sections, rows, "Section_id", notes=notes)],
        of=int(shared.rows["sections"].sum()),
    )


def no_staff(shared: Shared, staff: Table) -> Finding:
    """One place when no member of staff is shared."""
    if shared.rows["staff"].any() or not len(staff):
        return Finding([], of=1)
    tried = any(clause.match == "staff" for clause in shared.sharing.rules)
    return Finding(
        [_once("the staff rule matches nobody" if tried else "there is no staff rule")], of=1
    )


def staff_unnamed(shared: Shared, staff: Table, *, column: str) -> Finding:
    """Shared staff whom no rule asks for by what stands in `column`; counts people."""
    who, named = frame.group_people(staff), np.zeros(len(staff), bool)
    for clause, rows in zip(shared.sharing.rules, shared.clauses, strict=True):
        if any(one.field == column and one.operator in ("is", "contains") for one in clause.where):
            named |= rows["staff"]
    rows = who.first & shared.rows["staff"] & ~named
    return Finding([frame.place_rows(staff, rows, column)], of=who.count)


def sensitive(shared: Shared, students: Table, *, columns: list[str]) -> Finding:
    """Columns of this list that are filled for a shared student; one place each, in the header line."""
    line, blocks = np.asarray([students.header_line], np.int32), []
    for column in columns:
        if students.has(column):
            filled = int((shared.rows["students"] & ~frame.encode(students, column).blank).sum())
            if filled:
                words = f"filled on {filled:,} shared rows"
                blocks.append(Places("students", students.file, line, column, notes=words))
    return Finding(blocks, of=len(columns))


def over_license(shared: Shared, target: Target, students: Table) -> Finding:
    """One place when more students are shared than there are licenses."""
    who = frame.group_people(students)
    number = int((who.first & shared.rows["students"]).sum())
    if target.licenses is None or number <= target.licenses:
        return Finding([], of=1)
    return Finding(
        [_once(f"{number:,} students, {target.licenses:,} licenses")],
        of=1,
        figures={"students": number, "licenses": target.licenses},
    )


def students_left_out(
    shared: Shared, target: Target, students: Table, export: Export, *, grades: Grades
) -> Finding:
    """Students in the target's grades and schools who are in no shared section; notes say why. Counts people."""
    rows, why = apply.left_out(shared, target, export, grades)
    wanted = int(apply.wanted_students(target, students, grades).sum())
    return Finding(
        [frame.place_rows(students, rows, "Student_id", notes=[apply.WHY[one] for one in why])],
        of=wanted,
    )


def passwords(export: Export, *, pattern: str) -> Finding:
    """Columns whose header tells of passwords and that hold values, or whose values were not read; one place each."""
    blocks, of = [], 0
    read = {file.table for file in export.files}
    for table in (table for name, table in export.tables.items() if name in read or not read):
        headers = list(table.headers)
        of += len(headers)
        line = np.asarray([table.header_line], np.int32)
        told = values.match_pattern(
            pa.array([name.lower() for name in headers], pa.string()), pattern
        )
        for name in (headers[at] for at in np.flatnonzero(told)):
            filled = int((~frame.encode(table, name).blank).sum())
            if filled:
                blocks.append(
                    Places(table.name, table.file, line, name, notes=f"filled on {filled:,} rows")
                )
    for file in export.files:
        unused = pa.array(
            [name.lower().replace(" ", "_") for name in file.columns_unused], pa.string()
        )
        of += len(unused)
        found = int(values.match_pattern(unused, pattern).sum()) if len(unused) else 0
        blocks += [
            Places("", file.name, np.ones(1, np.int32), notes="a column that nothing here reads")
        ] * found
    return Finding(blocks, of=max(of, len(blocks)))
