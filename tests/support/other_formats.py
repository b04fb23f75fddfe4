"""A district of Clever's tables, as rows, written in every format that it can be written in."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

Row = dict[str, str]
District = dict[str, list[Row]]
Files = dict[str, str]

PEOPLE = {"students": "Student", "teachers": "Teacher", "staff": "Staff"}
CONTACT = "Contact_"
YEAR = "Graduation_year"
"""A column that is written only where a damage adds it."""

TAUGHT = "_taught"
"""A section's id in the rows of its teachers, where a damage changed its own; no column."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows below their header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def once(district: District) -> District:
    """The district without contacts, so that each student has one row."""
    students = {
        row["Student_id"]: {
            name: cell for name, cell in row.items() if not name.startswith(CONTACT)
        }
        for row in district["students"]
    }
    return {**district, "students": list(students.values())}


def clever(district: District) -> Files:
    """Clever's six files."""
    files = {}
    for table, rows in district.items():
        columns = list(dict.fromkeys(name for row in rows for name in row if name != TAUGHT))
        files[f"{table}.csv"] = as_csv(
            columns, ([row.get(name, "") for name in columns] for row in rows)
        )
    return files


def grade(text: str) -> str:
    """The grade as OneRoster writes it, other text as it is."""
    return "KG" if text == "Kindergarten" else f"{int(text):02}" if text.isdigit() else text


def teachers_of(section: Row) -> list[str]:
    """The teachers of a section, the primary one first."""
    columns = [
        "Teacher_id",
        *sorted(name for name in section if name.startswith("Teacher_") and name != "Teacher_id"),
    ]
    return [section[name] for name in columns if section.get(name)]


def list_sessions(district: District) -> dict[tuple[str, str, str], str]:
    terms = dict.fromkeys(
        (row["Term_name"], row["Term_start"], row["Term_end"]) for row in district["sections"]
    )
    return {term: f"term{number}" for number, term in enumerate(terms)}


def list_courses(district: District) -> dict[tuple[str, str, str], str]:
    titles = dict.fromkeys(
        (row["Course_name"], row["Course_number"], row["Subject"]) for row in district["sections"]
    )
    return {title: f"course{number}" for number, title in enumerate(titles)}


def iso(day: str) -> str:
    """MM/DD/YYYY as YYYY-MM-DD, other text as it is."""
    parts = day.split("/")
    return f"{parts[2]}-{parts[0]}-{parts[1]}" if len(parts) == 3 and len(parts[2]) == 4 else day


ONEROSTER = "sourcedId,status,dateLastModified,"
"""The first columns of every OneRoster file."""

HEADERS = {
    "orgs": "name,type,identifier,parentSourcedId",
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
    "termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "demographics": "birthDate,sex",
}
USERS_11 = (
    "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,"
    "email,sms,phone,agentSourcedIds,grades,password"
)
USERS_12 = (
    "enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,"
    "agentSourcedIds,grades,password"
)
ROLES_12 = "userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"

ROLES = {"students": "student", "teachers": "teacher", "staff": "administrator"}


def fill(header: str, rows: Iterable[Row]) -> str:
    """Rows below a header, blank where a row lacks a column."""
    columns = header.split(",")
    return as_csv(columns, ([row.get(name, "") for name in columns] for row in rows))


def _shared(district: District, version: str) -> Files:
    """The files that OneRoster 1.1 and 1.2 have in common."""
    properties = [["manifest.version", "1.0"], ["oneroster.version", version]]
    tables = {
        "orgs": [_org(row) for row in district["schools"]],
        "academicSessions": [
            {"sourcedId": key, "title": name, "type": "term", "startDate": iso(start)}
            | {"endDate": iso(end), "schoolYear": "2027"}
            for (name, start, end), key in list_sessions(district).items()
        ],
        "courses": [
            {"sourcedId": key, "title": name, "courseCode": number, "subjects": subject}
            for (name, number, subject), key in list_courses(district).items()
        ],
        "classes": _classes(district),
        "enrollments": _enrollments(district),
        "demographics": [
            {"sourcedId": row["Student_id"], "birthDate": iso(row["DOB"])}
            for row in district["students"]
        ],
    }
    files = {f"{name}.csv": fill(ONEROSTER + HEADERS[name], rows) for name, rows in tables.items()}
    return {"manifest.csv": as_csv(["propertyName", "value"], properties), **files}


def _org(school: Row) -> Row:
    return {
        "sourcedId": school["School_id"],
        "name": school["School_name"],
        "type": "school",
        "identifier": school["School_number"],
    }


def _classes(district: District) -> list[Row]:
    sessions, courses = list_sessions(district), list_courses(district)
    return [
        {
            "sourcedId": row["Section_id"],
            "title": row.get("Name", ""),
            "grades": grade(row.get("Grade", "")),
            "courseSourcedId": courses[row["Course_name"], row["Course_number"], row["Subject"]],
            "classType": "scheduled",
            "schoolSourcedId": row["School_id"],
            "termSourcedIds": sessions[row["Term_name"], row["Term_start"], row["Term_end"]],
            "periods": row.get("Period", ""),
        }
        for row in district["sections"]
    ]


def _enrollments(district: District) -> list[Row]:
    """The teachers of all sections, the primary one of each first, and then the students."""
    rows = []
    for section in district["sections"]:
        for at, teacher in enumerate(teachers_of(section)):
            primary = "false" if at else "true"
            rows.append(_enroll(section, teacher, role="teacher") | {"primary": primary})
    for row in district["enrollments"]:
        days = {"beginDate": iso(row.get("Begin", "")), "endDate": iso(row.get("End", ""))}
        rows.append(_enroll(row, row["Student_id"], role="student") | days)
    return [{"sourcedId": f"e{at}"} | row for at, row in enumerate(rows)]


def _enroll(section: Row, person: str, *, role: str) -> Row:
    return {
        "classSourcedId": section.get(TAUGHT) or section["Section_id"],
        "schoolSourcedId": section["School_id"],
        "userSourcedId": person,
        "role": role,
    }


def list_people(district: District) -> list[tuple[str, str, Row]]:
    """Table, id and row of every person."""
    return [
        (table, row[f"{who}_id"], row) for table, who in PEOPLE.items() for row in district[table]
    ]


def name_user(id: str) -> str:
    """The sign-in name of a person, in plain letters and digits."""
    plain = unicodedata.normalize("NFKC", id)
    return "u" + plain.encode("ascii", "ignore").decode()


def _user(table: str, id: str, row: Row) -> Row:
    return {
        "sourcedId": id,
        "enabledUser": "true",
        "username": name_user(id),
        "givenName": row["First_name"],
        "familyName": row["Last_name"],
        "email": row.get(f"{PEOPLE[table]}_email", ""),
        "identifier": row.get(f"{PEOPLE[table]}_number", ""),
        "grades": grade(row.get("Grade", "")),
    }


def oneroster_11(district: District) -> Files:
    """OneRoster 1.1: the role and the school are columns of users."""
    users = [
        _user(table, id, row) | {"orgSourcedIds": row["School_id"], "role": ROLES[table]}
        for table, id, row in list_people(district)
    ]
    return {**_shared(district, "1.1"), "users.csv": fill(ONEROSTER + USERS_11, users)}


def oneroster_12(district: District) -> Files:
    """OneRoster 1.2: roles.csv has each person's role and school."""
    people = list_people(district)
    roles = [
        {
            "sourcedId": f"r{at}",
            "userSourcedId": id,
            "roleType": "primary",
            "role": "siteAdministrator" if table == "staff" else ROLES[table],
            "orgSourcedId": row["School_id"],
        }
        for at, (table, id, row) in enumerate(people)
    ]
    return {
        **_shared(district, "1.2"),
        "users.csv": fill(ONEROSTER + USERS_12, [_user(*person) for person in people]),
        "roles.csv": fill(ONEROSTER + ROLES_12, roles),
    }
