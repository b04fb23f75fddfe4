"""Microsoft School Data Sync: V1, V2 and V2.1, recognized and normalized."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from validator.assess import Options, assess
from validator.ingest import read
from validator.model import Status

SCHOOL = "SIS ID,Name\n0101,Foggy Hollow School\n"
STUDENT = "SIS ID,School SIS ID,Username\ns1,0101,freya@maple.example\ns2,0101,odo@maple.example\n"
TEACHER = "SIS ID,School SIS ID,Username\nt1,0101,tilda@maple.example\n"
SECTION = "SIS ID,School SIS ID,Section Name\nc1,0101,Blue Group\n"
LINK = "Section SIS ID,SIS ID\n"
SMALLEST = {
    "School.csv": SCHOOL,
    "Student.csv": STUDENT,
    "Teacher.csv": TEACHER,
    "Section.csv": SECTION,
    "StudentEnrollment.csv": LINK + "c1,s1\nc1,s2\n",
    "TeacherRoster.csv": LINK + "c1,t1\n",
}

V21 = {
    "orgs.csv": "sourcedId,name,type,parentSourcedId\n0101,Foggy Hollow School,school,\n"
    "0102,Maple School,school,\n",
    "users.csv": "sourcedId,username,givenName,familyName,email\n"
    "s1,fc,Freya,Copperpot,freya@maple.example\n"
    "t1,tt,Tilda,Thimblewick,tilda@maple.example\np1,ps,Pim,Snicket,\n",
    "roles.csv": "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary\n"
    "s1,0102,student,y1,05,false\n"
    "s1,0101,student,y1,05,true\nt1,0101,teacher,y1,,true\np1,0101,parent,y1,,true\n",
    "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\n"
    "c1,0101,Blue Group,y1,k1\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\nc1,s1,student\nc1,t1,teacher\n",
    "courses.csv": "sourcedId,orgSourcedId,title,code,schoolYearSourcedId,subject,grade\n"
    "k1,0101,Math 5,M5,y1,Math,05\n",
    "academicSessions.csv": "sourcedId,title,type,schoolYear,startDate,endDate\n"
    "y1,2026,schoolYear,2026,2025-08-01,"
    "2026-06-30\n",
    "demographics.csv": "userSourcedId,sex,birthDate\ns1,,2015-02-30\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\ns1,p1,parent\n",
}


def test_the_smallest_set_of_columns_is_enough(judge: Judge) -> None:
    report = judge(SMALLEST, profile="sds")
    assert (report.export.format, report.export.format_version) == ("sds", "1")
    assert {
        "students": 2,
        "teachers": 1,
        "sections": 1,
        "enrollments": 2,
    }.items() <= report.counts.items()
    assert outcome(report, "column-missing").status is Status.PASSED
    assert outcome(report, "section-without-teacher").status is Status.PASSED


def test_user_names_that_are_addresses_are_used_as_e_mail_and_that_is_reported(
    judge: Judge,
) -> None:
    report = judge(
        {
            **SMALLEST,
            "Student.csv": STUDENT
            + "s3,0101,ida@maple\n"
            + "".join(f"s{at},0101,s{at}@maple.example\n" for at in range(4, 20)),
        },
        profile="sds",
    )
    assert spots(report, "email-from-username") == [
        "Student.csv:1 Username",
        "Teacher.csv:1 Username",
    ]
    assert outcome(report, "student-email-missing").status is Status.PASSED
    assert spots(report, "student-email-invalid") == ["Student.csv:4 Student_email"]


def test_a_line_break_in_a_value_is_a_blocker_here_only(judge: Judge) -> None:
    broken = SECTION.replace("Blue Group", '"Blue\nGroup"')
    assert (
        outcome(judge({**SMALLEST, "Section.csv": broken}, profile="sds"), "value-line-break").level
        == "blocker"
    )


def test_without_the_teacher_roster_no_section_is_reported_as_untaught(judge: Judge) -> None:
    report = judge(
        {name: text for name, text in SMALLEST.items() if name != "TeacherRoster.csv"},
        profile="sds",
    )
    untaught = outcome(report, "section-without-teacher")
    assert (untaught.status, untaught.reason) == (Status.SKIPPED, "TeacherRoster.csv is missing")


def test_v2_1_is_read_with_its_roles_courses_and_terms(judge: Judge) -> None:
    report = judge(V21, profile="sds")
    assert (report.export.format, report.export.format_version) == ("sds", "2.1")
    assert {
        "students": 1,
        "teachers": 1,
        "staff": 0,
        "sections": 1,
        "enrollments": 1,
    }.items() <= report.counts.items()
    assert spots(report, "student-dob-invalid") == ["demographics.csv:2 DOB"]
    assert spots(report, "section-term-over") == ["academicSessions.csv:2 Term_end"]
    assert outcome(report, "student-section-school-differs").count == 0
    assert outcome(report, "file-unexpected").status is Status.PASSED


def test_headings_that_v2_1_shares_with_oneroster_do_not_mislead_detection(judge: Judge) -> None:
    some = {
        name: V21[name]
        for name in ("users.csv", "demographics.csv", "academicSessions.csv", "courses.csv")
    }
    assert judge(some, profile="sds").export.format_version == "2.1"


def test_v2_1_without_roles_reports_that_no_role_is_known(judge: Judge) -> None:
    report = judge({name: text for name, text in V21.items() if name != "roles.csv"}, profile="sds")
    assert outcome(report, "student-email-missing").reason == "roles.csv is missing"


# ---------------------------------------------------------------- files that nobody here wrote

SETS = {
    "sds1-100users": (
        "1",
        {"students": 86, "teachers": 12, "sections": 28, "enrollments": 602},
        {"student-email-missing": 86, "teacher-email-missing": 12, "section-without-students": 7},
    ),
    "sds1-25users": (
        "1",
        {"students": 22, "teachers": 2, "sections": 2, "enrollments": 44},
        {"student-email-missing": 22, "teacher-email-missing": 2, "section-without-students": 0},
    ),
    "sds1-demo-small": (
        "1",
        {"students": 22, "teachers": 2, "sections": 2, "enrollments": 44},
        {"student-email-missing": 22, "teacher-email-missing": 2, "section-without-teacher": 0},
    ),
    "sds1-uk-25users": (
        "1",
        {"students": 22, "teachers": 2, "sections": 28},
        {"section-without-teacher": 24, "section-without-students": 21, "header-spelling": 0},
    ),
    "sds2-v2": (
        "2",
        {"students": 22, "teachers": 2, "staff": 5, "sections": 4},
        {
            "student-grade-outside-k12": 8,
            "section-without-teacher": 2,
            "student-email-missing": 0,
            "student-grade-unknown": 0,
            "email-from-username": 1,
        },
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_every_set_has_its_known_findings(real_data: Path, name: str) -> None:
    version, sizes, counts = SETS[name]
    report = assess([real_data / name], Options(profiles=["sds"], as_of=dt.date(2018, 1, 1)))
    assert (report.export.format, report.export.format_version) == ("sds", version)
    assert sizes.items() <= report.counts.items()
    assert {rule: outcome(report, rule).count for rule in counts} == counts
    assert not report.errors


def test_the_terms_are_read(real_data: Path) -> None:
    report = assess(
        [real_data / "sds1-100users"], Options(profiles=["sds"], as_of=dt.date(2018, 7, 1))
    )
    assert outcome(report, "section-term-over").count == 28


def test_oneroster_is_not_detected_as_school_data_sync(real_data: Path) -> None:
    assert read.read_export([real_data / "sds2-v2"]).format == "sds"
    assert read.read_export([real_data / "or11-oat-base"]).format == "oneroster"
