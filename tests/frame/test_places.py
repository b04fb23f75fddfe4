"""Places from rows: counted once, by person, by group; at a header or for a whole file."""

from __future__ import annotations

import numpy as np

from tests.support.builders import table
from validator import frame
from validator.model import Places

STUDENTS = table(
    "students",
    {
        "Student_id": ["s1", "s2", "s1", "s3"],
        "First_name": ["Odo", "Ada", "Odo", "Uma"],
        "Last_name": ["Quill", "Finch", "Quill", "Wren"],
        "Grade": ["5", "", "5", ""],
    },
)


def test_a_row_counts_in_the_first_block_that_has_it() -> None:
    first = frame.place_rows(STUDENTS, np.array([0, 1]), "First_name")
    second = frame.place_rows(STUDENTS, np.array([1, 3]), "Grade")
    finding = frame.count_rows_once([first, second], [STUDENTS, None])
    assert [block.counts.tolist() for block in finding.places] == [[True, True], [False, True]]  # type: ignore[union-attr]
    assert (finding.count, finding.of) == (3, 4)


def test_a_row_counts_again_in_another_table() -> None:
    teachers = table("teachers", {"Teacher_id": ["t1"]})
    blocks = [frame.place_rows(each, np.array([0])) for each in (STUDENTS, teachers)]
    assert sum(block.count for block in frame.count_once(blocks)) == 2


def test_a_person_on_two_rows_counts_once_in_all_blocks() -> None:
    number = frame.group_people(STUDENTS).number
    blocks = [frame.place_rows(STUDENTS, np.array(rows)) for rows in ([0, 2], [1, 2])]
    counted = frame.count_once(blocks, number)
    assert [block.counts.tolist() for block in counted] == [[True, False], [True, False]]  # type: ignore[union-attr]


def test_people_are_reported_on_all_their_rows_and_counted_once() -> None:
    finding = frame.report_people(STUDENTS, np.array([True, False, True, True]), "Grade")
    assert finding.places[0].lines.tolist() == [2, 4, 5]
    assert (finding.count, finding.of) == (2, 3)


def test_groups_are_the_rows_with_a_repeated_key_among_those_asked() -> None:
    rows, keys = np.array([0, 1, 3]), np.array([7, 8, 7, 8])
    finding = frame.report_groups(STUDENTS, "Grade", rows, keys=keys)
    assert finding.places[0].lines.tolist() == [3, 5]
    assert finding.of == 4


def test_a_place_at_the_header_is_on_the_line_of_the_header() -> None:
    below = table("students", {"Student_id": ["s1"]}, lines=[5], header_line=4)
    place = Places.at_header(below, "Student_id", notes="is new", counted=False)
    assert (place.file, place.lines.tolist(), place.column) == ("students.csv", [4], "Student_id")
    assert place.count == 0


def test_a_place_for_a_whole_file_is_on_line_zero() -> None:
    place = Places.whole_file("", "notes.txt", notes="unknown")
    assert (place.table, place.lines.tolist(), place.column, place.count) == ("", [0], None, 1)
