"""Columns of the roster in the form that OneRoster wants; what does not fit goes to metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import Encoded
from validator.frame.values import is_blank, match_pattern
from validator.model import dataclass
from validator.repair.convert import cells, values
from validator.repair.convert.oneroster.places import (
    DEMOGRAPHICS,
    LINKS,
    OWN,
    V12,
    list_headings,
)
from validator.repair.convert.places import METADATA, OWN_PREFIX, Place
from validator.repair.convert.roster import CONTACTS, Heading, Records, Roster
from validator.repair.written import LeftOut

NO_PLACE = "OneRoster has no column for this."
UNCERTAIN = (
    "It is not certain whether the day or the month comes first in these dates; they are read like "
    "most dates in the column."
)
UNFIT = {
    "date": "These values are not dates; OneRoster refuses them, so they are kept in {column}.",
    "grade": "These values are not a grade; OneRoster refuses them, so they are kept in {column}.",
    "grades": "These values are not grades; OneRoster refuses them, so they are kept in {column}.",
    "gender": "OneRoster does not list these values, so they are kept in {column}.",
    "race": "OneRoster does not list these values, so they are kept in {column}.",
    "flag": "OneRoster accepts only true or false, so these values are kept in {column}.",
    "userids": "OneRoster's list of ids cannot hold these values, so they are kept in {column}.",
}
"""Form of a value -> why some are not written to their column."""

Columns = dict[str, Encoded]


@dataclass
class Placed:
    """The columns of records, by the file and heading that they go to, and what was left out."""

    files: dict[str, Columns] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, file: str, heading: str, column: Encoded) -> None:
        """Add a column."""
        self.files.setdefault(file, {})[heading] = column

    def get(self, file: str) -> Columns:
        """Return the columns that go to a file."""
        return self.files.get(file, {})


def place_columns(
    records: Records, places: Sequence[Place], version: str, *, roster: Roster
) -> Placed:
    """Convert columns of records to OneRoster's form, without ids and references."""
    placed = Placed()
    own = OWN[records.name]
    for place in places:
        if place.column in records.columns:
            _place(placed, records, place, version=version, roster=roster)
    known = {place.column for place in places} | set(LINKS[records.name]) | set(CONTACTS)
    for name, column in records.columns.items():
        if name.lower().startswith("ext."):
            placed.add(own, METADATA + name[len("ext.") :], column)
        elif name.startswith(OWN_PREFIX):
            _pass(placed, records, name, version=version)
        elif name not in known and not name.startswith("Teacher_"):
            _leave_out(placed, records, name, reason=NO_PLACE)
        controls = cells.count_controls(column)
        if controls:
            heading = find_heading(records, name)
            placed.left_out.append(LeftOut(heading.file, heading.name, controls, cells.SPACED))
    return placed


def _pass(placed: Placed, records: Records, name: str, *, version: str) -> None:
    """Pass a column of another bundle through a conversion, under its own name."""
    heading = name.removeprefix(OWN_PREFIX)
    files = (OWN[records.name], *([DEMOGRAPHICS] if records.name == "students" else []))
    for file in files:
        if heading in list_headings(version, file):
            column = records.columns[name]
            derived = placed.get(file).get(heading)
            placed.add(file, heading, column if derived is None else cells.fill(column, derived))
            return
    _leave_out(placed, records, name, reason=NO_PLACE)


def find_heading(records: Records, column: str) -> Heading:
    """Return where a column to convert was read from."""
    return records.headings.get(column, Heading(records.file, column))


def _place(placed: Placed, records: Records, place: Place, *, version: str, roster: Roster) -> None:
    """Place a column of the records to convert in the OneRoster file where it belongs."""
    column = records.columns[place.column]
    own = OWN[records.name]
    if not place.heading:
        if place.extension:
            if cells.is_filled(column):
                placed.add(own, METADATA + place.column, column)
        else:
            _leave_out(placed, records, place.column, reason=place.reason or NO_PLACE)
        return
    file = place.file or own
    for heading, written in _write(column, place, version, roster=roster).items():
        placed.add(file, heading, written)
    if place.form == "date":
        _list_uncertain(placed, records, place, roster=roster)
    written = placed.get(file)[place.heading]
    unfit = values.mark_unfit(column, written)
    if unfit.any():
        extension = METADATA + place.column
        home = own if file in ("courses.csv", "academicSessions.csv") else file
        kept = cells.choose(unfit, column, cells.repeat_text("", records.count))
        placed.add(home, extension, kept)
        origin = find_heading(records, place.column)
        reason = UNFIT[place.form].format(column=extension)
        placed.left_out.append(LeftOut(origin.file, origin.name, int(unfit.sum()), reason))


def _list_uncertain(placed: Placed, records: Records, place: Place, *, roster: Roster) -> None:
    """List dates that a conversion could write wrong: day and month in either order."""
    column = records.columns[place.column]
    count = int(values.mark_uncertain(column, place.column, roster.today).sum())
    if count:
        heading = find_heading(records, place.column)
        placed.left_out.append(LeftOut(heading.file, heading.name, count, UNCERTAIN))


def _leave_out(placed: Placed, records: Records, column: str, *, reason: str) -> None:
    """List the filled cells of a column that a conversion leaves out, with the reason."""
    filled = cells.count_filled(records.columns[column])
    if filled:
        heading = find_heading(records, column)
        placed.left_out.append(LeftOut(heading.file, heading.name, filled, reason))


def _write(column: Encoded, place: Place, version: str, *, roster: Roster) -> Mapping[str, Encoded]:
    """Return a converted column by OneRoster's heading; races have a heading each."""
    if place.form == "race":
        flags = values.RACES.items()
        return {heading: values.write_race_flag(column, letter) for letter, heading in flags}
    if place.form == "date":
        return {place.heading: values.write_days(column, place.column, roster.today)}
    if place.form == "grade":
        return {place.heading: values.write_code(column, roster.grades)}
    if place.form == "grades":
        return {place.heading: values.write_codes(column, roster.grades)}
    if place.form == "gender":
        sexes = values.SEXES_12 if version == V12 else values.SEXES
        return {place.heading: values.map_words(column, sexes)}
    if place.form == "flag":
        return {place.heading: values.write_boolean(column)}
    if place.form == "userids":
        return {place.heading: write_user_ids(column)}
    if place.form == "list":
        return {place.heading: cells.convert_values(column, drop_empty_items)}
    return {place.heading: column}


def write_user_ids(column: Encoded) -> Encoded:
    """Return the state's ids as items of `userIds`, blank where they cannot be written there."""
    unfit = match_pattern(column.values, "[,:{}]") | is_blank(column.values)
    items = pc.binary_join_element_wise("{stateId:", column.values, "}", "")
    return Encoded(pc.if_else(pa.array(unfit), "", items), column.codes)


def drop_empty_items(text: str) -> str:
    """Convert a list to one without empty items, which OneRoster refuses."""
    items = text.split(",")
    if all(items):
        return text
    return ",".join(item for item in items if item)


def fill_missing(
    columns: Columns, heading: str, others: Sequence[Encoded], *, word: str
) -> Encoded | None:
    """Fill the blanks of a required column to convert; return the word of filled rows.

    The columns are changed in place. None where nothing had to be filled.
    """
    column = columns[heading]
    blank = column.blank
    if not blank.any():
        return None
    for other in others:
        column = cells.fill(column, other)
    columns[heading] = column
    return Encoded(pa.array(["", word], pa.string()), blank.astype("int8"))


def join_words(words: Sequence[Encoded | None]) -> Encoded | None:
    """Return per converted row the words of several columns; None without any."""
    present = [word for word in words if word is not None]
    if not present:
        return None
    number, first = cells.number_rows(present)
    texts = [word.take(first) for word in present]
    joined = pc.binary_join_element_wise(*texts, " ")
    joined = pc.replace_substring_regex(joined, pattern=" +", replacement=" ")
    return Encoded(pc.utf8_trim(joined, characters=" "), number.astype("int32"))
