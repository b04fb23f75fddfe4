"""Columns under a name that the destination does not know, from the file to the verdict."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.conftest import Judge, outcome
from validator.model import Level, Status, Verdict

ROSTER = {
    "schools.csv": "School_id,School_name,School_number\n0101,Oak Elementary School,1\n",
    "students.csv": "School_id,Student_id,First_name,Last_name,Grade,DOB,Student_email\n"
    "0101,S1,Ada,Madeup,3,02/03/2018,ada.madeup@maplehollow.k12.example\n"
    "0101,S2,Bea,Invented,3,04/05/2018,bea.invented@maplehollow.k12.example\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name,Teacher_email\n"
    "0101,T1,Tess,Imagined,tess.imagined@maplehollow.k12.example\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Name,Grade,Course_name,Subject,Period,"
    "Term_name,Term_start,Term_end\n"
    "0101,C1,T1,Math 3,3,Math 3,Math,1,2026-2027,08/15/2026,06/10/2027\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n0101,C1,S1\n0101,C1,S2\n",
}


def rename(file: str, old: str, new: str) -> Mapping[str, str]:
    """Return the roster with another heading."""
    header, rest = ROSTER[file].split("\n", 1)
    headings = [new if heading == old else heading for heading in header.split(",")]
    return {**ROSTER, file: ",".join(headings) + "\n" + rest}


@pytest.mark.parametrize(
    ("file", "column", "heading"),
    [
        ("students.csv", "Student_email", "Student_emial"),
        ("students.csv", "Student_email", "Primary Email"),
        ("students.csv", "Student_email", "Email_address"),
        ("students.csv", "DOB", "Birthday"),
        ("students.csv", "Student_id", "Studnet_id"),
        ("students.csv", "First_name", "Given Name"),
        ("teachers.csv", "Teacher_email", "Teachers_email"),
        ("sections.csv", "Teacher_id", "Teahcer_id"),
        ("enrollments.csv", "Section_id", "Secton_id"),
    ],
)
def test_a_column_that_clever_does_not_see_is_a_blocker(
    judge: Judge, file: str, column: str, heading: str
) -> None:
    """The finding says which column is meant, and nothing else is said of it."""
    report = judge(rename(file, column, heading), profile="khan-academy")
    result = outcome(report, "header-spelling")
    assert report.verdict is Verdict.NOT_READY
    assert (result.status, result.level) == (Status.FOUND, Level.BLOCKER)
    assert f"{column} in {file}" in result.rule.fix
    others = [it.rule.id for it in report.outcomes if it.status is Status.FOUND]
    assert not {"header-unknown", "column-missing", "email-columns-several"} & set(others)


def test_a_misspelled_column_is_still_checked(judge: Judge) -> None:
    """The second round brings no surprise."""
    files = rename("students.csv", "Student_email", "Student_emial")
    files = {**files, "students.csv": files["students.csv"].replace("ada.madeup@", "ada.madeup")}
    report = judge(files, profile="khan-academy")
    assert outcome(report, "student-email-invalid").count == 1


def test_a_name_that_a_generator_writes_is_absent_where_an_app_needs_it(judge: Judge) -> None:
    """Email_address is not in the specification: advice for Clever itself, which needs none."""
    files = rename("students.csv", "Student_email", "Email_address")
    levels = {}
    for profile in ("clever", "khan-academy"):
        report = judge(files, profile=profile)
        levels[profile] = outcome(report, "header-spelling").level, report.verdict
    assert levels["clever"] == (Level.ADVICE, Verdict.READY)
    assert levels["khan-academy"] == (Level.BLOCKER, Verdict.NOT_READY)
