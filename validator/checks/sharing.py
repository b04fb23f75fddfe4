"""Sharing rules: what they share beyond the target, what they leave out, lists that go stale."""

from __future__ import annotations

import datetime as dt
from itertools import compress

import numpy as np
import pyarrow as pa

from validator import frame
from validator.checks.declaration import check
from validator.frame import values
from validator.model import Export, Finding, Places, Table, Target
from validator.sharing import apply
from validator.sharing.apply import Shared
from validator.vocabulary.grades import Grades


@check()
def everything(shared: Shared, sections: Table) -> Finding:
    """Find sections shared because everything, or their whole school, is shared.

    None where the target asks for no less than that.
    """
    rule, target = shared.sharing, shared.sharing.target
    narrower = target is None or bool(target.grades or target.subjects)
    rows = shared.rows["sections"] & (narrower and rule.share in ("everything", "schools"))
    return frame.report_rows(sections, rows, "Section_id")


@check()
def static(shared: Shared, sections: Table) -> Finding:
    """Find sections listed one by one, a check of sharing rules: such a list goes stale."""
    rows = shared.rows["sections"] & (shared.sharing.share == "sections")
    return frame.report_rows(sections, rows, "Section_id")


@check(wants=("grades",))
def outside_target(shared: Shared, target: Target, sections: Table, *, grades: Grades) -> Finding:
    """Find shared sections outside the target, a check of the sharing rules.

    Notes say whether only the subject is meaningless.
    """
    wanted, empty = apply.mark_wanted_sections(target, sections, grades)
    rows = np.flatnonzero(shared.rows["sections"] & ~wanted)
    notes = ["its Subject says nothing" if empty[row] else "not in the target" for row in rows]
    places = frame.place_rows(sections, rows, "Section_id", notes=notes)
    return Finding([places], of=int(shared.rows["sections"].sum()))


@check()
def no_staff(shared: Shared, staff: Table) -> Finding:
    """Report one place when no staff member is shared."""
    if shared.rows["staff"].any() or not len(staff):
        return Finding([], of=1)
    has_rule = any(clause.match == "staff" for clause in shared.sharing.rules)
    notes = "the staff rule matches nobody" if has_rule else "there is no staff rule"
    return Finding([Places.whole_file("", "", notes=notes)], of=1)


@check()
def staff_unnamed(shared: Shared, staff: Table, *, column: str) -> Finding:
    """Find shared staff whom no clause names by `column`, a check that counts people."""
    who, named = frame.group_people(staff), np.zeros(len(staff), bool)
    for clause, rows in zip(shared.sharing.rules, shared.clauses, strict=True):
        if any(
            condition.field == column and condition.operator in ("is", "contains")
            for condition in clause.where
        ):
            named |= rows["staff"]
    rows = who.first & shared.rows["staff"] & ~named
    return Finding([frame.place_rows(staff, rows, column)], of=who.count)


@check()
def sensitive(shared: Shared, students: Table, *, columns: list[str]) -> Finding:
    """Find columns of a list that are filled for a shared student, a check of sensitive data.

    One place each, at the header.
    """
    blocks = []
    for column in columns:
        if not students.has(column):
            continue
        filled = int((shared.rows["students"] & ~frame.encode(students, column).blank).sum())
        if filled:
            notes = f"filled on {filled:,} shared rows"
            blocks.append(Places.at_header(students, column, notes=notes))
    return Finding(blocks, of=len(columns))


@check()
def over_license(shared: Shared, target: Target, students: Table) -> Finding:
    """Report one place when sharing rules share more students than there are licenses."""
    who = frame.group_people(students)
    number = int((who.first & shared.rows["students"]).sum())
    if target.licenses is None or number <= target.licenses:
        return Finding([], of=1)
    notes = f"{number:,} students, {target.licenses:,} licenses"
    return Finding(
        [Places.whole_file("", "", notes=notes)],
        of=1,
        figures={"students": number, "licenses": target.licenses},
    )


@check(wants=("grades", "today"))
def students_left_out(
    shared: Shared,
    target: Target,
    students: Table,
    export: Export,
    *,
    grades: Grades,
    today: dt.date,
) -> Finding:
    """Find students whom the target wants but no clause shares: a check of sharing rules."""
    rows, reasons = apply.list_left_out(shared, target, export, grades=grades, today=today)
    wanted = int(apply.mark_wanted_students(target, students, grades).sum())
    notes = [apply.WHY[reason] for reason in reasons]
    return Finding([frame.place_rows(students, rows, "Student_id", notes=notes)], of=wanted)


@check()
def passwords(export: Export, *, pattern: str) -> Finding:
    """Find columns headed like passwords that have values or were not read; one place each."""
    read = {file.table for file in export.files}
    tables = [table for name, table in export.all_tables.items() if not read or name in read]
    columns = [(table, column) for table in tables for column in table.headers]
    unused = [(file.name, heading) for file in export.files for heading in file.columns_unused]
    headings = [column for _, column in columns]
    headings += [heading.replace(" ", "_") for _, heading in unused]
    is_password = _match_headings(headings, pattern)
    blocks = []
    for table, column in compress(columns, is_password):
        filled = int((~frame.encode(table, column).blank).sum())
        if filled:
            notes = f"filled on {filled:,} rows"
            blocks.append(Places.at_header(table, column, notes=notes))
    line, notes = np.ones(1, np.int32), "a column that nothing here reads"
    blocks += [
        Places("", file, line, notes=notes)
        for file, _ in compress(unused, is_password[len(columns) :])
    ]
    return Finding(blocks, of=max(len(headings), len(blocks)))


def _match_headings(headings: list[str], pattern: str) -> np.ndarray:
    """Bool mask of the headings that the check of passwords finds by a pattern, in lower case."""
    lower = pa.array([heading.lower() for heading in headings], pa.string())
    return values.match_pattern(lower, pattern)
