"""Clever's files as Clever wants them, from exports of any format."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest

from tests.support import districts
from tests.support.conversions import Converted, convert_files, count_findings, judge
from validator.model import BadUsage
from validator.repair.convert.registry import find_destination, list_destinations
from validator.schemas import clever

COLUMNS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
    "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,"
    "orgSourcedId,subjects,subjectCodes",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,"
    "parentSourcedId,schoolYear",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,"
    "role,primary,beginDate,endDate",
    "demographics": "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,"
    "asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
    "demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity",
}
ROWS = {
    "orgs": ["d1,,,District,district,,", "1,,,Oak,school,12,d1", "2,,,Elm,school,13,d1"],
    "users": [
        "s1,,,true,1,student,ann,{stateId:77},Ann,Made,,n1,ann@made.example,,,p1,06,",
        "p1,,,true,1,parent,mia,,Mia,Made,,,mia@post.example,5550100,,,,",
        't1,,,true,"1,2",teacher,tom,,Tom,Made,,,tom@made.example,,,,,',
        "b1,,,true,d1,administrator,pat,,Pat,Made,,,pat@made.example,,,,,",
    ],
    "classes": ['c1,,,Math 6,"06,07,08",k1,A,scheduled,,1,"y1,y2",Mathematics,,3'],
    "courses": ["k1,,,,Math,M6,,1,,"],
    "academicSessions": [
        "y1,,,Fall,term,2026-08-17,2026-12-18,,2027",
        "y2,,,Spring,term,2027-01-05,2027-06-04,,2027",
    ],
    "enrollments": [
        "e1,,,c1,1,t1,teacher,true,,",
        "e2,,,c1,1,s1,student,,2026-08-17,",
        "e3,,,c1,1,s1,student,,2026-08-17,2026-09-01",
    ],
    "demographics": ["s1,,,2015-03-04,female,false,true,false,false,true,,true"],
}


def convert_oneroster(**changes: list[str]) -> Converted:
    """Return a small OneRoster export, with other rows in some files, as Clever's files."""
    rows = {**ROWS, **changes}
    files = {
        f"{name}.csv": "\n".join([COLUMNS[name], *lines, ""]).encode()
        for name, lines in rows.items()
    }
    return convert_files(files, "clever")


def find(rows: list[dict[str, str]], **cells: str) -> dict[str, str]:
    """Return the filled cells of the only row with these."""
    fits = [row for row in rows if all(row[name] == cell for name, cell in cells.items())]
    assert len(fits) == 1
    return {name: cell for name, cell in fits[0].items() if cell}


def test_a_student_with_demographics_state_id_and_a_contact() -> None:
    made = convert_oneroster()
    assert find(made.rows("students.csv")) == {
        "School_id": "1",
        "Student_id": "s1",
        "Student_number": "n1",
        "State_id": "77",
        "Last_name": "Made",
        "First_name": "Ann",
        "Grade": "6",
        "Gender": "F",
        "DOB": "2015-03-04",
        "Race": "M",
        "Hispanic_Latino": "Y",
        "Student_email": "ann@made.example",
        "Contact_relationship": "Parent",
        "Contact_type": "Parent/Guardian",
        "Contact_name": "Mia Made",
        "Contact_phone": "5550100",
        "Contact_phone_type": "Cell",
        "Contact_email": "mia@post.example",
        "Contact_sis_id": "p1",
        "Username": "ann",
    }
    assert ("asian", 1) in {(entry.column, entry.count) for entry in made.written.left_out}


def test_a_section_with_its_course_terms_and_grades() -> None:
    section = find(convert_oneroster().rows("sections.csv"))
    assert section == {
        "School_id": "1",
        "Section_id": "c1",
        "Teacher_id": "t1",
        "Name": "Math 6",
        "Section_number": "A",
        "Grade": "6-8",
        "Course_name": "Math",
        "Course_number": "M6",
        "Period": "3",
        "Subject": "Math",
        "Term_name": "Fall",
        "Term_start": "2026-08-17",
        "Term_end": "2027-06-04",
    }


def test_staff_of_a_district_are_at_each_of_its_schools() -> None:
    made = convert_oneroster()
    assert [row["School_id"] for row in made.rows("staff.csv")] == ["1", "2"]
    assert any("work for the district" in note.reason for note in made.written.notes)


def test_a_teacher_of_two_schools_is_one_row_and_the_other_school_is_listed() -> None:
    made = convert_oneroster()
    assert [row["School_id"] for row in made.rows("teachers.csv")] == ["1"]
    assert ("users.csv", "orgSourcedIds") in made.left_out()


def test_enrollments_that_have_ended_are_not_written() -> None:
    made = convert_oneroster()
    assert len(made.rows("enrollments.csv")) == 1
    assert any("ended" in entry.reason for entry in made.written.left_out)


def test_at_most_five_contacts() -> None:
    agents = [f"p{number}" for number in range(7)]
    people = [f"{id},,,true,1,parent,{id},,Mia,Made{id},,,,,,,," for id in agents]
    student = f'"{",".join(agents)}"'
    row = f"s1,,,true,1,student,ann,,Ann,Made,,,ann@made.example,,,{student},06,"
    made = convert_oneroster(users=[row, *people, *ROWS["users"][2:]])
    assert len(made.rows("students.csv")) == 5
    assert ("users.csv", "agentSourcedIds") in made.left_out()


def test_a_delta_export_is_written_with_a_warning() -> None:
    manifest = "propertyName,value\noneroster.version,1.1\nfile.users,delta\n"
    files = {f"{n}.csv": "\n".join([COLUMNS[n], *r, ""]).encode() for n, r in ROWS.items()}
    made = convert_files({**files, "manifest.csv": manifest.encode()}, "clever")
    assert any("changes only" in note.reason for note in made.written.notes)


def test_columns_are_in_clevers_order_under_clevers_names() -> None:
    header = "LAST NAME,student_id,first_name,School Id,Dob,ext.locker\n"
    files = {
        "students.csv": (header + "Made,s1,Ann,1,2015-03-04,A7\n").encode(),
        "schools.csv": b"School_name,School_id\nOak,1\n",
        "enrollments.csv": b"Section_id;Student_id;School_id\nc1;s1;1\n",
    }
    made = convert_files(files, "clever")
    heads = {name: data.split(b"\r\n")[0].decode() for name, data in made.files.items()}
    assert heads == {
        "schools.csv": "School_id,School_name",
        "students.csv": "School_id,Student_id,Last_name,First_name,DOB,ext.locker",
        "enrollments.csv": "School_id,Section_id,Student_id",
    }
    assert {entry.name for entry in made.written.not_written} == {"teachers.csv", "sections.csv"}


@pytest.mark.parametrize("seed", range(2))
def test_every_header_is_clevers(seed: int) -> None:
    written = districts.write(districts.build(Random(seed), 220), "oneroster")
    known = {file.name: [column.name for column in file.columns] for file in clever.FILES}
    for name, data in convert_files(written.files, "clever").files.items():
        header = data.split(b"\r\n")[0].decode().split(",")
        assert header == [column for column in known[name] if column in header]


def test_a_map_without_a_required_column_names_the_files_that_cannot_be_written() -> None:
    written = districts.write(districts.build(Random(3), 220), "raw")
    columns = districts.map_raw().replace('      Teacher_id: "Lead"\n', "")
    columns = columns.replace('      First_name: "Given"\n', "", 1)
    made = convert_files(written.files, "clever", columns=columns)
    missing = {entry.name: entry for entry in made.written.not_written}
    assert set(missing) == {"students.csv", "sections.csv"}
    assert missing["sections.csv"].columns == ("Teacher_id",)
    assert "the column map gives no First_name for students" in missing["students.csv"].reason
    assert set(made.files) == {"schools.csv", "teachers.csv", "enrollments.csv"}
    assert {("students.csv", ""), ("sections.csv", "")} <= made.left_out()


def test_the_only_school_is_the_school_of_everybody() -> None:
    files = {
        "School.csv": b"SIS ID,Name\n1,Oak\n",
        "Student.csv": b"SIS ID,School SIS ID,First Name,Last Name,Username\ns1,1,Ann,Made,ann\n",
        "Teacher.csv": b"SIS ID,School SIS ID,First Name,Last Name,Username\nt1,1,Tom,Made,tom\n",
        "Section.csv": b"SIS ID,School SIS ID,Section Name\nc1,1,Math\n",
        "StudentEnrollment.csv": b"Section SIS ID,SIS ID\nc1,s1\n",
        "TeacherRoster.csv": b"Section SIS ID,SIS ID\nc1,t1\n",
    }
    made = convert_files(files, "clever")
    assert made.files["enrollments.csv"] == b"School_id,Section_id,Student_id\r\n1,c1,s1\r\n"


def test_line_breaks_in_values_become_blanks() -> None:
    files = {
        "students.csv": b'School_id,Student_id,Last_name,First_name\n1,s1,"Ma\nde",Ann\n',
    }
    made = convert_files(files, "clever")
    assert made.rows("students.csv")[0]["Last_name"] == "Ma de"
    assert ("students.csv", "Last_name") in made.left_out()


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (("3/4/2015", "3/14/2015"), ("2015-03-04", "2015-03-14")),
        (("4/3/2015", "14/3/2015"), ("2015-03-04", "2015-03-14")),
        (("3/4/2015", "4/5/2015"), ("3/4/2015", "4/5/2015")),
        (("3/14/2015", "14/3/2015"), ("3/14/2015", "14/3/2015")),
        (("2015-03-04", "someday"), ("2015-03-04", "someday")),
    ],
)
def test_dates_of_other_formats_are_written_where_their_order_is_certain(
    days: tuple[str, str], written: tuple[str, str]
) -> None:
    head = "SIS ID,School SIS ID,First Name,Last Name,Username,Birthdate\n"
    rows = "".join(f"s{at},1,Ann,Made,ann{at},{day}\n" for at, day in enumerate(days))
    files = {"School.csv": b"SIS ID,Name\n1,Oak\n", "Student.csv": (head + rows).encode()}
    made = convert_files(files, "clever").rows("students.csv")
    assert tuple(row["DOB"] for row in made) == written


SHARED = """
share: rules
rules:
  - match: sections
    where:
      - {field: Course_name, is_not_containing: [Band]}
"""


@pytest.mark.parametrize("destination", ["clever", "oneroster-1.1", "oneroster-1.2"])
def test_only_what_is_shared_is_written(destination: str) -> None:
    files: Mapping[str, str] = {
        "schools.csv": "School_id,School_name\n1,Oak\n2,Elm\n",
        "students.csv": "School_id,Student_id,First_name,Last_name\n1,s1,Ann,Made\n1,s2,Bo,Made\n",
        "teachers.csv": "School_id,Teacher_id,First_name,Last_name\n1,t1,Tom,Made\n2,t2,Zoe,Made\n",
        "sections.csv": "School_id,Section_id,Teacher_id,Course_name\n1,c1,t1,Math\n2,c2,t2,Band\n",
        "enrollments.csv": "School_id,Section_id,Student_id\n1,c1,s1\n2,c2,s1\n2,c2,s2\n",
    }
    encoded = {name: text.encode() for name, text in files.items()}
    made = convert_files(encoded, destination, sharing=SHARED)
    whole = b"".join(made.files.values())
    for gone in (b"Band", b"c2", b"Bo", b"Zoe", b"Elm"):
        assert gone not in whole
    for kept in (b"Math", b"c1", b"Ann", b"Tom", b"Oak"):
        assert kept in whole
    hidden = [entry for entry in made.written.left_out if "sharing" in entry.reason]
    assert {entry.file: entry.count for entry in hidden} == {
        "schools.csv": 1,
        "students.csv": 1,
        "teachers.csv": 1,
        "sections.csv": 1,
        "enrollments.csv": 2,
    }


def test_nothing_shared_writes_no_empty_file() -> None:
    files = {"students.csv": b"School_id,Student_id,First_name,Last_name\n1,s1,Ann,Made\n"}
    made = convert_files(files, "clever", sharing="share: sections\nsections: [none]\n")
    assert made.files == {}
    assert "students.csv" in {entry.name for entry in made.written.not_written}


def test_an_unknown_destination_is_refused() -> None:
    with pytest.raises(BadUsage, match=r"choose one of clever, oneroster-1\.1, oneroster-1\.2"):
        find_destination("sftp")


def test_every_destination_describes_its_places() -> None:
    for destination in list_destinations():
        assert set(destination.places) >= {"schools", "students", "teachers", "staff", "sections"}
        for places in destination.places.values():
            for place in places:
                assert place.heading or place.extension or place.reason


def test_students_whom_a_map_leaves_out_take_their_enrollments_with_them() -> None:
    district = districts.build(Random(3), 220)
    gone = {row["Student_id"] for row in district["students"][:5]}
    for row in district["students"]:
        row[districts.STATUS] = "I" if row["Student_id"] in gone else "A"
    written = districts.write(district, "raw")
    made = convert_files(written.files, "clever", columns=districts.map_raw())
    left = [row for row in made.rows("enrollments.csv") if row["Student_id"] in gone]
    assert left == []
    reasons = {entry.file for entry in made.written.left_out if "column map leaves" in entry.reason}
    assert reasons == {"dump_students.csv", "dump_enrollments.csv"}
    after = count_findings(judge(made.files))
    assert "student-unknown" not in after
