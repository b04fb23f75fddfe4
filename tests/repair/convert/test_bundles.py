"""OneRoster bundles pass a strict reader, and hold what Clever's files hold."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from tests.support import districts, other_formats
from tests.support.bundles import list_problems
from tests.support.conversions import Converted, Files, convert_files, parse

pytestmark = pytest.mark.slow

VERSIONS = ("1.1", "1.2")
TODAY = dt.date(2026, 11, 16)

SMALL = {
    "schools.csv": "School_id,School_name,School_number,Low_grade\n1,Oak School,12,6\n",
    "students.csv": "School_id,Student_id,First_name,Last_name,Grade,DOB\n"
    "1,s1,Ann,Made,6,2015-03-04\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name\n1,t1,Tom,Made\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Term_name,Term_start,Term_end\n"
    "1,c1,t1,S1,2026-08-17,2026-12-18\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n1,c1,s1\n",
}
"""A district of one student, made up."""


def convert(version: str, **changes: str) -> Converted:
    """Return the small district, with other files in place of some, as a bundle."""
    files = {**SMALL, **{f"{name}.csv": text for name, text in changes.items()}}
    encoded = {name: text.encode() for name, text in files.items() if text}
    return convert_files(encoded, f"oneroster-{version}")


def assert_strict(made: Converted, version: str) -> None:
    """Fail if a strict importer would refuse anything."""
    assert list_problems(made.files, version) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(4))
def test_made_up_districts_pass_a_strict_reader(seed: int, version: str) -> None:
    district = districts.build(Random(seed), 220)
    files = {name: text.encode() for name, text in other_formats.clever(district).items()}
    assert_strict(convert_files(files, f"oneroster-{version}"), version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("format", ["sds", "raw", "oneroster"])
def test_other_formats_pass_a_strict_reader(format: str, version: str) -> None:
    written = districts.write(districts.build(Random(7), 220), format)
    columns = districts.map_raw() if format == "raw" else None
    made = convert_files(written.files, f"oneroster-{version}", columns=columns)
    assert_strict(made, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_smallest_district(version: str) -> None:
    made = convert(version)
    assert_strict(made, version)
    assert set(made.files) == {
        "manifest.csv",
        "academicSessions.csv",
        "orgs.csv",
        "courses.csv",
        "classes.csv",
        "users.csv",
        "enrollments.csv",
        "demographics.csv",
    } | ({"roles.csv"} if version == "1.2" else set())
    session = made.rows("academicSessions.csv")[0]
    assert (session["title"], session["startDate"], session["endDate"]) == (
        "S1",
        "2026-08-17",
        "2026-12-18",
    )
    assert session["schoolYear"] == "2027"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_teacher_with_the_id_of_a_student_is_another_user(version: str) -> None:
    made = convert(
        version,
        teachers="School_id,Teacher_id,First_name,Last_name\n1,s1,Tom,Made\n",
        sections="School_id,Section_id,Teacher_id\n1,c1,s1\n",
    )
    assert_strict(made, version)
    assert [row["sourcedId"] for row in made.rows("users.csv")] == ["s1", "teacher-s1"]
    roles = {row["userSourcedId"]: row["role"] for row in made.rows("enrollments.csv")}
    assert roles == {"s1": "student", "teacher-s1": "teacher"}


@pytest.mark.parametrize("id", ["s 1", "n°7", "a#b", "teacher-9", "enc_9", "again-2/x", "x" * 300])
@pytest.mark.parametrize("version", VERSIONS)
def test_ids_with_characters_that_oneroster_refuses(id: str, version: str) -> None:
    made = convert(
        version,
        students=f"School_id,Student_id,First_name,Last_name\n1,{id},Ann,Made\n",
        enrollments=f"School_id,Section_id,Student_id\n1,c1,{id}\n",
    )
    assert_strict(made, version)
    back = convert_files(made.files, "clever")
    if len(id) < 200:
        assert [row["Student_id"] for row in back.rows("students.csv")] == [id]
        assert [row["Student_id"] for row in back.rows("enrollments.csv")] == [id]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_section_without_term_name_or_course_is_filled_and_blank_on_the_way_back(
    version: str,
) -> None:
    made = convert(version, sections="School_id,Section_id,Teacher_id\n1,c1,t1\n")
    assert_strict(made, version)
    section = made.rows("classes.csv")[0]
    assert section["metadata.assumed"] == "title course term startDate endDate"
    session = made.rows("academicSessions.csv")[0]
    assert (session["type"], session["startDate"], session["endDate"]) == (
        "schoolYear",
        "2026-07-01",
        "2027-06-30",
    )
    back = convert_files(made.files, "clever").rows("sections.csv")[0]
    filled = {name: cell for name, cell in back.items() if cell}
    assert filled == {"School_id": "1", "Section_id": "c1", "Teacher_id": "t1"}


def test_values_that_oneroster_refuses_are_kept_in_metadata_and_come_back() -> None:
    made = convert(
        "1.1",
        students="School_id,Student_id,First_name,Last_name,Grade,DOB,Gender,Race\n"
        "1,s1,Ann,Made,Red,someday,X,Martian\n",
    )
    assert_strict(made, "1.1")
    kept = made.rows("demographics.csv")[0]
    assert (kept["metadata.DOB"], kept["metadata.Gender"]) == ("someday", "X")
    assert made.rows("users.csv")[0]["metadata.Grade"] == "Red"
    listed = {entry.column for entry in made.written.left_out}
    assert {"Grade", "DOB", "Gender", "Race"} <= listed
    back = convert_files(made.files, "clever").rows("students.csv")[0]
    assert (back["Grade"], back["DOB"], back["Gender"]) == ("Red", "someday", "X")
    assert back["Race"] == "Martian"


@pytest.mark.parametrize("version", VERSIONS)
def test_contacts_are_users_whom_the_student_names(version: str) -> None:
    head = "School_id,Student_id,First_name,Last_name,Contact_name,Contact_relationship"
    made = convert(
        version,
        students=f"{head},Contact_email,Contact_phone\n"
        "1,s1,Ann,Made,Mia Made,Mother,mia@post.example,5550100\n"
        '1,s1,Ann,Made,"Made, Max",Uncle,,\n'
        "1,s2,Bo,Made,Mia Made,Mother,mia@post.example,5550100\n",
    )
    assert_strict(made, version)
    users = {row["sourcedId"]: row for row in made.rows("users.csv")}
    agents = [users[id]["agentSourcedIds"].split(",") for id in ("s1", "s2")]
    assert len(agents[0]) == 2
    assert agents[1] == agents[0][:1]
    mother = users[agents[1][0]]
    assert (mother["givenName"], mother["familyName"], mother["phone"]) == (
        "Mia",
        "Made",
        "5550100",
    )
    back = convert_files(made.files, "clever").rows("students.csv")
    assert [
        (row["Student_id"], row["Contact_name"], row["Contact_relationship"]) for row in back
    ] == [
        ("s1", "Mia Made", "Mother"),
        ("s1", "Made, Max", "Uncle"),
        ("s2", "Mia Made", "Mother"),
    ]


def test_everybody_is_at_every_school_of_theirs_the_main_one_first() -> None:
    files = {
        "schools": "School_id,School_name\n1,Oak\n2,Elm\n3,Fir\n",
        "staff": "School_id,Staff_id,Staff_email,First_name,Last_name,Title\n"
        "2,b1,pat@made.example,Pat,Made,Principal\n3,b1,pat@made.example,Pat,Made,Principal\n",
        "sections": "School_id,Section_id,Teacher_id,Teacher_2_id\n1,c1,t1,\n2,c2,t1,\n",
        "enrollments": "School_id,Section_id,Student_id\n2,c2,s1\n1,c1,s1\n",
    }
    users = {row["sourcedId"]: row for row in convert("1.1", **files).rows("users.csv")}
    assert {id: row["orgSourcedIds"] for id, row in users.items()} == {
        "s1": "1,2",
        "t1": "1,2",
        "b1": "2,3",
    }
    made = convert("1.2", **files)
    assert_strict(made, "1.2")
    roles = [(r["userSourcedId"], r["orgSourcedId"], r["role"]) for r in made.rows("roles.csv")]
    assert ("b1", "2", "principal") in roles
    assert ("b1", "3", "principal") in roles
    back = convert_files(made.files, "clever")
    assert [row["School_id"] for row in back.rows("staff.csv")] == ["2", "3"]
    assert [row["Title"] for row in back.rows("staff.csv")] == ["Principal", "Principal"]


ROLES = {
    "Principal": ("administrator", "principal"),
    "Assistant Principal": ("administrator", "siteAdministrator"),
    "Superintendent": ("administrator", "districtAdministrator"),
    "Counselor": ("aide", "counselor"),
    "School Tech Lead": ("administrator", "siteAdministrator"),
    "Nurse": ("aide", "aide"),
    "": ("aide", "aide"),
}
"""Title -> the role of OneRoster 1.1 and that of 1.2."""


def test_staff_get_the_role_of_their_title_or_the_one_with_the_fewest_rights() -> None:
    staff = "School_id,Staff_id,Staff_email,First_name,Last_name,Title\n" + "".join(
        f"1,b{at},pat{at}@made.example,Pat,Made,{title}\n" for at, title in enumerate(ROLES)
    )
    ids = {f"b{at}": title for at, title in enumerate(ROLES)}
    users = {row["sourcedId"]: row for row in convert("1.1", staff=staff).rows("users.csv")}
    made = convert("1.2", staff=staff)
    roles = {row["userSourcedId"]: row for row in made.rows("roles.csv")}
    back = {row["Staff_id"]: row for row in convert_files(made.files, "clever").rows("staff.csv")}
    for id, title in ids.items():
        assert (users[id]["role"], roles[id]["role"]) == ROLES[title], title
        assert back[id].get("Title", "") == title


def test_primary_and_co_teachers() -> None:
    made = convert(
        "1.2",
        teachers="School_id,Teacher_id,First_name,Last_name\n1,t1,Tom,Made\n1,t2,Tea,Made\n",
        sections="School_id,Section_id,Teacher_id,Teacher_2_id,Teacher_3_id\n1,c1,t2,t1,t2\n",
    )
    assert_strict(made, "1.2")
    teaching = [row for row in made.rows("enrollments.csv") if row["role"] == "teacher"]
    assert [(row["userSourcedId"], row["primary"]) for row in teaching] == [
        ("t2", "true"),
        ("t1", "false"),
    ]
    assert any("twice" in entry.reason for entry in made.written.left_out)


def test_extension_columns_are_metadata_and_come_back() -> None:
    students = "School_id,Student_id,First_name,Last_name,ext.locker\n1,s1,Ann,Made,A7\n"
    made = convert("1.1", students=students)
    assert_strict(made, "1.1")
    assert made.rows("users.csv")[0]["metadata.locker"] == "A7"
    back = convert_files(made.files, "clever").rows("students.csv")[0]
    assert back["ext.locker"] == "A7"


def test_programs_addresses_and_averages_are_left_out_and_listed() -> None:
    made = convert(
        "1.2",
        students="School_id,Student_id,First_name,Last_name,Frl_status,Student_street,Weighted_gpa\n"
        "1,s1,Ann,Made,F,1 Main St,3.1\n",
    )
    whole = b"".join(made.files.values())
    assert b"1 Main St" not in whole
    listed = {(entry.column, entry.count) for entry in made.written.left_out}
    assert {("Frl_status", 1), ("Student_street", 1), ("Weighted_gpa", 1)} <= listed


def test_usernames_are_unique_where_two_people_share_an_address() -> None:
    made = convert(
        "1.1",
        students="School_id,Student_id,First_name,Last_name,Student_email\n"
        "1,s1,Ann,Made,kin@made.example\n1,s2,Bo,Made,KIN@made.example\n1,s3,Cy,Made,cy@made.example\n",
    )
    names = {row["sourcedId"]: row["username"] for row in made.rows("users.csv")}
    assert names == {"s1": "s1", "s2": "s2", "s3": "cy@made.example", "t1": "t1"}


def test_a_bundle_to_a_bundle_keeps_what_only_oneroster_has() -> None:
    made = convert("1.1")
    classes = made.files["classes.csv"].replace(b",scheduled,,", b",scheduled,Room 7,")
    files: Files = {**made.files, "classes.csv": classes}
    again = convert_files(files, "oneroster-1.2")
    assert_strict(again, "1.2")
    assert again.rows("classes.csv")[0]["location"] == "Room 7"
    listed = convert_files(files, "clever").written.left_out
    assert ("location", 1) in {(entry.column, entry.count) for entry in listed}


def test_the_manifest_names_every_file() -> None:
    for version in VERSIONS:
        rows = parse(convert(version).files["manifest.csv"])
        stated = {row["propertyName"]: row["value"] for row in rows}
        assert stated["oneroster.version"] == version
        assert stated["file.users"] == "bulk"
        assert stated["file.results"] == "absent"
        assert ("file.roles" in stated) is (version == "1.2")


def test_courses_and_terms_of_a_bundle_keep_their_ids() -> None:
    sessions = (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
        "y,active,,Year,schoolYear,2026-08-17,2027-06-04,,2026-2027\n"
        "q1,active,,Q1,gradingPeriod,2026-08-17,2026-10-16,y,2027\n"
        "q2,active,,Q2,gradingPeriod,2026-10-19,2026-12-18,y,2027\n"
    )
    courses = (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"
        "subjects,subjectCodes\n"
        "k1,active,,y,Math 6,M6,06,1,Math,02051\nk2,active,,y,Band,B,06,1,Music,\n"
    )
    made = convert("1.1")
    classes = made.rows("classes.csv")[0] | {"courseSourcedId": "k1", "termSourcedIds": "q1,q2"}
    quoted = [f'"{cell}"' for cell in classes.values()]
    files: Files = {
        **made.files,
        "academicSessions.csv": sessions.encode(),
        "courses.csv": courses.encode(),
        "classes.csv": f"{','.join(classes)}\n{','.join(quoted)}\n".encode(),
    }
    again = convert_files(files, "oneroster-1.2")
    assert_strict(again, "1.2")
    assert [row["sourcedId"] for row in again.rows("courses.csv")] == ["k1"]
    course = again.rows("courses.csv")[0]
    assert (course["schoolYearSourcedId"], course["subjectCodes"]) == ("y", "02051")
    written = again.rows("academicSessions.csv")
    assert [(row["sourcedId"], row["schoolYear"]) for row in written] == [
        ("y", "2027"),
        ("q1", "2027"),
        ("q2", "2027"),
    ]
    assert again.rows("classes.csv")[0]["termSourcedIds"] == "q1,q2"
    assert ("courses.csv", "") in again.left_out()
    made_clever = convert_files(files, "clever")
    assert ("classes.csv", "termSourcedIds") in made_clever.left_out()


def test_a_complete_file_without_students_says_so() -> None:
    notes = convert("1.1", enrollments="").written.notes
    assert len(notes) == 1
    assert notes[0].file == "enrollments.csv"
    assert "It has no enrollments of students: enrollments.csv is missing" in notes[0].reason
    assert convert("1.1").written.notes == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_last_day_of_a_raw_export_is_one_day_earlier_than_that_of_oneroster(
    version: str,
) -> None:
    district = districts.build(Random(9), 220)
    for row in district["enrollments"]:
        row["Begin"], row["End"] = "08/17/2026", "01/15/2027"
    written = districts.write(district, "raw")
    made = convert_files(
        written.files, f"oneroster-{version}", columns=districts.map_raw(), today=TODAY
    )
    assert_strict(made, version)
    students = [row for row in made.rows("enrollments.csv") if row["role"] == "student"]
    assert {(row["beginDate"], row["endDate"]) for row in students} == {
        ("2026-08-17", "2027-01-16")
    }


def test_dates_that_can_be_read_in_two_orders_are_listed() -> None:
    students = "School_id,Student_id,First_name,Last_name,DOB\n1,s1,Ann,Made,3/4/2015\n"
    made = convert("1.1", students=students)
    assert made.rows("demographics.csv")[0]["birthDate"] == "2015-03-04"
    assert ("students.csv", "DOB") in made.left_out()
    certain = convert("1.1", students=students.replace("3/4/2015", "3/14/2015"))
    assert ("students.csv", "DOB") not in certain.left_out()
