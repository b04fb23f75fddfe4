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
    return suggest.describe_clause(Clause(clause.match, tuple(where)))


def preview(
    rule: Sharing,
    grades: Grades,
    *,
    electives: np.ndarray,
    suggestion: Suggestion | None,
    about: Report,
) -> Preview:
    """Return what a rule would share of the export that `about` describes.

    `electives`: bool mask of the sections that look like electives. `suggestion`: the rule that
    was suggested for the target, if any.
    """
    export = about.export
    shared = apply.apply(rule, export, grades)
    sections = export.tables["sections"]
    shared_sections = shared.rows["sections"]
    inside = np.ones(len(sections), bool)
    if rule.target:
        inside, _ = apply.wanted_sections(rule.target, sections, grades)
    made = Preview(
        counts=_counts(export, shared),
        parts=_parts(export, shared, about),
        electives=frame.place_rows(sections, shared_sections & electives, "Section_id"),
        only_electives=_only_electives(export, shared, electives),
        wanted=_count_wanted(export, rule.target, grades),
        left_out=_left_out(export, shared, rule.target, grades),
        outside=frame.place_rows(sections, shared_sections & ~inside, "Section_id"),
        fields=_filled_columns(export, shared),
        shared=shared,
        suggested=suggestion,
        report=about,
    )
    return made if suggestion is None else _with_suggestion(made, suggestion)


def _with_suggestion(made: Preview, suggestion: Suggestion) -> Preview:
    """Add the suggested rule in words, and the sections that it does not fit."""
    sections = made.report.export.tables["sections"]
    missed = []
    for reason in dict.fromkeys(suggestion.repair):
        rows = suggestion.missed[[repair == reason for repair in suggestion.repair]]
        missed.append((reason, frame.place_rows(sections, rows, "Section_id")))
    instead = suggestion.instead
    return replace(
        made,
        rule=[_sentence(made.report, clause) for clause in suggestion.rule.rules],
        instead=_sentence(made.report, instead) if instead else "",
        extra=frame.place_rows(sections, suggestion.extra, "Section_id"),
        missed=missed,
    )


def _counts(export: Export, shared: Shared) -> list[tuple[str, int, int]]:
    """Return kind, shared records and all records, for each kind that the export has."""
    return [
        (name, _count(export, name, shared.rows[name]), _count(export, name, None))
        for name in KINDS
        if name in export.tables
    ]


def _count(export: Export, name: str, rows: np.ndarray | None) -> int:
    """Count records of a kind, people once each; `rows`: bool mask, None for all rows."""
    table = export.tables[name]
    counted = np.ones(len(table), bool)
    if name != "sections":
        counted = frame.group_people(table).first
    return int((counted if rows is None else counted & rows).sum())


def _count_each(export: Export, masks: Mapping[str, np.ndarray]) -> dict[str, int]:
    """Count records of each kind that the export has."""
    return {name: _count(export, name, masks[name]) for name in KINDS if name in export.tables}


def _parts(export: Export, shared: Shared, about: Report) -> list[Part]:
    """Return what each clause contributes."""
    parts = []
    for number, clause in enumerate(shared.sharing.rules):
        rows = shared.clauses[number]
        others = [*shared.clauses[:number], *shared.clauses[number + 1 :]]
        alone = dict(rows)
        for other in others:
            alone = {name: mask & ~other[name] for name, mask in alone.items()}
        parts.append(
            Part(
                _sentence(about, clause),
                shared=_count_each(export, rows),
                alone=_count_each(export, alone),
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
    section, teacher = frame.list_teachers(sections, teachers)
    for row, mask in enumerate((likely, ~likely)):
        usable = (shared.rows["sections"] & mask)[section]
        counts[row] = np.bincount(who.number[teacher[usable]], minlength=who.count)
    only = (counts[0] > 0) & (counts[1] == 0)
    return frame.place_rows(
        teachers, who.first & shared.rows["teachers"] & only[who.number], "Teacher_id"
    )


def _count_wanted(export: Export, target: Target | None, grades: Grades) -> int:
    """Count the students of the target."""
    students = export.tables.get("students")
    if target is None or students is None:
        return 0
    return int(apply.wanted_students(target, students, grades).sum())


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


def _filled_columns(export: Export, shared: Shared) -> dict[str, list[str]]:
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
