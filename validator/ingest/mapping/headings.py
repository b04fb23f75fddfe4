"""Files with headings: which file holds which table, and which heading names which column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from validator.ingest.mapping import joins, references
from validator.ingest.mapping.profile import ColumnProfile, FileProfile, normalize_name
from validator.ingest.mapping.spellings import (
    Spelling,
    Spellings,
    index_headings,
    find_heading,
    weigh,
)
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch
from validator.model import File

Aliases = Mapping[str, Any]
IDS = {
    "schools": "School_id",
    "students": "Student_id",
    "teachers": "Teacher_id",
    "sections": "Section_id",
    "staff": "Staff_id",
}
NAMES = ("First_name", "Last_name", "whole")
EMAILS = {"Student_id": "Student_email", "Teacher_id": "Teacher_email", "Staff_id": "Staff_email"}
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
"""Beside its id, a table is recognised by at least one of these columns."""

GENERAL_IDS = ("id", "sisid", "sourcedid")
"""Headings that stand for the id of whatever the file holds."""

NAMED, PARTLY = 6.0, 3.0
"""What a file's name counts against headings, each of which counts up to 1: whole, or in part. Our own measure."""
MIN_SHARE = 0.5
"""Share of values that must have a column's shape; our own measure."""


def match_files(
    seen: Sequence[FileProfile], aliases: Aliases, ours: Sequence[File]
) -> dict[str, TableMatch]:
    """Our tables, each with the file that fits best, in the order of `ours`."""
    spellings = index_headings(aliases, ours)
    headed = [file for file in seen if file.headed and file.columns]
    found: dict[str, list[tuple[float, TableMatch]]] = {}
    for file in headed:
        for score, told in _match_file(file, spellings, aliases):
            found.setdefault(told.table, []).append((score, told))
    out = {}
    for table in (file.table for file in ours):
        ranked = sorted(found.get(table, ()), key=lambda pair: -pair[0])
        if ranked:
            others = tuple(told.file.name for _, told in ranked[1:] if told.sure is not Sure.GUESS)
            best = ranked[0][1]
            out[table] = TableMatch(
                table,
                best.file,
                best.matches,
                best.sure,
                best.why,
                others,
                _find_status(best.file, aliases),
            )
    spare = [file for file in headed if file.name not in {told.file.name for told in out.values()}]
    return references.reconcile(
        {table: joins.complete(told, spare, aliases) for table, told in out.items()}
    )


def _match_file(
    file: FileProfile, spellings: Spellings, aliases: Aliases
) -> Iterator[tuple[float, TableMatch]]:
    """The tables that one file holds: the one it fits best, and those whose columns stand on its rows as well."""
    scored = {}
    for table in spellings:
        matches = _match_columns(file, spellings[table])
        named = _score_name(file, aliases["tables"].get(table, ()))
        if _is_sufficient(table, matches, named):
            said = [
                spellings[table].get(find_heading(match.taken, spellings[table]))
                for match in matches.values()
            ]
            scored[table] = named + sum(weigh(one) for one in said if one), matches, named
    if not scored:
        return
    table = max(scored, key=lambda name: scored[name][0])
    if all(_has_id_heading(file, spellings, name) for name in ("Student_id", "Section_id")):
        yield from _match_flat_file(file, scored, spellings)
        return
    score, matches, named = scored[table]
    yield score, _build_match(table, file, matches, named)
    if table == "sections":
        for other in ("teachers", "schools"):
            if (told := _match_extra(other, file, spellings)) is not None:
                yield 0.0, told


def _has_id_heading(file: FileProfile, spellings: Spellings, name: str) -> bool:
    """Whether a heading names the id of a student or section and can hardly be the file's own id."""
    own = spellings[{"Student_id": "students", "Section_id": "sections"}[name]]
    held = {
        normalize_name(column.heading): spelling
        for column in file.columns
        if (
            spelling := spellings["enrollments"].get(find_heading(column, spellings["enrollments"]))
        )
    }
    return any(
        spelling.column == name and spelling.sure is Sure.SURE and normalize_name(column) in own
        for column, spelling in held.items()
        if column not in GENERAL_IDS
    )


def _match_flat_file(
    file: FileProfile, scored: Mapping[str, Any], spellings: Spellings
) -> Iterator[tuple[float, TableMatch]]:
    """The tables of a file that has a student and a section on each row."""
    yield (
        scored["enrollments"][0] if "enrollments" in scored else 1.0,
        _build_match("enrollments", file, _match_columns(file, spellings["enrollments"]), PARTLY),
    )
    students = _match_columns(file, spellings["students"])
    if any(name in students for name in NAMES):
        yield 0.5, _build_match("students", file, students, 0)
    sections = _match_columns(file, spellings["sections"])
    if any(name in sections for name in ("Course_name", "Teacher_id")):
        sections.pop("Grade", None)
        yield 0.5, _build_match("sections", file, sections, 0)
    for other in ("teachers", "schools"):
        if (told := _match_extra(other, file, spellings)) is not None:
            yield 0.5, told


def _match_extra(table: str, file: FileProfile, spellings: Spellings) -> TableMatch | None:
    """Teachers or schools named on the rows of another table, by headings that can mean nothing else."""
    own = {
        heading: spelling
        for heading, spelling in spellings[table].items()
        if heading.startswith(("teacher", "staff", "school", "instructor", "building"))
    }
    matches = _match_columns(file, own)
    wanted = NAMES if table == "teachers" else ("School_name",)
    return (
        _build_match(table, file, matches, 0)
        if IDS[table] in matches and any(name in matches for name in wanted)
        else None
    )


def _is_sufficient(table: str, matches: Mapping[str, Match], named: float) -> bool:
    """Whether a file has enough to be taken for a table."""
    if table == "enrollments":
        return "Student_id" in matches and ("Section_id" in matches or named == NAMED)
    if table == "staff" and not named:
        return False
    return IDS[table] in matches and any(name in matches for name in EXPECTED[table])


def _score_name(file: FileProfile, names: Sequence[str]) -> float:
    stem = normalize_name(file.stem)
    if stem in {normalize_name(name) for name in names}:
        return NAMED
    return PARTLY if any(normalize_name(name) in stem for name in names if len(name) > 5) else 0.0


def _match_columns(file: FileProfile, spellings: Mapping[str, Spelling]) -> dict[str, Match]:
    """The column of a file for each of our columns that its headings name and its values do not deny."""
    ranked: list[tuple[int, int, Spelling, ColumnProfile]] = []
    order = list(spellings)
    for column in file.columns:
        name = find_heading(column, spellings)
        if name:
            spelling = spellings[name]
            ranked.append((spelling.sure is Sure.GUESS, order.index(name), spelling, column))
    out: dict[str, Match] = {}
    for _, _, spelling, column in sorted(ranked, key=lambda one: one[:2]):
        if spelling.column not in out:
            sure, why = judge_match(spelling, column)
            if why:
                out[spelling.column] = Match(spelling.column, column, sure, why)
    return _split_whole_names(_add_email_by_shape(file, _use_numbers_as_ids(out)))


def _use_numbers_as_ids(matches: dict[str, Match]) -> dict[str, Match]:
    """The matches, with the number of a person for the id where there is no other id."""
    for number, name in (("Student_number", "Student_id"), ("Teacher_number", "Teacher_id")):
        if number in matches and name not in matches:
            matches[name] = Match(
                name, matches[number].taken, Sure.LIKELY, "no other column is an id"
            )
    return matches


def judge_match(spelling: Spelling, column: ColumnProfile) -> tuple[Sure, str]:
    """How sure a heading's meaning is once its values were looked at, and why; no reason where they deny it."""
    why = (
        "the heading may mean this"
        if spelling.sure is Sure.GUESS
        else "the heading is known for this"
    )
    if not column.filled:
        return Sure.GUESS, f"{why}; blank in every row"
    shape = {"DOB": column.date, "Grade": column.grade}.get(spelling.column)
    if spelling.column.endswith("_email"):
        shape = column.email
    if shape is not None:
        if shape < MIN_SHARE:
            return Sure.GUESS, ""
        return (
            Sure.LIKELY if spelling.sure is Sure.GUESS else Sure.SURE
        ), f"{why}; {_format_share(shape)} have its shape"
    if spelling.column in IDS.values() and column.unique:
        return (
            Sure.LIKELY if spelling.sure is Sure.GUESS else Sure.SURE
        ), f"{why}; each value once"
    return spelling.sure, why


def _format_share(share: float) -> str:
    return f"{int(100 * share)}% of the values"


def _add_email_by_shape(file: FileProfile, matches: dict[str, Match]) -> dict[str, Match]:
    """The matches, and the one column of addresses if no heading named it."""
    wanted = next((email for name, email in EMAILS.items() if name in matches), "")
    taken = {match.taken.position for name, match in matches.items() if name != "Username"}
    shaped = [one for one in file.columns if one.email >= 0.9 and one.position not in taken]
    if (
        wanted
        and wanted not in matches
        and len(shaped) == 1
        and any(name in matches for name in NAMES)
    ):
        why = (
            f"{_format_share(shaped[0].email)} are e-mail addresses, and no other column holds any"
        )
        matches[wanted] = Match(wanted, shaped[0], Sure.LIKELY, why)
    return matches


def _split_whole_names(matches: dict[str, Match]) -> dict[str, Match]:
    """The matches with a whole name divided into first and last, where the file has no columns for these."""
    whole = matches.pop("whole", None)
    if whole is None or "Last_name" in matches or "First_name" in matches:
        return matches
    split = (
        "Last, First"
        if whole.taken.comma >= MIN_SHARE
        else "First Last"
        if whole.taken.blank_inside >= MIN_SHARE
        else ""
    )
    if split:
        why = f"{whole.why}; whole names in one cell"
        for part in ("first", "last"):
            name = f"{part.title()}_name"
            matches[name] = Match(
                name,
                whole.taken,
                min(whole.sure, Sure.LIKELY, key=list(Sure)[::-1].index),
                why,
                split=split,
                part=part,
            )
    return matches


def _build_match(
    table: str, file: FileProfile, matches: Mapping[str, Match], named: float
) -> TableMatch:
    order = {name: at for at, name in enumerate([IDS.get(table, ""), "Student_id", "Section_id"])}
    ordered = dict(sorted(matches.items(), key=lambda pair: order.get(pair[0], 9)))
    many = sum(match.sure is Sure.SURE for match in matches.values())
    sure = (
        Sure.SURE
        if named == NAMED and many >= 2
        else Sure.LIKELY
        if named or many >= 3
        else Sure.GUESS
    )
    parts = ["its name"] if named else []
    return TableMatch(
        table, file, ordered, sure, " and ".join([*parts, f"{len(matches)} of its headings"])
    )


def _find_status(file: FileProfile, aliases: Aliases) -> tuple[str, ...]:
    names = {normalize_name(name) for name in aliases["status"]}
    return tuple(
        column.heading for column in file.columns if normalize_name(column.heading) in names
    )
