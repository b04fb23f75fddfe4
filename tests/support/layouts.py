"""Made-up exports in the layouts of eight student information systems, whole or split by school.

The headings are those that `spec/sis-columns.md` of the project's background lists; file names are
as a district would save them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, str]
Cell = Callable[[Row], str]
Columns = Mapping[str, str | Cell]
Layout = Mapping[str, tuple[str, Columns]]
"""File stem -> the table that it holds, and heading -> Clever's column or a function of the row."""

SCHOOL = "School_id"


def _whole(row: Row) -> str:
    return f"{row['Last_name']}, {row['First_name']}"


def _number_grade(row: Row) -> str:
    return {"Kindergarten": "0", "PreKindergarten": "-1"}.get(row["Grade"], row["Grade"])


POWERSCHOOL: Layout = {
    "Schools": ("schools", {"School_Number": SCHOOL, "Name": "School_name"}),
    "Students": (
        "students",
        {
            "ID": "Student_id",
            "Student_Number": "Student_number",
            "SchoolID": SCHOOL,
            "First_Name": "First_name",
            "Last_Name": "Last_name",
            "DOB": "DOB",
            "Gender": "Gender",
            "Grade_Level": _number_grade,
            "Student_Email": "Student_email",
        },
    ),
    "Teachers": (
        "teachers",
        {
            "ID": "Teacher_id",
            "TeacherNumber": "Teacher_number",
            "First_Name": "First_name",
            "Last_Name": "Last_name",
            "Email_Addr": "Teacher_email",
            "HomeSchoolID": SCHOOL,
        },
    ),
    "Sections": (
        "sections",
        {
            "ID": "Section_id",
            "SchoolID": SCHOOL,
            "Course_Name": "Course_name",
            "Course_Number": "Course_number",
            "Section_Number": "Section_number",
            "Teacher": "Teacher_id",
            "Expression": "Period",
        },
    ),
    "CC": (
        "enrollments",
        {"StudentID": "Student_id", "SectionID": "Section_id", "SchoolID": SCHOOL},
    ),
}

INFINITE_CAMPUS: Layout = {
    "School": ("schools", {"schoolID": SCHOOL, "schoolName": "School_name"}),
    "Student": (
        "students",
        {
            "student.personID": "Student_id",
            "student.studentNumber": "Student_number",
            "student.stateID": "State_id",
            "student.lastName": "Last_name",
            "student.firstName": "First_name",
            "student.grade": "Grade",
            "student.birthdate": "DOB",
            "student.gender": "Gender",
            "student.email": "Student_email",
            "calendar.schoolID": SCHOOL,
        },
    ),
    "Staff": (
        "teachers",
        {
            "personID": "Teacher_id",
            "staffNumber": "Teacher_number",
            "lastName": "Last_name",
            "firstName": "First_name",
            "email": "Teacher_email",
            "schoolID": SCHOOL,
        },
    ),
    "Sections": (
        "sections",
        {
            "sectionID": "Section_id",
            "sectionNumber": "Section_number",
            "courseName": "Course_name",
            "courseNumber": "Course_number",
            "teacherPersonID": "Teacher_id",
            "periodName": "Period",
            "termName": "Term_name",
            "termStart": "Term_start",
            "termEnd": "Term_end",
            "schoolID": SCHOOL,
        },
    ),
    "Roster": ("enrollments", {"personID": "Student_id", "sectionID": "Section_id"}),
}

SYNERGY: Layout = {
    "Class Roster": (
        "flat",
        {
            "Sis Number": "Student_id",
            "Student Name": _whole,
            "Grade": "Grade",
            "Birth Date": "DOB",
            "Student Email": "Student_email",
            "Section ID": "Section_id",
            "Course Title": "Course_name",
            "Period": "Period",
            "Staff ID": "Teacher_id",
            "Teacher Name": "teacher",
            "Teacher Email": "Teacher_email",
            "School Code": SCHOOL,
        },
    )
}

ESCHOOLPLUS: Layout = {
    "REG_BUILDING": ("schools", {"BUILDING": SCHOOL, "BUILDING_NAME": "School_name"}),
    "REG": (
        "students",
        {
            "STUDENT_ID": "Student_id",
            "FIRST_NAME": "First_name",
            "LAST_NAME": "Last_name",
            "BIRTHDATE": "DOB",
            "GENDER": "Gender",
            "GRADE": "Grade",
            "BUILDING": SCHOOL,
        },
    ),
    "REG_CONTACT": ("students", {"CONTACT_ID": "Student_id", "EMAIL": "Student_email"}),
    "REG_STAFF": (
        "teachers",
        {
            "STAFF_ID": "Teacher_id",
            "FIRST_NAME": "First_name",
            "LAST_NAME": "Last_name",
            "EMAIL": "Teacher_email",
            "BUILDING": SCHOOL,
        },
    ),
    "SCHD_MS": (
        "sections",
        {
            "SECTION_KEY": "Section_id",
            "COURSE": "Course_number",
            "COURSE_SECTION": "Section_number",
            "DESCRIPTION": "Course_name",
            "PRIMARY_STAFF_ID": "Teacher_id",
            "BUILDING": SCHOOL,
        },
    ),
    "SCHD_STU_COURSE": ("enrollments", {"STUDENT_ID": "Student_id", "SECTION_KEY": "Section_id"}),
}

FOCUS: Layout = {
    "schools": ("schools", {"school_id": SCHOOL, "title": "School_name"}),
    "students": (
        "students",
        {
            "student_id": "Student_id",
            "local_student_id": "Student_number",
            "florida_education_identifier": "State_id",
            "first_name": "First_name",
            "last_name": "Last_name",
            "birthdate": "DOB",
            "sex": "Gender",
            "student_e_mail_address": "Student_email",
            "grade_level": "Grade",
            "school_id": SCHOOL,
        },
    ),
    "users": (
        "teachers",
        {
            "staff_id": "Teacher_id",
            "first_name": "First_name",
            "last_name": "Last_name",
            "e_mail_address": "Teacher_email",
            "profile": lambda row: "teacher",
            "school_id": SCHOOL,
        },
    ),
    "course_periods": (
        "sections",
        {
            "course_period_id": "Section_id",
            "title": "Course_name",
            "teacher_id": "Teacher_id",
            "period_id": "Period",
            "school_id": SCHOOL,
        },
    ),
    "schedule": (
        "enrollments",
        {"student_id": "Student_id", "course_period_id": "Section_id"},
    ),
}

ASPEN: Layout = {
    "Schools": ("schools", {"schoolID": SCHOOL, "School Name": "School_name"}),
    "Students": (
        "students",
        {
            "stdIDLocal": "Student_id",
            "stdIDState": "State_id",
            "psnNameLast": "Last_name",
            "psnNameFirst": "First_name",
            "psnDob": "DOB",
            "stdGradeLevel": "Grade",
            "psnEmail01": "Student_email",
            "schoolID": SCHOOL,
        },
    ),
    "Staff": (
        "teachers",
        {
            "Staff ID": "Teacher_id",
            "psnNameLast": "Last_name",
            "psnNameFirst": "First_name",
            "psnEmail01": "Teacher_email",
            "schoolID": SCHOOL,
        },
    ),
    "Master Schedule": (
        "sections",
        {
            "Section ID": "Section_id",
            "Course Title": "Course_name",
            "Course Number": "Course_number",
            "Staff ID": "Teacher_id",
            "Period": "Period",
            "schoolID": SCHOOL,
        },
    ),
    "Student Schedules": (
        "enrollments",
        {"stdIDLocal": "Student_id", "Section ID": "Section_id"},
    ),
}

AERIES: Layout = {
    "Schools": ("schools", {"School Code": SCHOOL, "School Name": "School_name"}),
    "STU": (
        "students",
        {
            "STU.ID": "Student_id",
            "STU.CID": "State_id",
            "STU.LN": "Last_name",
            "STU.FN": "First_name",
            "STU.GR": "Grade",
            "STU.BD": "DOB",
            "STU.SX": "Gender",
            "STU.SEM": "Student_email",
            "STU.SC": SCHOOL,
        },
    ),
    "Teachers": (
        "teachers",
        {
            "Teacher Number": "Teacher_id",
            "Last Name": "Last_name",
            "First Name": "First_name",
            "Email": "Teacher_email",
            "School Code": SCHOOL,
        },
    ),
    "Sections": (
        "sections",
        {
            "Section": "Section_id",
            "Course Title": "Course_name",
            "CourseID": "Course_number",
            "Teacher Number": "Teacher_id",
            "Period": "Period",
            "School Code": SCHOOL,
        },
    ),
    "Class Lists": ("enrollments", {"Student ID": "Student_id", "Section": "Section_id"}),
}

SKYWARD: Layout = {
    "Entities": ("schools", {"Entity ID": SCHOOL, "School Name": "School_name"}),
    "Students": (
        "students",
        {
            "Other ID": "Student_id",
            "Student Name": _whole,
            "Grade": "Grade",
            "Birth Date": "DOB",
            "Gender": "Gender",
            "School Email": "Student_email",
            "Entity ID": SCHOOL,
        },
    ),
    "Teachers": (
        "teachers",
        {
            "Teacher ID": "Teacher_id",
            "Teacher Last Name": "Last_name",
            "Teacher First Name": "First_name",
            "Email": "Teacher_email",
            "Entity ID": SCHOOL,
        },
    ),
    "Classes": (
        "sections",
        {
            "Section ID": "Section_id",
            "Course Name": "Course_name",
            "Teacher ID": "Teacher_id",
            "Period": "Period",
            "Entity ID": SCHOOL,
        },
    ),
    "Schedules": ("enrollments", {"Other ID": "Student_id", "Section ID": "Section_id"}),
}

LAYOUTS: Mapping[str, Layout] = {
    "powerschool": POWERSCHOOL,
    "infinite-campus": INFINITE_CAMPUS,
    "synergy": SYNERGY,
    "eschoolplus": ESCHOOLPLUS,
    "focus": FOCUS,
    "aspen": ASPEN,
    "aeries": AERIES,
    "skyward": SKYWARD,
}

Tables = Mapping[str, Sequence[Row]]


def read_tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a folder in Clever's layout, as rows."""
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = [dict(row) for row in csv.DictReader(file)]
    return tables


def add_flat(tables: Tables) -> dict[str, Sequence[Row]]:
    """Return the tables with one more, `flat`, of a student and a section on each row."""
    students = {row["Student_id"]: row for row in tables["students"]}
    sections = {row["Section_id"]: row for row in tables["sections"]}
    teachers = {row["Teacher_id"]: row for row in tables["teachers"]}
    flat = []
    for link in tables["enrollments"]:
        section = sections.get(link["Section_id"], {})
        teacher = teachers.get(section.get("Teacher_id", ""), {})
        whole = _whole(teacher) if teacher else ""
        more = {"teacher": whole, "Teacher_email": teacher.get("Teacher_email", "")}
        student = students.get(link["Student_id"], {})
        empty = dict.fromkeys(("First_name", "Last_name", "Grade", "DOB", "Student_email"), "")
        course = {"Course_name": "", "Period": "", "Teacher_id": "", **section}
        flat.append({**course, **empty, **student, **link, **more})
    return {**tables, "flat": flat}


def write_layout(
    tables: Tables, layout: Layout, folder: Path, *, by: Callable[[Row], str] | None = None
) -> None:
    """Write the tables in a layout; with `by`, a file for each value, schools excepted."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, (table, columns) in layout.items():
        groups: dict[str, list[Row]] = {}
        for row in tables[table]:
            part = "" if by is None or table == "schools" else by(row)
            groups.setdefault(part, []).append(row)
        for part, rows in groups.items():
            name = f"{stem} {part}.csv" if part else f"{stem}.csv"
            (folder / name).write_text(_format(columns, rows), encoding="utf-8", newline="")


def _format(columns: Columns, rows: Sequence[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            row.get(taken, "") if isinstance(taken, str) else taken(row)
            for taken in columns.values()
        )
    return text.getvalue()
