"""Values of single cells: missing, malformed, or with stray characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.frame import values as frame_values
from validator.model import Export, Finding, Level, Pattern, Places, Table
from validator.text import UNTYPED

LATE = "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
DOUBLE = f"[ÃÂ][\u0080-\u00bf]|[ÃÂâ][{LATE}]|Ã[\u00a0-\u00ff]"
"""UTF-8 that was read as Windows-1252 and encoded again; RE2."""


@check(whole_roster=WholeRoster.WHEN_JOINED)
def missing(people: Table, *, column: str) -> Finding:
    """Find people without a value in the column on any row; places are the first row of each."""
    who = frame.group_people(people)
    has = who.mark(~frame.encode(people, column).blank)
    return Finding([frame.place_rows(people, who.first & ~has[who.number], column)], of=who.count)


@check()
def rows_missing(table: Table, *, columns: list[str], where: str = "") -> Finding:
    """Find rows with every one of the columns blank or absent.

    Only those with a value in `where`.
    """
    empty = ~frame.encode(table, where).blank if where else np.ones(len(table), bool)
    for column in columns:
        empty &= frame.encode(table, column).blank
    return frame.report_rows(table, empty, columns[0])


@check()
def any_missing(people: Table, *, columns: list[str]) -> Finding:
    """Find people with one of the columns blank; a place per blank cell, a count per person."""
    who = frame.group_people(people)
    blocks = [
        frame.place_rows(people, who.first & frame.encode(people, column).blank, column)
        for column in columns
    ]
    return Finding(frame.count_once(blocks), of=who.count)


@check()
def malformed(people: Table, *, column: str) -> Finding:
    """Find people with a value that breaks the format's description of the column."""
    return frame.report_people(people, _mark_violations(people, column), column)


@check()
def any_malformed(table: Table, *, columns: list[str]) -> Finding:
    """Find people or sections with a value that breaks the description of a column, each once."""
    who = frame.group_people(table)
    blocks = [
        frame.place_rows(table, _mark_violations(table, column), column) for column in columns
    ]
    return Finding(frame.count_once(blocks, who.number), of=who.count)


def _mark_violations(table: Table, column: str) -> np.ndarray:
    """Mark the rows that violate the schema, for the checks of malformed values."""
    return table.schema_violations.get(column, np.zeros(len(table), bool))


@check()
def edge_blanks(export: Export, *tables: Table | None) -> Finding:
    """Find values with blanks before or after them.

    A warning in id columns, where others keep them.

    Also in columns of the format's own files that are in none of the tables. A row counts once.
    """
    blocks = []
    for table, column in _list_columns(tables):
        level = Level.WARNING if column.endswith("_id") else None
        blocks += _place_edged(table, column, level)
    finding = frame.count_rows_once(sorted(blocks, key=lambda block: block.level is None), tables)
    lines: dict[str, list[np.ndarray]] = {}
    for block in finding.places:
        lines.setdefault(block.file, []).append(block.lines)
    others = []
    for table, column in _list_own_columns(export, tables):
        for block in _place_edged(table, column, None):
            counted = lines.setdefault(block.file, [])
            new = ~np.isin(block.lines, np.concatenate([*counted, np.zeros(0, np.int32)]))
            counted.append(block.lines)
            others.append(replace(block, counts=new))
    places = [*finding.places, *others]
    return Finding(places, of=max(finding.of, sum(block.count for block in places)))


def _place_edged(table: Table, column: str, level: Level | None) -> list[Places]:
    """Return the places that a check of blanks before or after values finds; none if none."""
    if frame.is_encoded(table, column):
        is_trimmed = frame.encode(table, column) is frame.encode_raw(table, column)
    else:
        texts = frame.get_values(table, column)
        is_trimmed = frame_values.trim(texts).equals(texts)
    if is_trimmed:
        return []
    values = frame.encode_raw(table, column)
    edged = frame_values.match_pattern(values.values, r"^[ \t]+[^ \t]|[^ \t][ \t]+$")
    if not edged.any():
        return []
    return [frame.place_rows(table, values.broadcast(edged), column, level=level)]


def _list_own_columns(
    export: Export, tables: Sequence[Table | None]
) -> Iterator[tuple[Table, str]]:
    """Yield the columns in none of the tables, for the check of blanks at the edges of values."""
    known = {
        where
        for table in tables
        if table is not None
        for column in table.headers
        for where in frame.list_headings(table, column)
    }
    names = {table.name for table in tables if table is not None}
    own = [table for name, table in export.all_tables.items() if name not in names]
    for table, column in _list_columns([each for each in own if each.name != "teaching"]):
        if (table.file, table.headers.get(column, column)) not in known:
            yield table, column


@check()
def hidden(*tables: Table | None, kinds: list[str]) -> Finding:
    """Find invisible characters (zero-width, no-break blank, direction marks) in values.

    `kinds`: the endings of the names of the columns to check.
    """
    blocks = []
    endings = tuple(kind.casefold() for kind in kinds)
    for table, column in _list_columns(tables):
        if not column.casefold().endswith(endings) or frame.is_ascii(table, column):
            continue
        values = frame.encode_raw(table, column)
        matched = frame_values.match_pattern(values.values, UNTYPED)
        if not matched.any():
            continue
        rows = np.flatnonzero(values.broadcast(matched))
        notes_by_code = {
            int(code): _list_hidden(values.values[int(code)].as_py())
            for code in np.flatnonzero(matched)
        }
        notes = [notes_by_code[code] for code in values.codes[rows].tolist()]
        blocks.append(frame.place_rows(table, rows, column, notes=notes))
    return frame.count_rows_once(blocks, tables)


def _list_hidden(value: str) -> str:
    """Note a value's invisible characters by code point, for the check that finds them."""
    points = dict.fromkeys(
        f"U+{ord(character):04X}"
        for character in value
        if frame_values.match_pattern(pa.array([character]), UNTYPED)[0]
    )
    return "contains " + ", ".join(points)


@check()
def double_encoded(*tables: Table | None) -> Finding:
    """Find values such as `JosÃ©`, the check of UTF-8 once read as Windows-1252.

    `repairs` are the likely text.
    """
    blocks: list[Places] = []
    for table, column in _list_columns(tables):
        if frame.is_ascii(table, column):
            continue
        values = frame.encode_raw(table, column)
        repairs = {}
        for code in np.flatnonzero(frame_values.match_pattern(values.values, DOUBLE)).tolist():
            text = _decode_once(values.values[code].as_py())
            if text:
                repairs[code] = text
        if repairs:
            rows = np.flatnonzero(np.isin(values.codes, list(repairs)))
            texts = [repairs[code] for code in values.codes[rows].tolist()]
            blocks.append(frame.place_rows(table, rows, column, repairs=texts))
    return frame.count_rows_once(blocks, tables)


def _decode_once(value: str) -> str:
    """Decode a text that was encoded twice, for its check; "" when it was not."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return value.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def _list_columns(tables: Sequence[Table | None]) -> Iterator[tuple[Table, str]]:
    """Every column of every table that has rows."""
    for table in tables:
        if table is not None and len(table):
            for column in table.records.columns:
                yield table, column


@check()
def pattern(
    table: Table, *, column: str, pattern: Pattern, wanted: Literal["match", "no-match"] = "match"
) -> Finding:
    """Find records with a value that does not match the RE2 pattern; with `no-match`, that does.

    A pattern matches anywhere in the value unless it begins with ^ and ends with $.
    """
    values = frame.encode(table, column)
    matched = frame_values.match_pattern(values.values, pattern)
    wrong = matched if wanted == "no-match" else ~matched
    wrong &= ~frame_values.is_blank(values.values)
    return frame.report_people(table, values.broadcast(wrong), column)


@check()
def not_accepted(people: Table, *, column: str, accepted: list[str]) -> Finding:
    """Find people with a value that is none of the accepted ones, ignoring letter case."""
    values = frame.encode_lower(people, column)
    allowed = pa.array([*(value.casefold() for value in accepted), ""], pa.string())
    return frame.report_people(
        people, values.broadcast(~frame.is_among(values.values, allowed)), column
    )
