"""Values as destinations write them: grades, dates, genders, races and flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from validator.frame import Encoded
from validator.frame.values import (
    CENTURY_BEFORE,
    NO_DAY,
    Dates,
    match_pattern,
    parse_dates,
    trim,
)
from validator.repair.convert import cells
from validator.repair.months import number_months
from validator.vocabulary.grades import UNKNOWN, Grades

GRADES = frozenset({"Grade", "Low_grade", "High_grade"})
DATES = frozenset({"DOB", "Term_start", "Term_end"})

EITHER_ORDER = r"^(0?[1-9]|1[0-2])[-/.](0?[1-9]|1[0-2])[-/.]"
"""A date whose day and month can change places; RE2."""

CEDS = {
    "InfantToddler": "IT",
    "Preschool": "PR",
    "PreKindergarten": "PK",
    "TransitionalKindergarten": "TK",
    "Kindergarten": "KG",
    **{str(number): f"{number:02}" for number in range(1, 14)},
    "PostGraduate": "PS",
    "Ungraded": "UG",
    "Other": "Other",
}
"""Clever's grade -> the code of CEDS that OneRoster writes; https://ceds.ed.gov, Entry Grade
Level."""

RACES = {
    "I": "americanIndianOrAlaskaNative",
    "A": "asian",
    "B": "blackOrAfricanAmerican",
    "P": "nativeHawaiianOrOtherPacificIslander",
    "W": "white",
    "M": "demographicRaceTwoOrMoreRaces",
}
"""Clever's letter for a race -> OneRoster's flag."""

RACE_WORDS = {
    "american indian": "I",
    "american indian/alaska native": "I",
    "american indian or alaska native": "I",
    "asian": "A",
    "black": "B",
    "black or african american": "B",
    "hawaiian or other pacific islander": "P",
    "native hawaiian or other pacific islander": "P",
    "pacific islander": "P",
    "white": "W",
    "caucasian": "W",
    "two or more races": "M",
    "multiracial": "M",
} | {letter.lower(): letter for letter in RACES}
"""Words for races that Clever accepts, in lower case -> Clever's letter."""

SEXES = {"m": "male", "male": "male", "f": "female", "female": "female"}
SEXES_12 = SEXES | dict.fromkeys(("x", "nonbinary", "non-binary"), "other")
"""Clever's gender in lower case -> OneRoster's sex, in 1.1 and in 1.2."""
GENDERS = {"male": "M", "female": "F", "other": "X", "m": "M", "f": "F", "x": "X"}
"""Sex or gender in lower case -> Clever's letter."""

FLAGS = dict.fromkeys(("y", "yes", "t", "true", "1"), True) | dict.fromkeys(
    ("n", "no", "f", "false", "0"), False
)
"""Words for yes and no that Clever accepts, in lower case."""


def write_clever_grades(column: Encoded, grades: Grades) -> Encoded:
    """Convert grades to Clever's names; cells that are not grades stay as they are."""

    def convert(text: str) -> str:
        several = grades.parse_several(text)
        if not several or UNKNOWN in several:
            return text
        return _name_grades(several, grades)

    return cells.convert_values(column, convert)


def _name_grades(several: list[str], grades: Grades) -> str:
    """Write grades in Clever's form: one grade, a range such as 3-5, or a list such as 3,5."""
    if len(several) == 1:
        return several[0]
    text = f"{several[0]}-{several[-1]}"
    return text if grades.parse_several(text) == several else ",".join(several)


def write_codes(column: Encoded, grades: Grades) -> Encoded:
    """Convert grades to lists of CEDS codes, blank where a cell is not a grade."""

    def convert(text: str) -> str | None:
        several = grades.parse_several(text)
        if UNKNOWN in several:
            return None
        return ",".join(CEDS[grade] for grade in several if grade in CEDS)

    return cells.convert_values(column, convert)


def write_code(column: Encoded, grades: Grades) -> Encoded:
    """Convert grades of people to CEDS codes, blank where a cell is not one grade."""
    names = grades.to_canonical(column.values.to_pylist())
    codes = [CEDS.get(name, "") for name in names]
    return Encoded(pa.array(codes, pa.string()), column.codes)


def write_clever_dates(column: Encoded, name: str, today: dt.date) -> Encoded:
    """Write days as YYYY-MM-DD, where the column can be read in one way only.

    Cells that are not dates stay as they are. So does the whole column where the order of day and
    month is not certain.
    """
    dates = _parse(column, name, today)
    if _is_uncertain(dates):
        return column
    return _format_days(column, dates.days, otherwise=column.values.to_pylist())


def _is_uncertain(dates: Dates) -> bool:
    """Return whether a conversion cannot know the order of day and month."""
    both = dates.day_first > 0 and dates.month_first > 0
    neither = dates.slashed > 0 and dates.day_first == dates.month_first
    return both or neither


def mark_uncertain(column: Encoded, name: str, today: dt.date) -> np.ndarray:
    """Return the bool mask of dates to convert whose order of day and month is uncertain."""
    if not _is_uncertain(_parse(column, name, today)):
        return np.zeros(len(column.codes), bool)
    return column.broadcast(match_pattern(trim(column.values), EITHER_ORDER))


def write_days(column: Encoded, name: str, today: dt.date, *, shift: int = 0) -> Encoded:
    """Convert days to YYYY-MM-DD, `shift` days later; blank where a cell is not a date."""
    days = _parse(column, name, today).days
    days = np.where(days == NO_DAY, NO_DAY, days + shift)
    return _format_days(column, days, otherwise=[""] * len(days))


def _parse(column: Encoded, name: str, today: dt.date) -> Dates:
    """Parse the dates of a column to convert; birth dates in the century that the rules assume."""
    century = today.year % 100 if name == "DOB" else CENTURY_BEFORE
    values = number_months(trim(column.values), century)
    return parse_dates(values, century_before=century)


def _format_days(column: Encoded, days: np.ndarray, *, otherwise: list[str]) -> Encoded:
    """Write the dates of a converted column in ISO form; other values as `otherwise` has them."""
    texts = np.datetime_as_string(np.where(days == NO_DAY, 0, days).astype("datetime64[D]"))
    written = [
        str(text) if day != NO_DAY else other
        for text, day, other in zip(texts, days, otherwise, strict=True)
    ]
    return Encoded(pa.array(written, pa.string()), column.codes)


def map_words(column: Encoded, words: dict[str, str]) -> Encoded:
    """Convert each word, in any letter case, to the destination's; blank for others."""
    return cells.convert_values(column, lambda text: words.get(text.strip().lower()))


def write_race_flag(column: Encoded, letter: str) -> Encoded:
    """Convert a race to whether it is this one; blank where the cell is not a race."""

    def convert(text: str) -> str | None:
        race = RACE_WORDS.get(text.strip().lower())
        if race is None:
            return None
        return "true" if race == letter else "false"

    return cells.convert_values(column, convert)


def write_boolean(column: Encoded) -> Encoded:
    """Convert a flag to true or false, blank where the cell is neither."""
    return map_words(column, {word: str(flag).lower() for word, flag in FLAGS.items()})


def write_yes_no(column: Encoded) -> Encoded:
    """Convert a flag to Y or N; other cells stay as they are."""

    def convert(text: str) -> str:
        flag = FLAGS.get(text.strip().lower())
        if flag is None:
            return text
        return "Y" if flag else "N"

    return cells.convert_values(column, convert)


def mark_unfit(column: Encoded, written: Encoded) -> np.ndarray:
    """Return the bool mask of the filled cells that a conversion wrote blank."""
    return np.asarray(~column.blank & written.blank)


Convert = Callable[[Encoded], Encoded]
