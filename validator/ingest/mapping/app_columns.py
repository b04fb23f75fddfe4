"""The columns of an app's list: by headings that are known, and by values that the district has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from validator.ingest.mapping.app_values import Known, Shares, measure
from validator.ingest.mapping.inference import MIN_SHARE
from validator.ingest.mapping.profile import ColumnProfile, normalize_name
from validator.ingest.mapping.spellings import Spellings, find_spelled, index_headings
from validator.ingest.mapping.suggestion import Sure
from validator.model import File, dataclass

IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "students": ("Student_id", "Student_number", "State_id", "Student_email"),
    "teachers": ("Teacher_id", "Teacher_number", "State_teacher_id", "Teacher_email"),
    "sections": ("Section_id", "Name"),
}
NAMES = ("First_name", "Last_name", "whole")
MORE: Mapping[str, tuple[str, ...]] = {
    "students": (*NAMES, "DOB", "Grade"),
    "teachers": NAMES,
    "sections": ("Course_name", "Period"),
}
SHORT = ("section", "class", "classname", "sectionname", "course", "group", "classgroup", "roster")
"""Headings of the name of a section in apps."""

LEAST = 0.15
"""Share of these values that the district has, from which a column holds them; our own measure."""

MOST_GRADES = 20
"""Distinct values that a column of grades without a known heading may have; our own measure."""

DISTINCT = 0.1
"""Weight of the share of distinct values, where two columns hold whole names; our own measure."""

OTHERS = ("teacher", "instructor", "staff", "educator", "coach")
"""First words of headings that name a teacher on the row of a student."""


@dataclass(frozen=True, eq=False)
class Taken:
    """A column of the file for one of ours.

    is_named: whether its heading is known. split, part: how a whole name is divided.
    """

    column: str
    profile: ColumnProfile
    share: float
    split: str = ""
    part: str = ""
    is_named: bool = False


Chosen = Mapping[str, Sequence[Taken]]


def choose(
    columns: Sequence[ColumnProfile],
    aliases: Mapping[str, Any],
    ours: Sequence[File],
    *,
    known: Known,
) -> Chosen:
    """Map the columns of an app's file of unknown layout, by kind of record; [] for none."""
    filled = [column for column in columns if column.filled]
    spellings = index_headings(aliases, ours)
    shares = measure(filled, known)
    chosen = {}
    for table in IDENTITIES:
        taken = _choose_table(table, filled, spellings=spellings, shares=shares)
        chosen[table] = taken if is_sufficient(table, taken) else []
    return _separate(chosen, shares)


def _choose_table(
    table: str,
    columns: Sequence[ColumnProfile],
    *,
    spellings: Spellings,
    shares: Shares,
) -> list[Taken]:
    """Return the columns of one kind, the surest first."""
    ranked = []
    for order, field in enumerate((*IDENTITIES[table], *MORE[table])):
        for column in columns:
            if table == "students" and _is_of_teacher(column):
                continue
            share = shares.get((table, field, column.position), 0.0)
            named = _score_heading(table, field, column, spellings=spellings)
            if _fits(field, column, share=share, named=named):
                score = share + named
                if field == "whole":
                    score += DISTINCT * len(column) / column.filled
                ranked.append((score, -order, Taken(field, column, share, is_named=named > 0)))
    taken: dict[str, Taken] = {}
    used: set[int] = set()
    for _, _, each in sorted(ranked, key=lambda it: (-it[0], -it[1])):
        if each.column not in taken and each.profile.position not in used:
            taken[each.column] = each
            used.add(each.profile.position)
    return _split_whole(list(taken.values()))


def _score_heading(table: str, field: str, column: ColumnProfile, *, spellings: Spellings) -> float:
    """Return how well a heading fits one of our columns: 0 to 1."""
    own = spellings[table]
    spelling = own.get(find_spelled(column, own))
    name = normalize_name(column.heading)
    if table == "sections" and field == "Name" and name in SHORT:
        return 0.6
    if spelling is None or spelling.column != field:
        return 0.0
    return 0.4 if spelling.sure is Sure.GUESS else 0.8


def _is_of_teacher(column: ColumnProfile) -> bool:
    """Whether the heading of an unknown layout's column names a teacher."""
    return normalize_name(column.heading).startswith(OTHERS)


def _fits(field: str, column: ColumnProfile, *, share: float, named: float) -> bool:
    """Whether a column may be one of ours: its heading is known or the district has its values."""
    if field.endswith("_email"):
        return column.email >= MIN_SHARE and (named > 0 or share >= LEAST)
    if field == "DOB":
        return column.date >= MIN_SHARE and (named > 0 or share >= MIN_SHARE)
    if field == "Grade":
        is_likely = share >= MIN_SHARE and len(column) <= MOST_GRADES
        return column.grade >= MIN_SHARE and (named > 0 or is_likely)
    if field in ("Course_name", "Period"):
        return named > 0
    if column.email >= MIN_SHARE or (column.date >= MIN_SHARE and share < MIN_SHARE):
        return False
    if field in ("First_name", "Last_name"):
        return named > 0 or share >= MIN_SHARE
    if field == "whole":
        return bool(column.name_split) and (named > 0 or share >= MIN_SHARE)
    return named >= 0.8 or share >= (LEAST if named else MIN_SHARE)


def _split_whole(taken: list[Taken]) -> list[Taken]:
    """Return the columns with a whole name divided, unless others have its parts."""
    names = {each.column for each in taken}
    whole = next((each for each in taken if each.column == "whole"), None)
    rest = [each for each in taken if each.column != "whole"]
    if whole is None or {"First_name", "Last_name"} & names:
        return rest
    split = whole.profile.name_split
    parts = [
        replace(whole, column=f"{part.title()}_name", split=split, part=part)
        for part in ("first", "last")
    ]
    return [*rest, *parts]


def is_sufficient(table: str, taken: Sequence[Taken]) -> bool:
    """Whether a file of unknown layout got mapped columns by which records can be found."""
    names = {each.column for each in taken}
    if names & set(IDENTITIES[table]):
        return True
    return table != "sections" and {"First_name", "Last_name"} <= names


def _separate(chosen: dict[str, list[Taken]], shares: Shares) -> dict[str, list[Taken]]:
    """Return the columns with teachers left out who are only guessed from columns of students.

    A column is of the kind whose values it has most of; teachers that share the columns of
    students stay where the district has some of their ids or addresses as teachers.
    """
    chosen = _separate_sections(chosen)
    if chosen["students"] and not _has_identity(_list_own(chosen)):
        chosen["teachers"] = _copy_to_teachers(chosen["students"], shares)
    students, teachers = chosen["students"], chosen["teachers"]
    if not students or not teachers:
        return chosen
    used = {each.profile.position for each in students}
    own = _list_own(chosen)
    if _has_identity(own):
        return {**chosen, "teachers": own}
    shared = [each for each in teachers if each.profile.position in used]
    identities = IDENTITIES["teachers"]
    evidence = max((each.share for each in shared if each.column in identities), default=0.0)
    of_students = max(
        (each.share for each in students if each.column in IDENTITIES["students"]), default=0.0
    )
    if evidence > 0 and not of_students:
        return {**chosen, "students": []}
    return chosen if evidence > 0 else {**chosen, "teachers": []}


def _separate_sections(chosen: dict[str, list[Taken]]) -> dict[str, list[Taken]]:
    """Separate columns of people from those of sections while mapping a file of unknown layout."""
    people: dict[int, float] = {}
    for each in (*chosen["students"], *chosen["teachers"]):
        at = each.profile.position
        people[at] = max(people.get(at, 0.0), each.share)
    sections = {
        each.profile.position
        for each in chosen["sections"]
        if each.share > people.get(each.profile.position, -1.0)
    }
    kept = {
        table: [
            each for each in taken if (each.profile.position in sections) is (table == "sections")
        ]
        for table, taken in chosen.items()
    }
    return {table: taken if is_sufficient(table, taken) else [] for table, taken in kept.items()}


def _copy_to_teachers(students: Sequence[Taken], shares: Shares) -> list[Taken]:
    """Return the columns of students as columns of teachers, if some of its values are theirs."""
    own = (*IDENTITIES["teachers"], "First_name", "Last_name")
    copied = []
    for each in students:
        column = each.column.replace("Student_", "Teacher_")
        if column in own:
            share = shares.get(("teachers", column, each.profile.position), 0.0)
            copied.append(replace(each, column=column, share=share))
    has_any = any(each.share > 0 for each in copied if each.column in IDENTITIES["teachers"])
    return copied if has_any else []


def _list_own(chosen: Chosen) -> list[Taken]:
    """Return the mapped columns of teachers that are no columns of students in an app's list."""
    used = {each.profile.position for each in chosen["students"]}
    return [each for each in chosen["teachers"] if each.profile.position not in used]


def _has_identity(taken: Sequence[Taken]) -> bool:
    """Whether mapping an unknown layout got columns of teachers' ids, addresses or whole names."""
    names = {each.column for each in taken}
    has_names = {"First_name", "Last_name"} <= names
    is_named = all(_is_of_teacher(each.profile) for each in taken if has_names)
    by_id = names & set(IDENTITIES["teachers"])
    return bool(by_id) or (has_names and is_named)


def has_own_columns(table: str, chosen: Chosen) -> bool:
    """Whether a kind of people has columns that the other kind does not have."""
    other = "teachers" if table == "students" else "students"
    positions = {each.profile.position for each in chosen.get(other, ())}
    return not {each.profile.position for each in chosen[table]} & positions
