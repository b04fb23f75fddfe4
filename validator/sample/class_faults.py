"""Faults of sections, enrollments, ids and files: one function a rule, named as the rule."""

from __future__ import annotations

from collections.abc import Sequence

from validator.sample import names
from validator.sample.district import term
from validator.sample.people import Row, below
from validator.sample.people_faults import new_teacher, staff_missing
from validator.sample.planting import Bench, Fault, free_period, mark, secondary, take, unenroll

ANNEX = "199"  # a school that schools.csv does not have


def _plain_sections(bench: Bench, count: int) -> list[Row]:
    """Untouched sections above elementary school with one teacher, each of another teacher who keeps other sections."""
    schools = secondary(bench)
    chosen: list[Row] = []
    for _ in range(count):
        done = {row["Teacher_id"] for row in chosen}
        chosen += take(
            bench,
            "sections",
            1,
            lambda row: (
                row["School_id"] in schools
                and not row.get("Teacher_2_id")
                and row["Period"] < "8"
                and row["Teacher_id"] not in done
            ),
        )  # noqa: B023
    teachers = {row["Teacher_id"] for row in chosen}
    bench.touched |= {
        id(row) for row in bench.district["sections"] if row.get("Teacher_id") in teachers
    }
    return chosen


def sections_same_students(bench: Bench) -> None:
    """One grade that is scheduled in blocks: its sections of one course have the students of those of another."""
    school = bench.district["schools"][-1]["School_id"]
    grade = bench.district["schools"][-1]["Low_grade"]
    sections = [
        row
        for row in bench.district["sections"]
        if row["School_id"] == school and row["Grade"] == grade
    ]
    courses = list(dict.fromkeys(row["Course_name"] for row in sections))[3:5]
    blocks = [[row for row in sections if row["Course_name"] == course] for course in courses]
    same = {two["Section_id"]: one["Section_id"] for one, two in zip(*blocks, strict=True)}
    rows = bench.district["enrollments"]
    rows[:] = [row for row in rows if row["Section_id"] not in same]
    rows += [
        row | {"Section_id": two}
        for two, one in same.items()
        for row in rows
        if row["Section_id"] == one
    ]
    both = [*blocks[0], *blocks[1]]
    bench.touched |= {id(row) for row in both}
    mark(bench, "sections-same-students", "sections", both, groups=len(same))


def section_without_teacher(bench: Bench) -> None:
    """Sections that nobody teaches; their teachers keep others."""
    rows = _plain_sections(bench, 2)
    for row in rows:
        row["Teacher_id"] = ""
    mark(bench, "section-without-teacher", "sections", rows)


def section_too_many_teachers(bench: Bench) -> None:
    """One section with a primary teacher and ten co-teachers, the last in a column that Clever does not have."""
    row = _plain_sections(bench, 1)[0]
    row["Period"] = "7B"
    others = [
        other["Teacher_id"]
        for other in bench.district["teachers"]
        if other["School_id"] == row["School_id"]
        and other["Teacher_id"] not in ("", row["Teacher_id"])
    ]
    if len(others) < 10:
        others += [
            other["Teacher_id"]
            for other in bench.district["teachers"]
            if other["Teacher_id"] not in ("", row["Teacher_id"], *others)
        ]
    row |= {f"Teacher_{number}_id": others[number - 2] for number in range(2, 12)}
    mark(bench, "section-too-many-teachers", "sections", [row])


def section_term_over(bench: Bench) -> None:
    """Sections of a summer term that ended before the as-of date."""
    rows = _plain_sections(bench, 2)
    year = bench.as_of.year - (bench.as_of.month < 9)
    over = {
        "Term_name": f"Summer {year}",
        "Term_start": f"06/08/{year}",
        "Term_end": f"07/10/{year}",
    }
    for row in rows:
        row.update(over)
    mark(bench, "section-term-over", "sections", rows)


def _elective(bench: Bench, teacher: Row, grade: str, what: tuple[str, str]) -> None:
    """An elective with a dozen students of the grade, so that it shares few with any other section."""
    course, subject = what
    number = str(560001 + len(bench.district["sections"]))
    row = {
        "School_id": teacher["School_id"],
        "Section_id": number,
        "Teacher_id": teacher["Teacher_id"],
        "Name": f"{course} Section 1",
        "Section_number": "1",
        "Grade": grade,
        "Course_name": course,
        "Course_number": f"Z{number[-3:]}",
        "Period": free_period(bench, teacher),
        "Subject": subject,
        **term(bench.as_of),
    }
    bench.district["sections"].append(row)
    bench.touched.add(id(row))
    room = [
        student
        for student in bench.district["students"]
        if id(student) not in bench.touched
        and student["School_id"] == row["School_id"]
        and student["Grade"] == grade
    ]
    for _ in range(12):
        student = room.pop(below(bench.rng, len(room)))
        bench.district["enrollments"].append(
            {
                "School_id": row["School_id"],
                "Section_id": number,
                "Student_id": student["Student_id"],
            }
        )
    mark(bench, "section-elective", "sections", [row])


def section_elective(bench: Bench) -> None:
    """Electives that were left in the export, taught by teachers who also have core classes."""
    schools = sorted(secondary(bench))
    teachers = {
        row["Teacher_id"]: row
        for row in bench.district["teachers"]
        if row["Teacher_id"] and row["Title"] == "Teacher"
    }
    for at, what in enumerate(names.ELECTIVES):
        core = [
            row
            for row in bench.district["sections"]
            if row["School_id"] == schools[at % len(schools)]
            and row["Teacher_id"] in teachers
            and row["Period"] < "8"
        ]
        section = core[below(bench.rng, len(core))]
        _elective(bench, teachers[section["Teacher_id"]], section["Grade"], what)


def teacher_only_electives(bench: Bench) -> None:
    """Teachers with nothing but an elective; the sections are found as electives too."""
    school = next(row for row in bench.district["schools"] if row["School_id"] in secondary(bench))
    for number, what in enumerate(names.ONLY_ELECTIVES, 79201):
        teacher = new_teacher(bench, school["School_id"], number)
        _elective(bench, teacher, school["Low_grade"] or "8", what)
        mark(bench, "teacher-only-electives", "teachers", [teacher])


def id_repeated(bench: Bench) -> None:
    """Another course under a section's id, and another person under a teacher's: the rows after the first count."""
    section = _plain_sections(bench, 1)[0]
    second = section | {
        "Course_name": "Astronomy",
        "Course_number": "C99",
        "Subject": names.SCIENCE,
        "Name": "Astronomy Section 9",
        "Section_number": "9",
        "Period": free_period(bench, section),
    }
    bench.district["sections"].append(second)
    bench.touched.add(id(second))
    mark(bench, "id-repeated", "sections", [section, second], count=1, groups=1)
    teacher = take(bench, "teachers", 1, lambda row: row["School_id"] in secondary(bench))[0]
    other = new_teacher(bench, teacher["School_id"], teacher["Teacher_id"])
    mark(bench, "id-repeated", "teachers", [teacher, other], count=1, groups=1)


def id_missing(bench: Bench) -> None:
    """A student, a teacher and an enrollment whose id is blank; nothing else is said about them."""
    last = bench.district["schools"][-1]["School_id"]
    student = take(bench, "students", 1, lambda row: row["School_id"] == last)[0]
    unenroll(bench, [student])
    student["Student_id"] = ""
    mark(bench, "id-missing", "students", [student])
    mark(bench, "id-missing", "teachers", [new_teacher(bench, last, "")])
    row = {"School_id": last, "Section_id": "", "Student_id": _somebody(bench)["Student_id"]}
    bench.district["enrollments"].append(row)
    mark(bench, "id-missing", "enrollments", [row])


def _somebody(bench: Bench) -> Row:
    """A student of the last school, but not of the grade that may be scheduled in blocks."""
    last = bench.district["schools"][-1]
    return take(
        bench,
        "students",
        1,
        lambda row: row["School_id"] == last["School_id"] and row["Grade"] != last["Low_grade"],
    )[0]


def _unknown(column: str, ids: Sequence[str]) -> Fault:
    def plant(bench: Bench) -> None:
        rows = []
        for unknown in ids:
            student = _somebody(bench)
            rows.append(
                {
                    "School_id": student["School_id"],
                    "Section_id": _section_of(bench, student)["Section_id"],
                    "Student_id": student["Student_id"],
                    column: unknown,
                }
            )
        bench.district["enrollments"] += rows
        mark(bench, f"{column.partition('_')[0].lower()}-unknown", "enrollments", rows)

    return plant


def _section_of(bench: Bench, student: Row) -> Row:
    section = next(
        row["Section_id"]
        for row in bench.district["enrollments"]
        if row["Student_id"] == student["Student_id"]
    )
    return next(row for row in bench.district["sections"] if row["Section_id"] == section)


def teacher_unknown(bench: Bench) -> None:
    """Sections whose primary teacher is in no file; the teachers they had keep others."""
    rows = _plain_sections(bench, 2)
    for row, unknown in zip(rows, ("79998", "79999"), strict=True):
        row["Teacher_id"] = unknown
    mark(bench, "teacher-unknown", "sections", rows)


def school_unknown(bench: Bench) -> None:
    """A school that schools.csv forgot, with a small class: one cause, found on every row that names it."""
    teacher = new_teacher(bench, ANNEX, 79301)
    students = [_pupil(bench, 390001 + at) for at in range(6)]
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
            **term(bench.as_of),
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
        mark(bench, "school-unknown", table, rows)


def _pupil(bench: Bench, number: int) -> Row:
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
    """Students put into one section twice: the second rows count."""
    students = [_somebody(bench) for _ in range(3)]
    rows = [
        {
            "School_id": student["School_id"],
            "Section_id": _section_of(bench, student)["Section_id"],
            "Student_id": student["Student_id"],
        }
        for student in students
    ]
    bench.district["enrollments"] += rows
    mark(bench, "enrollment-repeated", "enrollments", rows, groups=len(rows))


def _encoded(rule: str, encoding: str) -> Fault:
    def plant(bench: Bench) -> None:
        bench.encodings["students"] = encoding
        mark(bench, rule, "students", [], count=1)

    return plant


FAULTS: dict[str, Fault] = {
    "sections-same-students": sections_same_students,
    "section-without-teacher": section_without_teacher,
    "section-too-many-teachers": section_too_many_teachers,
    "section-term-over": section_term_over,
    "teacher-unknown": teacher_unknown,
    "student-unknown": _unknown("Student_id", ("399998", "399999")),
    "section-unknown": _unknown("Section_id", ("599998", "599999")),
    "school-unknown": school_unknown,
    "id-repeated": id_repeated,
    "id-missing": id_missing,
    "enrollment-repeated": enrollment_repeated,
    "section-elective": section_elective,
    "teacher-only-electives": teacher_only_electives,
}
# What would hide or blur the others, and is planted only when asked for by name.
ALONE: dict[str, Fault] = {
    "staff-missing": staff_missing,
    "file-bom": _encoded("file-bom", "utf-8-sig"),
    "file-not-utf8": _encoded("file-not-utf8", "cp1252"),
}
