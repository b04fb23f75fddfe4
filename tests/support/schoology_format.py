"""A district of Clever's tables, as rows, written as Schoology's import files."""

from __future__ import annotations

from tests.support.other_formats import (
    PEOPLE,
    District,
    Files,
    Row,
    fill,
    list_people,
    name_user,
    teachers_of,
)

ROLES = {"students": "Student", "teachers": "Teacher", "staff": "School Admin"}

HEADERS = {
    "users": "User Unique ID,First Name,Last Name,Username,E-mail,Role,School",
    "courses": "Course Name,Course Code,Section Name,Section Code,Section School Code,"
    "Grading Period,School",
    "enrollments": "Course Code,Section Code,Section School Code,User Unique ID,Enrollment Type",
}


def schoology(district: District) -> Files:
    """Schoology: sections have a code of their school, and codes of course and section."""
    tables = {
        "users": list(
            {id: _user(table, id, row) for table, id, row in list_people(district)[::-1]}.values()
        )[::-1],
        "courses": [_course(row) for row in district["sections"]],
        "enrollments": _enrollments(district),
    }
    return {f"{name}.csv": fill(HEADERS[name], rows) for name, rows in tables.items()}


def _user(table: str, id: str, row: Row) -> Row:
    return {
        "User Unique ID": id,
        "First Name": row["First_name"],
        "Last Name": row["Last_name"],
        "Username": name_user(id),
        "E-mail": row.get(f"{PEOPLE[table]}_email", ""),
        "Role": ROLES[table],
        "School": row["School_id"],
    }


def _course(row: Row) -> Row:
    return {
        "Course Name": row["Course_name"],
        "Course Code": row["Course_number"] or row["Course_name"],
        "Section Name": row.get("Name", "") or row["Section_id"],
        "Section Code": row["Section_id"],
        "Section School Code": row["Section_id"],
        "Grading Period": row["Term_name"],
        "School": row["School_id"],
    }


def _enrollments(district: District) -> list[Row]:
    courses = {row["Section_id"]: _course(row) for row in district["sections"]}
    people = [
        (section["Section_id"], teacher, "Admin")
        for section in district["sections"]
        for teacher in teachers_of(section)
    ] + [(row["Section_id"], row["Student_id"], "Member") for row in district["enrollments"]]
    return [
        {
            "Course Code": courses.get(section, {}).get("Course Code", ""),
            "Section Code": section,
            "Section School Code": section,
            "User Unique ID": person,
            "Enrollment Type": kind,
        }
        for section, person, kind in people
    ]
