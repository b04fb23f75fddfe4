"""What a single cell shows: missing, malformed, damaged or stray characters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.model import Finding, Level, Pattern, Places, Table

LATE = "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
DOUBLE = f"[ÃÂ][\u0080-\u00bf]|[ÃÂâ][{LATE}]|Ã[\u00a0-\u00ff]"
"""UTF-8 that was read as Windows-1252 and encoded again; RE2."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_DAY = f"(?i)^([0-9]{{1,2}}-({'|'.join(MONTHS)})|({'|'.join(MONTHS)})-[0-9]{{1,2}})$"
"""What a spreadsheet makes of 6-8."""


def missing(people: Table, *, column: str) -> Finding:
    """People without a value in the column on any of their rows; one place on the first row of each."""
    who = frame.group_people(people)
    has = np.zeros(who.count, bool)
    has[who.number[~frame.encode(people, column).blank]] = True
    return Finding([frame.place_rows(people, who.first & ~has[who.number], column)], of=who.count)


def rows_missing(table: Table, *, columns: list[str], beside: str = "") -> Finding:
    """Rows in which every one of the columns is blank or absent; if `known_elsewhere` is named, of those with a value there."""
    empty = ~frame.encode(table, beside).blank if beside else np.ones(len(table), bool)
    for column in columns:
        empty &= frame.encode(table, column).blank
    return Finding([frame.place_rows(table, empty, columns[0])], of=len(table))


def any_missing(people: Table, *, columns: list[str]) -> Finding:
    """People of whom one of the columns is blank; one place per blank column, one count per person."""
    who = frame.group_people(people)
    blocks, counted = [], np.zeros(len(people), bool)
    for column in columns:
        empty = who.first & frame.encode(people, column).blank
        blocks.append(frame.place_rows(people, empty, column, counts=~counted[empty]))
        counted |= empty
    return Finding(blocks, of=who.count)


def malformed(people: Table, *, column: str) -> Finding:
    """People with a value that breaks the format's description of the column."""
    wrong = people.schema_violations.get(column, np.zeros(len(people), bool))
    return _by_person(people, wrong, column)


def any_malformed(table: Table, *, columns: list[str]) -> Finding:
    """People (or sections) with a value that breaks the format's description of one of the columns, each once."""
    who = frame.group_people(table)
    blocks, counted = [], np.zeros(who.count, bool)
    for column in columns:
        rows = np.flatnonzero(table.schema_violations.get(column, np.zeros(len(table), bool)))
        number = who.number[rows]
        blocks.append(
            frame.place_rows(
                table, rows, column, counts=frame.mark_firsts(number) & ~counted[number]
            )
        )
        counted[number] = True
    return Finding(blocks, of=who.count)


def _by_person(people: Table, wrong: np.ndarray, column: str) -> Finding:
    who = frame.group_people(people)
    rows = np.flatnonzero(wrong)
    return Finding(
        [frame.place_rows(people, rows, column, counts=frame.mark_firsts(who.number[rows]))],
        of=who.count,
    )


def edge_blanks(*tables: Table | None) -> Finding:
    """Values with blanks before or after them; in id columns a warning, since others take them as part of the id."""
    blocks = []
    for table, column in _columns(tables):
        texts = frame.get_values(table, column)
        if frame_values.trim(texts).equals(texts):
            continue
        values = frame.encode_raw(table, column)
        edged = frame_values.match_pattern(values.values, r"^[ \t]+[^ \t]|[^ \t][ \t]+$")
        if edged.any():
            level = Level.WARNING if column.endswith("_id") else None
            blocks.append(frame.place_rows(table, values.broadcast(edged), column, level=level))
    return frame.count_rows_once(sorted(blocks, key=lambda block: block.level is None), tables)


def hidden(*tables: Table | None, kinds: list[str]) -> Finding:
    """Characters that nobody sees (zero-width, no-break blank, direction marks) in ids, e-mails and names."""
    blocks = []
    for table, column in _columns(tables):
        asked = any(column.casefold().endswith(kind.casefold()) for kind in kinds)
        if not asked or frame.is_ascii(table, column):
            continue
        values = frame.encode_raw(table, column)
        found = frame_values.match_pattern(values.values, frame_values.HIDDEN)
        if found.any():
            rows = np.flatnonzero(values.broadcast(found))
            names = {
                int(at): _code_points(values.values[int(at)].as_py())
                for at in np.flatnonzero(found)
            }
            notes = [names[int(code)] for code in values.codes[rows]]
            blocks.append(frame.place_rows(table, rows, column, notes=notes))
    return frame.count_rows_once(blocks, tables)


def _code_points(value: str) -> str:
    hidden_ones = dict.fromkeys(
        f"U+{ord(c):04X}"
        for c in value
        if frame_values.match_pattern(pa.array([c]), frame_values.HIDDEN)[0]
    )
    return "contains " + ", ".join(hidden_ones)


def double_encoded(*tables: Table | None) -> Finding:
    """Values such as `JosÃ©`: UTF-8 text that was once read as Windows-1252; `repairs` say what it probably was."""
    blocks = []
    for table, column in _columns(tables):
        if frame.is_ascii(table, column):
            continue
        values = frame.encode_raw(table, column)
        repaired = {
            int(at): _once_decoded(values.values[int(at)].as_py())
            for at in np.flatnonzero(frame_values.match_pattern(values.values, DOUBLE))
        }
        repaired = {at: text for at, text in repaired.items() if text}
        if repaired:
            rows = np.flatnonzero(np.isin(values.codes, list(repaired)))
            blocks.append(
                frame.place_rows(
                    table, rows, column, repairs=[repaired[int(c)] for c in values.codes[rows]]
                )
            )
    return frame.count_rows_once(blocks, tables)


def _once_decoded(value: str) -> str:
    """The text before it was encoded twice, "" when it was not."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return value.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def spreadsheet_dates(
    *tables: Table | None, columns: list[str], date_columns: list[str]
) -> Finding:
    """Grade, period and section cells that became a date (8-Jun was 6-8), and dates that became a day number."""
    blocks = []
    for table, column in _columns(tables):
        if column not in columns and column not in date_columns:
            continue
        values = frame.encode(table, column)
        if column in columns:
            damaged = frame_values.match_pattern(values.values, MONTH_DAY)
            repair = {
                int(at): _before_date(values.values[int(at)].as_py())
                for at in np.flatnonzero(damaged)
            }
        else:
            damaged, repair = _serial(frame.parse_dates(table, column))
        rows = np.flatnonzero(values.broadcast(damaged)) if damaged.any() else np.zeros(0, np.int64)
        if len(rows):
            blocks.append(
                frame.place_rows(
                    table, rows, column, repairs=[repair[int(c)] for c in values.codes[rows]]
                )
            )
    return frame.count_rows_once(blocks, tables)


def _serial(dates: frame_values.Dates) -> tuple[np.ndarray, dict[int, str]]:
    return dates.serial, {
        int(at): frame_values.from_day_number(dates.days[at]).isoformat()
        for at in np.flatnonzero(dates.serial)
    }


def _before_date(cell: str) -> str:
    """What a cell was before a spreadsheet made it a date: 8-Jun and Jun-8 were 6-8."""
    first, second = cell.casefold().split("-")
    day, month = (first, second) if second in MONTHS else (second, first)
    low, high = sorted((int(day), MONTHS.index(month) + 1))
    return f"{low}-{high}"


def _columns(tables: tuple[Table | None, ...]) -> Iterator[tuple[Table, str]]:
    for table in tables:
        if table is not None and len(table):
            for column in table.rows.columns:
                yield table, column


def pattern(
    table: Table, *, column: str, pattern: Pattern, wanted: Literal["match", "no-match"] = "match"
) -> Finding:
    """Records with a filled value that does not match the RE2 pattern; with wanted `no-match`, that does. A pattern
    matches anywhere in the value unless it begins with ^ and ends with $."""
    values = frame.encode(table, column)
    matched = frame_values.match_pattern(values.values, pattern)
    wrong = (matched if wanted == "no-match" else ~matched) & ~frame_values.is_blank(values.values)
    return _by_person(table, values.broadcast(wrong), column)


def value_outside(people: Table, *, column: str, accepted: list[str]) -> Finding:
    """People with a filled value that is none of the accepted ones, without regard to case."""
    values = frame.encode_lower(people, column)
    known = pc.is_in(
        values.values, value_set=pa.array([value.casefold() for value in accepted] + [""])
    )
    return _by_person(
        people, values.broadcast(~np.asarray(known.to_numpy(zero_copy_only=False))), column
    )


def dates_unread(people: Table, *, column: str, today: dt.date) -> Finding:
    """People whose date is no date, lies in the future or outside the years a roster can hold."""
    values = frame.encode(people, column)
    dates = frame.parse_dates(people, column, century_before=today.year % 100)
    wrong = dates.invalid | ((dates.days > frame_values.to_day_number(today)) & ~dates.serial)
    return _by_person(
        people, values.broadcast(wrong & ~frame_values.is_blank(values.values)), column
    )


def day_and_month(table: Table, *, column: str) -> Finding:
    """The column once, when day and month cannot be told apart in it or both orders occur."""
    dates = frame.parse_dates(table, column)
    both = dates.day_first > 0 and dates.month_first > 0
    neither = dates.slashed > 0 and dates.day_first == 0 and dates.month_first == 0
    note = (
        "both day/month and month/day occur; read as " if both else "no day is above 12; read as "
    ) + ("day/month" if dates.day_first > dates.month_first else "month/day")
    return _column_once(table, column, note if both or neither else "")


def day_first(table: Table, *, column: str) -> Finding:
    """The column once, when some of its dates can only be read day first, and none only month first."""
    dates = frame.parse_dates(table, column)
    return _column_once(
        table,
        column,
        "days stand before months" if dates.day_first and not dates.month_first else "",
    )


def _column_once(table: Table, column: str, note: str) -> Finding:
    """The column as a whole, at the line of its heading, where there is something to note of it."""
    line = np.asarray([table.header_line], np.int32)
    return Finding([Places(table.name, table.file, line, column, notes=note)] if note else [], of=1)


def one_date_for_many(
    people: Table, *, column: str, share: float, least: int, fillers: list[str], today: dt.date
) -> Finding:
    """People who share one date with an implausible share of all, or bear a known filler date."""
    who = frame.group_people(people)
    per_row = frame.parse_days(people, column, century_before=today.year % 100)
    number, count = frame.number_keys(per_row)
    times = np.bincount(number[who.first & (per_row != frame_values.NO_DAY)], minlength=count)
    many = (times >= least) & (times >= share * max(who.count, 1))
    filler = np.isin(
        per_row, [frame_values.to_day_number(dt.date.fromisoformat(day)) for day in fillers]
    )
    wrong = (many[number] | filler) & (per_row != frame_values.NO_DAY)
    return _by_person(people, wrong, column)
