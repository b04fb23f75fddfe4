"""Faults of students, teachers and staff: one function a rule, named as the rule."""

from __future__ import annotations

from collections.abc import Sequence

from validator.sample import names
from validator.sample.people import Row, contact
from validator.sample.planting import Bench, Fault, free_period, mark, take, unenroll

EMAILS = {
    "student": ("students", "Student_email"),
    "teacher": ("teachers", "Teacher_email"),
    "staff": ("staff", "Staff_email"),
}

# rule -> table, column, what the cell becomes: one record for each. {address} = {local}@{domain} is what it was before.
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


def _cells(rule: str) -> Fault:
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
        mark(bench, rule, table, rows)

    return plant


def student_email_several(bench: Bench) -> None:
    """Two addresses in one cell, and one student whose two contact rows give different addresses."""
    cells = take(bench, "students", 2)
    for row, between in zip(cells, (";", ", "), strict=True):
        row["Student_email"] += between + row["Student_email"].replace("@", ".2@")
    mark(bench, "student-email-several", "students", cells)
    student = take(bench, "students", 1)[0]
    other = (
        student
        | contact(student, 2)
        | {"Student_email": student["Student_email"].replace("@", ".2@")}
    )
    student |= contact(student, 1)
    _after(bench, "students", student, other)
    mark(bench, "student-email-several", "students", [student, other], count=1)


def _after(bench: Bench, table: str, row: Row, new: Row) -> None:
    rows = bench.district[table]
    rows.insert(next(at for at, other in enumerate(rows) if other is row) + 1, new)
    bench.touched.add(id(new))


def _repeated(kind: str, sizes: Sequence[int]) -> Fault:
    def plant(bench: Bench) -> None:
        table, column = EMAILS[kind]
        for size in sizes:
            rows = take(bench, table, size)
            for row in rows[1:]:
                row[column] = rows[0][column]
            rows[-1][column] = rows[0][column].capitalize()  # still the same address
            mark(bench, f"{kind}-email-repeated", table, rows, groups=1)

    return plant


def student_grade_outside_k12(bench: Bench) -> None:
    """Students who stay on after grade 12, in a class of their own, at a school that states no grade range."""
    last = bench.district["schools"][-1]
    top = last["High_grade"]
    students = take(
        bench,
        "students",
        4,
        lambda row: row["School_id"] == last["School_id"] and row["Grade"] == top,
    )
    unenroll(bench, students)
    school_year = bench.as_of.year + (bench.as_of.month >= 7)
    for student, grade in zip(students, ("13", "13", "13", "PostGraduate"), strict=True):
        student |= {"Grade": grade, "DOB": f"{student['DOB'][:3]}15/{school_year - 19}"}
    last |= {"Low_grade": "", "High_grade": ""}
    own = take(
        bench,
        "sections",
        1,
        lambda row: row["School_id"] == last["School_id"] and not row.get("Teacher_2_id"),
    )
    row = own[0] | {
        "Section_id": "590001",
        "Course_name": "Consumer Mathematics",
        "Course_number": "B13",
        "Subject": names.MATH,
        "Section_number": "1",
        "Grade": "",
        "Period": free_period(bench, own[0]),
        "Name": "Consumer Mathematics Section 1",
    }
    bench.district["sections"].append(row)
    bench.touched.add(id(row))
    bench.district["enrollments"] += [
        {
            "School_id": last["School_id"],
            "Section_id": "590001",
            "Student_id": student["Student_id"],
        }
        for student in students
    ]
    mark(bench, "student-grade-outside-k12", "students", students)


def student_without_section(bench: Bench) -> None:
    """Students without any enrollment."""
    students = take(bench, "students", 4)
    unenroll(bench, students)
    mark(bench, "student-without-section", "students", students)


def student_id_repeated(bench: Bench) -> None:
    """One id on two different students (two rows count), and one student whose rows disagree (one person counts)."""
    last = bench.district["schools"][-1][
        "School_id"
    ]  # old enough: nobody asks which of the two is under 13
    first, second = take(bench, "students", 2, lambda row: row["School_id"] == last)
    given, family, email = next(bench.children)
    other = first | {
        "First_name": given,
        "Last_name": family,
        "Student_email": email,
        "Student_number": "990001",
        "State_id": "8199990001",
        "DOB": second["DOB"],
    }
    _after(bench, "students", first, other)
    mark(bench, "student-id-repeated", "students", [first, other], groups=1)
    again = second | {"Gender": "M" if second["Gender"] == "F" else "F"} | contact(second, 2)
    second |= contact(second, 1)
    _after(bench, "students", second, again)
    mark(bench, "student-id-repeated", "students", [second, again], count=1, groups=1)


def staff_id_repeated(bench: Bench) -> None:
    """One staff id on two people."""
    row = take(bench, "staff", 1)[0]
    first, last, email = next(bench.adults)
    other = row | {
        "First_name": first,
        "Last_name": last,
        "Staff_email": email,
        "Title": "Attendance Clerk",
    }
    _after(bench, "staff", row, other)
    mark(bench, "staff-id-repeated", "staff", [row, other], groups=1)


def new_teacher(bench: Bench, school_id: str, number: int | str) -> Row:
    """A teacher who was not there before, touched from the start; `number` makes the id, "" leaves it blank."""
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
    """Two teachers who teach nobody."""
    school = bench.district["schools"][-1]["School_id"]
    rows = [new_teacher(bench, school, number) for number in (79101, 79102)]
    mark(bench, "teacher-without-section", "teachers", rows)


def staff_missing(bench: Bench) -> None:
    """No staff.csv at all."""
    bench.district["staff"] = []
    bench.left_out.add("staff")
    mark(bench, "staff-missing", "staff", [], count=1)


FAULTS: dict[str, Fault] = {
    **{rule: _cells(rule) for rule in CELLS},
    "student-email-several": student_email_several,
    "student-email-repeated": _repeated("student", (2, 3)),
    "teacher-email-repeated": _repeated("teacher", (2,)),
    "staff-email-repeated": _repeated("staff", (2,)),
    "student-without-section": student_without_section,
    "student-id-repeated": student_id_repeated,
    "staff-id-repeated": staff_id_repeated,
    "teacher-without-section": teacher_without_section,
    "student-grade-outside-k12": student_grade_outside_k12,
}
