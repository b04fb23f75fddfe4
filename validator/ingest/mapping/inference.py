"""Columns that no heading names, inferred from other columns and the shape of values."""

from __future__ import annotations

from validator.ingest.mapping import words
from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.ingest.mapping.suggestion import Match, Sure

NAMES = ("First_name", "Last_name", "whole")
EMAILS = {"Student_id": "Student_email", "Teacher_id": "Teacher_email", "Staff_id": "Staff_email"}
OF_OTHERS = {
    "Student_email": frozenset(
        {"teacher", "staff", "parent", "guardian", "contact", "principal", "owner"}
    ),
    "Teacher_email": frozenset({"student", "parent", "guardian", "contact", "principal", "owner"}),
    "Staff_email": frozenset({"student", "parent", "guardian", "contact", "owner"}),
}
"""Words of headings over the addresses of other people."""
NUMBERS = (
    ("Student_number", "Student_id"),
    ("Teacher_number", "Teacher_id"),
    ("Section_number", "Section_id"),
)
"""The number of a record, and the id that it is where there is no other."""
MIN_SHARE = 0.5
"""Share of values that must have the shape of a column; our own measure."""
MIN_EMAILS = 0.9
"""Share of addresses from which a column is an e-mail column without a heading; our own measure."""


def infer_columns(file: FileProfile, matches: dict[str, Match]) -> dict[str, Match]:
    """Return the suggested columns with ids from numbers, addresses, and split names added."""
    return _split_whole_names(_add_email_by_shape(file, _use_numbers_as_ids(matches)))


def _use_numbers_as_ids(matches: dict[str, Match]) -> dict[str, Match]:
    """Return the matches, with the number of a record as the id if there is no other id."""
    for number, name in NUMBERS:
        if number in matches and name not in matches and _may_be_id(number, matches[number]):
            column = matches[number].taken
            matches[name] = Match(name, column, Sure.LIKELY, "no other column is an id")
    return matches


def _may_be_id(number: str, match: Match) -> bool:
    """Return whether an unknown column of numbers may be the id that a suggestion needs."""
    return number != "Section_number" or match.taken.unique


def format_share(share: float) -> str:
    """Return the evidence for a suggested column: a share of its values, in words."""
    return f"{int(100 * share)}% of the values"


def _add_email_by_shape(file: FileProfile, matches: dict[str, Match]) -> dict[str, Match]:
    """Return the matches, with the only column of addresses if no heading names one."""
    email = next((email for name, email in EMAILS.items() if name in matches), "")
    has_names = any(name in matches for name in NAMES)
    if not email or email in matches or not has_names:
        return matches
    taken = {match.taken.position for name, match in matches.items() if name != "Username"}
    columns = [
        column
        for column in file.columns
        if column.email >= MIN_EMAILS
        and column.position not in taken
        and not _is_of_others(column, email)
    ]
    if len(columns) == 1:
        share = format_share(columns[0].email)
        why = f"{share} are e-mail addresses, and no other column holds any"
        matches[email] = Match(email, columns[0], Sure.LIKELY, why)
    return matches


def _is_of_others(column: ColumnProfile, email: str) -> bool:
    """Return whether a heading over unknown addresses speaks of other people than `email`."""
    readings = words.read_heading(column.heading)
    return any(key != ("contact",) and OF_OTHERS[email] & set(key) for key in readings)


def _split_whole_names(matches: dict[str, Match]) -> dict[str, Match]:
    """Return the matches with a whole name split into first and last, unless columns have these."""
    whole = matches.pop("whole", None)
    if whole is None or "Last_name" in matches or "First_name" in matches:
        return matches
    split = whole.taken.name_split
    if not split:
        return matches
    sure = Sure.GUESS if whole.sure is Sure.GUESS else Sure.LIKELY
    why = f"{whole.why}; whole names in one cell"
    for part in ("first", "last"):
        name = f"{part.title()}_name"
        matches[name] = Match(name, whole.taken, sure, why, split=split, part=part)
    return matches
