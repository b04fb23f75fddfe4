"""Ids, grades and dates damaged by a spreadsheet, or by a program that treats ids as numbers."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import values as frame_values
from validator.frame.text_bytes import has_byte
from validator.frame.values import match_pattern
from validator.model import Finding, Level, Table
from validator.vocabulary.grades import Grades
from validator.vocabulary.months import MONTHS

ERRORS = r"#N/A|#REF!|#VALUE!|#NAME\?|#NUM!|#NULL!|#DIV/0!|##+"
DESTROYED = rf'^([0-9]\.[0-9]+[eE]\+?[0-9]+|[0-9]+(\.[0-9]+)?[eE]\+[0-9]+|{ERRORS}|=".*")$'
"""What becomes of a long id; 7E05 alone is a valid code."""
MARKS = "+#=."
"""Every destroyed id has one of these; few columns have any, so this is a quick first test."""

DECIMAL = r"^\s*[0-9]{1,2}\.0*\s*$"
"""A grade as a program writes it that treats grades as numbers."""

MONTH = "|".join(MONTHS)
MONTH_DAY = f"(?i)^([0-9]{{1,2}}-({MONTH})|({MONTH})-[0-9]{{1,2}})$"
"""What a spreadsheet turns 6-8 into."""
WHOLE_DATE = r"^(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/([0-9]{2}|[0-9]{4})$"
"""A date with its year, as libraries that write CSV files from workbooks leave it: 6/8/01."""


@check()
def ids(*tables: Table | None) -> Finding:
    """Find ids that a spreadsheet destroyed: 1.23E+11, #N/A, ########, ="0042"."""
    present = {table.name: table for table in tables if table is not None and len(table)}
    blocks = [
        frame.place_rows(present[name], rows, column)
        for (name, column), rows in _find_destroyed(present).items()
    ]
    return frame.count_rows_once(blocks, tables)


def _find_destroyed(tables: dict[str, Table]) -> dict[tuple[str, str], np.ndarray]:
    """Find ids that cannot be read any more, for the check of ids damaged by a spreadsheet."""
    destroyed = {}
    for table in tables.values():
        for column in table.records.columns:
            if not column.endswith(("_id", "_number")) or column == "Section_number":
                continue
            if has_byte(frame.get_values(table, column), MARKS):
                values = frame.encode(table, column)
                rows = values.broadcast(match_pattern(values.values, DESTROYED))
                if rows.any():
                    destroyed[table.name, column] = rows
    return destroyed


@check()
def dates(
    *tables: Table | None,
    columns: list[str],
    date_columns: list[str],
    needed: list[str] | None = None,
) -> Finding:
    """Find cells of `columns` that became a date (8-Jun was 6-8), and dates made a number.

    A blocker in the columns of `needed`: the app finds no date in them.
    """
    blocks = []
    for table in tables:
        if table is None or not len(table):
            continue
        for column in table.records.columns:
            if column in columns:
                repairs = _restore_ranges(table, column)
            elif column in date_columns:
                repairs = _restore_dates(table, column)
            else:
                continue
            if repairs:
                codes = frame.encode(table, column).codes
                rows = np.flatnonzero(np.isin(codes, list(repairs)))
                texts = [repairs[code] for code in codes[rows].tolist()]
                level = Level.BLOCKER if column in (needed or ()) else None
                places = frame.place_rows(table, rows, column, repairs=texts, level=level)
                blocks.append(places)
    return frame.count_rows_once(blocks, tables)


def _restore_ranges(table: Table, column: str) -> dict[int, str]:
    """The likely text of each value, by code, that a check finds a spreadsheet made a date."""
    values = frame.encode(table, column).values
    damaged = np.zeros(len(values), bool)
    if has_byte(values, "-"):
        damaged = match_pattern(values, MONTH_DAY)
    if has_byte(values, "/"):
        damaged = damaged | match_pattern(values, WHOLE_DATE)
    return {code: _restore_range(values[code].as_py()) for code in np.flatnonzero(damaged).tolist()}


def _restore_range(cell: str) -> str:
    """Restore a range that a spreadsheet made a date, for its check: 8-Jun or 6/8/01 was 6-8."""
    if "/" in cell:
        low, high = sorted(map(int, cell.split("/")[:2]))
        return f"{low}-{high}"
    first, second = cell.casefold().split("-")
    day, month = (first, second) if second in MONTHS else (second, first)
    low, high = sorted((int(day), MONTHS.index(month) + 1))
    return f"{low}-{high}"


def _restore_dates(table: Table, column: str) -> dict[int, str]:
    """Restore the date of each distinct value for the check of spreadsheets' day numbers."""
    parsed = frame.parse_dates(table, column)
    return {
        code: frame_values.convert_to_date(parsed.days[code]).isoformat()
        for code in np.flatnonzero(parsed.serial).tolist()
    }


@check(wants=("grades",))
def decimal_grades(*tables: Table | None, column: str, grades: Grades) -> Finding:
    """Find rows with a grade that is written with a decimal point, such as 5.0, and is known."""
    blocks, of = [], 0
    for table in tables:
        if table is None or not table.has(column):
            continue
        of += len(table)
        values = frame.encode(table, column)
        written = match_pattern(values.values, DECIMAL)
        if not written.any():
            continue
        known = [it not in ("", "?") for it in grades.to_canonical(values.values.to_pylist())]
        rows = values.broadcast(written & np.asarray(known, bool))
        blocks.append(frame.place_rows(table, rows, column))
    return Finding(blocks, of=of)
