"""Microsoft School Data Sync V1 (American and British headings), V2 and V2.1: files and schemas.

`v1`, `v1_uk`, `v2` and `v2_1` hold a pandera schema for each file: `sds.v1.Student`,
`sds.v2_1.users`. See docs/schemas.md.
"""

from __future__ import annotations

from dataclasses import replace

from validator.model import Column, File
from validator.schemas.build import SchemaSet, describe_id, describe_text


def _describe_name(name: str, *, required: bool = False) -> Column:
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


SIS_ID, SCHOOL = Column("SIS ID", "id", required=True), describe_id("School SIS ID", required=True)
ACCOUNT = (
    _describe_name("First Name"),
    _describe_name("Last Name"),
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
    describe_text("City"),
    describe_text("State"),
    describe_text("Country"),
    describe_text("Zip"),
    Column("Phone"),
    describe_text("Zone"),
    key="SIS ID",
)

SECTIONS = _describe_file(
    "Section",
    SIS_ID,
    SCHOOL,
    Column("Section Name", required=True),
    Column("Section Number", "id"),
    describe_id("Term SIS ID"),
    describe_text("Term Name"),
    _describe_day("Term StartDate"),
    _describe_day("Term EndDate"),
    describe_id("Course SIS ID"),
    describe_text("Course Name"),
    describe_text("Course Number"),
    describe_text("Course Description"),
    describe_text("Course Subject"),
    describe_text("Periods"),
    describe_text("Status"),
    key="SIS ID",
)

STUDENTS = _describe_file(
    "Student",
    SIS_ID,
    SCHOOL,
    *ACCOUNT,
    Column("Secondary Email", "email", recommended=True),
    Column("Student Number", "id"),
    _describe_name("Middle Name"),
    Column("Grade", "grade", coded=True),
    describe_text("Status"),
    _describe_day("Birthdate"),
    Column("Graduation Year", "number", coded=True),
    *(
        describe_text(f"{kind} {part}")
        for kind in ("Mailing", "Residence")
        for part in ("Address", "City", "State", "Zip", "Latitude", "Longitude", "Country")
    ),
    describe_text("Gender"),
    describe_text("ELL Status"),
    describe_text("FederalRace"),
    key="SIS ID",
)

TEACHERS = _describe_file(
    "Teacher",
    SIS_ID,
    SCHOOL,
    *ACCOUNT,
    Column("Teacher Number", "id"),
    describe_text("Status"),
    _describe_name("Middle Name"),
    Column("Secondary Email", "email", recommended=True),
    describe_text("Title"),
    describe_text("Qualification"),
    key="SIS ID",
)

LINK = (describe_id("Section SIS ID", required=True), describe_id("SIS ID", required=True))
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
    _describe_name("givenName"),
    _describe_name("familyName"),
    Column("username", "id", required=True),
    Column("password", "secret"),
)

ORGS = _describe_file(
    "orgs",
    ID,
    Column("name", required=True),
    describe_text("type", required=True),
    describe_id("parentSourcedId"),
)
ENROLLMENTS = _describe_file(
    "enrollments",
    describe_id("classSourcedId", required=True),
    describe_id("userSourcedId", required=True),
    describe_text("role", required=True),
    key="",
)

FILES_2 = (
    ORGS,
    _describe_file(
        "users",
        ID,
        describe_id("orgSourcedIds", required=True),
        *PERSON,
        describe_text("role", required=True),
        Column("grade", "grade", coded=True),
    ),
    _describe_file(
        "classes", ID, describe_id("orgSourcedId", required=True), Column("title", required=True)
    ),
    ENROLLMENTS,
)

FILES_21 = (
    ORGS,
    _describe_file(
        "users",
        ID,
        *PERSON,
        describe_id("activeDirectoryMatchId"),
        Column("email", "email"),
        Column("phone"),
        Column("sms"),
    ),
    _describe_file(
        "roles",
        describe_id("userSourcedId", required=True),
        describe_id("orgSourcedId", required=True),
        describe_text("role", required=True),
        describe_id("sessionSourcedId"),
        Column("grade", "grade", coded=True),
        describe_text("isPrimary"),
        _describe_day("roleStartDate"),
        _describe_day("roleEndDate"),
        key="",
    ),
    _describe_file(
        "classes",
        ID,
        describe_id("orgSourcedId", required=True),
        Column("title", required=True),
        describe_id("sessionSourcedIds"),
        describe_id("courseSourcedId"),
        required=False,
    ),
    replace(ENROLLMENTS, required=False),
    _describe_file(
        "academicSessions",
        ID,
        describe_text("title"),
        describe_text("type"),
        describe_text("schoolYear"),
        _describe_day("startDate"),
        _describe_day("endDate"),
        required=False,
    ),
    _describe_file(
        "courses",
        ID,
        describe_id("orgSourcedId"),
        describe_text("title"),
        describe_text("code"),
        describe_id("schoolYearSourcedId"),
        describe_text("subject"),
        describe_text("grade"),
        required=False,
    ),
    _describe_file(
        "demographics",
        Column("userSourcedId", "id", required=True),
        describe_text("sex"),
        _describe_day("birthDate"),
        describe_text("birthCity"),
        describe_text("birthState"),
        describe_text("birthCountry"),
        describe_text("ethnicityCodes"),
        describe_text("raceCodes"),
        key="userSourcedId",
        required=False,
    ),
)

v1 = SchemaSet("School Data Sync V1", FILES_1)
v1_uk = SchemaSet("School Data Sync V1 with British headings", FILES_1_UK)
v2 = SchemaSet("School Data Sync V2", FILES_2)
v2_1 = SchemaSet("School Data Sync V2.1", FILES_21)
