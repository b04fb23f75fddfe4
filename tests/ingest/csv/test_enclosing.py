"""Whole lines in double quotes are recognized, and lists of names are not."""

from __future__ import annotations

import pytest

from tests.ingest.csv.test_defects import HEAD, names, only, students
from validator.ingest.csv.enclosing import has_quoted_lines
from validator.model import Departure

QUOTED = b'"School_id,Student_id,Last_name,First_name"\r\n'


def test_lines_quoted_whole_are_read_and_reported_once() -> None:
    contents = students(b'"10,1,Made-Up,Ann"\r\n"10,2,""Made, Up"",Bo"\r\n', head=QUOTED)
    assert names(contents, "Last_name") == ["Made-Up", "Made, Up"]
    places = only(contents, "file-delimiter")
    assert places.departure is Departure.DELIMITER
    assert places.notes == "each line is one value in double quotes"


def test_titles_and_totals_without_a_comma_need_no_quotes() -> None:
    body = b'"10,1,Made-Up,Ann"\r\n"10,2,Made-Up,Bo"\r\nTotal 2\r\n'
    contents = students(body, head=b"Madeup District\r\n" + QUOTED)
    assert names(contents) == ["Ann", "Bo"]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + b"10,1,Made-Up,Ann\n",
        b'"School_id","Student_id"\n"10","1"\n"10",""\n',
        b'Name\n"Madeup, Ann"\n"Madeup, Bo"\n"Madeup, Cy"\n',
        b'"Last, First"\n"Madeup, Ann"\n"Madeup, Bo"\n',
        b'"Title"\n"Art, beginning"\n"Music"\n',
        b'"a,b"\n',
        b'"a,b"\n"c,d\ne,f"\n',
        b"",
    ],
)
def test_other_files_are_left_as_they_are(text: bytes) -> None:
    assert not has_quoted_lines(text)
