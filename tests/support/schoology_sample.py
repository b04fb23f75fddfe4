"""The sample of Schoology's imports, healthy and with planted faults."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tests.support import other_formats, schoology_format
from tests.support.other_formats import Row
from validator.sample import writer
from validator.sample.district import build_district

if TYPE_CHECKING:
    from tests.support.next_door import Sample

STUDENTS, SEED = 120, 11


def build_schoology() -> dict[str, list[Row]]:
    """A healthy set of Schoology's imports."""
    district = other_formats.once(build_district(STUDENTS, SEED, writer.AS_OF))
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text)))
        for name, text in schoology_format.schoology(district).items()
    }


def break_schoology(sample: Sample) -> None:
    """Plant faults in Schoology's imports, each in separate records."""
    _break_courses(sample)
    _break_users(sample)
    _break_enrollments(sample)


def _break_users(sample: Sample) -> None:
    students = iter([row for row in sample.tables["users"] if row["Role"] == "Student"])
    for rules, changes in (
        (("schoology-sign-in-missing", "student-email-missing"), {"Username": "", "E-mail": ""}),
        (("student-email-invalid",), {"E-mail": "not an address"}),
        (("schoology-value-missing", "student-name-missing"), {"First Name": ""}),
    ):
        user = next(students)
        user.update(changes)
        for rule in rules:
            sample.expect(rule, "users", sample.line("users", user))
    user = next(students)
    links = sample.tables["enrollments"]
    links[:] = [row for row in links if row["User Unique ID"] != user["User Unique ID"]]
    sample.expect("student-without-section", "users", sample.line("users", user))
    kiosk = {**next(students), "User Unique ID": "9900", "Username": "u9900", "Role": "Kiosk"}
    kiosk |= {"First Name": "Una", "Last Name": "Moth", "E-mail": "una.moth@moth.example"}
    sample.expect("schoology-user-kind-unknown", "users", sample.add("users", kiosk))


def _break_enrollments(sample: Sample) -> None:
    members = [row for row in sample.tables["enrollments"] if row["Enrollment Type"] == "Member"]
    for rule, changes in (
        ("student-unknown", {"User Unique ID": "no-such-user"}),
        ("section-unknown", {"Section Code": "none", "Section School Code": "none"}),
        ("enrollment-repeated", {}),
    ):
        line = sample.add("enrollments", {**members[-1], **changes})
        sample.expect(rule, "enrollments", line)


def _break_courses(sample: Sample) -> None:
    first, last = sample.tables["courses"][0], sample.tables["courses"][-1]
    first["Section Name"] = ""
    sample.expect("schoology-value-missing", "courses", sample.line("courses", first))
    links = sample.tables["enrollments"]
    links[:] = [
        row
        for row in links
        if row["Section Code"] != last["Section Code"] or row["Enrollment Type"] != "Admin"
    ]
    sample.expect("section-without-teacher", "courses", sample.line("courses", last))
