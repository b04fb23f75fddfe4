"""All faults that can be planted in a sample district, in planting order."""

from __future__ import annotations

from validator.sample import people_faults, reference_faults, section_faults
from validator.sample.planting import Fault

FAULTS: dict[str, Fault] = {
    "sections-same-students": section_faults.sections_same_students,
    "section-without-teacher": section_faults.section_without_teacher,
    "section-too-many-teachers": section_faults.section_too_many_teachers,
    "section-term-over": section_faults.section_term_over,
    "teacher-unknown": reference_faults.teacher_unknown,
    "student-unknown": reference_faults.plant_unknown("Student_id", ("399998", "399999")),
    "section-unknown": reference_faults.plant_unknown("Section_id", ("599998", "599999")),
    "school-unknown": reference_faults.school_unknown,
    "id-repeated": reference_faults.id_repeated,
    "id-missing": reference_faults.id_missing,
    "enrollment-repeated": reference_faults.enrollment_repeated,
    "section-elective": section_faults.section_elective,
    "teacher-only-electives": section_faults.teacher_only_electives,
    **{rule: people_faults.plant_cells(rule) for rule in people_faults.CELLS},
    "student-email-several": people_faults.student_email_several,
    "student-email-repeated": people_faults.plant_repeated("student", (2, 3)),
    "teacher-email-repeated": people_faults.plant_repeated("teacher", (2,)),
    "staff-email-repeated": people_faults.plant_repeated("staff", (2,)),
    "student-without-section": people_faults.student_without_section,
    "student-id-repeated": people_faults.student_id_repeated,
    "staff-id-repeated": people_faults.staff_id_repeated,
    "teacher-without-section": people_faults.teacher_without_section,
    "student-grade-outside-k12": people_faults.student_grade_outside_k12,
}
"""Rule -> the function that plants its fault."""

ALONE: dict[str, Fault] = {
    "staff-missing": people_faults.plant_missing_staff,
    "file-bom": reference_faults.plant_encoding("file-bom", "utf-8-sig"),
    "file-not-utf8": reference_faults.plant_encoding("file-not-utf8", "cp1252"),
}
"""Faults that would hide other faults; they are planted only if asked for by name."""
