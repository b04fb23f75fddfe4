"""Faults of sections and electives: one function per rule, named after the rule."""

from __future__ import annotations

from validator.sample import names
from validator.sample.people import Row, draw
from validator.sample.people_faults import add_teacher
from validator.sample.planting import Bench, find_free_period, list_secondary_schools, take
from validator.sample.tables import build_term


def take_sections(bench: Bench, count: int) -> list[Row]:
    """Take untouched made-up sections above elementary school, of different teachers."""
    schools = list_secondary_schools(bench)
    chosen: list[Row] = []

    def is_plain(row: Row) -> bool:
        is_taken = any(row["Teacher_id"] == other["Teacher_id"] for other in chosen)
        has_one_teacher = not row.get("Teacher_2_id")
        in_school = row["School_id"] in schools
        return in_school and has_one_teacher and row["Period"] < "8" and not is_taken

    for _ in range(count):
        chosen.extend(take(bench, "sections", 1, where=is_plain))
    teachers = {row["Teacher_id"] for row in chosen}
    bench.touched |= {
        id(row) for row in bench.district["sections"] if row.get("Teacher_id") in teachers
    }
    return chosen


def sections_same_students(bench: Bench) -> None:
    """Plant one grade scheduled in blocks: the sections of two courses have the same students."""
    school = bench.district["schools"][-1]["School_id"]
    grade = bench.district["schools"][-1]["Low_grade"]
    sections = [
        row
        for row in bench.district["sections"]
        if row["School_id"] == school and row["Grade"] == grade
    ]
    courses = list(dict.fromkeys(row["Course_name"] for row in sections))[3:5]
    blocks = [[row for row in sections if row["Course_name"] == course] for course in courses]
    pairs = zip(*blocks, strict=True)
    same = {second["Section_id"]: first["Section_id"] for first, second in pairs}
    rows = bench.district["enrollments"]
    rows[:] = [row for row in rows if row["Section_id"] not in same]
    rows += [
        row | {"Section_id": second}
        for second, first in same.items()
        for row in rows
        if row["Section_id"] == first
    ]
    both = [*blocks[0], *blocks[1]]
    bench.touched |= {id(row) for row in both}
    bench.expect("sections-same-students", "sections", both, groups=len(same))


def section_without_teacher(bench: Bench) -> None:
    """Plant sections without a teacher; the former teachers have other sections."""
    rows = take_sections(bench, 2)
    for row in rows:
        row["Teacher_id"] = ""
    bench.expect("section-without-teacher", "sections", rows)


def section_too_many_teachers(bench: Bench) -> None:
    """Plant one section with a primary teacher and ten co-teachers, more than Clever allows."""
    row = take_sections(bench, 1)[0]
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
    bench.expect("section-too-many-teachers", "sections", [row])


def section_term_over(bench: Bench) -> None:
    """Plant sections of a summer term that ended before the as-of date."""
    rows = take_sections(bench, 2)
    year = bench.as_of.year - (bench.as_of.month < 9)
    over = {
        "Term_name": f"Summer {year}",
        "Term_start": f"06/08/{year}",
        "Term_end": f"07/10/{year}",
    }
    for row in rows:
        row.update(over)
    bench.expect("section-term-over", "sections", rows)


def _add_elective(bench: Bench, teacher: Row, grade: str, *, course: str, subject: str) -> None:
    """Add an elective with a dozen students of the grade, who share few other sections."""
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
        "Period": find_free_period(bench, teacher),
        "Subject": subject,
        **build_term(bench.as_of),
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
        student = room.pop(draw(bench.rng, len(room)))
        bench.district["enrollments"].append(
            {
                "School_id": row["School_id"],
                "Section_id": number,
                "Student_id": student["Student_id"],
            }
        )
    bench.expect("section-elective", "sections", [row])


def section_elective(bench: Bench) -> None:
    """Plant electives in the export, taught by teachers who also teach core subjects."""
    schools = sorted(list_secondary_schools(bench))
    teachers = {
        row["Teacher_id"]: row
        for row in bench.district["teachers"]
        if row["Teacher_id"] and row["Title"] == "Teacher"
    }
    for at, (course, subject) in enumerate(names.ELECTIVES):
        core = [
            row
            for row in bench.district["sections"]
            if row["School_id"] == schools[at % len(schools)]
            and row["Teacher_id"] in teachers
            and row["Period"] < "8"
        ]
        section = core[draw(bench.rng, len(core))]
        _add_elective(
            bench, teachers[section["Teacher_id"]], section["Grade"], course=course, subject=subject
        )


def teacher_only_electives(bench: Bench) -> None:
    """Plant teachers who teach only an elective; the sections count as electives too."""
    school = next(
        row
        for row in bench.district["schools"]
        if row["School_id"] in list_secondary_schools(bench)
    )
    for number, (course, subject) in enumerate(names.ONLY_ELECTIVES, 79201):
        teacher = add_teacher(bench, school["School_id"], number)
        grade = school["Low_grade"] or "8"
        _add_elective(bench, teacher, grade, course=course, subject=subject)
        bench.expect("teacher-only-electives", "teachers", [teacher])
