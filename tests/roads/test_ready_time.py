"""Ready in time: who is in a section on the day of the check, and what is over or far ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from validator.model import Level, Report, Status, Step, Verdict

FALL = dt.date(2026, 10, 1)
JUNE = dt.date(2027, 6, 20)
MARGIN = "sourcedId,status,dateLastModified"
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"

TERM = "2026-27,08/24/2026,06/11/2027"
SECTIONS = {
    "m3": f"Math 3,Math,1,{TERM}",
    "m4": f"Math 4,Math,1,{TERM}",
    "gym": f"P.E.,PE and health,2,{TERM}",
}


def rows(header: str, lines: Iterable[str]) -> str:
    return "\n".join([header, *lines, ""])


def clever(
    enrollments: Iterable[str],
    sections: Mapping[str, str] = SECTIONS,
    students: int = 12,
) -> dict[str, str]:
    """A school of numbered students; an enrollment is a section and a student's number."""
    return {
        "schools.csv": rows("School_id,School_name,School_number", ["11,Foggy Hollow,11"]),
        "students.csv": rows(
            "School_id,Student_id,First_name,Last_name,Grade,DOB,Student_email",
            [
                f"11,s{n},Ada,Quill{chr(96 + n % 26)}x,4,2017-0{1 + n % 9}-1{n % 10},"
                f"s{n}@foggyhollow.example"
                for n in range(1, students + 1)
            ],
        ),
        "teachers.csv": rows(
            "School_id,Teacher_id,First_name,Last_name,Teacher_email",
            ["11,t1,Bo,Thistle,bo@foggyhollow.example"],
        ),
        "sections.csv": rows(
            "School_id,Section_id,Teacher_id,Name,Subject,Period,Term_name,Term_start,Term_end",
            [f"11,{name},t1,{rest}" for name, rest in sections.items()],
        ),
        "enrollments.csv": rows(
            "School_id,Section_id,Student_id",
            [f"11,{pair.split()[0]},s{pair.split()[1]}" for pair in enrollments],
        ),
    }


def people_files(people: Iterable[tuple[str, str, str]], students: Iterable[str]) -> dict[str, str]:
    """A district with one school, and its people: id, role and grade."""
    return {
        "orgs.csv": rows(
            f"{MARGIN},name,type,identifier,parentSourcedId",
            ["dis1,,,Foggy Hollow District,district,,", "sch1,,,Foggy Hollow,school,,dis1"],
        ),
        "users.csv": rows(
            f"{MARGIN},enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
            "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
            [
                f"{name},,,true,sch1,{role},u.{name},,Ada,Quill{name},,,{name}@foggyhollow.example,"
                f",,,{grade},"
                for name, role, grade in people
            ],
        ),
        "demographics.csv": rows(
            f"{MARGIN},birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,"
            "nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,"
            "hispanicOrLatinoEthnicity,countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,"
            "publicSchoolResidenceStatus",
            [
                f"{name},,,2017-0{1 + n % 9}-1{n % 10},,,,,,,,,,,,"
                for n, name in enumerate(students)
            ],
        ),
    }


def course_files(terms: str) -> dict[str, str]:
    """Two classes of a course each; `terms`: the terms of the first one."""
    return {
        "academicSessions.csv": rows(
            f"{MARGIN},title,type,startDate,endDate,parentSourcedId,schoolYear",
            [
                "y27,,,2026-27,schoolYear,2026-08-24,2027-06-11,,2027",
                "y26,,,2025-26,schoolYear,2025-08-25,2026-06-12,,2026",
            ],
        ),
        "courses.csv": rows(
            f"{MARGIN},schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
            "subjectCodes",
            ["k1,,,y27,Math 4,M4,04,sch1,Math,", "k2,,,y27,Science 4,S4,04,sch1,Science,"],
        ),
        "classes.csv": rows(
            f"{MARGIN},title,grades,courseSourcedId,classCode,classType,location,"
            "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
            [
                f"c1,,,Blue,04,k1,M4-1,scheduled,,sch1,{terms},Math,,1",
                "c2,,,Red,04,k2,S4-1,scheduled,,sch1,y27,Science,,2",
            ],
        ),
    }


def oneroster(
    spans: Mapping[str, str],
    teaches: Mapping[str, str] | None = None,
    terms: str = "y27",
) -> dict[str, str]:
    """Two classes; `spans` is student -> class, first and last day of the enrollment."""
    students = list(dict.fromkeys(name.split("/")[0] for name in spans))
    taught = teaches or {"t1": "c1,2026-08-24,2027-06-11", "t2": "c2,2026-08-24,2027-06-11"}
    people = [*((s, "student", "04") for s in students), *((t, "teacher", "") for t in taught)]
    links = [*((s, "student", span) for s, span in spans.items())]
    links += [(t, "teacher", span) for t, span in taught.items()]

    def link(number: int, person: str, role: str, span: str) -> str:
        section, first, last = span.split(",")
        who = person.split("/", maxsplit=1)[0]
        return f"e{number},,,{section},sch1,{who},{role},,{first},{last}"

    return {
        **people_files(people, students),
        **course_files(terms),
        "enrollments.csv": rows(
            f"{MARGIN},classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
            [link(n, *parts) for n, parts in enumerate(links, 1)],
        ),
    }


YEAR = "2026-08-24,2027-06-11"


def many(count: int, span: str = f"c1,{YEAR}") -> dict[str, str]:
    return {f"s{n}": span for n in range(1, count + 1)}


def khan(judge: Judge, files: dict[str, str], as_of: dt.date = FALL, **more: object) -> Report:
    return judge(files, profile="khan-academy", as_of=as_of, **more)


def steps(report: Report) -> dict[str, int]:
    state = report.readiness["students"]
    return {str(step): left for step, left in state.steps}


def found(report: Report) -> set[str]:
    """The rules with an open finding above advice."""
    return {
        each.rule.id
        for each in report.outcomes
        if each.status is Status.FOUND and each.level in (Level.BLOCKER, Level.WARNING)
    }


def whole(sections: Mapping[str, str] = SECTIONS) -> list[str]:
    return [f"m3 {n}" for n in range(1, 7)] + [f"m4 {n}" for n in range(7, 13)]


# ---------------------------------------------------------------- sections in the past


def test_an_export_all_of_whose_sections_are_over_is_not_ready(judge: Judge) -> None:
    for profile in ("clever", "khan-academy"):
        report = judge(clever(whole()), profile=profile, as_of=JUNE)
        over = outcome(report, "section-term-over")
        assert (report.verdict, over.level, over.count) == (Verdict.NOT_READY, Level.BLOCKER, 3)
        assert outcome(report, "student-without-section").status is Status.PASSED
        assert steps(report)[Step.CURRENT_SECTION] == 0
        assert report.readiness["students"].ready == 0


def test_between_two_school_years_past_sections_are_a_fact(judge: Judge) -> None:
    report = judge(clever(whole()), profile="khan-academy", as_of=JUNE, phase="rollover")
    assert outcome(report, "section-term-over").level is Level.FACT
    assert report.readiness["students"].ready == 12


def test_students_who_are_only_in_past_sections_are_in_none(judge: Judge) -> None:
    sections = {**SECTIONS, "old": "Math 4,Math,1,2025-26,08/25/2025,06/12/2026"}
    enrollments = [*whole()[:-1], "old 12", "old 1"]
    report = khan(judge, clever(enrollments, sections))
    over = outcome(report, "section-term-over")
    assert (over.level, over.count) == (Level.BLOCKER, 1)
    assert outcome(report, "student-without-section").status is Status.PASSED
    assert report.readiness["students"].ready == 11
    assert steps(report)[Step.SECTION] == 12
    assert steps(report)[Step.CURRENT_SECTION] == 11
    assert spots(report, "section-term-over") == ["sections.csv:5 Term_end"]


def test_past_sections_next_to_current_ones_are_a_warning(judge: Judge) -> None:
    sections = {**SECTIONS, "old": "Math 4,Math,1,2025-26,08/25/2025,06/12/2026"}
    report = khan(judge, clever([*whole(), "old 1"], sections))
    assert outcome(report, "section-term-over").level is Level.WARNING
    assert report.readiness["students"].ready == 12
    assert report.verdict is Verdict.READY


@pytest.mark.parametrize("name", ["2024-2025", "SY24-25", "2025-26 S1", "Spring 2025"])
def test_a_past_school_year_in_the_name_of_a_term_without_dates(judge: Judge, name: str) -> None:
    sections = {key: f"{value.rsplit(',', 3)[0]},{name},," for key, value in SECTIONS.items()}
    report = khan(judge, clever(whole(), sections))
    assert outcome(report, "section-term-over").level is Level.BLOCKER
    assert spots(report, "section-term-over")[0] == "sections.csv:2 Term_name"


@pytest.mark.parametrize("name", ["S1", "Class of 2024", "2019-2025", "Q1 09-10"])
def test_a_term_without_a_school_year_is_not_determined(judge: Judge, name: str) -> None:
    sections = {key: f"{value.rsplit(',', 3)[0]},{name},," for key, value in SECTIONS.items()}
    report = khan(judge, clever(whole(), sections))
    assert outcome(report, "section-term-over").status is Status.PASSED
    assert outcome(report, "section-term-unclear").count == 3
    assert report.verdict is Verdict.READY


# ---------------------------------------------------------------- sections in the future


def test_in_august_sections_that_have_not_begun_count(judge: Judge) -> None:
    report = khan(judge, clever(whole()), as_of=dt.date(2026, 8, 3))
    future = outcome(report, "section-term-future")
    assert (report.verdict, future.level) == (Verdict.READY, Level.FACT)
    assert future.finding is not None
    assert future.finding.figures["first_day"] == "2026-08-24"
    assert report.readiness["students"].ready == 12


def test_sections_half_a_year_ahead_are_a_warning_also_at_the_start(judge: Judge) -> None:
    for phase in ("midyear", "start"):
        report = khan(judge, clever(whole()), as_of=dt.date(2026, 2, 1), phase=phase)
        assert outcome(report, "section-term-future").level is Level.WARNING
        assert report.verdict is Verdict.READY


def test_sections_years_ahead_are_a_typing_error(judge: Judge) -> None:
    sections = {k: v.replace("2026,06/11/2027", "2062,06/11/2063") for k, v in SECTIONS.items()}
    report = judge(clever(whole(), sections), profile="clever", as_of=FALL)
    assert outcome(report, "section-term-future").level is Level.BLOCKER
    mixed = {**SECTIONS, "m4": sections["m4"]}
    report = judge(clever(whole(), mixed), profile="clever", as_of=FALL)
    assert outcome(report, "section-term-future").level is Level.WARNING


def test_a_term_that_ends_before_it_starts_is_one_thing(judge: Judge) -> None:
    turned = {**SECTIONS, "m4": "Math 4,Math,1,2026-27,06/11/2027,08/24/2026"}
    report = khan(judge, clever(whole(), turned))
    assert outcome(report, "section-term-invalid").count == 1
    assert outcome(report, "section-term-over").status is Status.PASSED
    assert outcome(report, "section-term-future").status is Status.PASSED


# ---------------------------------------------------------------- electives


def test_students_who_are_in_electives_only(judge: Judge) -> None:
    report = khan(judge, clever([*whole()[:-1], "gym 12", "gym 1"]))
    only = outcome(report, "student-only-electives")
    assert (only.level, only.count) == (Level.WARNING, 1)
    assert report.verdict is Verdict.READY


def test_a_school_of_homerooms_is_warned_before_it_leaves_them_out(judge: Judge) -> None:
    homes = {
        "h1": f"Homeroom 12,Homeroom/advisory,1,{TERM}",
        "h2": f"Homeroom 14,Homeroom/advisory,1,{TERM}",
    }
    enrollments = [f"h{1 + n % 2} {n}" for n in range(1, 13)]
    report = khan(judge, clever(enrollments, homes))
    assert outcome(report, "student-only-electives").count == 12


# ---------------------------------------------------------------- enrolled means enrolled today


@pytest.mark.parametrize(
    "span",
    [
        "c1,2026-08-24,2026-08-24",
        "c1,2026-08-24,2026-09-18",
        "c1,2026-08-24,2026-10-01",
        "c1,,2026-09-18",
        "c1,2026-11-02,2026-11-02",
    ],
)
def test_an_enrollment_that_ended_is_none(judge: Judge, span: str) -> None:
    report = khan(judge, oneroster({**many(11), "s12": span}))
    assert outcome(report, "student-without-section").count == 1
    assert spots(report, "student-without-section") == ["users.csv:13 Student_id"]
    assert report.verdict is Verdict.NOT_READY


@pytest.mark.parametrize(
    "span",
    [
        "c1,,",
        "c1,2026-10-01,2027-06-11",
        "c1,2026-08-24,2026-10-02",
        "c1,2027-01-19,2027-06-11",
        "c1,2026-08-24,",
        "c1,2027-06-11,2026-08-24",
    ],
)
def test_an_enrollment_that_has_not_ended_counts(judge: Judge, span: str) -> None:
    report = khan(judge, oneroster({**many(11), "s12": span}))
    assert outcome(report, "student-without-section").status is Status.PASSED
    assert report.readiness["students"].ready == 12


def test_at_the_end_of_the_year_the_term_is_over_not_each_enrollment(judge: Judge) -> None:
    spans = {**many(6), **{f"s{n}": f"c2,{YEAR}" for n in range(7, 13)}}
    report = khan(judge, oneroster(spans), as_of=JUNE)
    assert outcome(report, "section-term-over").level is Level.BLOCKER
    for rule in ("student-without-section", "section-without-teacher", "section-without-students"):
        assert outcome(report, rule).status is Status.PASSED
    assert not report.diagnoses
    report = khan(judge, oneroster(spans), as_of=JUNE, phase="rollover")
    assert not found(report) - {"staff-missing", "manifest-missing"}


def test_last_years_enrollments_are_one_cause(judge: Judge) -> None:
    last_year = "2025-08-25,2026-06-12"
    teaches = {"t1": f"c1,{last_year}", "t2": f"c2,{last_year}"}
    spans = {f"s{n}": f"c{1 + n % 2},{last_year}" for n in range(1, 13)}
    report = khan(judge, oneroster(spans, teaches))
    diagnosis = next(each for each in report.diagnoses if each.id == "last-years-rows")
    assert (diagnosis.sure, diagnosis.records, diagnosis.people) == (True, 12, 12)
    assert outcome(report, "student-without-section").status is Status.EXPLAINED
    assert outcome(report, "section-without-teacher").status is Status.EXPLAINED
    assert report.verdict is Verdict.NOT_READY
    assert report.readiness["students"].ready == 0


def test_a_mass_exit_is_one_cause_and_single_exits_are_none(judge: Judge) -> None:
    at_once = {f"s{n}": f"c{1 + n % 2},2026-08-24,2026-09-18" for n in range(1, 13)}
    report = khan(judge, oneroster(at_once))
    assert [each.id for each in report.diagnoses] == ["last-years-rows"]
    one_by_one = {f"s{n}": f"c{1 + n % 2},2026-08-24,2026-09-{n + 10}" for n in range(1, 13)}
    report = khan(judge, oneroster(one_by_one))
    assert not report.diagnoses
    assert outcome(report, "student-without-section").count == 12


def test_enrollments_without_dates_are_no_cause(judge: Judge) -> None:
    spans = {f"s{n}": f"c{1 + n % 2},," for n in range(1, 13)}
    report = khan(judge, oneroster(spans, {"t1": "c1,,", "t2": "c2,,"}))
    assert not report.diagnoses
    assert report.verdict is Verdict.READY


def test_a_teacher_who_left_leaves_the_section_without_a_teacher(judge: Judge) -> None:
    spans = {f"s{n}": f"c{1 + n % 2},{YEAR}" for n in range(1, 13)}
    teaches = {"t1": f"c1,{YEAR}", "t2": "c2,2026-08-24,2026-09-11"}
    report = khan(judge, oneroster(spans, teaches))
    [spot] = spots(report, "section-without-teacher")
    assert spot.startswith("classes.csv:3 ")
    assert outcome(report, "teacher-without-section").count == 1


def test_a_student_who_changed_sections_is_not_twice_in_the_course(judge: Judge) -> None:
    moved = {
        **many(11),
        "s12": "c1,2026-08-24,2026-09-15",
        "s12/again": f"c1,2026-09-15,{YEAR[11:]}",
    }
    report = khan(judge, oneroster(moved))
    assert outcome(report, "enrollment-repeated").status is Status.PASSED
    overlapping = {**moved, "s12": "c1,2026-08-24,2026-09-16"}
    report = khan(judge, oneroster(overlapping))
    assert outcome(report, "enrollment-repeated").count == 1


def test_a_class_of_two_terms_may_have_a_row_for_each(judge: Judge) -> None:
    twice = {**{f"s{n}": "c1,," for n in range(1, 9)}, **{f"s{n}/2": "c1,," for n in range(1, 9)}}
    report = khan(judge, oneroster(twice, terms='"y27,y26"'))
    assert outcome(report, "enrollment-repeated").status is Status.PASSED
    report = khan(judge, oneroster(twice))
    assert outcome(report, "enrollment-repeated").count == 8


def test_students_who_left_but_are_still_enrolled_are_one_cause(judge: Judge) -> None:
    there = [f"{section} {n}" for n in range(1, 61) for section in ("m3", "m4", "gym")]
    gone = [f"{section} {n}" for n in range(101, 111) for section in ("m3", "m4", "gym")]
    report = khan(judge, clever(there + gone, students=60))
    diagnosis = next(each for each in report.diagnoses if each.id == "withdrawn-left-in")
    assert diagnosis.records == 30
    assert diagnosis.evidence.startswith("10 students ")
    assert outcome(report, "student-unknown").status is Status.EXPLAINED


def test_single_unknown_students_are_no_cause(judge: Judge) -> None:
    there = [f"{section} {n}" for n in range(1, 61) for section in ("m3", "m4", "gym")]
    typos = [f"m3 {n}" for n in range(101, 112)]
    report = khan(judge, clever(there + typos, students=60))
    assert "withdrawn-left-in" not in [each.id for each in report.diagnoses]
    assert outcome(report, "student-unknown").count == 11


# ---------------------------------------------------------------- the published cases


PUBLISHED = {
    "15b-no-show-oneroster": {"student-without-section"},
    "16b-role-ended": {"user-role-over"},
    "28b-last-years-enrollments": set(),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_cases(name: str) -> None:
    if not CASES.is_dir():
        pytest.skip("the folder shared/cases is not next to the checkout")
    from validator.assess import Options, assess

    options = Options(profiles=["khan-academy"], as_of=FALL)
    assert found(assess([CASES / name / "input"], options)) == PUBLISHED[name]
    assert not found(assess([CASES / name / "quiet"], options))
