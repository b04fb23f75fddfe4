"""The samples of formats next door: Canvas, Schoology, and Clever with custom sections.

`python -m tests.support.next_door` writes them again. Every fault is planted in separate records,
and answers.json lists what a correct tool finds, by the lines in which it was planted.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import canvas_format, other_formats
from tests.support.canvas_format import HEADERS
from tests.support.other_formats import Files, Row
from tests.support.schoology_sample import break_schoology, build_schoology
from validator.sample import writer
from validator.sample.district import build_district

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
STUDENTS, SEED = 120, 11
Tables = dict[str, list[Row]]


@dataclass
class Sample:
    """The rows of each file, and for each rule the lines in which it finds something."""

    tables: Tables
    answers: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> int:
        """Add a row and return its line."""
        self.tables[table].append(row)
        return len(self.tables[table]) + 1

    def line(self, table: str, row: Row) -> int:
        """The line of a row."""
        return next(at for at, other in enumerate(self.tables[table], start=2) if other is row)

    def expect(self, rule: str, table: str, *lines: int, count: int | None = None) -> None:
        """Note that a rule finds these lines; `count`: how many records, if not one per line."""
        self.answers.setdefault(rule, {}).setdefault(f"{table}.csv", set()).update(lines)
        found = self.counts.get(rule, 0) + (len(lines) if count is None else count)
        self.counts[rule] = found


def load(folder_files: Files) -> Tables:
    """The rows of each file."""
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text)))
        for name, text in folder_files.items()
    }


def build_canvas() -> Tables:
    """A healthy Canvas import."""
    district = other_formats.once(build_district(STUDENTS, SEED, writer.AS_OF))
    tables = load(canvas_format.canvas(district))
    tables["xlists"] = []
    return tables


@dataclass
class CanvasBench:
    """A Canvas import in which faults are planted, and records that have none yet."""

    sample: Sample
    students: Iterator[Row]
    courses: Iterator[Row]

    def table(self, name: str) -> list[Row]:
        """The rows of a file."""
        return self.sample.tables[name]

    def expect(self, rule: str, table: str, row: Row) -> None:
        """Note that a rule finds a row."""
        self.sample.expect(rule, table, self.sample.line(table, row))

    def enroll(self, rule: str, user: str, section: str, **change: str) -> None:
        """Add an enrollment that a rule finds."""
        row = dict.fromkeys(HEADERS["enrollments"].split(","), "")
        row |= {"user_id": user, "section_id": section, "role": "student", "status": "active"}
        self.sample.expect(rule, "enrollments", self.sample.add("enrollments", row | change))

    def take_student(self) -> tuple[str, str]:
        """A student without faults, and a section of the school that the student is not in."""
        user = next(self.students)["user_id"]
        own = {row["section_id"] for row in self.table("enrollments") if row["user_id"] == user}
        account = {row["course_id"]: row["account_id"] for row in self.table("courses")}
        school = {row["section_id"]: account[row["course_id"]] for row in self.table("sections")}
        others = [id for id in school if id not in own and school[id] == school[min(own)]]
        return user, others[0]

    def find_link(self, user: str) -> Row:
        """The first enrollment of a user."""
        return next(row for row in self.table("enrollments") if row["user_id"] == user)

    def take_section(self) -> Row:
        """The only section of a course without faults."""
        course = next(self.courses)["course_id"]
        return next(row for row in self.table("sections") if row["course_id"] == course)


def break_canvas(sample: Sample) -> None:
    """Plant faults in a Canvas import, each in separate records."""
    users, sections = sample.tables["users"], sample.tables["sections"]
    courses = [row["course_id"] for row in sections]
    bench = CanvasBench(
        sample,
        iter([row for row in users if row["declared_user_type"] == "student"]),
        iter([row for row in sample.tables["courses"] if courses.count(row["course_id"]) == 1]),
    )
    _break_enrollments(bench)
    _break_users(bench)
    _break_courses(bench)
    _break_sections(bench)
    _break_accounts(bench)


def _break_enrollments(bench: CanvasBench) -> None:
    """Plant enrollments that Canvas refuses or reads in another way."""
    user, section = bench.take_student()
    bench.enroll("canvas-status-unknown", user, section, status="enrolled")
    user, section = bench.take_student()
    bench.enroll("canvas-role-unknown", user, section, role="pupil")
    user, section = bench.take_student()
    course = next(row for row in bench.table("sections") if row["section_id"] == section)
    other = next(
        row["course_id"]
        for row in bench.table("courses")
        if row["course_id"] != course["course_id"]
    )
    bench.enroll("canvas-enrollment-course-differs", user, section, course_id=other)
    user, section = bench.take_student()
    bench.enroll("canvas-course-unknown", user, section, course_id="no-such-course")
    bench.enroll("student-unknown", "no-such-user", bench.table("sections")[0]["section_id"])
    user, _ = bench.take_student()
    bench.enroll("section-unknown", user, "no-such-section")
    user, _ = bench.take_student()
    bench.enroll("enrollment-repeated", user, bench.find_link(user)["section_id"])
    teacher = next(
        row["user_id"] for row in bench.table("users") if row["declared_user_type"] == "teacher"
    )
    own = {row["section_id"] for row in bench.table("enrollments") if row["user_id"] == teacher}
    training = next(
        row["section_id"] for row in bench.table("sections") if row["section_id"] not in own
    )
    bench.enroll("canvas-role-differs", teacher, training)
    user, _ = bench.take_student()
    link = bench.find_link(user)
    link["end_date"] = "2026-10-01T05:00:00Z"
    bench.expect("canvas-dates-alone", "enrollments", link)


def _break_users(bench: CanvasBench) -> None:
    """Plant faults of users."""
    user = next(bench.students)
    for row in bench.table("enrollments"):
        if row["user_id"] == user["user_id"]:
            row["status"] = "completed"
            bench.expect("canvas-record-inactive", "enrollments", row)
    bench.expect("student-without-section", "users", user)
    first = next(bench.students)
    for rule, column, value in (
        ("canvas-user-suspended", "status", "suspended"),
        ("canvas-value-missing", "login_id", ""),
        ("canvas-login-repeated", "login_id", first["login_id"].upper()),
        ("student-email-invalid", "email", "not an address"),
        ("student-email-missing", "email", ""),
    ):
        user = next(bench.students)
        user[column] = value
        bench.expect(rule, "users", user)
    domain = first["email"].partition("@")[2]
    for rule, names, change in (
        ("canvas-user-kind-unknown", ("Una", "Moth"), {"email": f"una.moth@{domain}"}),
        ("canvas-record-inactive", ("Gil", "Heath"), {"status": "deleted"}),
    ):
        row = dict.fromkeys(HEADERS["users"].split(","), "")
        row |= {"user_id": f"99{names[1]}", "login_id": f"u99{names[1]}", "status": "active"}
        row |= {"first_name": names[0], "last_name": names[1], **change}
        bench.sample.expect(rule, "users", bench.sample.add("users", row))


def _break_courses(bench: CanvasBench) -> None:
    """Plant faults of courses."""
    for rule, column, value in (
        ("canvas-account-unknown", "account_id", "no-such-account"),
        ("canvas-course-without-account", "account_id", ""),
        ("canvas-term-unknown", "term_id", "no-such-term"),
    ):
        course = next(bench.courses)
        course[column] = value
        bench.expect(rule, "courses", course)
    unused = {**next(bench.courses), "short_name": "RL", "long_name": "Reading Lab"}
    for rule, change in (
        ("canvas-course-without-section", {"course_id": "unused"}),
        ("canvas-record-inactive", {"course_id": "concluded", "status": "completed"}),
    ):
        bench.sample.expect(rule, "courses", bench.sample.add("courses", unused | change))


def _break_sections(bench: CanvasBench) -> None:
    """Plant faults of sections."""
    section = bench.take_section()
    section |= {"start_date": "08/17/2026", "end_date": "06/04/2027"}
    bench.expect("canvas-date-value", "sections", section)
    section = bench.take_section()
    section |= {"start_date": "2026-08-17", "end_date": "2026-10-01"}
    bench.expect("section-term-over", "sections", section)
    section = bench.take_section()
    for row in bench.table("enrollments"):
        if row["section_id"] == section["section_id"] and row["role"] == "teacher":
            row["status"] = "deleted"
            bench.expect("canvas-record-inactive", "enrollments", row)
    bench.expect("section-without-teacher", "sections", section)


def _break_accounts(bench: CanvasBench) -> None:
    """Plant an account before the one that it belongs to."""
    school = bench.table("accounts")[1]["account_id"]
    office = {"account_id": "office", "parent_account_id": "region", "name": "Office"}
    line = bench.sample.add("accounts", office | {"status": "active"})
    bench.sample.expect("canvas-account-order", "accounts", line)
    region = {"account_id": "region", "parent_account_id": school, "name": "Region"}
    bench.sample.add("accounts", region | {"status": "active"})


def build_custom() -> Tables:
    """A healthy Clever export with four custom sections."""
    district = build_district(STUDENTS, SEED, writer.AS_OF)
    tables = load(other_formats.clever(district))
    first = tables["sections"][0]
    taught: dict[str, str] = {row["Teacher_id"]: row["School_id"] for row in tables["teachers"]}
    teachers = [id for id, school in taught.items() if school == first["School_id"]]
    tables["customsections/sections"] = [
        {
            "School_id": first["School_id"],
            "Section_id": f"group-{number}",
            "Teacher_id": teachers[number % len(teachers)],
            "Name": f"Math Group {number}",
            "Subject": "Math",
            "Term_name": first["Term_name"],
            "Term_start": first["Term_start"],
            "Term_end": first["Term_end"],
        }
        for number in range(1, 5)
    ]
    ids = list(
        dict.fromkeys(
            row["Student_id"]
            for row in tables["students"]
            if row["School_id"] == first["School_id"]
        )
    )
    tables["customsections/enrollments"] = [
        {"School_id": first["School_id"], "Section_id": f"group-{1 + at % 4}", "Student_id": id}
        for at, id in enumerate(ids[:24])
    ]
    return tables


def break_custom(sample: Sample) -> None:
    """Plant faults in custom sections, each in separate records."""
    sections, links = "customsections/sections", "customsections/enrollments"
    first, members = sample.tables[sections][0], sample.tables[links]

    def add(id: str, name: str, students: int, **change: str) -> int:
        row = {**first, "Section_id": id, "Name": name, **change}
        for link in members[:students]:
            sample.add(links, {**link, "Section_id": id})
        return sample.add(sections, row)

    sample.expect("teacher-unknown", sections, add("group-5", "Math Group 5", 3, Teacher_id="none"))
    line = add("group-6", "Math Group 6", 3, Teacher_id="")
    sample.expect("section-without-teacher", sections, line)
    sample.expect("section-without-students", sections, add("group-7", "Math Group 7", 0))
    line = add("group-8", "Math Group 8", 3, Term_start="08/18/2025", Term_end="06/05/2026")
    sample.expect("section-term-over", sections, line)
    taken = sample.tables["sections"][0]["Section_id"]
    line = add(taken, "Math Group 9", 0)
    sample.expect("id-repeated", sections, line, count=1)
    sample.expect("id-repeated", "sections", 2, count=0)
    line = sample.add(links, {**members[0], "Student_id": "no-such-student"})
    sample.expect("student-unknown", links, line)
    line = sample.add(links, {**members[1], "Section_id": "no-such-group"})
    sample.expect("section-unknown", links, line)
    line = sample.add(links, dict(members[2]))
    sample.expect("enrollment-repeated", links, line)


def write(folder: Path, sample: Sample, profile: str) -> None:
    """Write a sample's files and its answers."""
    for table, rows in sample.tables.items():
        if not rows:
            continue
        columns = list(dict.fromkeys(name for row in rows for name in row))
        path = folder / f"{table}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = other_formats.as_csv(columns, ([row.get(c, "") for c in columns] for row in rows))
        path.write_text(text, encoding="utf-8", newline="")
    answers = {
        "district": "Maple Hollow Unified",
        "as_of": writer.AS_OF.isoformat(),
        "profile": profile,
        "rules": {
            rule: {
                "count": sample.counts[rule],
                "lines": {file: sorted(lines) for file, lines in sorted(found.items())},
            }
            for rule, found in sorted(sample.answers.items())
        },
    }
    (folder / "answers.json").write_text(json.dumps(answers, indent=2) + "\n", encoding="utf-8")


SAMPLES: dict[str, tuple[Callable[[], Tables], Callable[[Sample], None], str]] = {
    "canvas": (build_canvas, break_canvas, "canvas"),
    "custom-sections": (build_custom, break_custom, "clever"),
    "schoology": (build_schoology, break_schoology, "schoology"),
}
"""Folder -> how the healthy tables are built, how they are broken, and the profile."""


def write_all(folder: Path) -> None:
    """Write every sample, ready and broken."""
    for name, (build, damage, profile) in SAMPLES.items():
        write(folder / name / "ready", Sample(build()), profile)
        broken = Sample(build())
        damage(broken)
        write(folder / name / "broken", broken, profile)


if __name__ == "__main__":
    write_all(FOLDER)
