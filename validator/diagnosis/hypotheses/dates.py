"""Birth dates that a program moved, guessed or cut: undone by moving them back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import (
    CLOCK,
    COLUMN,
    LEAST,
    MISSING,
    NEARLY_ALL,
    BirthDates,
    blank,
    is_current,
    mark_filled,
    match_values,
    move,
    read,
    split_day,
)
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.values import NO_DAY
from validator.model import Table

DAYS_BETWEEN_SYSTEMS = 1462
"""Days from 1900-01-00 to 1904-01-01, the two starting points of spreadsheet dates (Microsoft)."""

FAR = 2.5
NEAR = 1.5
CLOSE = 0.6
"""Years from the usual age of a grade: too far for nearly all of a district, near for a student,
close for the middle student of a district."""

BEHIND = 1
"""Years by which everybody is older, too, where the grades are still those of last year."""

NOON = 12


def suspect_1904(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that went through a workbook that counts from 1904, either way.

    By chance: nearly all of at least 8 students would have to be four years off their grades, all
    in one direction, in a file whose sections are current. An old export shows nearly the same:
    where no section has a last day, the suspicion is only a possible one.
    """
    dates = read(scene)
    if dates is None or len(dates.fit()) < max(LEAST, NEARLY_ALL * dates.count):
        return
    current = is_current(scene)
    if current is False:
        return
    offset = dates.fit()
    for by in (DAYS_BETWEEN_SYSTEMS, -DAYS_BETWEEN_SYSTEMS):
        years = by / 365.2425
        moved = offset - years
        far = np.abs(offset) >= FAR
        fits = far & (moved >= -NEAR) & (moved <= NEAR + BEHIND)
        middle = float(np.median(moved))
        is_close = -CLOSE <= middle <= CLOSE + BEHIND
        if fits.mean() < NEARLY_ALL or not is_close or _is_seasonal(dates):
            continue
        too = "old" if years > 0 else "young"
        rows = dates.days != NO_DAY
        yield Suspicion(
            "dates-of-1904",
            dates.place(rows),
            f"{int(far.sum()):,} of {len(offset):,} students are four years and a day too {too}"
            f" for their grades; moved by 1,462 days, {int(fits.sum()):,} of the dates fit",
            symptoms=frozenset({("students", COLUMN)}),
            repaired=int(rows.sum()),
            failing=int(rows.sum()),
            inverse=move(by),
            sure=bool(current),
        )


def _is_seasonal(dates: BirthDates) -> bool:
    """Return whether most dates are in two months of the year, as first days of school are."""
    _, day = split_day(dates.days[dates.counts])
    times = np.bincount(day // 100, minlength=13)[1:]
    return bool((times + np.roll(times, 1)).max() > 0.6 * times.sum())


def suspect_time_zone(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that were midnights elsewhere: all have one evening hour, the day before.

    Two signs: a birth date has no time of day, and all of at least 8 have the same one (or two, an
    hour apart, where clocks change). A time in the morning leaves the date as it was.
    """
    dates = read(scene)
    if dates is None:
        return
    encoded = frame.encode(dates.table, COLUMN)
    if not CLOCK.search(encoded.values[0].as_py() or encoded.values[-1].as_py() or ""):
        return
    clocks = {_read_clock(text) for text in encoded.values.to_pylist() if text}
    if None in clocks or len(clocks) > 2:
        return
    minutes = sorted(clock for clock in clocks if clock is not None)
    if minutes[0] < NOON * 60 or minutes[-1] - minutes[0] not in (0, 60):
        return
    rows = dates.days != NO_DAY
    words = " or ".join(f"{clock // 60}:{clock % 60:02}" for clock in minutes)
    yield Suspicion(
        "dates-moved-by-time-zone",
        dates.place(rows),
        f"All {dates.count:,} birth dates have the time of day {words}: a midnight of another time "
        f"zone, one day early",
        symptoms=frozenset({("students", COLUMN)}),
        repaired=int(rows.sum()),
        failing=int(rows.sum()),
        inverse=move(1, midnight=True),
        distributed=True,
    )


def _read_clock(text: str) -> int | None:
    """Return the minutes since midnight of a date's time of day, None where it has none."""
    clock = CLOCK.search(text)
    if clock is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "pm" else 0)
    return hour * 60 + int(clock[2])


NO_DATE = re.compile(
    r"0{3,4}[-/]0?[01][-/]0?[01]([T ].*)?|0?[01][-/]0?[01][-/]0{3}[01]([T ].*)?"
    r"|0?0[-/]0?0[-/]0{4}([T ].*)?|0001-?01-?01([T ].*)?|0{8}"
    r"|1899-12-3[01]([T ].*)?|12/3[01]/1899([T ].*)?|1900-01-00|0?1/0?0/1900",
    re.IGNORECASE,
)
"""What programs write for no date: the year 1, all zeros, the zero day of spreadsheets."""

FIRST_DAY = -25_000
"""A day in 1901, and above NO_DAY: no student was born before it."""

FEWEST_GUESSES = 3
GUESSED_YEAR = 2001
"""The year that browsers take for a date without one."""


def suspect_converter(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a program that wrote other dates where it found none, or ids as decimals."""
    students = scene.table("students")
    if students is not None and students.has(COLUMN):
        yield from _suspect_no_dates(students)
    yield from _suspect_guessed_year(scene)
    sections = scene.table("sections")
    if sections is not None:
        yield from _suspect_class_times(scene, sections)
    yield from _suspect_decimals(scene)


def _suspect_no_dates(students: Table) -> Iterator[Suspicion]:
    """Yield the suspicion that blanks became the year 1, zeros or a spreadsheet's zero day."""
    days = frame.parse_dates(students, COLUMN).days
    early = np.flatnonzero(days < FIRST_DAY)
    encoded = frame.encode(students, COLUMN)
    no_date = np.zeros(len(days), bool)
    no_date[early] = [
        NO_DATE.fullmatch(text) is not None
        for text in encoded.values.take(pa.array(early)).to_pylist()
    ]
    rows = encoded.broadcast(no_date)
    count = int(rows.sum())
    if count < FEWEST_GUESSES:
        return
    whole = count == int(mark_filled(students, COLUMN).sum())
    yield Suspicion(
        "marks-of-a-converter",
        [frame.place_rows(students, rows, COLUMN)],
        f"{count:,} birth dates in {students.file} are the day that a program writes for no date "
        f"(the year 1, zeros, or the end of 1899)",
        symptoms=frozenset({("students", COLUMN)}),
        repaired=0,
        failing=count,
        inverse=blank(rows),
        distributed=True,
        reveals=MISSING if whole else (),
    )


def _suspect_guessed_year(scene: Scene) -> Iterator[Suspicion]:
    """Yield the suspicion that dates without a year got the year 2001.

    Two signs: one year on all of at least 8 students, and ages that do not fit their grades.
    """
    dates = read(scene)
    if dates is None:
        return
    years, _ = split_day(dates.days[dates.counts])
    offset = dates.fit()
    guessed = years == GUESSED_YEAR
    if not guessed.all() or len(offset) < LEAST or len(np.unique(dates.days[dates.counts])) < 3:
        return
    if (np.abs(offset) >= NEAR).mean() < 0.5:
        return
    rows = dates.days != NO_DAY
    yield Suspicion(
        "marks-of-a-converter",
        dates.place(rows),
        f"All {dates.count:,} birth dates are in the year {GUESSED_YEAR}, which a program takes "
        f"for a date without a year, and do not fit the grades",
        symptoms=frozenset({("students", COLUMN)}),
        repaired=0,
        failing=int(rows.sum()),
        inverse=blank(rows),
        distributed=True,
        reveals=MISSING,
    )


CLASS_TIME = re.compile(
    r"(1899-12-3[01]|12/3[01]/1899|1900-01-0[01]|0?1/0?[01]/1900)[T ]\d{1,2}:\d{2}.*"
)


def _suspect_class_times(scene: Scene, sections: Table) -> Iterator[Suspicion]:
    """Yield the suspicion that times of the day became dates: of 1899, or of the export's day."""
    if not sections.has("Period"):
        return
    today = scene.today
    of_today = (f"{today:%Y-%m-%d}", f"{today:%m/%d/%Y}", f"{today.month}/{today.day}/{today.year}")

    def is_dated(text: str) -> bool:
        dated = text.startswith(of_today) and CLOCK.search(text) is not None
        return dated or CLASS_TIME.fullmatch(text) is not None

    rows = match_values(sections, "Period", is_dated)
    count, filled = int(rows.sum()), int(mark_filled(sections, "Period").sum())
    if count < FEWEST_GUESSES or count < NEARLY_ALL * filled:
        return
    yield Suspicion(
        "marks-of-a-converter",
        [frame.place_rows(sections, rows, "Period")],
        f"{count:,} of {filled:,} class times in {sections.file} have a date: the first day of a "
        f"spreadsheet or the day of the export",
        symptoms=frozenset({("sections", "Period")}),
        repaired=count,
        failing=count,
    )


DECIMAL = re.compile(r"\d+\.0+")
ID_COLUMNS = ("_id", "_number")


def _suspect_decimals(scene: Scene) -> Iterator[Suspicion]:
    """Yield, per table, the suspicion that its ids were treated as decimal numbers.

    All of at least 8 ids end in `.0`. Where another file has them without, the ids do not meet and
    `id_forms` finds it first.
    """
    for name in ("students", "teachers", "staff", "sections"):
        table = scene.table(name)
        if table is None or len(table) < LEAST:
            continue
        places = []
        for column in table.headers:
            if not column.endswith(ID_COLUMNS) or not _is_decimal(table, column):
                continue
            places.append(frame.place_rows(table, mark_filled(table, column), column))
        if places:
            count = len(places[0])
            yield Suspicion(
                "marks-of-a-converter",
                places,
                f"All {count:,} values of {table.headers[str(places[0].column)]} in {table.file} "
                f"end in .0",
                symptoms=frozenset((name, str(block.column)) for block in places),
                repaired=0,
                failing=count,
            )


def _is_decimal(table: Table, column: str) -> bool:
    """Return whether all of at least LEAST values end in `.0`."""
    values = frame.encode(table, column).values
    if len(values) < LEAST or not any(DECIMAL.fullmatch(text) for text in values[:3].to_pylist()):
        return False
    filled = [text for text in values.to_pylist() if text]
    return len(filled) >= LEAST and all(DECIMAL.fullmatch(text) for text in filled)
