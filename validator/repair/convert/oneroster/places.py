"""Where OneRoster keeps each column of the roster, and the columns of its files in order.

Sources: https://www.imsglobal.org/oneroster-v11-final-csv-tables (1.1) and
https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv/ (1.2).
"""

from __future__ import annotations

from collections.abc import Mapping

from validator.model import File
from validator.repair.convert.places import Place
from validator.schemas.oneroster import FILES_11, FILES_12

V11, V12 = "1.1", "1.2"
FILES: Mapping[str, tuple[File, ...]] = {V11: FILES_11, V12: FILES_12}

ORDER = (
    "academicSessions.csv",
    "orgs.csv",
    "courses.csv",
    "classes.csv",
    "users.csv",
    "roles.csv",
    "enrollments.csv",
    "demographics.csv",
)
"""Files of a bundle, in the order in which they are written, after the manifest."""

OTHERS = (
    "categories",
    "classResources",
    "courseResources",
    "lineItems",
    "resources",
    "results",
)
OTHERS_12 = (
    "lineItemLearningObjectiveIds",
    "lineItemScoreScales",
    "resultLearningObjectiveIds",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
)
"""Files that the manifest declares absent, in 1.1 and, in addition, in 1.2."""

ABSENT: Mapping[str, tuple[str, ...]] = {V11: OTHERS, V12: (*OTHERS, *OTHERS_12)}

DEMOGRAPHICS = "demographics.csv"
USERS = "users.csv"

PROGRAM = "OneRoster has no column for programs and services; they are sensitive and not added."
ADDRESS = "OneRoster has no column for postal addresses; they are private and not added."
GPA = "OneRoster has no column for grade averages; they are sensitive and not added."
LANGUAGE = "OneRoster has no column for languages; they are sensitive and not added."


def _list_metadata(*columns: str) -> tuple[Place, ...]:
    """List the columns that a conversion to OneRoster writes as metadata."""
    return tuple(Place(column, extension=True) for column in columns)


def _skip_columns(reason: str, *columns: str) -> tuple[Place, ...]:
    """List the columns that a conversion writes nowhere, with the reason."""
    return tuple(Place(column, reason=reason) for column in columns)


def _name(who: str) -> tuple[Place, ...]:
    """Return where a conversion writes the names, username and address of a kind of person."""
    return (
        Place("Last_name", "familyName"),
        Place("First_name", "givenName"),
        Place("Middle_name", "middleName"),
        Place("Username", "username"),
        Place("Password", "password"),
        Place(f"{who}_email", "email"),
    )


SCHOOLS = (
    Place("School_name", "name"),
    Place("School_number", "identifier"),
    *_list_metadata(
        "State_id", "Nces_id", "Low_grade", "High_grade", "Principal", "Principal_email"
    ),
    *_list_metadata("School_address", "School_city", "School_state", "School_zip", "School_phone"),
)

STUDENTS = (
    Place("Student_number", "identifier"),
    Place("State_id", "userIds", form="userids"),
    *_name("Student"),
    Place("Grade", "grades", form="grade"),
    *_list_metadata("Graduation_year"),
    Place("Gender", "sex", DEMOGRAPHICS, form="gender"),
    Place("DOB", "birthDate", DEMOGRAPHICS, form="date"),
    Place("Race", "white", DEMOGRAPHICS, form="race"),
    Place("Hispanic_Latino", "hispanicOrLatinoEthnicity", DEMOGRAPHICS, form="flag"),
    *_skip_columns(LANGUAGE, "Home_language"),
    *_skip_columns(PROGRAM, "Ell_status", "Frl_status", "IEP_status", "Section_504_status"),
    *_skip_columns(
        PROGRAM, "Gifted_status", "Disability_status", "Disability_type", "Disability_code"
    ),
    *_skip_columns(ADDRESS, "Student_street", "Student_city", "Student_state", "Student_zip"),
    *_skip_columns(GPA, "Unweighted_gpa", "Weighted_gpa"),
)
PREFERRED_11 = _list_metadata(
    "Preferred_last_name", "Preferred_first_name", "Preferred_middle_name"
)
PREFERRED_12 = (
    Place("Preferred_last_name", "preferredFamilyName"),
    Place("Preferred_first_name", "preferredGivenName"),
    Place("Preferred_middle_name", "preferredMiddleName"),
)

TEACHERS = (
    Place("Teacher_number", "identifier"),
    Place("State_teacher_id", "userIds", form="userids"),
    *_name("Teacher"),
    *_list_metadata("Title"),
)

STAFF = (*_name("Staff"), *_list_metadata("Department", "Title", "Role"))

SECTIONS = (
    Place("Name", "title"),
    Place("Section_number", "classCode"),
    Place("Grade", "grades", form="grades"),
    Place("Period", "periods", form="list"),
    Place("Subject", "subjects", form="list"),
    Place("Course_name", "title", "courses.csv"),
    Place("Course_number", "courseCode", "courses.csv"),
    *_list_metadata("Course_description"),
    Place("Term_name", "title", "academicSessions.csv"),
    Place("Term_start", "startDate", "academicSessions.csv", form="date"),
    Place("Term_end", "endDate", "academicSessions.csv", form="date"),
)

ENROLLMENTS = (
    Place("Begin", "beginDate", form="date"),
    Place("End", "endDate", form="date"),
    *_skip_columns(
        "OneRoster has no exit codes; people who have left are not written.", "Exit_code"
    ),
    *_skip_columns("OneRoster has the grade on the student and the class.", "Grade"),
)

LINKS: Mapping[str, Mapping[str, str]] = {
    "schools": {"School_id": "sourcedId"},
    "students": {"Student_id": "sourcedId", "School_id": "orgSourcedIds"},
    "teachers": {"Teacher_id": "sourcedId", "School_id": "orgSourcedIds"},
    "staff": {"Staff_id": "sourcedId", "School_id": "orgSourcedIds"},
    "sections": {"Section_id": "sourcedId", "School_id": "schoolSourcedId"},
    "enrollments": {
        "School_id": "schoolSourcedId",
        "Section_id": "classSourcedId",
        "Student_id": "userSourcedId",
    },
}
"""Table -> ids and references -> the column that they are written to."""

OWN = {
    "schools": "orgs.csv",
    "students": USERS,
    "teachers": USERS,
    "staff": USERS,
    "sections": "classes.csv",
    "enrollments": "enrollments.csv",
}
"""Table of the roster -> the file of its records."""


def list_places(version: str) -> dict[str, tuple[Place, ...]]:
    """Return, by table, where a conversion to a version of OneRoster puts each column."""
    preferred = PREFERRED_12 if version == V12 else PREFERRED_11
    return {
        "schools": SCHOOLS,
        "students": (*STUDENTS, *preferred),
        "teachers": TEACHERS,
        "staff": STAFF,
        "sections": SECTIONS,
        "enrollments": ENROLLMENTS,
    }


def list_headings(version: str, file: str) -> list[str]:
    """Return the columns of a converted file in the order of the specification."""
    described = next(each for each in FILES[version] if each.name == file)
    return [column.name for column in described.columns if column.name != "resourceSourcedIds"]
