"""Layouts of systems and warehouses whose headings no bundled map has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.mapping.test_composites import join_csv, suggest_and_read

PEOPLE = [(f"9{at}", f"Ann{at}", "Madeup", "5") for at in range(6)]
STAFF = [("t1", "Tess"), ("t2", "Tom"), ("t3", "Tia")]
SECTIONS = [("c1", "Math", "t1"), ("c2", "Art", "t2"), ("c3", "Science", "t3")]
LINKS = [("c1", "90"), ("c1", "91"), ("c2", "92"), ("c2", "93"), ("c3", "94"), ("c3", "95")]


TEACHERS = [(id, name, "Madeup", f"{name.lower()}@x.test") for id, name in STAFF]
LAYOUTS = {
    "two-letter columns of database tables": {
        "STU.csv": join_csv("ID,FN,LN,GR", PEOPLE),
        "TCH.csv": join_csv("TN,TF,TLN,EM", TEACHERS),
        "MST.csv": join_csv("SE,CN,TN", SECTIONS),
        "SEC.csv": join_csv("SE,ID", LINKS),
    },
    "views of a warehouse": {
        "vw_DimStudent.csv": join_csv(
            "LocalStudentID,FirstName,LastSurname,GradeLevelCode", PEOPLE
        ),
        "vw_DimStaff.csv": join_csv(
            "LocalStaffID,FirstName,LastSurname,StaffEmailAddress", TEACHERS
        ),
        "vw_DimSection.csv": join_csv("LocalSectionID,LocalCourseTitle,LocalStaffID", SECTIONS),
        "vw_FactStudentSection.csv": join_csv("LocalSectionID,LocalStudentID", LINKS),
    },
    "teachers of sections in a file of associations": {
        "students.csv": join_csv("studentUniqueId,firstName,lastSurname,gradeLevel", PEOPLE),
        "staffs.csv": join_csv(
            "staffUniqueId,firstName,lastSurname,electronicMailAddress", TEACHERS
        ),
        "sections.csv": join_csv(
            "sectionIdentifier,localCourseTitle", [row[:2] for row in SECTIONS]
        ),
        "studentSections.csv": join_csv("sectionIdentifier,studentUniqueId", LINKS),
        "staffSections.csv": join_csv(
            "sectionIdentifier,staffUniqueId", [(row[0], row[2]) for row in SECTIONS]
        ),
    },
    "signs for numbers": {
        "Patrons.csv": join_csv("Patron Barcode,First Name,Last Name,Grade Level", PEOPLE),
        "Teachers.csv": join_csv("Staff #,First Name,Last Name,E-mail", TEACHERS),
        "Class List.csv": join_csv("Class #,Class Title,Staff #", SECTIONS),
        "Class Rosters.csv": join_csv("Class #,Patron Barcode", LINKS),
    },
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_roster_is_read_whole(tmp_path: Path, name: str) -> None:
    _, export = suggest_and_read(tmp_path, LAYOUTS[name])
    rows = {table: export.tables[table].rows for table in export.tables}
    assert rows["students"]["Student_id"].tolist() == [row[0] for row in PEOPLE]
    assert rows["students"]["Last_name"].tolist() == ["Madeup"] * len(PEOPLE)
    assert rows["teachers"]["Teacher_id"].tolist() == [row[0] for row in STAFF]
    assert rows["sections"]["Section_id"].tolist() == [row[0] for row in SECTIONS]
    assert rows["sections"]["Teacher_id"].tolist() == [row[2] for row in SECTIONS]
    links = zip(rows["enrollments"]["Section_id"], rows["enrollments"]["Student_id"], strict=True)
    assert list(links) == LINKS
