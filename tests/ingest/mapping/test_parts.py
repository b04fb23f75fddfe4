"""Several files of one layout: parts of one table, copies, and people of two kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.ingest import read
from validator.ingest.mapping import suggest
from validator.ingest.mapping.suggest import Suggestion
from validator.ingest.mapping.suggestion import TableMatch
from validator.model import BadUsage, Export
from validator.rulebook import load
from validator.rulebook.column_maps import load_column_map

STUDENTS = "Student ID,First Name,Last Name,Grade,Email"
ASHBY = ["1,Mabel,Quill,4,m@a.example", "2,Otto,Bramble,5,o@a.example", "3,Ivy,Thorn,4,i@a.example"]
BELTON = ["7,Wren,Hollis,4,w@a.example", "8,Fern,Sedge,5,f@a.example", "9,Cole,Marsh,6,c@a.example"]
SECTIONS = "Section ID,Course Title,Teacher ID\n51,Math 4,71\n52,Reading 5,72\n53,Science,73\n"
TEACHERS = ["71,Ada,Larch,a@a.example", "72,Ben,Rowan,b@a.example", "73,Cy,Alder,c2@a.example"]
LINKS = "Student ID,Section ID\n" + "".join(f"{n},5{1 + n % 3}\n" for n in (1, 2, 3, 7, 8, 9))


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def lines(heading: str, rows: list[str]) -> str:
    return "\n".join([heading, *rows, ""])


def suggested(folder: Path) -> Suggestion:
    return suggest.suggest([folder], load.load_vocabulary()[0])


def table(found: Suggestion, name: str) -> TableMatch:
    return next(match for match in found.tables if match.table == name)


def opened(folder: Path, found: Suggestion) -> Export:
    path = folder.with_suffix(".yaml")
    path.write_text(suggest.format_map(found, "export"), encoding="utf-8")
    return read.read_export([folder], columns=load_column_map(path, read.list_mapped_fields()))


def test_students_of_two_towns_are_one_table_and_keep_their_file_and_line(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "export",
        students_a=lines(STUDENTS, ASHBY),
        students_b=lines(STUDENTS, BELTON),
        sections=SECTIONS,
        rosters=LINKS,
    )
    found = suggested(folder)
    assert "files: [students_a.csv, students_b.csv]" in suggest.format_map(found, "export")
    assert "2 files with the same headings" in suggest.format_text(found)
    students = opened(folder, found).tables["students"]
    assert students.file == "students_a.csv and students_b.csv"
    places = [students.locate(line) for line in students.lines.tolist()]
    assert places == [
        *(("students_a.csv", line) for line in (2, 3, 4)),
        *(("students_b.csv", line) for line in (2, 3, 4)),
    ]


def test_a_part_may_order_and_spell_its_headings_otherwise(tmp_path: Path) -> None:
    other = lines("Email,Last Name,Grade,Student ID,First Name", ["w@a.example,Hollis,4,7,Wren"])
    folder = write(
        tmp_path / "export",
        students_a=lines(STUDENTS, ASHBY),
        students_b=other + "f@a.example,Sedge,5,8,Fern\n",
        sections=SECTIONS,
        rosters=LINKS,
    )
    export = opened(folder, suggested(folder))
    assert len(export.tables["students"]) == 5


def test_a_copy_is_no_part(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "export",
        students=lines(STUDENTS, ASHBY),
        sections=SECTIONS,
        rosters=LINKS,
    )
    (folder / "students (1).csv").write_text(lines(STUDENTS, ASHBY), encoding="utf-8")
    match = table(suggested(folder), "students")
    assert match.file.name == "students.csv"
    assert match.others == ("students (1).csv",)


def test_of_two_files_for_which_as_much_speaks_none_is_taken(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "export",
        pupils_this=lines(STUDENTS, ASHBY),
        pupils_that=lines(STUDENTS, ASHBY[:2]),
        sections=SECTIONS,
        rosters=LINKS,
    )
    found = suggested(folder)
    text = suggest.format_text(found)
    assert "not used, because these files fit equally well: pupils_t" in text
    with pytest.raises(BadUsage, match="students needs 'file'"):
        opened(folder, found)


def test_students_and_teachers_in_files_of_one_layout_are_told_apart(tmp_path: Path) -> None:
    people = "ID,First,Last,Email"
    students = [",".join(row.split(",")[at] for at in (0, 1, 2, 4)) for row in ASHBY + BELTON]
    folder = write(
        tmp_path / "export",
        list1=lines(people, students),
        list2=lines(people, TEACHERS),
        sections=SECTIONS,
        rosters=LINKS,
    )
    found = suggested(folder)
    assert table(found, "students").file.name == "list1.csv"
    assert table(found, "teachers").file.name == "list2.csv"


def test_everybody_in_one_file_without_a_role_is_told_apart_by_references(tmp_path: Path) -> None:
    people = [",".join(row.split(",")[at] for at in (0, 1, 2, 4)) for row in ASHBY + BELTON]
    folder = write(
        tmp_path / "export",
        users=lines("user_id,first_name,last_name,email", [*people, *TEACHERS]),
        sections=SECTIONS,
        rosters=LINKS,
    )
    found = suggested(folder)
    text = suggest.format_map(found, "export")
    assert "named_by: sections" in text
    assert "without: teachers" in text
    export = opened(folder, found)
    assert len(export.tables["teachers"]) == 3
    assert len(export.tables["students"]) == 6


def test_teachers_come_out_of_a_list_of_employees(tmp_path: Path) -> None:
    staff = [*TEACHERS, "90,Pat,Oakes,p@a.example", "91,Lee,Birch,l@a.example"]
    folder = write(
        tmp_path / "export",
        students=lines(STUDENTS, ASHBY + BELTON),
        employees=lines("Employee ID,First Name,Last Name,Email", staff),
        sections=SECTIONS.replace("Teacher ID", "Employee ID"),
        rosters=LINKS,
    )
    export = opened(folder, suggested(folder))
    assert len(export.tables["teachers"]) == 3
    assert len(export.tables["staff"]) == 2
    assert "rows-left-out" not in export.defects


def test_a_file_that_files_names_and_that_is_not_there_is_missing(tmp_path: Path) -> None:
    folder = write(tmp_path / "export", students_a=lines(STUDENTS, ASHBY), rosters=LINKS)
    path = tmp_path / "map.yaml"
    path.write_text(
        "sis: other\ntables:\n  students:\n    files: [students_a.csv, students_b.csv]\n"
        "    columns: {Student_id: Student ID, First_name: First Name, Last_name: Last Name}\n",
        encoding="utf-8",
    )
    export = read.read_export([folder], columns=load_column_map(path, read.list_mapped_fields()))
    notes = [str(block.notes) for block in export.defects["file-missing"]]
    assert "the column map names students_b.csv, which is not there" in notes


def test_a_column_that_only_some_parts_have_is_named_with_the_part(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "export",
        students_a=lines(STUDENTS, ASHBY),
        students_b=lines("Student ID,First Name,Last Name,Grade", [row[:-12] for row in BELTON]),
        sections=SECTIONS,
        rosters=LINKS,
    )
    export = opened(folder, suggested(folder))
    blocks = [
        block
        for rule in ("column-missing", "column-recommended-missing")
        for block in export.defects.get(rule, ())
        if block.column == "Student_email"
    ]
    assert [block.file for block in blocks] == ["students_b.csv"]


def test_file_and_files_do_not_go_together(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        "sis: other\ntables:\n  students:\n    file: a.csv\n    files: [b.csv]\n"
        "    columns: {Student_id: ID}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadUsage, match="both 'file' and 'files'"):
        load_column_map(path, read.list_mapped_fields())


def test_files_without_headings_are_parts_by_their_names(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "export",
        students_a="\n".join([*ASHBY, ""]),
        students_b="\n".join([*BELTON, ""]),
        sections="\n".join(SECTIONS.splitlines()[1:]) + "\n",
        enrollments="\n".join(LINKS.splitlines()[1:]) + "\n",
    )
    found = suggested(folder)
    students = opened(folder, found).tables["students"]
    assert [students.locate(line) for line in students.lines.tolist()] == [
        *(("students_a.csv", line) for line in (1, 2, 3)),
        *(("students_b.csv", line) for line in (1, 2, 3)),
    ]
