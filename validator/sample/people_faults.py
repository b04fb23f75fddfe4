"""Faults of students, teachers and staff: one function per rule, named after the rule."""

from __future__ import annotations

from collections.abc import Sequence

from validator.sample import names
from validator.sample.people import Row, build_contact
from validator.sample.planting import Bench, Fault, find_free_period, take, unenroll

EMAILS = {
    "student": ("students", "Student_email"),
    "teacher": ("teachers", "Teacher_email"),
    "staff": ("staff", "Staff_email"),
}

CELLS: dict[str, tuple[str, str, Sequence[str]]] = {
    "student-email-missing": (*EMAILS["student"], ("",) * 4),
    "student-email-invalid": (
        *EMAILS["student"],
        ("{local}", "{local}@@{domain}", "{local}@ {domain}", "{local}@{domain}."),
    ),
    "student-email-outside-district": (
        *EMAILS["student"],
        (
            "{local}@sproutmail.example",
            "{local}@acornpost.example",
            "{local}@students.mapelhollow.k12.example",
        ),
    ),
    "student-dob-missing": ("students", "DOB", ("",) * 4),
    "student-dob-invalid": (
        "students",
        "DOB",
        ("02/30/{year}", "04/31/{year}", "05/14/{future}", "09/12/1816"),
    ),
    "student-grade-missing": ("students", "Grade", ("",) * 2),
    "student-grade-unknown": ("students", "Grade", ("Blue", "Level Q")),
    "teacher-email-missing": (*EMAILS["teacher"], ("",) * 2),
    "teacher-email-invalid": (*EMAILS["teacher"], ("{local}@{domain}@",)),
    "teacher-email-several": (*EMAILS["teacher"], ("{address}, {local}.2@{domain}",)),
    "teacher-email-outside-district": (*EMAILS["teacher"], ("{local}@sproutmail.example",)),
    "staff-email-missing": (*EMAILS["staff"], ("",)),
    "staff-email-invalid": (*EMAILS["staff"], ("{local} at {domain}",)),
    "staff-email-several": (*EMAILS["staff"], ("{address}; {local}.2@{domain}",)),
    "staff-email-outside-district": (*EMAILS["staff"], ("{local}@acornpost.example",)),
}
"""Rule -> table, column, and the new value of one cell each.

{address} is the value before, {local}@{domain}.
"""


def plant_cells(rule: str) -> Fault:
    """Plant the fault of a rule in CELLS."""

    def plant(bench: Bench) -> None:
        table, column, values = CELLS[rule]
        rows = take(bench, table, len(values))
        for row, value in zip(rows, values, strict=True):
            before = row[column]
            local, _, domain = before.partition("@")
            row[column] = value.format(
                address=before,
                local=local,
                domain=domain,
                year=before[-4:],
                future=bench.as_of.year + 5,
            )
        bench.expect(rule, table, rows)

    return plant


def student_email_several(bench: Bench) -> None:
    """Plant two addresses in one cell, and one student with another address in a contact row."""
    cells = take(bench, "students", 2)
    for row, between in zip(cells, (";", ", "), strict=True):
        row["Student_email"] += between + row["Student_email"].replace("@", ".2@")
    bench.expect("student-email-several", "students", cells)
    student = take(bench, "students", 1)[0]
    other = (
        student
        | build_contact(student, 2)
        | {"Student_email": student["Student_email"].replace("@", ".2@")}
    )
    student |= build_contact(student, 1)
    _insert_after(bench, student, other, table="students")
    bench.expect("student-email-several", "students", [student, other], count=1)


def _insert_after(bench: Bench, row: Row, new: Row, *, table: str) -> None:
    """Insert a row after another one; no further fault may use it."""
    rows = bench.district[table]
    rows.insert(next(at for at, other in enumerate(rows) if other is row) + 1, new)
    bench.touched.add(id(new))


def plant_repeated(kind: str, sizes: Sequence[int]) -> Fault:
    """Plant groups of people of one kind with the same e-mail address, one group per size."""

    def plant(bench: Bench) -> None:
        table, column = EMAILS[kind]
        for size in sizes:
            rows = take(bench, table, size)
            for row in rows[1:]:
                row[column] = rows[0][column]
            rows[-1][column] = rows[0][column].capitalize()  # still the same address
            bench.expect(f"{kind}-email-repeated", table, rows, groups=1)

    return plant


def student_grade_outside_k12(bench: Bench) -> None:
    """Plant students after grade 12, in their own section, at a school without a grade range."""
    last = bench.district["schools"][-1]
    top = last["High_grade"]
    students = take(
        bench,
        "students",
        4,
        where=lambda row: row["School_id"] == last["School_id"] and row["Grade"] == top,
    )
    unenroll(bench, students)
    school_year = bench.as_of.year + (bench.as_of.month >= 7)
    for student, grade in zip(students, ("13", "13", "13", "PostGraduate"), strict=True):
        student |= {"Grade": grade, "DOB": f"{student['DOB'][:3]}15/{school_year - 19}"}
    last |= {"Low_grade": "", "High_grade": ""}
    _add_section_for(bench, students, last)
    bench.expect("student-grade-outside-k12", "students", students)


def _add_section_for(bench: Bench, students: Sequence[Row], school: Row) -> None:
    """Add a mathematics section for these students, with a teacher of the school."""
    own = take(
        bench,
        "sections",
        1,
        where=lambda row: row["School_id"] == school["School_id"] and not row.get("Teacher_2_id"),
    )
    row = own[0] | {
        "Section_id": "590001",
        "Course_name": "Consumer Mathematics",
        "Course_number": "B13",
        "Subject": names.MATH,
        "Section_number": "1",
        "Grade": "",
        "Period": find_free_period(bench, own[0]),
        "Name": "Consumer Mathematics Section 1",
    }
    bench.district["sections"].append(row)
    bench.touched.add(id(row))
    bench.district["enrollments"] += [
        {
            "School_id": school["School_id"],
            "Section_id": "590001",
            "Student_id": student["Student_id"],
        }
        for student in students
    ]


def student_without_section(bench: Bench) -> None:
    """Plant students without any enrollment."""
    students = take(bench, "students", 4)
    unenroll(bench, students)
    bench.expect("student-without-section", "students", students)


def student_id_repeated(bench: Bench) -> None:
    """Plant an id on two students (two rows), and a student whose rows differ (counts once)."""
    # Students of the last school are old enough: which of the two is under 13 does not matter.
    last = bench.district["schools"][-1]["School_id"]
    first, second = take(bench, "students", 2, where=lambda row: row["School_id"] == last)
    given, family, email = next(bench.children)
    other = first | {
        "First_name": given,
        "Last_name": family,
        "Student_email": email,
        "Student_number": "990001",
        "State_id": "8199990001",
        "DOB": second["DOB"],
    }
    _insert_after(bench, first, other, table="students")
    bench.expect("student-id-repeated", "students", [first, other], groups=1)
    again = second | {"Gender": "M" if second["Gender"] == "F" else "F"} | build_contact(second, 2)
    second |= build_contact(second, 1)
    _insert_after(bench, second, again, table="students")
    bench.expect("student-id-repeated", "students", [second, again], count=1, groups=1)


def staff_id_repeated(bench: Bench) -> None:
    """Plant one staff id on two people."""
    row = take(bench, "staff", 1)[0]
    first, last, email = next(bench.adults)
    other = row | {
        "First_name": first,
        "Last_name": last,
        "Staff_email": email,
        "Title": "Attendance Clerk",
    }
    _insert_after(bench, row, other, table="staff")
    bench.expect("staff-id-repeated", "staff", [row, other], groups=1)


def add_teacher(bench: Bench, school_id: str, number: int | str) -> Row:
    """Add a made-up teacher with this id ("" for none); no further fault may use the row."""
    first, last, email = next(bench.adults)
    row = {
        "School_id": school_id,
        "Teacher_id": str(number),
        "Teacher_number": str(len(bench.district["teachers"]) + 20001),
        "Teacher_email": email,
        "First_name": first,
        "Last_name": last,
        "Title": "Teacher",
    }
    bench.district["teachers"].append(row)
    bench.touched.add(id(row))
    return row


def teacher_without_section(bench: Bench) -> None:
    """Plant two teachers without sections."""
    school = bench.district["schools"][-1]["School_id"]
    rows = [add_teacher(bench, school, number) for number in (79101, 79102)]
    bench.expect("teacher-without-section", "teachers", rows)


def plant_missing_staff(bench: Bench) -> None:
    """Plant a missing file: remove staff.csv."""
    bench.district["staff"] = []
    bench.left_out.add("staff")
    bench.expect("staff-missing", "staff", [], count=1)
