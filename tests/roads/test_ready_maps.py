"""Raw exports whose headings are misspelled against the column map."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Judge, outcome
from validator.model import CannotRead, Verdict
from validator.outputs import registry

KHAN = "khan-academy"
MAP = """sis: own
title: Our own SIS
tables:
  schools: {file: schools.csv, columns: {School_id: School Code, School_name: School Name}}
  students:
    file: students.csv
    columns:
      Student_id: Pupil Code
      School_id: School Code
      First_name: Given Name
      Last_name: Family Name
      Grade: Grade Level
      DOB: Birth Day
      Student_email: Student Email
  teachers:
    file: teachers.csv
    columns: {Teacher_id: Tutor Code, School_id: School Code, First_name: Given Name,
      Last_name: Family Name, Teacher_email: Email}
  sections:
    file: sections.csv
    columns: {Section_id: Class Code, School_id: School Code, Teacher_id: Tutor Code,
      Course_name: Title}
  enrollments: {file: links.csv, columns: {Section_id: Class Code, Student_id: Pupil Code}}
"""
STUDENTS = "School Code,Pupil Code,Given Name,Family Name,Grade Level,Birth Day,Student Email"


def write(headings: str = STUDENTS) -> dict[str, str]:
    """Return a made-up school as its own SIS exports it."""
    people = [
        f"11,S{at},Ada{chr(97 + at)},Madeup,3,02/{at + 1:02}/2018,s{at}@kids.example"
        for at in range(20)
    ]
    return {
        "schools.csv": "School Code,School Name\n11,Oak Elementary School\n",
        "students.csv": "\n".join([headings, *people]) + "\n",
        "teachers.csv": "School Code,Tutor Code,Given Name,Family Name,Email\n"
        "11,T1,Tess,Imagined,tess@adults.example\n",
        "sections.csv": "School Code,Class Code,Tutor Code,Title\n11,C1,T1,Math 3\n",
        "links.csv": "\n".join(["Class Code,Pupil Code", *(f"C1,S{at}" for at in range(20))])
        + "\n",
    }


@pytest.fixture
def column_map(tmp_path: Path) -> Path:
    """Return the column map of the made-up school's SIS."""
    path = tmp_path / "map.yaml"
    path.write_text(MAP, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("meant", "heading", "rule", "shown"),
    [
        ("Student Email", "Student Emial", "student-email-missing", "column 7 (Student Emial)"),
        ("Student Email", "Student E-mails", "student-email-missing", "column 7"),
        ("Birth Day", "Brith Day", "student-dob-missing", "column 6 (Brith Day)"),
        ("Birth Day", "Day of Birth", "student-dob-missing", ""),
    ],
)
def test_a_misspelled_heading_is_named_with_the_maps(
    judge: Judge, column_map: Path, meant: str, heading: str, rule: str, shown: str
) -> None:
    """The first sentence says which heading the map wants and which is there."""
    files = write(STUDENTS.replace(meant, heading))
    report = judge(files, profile=KHAN, columns=str(column_map))
    assert report.verdict is Verdict.NOT_READY
    why = outcome(report, rule).rule.why
    assert f"No column is called {meant}" in why
    assert ("did you mean" in why) is bool(shown)
    assert shown in why
    screen = " ".join(registry.render(report, "terminal").decode().split())
    assert f"No column is called {meant}" in screen
    assert shown in screen


def test_letter_case_and_blanks_are_no_misspelling(judge: Judge, column_map: Path) -> None:
    report = judge(write(STUDENTS.upper()), profile=KHAN, columns=str(column_map))
    assert report.verdict is Verdict.READY


def test_a_map_whose_id_column_is_misspelled_names_both(judge: Judge, column_map: Path) -> None:
    files = write(STUDENTS.replace("Pupil Code", "Pupli Code"))
    with pytest.raises(CannotRead, match=r"no column Pupil Code; did you mean column 2 \(Pupli"):
        judge(files, profile=KHAN, columns=str(column_map))


def test_a_heading_that_may_be_anything_is_a_number(judge: Judge, column_map: Path) -> None:
    """A similar heading is shown only if it is a misspelled name or made of heading words."""
    files = write(STUDENTS.replace("Student Email", "Student Emilia"))
    report = judge(files, profile=KHAN, columns=str(column_map))
    text = registry.render(report, "html").decode()
    assert "Emilia" not in text
    assert "did you mean column 7?" in outcome(report, "student-email-missing").rule.why


TEACHING = MAP.replace(
    "    columns: {Section_id: Class Code, School_id: School Code, Teacher_id: Tutor Code,\n"
    "      Course_name: Title}\n",
    "    columns: {Section_id: Class Code, School_id: School Code, Course_name: Title}\n"
    "    teachers: {file: tutors.csv, section: Class Code, from: Tutor Code}\n",
)


@pytest.mark.parametrize("heading", ["Tutor Code", "Tutro Code"])
def test_a_misspelled_heading_of_the_file_of_teachers(
    judge: Judge, column_map: Path, heading: str
) -> None:
    column_map.write_text(TEACHING, encoding="utf-8")
    files = {**write(), "tutors.csv": f"Class Code,{heading}\nC1,T1\n"}
    report = judge(files, profile=KHAN, columns=str(column_map))
    assert (report.verdict is Verdict.READY) is (heading == "Tutor Code")
    reasons = [it.reason for it in report.outcomes if it.reason]
    named = f"no column is called Tutor Code; did you mean column 2 ({heading})?"
    assert (named in reasons) is (heading != "Tutor Code")


def test_a_misspelled_heading_of_a_filter(judge: Judge, column_map: Path) -> None:
    """All rows are kept, and the finding says which heading was probably intended."""
    only = '    file: students.csv\n    only: {Enrolled Status: ["0"]}\n'
    column_map.write_text(MAP.replace("    file: students.csv\n", only), encoding="utf-8")
    files = write()
    header, *rows = files["students.csv"].splitlines()
    wider = [f"{header},Enroled Status", *(f"{row},0" for row in rows)]
    text = "\n".join(wider) + "\n"
    report = judge({**files, "students.csv": text}, profile=KHAN, columns=str(column_map))
    blocks = outcome(report, "column-recommended-missing").finding.places
    notes = [str(block.notes) for block in blocks]
    assert any("did you mean column 8 (Enroled Status)?" in note for note in notes)
