"""OneRoster's names for the tables, columns and roles of a roster."""

from __future__ import annotations

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
"""Role in lower case -> table. Aides and proctors work at the school, so they are staff. Parents,
guardians and relatives are contacts and belong to no table."""

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
"""Files of the format without roster data. They are ignored silently."""

SCHOOL = {"School_id": "sourcedId", "School_name": "name", "School_number": "identifier"}
SECTION = {
    "Section_id": "sourcedId",
    "School_id": "schoolSourcedId",
    "Name": "title",
    "Section_number": "classCode",
    "Grade": "grades",
    "Period": "periods",
    "Subject": "subjects",
}
COURSE = {"Course_name": "title", "Course_number": "courseCode", "Subject": "subjects"}

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
"""Our column -> OneRoster's column, for each kind of record."""
