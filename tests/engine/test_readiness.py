"""Numbers for each app: who is held back, by what, at which step."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from validator.assess import Options, assess
from validator.model import Report, Step, Verdict

DAY = dt.date(2026, 10, 1)
STUDENTS = "School_id,Student_id,First_name,Last_name,Grade,DOB,Student_email\n"
TEACHERS = "School_id,Teacher_id,Teacher_email,First_name,Last_name\n"
SECTIONS = "School_id,Section_id,Teacher_id,Name,Grade,Course_name,Subject\n"


def write(folder: Path, **files: str) -> Path:
    """Write a small district; `files` replaces some of its files, None leaves one out."""
    rows = "".join(
        f"1,s{n},Fern{chr(97 + n)},Acorn{chr(97 + n)},5,05/0{n}/2016,s{n}@children.example\n"
        for n in range(1, 7)
    )
    contents = {
        "schools": "School_id,School_name,School_number\n1,Nowhere Elementary School,1\n",
        "students": STUDENTS + rows,
        "teachers": f"{TEACHERS}1,t1,t1@adults.example,Gable,Elder\n",
        "sections": f"{SECTIONS}1,c1,t1,Math 5,5,Math 5,Math\n",
        "enrollments": "School_id,Section_id,Student_id\n"
        + "".join(f"1,c1,s{n}\n" for n in range(1, 7)),
        **files,
    }
    for name, text in contents.items():
        if text:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def judge(folder: Path, *profiles: str) -> Report:
    """Return the report for these profiles."""
    return assess([folder], Options(profiles=profiles, as_of=DAY))


def test_each_app_has_its_own_numbers_verdict_and_list(tmp_path: Path) -> None:
    one_without = f"{STUDENTS}1,s1,Fern,Acorn,5,05/01/2016,\n"
    report = judge(write(tmp_path, students=one_without), "khan-academy", "freckle")
    khan, freckle = report.by_profile["khan-academy"], report.by_profile["freckle"]
    assert khan.verdict is Verdict.NOT_READY
    assert khan.readiness["students"].blocked == 1
    assert freckle.readiness["students"].by_rule.get("student-email-missing", 0) == 0
    assert report.readiness == khan.readiness
    assert khan.priorities != freckle.priorities


def test_a_rule_of_one_app_is_in_no_list_of_another(tmp_path: Path) -> None:
    report = judge(write(tmp_path), "khan-academy", "freckle")
    khan = {outcome.rule.id for outcome in report.by_profile["khan-academy"].outcomes}
    freckle = {outcome.rule.id for outcome in report.by_profile["freckle"].outcomes}
    assert "change-merge-likely" in freckle - khan


def test_a_student_whom_only_a_warning_names_is_ready(tmp_path: Path) -> None:
    folder = write(tmp_path)
    enrolled = (folder / "enrollments.csv").read_text(encoding="utf-8")
    (folder / "enrollments.csv").write_text(enrolled.replace("1,c1,s6\n", ""), encoding="utf-8")
    report = judge(folder, "clever", "khan-academy")
    assert report.by_profile["clever"].readiness["students"].blocked == 0
    assert report.by_profile["khan-academy"].readiness["students"].blocked == 1


def test_a_person_counts_at_the_first_step_that_stops_them(tmp_path: Path) -> None:
    folder = write(tmp_path)
    text = (folder / "students.csv").read_text(encoding="utf-8")
    text = text.replace("s1@children.example", "").replace("05/01/2016", "")
    text = text.replace("1,s2,", "9,s2,")
    (folder / "students.csv").write_text(text, encoding="utf-8")
    steps = dict(judge(folder, "khan-academy").readiness["students"].steps)
    assert steps[Step.IN_FILE] == 6
    assert steps[Step.TAKEN] == 5
    assert steps[Step.EMAIL] == 4
    assert steps[Step.BIRTH_DATE] == steps[Step.READY] == 4


def test_people_of_an_unknown_school_are_a_row_of_their_own(tmp_path: Path) -> None:
    folder = write(tmp_path)
    text = (folder / "students.csv").read_text(encoding="utf-8")
    (folder / "students.csv").write_text(text.replace("1,s2,", "9,s2,"), encoding="utf-8")
    report = judge(folder, "khan-academy")
    rows = {row.school_id: (row.students, row.ready, row.blockers) for row in report.schools}
    assert rows == {"1": (5, 5, 0), "": (1, 0, 1)}


@pytest.mark.parametrize("missing", ["sections", "enrollments", "teachers"])
def test_where_nobody_could_tell_nobody_is_ready(tmp_path: Path, missing: str) -> None:
    report = judge(write(tmp_path, **{missing: ""}), "khan-academy")
    if report.verdict is Verdict.COULD_NOT_TELL:
        for state in report.readiness.values():
            assert state.ready == 0
            assert state.blocked + state.unknown == state.total
