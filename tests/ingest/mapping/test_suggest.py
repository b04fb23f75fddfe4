"""`rosterready columns`: suggestions for unknown layouts, usable as they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import AS_OF, outcome, spots
from validator.assess import Options, assess
from validator.cli import app
from validator.ingest.mapping import suggest
from validator.ingest.mapping.suggest import Suggestion
from validator.model import BadUsage, CannotRead, Report, Status
from validator.rulebook import load


def suggested(folder: Path) -> Suggestion:
    """What is suggested for a folder."""
    return suggest.suggest([folder], load.load_vocabulary()[0])


def judged(folder: Path, tmp_path: Path, as_of: dt.date = AS_OF) -> Report:
    """The report by the suggested map, used as it is."""
    path = tmp_path / "suggested.yaml"
    path.write_text(suggest.format_map(suggested(folder), folder.name), encoding="utf-8")
    return assess([folder], Options(columns=path, as_of=as_of))


def taken(found: Suggestion) -> dict[str, dict[str, str]]:
    """Per table the heading taken for each column."""
    return {
        told.table: {name: match.taken.heading for name, match in told.matches.items()}
        for told in found.tables
    }


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder of these CSV files."""
    made = tmp_path / "export"
    made.mkdir()
    for name, text in files.items():
        (made / f"{name}.csv").write_text(text, encoding="utf-8")
    return made


PUPILS = """Pupil Name,Perm ID,Grd,Birthdate,Contact
"Copperpot, Freya",0001,K,2/3/2020,freya@x.test
"Quillfeather, Odo",0002,5,4/5/2015,odo@x.test
"""


def test_names_ids_grades_dates_and_addresses_are_recognized_by_heading_and_shape(
    tmp_path: Path,
) -> None:
    text = PUPILS.replace("Pupil Name", "Student Name")
    found = suggested(folder(tmp_path, students=text))
    assert taken(found)["students"] == {
        "Student_id": "Perm ID",
        "First_name": "Student Name",
        "Last_name": "Student Name",
        "Grade": "Grd",
        "DOB": "Birthdate",
        "Student_email": "Contact",
    }
    assert "Contact" in suggest.format_text(found)


def test_a_heading_that_contradicts_its_values_is_not_used(tmp_path: Path) -> None:
    text = (
        "student_id,first_name,last_name,grade,email\n1,Ann,Made-Up,passed,yes\n"
        "2,Bo,Made-Up,failed,no\n"
    )
    found = suggested(folder(tmp_path, students=text))
    assert set(taken(found)["students"]) == {"Student_id", "First_name", "Last_name"}


def test_no_value_of_a_record_is_ever_printed_or_written(tmp_path: Path) -> None:
    rows = "\n".join(f"zqid{n},zqfirst{n},zqlast{n},zqmail{n}@x.test,zqother{n}" for n in range(5))
    made = folder(
        tmp_path, students=f"student_id,first_name,last_name,mailbox,note\n{rows}\n", people=rows
    )
    found = suggested(made)
    assert "zq" not in suggest.format_text(found) + suggest.format_map(found, "export")


def test_the_id_that_other_files_refer_to_is_used(tmp_path: Path) -> None:
    found = suggested(
        folder(
            tmp_path,
            students="Student ID,Student Number,First Name,Last Name\n901,100,Ann,Made-Up\n"
            "902,101,Bo,Made-Up\n",
            schedule="Student ID,Section ID\n100,S1\n101,S1\n",
            sections="Section ID,Course Name\nS1,Math\n",
        )
    )
    assert taken(found)["students"]["Student_id"] == "Student Number"


def test_one_flat_file_gives_people_classes_and_enrollments(tmp_path: Path) -> None:
    text = (
        "Student ID,First Name,Last Name,Section ID,Course Name,Teacher ID,Teacher Name,School "
        "ID,School Name\n"
        '1,Ann,Made-Up,S1,Math,T1,"Teacher, Tess",10,Made-Up High\n'
        '2,Bo,Made-Up,S1,Math,T1,"Teacher, Tess",10,Made-Up High\n'
    )
    found = taken(suggested(folder(tmp_path, everything=text)))
    assert set(found) == {"students", "teachers", "sections", "enrollments", "schools"}
    assert found["teachers"]["Last_name"] == "Teacher Name"
    made = judged(tmp_path / "export", tmp_path)
    assert dict(made.counts)["students"] == 2
    assert dict(made.counts)["sections"] == 1


def test_an_address_in_a_second_file_is_joined(tmp_path: Path) -> None:
    made = folder(
        tmp_path,
        students="Perm ID,First Name,Last Name\n1,Ann,Made-Up\n2,Bo,Made-Up\n3,Cy,Made-Up\n",
        accounts="login,who\nann@x.test,1\nbo@x.test,2\nnot yet,3\n",
    )
    made.joinpath("accounts.csv").write_text(
        "login,who\nann@x.test,1\nbo@x.test,2\ncy@x,3\ndi@x.test,4\nflo@x.test,5\n"
    )
    assert taken(suggested(made))["students"]["Student_email"] == "login"
    report = judged(made, tmp_path)
    assert spots(report, "student-email-invalid") == ["accounts.csv:4 Student_email"]


def test_title_rows_are_skipped_and_reported(tmp_path: Path) -> None:
    made = folder(
        tmp_path, students="Students of Made-Up District\n\n" + PUPILS.replace("Pupil", "Student")
    )
    assert "its headings are on line 3" in suggest.format_text(suggested(made))
    assert "header-missing" not in judged(made, tmp_path).export.defects


def test_a_status_column_is_mentioned_and_never_used(tmp_path: Path) -> None:
    made = folder(
        tmp_path, students="student_id,first_name,last_name,Enroll_Status\n1,Ann,M,0\n2,Bo,M,2\n"
    )
    assert "to keep only those, use `only`" in suggest.format_text(suggested(made))
    assert dict(judged(made, tmp_path).counts)["students"] == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"just a letter to somebody\n",
        b"stop_id,stop_name,stop_lat\n1,Main St,45.0\n",
    ],
)
def test_files_that_are_no_roster_are_refused_in_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "stops.csv").write_bytes(content)
    with pytest.raises(CannotRead) as told:
        suggested(tmp_path)
    assert "\n" not in str(told.value)


def test_the_command_prints_the_suggestion_and_writes_a_map_that_check_accepts(
    tmp_path: Path,
) -> None:
    made, out = folder(tmp_path, students=PUPILS.replace("Pupil", "Student")), tmp_path / "map.yaml"
    told = CliRunner().invoke(
        app.app, ["columns", str(made), "--out", str(out)], catch_exceptions=False
    )
    assert told.exit_code == 0
    assert "students.csv -> students" in told.output
    checked = CliRunner().invoke(
        app.app,
        [
            "check",
            str(made),
            "--format",
            "sis",
            "--columns",
            str(out),
            "--out",
            str(tmp_path / "out"),
            "--report",
            "json",
            "-q",
        ],
        catch_exceptions=False,
    )
    assert checked.exit_code in (1, 3)
    with pytest.raises(BadUsage, match="already exists"):
        CliRunner().invoke(
            app.app, ["columns", str(made), "--out", str(out)], catch_exceptions=False
        )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["changes", "{raw}", "{raw}"], "No change"),
        (["sharing", "{raw}", "--target", "grades=5"], "grade is 5"),
        (["init", "{raw}", "--out", "own.yaml"], ""),
    ],
)
def test_every_command_that_reads_an_export_accepts_a_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], said: str
) -> None:
    raw = folder(
        tmp_path,
        pupils="Perm ID,First,Last,Grd\n1,Ann,Made-Up,5\n",
        sked="Sec,Perm ID\ns1,1\n",
        courses="Sec,Who,Grd\ns1,t1,5\n",
    )
    (tmp_path / "map.yaml").write_text(
        """
tables:
  students:
    file: pupils.csv
    columns: {Student_id: Perm ID, First_name: First, Last_name: Last, Grade: Grd}
  enrollments: {file: sked.csv, columns: {Section_id: Sec, Student_id: Perm ID}}
  sections: {file: courses.csv, columns: {Section_id: Sec, Teacher_id: Who, Grade: Grd}}
""",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    args = [word.format(raw=raw) for word in command]
    with pytest.raises(CannotRead):
        CliRunner().invoke(app.app, args, catch_exceptions=False)
    told = CliRunner().invoke(app.app, [*args, "--columns", "map.yaml"], catch_exceptions=False)
    assert told.exit_code in (0, 1)
    assert said in told.output


def test_the_contoso_export_is_mapped_correctly(real_data: Path, tmp_path: Path) -> None:
    made = judged(real_data / "sis-contoso", tmp_path)
    assert outcome(made, "student-dob-placeholder").count == 400
    assert outcome(made, "student-number-repeated").count == 400
    assert outcome(made, "student-graduation-year-placeholder").count == 400
    assert (
        outcome(made, "person-under-two-ids").status is Status.PASSED
    )  # one birth date on all tells nothing
    assert spots(made, "rows-repeated-header") == [
        f"studentsectionmark.csv:{line}" for line in (1202, 2403, 3604)
    ]
    assert outcome(made, "student-email-missing").status is Status.PASSED
    assert outcome(made, "student-email-repeated").status is Status.PASSED
    assert outcome(made, "student-unknown").status is Status.PASSED


def test_the_contoso_files_without_headers_are_mapped_correctly(
    real_data: Path, tmp_path: Path
) -> None:
    made = judged(real_data / "sis-contoso" / "m365", tmp_path)
    assert outcome(made, "section-unknown").count == 2400
    assert dict(made.counts)["enrollments"] == 4800
    assert outcome(made, "student-unknown").status is Status.PASSED


def test_the_k12lab_export_is_mapped_correctly(real_data: Path, tmp_path: Path) -> None:
    made = judged(real_data / "sis-k12lab", tmp_path)
    assert spots(made, "row-repeated") == ["students.csv:9"]
    assert spots(made, "student-unknown") == ["enrollments.csv:17 Student_id"]
    assert spots(made, "enrollment-grade-outside-k12") == ["enrollments.csv:17 Grade"]
    assert spots(made, "enrollment-exit-code-missing") == ["enrollments.csv:7 Exit_code"]


def test_schedulers_whole_names_are_split_and_its_courses_found(
    real_data: Path, tmp_path: Path
) -> None:
    found = suggested(real_data / "sis-schedulerv2")
    made = judged(real_data / "sis-schedulerv2", tmp_path)
    sections = made.export.tables["sections"]
    assert (
        sections.origins["Course_name"].file == "courses_template.csv"
    )  # of two lists the one that fits exactly
    assert spots(made, "section-elective") == [
        f"courses_template.csv:{line} Course_name" for line in (6, 7, 8, 9, 10, 11, 11)
    ]
    assert outcome(made, "student-name-missing").status is Status.PASSED
    assert outcome(made, "teacher-unknown").status is Status.PASSED
    assert "could also be: male_students.csv" in suggest.format_text(found)
