"""School Data Sync's names for the tables, columns and roles of a roster."""

from __future__ import annotations

SOURCES = {
    "schools": "School.csv",
    "students": "Student.csv",
    "teachers": "Teacher.csv",
    "sections": "Section.csv",
    "enrollments": "StudentEnrollment.csv",
}
"""Table -> the file of V1 that it is made from."""
KEYS = {
    "schools": "School_id",
    "students": "Student_id",
    "teachers": "Teacher_id",
    "sections": "Section_id",
    "enrollments": "",
    "teaching": "",
}
"""Table -> its key column."""
_ACCOUNT = {
    "First_name": "First Name",
    "Last_name": "Last Name",
    "Middle_name": "Middle Name",
    "Username": "Username",
    "Password": "Password",
}
COLUMNS = {
    "schools": {
        "School_id": "SIS ID",
        "School_name": "Name",
        "School_number": "School Number",
        "Low_grade": "Grade Low",
        "High_grade": "Grade High",
        "Principal": "Principal Name",
    },
    "students": {
        "School_id": "School SIS ID",
        "Student_id": "SIS ID",
        "Student_number": "Student Number",
        **_ACCOUNT,
        "Grade": "Grade",
        "DOB": "Birthdate",
        "Student_email": "Secondary Email",
        "Graduation_year": "Graduation Year",
    },
    "teachers": {
        "School_id": "School SIS ID",
        "Teacher_id": "SIS ID",
        "Teacher_number": "Teacher Number",
        **_ACCOUNT,
        "Title": "Title",
        "Teacher_email": "Secondary Email",
    },
    "sections": {
        "School_id": "School SIS ID",
        "Section_id": "SIS ID",
        "Name": "Section Name",
        "Section_number": "Section Number",
        "Course_name": "Course Name",
        "Course_number": "Course Number",
        "Subject": "Course Subject",
        "Period": "Periods",
        "Term_name": "Term Name",
        "Term_start": "Term StartDate",
        "Term_end": "Term EndDate",
    },
    "enrollments": {"Section_id": "Section SIS ID", "Student_id": "SIS ID"},
    "teaching": {"Section_id": "Section SIS ID", "Teacher_id": "SIS ID"},
}
"""Table -> our column -> the column of V1, with its American heading."""

ROLES = {"student": "students", "teacher": "teachers"} | dict.fromkeys(
    (
        "staff",
        "faculty",
        "professor",
        "lecturer",
        "adjunct",
        "instructor",
        "aide",
        "paraprofessional",
        "administrator",
        "principal",
        "chancellor",
        "counselor",
        "proctor",
        "specialist",
        "coach",
        "nurse",
        "other",
        "districtadministrator",
        "siteadministrator",
        "systemadministrator",
        "officeadministrator",
        "itadministrator",
    ),
    "staff",
)
"""Role in lower case -> table. Only `teacher` is a teacher; Microsoft lists the other roles as
staff. Parents, guardians, relatives and contacts belong to no table."""

PERSON = {
    "First_name": "givenName",
    "Last_name": "familyName",
    "Username": "username",
    "Password": "password",
}
"""Our column -> the column of V2 and V2.1."""
