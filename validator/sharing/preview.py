"""The road from an export and a sharing file, or a target, to what would be shared, and the rule that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from validator import frame
from validator.model import Clause, Export, Places, Report, Sharing, Target
from validator.privacy import public_values
from validator.sharing import apply, suggest
from validator.sharing.apply import Shared
from validator.sharing.suggest import Suggestion
from validator.vocabulary.grades import Grades

HIDDEN = "(a course that may not be named here)"
KINDS = ("schools", "sections", "teachers", "students", "staff")


@dataclass(frozen=True)
class Part:
    """A clause in Clever's terms, what it shares by itself, and how much of that no other shares, by kind of record."""

    clause: str
    shared: Mapping[str, int]
    alone: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Preview:
    """What would be shared. `counts`: kind, shared, of how many. `electives`, `only_electives`: shared sections that
    look like electives, and shared teachers who teach nothing else. `left_out`: why target students are left out, and
    where they stand; `outside`: shared sections outside the target. `fields`: columns filled for anybody shared, by
    table. `rule`, `instead`: the suggested clauses, and the one that helps until cells are repaired, in Clever's terms;
    `extra`, `missed`: the sections it wrongly takes in, and those it misses by the reason. `report` is on the export
    and holds no outcomes.
    """

    counts: Sequence[tuple[str, int, int]]
    parts: Sequence[Part]
    electives: Places
    only_electives: Places
    wanted: int
    left_out: Sequence[tuple[str, Places]]
    outside: Places
    fields: Mapping[str, Sequence[str]]
    shared: Shared
    suggested: Suggestion | None
    report: Report
    rule: Sequence[str] = ()
    instead: str = ""
    extra: Places | None = None
    missed: Sequence[tuple[str, Places]] = ()


def with_suggestion(made: Preview, found: Suggestion) -> Preview:
    """The preview with the suggested rule in words, and the sections that it does not fit."""
    sections = made.report.export.tables["sections"]
    missed = [
        (why, found.missed[[repair == why for repair in found.repair]])
        for why in dict.fromkeys(found.repair)
    ]
    return replace(
        made,
        rule=[_sentence(made.report, clause) for clause in found.rule.rules],
        instead=_sentence(made.report, found.instead) if found.instead else "",
        extra=frame.place_rows(sections, found.extra, "Section_id"),
        missed=[(why, frame.place_rows(sections, rows, "Section_id")) for why, rows in missed],
    )


def _sentence(about: Report, clause: Clause) -> str:
    """The clause in Clever's terms; a course title that is left out by name only where anybody may see it."""
    given = {
        value
        for one in clause.where
        if (one.field, one.operator) == ("Course_name", "is_not")
        for value in one.values
    }
    hidden = given - public_values.shown(about, "course-title", given)
    where = [
        replace(one, values=tuple(HIDDEN if value in hidden else value for value in one.values))
        for one in clause.where
    ]
    return suggest.sentence(Clause(clause.match, tuple(where)))


def preview(
    export: Export,
    rule: Sharing,
    known: tuple[Grades, np.ndarray, Suggestion | None],
    about: Report,
) -> Preview:
    grades, likely, suggested = known
    shared, sections = apply.apply(rule, export, grades), export.tables["sections"]
    every = [
        (name, _count(export, name, shared.rows[name]), _count(export, name, None))
        for name in KINDS
        if name in export.tables
    ]
    target = rule.target
    rows = shared.rows["sections"]
    inside = (
        apply.wanted_sections(target, sections, grades)[0]
        if target
        else np.ones(len(sections), bool)
    )
    return Preview(
        every,
        _parts(export, shared, about),
        frame.place_rows(sections, rows & likely, "Section_id"),
        _only_electives(export, shared, likely),
        _wanted(export, target, grades),
        _left_out(export, shared, target, grades),
        frame.place_rows(sections, rows & ~inside, "Section_id"),
        _fields(export, shared),
        shared,
        suggested,
        about,
    )


def _count(export: Export, name: str, rows: np.ndarray | None) -> int:
    """Records of a kind, people once each."""
    first = (
        frame.group_people(export.tables[name]).first
        if name != "sections"
        else np.ones(len(export.tables[name]), bool)
    )
    return int((first if rows is None else first & rows).sum())


def _parts(export: Export, shared: Shared, about: Report) -> list[Part]:
    """What each clause contributes."""
    parts = []
    for at, (clause, rows) in enumerate(zip(shared.sharing.rules, shared.clauses, strict=True)):
        others = [other for number, other in enumerate(shared.clauses) if number != at]
        alone = {
            name: mask & ~np.any([other[name] for other in others], axis=0) if others else mask
            for name, mask in rows.items()
        }
        parts.append(
            Part(
                _sentence(about, clause),
                *(
                    {
                        name: _count(export, name, masks[name])
                        for name in KINDS
                        if name in export.tables
                    }
                    for masks in (rows, alone)
                ),
            )
        )
    return parts


def _only_electives(export: Export, shared: Shared, likely: np.ndarray) -> Places:
    """The shared teachers all of whose shared sections look like electives."""
    teachers, sections = export.tables.get("teachers"), export.tables["sections"]
    if teachers is None:
        return Places("", "", np.zeros(0, np.int32))
    who = frame.group_people(teachers)
    counts = np.zeros((2, who.count), np.int64)
    for column in frame.list_teacher_columns(sections):
        at = frame.locate_rows(sections, column, teachers)
        for row, mask in enumerate((likely, ~likely)):
            rows = (at >= 0) & shared.rows["sections"] & mask
            counts[row] += np.bincount(who.number[at[rows]], minlength=who.count)
    only = (counts[0] > 0) & (counts[1] == 0)
    return frame.place_rows(
        teachers, who.first & shared.rows["teachers"] & only[who.number], "Teacher_id"
    )


def _wanted(export: Export, target: Target | None, grades: Grades) -> int:
    students = export.tables.get("students")
    return (
        int(apply.wanted_students(target, students, grades).sum())
        if target and students is not None
        else 0
    )


def _left_out(
    export: Export, shared: Shared, target: Target | None, grades: Grades
) -> list[tuple[str, Places]]:
    """The target's students who are in no shared section, by the reason."""
    if target is None or "students" not in export.tables:
        return []
    rows, why = apply.left_out(shared, target, export, grades)
    found = [
        (words, frame.place_rows(export.tables["students"], rows[why == number], "Student_id"))
        for number, words in enumerate(apply.WHY)
    ]
    return [(words, places) for words, places in found if len(places)]


def _fields(export: Export, shared: Shared) -> dict[str, list[str]]:
    """The columns with a value for anybody who is shared."""
    found: dict[str, list[str]] = {}
    for name in KINDS:
        table = export.tables.get(name)
        if table is not None and shared.rows[name].any():
            found[name] = [
                str(column)
                for column in table.headers
                if (shared.rows[name] & ~frame.encode(table, column).blank).any()
            ]
    return found
