"""Columns of Canvas's files that a roster expresses in another form."""

from __future__ import annotations

from collections.abc import Mapping

from validator.model import Export, Table
from validator.repair.convert.roster import Extras, Heading

STRUCTURE = {
    "users.csv": "user_id,first_name,last_name,full_name,sortable_name,declared_user_type,status",
    "accounts.csv": "account_id,parent_account_id,status",
    "terms.csv": "term_id,name,status,start_date,end_date,date_override_enrollment_type",
    "courses.csv": "course_id,account_id,term_id,long_name,short_name,status,start_date,end_date"
    ",homeroom_course",
    "sections.csv": "section_id,course_id,status,start_date,end_date",
    "enrollments.csv": "course_id,section_id,user_id,user_integration_id,role,status,start_date"
    ",end_date",
    "xlists.csv": "xlist_course_id,section_id,status",
    "admins.csv": "user_id,account_id,role,status",
}
"""Columns that say who is where: as statuses, roles, references and days."""


def enrich(export: Export, own: Mapping[str, Table]) -> Extras:
    """Return the columns of Canvas's files that a roster to convert has in another form."""
    used = {
        Heading(table.file, table.headers[column])
        for name, columns in STRUCTURE.items()
        if (table := own.get(name)) is not None
        for column in columns.split(",")
        if table.has(column)
    }
    return Extras(used=frozenset(used))
