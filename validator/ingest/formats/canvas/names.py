"""Canvas's names for the tables, columns, roles and statuses of a roster."""

from __future__ import annotations

import re

MADE_FROM = {
    "schools": "accounts.csv",
    "students": "users.csv",
    "teachers": "users.csv",
    "staff": "users.csv",
    "sections": "courses.csv",
    "enrollments": "enrollments.csv",
}
"""Table of the roster -> the file without which it cannot be built."""

OTHERS = {
    "logins": "only the sign-in names in users.csv are read",
    "change_sis_id": "Canvas changes these ids at import; the other files were read as they are",
    **dict.fromkeys(
        (
            "user_observers",
            "group_categories",
            "groups",
            "groups_membership",
            "group_memberships",
            "differentiation_tag_sets",
            "differentiation_tags",
            "differentiation_tag_membership",
            "abstract_courses",
            "grade_publishing_results",
        ),
        "",
    ),
}
"""Further files of the format, which hold no roster."""

DELETED = (
    "deleted",
    "completed",
    "inactive",
    "deleted_last_completed",
    "concluded",
    "rejected",
)
"""Statuses of records that are no longer, or not yet, part of the roster. A completed course is
concluded, a completed enrollment only reads, an inactive one takes no part."""

STUDENT, TEACHER, ASSISTANT, DESIGNER, OBSERVER = range(5)
ROLES = {
    "teacher": TEACHER,
    "teacherenrollment": TEACHER,
    "ta": ASSISTANT,
    "taenrollment": ASSISTANT,
    "designer": DESIGNER,
    "designerenrollment": DESIGNER,
    "observer": OBSERVER,
    "observerenrollment": OBSERVER,
}
"""Role in lower case -> its kind. Every role that begins with `student` is a student's, and the
names of built-in roles are Canvas's own; see lib/sis/enrollment_importer.rb."""
STUDENTS = "student"

USER_TYPES = {
    "student": "students",
    "student_other": "students",
    "teacher": "teachers",
    "staff": "staff",
    "administrative": "staff",
    "observer": "",
}
"""declared_user_type -> table of the roster, "" for none."""

PERSON = {"Username": "login_id", "Password": "password"}
EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
KEYS = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}

ABSENT = {
    "students": {
        "Grade": "Canvas files have no grades for students",
        "DOB": "Canvas files have no birth dates",
    },
    "sections": {
        "Grade": "Canvas files have no grades for sections",
        "Subject": "Canvas files have no subjects",
        "Period": "Canvas files have no periods",
    },
    "schools": dict.fromkeys(("Low_grade", "High_grade"), "Canvas accounts have no grades"),
    "staff": {"Title": "Canvas files have no job titles"},
    "enrollments": {"School_id": "Canvas enrollments do not name a school"},
}
"""Table -> column -> why no file can have it."""

_SCHOOL = re.compile(
    r"\b(school|elementary|elem|middle|high|academy|primary|intermediate|secondary|preparatory|prep"
    r"|preschool|kindergarten|charter|magnet|montessori|campus|learning cent(er|re)|institute"
    r"|college|k-?\d+|e\.?s|m\.?s|h\.?s|j\.?h\.?s)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(schools|district|unified|county|division|region|office|department|dept|isd|usd|csd"
    r"|public|board of education|area|cluster|network|diocese)\b",
    re.IGNORECASE,
)
_LEVEL_ONLY = re.compile(
    r"(elementary|elem|middle|high|junior|senior|primary|intermediate|secondary|school|preschool"
    r"|kindergarten|education|level|grades?|programs?|k-?\d+|\d+-\d+|and|[\s&/,.-])+",
    re.IGNORECASE,
)


def is_school_name(name: str) -> bool:
    """Return whether a Canvas account's name is that of one school, not of a group of schools."""
    if not _SCHOOL.search(name) or _GROUP.search(name):
        return False
    return not _LEVEL_ONLY.fullmatch(name)
