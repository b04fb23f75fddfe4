"""Columns that hold numbers that look like social security numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.model import Places, Table

FORM = re.compile(r"(?:\{\w+:)?(?!000|666)(\d{3})[- ](?!00)\d{2}[- ](?!0000)\d{4}\}?", re.ASCII)
"""Three, two and four digits, without the numbers that are never issued
(https://www.ssa.gov/employer/randomization.html). Numbers from 900 on have the form, too.
OneRoster's userIds write the kind of a number in front: `{SSN:000-00-0000}`."""

LEAST = 8
SHARE, SOME = 0.95, 0.1
SAMPLE = 50

TABLES = ("students", "teachers", "staff", "contacts")


def suspect_identity_numbers(scene: Scene) -> Iterable[Suspicion]:
    """Suspect, by the evidence of the values, that social security numbers were sent.

    Two signs: nearly all of at least 8 values, or a tenth of a file's, have the form with its
    separators and avoid the numbers that are never issued (a made-up number of the form has group
    00 once in 100), and the first three digits are not those of the person's school, as in a
    district's own numbers. Nine digits without separators prove nothing.
    """
    for name in TABLES:
        table = scene.table(name)
        if table is not None and len(table) >= LEAST:
            for source, column, rows in _list_columns(scene, table):
                numbers = _find_numbers(table, source, column, rows=rows)
                if len(numbers):
                    yield _suspect(source, column, numbers)


def _list_columns(scene: Scene, table: Table) -> Iterator[tuple[Table, str, np.ndarray]]:
    """Yield each column for the hypothesis of identity numbers, with the table's rows in its
    file.

    Columns that the file has and the roster's table lacks come last.
    """
    every = np.arange(len(table))
    for column in table.headers:
        if column in table.records.columns:
            yield table, column, every
    for source in scene.export.file_tables.values():
        rows = np.searchsorted(source.lines, table.lines)
        same_file = source.file == table.file and source is not table and len(source) > 0
        if not same_file or not np.array_equal(_take_lines(source, rows), table.lines):
            continue
        for column, heading in source.headers.items():
            if heading not in table.headers.values():
                yield source, column, rows


def _take_lines(table: Table, rows: np.ndarray) -> np.ndarray:
    """Return the lines in which a hypothesis looks for identity numbers."""
    return np.asarray(table.lines[np.minimum(rows, len(table) - 1)])


def _find_numbers(people: Table, table: Table, column: str, *, rows: np.ndarray) -> np.ndarray:
    """Return the rows of a column that hold identity numbers, of all schools or of some.

    `rows`: the row in `table` of each row of `people`.
    """
    none = rows[:0]
    sample = frame.encode_rows(table, column, rows[frame.sample_positions(len(rows), SAMPLE)])
    if not any(map(FORM.fullmatch, sample.take_distinct().to_pylist())):
        return none
    encoded = frame.encode(table, column)
    is_form = [bool(FORM.fullmatch(text)) for text in encoded.values.to_pylist()]
    matching = encoded.broadcast(np.asarray(is_form, bool))[rows]
    filled = mark_filled(table, column)[rows]
    school = np.zeros(len(people), np.intp)
    if people.has("School_id") and matching.sum() < SHARE * filled.sum():
        school = frame.encode(people, "School_id").codes.astype(np.intp)
    damaged, of = (count_numbers(school[mask]) for mask in (matching, filled))
    damaged = np.pad(damaged, (0, len(of) - len(damaged)))
    chosen = (damaged >= LEAST) & (damaged >= SHARE * of)
    if not chosen.any():  # in some rows of every school, next to numbers of another form
        chosen = np.full(len(of), matching.sum() >= max(LEAST, SOME * filled.sum()))
    numbers = rows[matching & np.append(chosen, False)[np.minimum(school, len(chosen))]]
    return none if _begin_with_school(people, table, column, rows=rows) else numbers


def _begin_with_school(people: Table, table: Table, column: str, *, rows: np.ndarray) -> bool:
    """Return whether numbers begin with the school, as evidence against identity numbers."""
    if not people.has("School_id"):
        return False
    at = np.flatnonzero(mark_filled(table, column)[rows])[: 10 * SAMPLE]
    schools = frame.take_text(people, "School_id", at)
    numbers = frame.take_text(table, column, rows[at])
    same = [
        school.lstrip("0") == number[:3].lstrip("0")
        for school, number in zip(schools, numbers, strict=True)
    ]
    return sum(same) >= 0.5 * len(same)


def _suspect(table: Table, column: str, rows: np.ndarray) -> Suspicion:
    """Return the suspicion that these rows of a column hold identity numbers."""
    count = len(rows)
    places: list[Places] = [frame.place_rows(table, rows, column)]
    filled = int(mark_filled(table, column).sum())
    of = "" if count < filled else f" of {filled:,}"
    return Suspicion(
        "identity-numbers-sent",
        places,
        f"{count:,}{of} values of {table.headers[column]} in {table.file} have the form of social "
        f"security numbers, 000-00-0000",
        symptoms=frozenset({(table.name, column)}),
        repaired=0,
        failing=count,
    )
