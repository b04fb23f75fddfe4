"""Well-formed CSV compared with Python's own csv module."""

from __future__ import annotations

import csv
import io
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from validator.ingest.csv import lines, read
from validator.model import Column, File

PETS = File(
    "pets",
    "pets.csv",
    "Pet_id",
    (Column("Pet_id", "id", required=True), Column("Kind", coded=True), Column("Name")),
)
WORD = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"),
    max_size=12,
)
CELL = WORD | st.sampled_from(
    ["a,b", 'say "hi"', "x\ny", "'", "#", "NA", "007", "1e5", ";", "\t", "é", "=1"]
)


@pytest.mark.promise("Well-formed CSV is read exactly as Python's own csv module reads it")
@pytest.mark.parametrize("chunk", [7, lines.CHUNK])
@pytest.mark.parametrize("exact_only", [True, False])
@settings(
    max_examples=75, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 9999).map(lambda n: f"id{n}"), CELL, CELL), min_size=1, max_size=20
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_well_formed_csv_is_read_as_python_reads_it(
    exact_only: bool,
    rows: list[tuple[str, str, str]],
    quoting: int,
    end: str,
    delimiter: str,
    chunk: int,
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=quoting, lineterminator=end, delimiter=delimiter)  # type: ignore[arg-type]
    writer.writerows([("Pet_id", "Kind", "Name"), *rows])
    text = buffer.getvalue()
    with patch.object(lines, "CHUNK", chunk):
        content = read.read_csv(text.encode(), PETS, exact_only=exact_only)
    table = content.table
    assert table is not None
    columns = [table.rows[name].tolist() for name in ("Pet_id", "Kind", "Name")]
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]
    assert list(map(list, zip(*columns, strict=True))) == expected
