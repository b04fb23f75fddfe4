"""Enrollments, sections and roles that only the references between an export's files show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.mapping.test_composites import suggest_and_read, text
from validator.ingest.mapping.suggestion import Sure

KIDS = [f"9{at:03}" for at in range(12)]
STAFF = [f"5{at:02}" for at in range(4)]
CLASSES = ["c1", "c2", "c3", "c4"]
LINKS = [(kid, CLASSES[at % 4]) for at, kid in enumerate(KIDS)]
LINKS += [(kid, CLASSES[(at + 1) % 4]) for at, kid in enumerate(KIDS)]
POSTS = list(zip(STAFF, CLASSES, strict=True))


def _people(ids: list[str], *cells: str) -> list[tuple[str, ...]]:
    return [(id, f"Ann{id}", "Madeup", f"a{id}@x.test", *cells) for id in ids]


TITLES = list(zip(CLASSES, ("Math", "Art", "Music", "Dance"), strict=True))
MOODLE = {
    "users.csv": text("idnumber,firstname,lastname,email", _people(KIDS) + _people(STAFF)),
    "courses.csv": text("idnumber,shortname,fullname", [(id, f"{id}-26", t) for id, t in TITLES]),
    "course users.csv": text(
        "course_idnumber,user_idnumber,role",
        [(link[1], link[0], "student") for link in LINKS]
        + [(post[1], post[0], "editingteacher") for post in POSTS],
    ),
}
NUMBERED = {
    "users.csv": text("user_id,first_name,last_name,email,role", _people(KIDS, "3"))
    + "".join(",".join(row) + "\n" for row in _people(STAFF, "2")),
    "classes.csv": text("class_id,class_name", TITLES),
    "members.csv": text(
        "class_id,user_id,role",
        [(link[1], link[0], "3") for link in LINKS] + [(post[1], post[0], "2") for post in POSTS],
    ),
}
ADDRESSES = {
    "students.csv": text("Last Name,Email,First Name", [(r[2], r[3], r[1]) for r in _people(KIDS)]),
    "teachers.csv": text(
        "Last Name,Email,First Name", [(r[2], r[3], r[1]) for r in _people(STAFF)]
    ),
    "classes.csv": text(
        "Class Code,Class Name,Teacher Email",
        [(id, t, f"a{STAFF[at]}@x.test") for at, (id, t) in enumerate(TITLES)],
    ),
    "rosters.csv": text(
        "Class Code,Student Email", [(link[1], f"a{link[0]}@x.test") for link in LINKS]
    ),
}
CLASSROOM = {
    "users.csv": text(
        "Employee ID,First Name [Required],Last Name [Required],Email Address [Required]",
        _people(KIDS) + _people(STAFF),
    ),
    "courses.csv": text(
        "id,name,section,ownerId",
        [(*row, f"{at}", f"a{STAFF[at]}@x.test") for at, row in enumerate(TITLES)],
    ),
    "course participants.csv": text(
        "courseId,profile.emailAddress,role",
        [(link[1], f"a{link[0]}@x.test", "STUDENT") for link in LINKS]
        + [(post[1], f"a{post[0]}@x.test", "TEACHER") for post in POSTS],
    ),
}
SECOND_ID = {
    "students.csv": text("Name ID,Other ID,Last Name,First Name,Grade,Email", [
        (id, f"8{id}", "Madeup", f"Ann{id}", "5", f"a{id}@x.test") for id in KIDS
    ]),
    "faculty.csv": text("Person ID,First Name,Last Name,Email 1", _people(STAFF)),
    "classes.csv": text(
        "Internal Class ID,Class ID,Course Long Description,Primary Teacher Person ID",
        [(id, f"k{id}", t, STAFF[at]) for at, (id, t) in enumerate(TITLES)],
    ),
    "class list.csv": text(
        "Student Name ID,Internal Class ID", [(link[0], link[1]) for link in LINKS]
    ),
}  # fmt: skip
LAYOUTS = {
    "courses are the classes, teachers by role": MOODLE,
    "roles are numbers": NUMBERED,
    "people are known by their addresses": ADDRESSES,
    "users, courses and participants": CLASSROOM,
    "enrollments refer to the second id": SECOND_ID,
}


def _strip(id: str) -> str:
    return id.removeprefix("a").removesuffix("@x.test")


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_roster_is_read_whole(tmp_path: Path, name: str) -> None:
    tables, export = suggest_and_read(tmp_path, LAYOUTS[name])
    rows = {table: export.tables[table].rows for table in export.tables}
    assert [_strip(id) for id in rows["students"]["Student_id"]] == KIDS
    assert [_strip(id) for id in rows["teachers"]["Teacher_id"]] == STAFF
    assert rows["sections"]["Section_id"].tolist() == CLASSES
    assert [_strip(id) for id in rows["sections"]["Teacher_id"]] == STAFF
    ids = rows["enrollments"]
    links = zip(map(_strip, ids["Student_id"]), ids["Section_id"], strict=True)
    assert list(links) == LINKS
    assert tables["enrollments"].matches["Student_id"].sure is not Sure.SURE


def test_a_master_schedule_without_students_is_no_list_of_enrollments(tmp_path: Path) -> None:
    rows = [(f"s{at}", f"k{at % 3}", STAFF[at % 3], "1") for at in range(6)]
    titles = [("k0", "Math 6"), ("k1", "Art 6"), ("k2", "Music 6")]
    files = {
        "a.csv": text("Crs id,Nm", titles),
        "b.csv": text("Sect id,Crs,Tchr,Period", rows),
        "c.csv": text("Tchr id,Nm", [(id, f"Tess M{id}") for id in STAFF]),
        "students.csv": text("student_id,first_name,last_name,email", _people(KIDS)),
    }
    tables, _ = suggest_and_read(tmp_path, files)
    assert "enrollments" not in tables
    assert tables["sections"].file.name == "b.csv"
    assert tables["students"].file.name == "students.csv"


def test_grades_and_schools_come_from_a_file_with_the_same_ids(tmp_path: Path) -> None:
    grades = "uri://ed-fi.org/GradeLevelDescriptor#Fifth grade"
    files = {
        **NUMBERED,
        "Students.csv": text("studentUniqueId,firstName,lastSurname", [
            row[:3] for row in _people(KIDS)
        ]),
        "StudentSchoolAssociations.csv": text(
            "studentReference.studentUniqueId,schoolReference.schoolId,entryGradeLevelDescriptor",
            [(id, "11", grades) for id in KIDS],
        ),
    }  # fmt: skip
    del files["users.csv"]
    tables, export = suggest_and_read(tmp_path, files)
    assert tables["students"].file.name == "Students.csv"
    rows = export.tables["students"].rows
    assert set(rows["School_id"]) == {"11"}
    assert set(rows["Grade"]) == {grades}


def test_numbers_that_half_the_people_share_are_no_roles(tmp_path: Path) -> None:
    members = [(link[1], link[0], str(at % 2)) for at, link in enumerate(LINKS)]
    files = {**NUMBERED, "members.csv": text("class_id,user_id,status", members)}
    tables, _ = suggest_and_read(tmp_path, files)
    assert not tables["enrollments"].only
    assert "teachers" not in tables


def test_courses_under_any_file_name_are_no_people_and_no_schools(tmp_path: Path) -> None:
    files = {f"query{at}.csv": each for at, each in enumerate(CLASSROOM.values())}
    tables, export = suggest_and_read(tmp_path, files)
    assert tables["sections"].file.name == "query1.csv"
    assert "schools" not in tables
    assert len(export.tables["students"].rows) == len(KIDS)


def test_class_and_class_number_are_two_columns_in_parts_of_a_table(tmp_path: Path) -> None:
    files = {**NUMBERED, "students.csv": text("Student #,First,Last,Grade", [
        (*row[:3], "5") for row in _people(KIDS)
    ])}  # fmt: skip
    del files["users.csv"]
    files["members.csv"] = text("Student #,Class #", LINKS)
    del files["classes.csv"]
    for at in (0, 2):
        rows = [(*row, "Tess Madeup") for row in TITLES[at : at + 2]]
        files[f"classes_{at}.csv"] = text("Class #,Class,Teacher", rows)
    tables, export = suggest_and_read(tmp_path, files)
    assert len(tables["sections"].file.parts) == 2
    assert export.tables["sections"].rows["Section_id"].tolist() == CLASSES
    assert export.tables["sections"].rows["Course_name"].tolist() == [row[1] for row in TITLES]


def test_section_numbers_of_four_digits_are_no_years(tmp_path: Path) -> None:
    rows = [("k1", str(1001 + at % 2), "Math", id, f"Ann{id}", "M") for at, id in enumerate(KIDS)]
    lists = text("Crs Key,Sec,Crs Desc,Stu ID,Stu First,Stu Last", [*rows, *rows[1:], rows[0]])
    tables, _ = suggest_and_read(tmp_path, {"Class Roster Report.csv": lists})
    assert "Graduation_year" not in tables["students"].matches


@pytest.mark.parametrize("heading", ["CoTeacherID", "Secondary Teacher ID", "Tchr2", "Teacher 2"])
def test_a_second_teacher_is_read(tmp_path: Path, heading: str) -> None:
    rows = [(id, title, STAFF[at], STAFF[at - 1]) for at, (id, title) in enumerate(TITLES)]
    files = {
        **ADDRESSES,
        "classes.csv": text(f"Class Code,Class Name,Teacher ID,{heading}", rows),
    }
    files["teachers.csv"] = text("Teacher ID,First Name,Last Name,Email", _people(STAFF))
    tables, export = suggest_and_read(tmp_path, files)
    assert tables["sections"].matches["Teacher_2_id"].taken.heading == heading
    assert export.tables["sections"].rows["Teacher_2_id"].tolist() == [row[3] for row in rows]


IDLE = [f"6{at:02}" for at in range(5)]


@pytest.mark.parametrize(
    ("heading", "kid", "staff"),
    [("role", "3", "2"), ("Department", "Pupils", "Staff"), ("Org Unit Path", "/S/26", "/Faculty")],
)
def test_a_column_of_people_that_agrees_with_enrollments_tells_teachers_without_sections(
    tmp_path: Path, heading: str, kid: str, staff: str
) -> None:
    for layout, people in ((NUMBERED, "user_id"), (MOODLE, "idnumber")):
        rows = _people(KIDS, kid) + _people([*STAFF, *IDLE], staff)
        users = text(f"{people},first_name,last_name,email,{heading}", rows)
        folder = tmp_path / people
        folder.mkdir()
        _, export = suggest_and_read(folder, {**layout, "users.csv": users})
        assert export.tables["students"].rows["Student_id"].tolist() == KIDS
        assert export.tables["teachers"].rows["Teacher_id"].tolist() == [*STAFF, *IDLE]


def test_a_column_of_people_that_is_blank_for_some_tells_nobody_apart(tmp_path: Path) -> None:
    rows = _people(KIDS, "") + _people(STAFF, "Staff")
    users = text("user_id,first_name,last_name,email,Department", rows)
    tables, export = suggest_and_read(tmp_path, {**NUMBERED, "users.csv": users})
    assert not tables["students"].only
    assert export.tables["students"].rows["Student_id"].tolist() == KIDS


def test_a_heading_of_which_only_number_is_left_is_no_id_of_students(tmp_path: Path) -> None:
    rows = [(id, "k1", f"{at}", STAFF[at], "11") for at, id in enumerate(CLASSES)]
    files = {
        "v_Student.csv": text("personID,firstName,lastName,email", _people(KIDS)),
        "v_Staff.csv": text("personID,firstName,lastName,email", _people(STAFF)),
        "v_Section.csv": text("sectionID,courseID,number,teacherPersonID,schoolID", rows),
        "v_Course.csv": text("courseID,number,name", [("k1", "M1", "Math"), ("k2", "A1", "Art")]),
        "v_Roster.csv": text("personID,sectionID", LINKS),
    }
    tables, _ = suggest_and_read(tmp_path, files)
    assert tables["sections"].file.name == "v_Section.csv"
    assert tables["sections"].matches["Course_name"].taken.heading == "name"


def test_teachers_in_enrollments_stay_where_sections_name_theirs(tmp_path: Path) -> None:
    rows = [(id, title, STAFF[at]) for at, (id, title) in enumerate(TITLES)]
    files = {
        "students.csv": text("student id,first,last,email", _people(KIDS)),
        "teachers.csv": text("teacher id,first,last,email", _people(STAFF)),
        "sections.csv": text("section id,title,teacher id", rows),
        "enrollments.csv": text("student id,section id", [*LINKS, *POSTS]),
    }
    tables, export = suggest_and_read(tmp_path, files)
    assert not tables["enrollments"].without_teachers
    assert len(export.tables["enrollments"].rows) == len(LINKS) + len(POSTS)
