"""Canvas's SIS import: the files, columns and values that Instructure documents, and schemas.

`sis` holds a pandera schema for each file: `canvas.sis.users`. See docs/schemas.md.
Source: https://developerdocs.instructure.com/services/canvas/sis/file.sis_csv; statuses as the
importers in https://github.com/instructure/canvas-lms/tree/master/lib/sis accept them.
"""

from __future__ import annotations

from validator.model import Column, File
from validator.schemas.build import SchemaSet, describe_id, describe_text

ACTIVE_OR_DELETED = ("active", "deleted")
REPORTED_STATUSES = ("concluded", "invited", "rejected")
"""Statuses in Canvas's own reports (SIS export, provisioning), which its import does not take."""

COURSE_STATUSES = ("active", "published", "unpublished", "completed", "deleted", "concluded")
ENROLLMENT_STATUSES = (
    "active",
    "inactive",
    "completed",
    "deleted",
    "deleted_last_completed",
    *REPORTED_STATUSES,
)
USER_TYPES = ("administrative", "observer", "staff", "student", "student_other", "teacher")
DELETE = "<delete>"
"""The value that removes a date or a user's type."""


def _describe_moment(name: str) -> Column:
    """Describe a column of moments for the pandera schema of a Canvas file."""
    return Column(name, "moment", coded=True)


def _describe_status(allowed: tuple[str, ...]) -> Column:
    """Describe the column of status for the pandera schema of a Canvas file."""
    return Column("status", "choice", required=True, allowed=allowed, coded=True)


def _describe_file(
    name: str, key: str, *columns: Column, required: bool = False, spellings: tuple[str, ...] = ()
) -> File:
    """Describe a Canvas file for its pandera schema, by name and columns."""
    file = f"{name}.csv"
    return File(file, file, key, columns, required=required, spellings=spellings)


USERS = _describe_file(
    "users",
    "user_id",
    Column("user_id", "id", required=True),
    Column("integration_id", "id"),
    Column("login_id", "id", required=True),
    Column("password", "secret"),
    Column("ssha_password", "secret"),
    describe_id("authentication_provider_id"),
    Column("first_name", "name", coded=True),
    Column("last_name", "name", coded=True),
    Column("full_name", "name"),
    Column("sortable_name", "name"),
    Column("short_name", "name"),
    Column("email", "email", recommended=True),
    describe_text("pronouns"),
    Column("declared_user_type", "choice", allowed=(*USER_TYPES, DELETE), coded=True),
    describe_text("canvas_password_notification"),
    describe_text("home_account"),
    _describe_status(("active", "suspended", "deleted")),
    required=True,
    spellings=("user", "canvas_users"),
)

ACCOUNTS = _describe_file(
    "accounts",
    "account_id",
    Column("account_id", "id", required=True),
    describe_id("parent_account_id", required=True),
    Column("name", required=True),
    _describe_status(ACTIVE_OR_DELETED),
    Column("integration_id", "id"),
    spellings=("account", "canvas_accounts"),
)

TERMS = _describe_file(
    "terms",
    "term_id",
    Column("term_id", "id", required=True),
    Column("name", required=True),
    _describe_status(ACTIVE_OR_DELETED),
    Column("integration_id", "id"),
    describe_text("date_override_enrollment_type"),
    _describe_moment("start_date"),
    _describe_moment("end_date"),
    spellings=("term", "canvas_terms"),
)

COURSES = _describe_file(
    "courses",
    "course_id",
    Column("course_id", "id", required=True),
    describe_text("short_name", required=True),
    describe_text("long_name", required=True),
    describe_id("account_id"),
    describe_id("term_id"),
    _describe_status(COURSE_STATUSES),
    Column("integration_id", "id"),
    _describe_moment("start_date"),
    _describe_moment("end_date"),
    describe_text("course_format"),
    describe_id("blueprint_course_id"),
    describe_text("grade_passback_setting"),
    describe_text("homeroom_course"),
    describe_text("friendly_name"),
    describe_text("created_by_sis"),
    required=True,
    spellings=("course", "canvas_courses"),
)

SECTIONS = _describe_file(
    "sections",
    "section_id",
    Column("section_id", "id", required=True),
    describe_id("course_id", required=True),
    Column("name", required=True),
    _describe_status(ACTIVE_OR_DELETED),
    Column("integration_id", "id"),
    _describe_moment("start_date"),
    _describe_moment("end_date"),
    spellings=("section", "canvas_sections"),
)

ENROLLMENTS = _describe_file(
    "enrollments",
    "",
    describe_id("course_id"),
    describe_text("root_account"),
    _describe_moment("start_date"),
    _describe_moment("end_date"),
    describe_id("user_id", required=True),
    describe_id("user_integration_id"),
    describe_text("role", required=True),
    describe_id("role_id"),
    describe_text("base_role_type"),
    describe_id("section_id"),
    _describe_status(ENROLLMENT_STATUSES),
    describe_id("associated_user_id"),
    describe_text("limit_section_privileges"),
    describe_text("notify"),
    describe_id("temporary_enrollment_source_user_id"),
    describe_text("created_by_sis"),
    required=True,
    spellings=("enrollment", "canvas_enrollments"),
)

XLISTS = _describe_file(
    "xlists",
    "",
    describe_id("xlist_course_id", required=True),
    describe_id("section_id", required=True),
    _describe_status(ACTIVE_OR_DELETED),
    spellings=("xlist", "cross_lists", "crosslists", "canvas_xlists"),
)

ADMINS = _describe_file(
    "admins",
    "",
    describe_id("user_id", required=True),
    describe_id("account_id", required=True),
    describe_id("role_id"),
    describe_text("role"),
    _describe_status(ACTIVE_OR_DELETED),
    describe_text("root_account"),
    spellings=("admin", "canvas_admins"),
)

FILES = (USERS, ACCOUNTS, TERMS, COURSES, SECTIONS, ENROLLMENTS, XLISTS, ADMINS)

sis = SchemaSet("Canvas SIS import", FILES)
