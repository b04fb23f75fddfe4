"""Rows that moved, ended, or are to be left out, and people at the district."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome
from tests.diagnosis.test_columns import AS_OF, Row, district, list_open, student, write
from validator.model import Diagnosis, Level, Report, Status


def add_column(rows: Mapping[str, str], *, cut: int = 0) -> dict[str, str]:
    """The district with a last column of students that is blank in every row."""
    header, *lines = rows["students.csv"].splitlines()
    lines = [f"{header},Home_language", *(f"{line}," for line in lines)]
    return {**rows, "students.csv": "\n".join(lines[: len(lines) - cut]) + "\n"}


def move(files: Mapping[str, str], *numbers: int, quoted: bool = False) -> dict[str, str]:
    """The files with a comma in some last names, and the last cell left out where it moved."""
    lines = files["students.csv"].splitlines()
    for number in numbers:
        cells = lines[number].split(",")
        at = lines[0].split(",").index("Last_name")
        cells[at] = f'"{cells[at]}, Jr."' if quoted else f"{cells[at]}, Jr."
        lines[number] = ",".join(cells if quoted else cells[:-1])
    return {**files, "students.csv": "\n".join(lines) + "\n"}


def diagnose(judge: Judge, files: Mapping[str, str]) -> tuple[Report, Diagnosis]:
    """The report for Khan Academy and its only diagnosis."""
    report = judge(files, profile="khan-academy", as_of=AS_OF)
    (only,) = report.diagnoses
    assert only.sure
    return report, only


@pytest.mark.parametrize("numbers", [(4,), (2, 9, 16)])
def test_rows_are_moved_back(judge: Judge, numbers: tuple[int, ...]) -> None:
    whole = add_column(district())
    clean = list_open(judge(whole, profile="khan-academy", as_of=AS_OF))

    report, found = diagnose(judge, move(whole, *numbers))

    assert found.id == "row-moved-by-a-comma"
    assert found.level is Level.BLOCKER
    assert [line for block in found.places for line in block.lines] == [n + 1 for n in numbers]
    assert found.people == len(numbers)
    assert list_open(report) == clean


def test_commas_in_quotation_marks_move_nothing(judge: Judge) -> None:
    files = move(add_column(district()), 4, 9, quoted=True)

    assert not judge(files, profile="khan-academy", as_of=AS_OF).diagnoses


def test_two_faults_in_a_row_move_nothing(judge: Judge) -> None:
    def spoil(row: Row) -> None:
        if row["Student_id"] == "4105":
            row.update(Student_email="nora at foggyhollow", Grade="third")

    assert not judge(add_column(district(spoil)), profile="khan-academy", as_of=AS_OF).diagnoses


def cut(text: str, rows: int) -> str:
    """The file without its last rows, the last one of those that are left cut off."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[:-rows]) + lines[-rows][:6]


def test_cut_off_students(judge: Judge) -> None:
    files = district()

    report, found = diagnose(judge, {**files, "students.csv": cut(files["students.csv"], 6)})

    assert found.id == "file-cut-off"
    assert found.level is Level.BLOCKER
    assert "6 records" in found.evidence
    assert (
        not outcome(report, "student-unknown").count - outcome(report, "student-unknown").explained
    )


def test_cut_off_enrollments(judge: Judge) -> None:
    files = district()

    report, found = diagnose(judge, {**files, "enrollments.csv": cut(files["enrollments.csv"], 6)})

    assert found.id == "file-cut-off"
    assert found.people == 6
    assert outcome(report, "student-without-section").status is Status.EXPLAINED


def test_a_short_last_row_alone_is_no_diagnosis(judge: Judge) -> None:
    files = district()
    short = files["students.csv"] + "11,4999\n"

    assert not judge({**files, "students.csv": short}, as_of=AS_OF).diagnoses


@pytest.mark.parametrize("mark", ["{}_dupe", "{} DO NOT USE", "Zzdupe {}"])
def test_dead_records(judge: Judge, mark: str) -> None:
    files = dict(district())
    dead = [
        {
            **student(at),
            "Student_id": f"99{at}",
            "Last_name": mark.format("Hale"),
            "Student_email": "",
        }
        for at in (1, 2, 3)
    ]
    files["students.csv"] += write(dead).partition("\n")[2]

    report, found = diagnose(judge, files)

    assert found.id == "dead-records"
    assert (found.level, found.text.owner.value) == (Level.WARNING, "registrar")
    assert found.records == 3
    assert not list_open(report).keys() & {"student-email-missing", "student-without-section"}


def test_names_that_only_look_dead(judge: Judge) -> None:
    def rename(row: Row) -> None:
        row["Last_name"] = {"4101": "Dupree", "4102": "Dupé-Larkspur"}.get(
            row["Student_id"], row["Last_name"]
        )

    assert not judge(district(rename), profile="khan-academy", as_of=AS_OF).diagnoses


MAP = """
sis: acme
tables:
  schools: {file: schools, columns: {School_id: School_id, School_name: School_name}}
  students:
    file: students
    only: {Status: ["active"]}
    columns:
      School_id: School_id
      Student_id: Student_id
      First_name: First_name
      Last_name: Last_name
      Grade: Grade
      DOB: DOB
      Student_email: Student_email
  teachers:
    file: teachers
    columns:
      School_id: School_id
      Teacher_id: Teacher_id
      First_name: First_name
      Last_name: Last_name
      Teacher_email: Teacher_email
  sections:
    file: sections
    columns:
      School_id: School_id
      Section_id: Section_id
      Teacher_id: Teacher_id
      Course_name: Course_name
      Term_start: Term_start
      Term_end: Term_end
  enrollments:
    file: enrollments
    columns: {School_id: School_id, Section_id: Section_id, Student_id: Student_id}
"""


@pytest.mark.parametrize(("left", "ids"), [((), []), (("4105", "4112"), ["left-out-by-the-map"])])
def test_records_that_the_map_leaves_out(
    judge: Judge, tmp_path: Path, left: tuple[str, ...], ids: list[str]
) -> None:
    def mark(row: Row) -> None:
        row["Status"] = "gone" if row["Student_id"] in left else "active"

    (tmp_path / "acme.yaml").write_text(MAP, encoding="utf-8")

    report = judge(
        district(mark),
        profile="khan-academy",
        as_of=AS_OF,
        columns=tmp_path / "acme.yaml",
        format="sis",
    )

    assert [each.id for each in report.diagnoses] == ids
    assert outcome(report, "student-unknown").status is Status.PASSED
    if left:
        assert report.diagnoses[0].level is Level.ADVICE
        assert len(left) == 2
        assert "2 records" in report.diagnoses[0].evidence


@pytest.mark.parametrize("case", ["26b", "62"])
def test_reported_faults(shared_cases: Path, case: str) -> None:
    from validator.assess import Options, assess

    (folder,) = shared_cases.glob(f"{case}-*")
    raw = {"format": "sis", "columns": "powerschool"} if case == "26b" else {}
    options = Options(profiles=["khan-academy"], as_of=AS_OF, **raw)  # type: ignore[arg-type]

    assert len(assess([folder / "input"], options).diagnoses) == 1
    assert not assess([folder / "quiet"], options).diagnoses
