"""The smallest sharing rule for a target, and how well it fits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import count_numbers
from validator.frame.values import match_pattern
from validator.model import BadUsage, Clause, Condition, Export, Sharing, Table, Target, dataclass
from validator.sharing import apply
from validator.text import parse_whole_number
from validator.vocabulary.grades import Grades

MOST_TITLES = 5
"""Courses that a rule leaves out by name, by our own measure; with more, repair the subjects."""

SUBJECT_EMPTY = "its Subject is empty or 'other'"
GRADE_EMPTY = "its Grade is empty or unknown"

FIELDS = ("grades", "subject", "schools", "licenses")
SYNONYMS = {"grade": "grades", "subjects": "subject", "school": "schools"}
"""Other names of a target's fields."""


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A rule for a target and how well it fits.

    `wanted`: bool mask of the sections of the target, by their titles and students where a cell is
    empty. `covered`, `extra`: masks of the sections that the rule shares, wanted and not.
    `missed`: rows of wanted sections that the rule cannot reach; `repair`: what each of them lacks.
    `instead`: a clause that would reach them all, if there is one.
    """

    rule: Sharing
    target: Target
    wanted: np.ndarray
    covered: np.ndarray
    extra: np.ndarray
    missed: np.ndarray
    repair: Sequence[str]
    instead: Clause | None


def parse(text: str, grades: Grades, subjects: Mapping[str, Any]) -> Target:
    """Parse the target of a suggested sharing rule, such as `grades=3-8`. Raises BadUsage."""
    fields = _split_fields(text)
    wanted_grades = grades.parse_several(fields.get("grades", ""))
    if "?" in wanted_grades:
        raise BadUsage("the target's grades are not understood; write grades=3-8 or grades=K,1,2")
    licenses = parse_whole_number(fields.get("licenses", "0"))
    if licenses is None:
        raise BadUsage("the target's licenses must be a whole number")
    synonyms = {
        str(other): str(subject) for subject, others in subjects["also"].items() for other in others
    }
    words = _split_words(fields.get("subject", "").lower())
    wanted_subjects = [synonyms.get(word, word) for word in words]
    schools = _split_words(fields.get("schools", ""))
    values = {"grades": wanted_grades, "subject": wanted_subjects, "schools": schools}
    for name, wanted in values.items():
        # An unset variable of a script would otherwise share everything.
        if name in fields and not wanted:
            raise BadUsage(
                f"the target names no {name}; write what you want after '{name}=', or leave it out"
            )
    return Target(
        tuple(wanted_grades),
        tuple(dict.fromkeys(wanted_subjects)),
        tuple(schools),
        licenses if "licenses" in fields else None,
    )


def _split_fields(text: str) -> dict[str, str]:
    """Split a sharing target such as `grades=K,1,subject=math`; a part without `=` goes on."""
    fields: dict[str, str] = {}
    name = ""
    for part in text.split(","):
        key, mark, value = part.partition("=")
        if mark:
            name = SYNONYMS.get(key.strip(), key.strip())
            if name not in FIELDS:
                raise BadUsage(f"a target takes {', '.join(FIELDS)}: grades=3-8,subject=math")
            fields[name] = value
        elif name:
            fields[name] = f"{fields[name]},{part}"
        else:
            raise BadUsage("a target is written as grades=3-8,subject=math")
    return fields


def _split_words(text: str) -> list[str]:
    """Split the words of a target for a suggested sharing rule at commas, semicolons or bars."""
    return [word.strip() for word in re.split(r"[,;|]", text) if word.strip()]


def suggest(
    target: Target,
    export: Export,
    grades: Grades,
    *,
    electives: np.ndarray,
    vocabulary: Mapping[str, Any],
    today: dt.date,
) -> Suggestion:
    """Return the smallest sharing rule for a target.

    `electives`: bool mask of the sections that are electives; `vocabulary`: of subjects.
    Enrollments that have ended before `today` do not count.
    """
    sections = export.tables["sections"]
    without_grades = Target((), target.subjects, target.schools)
    by_cell, empty = apply.mark_wanted_sections(without_grades, sections, grades)
    titled = empty & _mark_titled(sections, target.subjects, vocabulary)
    fits, unknown = _mark_in_grades(target, export, grades, today=today)
    wanted = (by_cell | titled) & fits & ~electives
    conditions = _exclude_titles(
        _build_conditions(target, sections), sections, grades, wanted=wanted
    )
    shared = _mark_matching(conditions, sections, grades)
    missed = np.flatnonzero(wanted & ~shared)
    repairs = {SUBJECT_EMPTY: titled, GRADE_EMPTY: unknown}
    return Suggestion(
        rule=Sharing("rules", rules=(Clause("sections", tuple(conditions)),), target=target),
        target=target,
        wanted=wanted,
        covered=shared & wanted,
        extra=shared & ~wanted,
        missed=missed,
        repair=[_repair(repairs, int(row)) for row in missed],
        instead=_find_alternative(
            target, sections, grades, wanted=wanted, missed=missed, vocabulary=vocabulary
        ),
    )


def _exclude_titles(
    conditions: list[Condition], sections: Table, grades: Grades, *, wanted: np.ndarray
) -> list[Condition]:
    """Leave out unwanted courses by name, if they are few and no wanted section is lost."""
    shared = _mark_matching(conditions, sections, grades)
    unwanted = _list_titles(sections, shared & ~wanted)
    if not 0 < len(unwanted) <= MOST_TITLES:
        return conditions
    without = Condition("Course_name", "is_not", tuple(unwanted))
    if not apply.mark_condition(without, sections, grades)[wanted].all():
        return conditions
    return [*conditions, without]


def _repair(repairs: Mapping[str, np.ndarray], row: int) -> str:
    """Return what is missing in a section that the suggested sharing rule does not share."""
    reasons = [reason for reason, mask in repairs.items() if mask[row]]
    return " and ".join(reasons) or "the rule leaves its course out by name"


def _mark_in_grades(
    target: Target, export: Export, grades: Grades, *, today: dt.date
) -> tuple[np.ndarray, np.ndarray]:
    """Return two bool masks: sections in the target's grades, and sections without a known grade.

    Sections without a known grade have the grade of most of their students.
    """
    sections = export.tables["sections"]
    if not target.grades:
        return np.ones(len(sections), bool), np.zeros(len(sections), bool)
    cells = frame.encode(sections, "Grade")
    texts = cells.values.to_pylist()
    unknown = cells.broadcast(
        np.asarray([grades.parse_several(text) in ([], ["?"]) for text in texts], bool)
    )
    fits = cells.broadcast(apply.mark_grades(texts, target.grades, grades))
    students, enrollments = export.tables.get("students"), export.tables.get("enrollments")
    if not unknown.any() or students is None or enrollments is None:
        return fits, unknown
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    known = (section >= 0) & (student >= 0)
    both = np.flatnonzero(known & frame.mark_open(enrollments, sections, today))
    is_wanted = apply.mark_wanted_students(Target(target.grades), students, grades)[student[both]]
    total = count_numbers(section[both], minlength=len(sections))
    wanted = count_numbers(section[both][is_wanted], minlength=len(sections))
    return fits | (unknown & (2 * wanted > total)), unknown


def _mark_titled(
    sections: Table, subjects: Sequence[str], vocabulary: Mapping[str, Any]
) -> np.ndarray:
    """Return the bool mask of the sections whose course title has a word of a subject."""
    words = [word for subject in subjects for word in vocabulary["subjects"].get(subject, ())]
    titles = frame.encode_folded(sections, "Course_name" if sections.has("Course_name") else "Name")
    if not words:
        return np.zeros(len(sections), bool)
    return titles.broadcast(match_pattern(titles.values, _build_pattern(words)))


def _build_pattern(words: Sequence[str]) -> str:
    """Build the pattern by which a suggested sharing rule's target matches whole words."""
    whole = "|".join(re.escape(word).replace(re.escape("*"), "[a-z]*") for word in words)
    return rf"\b({whole})\b"


def _build_conditions(target: Target, sections: Table) -> list[Condition]:
    """Return a suggested sharing rule's target as conditions; schools if there are others."""
    conditions = []
    if target.grades:
        conditions.append(Condition("Grade", "is", target.grades))
    if target.subjects:
        conditions.append(Condition("Subject", "is", target.subjects))
    schools = frame.encode(sections, "School_id").values
    if target.schools and not frame.is_among(schools, pa.array(target.schools, pa.string())).all():
        conditions.append(Condition("School_id", "is", target.schools))
    return conditions


def _mark_matching(conditions: Sequence[Condition], sections: Table, grades: Grades) -> np.ndarray:
    """Return the bool mask of the sections for which all conditions hold."""
    rows = np.ones(len(sections), bool)
    for condition in conditions:
        rows &= apply.mark_condition(condition, sections, grades)
    return rows


def _list_titles(sections: Table, rows: np.ndarray) -> list[str]:
    """Return course titles for a suggested sharing rule to leave out; none if one is blank."""
    titles = sorted(set(frame.take_text(sections, "Course_name", np.flatnonzero(rows))))
    return [] if "" in titles else titles


def _find_alternative(
    target: Target,
    sections: Table,
    grades: Grades,
    *,
    wanted: np.ndarray,
    missed: np.ndarray,
    vocabulary: Mapping[str, Any],
) -> Clause | None:
    """Return a clause by course title that shares all missed sections and no unwanted ones."""
    words = [
        word.rstrip("*")
        for subject in target.subjects
        for word in vocabulary["subjects"].get(subject, ())
    ]
    titles = [title.casefold() for title in set(frame.take_text(sections, "Course_name", missed))]
    used = tuple(word for word in words if any(word in title for title in titles))
    if not len(missed) or not used:
        return None
    rest = [
        condition
        for condition in _build_conditions(target, sections)
        if condition.field != "Subject"
    ]
    clause = Clause("sections", (*rest, Condition("Course_name", "contains", used)))
    shared = _mark_matching(clause.where, sections, grades)
    shares_all = bool(shared[missed].all())
    shares_unwanted = bool((shared & ~wanted).any())
    return clause if shares_all and not shares_unwanted else None


NAMES = {"School_id": "school id", "Course_name": "course name"}
OPERATORS = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "is_not_containing": "does not contain",
}


def describe_clause(clause: Clause) -> str:
    """Return a clause of a sharing rule in the words of Clever's screen.

    `Match all sections where grade is 3, 4 or 5 and subject is math`
    """
    conditions = [_describe_condition(condition) for condition in clause.where]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"Match all {clause.match}{where}"


def _describe_condition(condition: Condition) -> str:
    """Return one condition in words."""
    *others, last = condition.values
    listed = f"{', '.join(others)} or {last}" if others else last
    name = NAMES.get(condition.field, condition.field.lower().replace("_", " "))
    return f"{name} {OPERATORS[condition.operator]} {listed}"
