"""The columns of a file for one table, by headings that the values confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from validator.frame.values import match_pattern
from validator.ingest.mapping.composites import use_composite
from validator.ingest.mapping.inference import MIN_SHARE, format_share, infer_columns
from validator.ingest.mapping.profile import ColumnProfile, FileProfile, normalize_name
from validator.ingest.mapping.spellings import Spelling, find_heading, find_spelled
from validator.ingest.mapping.suggestion import Match, Sure

IDS = {
    "schools": "School_id",
    "students": "Student_id",
    "teachers": "Teacher_id",
    "sections": "Section_id",
    "staff": "Staff_id",
}


DOUBTED = ("Course_number", "Teacher_id", "Graduation_year")
"""Columns whose known headings (`Course`, `Teacher`, `Class of`) may be over something else."""


def match_columns(file: FileProfile, spellings: Mapping[str, Spelling]) -> dict[str, Match]:
    """Return a column of the file for each of our columns, by headings that its values confirm."""
    order = {heading: number for number, heading in enumerate(spellings)}
    ranked: list[tuple[tuple[bool, bool, int], Spelling, ColumnProfile]] = []
    for column in file.columns:
        heading = find_heading(column, spellings)
        if heading:
            spelling, is_spelled = spellings[heading], bool(find_spelled(column, spellings))
            rank = (not is_spelled, spelling.sure is Sure.GUESS, order[heading])
            ranked.append((rank, spelling, column))
    matches: dict[str, Match] = {}
    for (is_read, _, _), spelling, column in sorted(ranked, key=lambda entry: entry[0]):
        if spelling.column not in matches:
            sure, why = judge_match(spelling, column, is_read=is_read)
            if why:
                matches[spelling.column] = Match(spelling.column, column, sure, why)
            elif spelling.also == "Course_name" and spelling.also not in matches:
                why = "the heading may mean this, and the values are titles"
                matches[spelling.also] = Match(spelling.also, column, Sure.LIKELY, why)
    _add_second_meanings(matches, [(spelling, column) for _, spelling, column in ranked])
    inferred = infer_columns(file, matches)
    has_sections = any(spelling.column == "Section_id" for spelling in spellings.values())
    return use_composite(file, inferred) if has_sections else inferred


def _add_second_meanings(
    matches: dict[str, Match], ranked: Sequence[tuple[Spelling, ColumnProfile]]
) -> None:
    """Add the columns whose name is a heading that may also mean a column found elsewhere."""
    for spelling, column in ranked:
        first = matches.get(spelling.column)
        if spelling.also and spelling.also not in matches and first and first.taken is not column:
            sure, why = judge_match(replace(spelling, column=spelling.also), column, is_read=True)
            if why:
                matches[spelling.also] = Match(spelling.also, column, sure, why)


def judge_match(
    spelling: Spelling, column: ColumnProfile, *, is_read: bool = False
) -> tuple[Sure, str]:
    """Return how sure the suggested meaning of a heading is, and why; "" where it cannot be this.

    `is_read`: whether words of the heading had to be spelled out to recognize it.
    """
    is_guess = spelling.sure is Sure.GUESS
    why = "the heading may mean this" if is_guess else "the heading is known for this"
    if is_read:
        why = _explain_reading(column)
    if not column.filled:
        return Sure.GUESS, f"{why}; blank in every row"
    is_title_guess = is_guess and spelling.column == "Course_name"
    if (is_read or is_title_guess or spelling.column in DOUBTED) and not _may_be(
        spelling.column, column
    ):
        return Sure.GUESS, ""
    confirmed = Sure.LIKELY if is_guess or is_read else Sure.SURE
    shape = _get_shape(spelling.column, column)
    if shape is not None:
        if shape < MIN_SHARE:
            return Sure.GUESS, ""
        return confirmed, f"{why}; {format_share(shape)} have its shape"
    if spelling.column in IDS.values() and column.unique:
        return confirmed, f"{why}; each value once"
    return (Sure.GUESS if is_guess else confirmed), why


def _explain_reading(column: ColumnProfile) -> str:
    """Return how a heading that is not known letter for letter was recognized."""
    if column.affix:
        return f'the heading means this without "{column.affix}", which every heading here has'
    return "the heading means this once its words are spelled out"


def _may_be(name: str, column: ColumnProfile) -> bool:
    """Return whether the values of a column do not contradict a meaning read from its heading."""
    if name == "Course_name":
        return float(match_pattern(column.values, r"[A-Za-z]{2}").mean()) >= MIN_SHARE
    if name == "Graduation_year":
        return float(match_pattern(column.values, r"^(19|20)[0-9]{2}$").mean()) >= MIN_SHARE
    if name.endswith(("_id", "_number")):
        return max(column.email, column.comma, column.blank_inside) < MIN_SHARE
    return True


def _get_shape(name: str, column: ColumnProfile) -> float | None:
    """Return the share of values with the shape of one of our columns, None if it has no shape."""
    if name.endswith("_email"):
        return column.email
    return {"DOB": column.date, "Grade": column.grade}.get(name)


def find_status(file: FileProfile, aliases: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the headings that seem to state which rows are active."""
    names = {normalize_name(name) for name in aliases["status"]}
    return tuple(
        column.heading for column in file.columns if normalize_name(column.heading) in names
    )
