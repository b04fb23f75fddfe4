"""Ids that do not meet: the form is recognized, undone, and explains what vanishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome
from validator.model import Diagnosis, Level, Report, Status

SCHOOLS = "School_id,School_name\n11,Foggy Hollow School\n22,Maple Hollow School\n"
TEACHERS = "School_id,Teacher_id,First_name,Last_name,Teacher_email\n" + "".join(
    f"{11 if n < 2 else 22},70{n},Tom{'abcd'[n]},Tinker,t{n}@foggy.example\n" for n in range(4)
)
SECTIONS = "School_id,Section_id,Teacher_id,Course_name,Term_start,Term_end\n" + "".join(
    f"{11 if n < 2 else 22},M{n}-1,70{n},Math {n},2026-08-20,2027-06-10\n" for n in range(4)
)
NAMES = [f"{first}{last}" for first in ("Ad", "Be", "Cy", "Di") for last in ("a", "o", "u")]


def district(
    student: Callable[[int], str] = str,
    reference: Callable[[int], str] = str,
    section: Callable[[str], str] = str,
    start: int = 4101,
) -> Mapping[str, str]:
    """A district of twelve students whose ids the two files may write in different ways."""
    students = "School_id,Student_id,Student_number,First_name,Last_name,Grade,DOB,Student_email\n"
    enrollments = "School_id,Section_id,Student_id\n"
    for at, name in enumerate(NAMES):
        school, number = 11 if at < 6 else 22, start + at
        students += f"{school},{student(number)},9{number},{name},Thimblewick,4,2016-0{1 + at % 9}"
        students += f"-1{at % 9},{name.lower()}@foggy.example\n"
        room = section(f"M{at % 2 + (0 if at < 6 else 2)}-1")
        enrollments += f"{school},{room},{reference(number)}\n"
    return {
        "schools.csv": SCHOOLS,
        "teachers.csv": TEACHERS,
        "sections.csv": SECTIONS,
        "students.csv": students,
        "enrollments.csv": enrollments,
    }


def diagnose(judge: Judge, files: Mapping[str, str]) -> tuple[Report, Diagnosis]:
    """The report for Khan Academy and its only diagnosis."""
    report = judge(files, profile="khan-academy")
    (only,) = report.diagnoses
    assert only.sure
    return report, only


def quoted(text: str) -> str:
    """The text as a CSV cell in quotation marks."""
    return f'"{text}"'


FORMS = {
    "ids-other-case": district(lambda n: f"kx{n}", lambda n: f"KX{n}"),
    "ids-with-prefix": district(reference=lambda n: f"S{n}"),
    "ids-with-separators": district(lambda n: quoted(f"{n:,}")),
    "ids-with-braces": district(reference=lambda n: f"{{{n}}}"),
    "ids-with-lookalikes": district(section=lambda room: room.replace("-", "\u2013")),
    "ids-composed-differently": district(lambda n: f"\u00e9{n}", lambda n: f"e\u0301{n}"),
    "ids-without-zeros": district(lambda n: f"00{n}"),
    "ids-with-apostrophe": district(lambda n: f"'{n}"),
    "marks-of-a-converter": district(reference=lambda n: f"{n}.0"),
    "ids-from-another-column": district(reference=lambda n: f"9{n}"),
    "ids-joined": district(reference=lambda n: f"{11 if n < 4107 else 22}-{n}"),
    "ids-in-powers-of-ten": district(
        reference=lambda n: f"{n // 1000}.{n % 1000:03}E+3", start=4101
    ),
    "ids-cut-to-fifteen-digits": district(
        lambda n: f"{n}5550001234500", lambda n: f"{n}5550001234567"
    ),
}


@pytest.mark.parametrize("cause", FORMS)
def test_ids_in_another_form_are_one_cause(judge: Judge, cause: str) -> None:
    report, diagnosis = diagnose(judge, FORMS[cause])
    assert diagnosis.id == cause
    assert diagnosis.people == 12
    assert diagnosis.level is Level.BLOCKER
    assert dict(diagnosis.explains)["student-without-section"] == 12
    assert outcome(report, "student-without-section").status is Status.EXPLAINED
    assert report.readiness["students"].ready == 0
    assert all(result.status is not Status.FOUND for result in report.outcomes if is_link(result))


def is_link(result: object) -> bool:
    """Whether this is the outcome of a rule about references."""
    return str(getattr(result, "rule").id).endswith(("-unknown", "without-section"))  # noqa: B009


def test_zeros_lost_by_the_records_are_named_in_their_file(judge: Judge) -> None:
    files = district(str, lambda n: f"00{n}")
    assert diagnose(judge, files)[1].file == "students.csv"


def test_two_damages_of_one_column_are_both_named(judge: Judge) -> None:
    report = judge(district(lambda n: f"kx-{n}", lambda n: f"{{KX-{n}}}"), profile="khan-academy")
    assert {each.id for each in report.diagnoses} == {"ids-other-case", "ids-with-braces"}
    assert outcome(report, "student-without-section").status is Status.EXPLAINED


def test_several_teachers_in_a_cell_are_one_cause(judge: Judge) -> None:
    files = dict(district())
    files["sections.csv"] = files["sections.csv"].replace("M0-1,700", 'M0-1,"700;701"')
    diagnosis = diagnose(judge, files)[1]
    assert diagnosis.id == "several-ids-in-a-cell"
    assert dict(diagnosis.explains) == {"teacher-unknown": 1, "teacher-without-section": 1}


def test_a_class_list_in_a_cell_is_one_cause(judge: Judge) -> None:
    files = dict(district())
    files["enrollments.csv"] = "School_id,Section_id,Student_id\n" + "".join(
        f'{school},{room},"{";".join(str(4101 + at) for at in members)}"\n'
        for school, room, members in ((11, "M0-1", range(6)), (22, "M2-1", range(6, 12)))
    )
    diagnosis = diagnose(judge, files)[1]
    assert diagnosis.id == "several-ids-in-a-cell"
    assert dict(diagnosis.explains)["student-without-section"] == 12


def test_teachers_among_the_students_hold_nobody_back(judge: Judge) -> None:
    files = dict(district())
    for at in range(4):
        files["enrollments.csv"] += f"{11 if at < 2 else 22},M{at}-1,70{at}\n"
    report, diagnosis = diagnose(judge, files)
    assert diagnosis.id == "teachers-among-students"
    assert (diagnosis.level, report.readiness["students"].ready) == (Level.WARNING, 12)


def test_a_school_that_many_rows_name_was_left_out(judge: Judge) -> None:
    files = dict(district())
    files["schools.csv"] = SCHOOLS.replace("22,Maple Hollow School\n", "")
    diagnosis = diagnose(judge, files)[1]
    assert diagnosis.id == "record-left-out"
    assert dict(diagnosis.explains)["school-unknown"] == 6 + 2 + 2 + 6


QUIET = {
    "two students whose ids differ in capitals only": district(
        lambda n: f"kx{n // 2}" if n % 2 else f"KX{n // 2}",
        lambda n: f"kx{n // 2}" if n % 2 else f"KX{n // 2}",
    ),
    "the same prefix in both files": district(lambda n: f"S{n}", lambda n: f"S{n}"),
    "zeros that could mean two records": {
        **district(),
        "enrollments.csv": district()["enrollments.csv"] + "11,M0-1,99999\n",
    },
}


@pytest.mark.parametrize("files", QUIET.values(), ids=QUIET)
def test_ids_that_meet_and_ordinary_faults_are_no_diagnosis(
    judge: Judge, files: Mapping[str, str]
) -> None:
    assert not judge(files, profile="khan-academy").diagnoses


@pytest.mark.slow
def test_the_published_cases_of_ids_are_recognized(judge: Judge, shared_cases: Path) -> None:
    expected = {
        "31-fifteen-digits": "ids-cut-to-fifteen-digits",
        "47-ids-of-another-column": "ids-from-another-column",
        "48-thousands-in-ids": "ids-with-separators",
        "49-ids-in-capitals": "ids-other-case",
        "50-id-prefix-in-one-file": "ids-with-prefix",
        "51-dash-in-ids": "ids-with-lookalikes",
        "52-several-ids-in-one-cell": "several-ids-in-a-cell",
        "66-teachers-in-enrollments": "teachers-among-students",
    }
    for case, cause in expected.items():
        for side, causes in (("input", [cause]), ("quiet", [])):
            folder = shared_cases / case / side
            files = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
            report = judge(files, profile="khan-academy")
            assert [each.id for each in report.diagnoses] == causes, case
