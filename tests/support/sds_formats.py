"""A district of Clever's tables, as rows, written as Microsoft School Data Sync's files."""

from __future__ import annotations

from tests.support.other_formats import (
    PEOPLE,
    TAUGHT,
    YEAR,
    District,
    Files,
    Row,
    as_csv,
    fill,
    grade,
    iso,
    list_courses,
    list_people,
    list_sessions,
    name_user,
    teachers_of,
)

PERSON_1 = "SIS ID,School SIS ID,First Name,Last Name,Username,Secondary Email,{who} Number"
SECTION_1 = {
    "SIS ID": "Section_id",
    "School SIS ID": "School_id",
    "Section Name": "Name",
    "Term Name": "Term_name",
    "Term StartDate": "Term_start",
    "Term EndDate": "Term_end",
    "Course Name": "Course_name",
    "Course Number": "Course_number",
    "Course Subject": "Subject",
    "Periods": "Period",
}
"""School Data Sync's heading -> Clever's."""


def sds_1(district: District) -> Files:
    """School Data Sync V1, which has no staff."""
    schools = [
        {"SIS ID": row["School_id"], "Name": row["School_name"]} for row in district["schools"]
    ]
    students = [
        _person_1(row, "Student")
        | {"Grade": row["Grade"], "Birthdate": row["DOB"], "Graduation Year": row.get(YEAR, "")}
        for row in district["students"]
    ]
    sections = [
        {theirs: row.get(ours, "") for theirs, ours in SECTION_1.items()}
        for row in district["sections"]
    ]
    enrollments = [(row["Section_id"], row["Student_id"]) for row in district["enrollments"]]
    teaching = [
        (row.get(TAUGHT) or row["Section_id"], teacher)
        for row in district["sections"]
        for teacher in teachers_of(row)
    ]
    link = ["Section SIS ID", "SIS ID"]
    of_students = PERSON_1.format(who="Student") + ",Grade,Birthdate"
    if any(YEAR in row for row in district["students"]):
        of_students += ",Graduation Year"
    return {
        "School.csv": fill("SIS ID,Name", schools),
        "Student.csv": fill(of_students, students),
        "Teacher.csv": fill(
            PERSON_1.format(who="Teacher"),
            [_person_1(row, "Teacher") for row in district["teachers"]],
        ),
        "Section.csv": fill(",".join(SECTION_1), sections),
        "StudentEnrollment.csv": as_csv(link, enrollments),
        "TeacherRoster.csv": as_csv(link, teaching),
    }


def _person_1(row: Row, who: str) -> Row:
    return {
        "SIS ID": row[f"{who}_id"],
        "School SIS ID": row["School_id"],
        "First Name": row["First_name"],
        "Last Name": row["Last_name"],
        "Username": name_user(row[f"{who}_id"]),
        "Secondary Email": row[f"{who}_email"],
        f"{who} Number": row.get(f"{who}_number", ""),
    }


HEADERS_21 = {
    "orgs": "sourcedId,name,type,parentSourcedId",
    "users": "sourcedId,username,givenName,familyName,activeDirectoryMatchId,email,phone,sms",
    "roles": "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,"
    "roleEndDate",
    "classes": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId",
    "enrollments": "classSourcedId,userSourcedId,role",
    "academicSessions": "sourcedId,title,type,schoolYear,startDate,endDate",
    "courses": "sourcedId,orgSourcedId,title,code,schoolYearSourcedId,subject,grade",
    "demographics": "userSourcedId,sex,birthDate",
}
ROLES_21 = {"students": "student", "teachers": "teacher", "staff": "administrator"}


def sds_21(district: District) -> Files:
    """School Data Sync V2.1: roles.csv has each person's role, school and grade."""
    people = list_people(district)
    tables = {
        "orgs": [
            {"sourcedId": row["School_id"], "name": row["School_name"], "type": "school"}
            for row in district["schools"]
        ],
        "users": [_user_21(table, id, row) for table, id, row in people],
        "roles": [
            {
                "userSourcedId": id,
                "orgSourcedId": row["School_id"],
                "role": ROLES_21[table],
                "grade": grade(row.get("Grade", "")),
                "isPrimary": "true",
            }
            for table, id, row in people
        ],
        "classes": _classes_21(district),
        "enrollments": _enrollments_21(district),
        "academicSessions": [
            {"sourcedId": key, "title": name, "type": "term", "schoolYear": "2026"}
            | {"startDate": iso(start), "endDate": iso(end)}
            for (name, start, end), key in list_sessions(district).items()
        ],
        "courses": [
            {"sourcedId": key, "title": name, "code": number, "subject": subject}
            for (name, number, subject), key in list_courses(district).items()
        ],
        "demographics": [
            {"userSourcedId": row["Student_id"], "birthDate": iso(row["DOB"])}
            for row in district["students"]
        ],
    }
    return {f"{name}.csv": fill(HEADERS_21[name], rows) for name, rows in tables.items()}


def _user_21(table: str, id: str, row: Row) -> Row:
    who = PEOPLE[table]
    return {
        "sourcedId": id,
        "username": name_user(id),
        "givenName": row["First_name"],
        "familyName": row["Last_name"],
        "activeDirectoryMatchId": row.get(f"{who}_number", ""),
        "email": row.get(f"{who}_email", ""),
    }


def _classes_21(district: District) -> list[Row]:
    sessions, courses = list_sessions(district), list_courses(district)
    return [
        {
            "sourcedId": row["Section_id"],
            "orgSourcedId": row["School_id"],
            "title": row.get("Name", ""),
            "sessionSourcedIds": sessions[row["Term_name"], row["Term_start"], row["Term_end"]],
            "courseSourcedId": courses[row["Course_name"], row["Course_number"], row["Subject"]],
        }
        for row in district["sections"]
    ]


def _enrollments_21(district: District) -> list[Row]:
    teaching = [
        {"classSourcedId": row.get(TAUGHT) or row["Section_id"], "userSourcedId": teacher}
        | {"role": "teacher"}
        for row in district["sections"]
        for teacher in teachers_of(row)
    ]
    learning = [
        {"classSourcedId": row["Section_id"], "userSourcedId": row["Student_id"], "role": "student"}
        for row in district["enrollments"]
    ]
    return [*teaching, *learning]
