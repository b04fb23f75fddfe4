"""Values guessed by a program between the SIS and the files: dates, times, decimals, grades."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import blank_cells
from validator.diagnosis.hypotheses.birth_dates import (
    CLOCK,
    COLUMN,
    LEAST,
    MISSING,
    NEARLY_ALL,
    blank,
    mark_filled,
    match_values,
    read,
    split_day,
    suspect_blank,
)
from validator.diagnosis.hypotheses.dates import NEAR
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.values import NO_DAY
from validator.model import Export, Table

ID = "marks-of-a-converter"

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
    """Suspect a program that wrote dates or grades where it found none, or ids as decimals."""
    students = scene.table("students")
    if students is not None and students.has(COLUMN):
        yield from _suspect_no_dates(students)
    yield from _suspect_guessed_year(scene)
    sections = scene.table("sections")
    if sections is not None:
        yield from _suspect_class_times(scene, sections)
    yield from _suspect_decimals(scene)
    yield from _suspect_zero_grades(scene)


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
        ID,
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
    yield suspect_blank(
        dates,
        ID,
        rows,
        evidence=(
            f"All {dates.count:,} birth dates are in the year {GUESSED_YEAR}, which a program "
            f"takes for a date without a year, and do not fit the grades"
        ),
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
        ID,
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

    All of at least 8 ids end in `.0`. Where another file has them without, the ids do not match and
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
                ID,
                places,
                f"All {count:,} values of {table.headers[str(places[0].column)]} in {table.file} "
                f"end in .0",
                symptoms=frozenset((name, str(block.column)) for block in places),
                repaired=0,
                failing=count,
            )


def _is_decimal(table: Table, column: str) -> bool:
    """Return whether ids look damaged by a converter: all of at least LEAST values end in `.0`."""
    values = frame.encode(table, column).values
    if len(values) < LEAST or not any(DECIMAL.fullmatch(text) for text in values[:3].to_pylist()):
        return False
    filled = [text for text in values.to_pylist() if text]
    return len(filled) >= LEAST and all(DECIMAL.fullmatch(text) for text in filled)


ZERO = re.compile(r"0+(\.0+)?")
NO_GRADE = ("student-grade-missing",)


def _suspect_zero_grades(scene: Scene) -> Iterator[Suspicion]:
    """Yield the suspicion that blank grades became 0, which is Kindergarten.

    Two signs: nearly all of at least 8 students in grade 0 had no grade in the last export, and
    nearly all who had none are in grade 0 now. A district that writes 0 for Kindergarten did so in
    the last export.
    """
    students = scene.table("students")
    last = scene.previous.tables.get("students") if scene.previous is not None else None
    if students is None or last is None or not students.has("Grade") or not last.has("Grade"):
        return
    zero = match_values(students, "Grade", lambda text: ZERO.fullmatch(text) is not None)
    if zero.sum() < LEAST or match_values(last, "Grade", lambda text: text == "0").any():
        return
    was = frame.locate_rows(students, "Student_id", last)
    blank_before = (was >= 0) & ~mark_filled(last, "Grade")[np.maximum(was, 0)]
    rows = zero & blank_before
    count, of = int(rows.sum()), int(zero.sum())
    if count < LEAST or count < NEARLY_ALL * max(of, int(blank_before.sum())):
        return
    cells = [("students", "Grade", np.flatnonzero(rows))]

    def undo(export: Export) -> Export:
        return blank_cells(export, cells)

    yield Suspicion(
        ID,
        [frame.place_rows(students, rows, "Grade")],
        f"{count:,} of the {of:,} students in grade 0 of {students.file} had no grade in the last "
        f"export, and {count:,} of the {int(blank_before.sum()):,} who had none are in grade 0 now",
        symptoms=frozenset({("students", "Grade")}),
        repaired=0,
        failing=count,
        inverse=undo,
        distributed=True,
        reveals=NO_GRADE,
    )
