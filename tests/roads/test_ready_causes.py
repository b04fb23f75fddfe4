"""One fault is one finding with one cause, in every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.conftest import Judge, outcome
from tests.support import other_formats
from tests.support.other_formats import District
from validator import wording
from validator.model import Level, Report, Status, Verdict
from validator.privacy.masking import mask
from validator.sample.district import build_district
from validator.sample.writer import AS_OF

KHAN = "khan-academy"


Form = Callable[[District], Mapping[str, str]]
"""A function that writes a district in a format."""


def build() -> District:
    """Return a healthy made-up district of 60 students."""
    return other_formats.once(build_district(60, 3, AS_OF))


@pytest.fixture(scope="module")
def healthy(judge_once: Judge) -> Mapping[Form, Report]:
    """The reports on the healthy district, by format."""
    forms = (other_formats.clever, other_formats.oneroster_11)
    return {form: judge_once(form(build()), as_of=AS_OF, profile=KHAN) for form in forms}


def found(report: Report) -> set[str]:
    """Return the rules that found something which no diagnosis explains."""
    return {it.rule.id for it in report.outcomes if it.status is Status.FOUND}


def say(report: Report) -> list[str]:
    """Return the ids of the diagnoses."""
    return [diagnosis.id for diagnosis in report.diagnoses]


def test_a_student_and_a_teacher_under_one_id_explain_doubled_enrollments(judge: Judge) -> None:
    """The export was not joined twice."""
    district = build()
    student = district["students"][0]["Student_id"]
    old = district["teachers"][0]["Teacher_id"]
    district["teachers"][0]["Teacher_id"] = student
    for section in district["sections"]:
        for column in section:
            if column.startswith("Teacher_") and section[column] == old:
                section[column] = student
    rows = [row for row in district["enrollments"] if row["Student_id"] == student]
    district["enrollments"] += [dict(row) for row in rows]
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert say(report) == ["id-of-student-and-teacher"]
    result = outcome(report, "enrollment-repeated")
    assert (result.status, result.explained) == (Status.EXPLAINED, len(rows))


def test_enrollments_that_are_simply_there_twice_have_no_such_cause(judge: Judge) -> None:
    """Nobody shares an id."""
    district = build()
    district["enrollments"] += [dict(row) for row in district["enrollments"][:3]]
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert not report.diagnoses
    assert outcome(report, "enrollment-repeated").count == 3


def test_a_sourced_id_on_two_roles_is_the_only_fault(judge: Judge) -> None:
    """Each enrollment says which of the two it means: nobody is in a wrong role or in no class."""
    district = build()
    files = other_formats.oneroster_11(district)
    teacher, student = (
        district[table][0][column]
        for table, column in (("teachers", "Teacher_id"), ("students", "Student_id"))
    )
    files = {
        name: "\n".join(
            ",".join(student if cell == teacher else cell for cell in line.split(","))
            for line in text.split("\n")
        )
        for name, text in files.items()
    }
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert "user-id-repeated" in found(report)
    assert not {"role-differs", "student-without-section"} & found(report)
    assert not report.diagnoses


@pytest.mark.parametrize("form", [other_formats.clever, other_formats.oneroster_11])
def test_a_grade_below_zero_is_one_finding_that_says_how_it_was_read(
    judge: Judge, healthy: Mapping[Form, Report], form: Form
) -> None:
    """Nothing is concluded about ages, classmates or sections from a guess."""
    before = healthy[form]
    district = build()
    for row in district["students"][:3]:
        row["Grade"] = "-1"
    report = judge(form(district), as_of=AS_OF, profile=KHAN)
    assert found(report) - found(before) == {"student-grade-below-zero"}
    finding = outcome(report, "student-grade-below-zero").finding
    assert finding is not None and finding.figures["read_as"] == "PreKindergarten"


def test_a_section_of_a_grade_below_zero_says_how_it_was_read(judge: Judge) -> None:
    """The app does not know the number."""
    district = build()
    district["sections"][0]["Grade"] = "-1"
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    finding = outcome(report, "section-grade-unknown").finding
    assert finding is not None and finding.places[0].notes == [
        "a number below zero, read as PreKindergarten"
    ]
    assert "student-grade-differs-section" not in found(report)


def test_classes_that_cannot_be_told_from_their_enrollments_have_no_fault(judge: Judge) -> None:
    """Without classSourcedId nobody knows who is in a class: nobody is ready, no class at fault."""
    files = dict(other_formats.oneroster_11(build()))
    files["enrollments.csv"] = files["enrollments.csv"].replace("classSourcedId", "class", 1)
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert report.verdict is Verdict.COULD_NOT_TELL
    assert report.readiness["students"].ready == 0
    assert report.readiness["sections"].ready == 0
    assert not {"section-without-teacher", "teacher-without-section"} & found(report)


def test_what_was_not_checked_is_unknown_although_something_else_is_wrong(judge: Judge) -> None:
    """A missing file keeps everybody from being called ready, whatever the verdict is for."""
    files = dict(other_formats.oneroster_11(build()))
    files["enrollments.csv"] = files["enrollments.csv"].replace("classSourcedId", "class", 1)
    files["demographics.csv"] = files["demographics.csv"].replace("birthDate", "dob", 1)
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert report.verdict is Verdict.NOT_READY
    assert report.readiness["students"].ready == 0
    files["demographics.csv"] = other_formats.oneroster_11(build())["demographics.csv"]
    files["users.csv"] = files["users.csv"].replace("@", "", 1)
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert report.verdict is Verdict.NOT_READY
    assert report.readiness["students"].ready == 0


@pytest.mark.parametrize("content", [None, ""])
def test_terms_that_classes_name_are_needed(judge: Judge, content: str | None) -> None:
    """Without academicSessions.csv, or with an empty one, no class is known to be of this year."""
    files = dict(other_formats.oneroster_11(build()))
    del files["academicSessions.csv"], files["manifest.csv"]
    if content is not None:
        files["academicSessions.csv"] = content
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert report.verdict is not Verdict.READY
    assert ("file-missing" if content is None else "file-empty") in found(report)


def test_a_file_that_the_manifest_announces_keeps_the_importer_waiting(judge: Judge) -> None:
    """courses.csv is optional: it has to be there, or declared absent."""
    files = dict(other_formats.oneroster_11(build()))
    del files["courses.csv"]
    files["manifest.csv"] += "file.courses,bulk\n"
    report = judge(files, as_of=AS_OF, profile=KHAN)
    result = outcome(report, "manifest-value")
    assert (result.level, report.verdict) == (Level.BLOCKER, Verdict.NOT_READY)
    assert report.readiness["students"].ready == 0
    files["manifest.csv"] = files["manifest.csv"].replace(
        "file.courses,bulk", "file.courses,absent"
    )
    assert judge(files, as_of=AS_OF, profile=KHAN).verdict is Verdict.READY


def test_a_school_that_was_left_out_is_named(judge: Judge) -> None:
    """Its id is public; a school of few children is not named next to a number."""
    district = build()
    school = district["schools"][0]["School_id"]
    district["schools"] = district["schools"][1:]
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert say(report) == ["record-left-out"]
    (diagnosis,) = mask(report).diagnoses
    assert diagnosis.evidence.endswith(f"not in schools.csv: {school}")
    for row in district["students"]:
        if row["School_id"] == school:
            row["School_id"] = district["schools"][0]["School_id"]
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert school not in "".join(it.evidence for it in report.diagnoses)


def test_roles_without_a_role_make_nobody_a_student(judge: Judge) -> None:
    """Who is who is not known, and no class is told to have no students."""
    files = dict(other_formats.oneroster_12(build()))
    files["roles.csv"] = files["roles.csv"].replace(",role,", ",post,", 1)
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert report.verdict is Verdict.COULD_NOT_TELL
    assert not {"section-without-students", "section-without-teacher"} & found(report)
    assert outcome(report, "student-without-section").reason == "roles.csv has no role column"


@pytest.mark.parametrize("form", [other_formats.clever, other_formats.oneroster_11])
def test_a_section_that_moved_to_another_school_is_one_cause(
    judge: Judge, healthy: Mapping[Form, Report], form: Form
) -> None:
    """Its students, its teachers and its enrollments stayed where they were."""
    before = healthy[form]
    district = build()
    first, second = (row["School_id"] for row in district["schools"])
    section = district["sections"][0]
    section["School_id"] = second if section["School_id"] == first else first
    report = judge(form(district), as_of=AS_OF, profile=KHAN)
    assert say(report) == ["sections-at-another-school"]
    assert found(report) <= found(before)


def test_students_who_take_a_class_elsewhere_are_not_a_moved_section(judge: Judge) -> None:
    """The teacher of a shared center is at the section's school."""
    district = build()
    section = district["sections"][0]
    other = next(
        row["School_id"] for row in district["schools"] if row["School_id"] != section["School_id"]
    )
    for row in district["enrollments"]:
        if row["Section_id"] == section["Section_id"]:
            for student in district["students"]:
                if student["Student_id"] == row["Student_id"]:
                    student["School_id"] = other
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert "sections-at-another-school" not in say(report)


def test_a_period_that_became_a_date_is_that_one_fault(
    judge: Judge, healthy: Mapping[Form, Report]
) -> None:
    """Two periods that are both a date now are not the same period."""
    district = build()
    for row in district["sections"]:
        row["Period"] = "1-Feb"
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert found(report) - found(healthy[other_formats.clever]) == {"spreadsheet-date-damage"}


def test_a_class_of_a_college_is_not_a_moved_section(judge: Judge) -> None:
    """Students and their teacher go there; the enrollments name the college."""
    district = build()
    other = {"School_id": "COLLEGE", "School_name": "Made-Up College", "School_number": "9"}
    district["schools"].append({**district["schools"][0], **other})
    section = district["sections"][0]
    section["School_id"] = "COLLEGE"
    for row in district["enrollments"]:
        if row["Section_id"] == section["Section_id"]:
            row["School_id"] = "COLLEGE"
    report = judge(other_formats.clever(district), as_of=AS_OF, profile=KHAN)
    assert "sections-at-another-school" not in say(report)


def test_a_missing_file_leaves_the_others_unknown(judge: Judge) -> None:
    """Nobody is ready, and the headline says that it is not the whole number."""
    files = dict(other_formats.clever(build()))
    del files["sections.csv"]
    files["students.csv"] = files["students.csv"].replace("@", "", 1)
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert report.verdict is Verdict.NOT_READY
    assert {state.ready for state in report.readiness.values()} == {0}
    assert "How many more is not known" in wording.explain_verdict(report)


def test_a_role_that_the_format_does_not_have_is_that_one_fault(
    judge: Judge, healthy: Mapping[Form, Report]
) -> None:
    """The enrollments say what the person is; nobody vanishes, and no enrollment is wrong."""
    files = dict(other_formats.oneroster_11(build()))
    before = healthy[other_formats.oneroster_11]
    files["users.csv"] = files["users.csv"].replace(",student,", ",studnet,", 1)
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert found(report) - found(before) == {"value-not-allowed"}
    assert report.counts["students"] == before.counts["students"]
    assert report.readiness["students"].blocked == before.readiness["students"].blocked + 1


def test_a_birth_date_that_is_none_is_told_once(
    judge: Judge, healthy: Mapping[Form, Report]
) -> None:
    """Not also as a date that is written in another way."""
    files = dict(other_formats.oneroster_11(build()))
    before = found(healthy[other_formats.oneroster_11])
    first, *rest = files["demographics.csv"].split("\n")
    cells = rest[0].split(",")
    cells[first.split(",").index("birthDate")] = "soon"
    files["demographics.csv"] = "\n".join([first, ",".join(cells), *rest[1:]])
    report = judge(files, as_of=AS_OF, profile=KHAN)
    assert found(report) - before == {"student-dob-invalid"}
