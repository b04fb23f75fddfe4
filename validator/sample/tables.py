"""Tables of a sample district: their headers, and cells that several tables share."""

from __future__ import annotations

import datetime as dt

from validator.sample.people import Row

District = dict[str, list[Row]]
"""Table -> rows."""

HEADERS: dict[str, tuple[str, ...]] = {
    "schools": (
        "School_id",
        "School_name",
        "School_number",
        "Low_grade",
        "High_grade",
        "Principal",
        "Principal_email",
    ),
    "students": (
        "School_id",
        "Student_id",
        "Student_number",
        "State_id",
        "Last_name",
        "First_name",
        "Grade",
        "Gender",
        "DOB",
        "Student_email",
        "Contact_relationship",
        "Contact_type",
        "Contact_name",
        "Contact_phone",
        "Contact_phone_type",
        "Contact_email",
        "Contact_sis_id",
    ),
    "teachers": (
        "School_id",
        "Teacher_id",
        "Teacher_number",
        "Teacher_email",
        "First_name",
        "Last_name",
        "Title",
    ),
    "sections": (
        "School_id",
        "Section_id",
        "Teacher_id",
        "Teacher_2_id",
        "Name",
        "Section_number",
        "Grade",
        "Course_name",
        "Course_number",
        "Period",
        "Subject",
        "Term_name",
        "Term_start",
        "Term_end",
    ),
    "enrollments": ("School_id", "Section_id", "Student_id"),
    "staff": (
        "School_id",
        "Staff_id",
        "Staff_email",
        "First_name",
        "Last_name",
        "Department",
        "Title",
        "Role",
    ),
}
"""Headings in the spelling and order of Clever's format, for columns that every row may have."""


def format_grade(grade: int) -> str:
    """Return a made-up student's grade as Clever spells it; 0 is Kindergarten."""
    return str(grade) if grade else "Kindergarten"


def format_date(day: dt.date) -> str:
    """Return a date of the made-up district as MM/DD/YYYY."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def find_school_year(as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the made-up district's school year around a day."""
    year = as_of.year if as_of.month >= 7 else as_of.year - 1
    return min(dt.date(year, 8, 17), as_of), max(dt.date(year + 1, 6, 4), as_of)


def build_term(as_of: dt.date) -> Row:
    """Return the term cells of a made-up section in the school year of the day."""
    start, end = find_school_year(as_of)
    return {
        "Term_name": f"{end.year - 1}-{end.year % 100:02}",
        "Term_start": format_date(start),
        "Term_end": format_date(end),
    }
