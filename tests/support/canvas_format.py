"""A district of Clever's tables, as rows, written as Canvas's SIS import files."""

from __future__ import annotations

from tests.support.other_formats import (
    PEOPLE,
    District,
    Files,
    Row,
    fill,
    iso,
    list_courses,
    list_people,
    list_sessions,
    name_user,
    teachers_of,
)

TYPES = {"students": "student", "teachers": "teacher", "staff": "staff"}
DISTRICT = "district"

HEADERS = {
    "users": "user_id,login_id,first_name,last_name,email,declared_user_type,status",
    "accounts": "account_id,parent_account_id,name,status",
    "terms": "term_id,name,status,start_date,end_date",
    "courses": "course_id,short_name,long_name,account_id,term_id,status",
    "sections": "section_id,course_id,name,status,start_date,end_date",
    "enrollments": "course_id,user_id,role,section_id,status,start_date,end_date",
    "admins": "user_id,account_id,role,status",
}


def canvas(district: District) -> Files:
    """Canvas: accounts are schools; courses are those of one title, school and term."""
    tables = {
        "users": list(
            {id: _user(table, id, row) for table, id, row in list_people(district)[::-1]}.values()
        )[::-1],
        "accounts": _accounts(district),
        "terms": [
            {"term_id": key, "name": name, "start_date": iso(start), "end_date": iso(end)}
            for (name, start, end), key in list_sessions(district).items()
        ],
        "courses": list(_courses(district).values()),
        "sections": [
            {
                "section_id": row["Section_id"],
                "course_id": name_course(district, row),
                "name": row.get("Name", ""),
            }
            for row in district["sections"]
        ],
        "enrollments": _enrollments(district),
        "admins": [
            {"user_id": row["Staff_id"], "account_id": row["School_id"], "role": "AccountAdmin"}
            for row in district["staff"]
        ],
    }
    return {
        f"{name}.csv": fill(HEADERS[name], [{"status": "active", **row} for row in rows])
        for name, rows in tables.items()
    }


def _user(table: str, id: str, row: Row) -> Row:
    return {
        "user_id": id,
        "login_id": name_user(id),
        "first_name": row["First_name"],
        "last_name": row["Last_name"],
        "email": row.get(f"{PEOPLE[table]}_email", ""),
        "declared_user_type": TYPES[table],
    }


def _accounts(district: District) -> list[Row]:
    schools = [
        {
            "account_id": row["School_id"],
            "parent_account_id": DISTRICT,
            "name": row["School_name"],
        }
        for row in district["schools"]
    ]
    return [{"account_id": DISTRICT, "name": "Maple Hollow Unified"}, *schools]


def name_course(district: District, section: Row) -> str:
    """The id of a section's course: one for each title, school and term."""
    title = list_courses(district)[
        section["Course_name"], section["Course_number"], section["Subject"]
    ]
    term = list_sessions(district)[section["Term_name"], section["Term_start"], section["Term_end"]]
    return f"{title}-{section['School_id']}-{term}"


def _courses(district: District) -> dict[str, Row]:
    courses = {}
    for row in district["sections"]:
        term = list_sessions(district)[row["Term_name"], row["Term_start"], row["Term_end"]]
        key = name_course(district, row)
        courses[key] = {
            "course_id": key,
            "short_name": row["Course_number"] or row["Course_name"],
            "long_name": row["Course_name"],
            "account_id": row["School_id"],
            "term_id": term,
        }
    return courses


def _enrollments(district: District) -> list[Row]:
    """The teachers of each section, the primary one first, and then the students."""
    courses = {row["Section_id"]: name_course(district, row) for row in district["sections"]}
    rows = [
        _enroll(courses, section["Section_id"], teacher, role="teacher")
        for section in district["sections"]
        for teacher in teachers_of(section)
    ]
    for row in district["enrollments"]:
        days = {"start_date": iso(row.get("Begin", "")), "end_date": iso(row.get("End", ""))}
        rows.append(_enroll(courses, row["Section_id"], row["Student_id"], role="student") | days)
    return rows


def _enroll(courses: dict[str, str], section: str, person: str, *, role: str) -> Row:
    return {
        "course_id": courses.get(section, ""),
        "user_id": person,
        "role": role,
        "section_id": section,
    }
