"""Parents and guardians of an unknown export are contacts, and not students or teachers."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.ingest.mapping import suggest
from validator.ingest.mapping.suggestion import TableMatch
from validator.rulebook import load

STUDENTS = "id,first_name,last_name,grade\nu1,Ann,Madeup,5\nu2,Bo,Madeup,5\nu3,Cy,Madeup,6\n"
GUARDIANS = (
    "guardian_id,student_id,first_name,last_name,relationship,email\n"
    "g1,u1,Gus,Madeup,father,g1@z.test\ng2,u2,Gil,Madeup,mother,g2@z.test\n"
    "g3,gone,Gia,Madeup,mother,g3@z.test\n"
)
USERS = (
    "user_id,first_name,last_name,role,student_id\n"
    "u1,Ann,Madeup,student,\nu2,Bo,Madeup,student,\nu3,Cy,Madeup,student,\n"
    "t1,Tess,Madeup,teacher,\nt2,Tom,Madeup,teacher,\n"
    "g1,Gus,Madeup,parent,u1\ng2,Gil,Madeup,guardian,u2\ng3,Gia,Madeup,parent,gone\n"
)
CLASSES = "class_id,class_name\nc1,Math\nc2,Science\nc3,Art\n"
MEMBERS = "class_id,user_id\nc1,u1\nc1,u2\nc1,t1\nc2,u3\nc2,t2\nc3,u1\n"
ROSTER = {"classes.csv": CLASSES, "members.csv": MEMBERS}


def _suggest(folder: Path, files: dict[str, str]) -> dict[str, TableMatch]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = suggest.suggest([folder], load.load_vocabulary()[0])
    return {table.table: table for table in found.tables}


@pytest.mark.parametrize("name", ["guardians.csv", "Parents.csv", "stu_contacts.csv", "x9.csv"])
def test_a_file_of_guardians_is_contacts_under_any_name(tmp_path: Path, name: str) -> None:
    tables = _suggest(tmp_path, {"students.csv": STUDENTS, name: GUARDIANS, **ROSTER})
    assert tables["students"].file.name == "students.csv"
    assert tables["contacts"].file.name == name
    assert tables["contacts"].matches["Student_id"].taken.heading == "student_id"
    assert "Student_email" not in tables["students"].matches  # theirs are those of guardians


def test_guardians_among_all_users_name_their_student(tmp_path: Path) -> None:
    tables = _suggest(tmp_path, {"users.csv": USERS, **ROSTER})
    assert tables["contacts"].only == {"role": ("parent", "guardian")}
    assert tables["contacts"].matches["Student_id"].taken.heading == "student_id"
    students = {match.taken.heading for match in tables["students"].matches.values()}
    assert students == {"user_id", "first_name", "last_name"}


def test_students_with_a_column_for_a_guardian_stay_students(tmp_path: Path) -> None:
    rows = STUDENTS.splitlines()
    text = "\n".join([f"{rows[0]},guardian_name", *(f"{row},Gus Madeup" for row in rows[1:])])
    tables = _suggest(tmp_path, {"students.csv": text, **ROSTER})
    assert tables["students"].file.name == "students.csv"
    assert "contacts" not in tables
