"""Faults of ids, references, enrollments and files: one function per rule, named after the rule."""

from __future__ import annotations

from collections.abc import Sequence

from validator.sample import names
from validator.sample.people import Row
from validator.sample.people_faults import add_teacher
from validator.sample.planting import (
    Bench,
    Fault,
    find_free_period,
    list_secondary_schools,
    take,
    unenroll,
)
from validator.sample.section_faults import take_sections
from validator.sample.tables import build_term

ANNEX = "199"
"""A school that schools.csv does not have."""


def id_repeated(bench: Bench) -> None:
    """Plant another course with a section's id, and another person with a teacher's.

    Later rows count.
    """
    section = take_sections(bench, 1)[0]
    second = section | {
        "Course_name": "Astronomy",
        "Course_number": "C99",
        "Subject": names.SCIENCE,
        "Name": "Astronomy Section 9",
        "Section_number": "9",
        "Period": find_free_period(bench, section),
    }
    bench.district["sections"].append(second)
    bench.touched.add(id(second))
    bench.expect("id-repeated", "sections", [section, second], count=1, groups=1)
    teacher = take(
        bench, "teachers", 1, where=lambda row: row["School_id"] in list_secondary_schools(bench)
    )[0]
    other = add_teacher(bench, teacher["School_id"], teacher["Teacher_id"])
    bench.expect("id-repeated", "teachers", [teacher, other], count=1, groups=1)


def id_missing(bench: Bench) -> None:
    """Plant a student, a teacher and an enrollment with a blank id; no other rule reports them."""
    last = bench.district["schools"][-1]["School_id"]
    student = take(bench, "students", 1, where=lambda row: row["School_id"] == last)[0]
    unenroll(bench, [student])
    student["Student_id"] = ""
    bench.expect("id-missing", "students", [student])
    bench.expect("id-missing", "teachers", [add_teacher(bench, last, "")])
    row = {"School_id": last, "Section_id": "", "Student_id": _take_student(bench)["Student_id"]}
    bench.district["enrollments"].append(row)
    bench.expect("id-missing", "enrollments", [row])


def _take_student(bench: Bench) -> Row:
    """An untouched student of the last school, not of the grade scheduled in blocks."""
    last = bench.district["schools"][-1]
    return take(
        bench,
        "students",
        1,
        where=lambda row: (
            row["School_id"] == last["School_id"] and row["Grade"] != last["Low_grade"]
        ),
    )[0]


def plant_unknown(column: str, ids: Sequence[str]) -> Fault:
    """Plant enrollments with these ids in a column, which no record has."""

    def plant(bench: Bench) -> None:
        rows = []
        for unknown in ids:
            student = _take_student(bench)
            rows.append(
                {
                    "School_id": student["School_id"],
                    "Section_id": _find_section(bench, student)["Section_id"],
                    "Student_id": student["Student_id"],
                    column: unknown,
                }
            )
        bench.district["enrollments"] += rows
        bench.expect(f"{column.partition('_')[0].lower()}-unknown", "enrollments", rows)

    return plant


def _find_section(bench: Bench, student: Row) -> Row:
    """Return a section of a made-up student, to plant a fault in it."""
    section = next(
        row["Section_id"]
        for row in bench.district["enrollments"]
        if row["Student_id"] == student["Student_id"]
    )
    return next(row for row in bench.district["sections"] if row["Section_id"] == section)


def teacher_unknown(bench: Bench) -> None:
    """Plant sections whose primary teacher is in no file.

    The former teachers have other sections.
    """
    rows = take_sections(bench, 2)
    for row, unknown in zip(rows, ("79998", "79999"), strict=True):
        row["Teacher_id"] = unknown
    bench.expect("teacher-unknown", "sections", rows)


def school_unknown(bench: Bench) -> None:
    """Plant a small school that is not in schools.csv; every row that names it is found."""
    teacher = add_teacher(bench, ANNEX, 79301)
    students = [_build_annex_student(bench, 390001 + at) for at in range(6)]
    sections = [
        {
            "School_id": ANNEX,
            "Section_id": f"59900{at}",
            "Teacher_id": teacher["Teacher_id"],
            "Name": f"Grade 3 {course} Section 1",
            "Section_number": "1",
            "Grade": "3",
            "Course_name": f"Grade 3 {course}",
            "Course_number": f"{code}03",
            "Period": str(at),
            "Subject": subject,
            **build_term(bench.as_of),
        }
        for at, (course, subject, code) in enumerate(names.ELEMENTARY, 1)
    ]
    enrollments = [
        {
            "School_id": ANNEX,
            "Section_id": section["Section_id"],
            "Student_id": student["Student_id"],
        }
        for section in sections
        for student in students
    ]
    for table, rows in (
        ("students", students),
        ("teachers", [teacher]),
        ("sections", sections),
        ("enrollments", enrollments),
    ):
        if table != "teachers":
            bench.district[table] += rows
        bench.touched |= {id(row) for row in rows}
        bench.expect("school-unknown", table, rows)


def _build_annex_student(bench: Bench, number: int) -> Row:
    """Make up a student of the annex, a school that the sample lacks."""
    first, last, email = next(bench.children)
    year = bench.as_of.year + (bench.as_of.month >= 7) - 9
    return {
        "School_id": ANNEX,
        "Student_id": str(number),
        "Student_number": str(number - 200000),
        "State_id": str(8100000000 + number * 7),
        "First_name": first,
        "Last_name": last,
        "Grade": "3",
        "Gender": "F",
        "DOB": f"{number % 7 + 1:02}/{number % 28 + 1:02}/{year}",
        "Student_email": email,
    }


def enrollment_repeated(bench: Bench) -> None:
    """Plant students enrolled in one section twice; the second rows count."""
    students = [_take_student(bench) for _ in range(3)]
    rows = [
        {
            "School_id": student["School_id"],
            "Section_id": _find_section(bench, student)["Section_id"],
            "Student_id": student["Student_id"],
        }
        for student in students
    ]
    bench.district["enrollments"] += rows
    bench.expect("enrollment-repeated", "enrollments", rows, groups=len(rows))


def plant_encoding(rule: str, encoding: str) -> Fault:
    """Plant students.csv in another encoding."""

    def plant(bench: Bench) -> None:
        bench.encodings["students"] = encoding
        bench.expect(rule, "students", [], count=1)

    return plant
