"""Preview which part of an export sharing rules share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.frame.arrays import count_numbers
from validator.model import Clause, Export, Places, Report, Sharing, Target, dataclass
from validator.privacy import public_values, small_groups
from validator.sharing import apply, suggest
from validator.sharing.apply import Shared
from validator.sharing.suggest import Suggestion
from validator.vocabulary.grades import Grades

HIDDEN = "(a course that may not be named here)"
KINDS = ("schools", "sections", "teachers", "students", "staff")


@dataclass(frozen=True)
class Part:
    """A clause in Clever's terms. `shared`: records by kind; `alone`: those no other shares.

    None for a number of students that would tell an attribute of few children.
    """

    clause: str
    shared: Mapping[str, int | None]
    alone: Mapping[str, int | None]


@dataclass(frozen=True, eq=False)
class Preview:
    """The result of sharing rules over an export.

    `counts`: kind, shared records (None where few children have the attribute that a rule names),
    all records. `electives`: shared sections that look like
    electives. `only_electives`: shared teachers who teach nothing else. `wanted`: students of the
    target. `left_out`: reason and places of those who are not shared. `outside`: shared sections
    outside the target. `fields`: per table, the columns with values for anybody shared. `rule`:
    the clauses of the suggested rule in Clever's terms; `instead`: a clause that helps until cells
    are repaired; `extra`: sections that it shares without need; `missed`: reason and places of
    sections that it cannot reach. `report`: on the export, without outcomes.
    """

    counts: Sequence[tuple[str, int | None, int]]
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


def _describe(about: Report, clause: Clause) -> str:
    """Describe a clause of a sharing rule in Clever's terms, with public course titles only."""
    titles = {
        title
        for condition in clause.where
        if (condition.field, condition.operator) == ("Course_name", "is_not")
        for title in condition.values
    }
    hidden = titles - public_values.select_shown(about, "course-title", titles)
    where = []
    for condition in clause.where:
        values = (HIDDEN if value in hidden else value for value in condition.values)
        where.append(replace(condition, values=tuple(values)))
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
    shared = apply.apply_rules(rule, export, grades, today=about.as_of)
    sections = export.tables["sections"]
    shared_sections = shared.rows["sections"]
    inside = np.ones(len(sections), bool)
    if rule.target:
        inside, _ = apply.mark_wanted_sections(rule.target, sections, grades)
    made = Preview(
        counts=_count_records(export, shared),
        parts=_build_parts(export, shared, about),
        electives=frame.place_rows(sections, shared_sections & electives, "Section_id"),
        only_electives=_find_only_electives(export, shared, electives),
        wanted=_count_wanted(export, rule.target, grades),
        left_out=_list_left_out(about, shared, rule.target, grades=grades),
        outside=frame.place_rows(sections, shared_sections & ~inside, "Section_id"),
        fields=_list_filled_columns(export, shared),
        shared=shared,
        suggested=suggestion,
        report=about,
    )
    return made if suggestion is None else _add_suggestion(made, suggestion)


def _add_suggestion(made: Preview, suggestion: Suggestion) -> Preview:
    """Add the suggested sharing rule in words, and the sections that it does not fit."""
    sections = made.report.export.tables["sections"]
    missed = []
    for reason in dict.fromkeys(suggestion.repair):
        rows = suggestion.missed[[repair == reason for repair in suggestion.repair]]
        missed.append((reason, frame.place_rows(sections, rows, "Section_id")))
    instead = suggestion.instead
    return replace(
        made,
        rule=[_describe(made.report, clause) for clause in suggestion.rule.rules],
        instead=_describe(made.report, instead) if instead else "",
        extra=frame.place_rows(sections, suggestion.extra, "Section_id"),
        missed=missed,
    )


def _count_records(export: Export, shared: Shared) -> list[tuple[str, int | None, int]]:
    """Count, by kind, the records that the sharing rules share, and all records."""
    hides = any(map(_names_attribute, shared.sharing.rules))
    counts: list[tuple[str, int | None, int]] = []
    for name in (name for name in KINDS if name in export.tables):
        of, number = _count(export, name, None), _count(export, name, shared.rows[name])
        few = hides and name == "students" and small_groups.is_few(number, of)
        counts.append((name, None if few else number, of))
    return counts


def _names_attribute(clause: Clause) -> bool:
    """Return whether a clause of a sharing rule selects students by an attribute of theirs."""
    classes = [public_values.find_privacy_class(clause.match, it.field) for it in clause.where]
    return clause.match == "students" and any(
        kind == "sensitive" or shape == "grade" for kind, shape in classes
    )


def _count(export: Export, name: str, rows: np.ndarray | None) -> int:
    """Count the people or sections that sharing rules share; `rows`: None for all rows."""
    table = export.tables[name]
    counted = np.ones(len(table), bool)
    if name != "sections":
        counted = frame.group_people(table).first
    return int((counted if rows is None else counted & rows).sum())


def _count_each(
    export: Export, masks: Mapping[str, np.ndarray], *, hides: bool
) -> dict[str, int | None]:
    """Count the records of each kind that sharing rules share, hiding few students if `hides`."""
    counts: dict[str, int | None] = {}
    for name in (name for name in KINDS if name in export.tables):
        number = _count(export, name, masks[name])
        few = hides and name == "students" and small_groups.is_few(number, number)
        counts[name] = None if few else number
    return counts


def _build_parts(export: Export, shared: Shared, about: Report) -> list[Part]:
    """Return what each clause of the sharing rules adds to the shared people and sections."""
    parts = []
    for number, clause in enumerate(shared.sharing.rules):
        rows = shared.clauses[number]
        others = [*shared.clauses[:number], *shared.clauses[number + 1 :]]
        alone = dict(rows)
        for other in others:
            alone = {name: mask & ~other[name] for name, mask in alone.items()}
        parts.append(
            Part(
                _describe(about, clause),
                shared=_count_each(export, rows, hides=_names_attribute(clause)),
                alone=_count_each(export, alone, hides=_names_attribute(clause)),
            )
        )
    return parts


def _find_only_electives(export: Export, shared: Shared, likely: np.ndarray) -> Places:
    """Return the shared teachers all of whose shared sections look like electives."""
    teachers, sections = export.tables.get("teachers"), export.tables["sections"]
    if teachers is None:
        return Places("", "", np.zeros(0, np.int32))
    who = frame.group_people(teachers)
    counts = np.zeros((2, who.count), np.int64)
    section, teacher = frame.list_teachers(sections, teachers)
    for row, mask in enumerate((likely, ~likely)):
        usable = (shared.rows["sections"] & mask)[section]
        counts[row] = count_numbers(who.number[teacher[usable]], minlength=who.count)
    only = (counts[0] > 0) & (counts[1] == 0)
    return frame.place_rows(
        teachers, who.first & shared.rows["teachers"] & only[who.number], "Teacher_id"
    )


def _count_wanted(export: Export, target: Target | None, grades: Grades) -> int:
    """Count the students of the target."""
    students = export.tables.get("students")
    if target is None or students is None:
        return 0
    return int(apply.mark_wanted_students(target, students, grades).sum())


def _list_left_out(
    about: Report, shared: Shared, target: Target | None, *, grades: Grades
) -> list[tuple[str, Places]]:
    """Return the target's students who are in no shared section, by the reason."""
    export = about.export
    if target is None or "students" not in export.tables:
        return []
    rows, why = apply.list_left_out(shared, target, export, grades=grades, today=about.as_of)
    by_reason = []
    for number, reason in enumerate(apply.WHY):
        students = rows[why == number]
        if len(students):
            places = frame.place_rows(export.tables["students"], students, "Student_id")
            by_reason.append((reason, places))
    return by_reason


def _list_filled_columns(export: Export, shared: Shared) -> dict[str, list[str]]:
    """Return, per table, the columns filled for anybody whom sharing rules share."""
    columns: dict[str, list[str]] = {}
    for name in KINDS:
        table = export.tables.get(name)
        if table is None or not shared.rows[name].any():
            continue
        columns[name] = [
            str(column)
            for column in table.headers
            if (shared.rows[name] & ~frame.encode(table, column).blank).any()
        ]
    return columns
