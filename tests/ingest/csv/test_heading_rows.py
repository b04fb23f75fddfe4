"""Headings over two rows: `Student` over `ID` is the heading `Student ID`."""

from __future__ import annotations

import pytest

from validator.ingest.csv import header, read, sniff
from validator.ingest.csv.heading_rows import join_rows
from validator.model import Column, File

TWO_ROWS = (
    b"Student,Name,,Grade,School\nID,Last,First,,ID\n41,Quill,Mabel,4,11\n42,Bramble,Otto,5,11\n"
)


@pytest.mark.parametrize(
    ("upper", "lower", "joined"),
    [
        (["Student", "School"], ["ID", "ID"], ("Student ID", "School ID")),
        (["Student", "", ""], ["ID", "Last Name", "Grade"], ("Student ID", "Last Name", "Grade")),
        (["Staff", "", "Pupil"], ["ID", "Name", "Name"], ("Staff ID", "Staff Name", "Pupil Name")),
        (["Period", "Course"], ["", "Title"], ("Period", "Course Title")),
        (["Student"], ["Student ID"], ("Student ID",)),
    ],
)  # fmt: skip
def test_two_rows_are_one_heading_each(
    upper: list[str], lower: list[str], joined: tuple[str, ...]
) -> None:
    assert join_rows(upper, lower) == joined


def test_a_second_row_of_headings_is_recognized() -> None:
    layout = sniff.find_layout(TWO_ROWS)
    assert layout is not None and layout.headed
    assert layout.cells == ("Student ID", "Name Last", "First", "Grade", "School ID")
    assert (layout.line, layout.heading_rows) == (2, 2)


def test_headings_that_repeat_are_joined_with_the_row_above() -> None:
    text = b"Student,,Course,\nID,Name,ID,Name\n41,Quill,7,Math\n42,Bramble,8,Art\n"
    layout = sniff.find_layout(text)
    assert layout is not None
    assert layout.cells == ("Student ID", "Student Name", "Course ID", "Course Name")


@pytest.mark.parametrize(
    "text",
    [
        b"ID,Name,Grade\n41,Quill,4\n42,Bramble,5\n",
        b"ID,Name,Grade\nTBD,Quill,4\n42,Bramble,5\n43,Thorn,6\n44,Sedge,7\n",
        b"ID,Name\nQ1,Quill\nB2,Bramble\n",
    ],
    ids=["plain", "one word among numbers", "no numbers at all"],
)
def test_a_record_is_no_second_row_of_headings(text: bytes) -> None:
    layout = sniff.find_layout(text)
    assert layout is not None and layout.heading_rows == 1


def test_the_rows_below_keep_their_lines() -> None:
    names = ("Student ID", "Name Last", "First", "Grade", "School ID")
    file = File("file x", "x.csv", "", tuple(map(Column, names)), heading_rows=2)
    table = read.read_csv(TWO_ROWS, file).table
    assert table is not None
    assert table.header_line == 2
    assert table.lines.tolist() == [3, 4]
    assert set(table.headers) == set(names)


def test_a_copy_with_one_row_of_headings_is_read_too() -> None:
    names = ("Student ID", "School ID")
    file = File("file x", "x.csv", "", tuple(map(Column, names)), heading_rows=2)
    head = header.find_header(b"Student ID,School ID\n41,11\n", file)
    assert head is not None and head.line == 1


def test_titles_above_two_columns_are_no_headings() -> None:
    text = b"Maple Hollow,\nRoster of 10/01/2026,\n,\nSection,Student\n51,1\n51,2\n52,1\n"
    layout = sniff.find_layout(text)
    assert layout is not None and layout.headed
    assert (layout.cells, layout.line) == (("Section", "Student"), 4)


def test_a_blank_heading_over_the_first_of_two_columns_is_kept() -> None:
    layout = sniff.find_layout(b",Name\n1,Quill\n2,Bramble\n")
    assert layout is not None and layout.headed
    assert (layout.cells, layout.line) == (("", "Name"), 1)
