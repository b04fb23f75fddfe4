"""Raw exports with a column map: findings name the district's own files and columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from validator import assess as roads
from validator.ingest import read as ingest_read
from validator.model import BadUsage, CannotRead, ColumnMap, Export, Status
from validator.rulebook import column_maps


def loaded(tmp_path: Path, text: str) -> ColumnMap:
    """The map that this YAML tells."""
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    found = roads.load_column_map(tmp_path / "map.yaml")
    assert found is not None
    return found


def read(tmp_path: Path, columns: str, **files: str) -> Export:
    """What is read of these CSV files by a map."""
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return ingest_read.read_export([folder], "sis", columns=loaded(tmp_path, columns))


def cells(export: Export, table: str, *columns: str) -> list[tuple[str, ...]]:
    """Some columns of a table, row by row."""
    return [
        tuple(row)
        for row in export.tables[table].rows[list(columns)].astype(str).to_numpy().tolist()
    ]


NAMES = """
tables:
  students:
    file: "pupils*.csv"
    skip: 2
    only: {Status: [A, active]}
    columns:
      Student_id: [Perm ID, Sis Number]
      First_name: {from: Student Name, split: "Last, First", part: first}
      Last_name: {from: Student Name, split: "Last, First", part: last}
      Grade: {from: Gr, decode: powerschool-grade}
      Student_email: {from: Mail, file: accounts.csv, join: Perm ID, on: Pupil}
"""
PUPILS = """Made-Up District
run on Monday
Perm ID,Student Name,Gr,Status,Locker
0001,"Copperpot, Freya Ann",-1,A,9
0002,"Quillfeather, Odo",0,I,9
0003,Snicket,12,Active,9
"""


def test_a_map_splits_names_decodes_grades_keeps_active_rows_and_joins_an_address(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path,
        NAMES,
        pupils_2026=PUPILS,
        accounts="Pupil,Mail\n0003,pip@x.test\n0001,freya@x.test\n",
    )
    students = found.tables["students"]
    assert cells(
        found, "students", "Student_id", "First_name", "Last_name", "Grade", "Student_email"
    ) == [
        ("0001", "Freya Ann", "Copperpot", "PreKindergarten", "freya@x.test"),
        ("0003", "", "Snicket", "12", "pip@x.test"),
    ]
    assert students.lines.tolist() == [4, 6]
    assert students.file == "pupils_2026.csv"
    assert students.headers["Last_name"] == "Student Name"
    assert students.origins["Student_email"].file == "accounts.csv"
    assert students.origins["Student_email"].lines.tolist() == [3, 2]
    assert "header-missing" not in found.defects


def test_columns_that_the_map_does_not_name_are_reported_and_not_guessed(tmp_path: Path) -> None:
    found = read(tmp_path, NAMES, pupils=PUPILS, other="a,b\n1,2\n")
    assert found.absent["sections"] == "the column map names no file for sections"
    assert (
        found.tables["students"].missing_reason["Student_email"]
        == "there is no accounts.csv to take it from"
    )
    assert (
        found.tables["students"].missing_reason["DOB"] == "the column map gives no DOB for students"
    )
    assert [place.file for place in found.defects["file-unexpected"]] == ["other.csv"]


def test_a_file_that_the_map_names_and_that_is_absent_is_missing(tmp_path: Path) -> None:
    also = "  teachers: {file: staff.csv, columns: {Teacher_id: id}}\n"
    found = read(tmp_path, NAMES + also, pupils=PUPILS)
    assert found.absent["teachers"] == "no file fits staff.csv"
    assert [place.file for place in found.defects["file-missing"]] == ["staff.csv"]


def test_without_the_column_that_marks_active_rows_all_rows_are_kept_and_that_is_reported(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, NAMES, pupils=PUPILS.replace("Status", "State"))
    assert len(found.tables["students"]) == 3
    notes = [str(place.notes) for place in found.defects["column-recommended-missing"]]
    note = "the column map chooses rows by Status, which is not there, so all rows were kept"
    assert note in notes


FLAT = """
tables:
  students: {file: roster.csv, columns: {Student_id: sid, First_name: first, Last_name: last}}
  teachers:
    file: roster.csv
    columns:
      Teacher_id: tid
      First_name: {from: teacher, split: First Last, part: first}
      Last_name: {from: teacher, split: First Last, part: last}
  sections: {file: roster.csv, columns: {Section_id: class, Teacher_id: tid, Course_name: course}}
  enrollments: {file: roster.csv, columns: {Student_id: sid, Section_id: class}}
"""
ROWS = """sid,first,last,class,course,tid,teacher
1,Freya,Copperpot,C1,Math,T1,Ms. Tess Teacher
2,Odo,Quillfeather,C1,Math,T1,Ms. Tess Teacher
1,Freya,Copperpot,C2,Band,T2,Mr. Made-Up
2,Otto,Quillfeather,C2,Band,T2,Mr. Made-Up
"""


def test_one_flat_file_gives_several_tables_with_each_record_once(tmp_path: Path) -> None:
    found = read(tmp_path, FLAT, roster=ROWS)
    assert {name: len(table) for name, table in found.tables.items()} == {
        "students": 3,
        "teachers": 2,
        "sections": 2,
        "enrollments": 4,
    }
    assert found.tables["students"].lines.tolist() == [
        2,
        3,
        5,
    ]  # Odo disagrees with himself and is kept twice
    assert cells(found, "teachers", "First_name", "Last_name") == [
        ("Tess", "Teacher"),
        ("", "Made-Up"),
    ]


def test_a_file_without_header_is_read_by_the_numbers_of_its_columns(tmp_path: Path) -> None:
    text = "tables: {students: {file: p.csv, header: none, columns: {Student_id: 1, Last_name: 3}}}"
    found = read(tmp_path, text, p="1,x,Copperpot\n2,x,Wick\n")
    assert cells(found, "students", "Student_id", "Last_name") == [
        ("1", "Copperpot"),
        ("2", "Wick"),
    ]
    assert found.tables["students"].lines.tolist() == [1, 2]
    assert "header-missing" not in found.defects


def test_findings_name_the_districts_own_file_line_and_column(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(NAMES, encoding="utf-8")
    made = judge(
        {
            "pupils.csv": PUPILS,
            "accounts.csv": "Pupil,Mail\n0003,pip@x.test\n0001,not an address\n",
        },
        columns=tmp_path / "map.yaml",
    )
    assert made.export.format == "sis"
    assert spots(made, "student-email-invalid") == ["accounts.csv:3 Student_email"]
    assert outcome(made, "student-name-missing").status is Status.FOUND
    assert (
        outcome(made, "section-without-students").reason
        == "the column map names no file for sections"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tables: {pupils: {file: a.csv, columns: {}}}", "map.yaml:1: 'tables' has no 'pupils'"),
        (
            "tables:\n  students: {file: a.csv, columns: {Student_ID: x}}",
            "map.yaml:2: students has no 'Student_ID'",
        ),
        (
            "tables:\n  students: {file: a.csv, columns: {Password: x}}",
            "students has no 'Password'",
        ),
        ("tables: {students: {columns: {Student_id: x}}}", "students needs 'file'"),
        (
            "tables: {students: {file: a.csv, skip: many, columns: {}}}",
            "'skip' must be the number of rows",
        ),
        (
            "tables: {students: {file: a.csv, header: none, columns: {Student_id: x}}}",
            "columns are given by number",
        ),
        (
            "tables: {students: {file: a.csv, columns: {Grade: {from: g, decode: martian}}}}",
            "no list of codes 'martian'",
        ),
        (
            "tables: {students: {file: a.csv, columns: {Last_name: {from: n, split: Last First, "
            "part: last}}}}",
            "'split' must be one of: Last, First | First Last",
        ),
        (
            "tables: {students: {file: a.csv, columns: {Last_name: {from: n, split: First Last}}}}",
            "go together",
        ),
        (
            "tables: {students: {file: a.csv, columns: {Student_email: {from: n, file: b.csv}}}}",
            "'file' and 'join'",
        ),
        ("tables: {}", "'tables' names no table"),
    ],
)
def test_a_wrong_map_is_refused_with_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadUsage) as told:
        loaded(tmp_path, text)
    assert words in str(told.value)
    assert "map.yaml:" in str(told.value)


def test_every_bundled_map_loads_and_has_the_core_tables() -> None:
    assert set(column_maps.list_bundled_maps()) == {
        "powerschool",
        "infinite-campus",
        "aeries",
        "synergy",
        "skyward",
        "eschoolplus",
        "focus",
        "genesis",
    }
    for name in column_maps.list_bundled_maps():
        found = roads.load_column_map(name)
        assert {one.table for one in found.tables} == {
            "schools",
            "students",
            "teachers",
            "sections",
            "enrollments",
        }


def test_a_powerschool_export_is_read_by_the_shipped_map(tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text(
        "ID,Student_Number,First_Name,Last_Name,Grade_Level,SchoolID,DOB,Enroll_Status\n"
        "901,100,Freya,Copperpot,0,10,2020-02-03,0\n902,101,Odo,Quillfeather,5,10,2015-02-03,2\n",
        encoding="utf-8",
    )
    (tmp_path / "cc.csv").write_text(
        "StudentID,SectionID,SchoolID\n901,55,10\n902,55,10\n", encoding="utf-8"
    )
    found = ingest_read.read_export([tmp_path], columns=roads.load_column_map("powerschool"))
    assert cells(found, "students", "Student_id", "Student_number", "Grade") == [
        ("901", "100", "Kindergarten")
    ]
    assert len(found.tables["enrollments"]) == 2


def test_a_tab_separated_text_file_is_found_by_its_name_too(tmp_path: Path) -> None:
    (tmp_path / "Students.txt").write_text(
        "ID\tFirst_Name\tLast_Name\n901\tFreya\tCopperpot\n", encoding="utf-8"
    )
    found = ingest_read.read_export([tmp_path], columns=roads.load_column_map("powerschool"))
    assert found.tables["students"].file == "Students.txt"


def test_a_raw_export_without_a_map_is_refused_with_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(BadUsage, match="rosterready columns EXPORT"):
        ingest_read.read_export([tmp_path], "sis")
    with pytest.raises(CannotRead, match="rosterready columns EXPORT"):
        ingest_read.read_export([tmp_path])
    with pytest.raises(CannotRead, match="names was found here"):
        ingest_read.read_export([tmp_path], columns=roads.load_column_map("focus"))


def test_a_map_with_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="--columns goes with --format sis"):
        ingest_read.read_export([tmp_path], "clever", columns=roads.load_column_map("focus"))


def test_an_unknown_map_is_refused_with_the_most_similar_name() -> None:
    with pytest.raises(BadUsage, match="did you mean powerschool"):
        roads.load_column_map("powerscool")
