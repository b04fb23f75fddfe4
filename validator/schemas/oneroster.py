"""OneRoster CSV 1.0, 1.1 and 1.2: files, columns in the order of the specification, and schemas.

`v1_0`, `v1_1` and `v1_2` hold a pandera schema for each file: `oneroster.v1_1.users`. See
docs/schemas.md.
"""

from __future__ import annotations

from dataclasses import replace

from validator.model import Column, File
from validator.schemas.build import SchemaSet, describe_id, describe_text

GRADES = ("IT", "PR", "PK", "TK", "KG", *(f"{n:02}" for n in range(1, 14)), "PS", "UG", "Other")
"""Grade codes of CEDS, as OneRoster writes them."""

SESSIONS = ("gradingPeriod", "semester", "schoolYear", "term")
ORGS = ("department", "school", "district", "local", "state", "national")
ROLES_11 = tuple("administrator aide guardian parent proctor relative student teacher".split())
ROLES_12 = tuple(
    "aide counselor districtAdministrator guardian parent principal proctor relative"
    " siteAdministrator student systemAdministrator teacher".split()
)
ENROLLMENT_ROLES = ("administrator", "proctor", "student", "teacher")

RECORD = (
    Column("sourcedId", "id", required=True),
    Column("status", "choice", allowed=("active", "tobedeleted", "inactive"), coded=True),
    Column("dateLastModified", "stamp", coded=True),
)


def _describe_choice(name: str, *allowed: str, required: bool = False) -> Column:
    """Describe a column of extensible choices for the pandera schema of a OneRoster file."""
    return Column(name, "extensible", allowed=allowed, required=required, coded=True)


def _describe_flag(name: str, *spellings: str) -> Column:
    """Describe a column of true and false for the pandera schema of a OneRoster file."""
    return Column(name, "boolean", spellings=spellings, coded=True)


def _describe_day(name: str, *spellings: str, required: bool = False) -> Column:
    """Describe a column of days for the pandera schema of a OneRoster file."""
    return Column(name, "day", required=required, spellings=spellings, coded=True)


def _describe_name(name: str, *spellings: str, required: bool = False) -> Column:
    """Describe a column of names for the pandera schema of a OneRoster file."""
    return Column(name, "name", required=required, spellings=spellings, coded=True)


def _describe_grades(*spellings: str) -> Column:
    """Describe a column of grades for the pandera schema of a OneRoster file."""
    return Column("grades", "codes", allowed=GRADES, spellings=spellings, coded=True)


def _describe_file(
    name: str,
    *columns: Column,
    key: str = "sourcedId",
    required: bool = True,
    extension: str = "metadata.",
) -> File:
    """Describe a OneRoster file for its pandera schema, by name and columns."""
    return File(f"{name}.csv", f"{name}.csv", key, columns, required=required, extension=extension)


MANIFEST = _describe_file(
    "manifest",
    Column("propertyName", required=True),
    Column("value", required=True),
    key="propertyName",
    required=False,
    extension="",
)

SESSIONS_FILE = _describe_file(
    "academicSessions",
    *RECORD,
    describe_text("title"),
    _describe_choice("type", *SESSIONS),
    _describe_day("startDate", required=True),
    _describe_day("endDate", required=True),
    describe_id("parentSourcedId"),
    Column("schoolYear", "year", coded=True),
    required=False,
)

ORGS_FILE = _describe_file(
    "orgs",
    *RECORD,
    Column("name", required=True),
    _describe_choice("type", *ORGS, required=True),
    Column("identifier", "id"),
    describe_id("parentSourcedId"),
)

COURSES_FILE = _describe_file(
    "courses",
    *RECORD,
    describe_id("schoolYearSourcedId", "schoolYearId"),
    describe_text("title", required=True),
    describe_text("courseCode"),
    _describe_grades("grade"),
    describe_id("orgSourcedId", "ordSourcedId"),
    describe_text("subjects"),
    describe_text("subjectCodes"),
    required=False,
)

CLASSES_FILE = _describe_file(
    "classes",
    *RECORD,
    Column("title", required=True),
    _describe_grades("grade"),
    describe_id("courseSourcedId"),
    Column("classCode"),
    _describe_choice("classType", "homeroom", "scheduled"),
    describe_text("location"),
    describe_id("schoolSourcedId", required=True),
    replace(describe_id("termSourcedIds", "termSourcedId"), mandatory=True),
    describe_text("subjects"),
    describe_text("subjectCodes"),
    describe_text("periods"),
)

ENROLLMENTS_FILE = _describe_file(
    "enrollments",
    Column("sourcedId", "id"),
    *RECORD[1:],
    describe_id("classSourcedId", required=True),
    describe_id("schoolSourcedId"),
    describe_id("userSourcedId", required=True),
    _describe_choice("role", *ENROLLMENT_ROLES, required=True),
    _describe_flag("primary"),
    _describe_day("beginDate"),
    _describe_day("endDate"),
    key="",
)

RACES = (
    "americanIndianOrAlaskaNative",
    "asian",
    "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander",
    "white",
    "demographicRaceTwoOrMoreRaces",
    "hispanicOrLatinoEthnicity",
)


def _describe_demographics(*sexes: str) -> File:
    """Describe demographics.csv for its pandera schema, with the sexes that a version allows."""
    return _describe_file(
        "demographics",
        Column("sourcedId", "id", required=True, spellings=("userSourcedId",)),
        *RECORD[1:],
        _describe_day("birthDate"),
        _describe_choice("sex", *sexes),
        *(_describe_flag(race) for race in RACES),
        describe_text("countryOfBirthCode"),
        describe_text("stateOfBirthAbbreviation"),
        describe_text("cityOfBirth"),
        describe_text("publicSchoolResidenceStatus"),
        required=False,
    )


NAMES = (
    _describe_name("givenName", required=True),
    _describe_name("familyName", required=True),
    _describe_name("middleName"),
)
CONTACT = (
    Column("email", "email", recommended=True),
    Column("sms"),
    Column("phone"),
    Column("agentSourcedIds", "id", spellings=("agents",)),
)
SECRET = Column("password", "secret")

USERS_11 = _describe_file(
    "users",
    *RECORD,
    _describe_flag("enabledUser"),
    describe_id("orgSourcedIds", "ordSourcedIds", "orgSourcedId", required=True),
    _describe_choice("role", *ROLES_11, required=True),
    Column("username", "id"),
    Column("userIds", "id", spellings=("userId",)),
    *NAMES,
    Column("identifier", "id"),
    *CONTACT,
    _describe_grades("grade"),
    SECRET,
)

USERS_12 = _describe_file(
    "users",
    *RECORD,
    _describe_flag("enabledUser"),
    Column("username", "id"),
    Column("userIds", "id"),
    *NAMES,
    Column("identifier", "id"),
    *CONTACT,
    _describe_grades("grade"),
    SECRET,
    Column("userMasterIdentifier", "id"),
    describe_text("resourceSourcedIds"),
    _describe_name("preferredGivenName"),
    _describe_name("preferredMiddleName"),
    _describe_name("preferredFamilyName"),
    describe_id("primaryOrgSourcedId"),
    describe_text("pronouns"),
)

ROLES_FILE = _describe_file(
    "roles",
    *RECORD,
    describe_id("userSourcedId", required=True),
    _describe_choice("roleType", "primary", "secondary"),
    _describe_choice("role", *ROLES_12, required=True),
    _describe_day("beginDate"),
    _describe_day("endDate"),
    describe_id("orgSourcedId", required=True),
    describe_id("userProfileSourcedId"),
)

PROFILES_FILE = _describe_file(
    "userProfiles",
    *RECORD,
    describe_id("userSourcedId"),
    describe_text("profileType"),
    describe_text("vendorId"),
    describe_text("applicationId"),
    describe_text("description"),
    describe_text("credentialType"),
    Column("username", "id"),
    SECRET,
    required=False,
)

SHARED = (MANIFEST, ORGS_FILE, SESSIONS_FILE, COURSES_FILE, CLASSES_FILE, ENROLLMENTS_FILE)
FILES_11 = (*SHARED, USERS_11, _describe_demographics("male", "female"))
FILES_12 = (
    *SHARED,
    USERS_12,
    ROLES_FILE,
    PROFILES_FILE,
    _describe_demographics("male", "female", "unspecified", "other"),
)

HEADINGS_10 = {
    "courses.csv": {"schoolYearSourcedId": "schoolYearId", "grades": "grade"},
    "classes.csv": {"grades": "grade", "termSourcedIds": "termSourcedId"},
    "users.csv": {"userIds": "userId", "agentSourcedIds": "agents"},
    "demographics.csv": {"sourcedId": "userSourcedId", "birthDate": "birthdate"},
}
"""Per file, the headings of 1.1 that 1.0 spells differently."""

LATER = {"enabledUser"}
"""Columns of 1.1 that 1.0 does not have."""


def _convert_to_1_0(file: File) -> File:
    """Describe a OneRoster 1.0 file for its pandera schema, from the description of 1.1."""
    headings = HEADINGS_10.get(file.table, {})
    columns = tuple(
        replace(column, name=headings.get(column.name, column.name))
        for column in file.columns
        if column.name not in LATER
    )
    return replace(file, key=headings.get(file.key, file.key), columns=columns)


FILES_10 = tuple(_convert_to_1_0(file) for file in FILES_11 if file is not MANIFEST)

v1_0 = SchemaSet("OneRoster 1.0", FILES_10)
v1_1 = SchemaSet("OneRoster 1.1", FILES_11)
v1_2 = SchemaSet("OneRoster 1.2", FILES_12)
