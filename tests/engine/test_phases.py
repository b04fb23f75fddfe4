"""Phases of the school year: what is expected in a phase is not a fault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import AS_OF, Judge, outcome
from validator.assess import Options, assess
from validator.model import BadUsage, Level, Status, Verdict
from validator.rulebook import load

JULY: Mapping[str, str] = {
    "schools.csv": "School_id,School_name\n0101,Oak Elementary School\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name,Teacher_email\n"
    "0101,t1,Una,Copperpot,una@maple.example\n",
    "students.csv": "School_id,Student_id,First_name,Last_name,Grade,DOB,Student_email\n"
    "0101,s1,Freya,Bramble,05,2016-01-02,freya@maple.example\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Course_name,Subject,Term_name,Term_start,"
    "Term_end\n"
    "0101,m1,t1,Math 5,Math,Spring,2026-01-07,2026-06-05\n"
    "0101,m2,t1,Math 6,Math,Next,2027-01-07,2027-06-05\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n",
}


def test_empty_enrollments_are_a_blocker_while_the_year_runs(judge: Judge) -> None:
    report = judge(JULY, profile="khan-academy")
    assert report.verdict is Verdict.NOT_READY
    assert outcome(report, "file-empty").level is Level.BLOCKER
    assert outcome(report, "section-term-over").level is Level.WARNING
    assert report.phase == "midyear"


def test_empty_enrollments_and_ended_terms_are_expected_when_the_year_turns(judge: Judge) -> None:
    report = judge(JULY, profile="khan-academy", phase="rollover")
    assert report.verdict is Verdict.READY
    empty = outcome(report, "file-empty")
    assert (empty.status, empty.level) == (Status.FOUND, Level.FACT)
    assert outcome(report, "section-term-over").level is Level.FACT
    assert outcome(report, "section-term-future").level is Level.FACT
    for rule in ("student-without-section", "section-without-students", "student-unknown"):
        asked = outcome(report, rule)
        assert asked.status is Status.NOT_ASKED
        assert "expected in this part of the school year" in (asked.reason or "")
    counted = {
        one.rule.id
        for one in report.outcomes
        if one.status is Status.FOUND and one.level is not Level.FACT
    }
    assert counted == {"staff-missing", "column-recommended-missing"}


def test_another_empty_file_stays_a_blocker_when_the_year_turns(judge: Judge) -> None:
    report = judge(
        {**JULY, "teachers.csv": "School_id,Teacher_id,First_name,Last_name\n"}, phase="rollover"
    )
    assert outcome(report, "file-empty").level is Level.BLOCKER
    assert report.verdict is Verdict.NOT_READY


def test_a_student_without_sections_is_a_fact_when_the_year_turns_and_others_are_enrolled(
    judge: Judge,
) -> None:
    files = {
        **JULY,
        "enrollments.csv": "School_id,Section_id,Student_id\n0101,m1,s1\n",
        "students.csv": JULY["students.csv"]
        + "0101,s2,Odo,Sorrel,05,2016-01-03,odo@maple.example\n",
    }
    assert (
        outcome(judge(files, profile="khan-academy"), "student-without-section").level
        is Level.BLOCKER
    )
    report = judge(files, profile="khan-academy", phase="rollover")
    assert outcome(report, "student-without-section").level is Level.FACT
    assert report.readiness["students"].blocked == 0


def test_a_coming_term_is_a_fact_at_the_start_of_the_year(judge: Judge) -> None:
    assert outcome(judge(JULY, phase="start"), "section-term-future").level is Level.FACT
    assert outcome(judge(JULY, phase="start"), "section-term-over").level is Level.WARNING


def test_a_pack_tells_what_a_rule_is_worth_in_a_part_of_the_year(
    judge: Judge, tmp_path: Path
) -> None:
    path = tmp_path / "maple.yaml"
    path.write_text(
        'pack: maple\nversion: "1"\ntitle: Maple\ninclude: [core]\nrules:\n'
        "  - {id: section-term-over, phases: {rollover: off, start: blocker}}\n",
        encoding="utf-8",
    )
    assert (
        outcome(judge(JULY, profile=path, phase="rollover"), "section-term-over").status
        is Status.NOT_ASKED
    )
    assert (
        outcome(judge(JULY, profile=path, phase="start"), "section-term-over").level
        is Level.BLOCKER
    )
    assert outcome(judge(JULY, profile=path), "section-term-over").level is Level.WARNING


@pytest.mark.parametrize(
    ("phases", "wanted"),
    [
        (
            "{rolover: off}",
            "phases has no key 'rolover'; it takes: start, midyear, rollover; did you mean "
            "rollover?",
        ),
        (
            "{rollover: of}",
            "pack.yaml:7: section-term-over: 'of' is not a level; use one of blocker, warning, "
            "advice, fact",
        ),
        ("off", "'phases' must be a mapping"),
    ],
)
def test_a_wrong_phase_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phases: str, wanted: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pack.yaml").write_text(
        'pack: maple\nversion: "1"\ntitle: Maple\ninclude: [core]\nrules:\n'
        f"  - id: section-term-over\n    phases: {phases}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadUsage) as refused:
        load.load_profile(Path("pack.yaml"), "clever")
    assert wanted in str(refused.value)


def test_the_reports_say_which_part_of_the_year_was_judged(judge: Judge) -> None:
    from validator.outputs import registry

    report = judge(JULY, phase="rollover")
    assert (
        "Judged for the rollover to a new school year."
        in registry.render(report, "terminal").decode()
    )
    assert b'"phase": "rollover"' in registry.render(report, "json")
    assert b"for the rollover to a new school year" in registry.render(report, "html")


def test_the_ready_sample_stays_ready_in_every_part_of_the_year() -> None:
    from validator import resources
    from validator.sample import writer

    for phase in ("start", "midyear", "rollover"):
        report = assess(
            [resources.find_samples() / "ready"],
            Options(profiles=["khan-academy"], as_of=writer.AS_OF, phase=phase),
        )
        assert report.verdict is Verdict.READY
        assert AS_OF == writer.AS_OF
