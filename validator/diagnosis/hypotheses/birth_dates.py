"""Birth dates as days and ages, and the changes of them that an inverse needs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import (
    apply_edits,
    blank_cells,
    edit_files,
    edit_originals,
    find_source_column,
)
from validator.diagnosis.hypothesis import PART, Inverse, Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.frame.arrays import count_numbers
from validator.frame.values import EPOCH, NO_DAY, number_day
from validator.model import Export, Places, Table, dataclass

COLUMN = "DOB"
YEAR = 365.2425
LEAST = 8
"""People whose values must agree before a distribution proves anything."""

NEARLY_ALL = 0.9
MANY, SHARE = 20, 0.95
"""People from which a few exceptions do not hide a distribution, and the share of the others."""

MISSING = ("student-dob-missing",)
"""What a column without any birth date reveals once it is blank."""

PEOPLE_RULES = ("student-dob-placeholder", "student-age-unlikely", "student-dob-invalid")


@dataclass(frozen=True, eq=False)
class BirthDates:
    """The birth dates of the students, one entry per row.

    `days`: days since 1970-01-01, NO_DAY where there is none. `counts`: bool mask of the rows that
    hold a date and are the first of their person. `offset`: how many years the student was older
    than is usual in the grade on September 1 (0 on average), NaN where the grade has no usual age.
    `here`: bool mask of the rows of the schools that a hypothesis is about, None for all.
    """

    table: Table
    days: np.ndarray
    counts: np.ndarray
    offset: np.ndarray
    today: dt.date
    here: np.ndarray | None = None

    @property
    def dated(self) -> np.ndarray:
        """Bool mask of the rows with a birth date that a hypothesis is about."""
        dated = self.days != NO_DAY
        return np.asarray(dated if self.here is None else dated & self.here)

    @property
    def whose(self) -> str:
        """The students in a sentence of evidence."""
        return "students" if self.here is None else "students of some schools"

    @property
    def count(self) -> int:
        """How many people have a birth date."""
        return int(self.counts.sum())

    def narrow(self, signs: np.ndarray) -> BirthDates | None:
        """Return the birth dates of the schools whose students nearly all have a sign of damage.

        `signs`: bool mask of rows. None where these are no schools or all of them.
        """
        if not self.table.has("School_id") or int((signs & self.counts).sum()) < LEAST:
            return None
        school = frame.encode(self.table, "School_id")
        size = len(school.values) + 1
        people = count_numbers(school.codes[self.counts], minlength=size)
        damaged = count_numbers(school.codes[self.counts & signs], minlength=size)
        chosen = (damaged >= LEAST) & (damaged >= np.where(people < MANY, 1, SHARE) * people)
        here = chosen[school.codes]
        if not chosen.any() or here.all():
            return None
        return replace(self, counts=self.counts & here, here=here)

    def select(self, signs: np.ndarray) -> BirthDates | None:
        """Return the birth dates with a sign of damage, None where they are too few for a part."""
        count = int((signs & self.counts).sum())
        if count < max(LEAST, PART * self.count):
            return None
        return replace(self, counts=self.counts & signs, here=signs)

    def fit(self) -> np.ndarray:
        """Return the offsets between birth dates and grades, as evidence of damaged dates."""
        return np.asarray(self.offset[self.counts & ~np.isnan(self.offset)])

    def place(self, rows: np.ndarray) -> list[Places]:
        """Return the places in birth dates of these rows (bool mask) for a suspicion."""
        return [frame.place_rows(self.table, rows, COLUMN)]

    def place_with_header(self, rows: np.ndarray) -> list[Places]:
        """Return the places that a suspicion about birth dates explains, and the heading."""
        return [*self.place(rows), Places.at_header(self.table, COLUMN)]


def read(scene: Scene) -> BirthDates | None:
    """Return the birth dates for a hypothesis, None where fewer than LEAST people have any."""
    return scene.remember("birth dates", lambda: _read(scene))


def _read(scene: Scene) -> BirthDates | None:
    """Return the birth dates as evidence for hypotheses, None where there are too few."""
    table = scene.table("students")
    if table is None or not table.has(COLUMN) or len(table) < LEAST:
        return None
    days = frame.parse_days(table, COLUMN, century_before=scene.today.year % 100)
    counts = frame.group_people(table).first & (days != NO_DAY)
    if counts.sum() < LEAST:
        return None
    then = (number_day(start_of_year(scene.today)) - days) / YEAR
    grade = frame.encode(table, "Grade")
    ages = [
        scene.grades.get_age(name) for name in scene.grades.to_canonical(grade.values.to_pylist())
    ]
    usual = np.asarray([np.nan if age is None else age for age in [*ages, None]], float)
    return BirthDates(table, days, counts, then - grade.broadcast(usual) - 0.5, scene.today)


def suspect(
    dates: BirthDates, id: str, rows: np.ndarray, *, evidence: str, **more: Any
) -> Suspicion:
    """Return the suspicion of damage to the birth dates in these rows (bool mask)."""
    damaged = int(rows.sum())
    return Suspicion(
        id,
        dates.place(rows),
        evidence,
        symptoms=frozenset({("students", COLUMN)}),
        failing=damaged,
        **{"repaired": damaged, **more},
    )


def suspect_blank(dates: BirthDates, id: str, rows: np.ndarray, *, evidence: str) -> Suspicion:
    """Return the suspicion of dates that cannot be birth dates, in these rows."""
    return suspect(
        dates,
        id,
        rows,
        evidence=evidence,
        repaired=0,
        inverse=blank(rows),
        distributed=True,
        reveals=MISSING,
    )


def start_of_year(today: dt.date) -> dt.date:
    """Return the last September 1, from which hypotheses count ages."""
    return dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)


def is_current(scene: Scene) -> bool | None:
    """Return whether a current section rules out the hypothesis that the export is old.

    None where no section has a last day. An old export checked today shows everybody too old for
    the grade, without any damage.
    """
    sections = scene.table("sections")
    if sections is None or not sections.has("Term_end"):
        return None
    ends = frame.parse_dates(sections, "Term_end").days
    if (ends == NO_DAY).all():
        return None
    return bool((ends >= number_day(start_of_year(scene.today))).any())


def split_day(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split birth dates for a hypothesis: the year, and month and day as one number such as 229."""
    low, high = int(days.min(initial=0)), int(days.max(initial=0))
    if high - low < len(days):  # each day is split once
        years, day = _split_days(np.arange(low, high + 1))
        return years[days - low], day[days - low]
    return _split_days(days)


def _split_days(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split days since 1970-01-01 for a hypothesis of birth dates."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    return years, month * 100 + day


def blank(rows: np.ndarray) -> Inverse:
    """Return the inverse of dates that are no birth dates: these cells (bool mask) are blank."""
    cells = [("students", COLUMN, np.flatnonzero(rows))]
    return lambda export: blank_cells(export, cells)


def move(by: int, *, midnight: bool = False, rows: np.ndarray | None = None) -> Inverse:
    """Return the inverse that adds some days to every birth date, each in the form that it has.

    `rows`: bool mask of the students whose dates were moved, None where the file as a whole was,
    with its rows without a student.
    """

    def undo(export: Export) -> Export:
        table, column = find_source_column(export, "students", COLUMN)
        if rows is not None:
            table, column = export.tables["students"], COLUMN
        encoded = frame.encode(table, column)
        dates = frame.parse_dates(table, column)
        day_first = dates.day_first > dates.month_first
        moved = [
            text if day == NO_DAY else write_day(text, int(day) + by, day_first=day_first)
            for text, day in zip(encoded.values.to_pylist(), dates.days.tolist(), strict=True)
        ]
        if midnight:
            moved = [CLOCK.sub("", text) for text in moved]
        values = pa.array(moved, pa.string()).take(pa.array(encoded.codes))
        chosen = np.arange(len(table)) if rows is None else np.flatnonzero(rows)
        edits = [Edit(table.name, column, chosen, values.take(pa.array(chosen)))]
        if rows is not None:
            return edit_files(export, edits)
        return (apply_edits if table.name in export.tables else edit_originals)(export, edits)

    return undo


CLOCK = re.compile(r"[T ]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)? ?([AaPp][Mm])?(?:Z|[+-][0-9:]+)?$")
"""A time of day after a date: its hour, its minute, and whether it is before or after noon."""


def write_day(text: str, day: int, *, day_first: bool) -> str:
    """Return the inverse's day (days since 1970-01-01) in the form in which `text` writes one."""
    date = EPOCH + dt.timedelta(days=day)
    clock = CLOCK.search(text)
    tail = clock[0] if clock else ""
    if re.match(r"\d{4}[-/.]", text):
        return f"{date:%Y-%m-%d}{tail}"
    if re.fullmatch(r"\d{8}", text):
        return f"{date:%Y%m%d}"
    if re.match(r"\d{1,2}[-/.]", text):
        return f"{date:%d/%m/%Y}{tail}" if day_first else f"{date:%m/%d/%Y}{tail}"
    return date.isoformat()


def match_values(table: Table, column: str, judge: Callable[[str], bool]) -> np.ndarray:
    """Return a bool mask of the rows whose value the judge of a hypothesis accepts."""
    encoded = frame.encode(table, column)
    accepted = [judge(value) for value in encoded.values.to_pylist()]
    return encoded.broadcast(np.asarray(accepted or [False], bool))


def mark_filled(table: Table, column: str) -> np.ndarray:
    """Return a bool mask of the rows on which a hypothesis has a value to judge."""
    return np.asarray(~frame.encode(table, column).blank)
