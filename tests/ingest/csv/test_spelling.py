"""Headings that misspell a column are read as that column, and others are not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from validator.ingest.csv.spelling import correct, fold_heading
from validator.schemas import oneroster


def fold(names: Iterable[str]) -> dict[str, str]:
    """The names of columns with their folded forms."""
    return {name: fold_heading(name) for name in names}


ABSENT = fold(("Student_id", "Student_email", "State_id", "First_name", "Race", "DOB"))


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Student_emial", "Student_email"),
        ("Studnt_id", "Student_id"),
        ("Students_id", "Student_id"),
        ("STUDENT EMAIK", "Student_email"),
        ("Frist_name", "First_name"),
        ("First_nmae", "First_name"),
        ("Student_mail_e", None),
        ("Student_1d", None),
        ("Student_id_2", None),
        ("Stats_id", "State_id"),
        ("Rave", None),
        ("DBO", None),
        ("", None),
    ],
)
def test_one_typing_error_is_corrected(heading: str, column: str | None) -> None:
    """One letter changed, lost, added or exchanged; no digit, and no short name."""
    assert correct(heading, ABSENT) == column


def test_a_heading_that_two_columns_fit_is_not_corrected() -> None:
    """Nobody can tell which of them it should be."""
    users = next(file for file in oneroster.FILES_12 if file.table == "classes.csv")
    absent = fold(column.name for column in users.columns)
    assert correct("subjectCode", absent) == "subjectCodes"
    assert correct("schoolSourcedIds", absent) == "schoolSourcedId"


def test_a_column_that_is_there_is_not_named_again() -> None:
    """A second, misspelled heading of a column is an unknown heading."""
    assert correct("Student_emial", fold(["Student_id"])) is None
