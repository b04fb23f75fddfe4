"""One district in four formats: the same people, sections, enrollments and findings."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import other_formats
from tests.support.formats import FORMATS
from tests.support.other_formats import District
from validator import frame
from validator.assess import Options, assess
from validator.model import Report, Status
from validator.sample import writer
from validator.sample.district import build_district

FAULTS = {
    "no address": lambda row, other: row.update(Student_email=""),
    "a broken address": lambda row, other: row.update(Student_email="not an address"),
    "another's address": lambda row, other: row.update(Student_email=other["Student_email"]),
    "no birth date": lambda row, other: row.update(DOB=""),
    "no such day": lambda row, other: row.update(DOB="02/30/2014"),
    "no grade": lambda row, other: row.update(Grade=""),
    "a second record": lambda row, other: row.update(
        First_name=other["First_name"], Last_name=other["Last_name"], DOB=other["DOB"]
    ),
    "no last name": lambda row, other: row.update(Last_name=""),
}
ASKED = (
    "student-email-missing",
    "student-email-invalid",
    "student-email-repeated",
    "student-email-outside-district",
    "student-email-also-adult",
    "student-dob-missing",
    "student-dob-invalid",
    "student-under-13",
    "student-name-missing",
    "student-grade-missing",
    "student-grade-unknown",
    "student-grade-outside-k12",
    "student-without-section",
    "student-age-unlikely",
    "person-under-two-ids",
    "teacher-email-missing",
    "teacher-email-repeated",
    "teacher-without-section",
    "section-without-teacher",
    "section-without-students",
    "section-elective",
    "section-term-over",
    "enrollment-repeated",
    "student-unknown",
    "teacher-unknown",
    "section-unknown",
    "school-unknown",
    "teacher-period-twice",
    "section-co-taught",
)

WITH_LESS = {"sds 2.1", "canvas"}
"""Formats without periods or birth dates; for Canvas see `tests/ingest/formats/test_canvas.py`."""


@cache
def _healthy(seed: int) -> District:
    return other_formats.once(build_district(200, seed, writer.AS_OF))


def _told(report: Report) -> dict[str, object]:
    """Who is in the report's tables, and what was found about them."""

    def column(table: str, name: str) -> list[str]:
        held = report.export.tables[table]
        return frame.take_text(held, name, np.arange(len(held)))

    found = {one.rule.id: one for one in report.outcomes}
    assert all(found[name].status in (Status.FOUND, Status.PASSED) for name in ASKED), [
        (name, found[name].reason)
        for name in ASKED
        if found[name].status not in (Status.FOUND, Status.PASSED)
    ]
    people = ("School_id", "Student_id", "First_name", "Last_name", "Student_email")
    teachers = ("School_id", "Teacher_id", "First_name", "Last_name", "Teacher_email")
    pair = ("Section_id", "Student_id")
    sections = (
        "School_id",
        "Section_id",
        "Teacher_id",
        "Course_name",
        "Subject",
        "Period",
        "Term_name",
    )
    return {
        "students": sorted(zip(*(column("students", name) for name in people), strict=True)),
        "teachers": sorted(zip(*(column("teachers", name) for name in teachers), strict=True)),
        "sections": sorted(zip(*(column("sections", name) for name in sections), strict=True)),
        "enrollments": sorted(zip(*(column("enrollments", name) for name in pair), strict=True)),
        "found": {name: found[name].count for name in ASKED},
    }


@settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.integers(1, 20),
    st.lists(st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(0, 198)), max_size=12),
    st.lists(st.integers(0, 30), max_size=3),
    st.sets(st.integers(0, 190), max_size=3),
)
def test_a_district_is_the_same_in_every_format(
    seed: int, faults: list[tuple[str, int]], untaught: list[int], unenrolled: set[int]
) -> None:
    healthy = _healthy(seed)
    students = [dict(row) for row in healthy["students"]]
    for fault, at in faults:
        FAULTS[fault](students[at % len(students)], students[(at + 1) % len(students)])
    gone = {students[at % len(students)]["Student_id"] for at in unenrolled}
    sections = [dict(row) for row in healthy["sections"]]
    for at in untaught:
        sections[at % len(sections)].update(Teacher_id="", Teacher_2_id="")
    district = {
        **healthy,
        "students": students,
        "sections": sections,
        "enrollments": [row for row in healthy["enrollments"] if row["Student_id"] not in gone],
    }
    told = {}
    for name in FORMATS.keys() - WITH_LESS:
        write = FORMATS[name]
        with tempfile.TemporaryDirectory() as folder:
            for file, text in write(district).items():
                (Path(folder) / file).write_text(text, encoding="utf-8")
            report = assess([Path(folder)], Options(profiles=["khan-academy"], as_of=writer.AS_OF))
        assert " ".join(filter(None, (report.export.format, report.export.format_version))) == name
        told[name] = _told(report)
    for name, one in told.items():
        for what, value in one.items():
            assert value == told["clever"][what], f"{name}: {what}"
