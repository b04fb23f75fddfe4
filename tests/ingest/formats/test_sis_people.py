"""People of raw exports: told apart by references, and teachers named by enrollments."""

from __future__ import annotations

from pathlib import Path

from validator import frame
from validator.ingest import read
from validator.model import Export
from validator.rulebook.column_maps import load_column_map

USERS = "id,first,last\n1,Mabel,Quill\n2,Otto,Bramble\n71,Ada,Larch\n72,Ben,Rowan\n90,Pat,Oakes\n"
CLASSES = "class,title,teacher\n51,Math,71\n52,Art,72\n"
LINKS = "class,user\n51,1\n51,2\n51,71\n51,71\n52,1\n52,72\n"
MAP = """
sis: other
tables:
  students: {{file: users.csv, without: teachers, columns: {{Student_id: id, Last_name: last}}}}
  teachers: {{file: users.csv, named_by: sections, columns: {{Teacher_id: id, Last_name: last}}}}
  sections: {{file: classes.csv, {teaching}columns: {{Section_id: class{teacher}}}}}
  enrollments:
    file: links.csv
    without: teachers
    columns: {{Student_id: user, Section_id: class}}
"""


def opened(tmp_path: Path, *, links: str = LINKS, teaching: str = "", teacher: str = "") -> Export:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in (("users", USERS), ("classes", CLASSES), ("links", links)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "map.yaml"
    path.write_text(MAP.format(teaching=teaching, teacher=teacher), encoding="utf-8")
    return read.read_export([folder], columns=load_column_map(path, read.list_mapped_fields()))


def texts(export: Export, table: str, column: str) -> list[str]:
    rows = export.tables[table]
    return frame.take_text(rows, column, range(len(rows)))  # type: ignore[arg-type]


def test_teachers_are_those_whom_sections_name_and_students_the_others(tmp_path: Path) -> None:
    export = opened(tmp_path, teacher=", Teacher_id: teacher")
    assert texts(export, "teachers", "Teacher_id") == ["71", "72"]
    assert texts(export, "students", "Student_id") == ["1", "2", "90"]
    assert texts(export, "enrollments", "Student_id") == ["1", "2", "1"]
    assert "rows-left-out" not in export.defects


def test_a_teacher_twice_in_a_section_is_in_two_of_its_columns(tmp_path: Path) -> None:
    members = "class,user,role\n51,1,s\n51,71,t\n51,71,t\n52,72,t\n"
    teaching = "teachers: {file: links.csv, section: class, from: user, only: {role: [t]}}, "
    export = opened(tmp_path, links=members, teaching=teaching)
    assert texts(export, "sections", "Teacher_id") == ["71", "72"]
    assert texts(export, "sections", "Teacher_2_id") == ["71", ""]


def test_rows_that_differ_in_a_column_that_is_not_read_do_not_repeat(tmp_path: Path) -> None:
    members = "class,user,role,term\n51,1,s,1\n51,71,t,1\n51,71,t,2\n52,72,t,1\n"
    teaching = "teachers: {file: links.csv, section: class, from: user, only: {role: [t]}}, "
    export = opened(tmp_path, links=members, teaching=teaching)
    assert "Teacher_2_id" not in export.tables["sections"].headers
