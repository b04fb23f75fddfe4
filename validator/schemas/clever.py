"""Clever's SFTP export: its files, their columns, and a pandera schema for each file.

Schemas: `schools`, `students`, `teachers`, `sections`, `enrollments`, `staff` (docs/schemas.md).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from validator.model import Column, File
from validator.schemas.build import SchemaSet
from validator.schemas.clever_values import (
    DISABILITIES,
    DISABILITY_CODES,
    GENDERS,
    LANGUAGE_CODES,
    LANGUAGES,
    LUNCH,
    RACES,
    SUBJECTS,
    YES_NO,
)

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

SLOTS = 20
"""Teacher columns that are read. Clever takes ten; the others are read to be counted and named."""


def _describe_coded(name: str, *spellings: str) -> Column:
    """Describe a column of few distinct values for the pandera schema of one of Clever's files."""
    return Column(name, spellings=spellings, coded=True)


def _describe_choice(name: str, allowed: tuple[str, ...], *spellings: str) -> Column:
    """Describe a column of listed values for the pandera schema of one of Clever's files."""
    return Column(name, "choice", allowed=allowed, spellings=spellings, coded=True)


def _describe_email(
    name: str, *spellings: str, required: bool = False, recommended: bool = False
) -> Column:
    """Describe a column of e-mail addresses for the pandera schema of one of Clever's files."""
    return Column(
        name,
        "email",
        required=required,
        spellings=spellings,
        recommended=recommended,
        former=("Email_address",),
    )


def _describe_own_email(who: str, *, required: bool = False) -> Column:
    """Describe the column of a person's own address for the pandera schema of a Clever file."""
    spellings = (*MAILS, f"{who}_email_address", f"{who}_mail")
    return _describe_email(f"{who}_email", *spellings, required=required, recommended=not required)


def _describe_name(name: str, *spellings: str, required: bool = False) -> Column:
    """Describe a column of names for the pandera schema of one of Clever's files."""
    return Column(name, "name", required=required, spellings=spellings, coded=True)


def _describe_names(who: str) -> tuple[Column, ...]:
    """Describe the columns of a person's name for the pandera schema of a file of Clever's."""
    return (
        _describe_name("Last_name", f"{who}_last_name", "Surname", "Family_name", required=True),
        _describe_name("First_name", f"{who}_first_name", "Given_name", required=True),
        _describe_name("Middle_name", f"{who}_middle_name"),
    )


BIRTHDAY = (
    "Birthdate",
    "Birth_date",
    "Birthday",
    "Date_of_birth",
    "Student_birthdate",
    "Student_dob",
)
MAILS = (
    "Email_address",
    "Email",
    "Mail",
    "District_email",
    "Google_email",
    "Primary_email",
    "School_email",
)
"""Headings of a person's one address; those of further addresses are not among them."""

SCHOOL_ID = Column("School_id", "id", required=True, coded=True)
SIGN_IN = (Column("Username", "id"), Column("Password", "secret"))

SCHOOLS = File(
    "schools",
    "schools.csv",
    "School_id",
    (
        Column("School_id", "id", required=True),
        Column("School_name", required=True, spellings=("Name",)),
        Column("School_number", "id", recommended=True),
        Column("State_id", "id", spellings=("State_school_id",)),
        Column("Nces_id", "id"),
        Column("Low_grade", "grade", coded=True),
        Column("High_grade", "grade", coded=True),
        Column("Principal", "name", spellings=("Principal_name",)),
        _describe_email("Principal_email"),
        Column("School_address", spellings=("Address", "School_street")),
        _describe_coded("School_city", "City"),
        _describe_coded("School_state", "State"),
        _describe_coded("School_zip", "Zip", "Zip_code"),
        Column("School_phone", spellings=("Phone",)),
    ),
    spellings=("school_list",),
    extension="ext.",
)

CONTACTS = (
    _describe_coded("Contact_relationship", "Guardian_relationship", "Parent_relationship"),
    _describe_coded("Contact_type", "Guardian_type", "Parent_type"),
    Column(
        "Contact_name", "name", spellings=("Guardian_name", "Parent_name", "Parent_guardian_name")
    ),
    Column("Contact_phone", spellings=("Guardian_phone", "Parent_phone")),
    _describe_coded("Contact_phone_type", "Guardian_phone_type", "Parent_phone_type"),
    _describe_email("Contact_email", "Guardian_email", "Parent_email"),
    Column(
        "Contact_sis_id",
        "id",
        spellings=("Contact_id", "Guardian_id", "Parent_id", "Guardian_sis_id"),
    ),
    _describe_coded("Contact_pickup_rights"),
)

STUDENTS = File(
    "students",
    "students.csv",
    "Student_id",
    (
        SCHOOL_ID,
        Column("Student_id", "id", required=True, spellings=("Student_sis_id",)),
        Column("Student_number", "id"),
        Column("State_id", "id", spellings=("State_student_id", "Student_state_id")),
        *_describe_names("Student"),
        _describe_name("Preferred_last_name"),
        _describe_name("Preferred_first_name", "Nickname"),
        _describe_name("Preferred_middle_name"),
        Column(
            "Grade",
            "grade",
            coded=True,
            recommended=True,
            spellings=("Grade_level", "Student_grade"),
        ),
        _describe_choice("Gender", GENDERS, "Sex"),
        Column("Graduation_year", "number", coded=True, spellings=("Grad_year",)),
        Column("DOB", "date", coded=True, recommended=True, spellings=BIRTHDAY),
        _describe_choice("Race", RACES),
        _describe_choice("Hispanic_Latino", YES_NO, "Hispanic_ethnicity", "Hispanic"),
        _describe_choice(
            "Home_language",
            (*LANGUAGES, *LANGUAGE_CODES),
            "Home_language_name",
            "Home_language_code",
        ),
        _describe_choice("Ell_status", YES_NO, "Ell"),
        _describe_choice("Frl_status", LUNCH, "Frl"),
        _describe_choice("IEP_status", YES_NO, "Iep"),
        _describe_choice("Section_504_status", YES_NO, "Section_504"),
        _describe_choice("Gifted_status", YES_NO, "Gifted"),
        _describe_choice("Disability_status", YES_NO),
        _describe_choice("Disability_type", DISABILITIES),
        _describe_choice("Disability_code", DISABILITY_CODES),
        Column("Student_street", spellings=("Student_address", "Street")),
        _describe_coded("Student_city", "City"),
        _describe_coded("Student_state", "State"),
        _describe_coded("Student_zip", "Zip", "Zip_code"),
        _describe_own_email("Student"),
        *CONTACTS,
        *SIGN_IN,
        Column("Unweighted_gpa", "number", coded=True),
        Column("Weighted_gpa", "number", coded=True),
    ),
    spellings=("student_list",),
    extension="ext.",
)

TEACHERS = File(
    "teachers",
    "teachers.csv",
    "Teacher_id",
    (
        SCHOOL_ID,
        Column("Teacher_id", "id", required=True, spellings=("Teacher_sis_id",)),
        Column("Teacher_number", "id"),
        Column("State_teacher_id", "id", spellings=("State_id", "Teacher_state_id")),
        _describe_own_email("Teacher"),
        *_describe_names("Teacher"),
        _describe_coded("Title", "Teacher_title"),
        *SIGN_IN,
    ),
    spellings=("teacher_list",),
    extension="ext.",
)

SECTIONS = File(
    "sections",
    "sections.csv",
    "Section_id",
    (
        SCHOOL_ID,
        Column("Section_id", "id", required=True, spellings=("Class_id", "Section_sis_id")),
        Column(
            "Teacher_id",
            "id",
            required=True,
            coded=True,
            spellings=("Teacher_1_id", "Primary_teacher_id"),
        ),
        *(
            Column(f"Teacher_{n}_id", "id", coded=True, spellings=(f"Teacher_id_{n}",))
            for n in range(2, SLOTS + 1)
        ),
        Column("Name", spellings=("Class_name", "Section_name")),
        Column("Section_number", "id", coded=True, spellings=("Class_number",)),
        Column("Grade", "grade", coded=True, spellings=("Grade_level",)),
        _describe_coded("Course_name", "Course_title"),
        _describe_coded("Course_number", "Course_code"),
        _describe_coded("Course_description"),
        _describe_coded("Period", "Class_period"),
        _describe_choice("Subject", SUBJECTS),
        _describe_coded("Term_name", "Term"),
        Column("Term_start", "date", coded=True, spellings=("Term_start_date",)),
        Column("Term_end", "date", coded=True, spellings=("Term_end_date",)),
    ),
    spellings=("classes", "section_list"),
    extension="ext.",
)

ENROLLMENTS = File(
    "enrollments",
    "enrollments.csv",
    "",
    (
        SCHOOL_ID,
        Column("Section_id", "id", required=True, coded=True, spellings=("Class_id",)),
        Column("Student_id", "id", required=True, coded=True),
    ),
    spellings=("enrolments", "rosters"),
    extension="ext.",
)

STAFF = File(
    "staff",
    "staff.csv",
    "Staff_id",
    (
        SCHOOL_ID,
        Column("Staff_id", "id", required=True),
        _describe_own_email("Staff", required=True),
        *_describe_names("Staff"),
        _describe_coded("Department"),
        _describe_coded("Title", "Staff_title"),
        *SIGN_IN,
        _describe_coded("Role"),
    ),
    required=False,
    extension="ext.",
)

FILES = (SCHOOLS, STUDENTS, TEACHERS, SECTIONS, ENROLLMENTS, STAFF)

CUSTOM = "customsections"
"""The folder of custom sections, read as the files of the same names: no page lists its columns."""
CUSTOM_FILES = tuple(
    replace(
        file,
        table=f"{CUSTOM}/{file.name}",
        name=f"{CUSTOM}/{file.name}",
        required=False,
        spellings=(),
    )
    for file in (SECTIONS, ENROLLMENTS)
)

_SCHEMAS = SchemaSet("Clever", FILES)


def __getattr__(name: str) -> DataFrameSchema:
    """Return the pandera schema of the file of this name, for example `clever.students`."""
    return _SCHEMAS.find(name)


def __dir__() -> list[str]:
    """List the module's names, with its schemas."""
    return [*globals(), *_SCHEMAS]
