"""Columns that hold numbers that look like social security numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.model import Places, Table

FORM = re.compile(r"(?:\{\w+:)?(?!000|666)(\d{3})[- ](?!00)\d{2}[- ](?!0000)\d{4}\}?", re.ASCII)
"""Three, two and four digits, without the numbers that are never issued
(https://www.ssa.gov/employer/randomization.html). Numbers from 900 on have the form, too.
OneRoster's userIds write the kind of a number in front: `{SSN:000-00-0000}`."""

LEAST = 8
SHARE = 0.95
SAMPLE = 50

TABLES = ("students", "teachers", "staff", "contacts")


def suspect_identity_numbers(scene: Scene) -> Iterable[Suspicion]:
    """Suspect social security numbers in the columns of people.

    Two signs: nearly all of at least 8 values have the form with its separators and avoid the
    numbers that are never issued (a made-up number of the form has group 00 once in 100), and the
    first three digits are not those of the person's school, as in a district's own numbers. Nine
    digits without separators prove nothing.
    """
    for name in TABLES:
        table = scene.table(name)
        if table is None or len(table) < LEAST:
            continue
        every = np.arange(len(table))
        for column in table.headers:
            if column in table.records.columns and _holds_numbers(table, column, every):
                yield _suspect(table, column, every)
        yield from _suspect_unused(scene, table)


def _suspect_unused(scene: Scene, table: Table) -> Iterator[Suspicion]:
    """Yield the suspicions of columns that the file has and the roster's table lacks."""
    for source in scene.export.file_tables.values():
        if source.file != table.file or source is table:
            continue
        rows = np.flatnonzero(np.isin(source.lines, table.lines))
        for column, heading in source.headers.items():
            if heading not in table.headers.values() and _holds_numbers(source, column, rows):
                yield _suspect(source, column, rows)


def _holds_numbers(table: Table, column: str, rows: np.ndarray) -> bool:
    """Return whether a column is evidence for the diagnosis of social security numbers."""
    sample = [text for text in frame.take_text(table, column, rows[: SAMPLE + 1]) if text]
    if sum(bool(FORM.fullmatch(text)) for text in sample) < SHARE * len(sample):
        return False
    encoded = frame.encode_rows(table, column, rows)
    values = encoded.values.take(pa.array(np.unique(encoded.codes)))
    filled = [text for text in values.to_pylist() if text]
    matching = [text for text in filled if FORM.fullmatch(text)]
    is_form = len(matching) >= LEAST and len(matching) >= SHARE * len(filled)
    return is_form and not _begins_with_school(table, column, rows)


def _begins_with_school(table: Table, column: str, rows: np.ndarray) -> bool:
    """Return whether numbers begin with the school, as evidence against identity numbers."""
    if not table.has("School_id"):
        return False
    rows = rows[mark_filled(table, column)[rows]][: 10 * SAMPLE]
    schools = frame.take_text(table, "School_id", rows)
    numbers = frame.take_text(table, column, rows)
    same = [
        school.lstrip("0") == number[:3].lstrip("0")
        for school, number in zip(schools, numbers, strict=True)
    ]
    return sum(same) >= 0.5 * len(same)


def _suspect(table: Table, column: str, rows: np.ndarray) -> Suspicion:
    """Return the suspicion of a column's filled cells in these rows."""
    rows = rows[mark_filled(table, column)[rows]]
    count = len(rows)
    places: list[Places] = [frame.place_rows(table, rows, column)]
    return Suspicion(
        "identity-numbers-sent",
        places,
        f"{count:,} of {count:,} values of {table.headers[column]} in {table.file} have the form "
        f"of social security numbers, 000-00-0000",
        symptoms=frozenset({(table.name, column)}),
        repaired=0,
        failing=count,
    )
