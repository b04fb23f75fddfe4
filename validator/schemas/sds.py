"""Microsoft School Data Sync V1 (American and British headings), V2 and V2.1: files and schemas.

`v1`, `v1_uk`, `v2` and `v2_1` hold a pandera schema for each file: `sds.v1.Student`,
`sds.v2_1.users`. See docs/schemas.md.
"""

from __future__ import annotations

from dataclasses import replace

from validator.model import Column, File
from validator.schemas.build import SchemaSet


def _describe_id(name: str, *, required: bool = False) -> Column:
    """Describe a column of ids for the pandera schema of a School Data Sync file."""
    return Column(name, "id", required=required, coded=True)


def _describe_text(name: str, *, required: bool = False) -> Column:
    """Describe a column of text for the pandera schema of a School Data Sync file."""
    return Column(name, required=required, coded=True)


def _name(name: str, *, required: bool = False) -> Column:
    """Describe a column of names for the pandera schema of a School Data Sync file."""
    return Column(name, "name", required=required, coded=True)


def _describe_day(name: str) -> Column:
    """Describe a column of dates for the pandera schema of a School Data Sync file."""
    return Column(name, "date", coded=True)


def _describe_file(
    name: str, *columns: Column, key: str = "sourcedId", required: bool = True
) -> File:
    """Describe a School Data Sync file for its pandera schema, by name and columns."""
    return File(f"{name}.csv", f"{name}.csv", key, columns, required=required)


SIS_ID, SCHOOL = Column("SIS ID", "id", required=True), _describe_id("School SIS ID", required=True)
ACCOUNT = (
    _name("First Name"),
    _name("Last Name"),
    Column("Username", "id", required=True),
    Column("Password", "secret"),
    Column("State ID", "id"),
)

SCHOOLS = _describe_file(
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
    _describe_text("City"),
    _describe_text("State"),
    _describe_text("Country"),
    _describe_text("Zip"),
    Column("Phone"),
    _describe_text("Zone"),
    key="SIS ID",
)

SECTIONS = _describe_file(
    "Section",
    SIS_ID,
    SCHOOL,
    Column("Section Name", required=True),
    Column("Section Number", "id"),
    _describe_id("Term SIS ID"),
    _describe_text("Term Name"),
    _describe_day("Term StartDate"),
    _describe_day("Term EndDate"),
    _describe_id("Course SIS ID"),
    _describe_text("Course Name"),
    _describe_text("Course Number"),
    _describe_text("Course Description"),
    _describe_text("Course Subject"),
    _describe_text("Periods"),
    _describe_text("Status"),
    key="SIS ID",
)

STUDENTS = _describe_file(
    "Student",
    SIS_ID,
    SCHOOL,
    *ACCOUNT,
    Column("Secondary Email", "email", recommended=True),
    Column("Student Number", "id"),
    _name("Middle Name"),
    Column("Grade", "grade", coded=True),
    _describe_text("Status"),
    _describe_day("Birthdate"),
    Column("Graduation Year", "number", coded=True),
    *(
        _describe_text(f"{kind} {part}")
        for kind in ("Mailing", "Residence")
        for part in ("Address", "City", "State", "Zip", "Latitude", "Longitude", "Country")
    ),
    _describe_text("Gender"),
    _describe_text("ELL Status"),
    _describe_text("FederalRace"),
    key="SIS ID",
)

TEACHERS = _describe_file(
    "Teacher",
    SIS_ID,
    SCHOOL,
    *ACCOUNT,
    Column("Teacher Number", "id"),
    _describe_text("Status"),
    _name("Middle Name"),
    Column("Secondary Email", "email", recommended=True),
    _describe_text("Title"),
    _describe_text("Qualification"),
    key="SIS ID",
)

LINK = (_describe_id("Section SIS ID", required=True), _describe_id("SIS ID", required=True))
FILES_1 = (
    SCHOOLS,
    SECTIONS,
    STUDENTS,
    TEACHERS,
    _describe_file("StudentEnrollment", *LINK, key=""),
    _describe_file("TeacherRoster", *LINK, key=""),
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

ORGS = _describe_file(
    "orgs",
    ID,
    Column("name", required=True),
    _describe_text("type", required=True),
    _describe_id("parentSourcedId"),
)
ENROLLMENTS = _describe_file(
    "enrollments",
    _describe_id("classSourcedId", required=True),
    _describe_id("userSourcedId", required=True),
    _describe_text("role", required=True),
    key="",
)

FILES_2 = (
    ORGS,
    _describe_file(
        "users",
        ID,
        _describe_id("orgSourcedIds", required=True),
        *PERSON,
        _describe_text("role", required=True),
        Column("grade", "grade", coded=True),
    ),
    _describe_file(
        "classes", ID, _describe_id("orgSourcedId", required=True), Column("title", required=True)
    ),
    ENROLLMENTS,
)

FILES_21 = (
    ORGS,
    _describe_file(
        "users",
        ID,
        *PERSON,
        _describe_id("activeDirectoryMatchId"),
        Column("email", "email"),
        Column("phone"),
        Column("sms"),
    ),
    _describe_file(
        "roles",
        _describe_id("userSourcedId", required=True),
        _describe_id("orgSourcedId", required=True),
        _describe_text("role", required=True),
        _describe_id("sessionSourcedId"),
        Column("grade", "grade", coded=True),
        _describe_text("isPrimary"),
        _describe_day("roleStartDate"),
        _describe_day("roleEndDate"),
        key="",
    ),
    _describe_file(
        "classes",
        ID,
        _describe_id("orgSourcedId", required=True),
        Column("title", required=True),
        _describe_id("sessionSourcedIds"),
        _describe_id("courseSourcedId"),
        required=False,
    ),
    replace(ENROLLMENTS, required=False),
    _describe_file(
        "academicSessions",
        ID,
        _describe_text("title"),
        _describe_text("type"),
        _describe_text("schoolYear"),
        _describe_day("startDate"),
        _describe_day("endDate"),
        required=False,
    ),
    _describe_file(
        "courses",
        ID,
        _describe_id("orgSourcedId"),
        _describe_text("title"),
        _describe_text("code"),
        _describe_id("schoolYearSourcedId"),
        _describe_text("subject"),
        _describe_text("grade"),
        required=False,
    ),
    _describe_file(
        "demographics",
        Column("userSourcedId", "id", required=True),
        _describe_text("sex"),
        _describe_day("birthDate"),
        _describe_text("birthCity"),
        _describe_text("birthState"),
        _describe_text("birthCountry"),
        _describe_text("ethnicityCodes"),
        _describe_text("raceCodes"),
        key="userSourcedId",
        required=False,
    ),
)

v1 = SchemaSet("School Data Sync V1", FILES_1)
v1_uk = SchemaSet("School Data Sync V1 with British headings", FILES_1_UK)
v2 = SchemaSet("School Data Sync V2", FILES_2)
v2_1 = SchemaSet("School Data Sync V2.1", FILES_21)
