"""Tables and columns of files with headings, matched by names and by the shape of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from validator.ingest.mapping import (
    composites,
    contacts,
    joins,
    people,
    references,
    teacher_names,
    words,
)
from validator.ingest.mapping.decodes import add_decodes
from validator.ingest.mapping.flat import (
    add_teacher_by_address,
    is_flat,
    match_extras,
    match_flat_file,
)
from validator.ingest.mapping.inference import NAMES
from validator.ingest.mapping.links import has_things, is_named_for_things
from validator.ingest.mapping.meanings import IDS, find_status, match_columns
from validator.ingest.mapping.profile import FileProfile
from validator.ingest.mapping.roles import find_roles
from validator.ingest.mapping.scores import NAMED, build_match, score_name
from validator.ingest.mapping.spellings import (
    Spelling,
    Spellings,
    find_heading,
    find_spelled,
    index_headings,
    list_readings,
    weigh,
)
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch
from validator.model import File, dataclass

Aliases = Mapping[str, Any]
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "schools": ("School_name",),
    "students": (*NAMES, "Grade", "DOB", "Student_email"),
    "teachers": (*NAMES, "Teacher_email"),
    "sections": (
        "Course_name",
        "Course_number",
        "Teacher_id",
        "Period",
        "Section_number",
        "Subject",
        "Name",
    ),
    "staff": (*NAMES, "Staff_email"),
}
"""A table is recognized by its id and at least one of these columns."""


READ = 0.9
"""Weight of a heading whose words had to be spelled out. Our own measure."""
EQUAL = 0.01
"""Largest difference of scores at which there is no reason to prefer one of two files."""
CLOSE = 1.5
"""Largest difference of scores at which a second file could be right too. Our own measure."""


@dataclass(frozen=True)
class _Candidate:
    """The columns that match a table, the score of the file's name, and of everything."""

    matches: dict[str, Match]
    named: float
    score: float


def match_files(
    profiles: Sequence[FileProfile], aliases: Aliases, ours: Sequence[File]
) -> dict[str, TableMatch]:
    """Suggest the file that fits each of our tables best, in the order of `ours`."""
    spellings = dict(index_headings(aliases, ours))
    of_contacts = spellings.pop("contacts")
    every = [file for file in profiles if file.headed and file.columns]
    headed = [file for file in every if not contacts.is_contacts(file)]
    scored: dict[str, list[tuple[float, TableMatch]]] = {}
    for file in headed:
        for score, match in _match_file(file, spellings, aliases):
            scored.setdefault(match.table, []).append((score, match))
    tables = {}
    for table in (file.table for file in ours):
        ranked = sorted(
            scored.get(table, ()), key=lambda pair: (-pair[0], len(pair[1].file.stem))
        )  # of equal ones, `students` before `students (1)`
        if ranked:
            best = _choose_best(ranked)
            tables[table] = replace(best, status=find_status(best.file, aliases))
    used = {match.file.name for match in tables.values()}
    spare = [each for file in headed if file.name not in used for each in (file, *file.parts)]
    completed = _complete(tables, spare, aliases, spellings=spellings)
    reconciled = references.reconcile(composites.reconcile_composites(completed))
    resolved = people.resolve(
        reconciled, headed, cache(lambda file, table: match_columns(file, spellings[table]))
    )
    teacher_names.use_names(resolved)
    contacts.add_contacts(resolved, every, of_contacts)
    return {
        file.table: add_decodes(
            _add_doubts(_leave_out_used(resolved, file.table), spellings.get(file.table, {}))
        )
        for file in ours
        if file.table in resolved
    }


def _complete(
    tables: Mapping[str, TableMatch],
    spare: Sequence[FileProfile],
    aliases: Aliases,
    *,
    spellings: Spellings,
) -> dict[str, TableMatch]:
    """Return the matches of tables with columns from files that hold no table."""
    return {
        name: joins.complete(
            match, spare, aliases, match_columns=partial(match_columns, spellings=spellings[name])
        )
        for name, match in tables.items()
    }


def _leave_out_used(tables: Mapping[str, TableMatch], name: str) -> TableMatch:
    """Return the match of a table without other files that turned out to be another table."""
    used = {other.file.name for other in tables.values() if other.table != name}
    match = tables[name]
    return replace(
        match,
        others=tuple(other for other in match.others if other not in used),
        equals={other: why for other, why in match.equals.items() if other not in used},
    )


def _add_doubts(match: TableMatch, spellings: Mapping[str, Spelling]) -> TableMatch:
    """Return the match of a table with the headings that may mean several columns not found."""
    used = {taken.taken.position for taken in match.matches.values() if not taken.lender}
    doubts = []
    for column in match.file.columns:
        if column.position in used or find_heading(column, spellings):
            continue
        readings = {spellings[name].column for name in list_readings(column, spellings)}
        open_ones = tuple(sorted(readings - match.matches.keys() - {"whole"}))
        if len(readings) > 1 and open_ones:
            doubts.append((column.heading, open_ones))
    return replace(match, doubts=tuple(doubts))


def _choose_best(ranked: Sequence[tuple[float, TableMatch]]) -> TableMatch:
    """Return the best match of a table with the other files that could be it.

    Where another file fits as well, no column is sure.
    """
    (score, best), *rest = ranked
    others, equals = [], dict[str, str]()
    for other_score, match in rest:
        is_rival = other_score > 0 and score - other_score <= CLOSE
        if is_rival or match.sure is not Sure.GUESS:
            others.append(match.file.name)
        if is_rival:
            best = replace(best, matches=_mark_unsure(best.matches), sure=Sure.GUESS)
        if is_rival and score - other_score <= EQUAL and not _is_copy(match.file, best.file):
            equals[match.file.name] = f"{match.why}; {match.file.rows:,} rows"
    return replace(best, others=tuple(others), equals=equals)


def _is_copy(file: FileProfile, other: FileProfile) -> bool:
    """Return whether a file is a copy of another by its name: `students (1)`, with as many rows."""
    stems = [words.read_file_name(each.stem) for each in (file, other)]
    return file.rows == other.rows and bool(stems[0] & stems[1])


def _mark_unsure(matches: Mapping[str, Match]) -> dict[str, Match]:
    """Return suggested meanings of headings, none of which is sure."""
    return {
        name: replace(match, sure=Sure.LIKELY) if match.sure is Sure.SURE else match
        for name, match in matches.items()
    }


def _match_file(
    file: FileProfile, spellings: Spellings, aliases: Aliases
) -> Iterator[tuple[float, TableMatch]]:
    """Yield the tables in one file with their scores: the best one, and those on the same rows."""
    candidates = {}
    for table in spellings:
        candidate = _score_table(file, table, spellings, names=aliases["tables"].get(table, ()))
        if _is_sufficient(table, candidate) and not _is_of_courses(file, table, candidate):
            candidates[table] = candidate
    if not candidates:
        return
    if is_flat(file, spellings):
        enrollments = candidates.get("enrollments")
        score = enrollments.score if enrollments else 1.0
        yield from match_flat_file(file, score, spellings)
        return
    users = _separate_users(file, candidates)
    if users:
        yield from users
        return
    table = max(candidates, key=lambda name: candidates[name].score)
    best = candidates[table]
    if table == "sections":
        add_teacher_by_address(file, best.matches, spellings)
    yield best.score, build_match(table, file, best.matches, named=best.named)
    if table == "sections":
        for match in match_extras(file, spellings):
            yield 0.0, match


def _separate_users(
    file: FileProfile, candidates: Mapping[str, _Candidate]
) -> list[tuple[float, TableMatch]]:
    """Return the students and the teachers of a file whose rows have a role, [] without it."""
    roles = find_roles(file)
    kinds = ("students", "teachers")
    if roles is None or not roles.students or not all(kind in candidates for kind in kinds):
        return []
    score = max(candidate.score for candidate in candidates.values())
    if score > max(candidates[kind].score for kind in kinds) + NAMED / 2:
        return []
    people = []
    for kind, values in zip(kinds, (roles.students, roles.teachers), strict=True):
        match = build_match(kind, file, candidates[kind].matches, named=0)
        why = f"{match.why}, and the roles in {roles.column.heading}"
        match = replace(match, sure=Sure.LIKELY, why=why, only={roles.column.heading: values})
        people.append((candidates[kind].score, match))
    return people


def _score_table(
    file: FileProfile, table: str, spellings: Spellings, *, names: Sequence[str]
) -> _Candidate:
    """Return how well a file fits a table, by its headings and its name."""
    matches = match_columns(file, spellings[table])
    named = score_name(file, names)
    score = named
    for match in matches.values():
        own = spellings[table]
        spelling = own.get(find_heading(match.taken, own))
        if spelling is not None:
            score += weigh(spelling) * (1.0 if find_spelled(match.taken, own) else READ)
    used = {match.taken.position for match in matches.values()}
    return _Candidate(matches, named, score + len(used) / len(file.columns))


def _is_sufficient(table: str, candidate: _Candidate) -> bool:
    """Return whether a file has enough columns for a table."""
    matches = candidate.matches
    if table == "enrollments":
        has_time = "Begin" in matches and not {"End", "Exit_code"}.isdisjoint(matches)
        has_sections = "Section_id" in matches or has_time or candidate.named == NAMED
        return "Student_id" in matches and has_sections
    if table == "staff" and not (candidate.named or _names_staff(matches.get("Staff_id"))):
        return False
    return IDS[table] in matches and any(name in matches for name in EXPECTED[table])


def _is_of_courses(file: FileProfile, table: str, candidate: _Candidate) -> bool:
    """Return whether the names in an unknown file are those of courses, as it says."""
    first = candidate.matches.get("First_name")
    is_general = table == "schools" or (first is not None and bool(first.split))
    if candidate.named or not is_general:
        return False
    return is_named_for_things(file) or has_things(file, candidate.matches)


def _names_staff(match: Match | None) -> bool:
    """Return whether the heading of an id speaks of staff, and not of any person."""
    if match is None:
        return False
    return any("staff" in key for key in words.read_heading(match.taken.heading))
