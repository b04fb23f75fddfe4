"""OneRoster's files and columns in the order of the specification, with the spellings that are met in practice."""

from __future__ import annotations

from validator.model import Column, File

GRADES = (
    "IT",
    "PR",
    "PK",
    "TK",
    "KG",
    *(f"{grade:02}" for grade in range(1, 14)),
    "PS",
    "UG",
    "Other",
)
SESSIONS = ("gradingPeriod", "semester", "schoolYear", "term")
ORGS = ("department", "school", "district", "local", "state", "national")
ROLES_11 = (
    "administrator",
    "aide",
    "guardian",
    "parent",
    "proctor",
    "relative",
    "student",
    "teacher",
)
ROLES_12 = (
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
)
ENROLLED = ("administrator", "proctor", "student", "teacher")

ROLES = {"student": "students", "teacher": "teachers"} | dict.fromkeys(
    (
        "administrator",
        "districtadministrator",
        "siteadministrator",
        "systemadministrator",
        "principal",
        "counselor",
        "aide",
        "proctor",
    ),
    "staff",
)
"""Role in lower case -> table. Aides and proctors work at the school, so they are staff; parents, guardians and
relatives are contacts, and no people of the roster."""

ID = Column("sourcedId", "id", required=True)
STATE = (
    Column("status", "choice", allowed=("active", "tobedeleted", "inactive"), coded=True),
    Column("dateLastModified", "stamp", coded=True),
)


def _id(name: str, *spellings: str, required: bool = False) -> Column:
    return Column(name, "id", required=required, spellings=spellings, coded=True)


def _text(name: str, *spellings: str, required: bool = False) -> Column:
    return Column(name, required=required, spellings=spellings, coded=True)


def _choice(name: str, *allowed: str, required: bool = False) -> Column:
    return Column(name, "extensible", allowed=allowed, required=required, coded=True)


def _flag(name: str, *spellings: str) -> Column:
    return Column(name, "boolean", spellings=spellings, coded=True)


def _day(name: str, *spellings: str, required: bool = False) -> Column:
    return Column(name, "day", required=required, spellings=spellings, coded=True)


def _name(name: str, *spellings: str, required: bool = False) -> Column:
    return Column(name, "name", required=required, spellings=spellings, coded=True)


def _grades(*spellings: str) -> Column:
    return Column("grades", "codes", allowed=GRADES, spellings=spellings, coded=True)


MANIFEST = File(
    "manifest",
    "manifest.csv",
    "propertyName",
    (Column("propertyName", required=True), Column("value", required=True)),
    required=False,
)

SESSIONS_FILE = File(
    "academicSessions",
    "academicSessions.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        _text("title"),
        _choice("type", *SESSIONS),
        _day("startDate", required=True),
        _day("endDate", required=True),
        _id("parentSourcedId"),
        Column("schoolYear", "year", coded=True),
    ),
    required=False,
    extension="metadata.",
)

ORGS_FILE = File(
    "orgs",
    "orgs.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        Column("name", required=True),
        _choice("type", *ORGS, required=True),
        Column("identifier", "id"),
        _id("parentSourcedId"),
    ),
    extension="metadata.",
)

COURSES_FILE = File(
    "courses",
    "courses.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        _id("schoolYearSourcedId", "schoolYearId"),
        _text("title", required=True),
        _text("courseCode"),
        _grades("grade"),
        _id("orgSourcedId", "ordSourcedId"),
        _text("subjects"),
        _text("subjectCodes"),
    ),
    required=False,
    extension="metadata.",
)

CLASSES_FILE = File(
    "classes",
    "classes.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        Column("title", required=True),
        _grades("grade"),
        _id("courseSourcedId"),
        Column("classCode"),
        _choice("classType", "homeroom", "scheduled"),
        _text("location"),
        _id("schoolSourcedId", required=True),
        _id("termSourcedIds", "termSourcedId"),
        _text("subjects"),
        _text("subjectCodes"),
        _text("periods"),
    ),
    extension="metadata.",
)

ENROLLMENTS_FILE = File(
    "memberships",
    "enrollments.csv",
    "",
    (
        Column("sourcedId", "id"),
        *STATE,
        _id("classSourcedId", required=True),
        _id("schoolSourcedId"),
        _id("userSourcedId", required=True),
        _choice("role", *ENROLLED, required=True),
        _flag("primary"),
        _day("beginDate"),
        _day("endDate"),
    ),
    extension="metadata.",
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


def _demographics(*sexes: str) -> File:
    return File(
        "demographics",
        "demographics.csv",
        "sourcedId",
        (
            Column("sourcedId", "id", required=True, spellings=("userSourcedId",)),
            *STATE,
            _day("birthDate"),
            _choice("sex", *sexes),
            *(_flag(race) for race in RACES),
            _text("countryOfBirthCode"),
            _text("stateOfBirthAbbreviation"),
            _text("cityOfBirth"),
            _text("publicSchoolResidenceStatus"),
        ),
        required=False,
        extension="metadata.",
    )


NAMES = (_name("givenName", required=True), _name("familyName", required=True), _name("middleName"))
REACHED = (
    Column("email", "email", recommended=True),
    Column("sms"),
    Column("phone"),
    Column("agentSourcedIds", "id", spellings=("agents",)),
)
SECRET = Column("password", "secret")

USERS_11 = File(
    "users",
    "users.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        _flag("enabledUser"),
        _id("orgSourcedIds", "ordSourcedIds", "orgSourcedId", required=True),
        _choice("role", *ROLES_11, required=True),
        Column("username", "id"),
        Column("userIds", "id", spellings=("userId",)),
        *NAMES,
        Column("identifier", "id"),
        *REACHED,
        _grades("grade"),
        SECRET,
    ),
    extension="metadata.",
)

USERS_12 = File(
    "users",
    "users.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        _flag("enabledUser"),
        Column("username", "id"),
        Column("userIds", "id"),
        *NAMES,
        Column("identifier", "id"),
        *REACHED,
        _grades("grade"),
        SECRET,
        Column("userMasterIdentifier", "id"),
        _text("resourceSourcedIds"),
        _name("preferredGivenName"),
        _name("preferredMiddleName"),
        _name("preferredFamilyName"),
        _id("primaryOrgSourcedId"),
        _text("pronouns"),
    ),
    extension="metadata.",
)

ROLES_FILE = File(
    "roles",
    "roles.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        _id("userSourcedId", required=True),
        _choice("roleType", "primary", "secondary"),
        _choice("role", *ROLES_12, required=True),
        _day("beginDate"),
        _day("endDate"),
        _id("orgSourcedId", required=True),
        _id("userProfileSourcedId"),
    ),
    extension="metadata.",
)

PROFILES_FILE = File(
    "userProfiles",
    "userProfiles.csv",
    "sourcedId",
    (
        ID,
        *STATE,
        _id("userSourcedId"),
        _text("profileType"),
        _text("vendorId"),
        _text("applicationId"),
        _text("description"),
        _text("credentialType"),
        Column("username", "id"),
        SECRET,
    ),
    required=False,
    extension="metadata.",
)

SHARED = (MANIFEST, ORGS_FILE, SESSIONS_FILE, COURSES_FILE, CLASSES_FILE, ENROLLMENTS_FILE)
FILES_11 = (*SHARED, USERS_11, _demographics("male", "female"))
FILES_12 = (
    *SHARED,
    USERS_12,
    ROLES_FILE,
    PROFILES_FILE,
    _demographics("male", "female", "unspecified", "other"),
)

OTHERS = dict.fromkeys(
    (
        "categories",
        "lineitems",
        "results",
        "classresources",
        "courseresources",
        "resources",
        "lineitemlearningobjectiveids",
        "lineitemscorescales",
        "resultlearningobjectiveids",
        "resultscorescales",
        "scorescales",
        "userresources",
    ),
    "",
)
"""Files of the format that hold no roster: nothing is said of them."""

_PERSON = {
    "First_name": "givenName",
    "Last_name": "familyName",
    "Middle_name": "middleName",
    "Username": "username",
    "Password": "password",
}
PEOPLE_11 = {
    "students": {
        "Student_number": "identifier",
        **_PERSON,
        "Student_email": "email",
        "Grade": "grades",
    },
    "teachers": {"Teacher_number": "identifier", **_PERSON, "Teacher_email": "email"},
    "staff": {**_PERSON, "Staff_email": "email"},
}
_PREFERRED = {
    "Preferred_first_name": "preferredGivenName",
    "Preferred_middle_name": "preferredMiddleName",
    "Preferred_last_name": "preferredFamilyName",
}
PEOPLE_12 = {**PEOPLE_11, "students": PEOPLE_11["students"] | _PREFERRED}
