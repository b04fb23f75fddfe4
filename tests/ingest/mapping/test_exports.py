"""Layouts of systems and warehouses whose headings no bundled map has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.mapping.test_composites import suggest_and_read, text

PEOPLE = [(f"9{at}", f"Ann{at}", "Madeup", "5") for at in range(6)]
STAFF = [("t1", "Tess"), ("t2", "Tom"), ("t3", "Tia")]
SECTIONS = [("c1", "Math", "t1"), ("c2", "Art", "t2"), ("c3", "Science", "t3")]
LINKS = [("c1", "90"), ("c1", "91"), ("c2", "92"), ("c2", "93"), ("c3", "94"), ("c3", "95")]


TEACHERS = [(id, name, "Madeup", f"{name.lower()}@x.test") for id, name in STAFF]
LAYOUTS = {
    "two-letter columns of database tables": {
        "STU.csv": text("ID,FN,LN,GR", PEOPLE),
        "TCH.csv": text("TN,TF,TLN,EM", TEACHERS),
        "MST.csv": text("SE,CN,TN", SECTIONS),
        "SEC.csv": text("SE,ID", LINKS),
    },
    "views of a warehouse": {
        "vw_DimStudent.csv": text("LocalStudentID,FirstName,LastSurname,GradeLevelCode", PEOPLE),
        "vw_DimStaff.csv": text("LocalStaffID,FirstName,LastSurname,StaffEmailAddress", TEACHERS),
        "vw_DimSection.csv": text("LocalSectionID,LocalCourseTitle,LocalStaffID", SECTIONS),
        "vw_FactStudentSection.csv": text("LocalSectionID,LocalStudentID", LINKS),
    },
    "teachers of sections in a file of associations": {
        "students.csv": text("studentUniqueId,firstName,lastSurname,gradeLevel", PEOPLE),
        "staffs.csv": text("staffUniqueId,firstName,lastSurname,electronicMailAddress", TEACHERS),
        "sections.csv": text("sectionIdentifier,localCourseTitle", [row[:2] for row in SECTIONS]),
        "studentSections.csv": text("sectionIdentifier,studentUniqueId", LINKS),
        "staffSections.csv": text(
            "sectionIdentifier,staffUniqueId", [(row[0], row[2]) for row in SECTIONS]
        ),
    },
    "signs for numbers": {
        "Patrons.csv": text("Patron Barcode,First Name,Last Name,Grade Level", PEOPLE),
        "Teachers.csv": text("Staff #,First Name,Last Name,E-mail", TEACHERS),
        "Class List.csv": text("Class #,Class Title,Staff #", SECTIONS),
        "Class Rosters.csv": text("Class #,Patron Barcode", LINKS),
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
