"""Suggested maps tell students and teachers apart who share a file or a column."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.ingest import read
from validator.ingest.mapping import suggest
from validator.model import Export
from validator.rulebook import load
from validator.rulebook.column_maps import load_column_map

STUDENTS = "id,first_name,last_name,grade\nu1,Ann,Madeup,5\nu2,Bo,Madeup,5\nu3,Cy,Madeup,6\n"
STAFF = 'staff_id,name,title\nt1,"M, Tess",Teacher\nt2,"M, Tom",Teacher\na1,"M, Al",Principal\n'
CLASSES = "class_id,class_name\nc1,Math\nc2,Science\nc3,Art\n"
MEMBERS = (
    "class_id,user_id\nc1,u1\nc1,u2\nc1,t1\nc1,t1\nc2,u3\nc2,t2\nc2,t1\nc3,u1\n"  # c3: no teacher
)
USERS = (
    "user_id_usr,first_usr,last_usr,mail_usr,role_usr\n"
    "u1,Ann,Madeup,u1@x.test,student\nu2,Bo,Madeup,u2@x.test,student\n"
    "u3,Cy,Madeup,u3@x.test,student\nt1,Tess,Madeup,t1@y.test,teacher\n"
    "t2,Tom,Madeup,t2@y.test,teacher\ng1,Gus,Madeup,g1@z.test,parent\n"
)


def _read(tmp_path: Path, files: dict[str, str]) -> Export:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = suggest.suggest([folder], load.load_vocabulary()[0])
    path = tmp_path / "map.yaml"
    path.write_text(suggest.format_map(found, "export"), encoding="utf-8")
    return read.read_export([folder], columns=load_column_map(path, read.list_mapped_fields()))


def _add_roles(members: str) -> str:
    header, *rows = members.splitlines()
    roles = {"u": "student", "t": "teacher"}
    return "\n".join([f"{header},role", *(f"{row},{roles[row.split(',')[1][0]]}" for row in rows)])


def _list(export: Export, table: str, *columns: str) -> list[tuple[str, ...]]:
    rows = export.tables[table].rows
    return list(zip(*(rows[column].tolist() for column in columns), strict=True))


@pytest.mark.parametrize(
    "files",
    [
        {"students.csv": STUDENTS, "staff.csv": STAFF, "x.csv": MEMBERS, "classes.csv": CLASSES},
        {"students.csv": STUDENTS, "staff.csv": STAFF, "x.csv": _add_roles(MEMBERS),
         "classes.csv": CLASSES},
        {"Users.csv": USERS, "x.csv": MEMBERS, "classes.csv": CLASSES},
        {"Users.csv": USERS, "Enrollments.csv": _add_roles(MEMBERS), "Classes.csv": CLASSES},
    ],
    ids=["by id", "by role", "users by id", "users by role"],
)  # fmt: skip
def test_students_and_teachers_in_one_column_are_told_apart(
    tmp_path: Path, files: dict[str, str]
) -> None:
    export = _read(tmp_path, files)
    assert _list(export, "students", "Student_id") == [("u1",), ("u2",), ("u3",)]
    assert _list(export, "teachers", "Teacher_id") == [("t1",), ("t2",)]
    assert _list(export, "enrollments", "Section_id", "Student_id") == [
        ("c1", "u1"),
        ("c1", "u2"),
        ("c2", "u3"),
        ("c3", "u1"),
    ]
    posts = _list(export, "sections", "Section_id", "Teacher_id", "Teacher_2_id")
    assert posts == [("c1", "t1", "t1"), ("c2", "t2", "t1"), ("c3", "", "")]  # twice, as listed


def test_teachers_come_out_of_a_staff_file_that_sections_refer_to(tmp_path: Path) -> None:
    classes = "class_id,class_name,tchr\nc1,Math,t1\nc2,Science,t2\nc3,Art,t1\n"
    members = "class_id,kid\nc1,u1\nc1,u2\nc2,u3\n"
    export = _read(
        tmp_path,
        {"students.csv": STUDENTS, "staff.csv": STAFF, "x.csv": members, "classes.csv": classes},
    )
    assert _list(export, "teachers", "Teacher_id") == [("t1",), ("t2",)]
    assert _list(export, "enrollments", "Student_id") == [("u1",), ("u2",), ("u3",)]


def test_a_suffix_on_every_heading_changes_no_table(tmp_path: Path) -> None:
    def mark(text: str, suffix: str) -> str:
        header, _, rest = text.partition("\n")
        return ",".join(f"{cell}_{suffix}" for cell in header.split(",")) + "\n" + rest

    teachers = "id,first_name,last_name,email\n" + "".join(
        f"t{n},Tess,Madeup,t{n}@y.test\n" for n in range(1, 9)
    )
    courses = "course_id,name,subject\nk1,Math,Math\nk2,Art,Arts\n"
    classes = "class_id,title,course,teacher\nc1,Math 1,k1,t1\nc2,Art 1,k2,t2\n"
    files = {
        "a.csv": mark(STUDENTS, "usr"),
        "Teachers.csv": mark(teachers, "usr"),
        "Courses.csv": mark(courses, "cr"),
        "Classes.csv": mark(classes, "cl"),
        "Enrollments.csv": mark("student_id,class_id\nu1,c1\nu2,c1\nu3,c2\n", "en"),
    }
    export = _read(tmp_path, files)
    sizes = {name: len(table) for name, table in export.tables.items()}
    assert sizes == {"students": 3, "teachers": 8, "sections": 2, "enrollments": 3}
    assert _list(export, "sections", "Teacher_id") == [("t1",), ("t2",)]
