"""Microsoft School Data Sync V1 (American and British headings), V2 and V2.1: files and schemas.

`v1`, `v1_uk`, `v2` and `v2_1` hold a pandera schema for each file: `sds.v1.Student`,
`sds.v2_1.users`. See docs/schemas.md.
"""

from __future__ import annotations

from dataclasses import replace

from validator.model import Column, File
from validator.schemas.build import SchemaSet


def _id(name: str, *, required: bool = False) -> Column:
    """Describe a column of ids for the pandera schema of a School Data Sync file."""
    return Column(name, "id", required=required, coded=True)


def _text(name: str, *, required: bool = False) -> Column:
    """Describe a column of text for the pandera schema of a School Data Sync file."""
    return Column(name, required=required, coded=True)


def _name(name: str, *, required: bool = False) -> Column:
    """Describe a column of names for the pandera schema of a School Data Sync file."""
    return Column(name, "name", required=required, coded=True)


def _day(name: str) -> Column:
    """Describe a column of dates for the pandera schema of a School Data Sync file."""
    return Column(name, "date", coded=True)


def _file(name: str, *columns: Column, key: str = "sourcedId", required: bool = True) -> File:
    """Describe a School Data Sync file for its pandera schema, by name and columns."""
    return File(f"{name}.csv", f"{name}.csv", key, columns, required=required)


SIS_ID, SCHOOL = Column("SIS ID", "id", required=True), _id("School SIS ID", required=True)
ACCOUNT = (
    _name("First Name"),
    _name("Last Name"),
    Column("Username", "id", required=True),
    Column("Password", "secret"),
    Column("State ID", "id"),
)

SCHOOLS = _file(
    "School",
    SIS_ID,
    Column("Name", required=True),
    Column("School Number", "id"),
    Column("School NCES_ID", "id"),
    Column("State ID", "id"),
    Column("Grade Low", "grade", coded=True),
    Column("Grade High", "grade", coded=True),
    Column("Principal SIS ID", "id"),
    Column("Principal Name", "name"),
    Column("Principal Secondary Email", "email"),
    Column("Address"),
    _text("City"),
    _text("State"),
    _text("Country"),
    _text("Zip"),
    Column("Phone"),
    _text("Zone"),
    key="SIS ID",
)

SECTIONS = _file(
    "Section",
    SIS_ID,
    SCHOOL,
    Column("Section Name", required=True),
    Column("Section Number", "id"),
    _id("Term SIS ID"),
    _text("Term Name"),
    _day("Term StartDate"),
    _day("Term EndDate"),
    _id("Course SIS ID"),
    _text("Course Name"),
    _text("Course Number"),
    _text("Course Description"),
    _text("Course Subject"),
    _text("Periods"),
    _text("Status"),
    key="SIS ID",
)

STUDENTS = _file(
    "Student",
    SIS_ID,
    SCHOOL,
    *ACCOUNT,
    Column("Secondary Email", "email", recommended=True),
    Column("Student Number", "id"),
    _name("Middle Name"),
    Column("Grade", "grade", coded=True),
    _text("Status"),
    _day("Birthdate"),
    Column("Graduation Year", "number", coded=True),
    *(
        _text(f"{kind} {part}")
        for kind in ("Mailing", "Residence")
        for part in ("Address", "City", "State", "Zip", "Latitude", "Longitude", "Country")
    ),
    _text("Gender"),
    _text("ELL Status"),
    _text("FederalRace"),
    key="SIS ID",
)

TEACHERS = _file(
    "Teacher",
    SIS_ID,
    SCHOOL,
    *ACCOUNT,
    Column("Teacher Number", "id"),
    _text("Status"),
    _name("Middle Name"),
    Column("Secondary Email", "email", recommended=True),
    _text("Title"),
    _text("Qualification"),
    key="SIS ID",
)

LINK = (_id("Section SIS ID", required=True), _id("SIS ID", required=True))
FILES_1 = (
    SCHOOLS,
    SECTIONS,
    STUDENTS,
    TEACHERS,
    _file("StudentEnrollment", *LINK, key=""),
    _file("TeacherRoster", *LINK, key=""),
)

BRITISH = {
    "School": {"SIS ID": "DfE Number", "Zip": "Postal Code"},
    "": {"SIS ID": "ID", "School SIS ID": "School DfE Number", "Section SIS ID": "Section ID"},
}
"""British headings of the columns of School.csv and of all other files (key "")."""


def translate_heading(name: str, file: str) -> str:
    """Return the British heading of a column in the pandera schema of a School Data Sync file."""
    return BRITISH["School" if file == "School.csv" else ""].get(name, name)


FILES_1_UK = tuple(
    replace(
        file,
        key=translate_heading(file.key, file.table),
        columns=tuple(
            replace(column, name=translate_heading(column.name, file.table))
            for column in file.columns
        ),
    )
    for file in FILES_1
)

ID = Column("sourcedId", "id", required=True)
PERSON = (
    _name("givenName"),
    _name("familyName"),
    Column("username", "id", required=True),
    Column("password", "secret"),
)

ORGS = _file(
    "orgs", ID, Column("name", required=True), _text("type", required=True), _id("parentSourcedId")
)
ENROLLMENTS = _file(
    "enrollments",
    _id("classSourcedId", required=True),
    _id("userSourcedId", required=True),
    _text("role", required=True),
    key="",
)

FILES_2 = (
    ORGS,
    _file(
        "users",
        ID,
        _id("orgSourcedIds", required=True),
        *PERSON,
        _text("role", required=True),
        Column("grade", "grade", coded=True),
    ),
    _file("classes", ID, _id("orgSourcedId", required=True), Column("title", required=True)),
    ENROLLMENTS,
)

FILES_21 = (
    ORGS,
    _file(
        "users",
        ID,
        *PERSON,
        _id("activeDirectoryMatchId"),
        Column("email", "email"),
        Column("phone"),
        Column("sms"),
    ),
    _file(
        "roles",
        _id("userSourcedId", required=True),
        _id("orgSourcedId", required=True),
        _text("role", required=True),
        _id("sessionSourcedId"),
        Column("grade", "grade", coded=True),
        _text("isPrimary"),
        _day("roleStartDate"),
        _day("roleEndDate"),
        key="",
    ),
    _file(
        "classes",
        ID,
        _id("orgSourcedId", required=True),
        Column("title", required=True),
        _id("sessionSourcedIds"),
        _id("courseSourcedId"),
        required=False,
    ),
    replace(ENROLLMENTS, required=False),
    _file(
        "academicSessions",
        ID,
        _text("title"),
        _text("type"),
        _text("schoolYear"),
        _day("startDate"),
        _day("endDate"),
        required=False,
    ),
    _file(
        "courses",
        ID,
        _id("orgSourcedId"),
        _text("title"),
        _text("code"),
        _id("schoolYearSourcedId"),
        _text("subject"),
        _text("grade"),
        required=False,
    ),
    _file(
        "demographics",
        Column("userSourcedId", "id", required=True),
        _text("sex"),
        _day("birthDate"),
        _text("birthCity"),
        _text("birthState"),
        _text("birthCountry"),
        _text("ethnicityCodes"),
        _text("raceCodes"),
        key="userSourcedId",
        required=False,
    ),
)

v1 = SchemaSet("School Data Sync V1", FILES_1)
v1_uk = SchemaSet("School Data Sync V1 with British headings", FILES_1_UK)
v2 = SchemaSet("School Data Sync V2", FILES_2)
v2_1 = SchemaSet("School Data Sync V2.1", FILES_21)
