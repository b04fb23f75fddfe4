"""Parents and guardians of a raw export become contacts in each destination."""

from __future__ import annotations

import pytest

from tests.support.conversions import Files, convert_files

FILES: Files = {
    "schools.csv": b"id,name\n11,Foggy Hollow School\n",
    "students.csv": b"id,first,last,grade,school\n"
    b"u1,Ann,Madeup,5,11\nu2,Bo,Madeup,5,11\nu3,Cy,Madeup,6,11\n",
    "teachers.csv": b"id,first,last,school\nt1,Tess,Madeup,11\n",
    "sections.csv": b"id,teacher,title,school\nc1,t1,Math,11\n",
    "members.csv": b"student,section\nu1,c1\nu2,c1\nu3,c1\n",
    "guardians.csv": b"guardian,student,first,last,relation,email\n"
    b"g2,u2,Gil,Madeup,Mother,g2@z.test\n"
    b"g1,u1,Gus,Madeup,Father,g1@z.test\n"
    b"g3,u1,,Madeup-Only,Other,\n"
    b"g9,gone,Gia,Madeup,Mother,g9@z.test\n",
}
PEOPLE = "First_name: first, Last_name: last, School_id: school"
MAP = f"""
sis: other
tables:
  schools: {{file: schools.csv, columns: {{School_id: id, School_name: name}}}}
  students: {{file: students.csv, columns: {{Student_id: id, Grade: grade, {PEOPLE}}}}}
  teachers: {{file: teachers.csv, columns: {{Teacher_id: id, {PEOPLE}}}}}
  sections:
    file: sections.csv
    columns: {{Section_id: id, Teacher_id: teacher, Course_name: title, School_id: school}}
  enrollments: {{file: members.csv, columns: {{Student_id: student, Section_id: section}}}}
  contacts:
    file: guardians.csv
    columns:
      Student_id: student
      Contact_sis_id: guardian
      Contact_name: {{combine: [first, last]}}
      Contact_relationship: relation
      Contact_email: email
"""


def test_contacts_are_rows_of_students_in_clever() -> None:
    converted = convert_files(FILES, "clever", columns=MAP)
    columns = ("Student_id", "Contact_name", "Contact_sis_id", "Contact_email")
    rows = [tuple(row[name] for name in columns) for row in converted.rows("students.csv")]
    assert rows == [
        ("u1", "Gus Madeup", "g1", "g1@z.test"),
        ("u1", "Madeup-Only", "g3", ""),
        ("u2", "Gil Madeup", "g2", "g2@z.test"),
        ("u3", "", "", ""),
    ]
    assert ("guardians.csv", "student") in converted.left_out()  # one is of an unknown student
    assert not {name for file, name in converted.left_out() if name == "email"}


@pytest.mark.parametrize("destination", ["oneroster-1.1", "oneroster-1.2"])
def test_contacts_are_users_in_oneroster_and_come_back(destination: str) -> None:
    bundle = convert_files(FILES, destination, columns=MAP).files
    back = convert_files(bundle, "clever").rows("students.csv")
    direct = convert_files(FILES, "clever", columns=MAP).rows("students.csv")
    names = ("Student_id", "Contact_name", "Contact_sis_id", "Contact_relationship")
    assert [[row[name] for name in names] for row in back] == [
        [row[name] for name in names] for row in direct
    ]


def test_columns_that_join_files_and_choose_rows_are_not_listed_as_left_out() -> None:
    files: Files = {
        **FILES,
        "students.csv": b"id,first,last\nu1,Ann,Madeup\nu2,Bo,Madeup\nu3,Cy,Madeup\n",
        "places.csv": b"pupil,grade,school,bus\nu1,5,11,7\nu2,5,11,7\nu3,6,11,8\n",
        "members.csv": b"student,section,kind\nu1,c1,kid\nu2,c1,kid\nu3,c1,kid\n",
    }
    joined = "file: places.csv, join: id, on: pupil"
    given = "Student_id: id, Grade: grade, First_name: first, Last_name: last, School_id: school"
    wanted = (
        f"Student_id: id, Grade: {{from: grade, {joined}}}, First_name: first, "
        f"Last_name: last, School_id: {{from: school, {joined}}}"
    )
    assert given in MAP
    column_map = MAP.replace(given, wanted)
    column_map = column_map.replace("{file: members.csv,", "{file: members.csv, only: {kind: kid},")
    converted = convert_files(files, "clever", columns=column_map)
    assert [row["Grade"] for row in converted.rows("students.csv")][-1] == "6"
    left = {entry for entry in converted.left_out() if entry[0] != "guardians.csv"}
    assert left == {("places.csv", "bus")}
