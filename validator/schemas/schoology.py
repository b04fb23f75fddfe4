"""Schoology's imports of users, courses and enrollments: files, columns, and schemas.

`imports` holds a pandera schema for each file: `schoology.imports.users`. See docs/schemas.md.
Sources: the pages "Import Users", "Import Courses" and "Import Course Enrollments with a CSV/XLS
File" of https://uc.powerschool-docs.com/en/schoology/latest/. They name the columns; the files may
have any name.
"""

from __future__ import annotations

from validator.model import Column, File
from validator.schemas.build import SchemaSet, describe_text

UNIQUE_ID = Column("User Unique ID", "id", required=True, spellings=("Unique ID", "School UID"))
COURSE = Column("Course Code", "id", required=True, coded=True)
SECTION = Column("Section Code", "id", coded=True, recommended=True)
SCHOOL_CODE = Column("Section School Code", "id", coded=True)
PERIOD = Column("Grading Period", coded=True, spellings=("Grading Periods", "Grading Period(s)"))
SCHOOL = Column("School", "id", coded=True, spellings=("Building", "School Name"))


USERS = File(
    "users.csv",
    "users.csv",
    "User Unique ID",
    (
        UNIQUE_ID,
        Column("First Name", "name", required=True, coded=True),
        Column("Last Name", "name", required=True, coded=True),
        Column("Username", "id"),
        Column("E-mail", "email", recommended=True, spellings=("Email", "E-mail Address")),
        Column("Role", coded=True, recommended=True),
        SCHOOL,
        Column("Schoology User ID", "id"),
        Column("First Name (Preferred)", "name", coded=True),
        Column("Middle Name", "name", coded=True),
        describe_text("Name Prefix"),
        describe_text("Position/Job Title", "Position", "Job Title"),
        Column("Password", "secret"),
        describe_text("Gender"),
        describe_text("Grad Year"),
        describe_text("Additional Schools"),
        Column("SIS User ID", "id"),
    ),
    spellings=("user", "schoology_users", "users_import", "import_users"),
)

COURSES = File(
    "courses.csv",
    "courses.csv",
    "",
    (
        Column("Course Name", required=True, coded=True),
        COURSE,
        Column("Section Name", required=True, coded=True),
        SECTION,
        SCHOOL_CODE,
        PERIOD,
        SCHOOL,
    ),
    spellings=("course", "sections", "course_sections", "schoology_courses", "import_courses"),
)

ENROLLMENTS = File(
    "enrollments.csv",
    "enrollments.csv",
    "",
    (
        COURSE,
        SECTION,
        SCHOOL_CODE,
        UNIQUE_ID,
        Column("Enrollment Type", coded=True, recommended=True),
        PERIOD,
    ),
    spellings=("enrollment", "course_enrollments", "schoology_enrollments", "import_enrollments"),
)

FILES = (USERS, COURSES, ENROLLMENTS)

imports = SchemaSet("Schoology import", FILES)
