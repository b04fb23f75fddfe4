"""Rules that may be why a record is lost on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

BROKEN_ROW = "row-wrong-length"
"""The rule about rows that could not be read whole."""

SHARED_ONLY = frozenset({"student-only-electives", "teacher-only-electives", "section-elective"})
"""Rules about what is shared with an app: no reason to be missing in Clever, and for Clever's
administrator to act on."""

FILE = ("quote-unclosed", "row-wrong-length")
IDS = ("id-missing", "spreadsheet-id-damage", "student-id-repeated", "id-repeated")
CAUSES: Mapping[str, Sequence[str]] = {
    "students": (
        *FILE,
        *IDS,
        "school-unknown",
        "student-name-missing",
        "student-email-missing",
        "student-email-invalid",
        "student-email-several",
        "student-email-placeholder",
        "student-email-repeated",
        "student-email-of-adults",
        "student-email-also-adult",
        "student-without-section",
        "student-dob-missing",
        "student-dob-invalid",
        "student-grade-missing",
        "student-grade-below-zero",
        "student-grade-unknown",
        "student-grade-outside-k12",
        "student-name-placeholder",
        "student-graduated",
        "student-contacts-many",
        "student-only-electives",
    ),
    "teachers": (
        *FILE,
        *IDS,
        "school-unknown",
        "teacher-name-missing",
        "teacher-email-missing",
        "teacher-email-invalid",
        "teacher-email-several",
        "teacher-email-placeholder",
        "teacher-email-repeated",
        "teacher-email-of-students",
        "teacher-placeholder",
        "teacher-without-section",
        "teacher-only-electives",
    ),
    "sections": (
        *FILE,
        *IDS,
        "school-unknown",
        "teacher-unknown",
        "section-without-teacher",
        "section-too-many-teachers",
        "section-term-over",
        "section-term-future",
        "section-without-students",
        "section-name-missing",
        "section-term-invalid",
        "section-term-missing",
        "section-grade-unknown",
        "section-subject-value",
        "section-elective",
    ),
}
"""Rules that may be why a record of a kind is lost, the likeliest first."""
