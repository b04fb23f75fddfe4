"""A district of Clever's tables, as rows, written in every format that it can be written in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Row = dict[str, str]
District = dict[str, list[Row]]
Files = dict[str, str]

PEOPLE = {"students": "Student", "teachers": "Teacher", "staff": "Staff"}
CONTACT = "Contact_"


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
        columns = list(dict.fromkeys(name for row in rows for name in row))
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


def _sessions(district: District) -> dict[tuple[str, str, str], str]:
    terms = dict.fromkeys(
        (row["Term_name"], row["Term_start"], row["Term_end"]) for row in district["sections"]
    )
    return {term: f"term{number}" for number, term in enumerate(terms)}


def _courses(district: District) -> dict[tuple[str, str, str], str]:
    titles = dict.fromkeys(
        (row["Course_name"], row["Course_number"], row["Subject"]) for row in district["sections"]
    )
    return {title: f"course{number}" for number, title in enumerate(titles)}


def iso(day: str) -> str:
    """MM/DD/YYYY as YYYY-MM-DD, other text as it is."""
    parts = day.split("/")
    return f"{parts[2]}-{parts[0]}-{parts[1]}" if len(parts) == 3 and len(parts[2]) == 4 else day


def _shared(district: District, version: str) -> Files:
    """The files that OneRoster 1.1 and 1.2 have in common."""
    sessions, courses = _sessions(district), _courses(district)
    classes, enrollments = [], []
    for row in district["sections"]:
        term = sessions[row["Term_name"], row["Term_start"], row["Term_end"]]
        course = courses[row["Course_name"], row["Course_number"], row["Subject"]]
        classes.append(
            [
                row["Section_id"],
                "",
                "",
                row.get("Name", ""),
                grade(row.get("Grade", "")),
                course,
                "",
                "scheduled",
                "",
                row["School_id"],
                term,
                "",
                "",
                row.get("Period", ""),
            ]
        )
        for at, teacher in enumerate(teachers_of(row)):
            enrollments.append(
                [
                    f"e{len(enrollments)}",
                    "",
                    "",
                    row["Section_id"],
                    row["School_id"],
                    teacher,
                    "teacher",
                    "false" if at else "true",
                    "",
                    "",
                ]
            )
    enrollments += [
        [
            f"e{len(enrollments) + at}",
            "",
            "",
            row["Section_id"],
            row["School_id"],
            row["Student_id"],
            "student",
            "",
            "",
            "",
        ]
        for at, row in enumerate(district["enrollments"])
    ]
    return {
        "manifest.csv": as_csv(
            ["propertyName", "value"], [["manifest.version", "1.0"], ["oneroster.version", version]]
        ),
        "orgs.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "name",
                "type",
                "identifier",
                "parentSourcedId",
            ],
            [
                [row["School_id"], "", "", row["School_name"], "school", row["School_number"], ""]
                for row in district["schools"]
            ],
        ),
        "academicSessions.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "title",
                "type",
                "startDate",
                "endDate",
                "parentSourcedId",
                "schoolYear",
            ],
            [
                [key, "", "", name, "term", iso(start), iso(end), "", "2027"]
                for (name, start, end), key in sessions.items()
            ],
        ),
        "courses.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "schoolYearSourcedId",
                "title",
                "courseCode",
                "grades",
                "orgSourcedId",
                "subjects",
                "subjectCodes",
            ],
            [
                [key, "", "", "", name, number, "", "", subject, ""]
                for (name, number, subject), key in courses.items()
            ],
        ),
        "classes.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "title",
                "grades",
                "courseSourcedId",
                "classCode",
                "classType",
                "location",
                "schoolSourcedId",
                "termSourcedIds",
                "subjects",
                "subjectCodes",
                "periods",
            ],
            classes,
        ),
        "enrollments.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "classSourcedId",
                "schoolSourcedId",
                "userSourcedId",
                "role",
                "primary",
                "beginDate",
                "endDate",
            ],
            enrollments,
        ),
        "demographics.csv": as_csv(
            ["sourcedId", "status", "dateLastModified", "birthDate", "sex"],
            [[row["Student_id"], "", "", iso(row["DOB"]), ""] for row in district["students"]],
        ),
    }


ROLES = {"students": "student", "teachers": "teacher", "staff": "administrator"}


def oneroster_11(district: District) -> Files:
    """OneRoster 1.1: the role and the school are columns of users."""
    users = [
        [
            row[f"{who}_id"],
            "",
            "",
            "true",
            row["School_id"],
            ROLES[table],
            f"u{row[f'{who}_id']}",
            "",
            row["First_name"],
            row["Last_name"],
            "",
            "",
            row.get(f"{who}_email", ""),
            "",
            "",
            "",
            grade(row.get("Grade", "")),
            "",
        ]
        for table, who in PEOPLE.items()
        for row in district[table]
    ]
    return {
        **_shared(district, "1.1"),
        "users.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "enabledUser",
                "orgSourcedIds",
                "role",
                "username",
                "userIds",
                "givenName",
                "familyName",
                "middleName",
                "identifier",
                "email",
                "sms",
                "phone",
                "agentSourcedIds",
                "grades",
                "password",
            ],
            users,
        ),
    }


def oneroster_12(district: District) -> Files:
    """OneRoster 1.2: roles.csv says who is what, and where."""
    people = [(table, who, row) for table, who in PEOPLE.items() for row in district[table]]
    users = [
        [
            row[f"{who}_id"],
            "",
            "",
            "true",
            f"u{row[f'{who}_id']}",
            "",
            row["First_name"],
            row["Last_name"],
            "",
            "",
            row.get(f"{who}_email", ""),
            "",
            "",
            "",
            grade(row.get("Grade", "")),
            "",
        ]
        for _, who, row in people
    ]
    roles = [
        [
            f"r{at}",
            "",
            "",
            row[f"{who}_id"],
            "primary",
            "siteAdministrator" if table == "staff" else ROLES[table],
            "",
            "",
            row["School_id"],
            "",
        ]
        for at, (table, who, row) in enumerate(people)
    ]
    return {
        **_shared(district, "1.2"),
        "users.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "enabledUser",
                "username",
                "userIds",
                "givenName",
                "familyName",
                "middleName",
                "identifier",
                "email",
                "sms",
                "phone",
                "agentSourcedIds",
                "grades",
                "password",
            ],
            users,
        ),
        "roles.csv": as_csv(
            [
                "sourcedId",
                "status",
                "dateLastModified",
                "userSourcedId",
                "roleType",
                "role",
                "beginDate",
                "endDate",
                "orgSourcedId",
                "userProfileSourcedId",
            ],
            roles,
        ),
    }


def sds_1(district: District) -> Files:
    """School Data Sync V1, which has no staff."""
    return {
        "School.csv": as_csv(
            ["SIS ID", "Name"],
            [[row["School_id"], row["School_name"]] for row in district["schools"]],
        ),
        "Student.csv": as_csv(
            [
                "SIS ID",
                "School SIS ID",
                "First Name",
                "Last Name",
                "Username",
                "Secondary Email",
                "Grade",
                "Birthdate",
            ],
            [
                [
                    row["Student_id"],
                    row["School_id"],
                    row["First_name"],
                    row["Last_name"],
                    f"u{row['Student_id']}",
                    row["Student_email"],
                    row["Grade"],
                    row["DOB"],
                ]
                for row in district["students"]
            ],
        ),
        "Teacher.csv": as_csv(
            ["SIS ID", "School SIS ID", "First Name", "Last Name", "Username", "Secondary Email"],
            [
                [
                    row["Teacher_id"],
                    row["School_id"],
                    row["First_name"],
                    row["Last_name"],
                    f"u{row['Teacher_id']}",
                    row["Teacher_email"],
                ]
                for row in district["teachers"]
            ],
        ),
        "Section.csv": as_csv(
            [
                "SIS ID",
                "School SIS ID",
                "Section Name",
                "Term Name",
                "Term StartDate",
                "Term EndDate",
                "Course Name",
                "Course Number",
                "Course Subject",
                "Periods",
            ],
            [
                [
                    row["Section_id"],
                    row["School_id"],
                    row.get("Name", ""),
                    row["Term_name"],
                    row["Term_start"],
                    row["Term_end"],
                    row["Course_name"],
                    row["Course_number"],
                    row["Subject"],
                    row.get("Period", ""),
                ]
                for row in district["sections"]
            ],
        ),
        "StudentEnrollment.csv": as_csv(
            ["Section SIS ID", "SIS ID"],
            [[row["Section_id"], row["Student_id"]] for row in district["enrollments"]],
        ),
        "TeacherRoster.csv": as_csv(
            ["Section SIS ID", "SIS ID"],
            [
                [row["Section_id"], teacher]
                for row in district["sections"]
                for teacher in teachers_of(row)
            ],
        ),
    }


FORMATS = {
    "clever": clever,
    "oneroster 1.1": oneroster_11,
    "oneroster 1.2": oneroster_12,
    "sds 1": sds_1,
}
