"""OneRoster: every version is recognized, normalized and judged as a roster."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Judge, outcome, spots
from validator import frame
from validator.assess import Options, assess
from validator.ingest import read as ingest_read
from validator.model import Level, Report, Status, Verdict

USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,email\n"
)
ORGS = (
    "sourcedId,status,dateLastModified,name,type,identifier\nsch1,,,Foggy Hollow School,school,1\n"
)
ORGS_2 = ORGS + "sch2,,,Maple School,school,2\n"
CLASSES = (
    "sourcedId,status,dateLastModified,title,courseSourcedId,classType,schoolSourcedId,"
    "termSourcedIds\n"
)
ENROLLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,"
    "endDate\n"
)
SESSIONS = (
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
)
AS_OF = dt.date(2026, 11, 16)


def small(**more: str) -> dict[str, str]:
    """One school, a teacher, two students and a class; `more` replaces files."""
    return {
        "orgs.csv": ORGS,
        "users.csv": USERS + "t1,,,true,sch1,teacher,t1,,Tilda,Thimblewick,t@maple.example\n"
        "s1,,,true,sch1,student,s1,,Freya,Copperpot,f@maple.example\n"
        "s2,,,true,sch1,student,s2,,Odo,Quillfeather,o@maple.example\n",
        "classes.csv": CLASSES + "c1,,,Peculiar Pangolin,,homeroom,sch1,\n",
        "enrollments.csv": ENROLLMENTS
        + "e1,,,c1,sch1,t1,teacher,true,,\ne2,,,c1,sch1,s1,student,,,\n"
        "e3,,,c1,sch1,s2,student,,,\n",
        **{f"{name}.csv": text for name, text in more.items()},
    }


def cells(report: Report, table: str, column: str) -> list[str]:
    """All cells of a column of a table."""
    held = report.export.tables[table]
    return frame.take_text(held, column, np.arange(len(held)))


def found(report: Report, least: Level = Level.WARNING) -> set[str]:
    """The rules that found something, at this level or worse."""
    return {
        one.rule.id
        for one in report.outcomes
        if one.status is Status.FOUND and one.level.rank <= least.rank
    }


def test_users_become_students_teachers_and_staff_by_their_role(judge: Judge) -> None:
    users = USERS + "".join(
        f"{role},,,true,sch1,{role},u,,Ada,Bramble,\n"
        for role in (
            "student",
            "Teacher",
            "administrator",
            "aide",
            "proctor",
            "parent",
            "guardian",
            "relative",
        )
    )
    report = judge(small(users=users), profile="oneroster")
    assert cells(report, "students", "Student_id") == ["student"]
    assert cells(report, "teachers", "Teacher_id") == ["Teacher"]
    assert cells(report, "staff", "Staff_id") == ["administrator", "aide", "proctor"]


def test_a_value_from_another_file_is_reported_in_that_file(judge: Judge) -> None:
    born = "sourcedId,status,dateLastModified,birthDate\ns2,,,2015-02-30\ns1,,,2015-05-06\n"
    terms = SESSIONS + "t9,,,Old,term,2025-08-10,2026-06-10,,2026\n"
    classes = CLASSES + "c1,,,Blue Group,,scheduled,sch1,t9\n"
    report = judge(
        small(demographics=born, academicSessions=terms, classes=classes), profile="oneroster"
    )
    assert spots(report, "student-dob-invalid") == ["demographics.csv:2 DOB"]
    assert spots(report, "section-term-over") == ["academicSessions.csv:2 Term_end"]


def test_an_unknown_teacher_is_named_in_the_enrollment_that_names_it(judge: Judge) -> None:
    links = (
        ENROLLMENTS
        + "e1,,,c1,sch1,t9,teacher,,,\ne2,,,c9,sch1,t1,teacher,,,\ne3,,,c1,sch1,s9,student,,,\n"
    )
    report = judge(small(enrollments=links), profile="oneroster")
    assert spots(report, "teacher-unknown") == ["enrollments.csv:2 Teacher_id"]
    assert spots(report, "section-unknown") == ["enrollments.csv:3 Section_id"]
    assert spots(report, "student-unknown") == ["enrollments.csv:4 Student_id"]
    assert {"role-differs", "id-missing"}.isdisjoint(found(report))


def test_the_primary_teacher_comes_first_and_counts_once(judge: Judge) -> None:
    users = small()["users.csv"] + "t2,,,true,sch1,teacher,t2,,Tove,Wick,w@maple.example\n"
    links = ENROLLMENTS + (
        "e1,,,c1,sch1,t1,teacher,false,2026-08-10,2026-12-20\n"
        "e2,,,c1,sch1,t1,teacher,false,2027-01-10,2027-06-20\ne3,,,c1,sch1,t2,teacher,true,,\n"
    )
    report = judge(small(users=users, enrollments=links), profile="oneroster")
    assert cells(report, "sections", "Teacher_id") == ["t2"]
    assert cells(report, "sections", "Teacher_2_id") == ["t1"]
    assert not report.export.tables["sections"].has("Teacher_3_id")


def test_a_student_of_two_schools_is_one_person_at_home_in_both(judge: Judge) -> None:
    users = small()["users.csv"].replace("sch1,student,s1", '"sch1,sch2",student,s1')
    classes = CLASSES + "c1,,,Blue Group,,scheduled,sch2,\n"
    report = judge(small(orgs=ORGS_2, users=users, classes=classes), profile="oneroster")
    assert report.counts["students"] == 2
    assert spots(report, "student-section-school-differs") == ["enrollments.csv:4 Section_id"]


def test_one_enrollment_per_semester_is_legal_and_overlapping_ones_are_not(judge: Judge) -> None:
    links = small()["enrollments.csv"] + ("e4,,,c1,sch1,s1,student,,,\n")
    assert (
        outcome(judge(small(enrollments=links), profile="oneroster"), "enrollment-repeated").count
        == 1
    )
    links = ENROLLMENTS + (
        "e1,,,c1,sch1,s1,student,,2026-08-10,2026-12-20\n"
        "e2,,,c1,sch1,s1,student,,2027-01-10,2027-06-20\n"
        "e3,,,c1,sch1,s2,student,,2026-08-10,2027-06-20\ne4,,,c1,sch1,s2,student,,2027-01-10,\n"
    )
    report = judge(small(enrollments=links), profile="oneroster")
    assert spots(report, "enrollment-repeated") == ["enrollments.csv:5"]


def test_records_to_be_deleted_are_not_part_of_the_roster(judge: Judge) -> None:
    users = small()["users.csv"].replace("s2,,,", "s2,tobedeleted,,")
    classes = (
        CLASSES + "c1,,,Blue Group,,scheduled,sch1,\nc2,tobedeleted,,Old Group,,scheduled,sch9,\n"
    )
    links = small()["enrollments.csv"] + "e4,,,c2,sch1,s1,student,,,\n"
    report = judge(small(users=users, classes=classes, enrollments=links), profile="oneroster")
    assert (
        report.counts | {"schools": 1, "students": 1, "sections": 1, "enrollments": 1}
        == report.counts
    )
    assert {"student-unknown", "section-unknown", "school-unknown"}.isdisjoint(found(report))
    assert (
        outcome(report, "record-to-be-deleted").count == 4
    )  # a user, a class, and an enrollment of each


def test_columns_that_another_file_should_provide_are_reported_as_missing(judge: Judge) -> None:
    files = {name: text for name, text in small().items() if name != "enrollments.csv"}
    report = judge(files, profile="oneroster")
    assert report.verdict is Verdict.COULD_NOT_TELL
    for rule in ("section-without-teacher", "student-without-section", "teacher-without-section"):
        assert outcome(report, rule).status is Status.SKIPPED
        assert outcome(report, rule).reason == "enrollments.csv is missing"
    assert outcome(report, "section-term-over").reason == "there is no academicSessions.csv"


@pytest.mark.parametrize("name", ["users.csv", "classes.csv", "enrollments.csv", "orgs.csv"])
def test_one_file_alone_is_worth_checking(judge: Judge, name: str) -> None:
    report = judge({name: small()[name]}, profile="khan-academy")
    assert report.export.format == "oneroster"
    assert report.verdict is not Verdict.READY
    assert not report.errors


def test_a_delta_is_never_ready_and_absent_records_are_not_missing(judge: Judge) -> None:
    manifest = (
        "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.enrollments,delta\n"
    )
    report = judge(
        {
            "manifest.csv": manifest,
            "enrollments.csv": ENROLLMENTS + "e1,active,2026-10-01,c1,sch1,t1,teacher,true,,\n",
        },
        profile="oneroster",
    )
    assert report.verdict is Verdict.COULD_NOT_TELL
    assert outcome(report, "file-missing").status is Status.PASSED
    reason = outcome(report, "student-without-section").reason
    assert reason is not None
    assert reason.startswith("this is a delta export")


def test_roles_of_1_2_make_one_user_a_teacher_and_a_principal(judge: Judge) -> None:
    users = (
        "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,email\n"
        "u1,,,true,u,Ada,Bramble,\n"
    )
    roles = (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
        "orgSourcedId\n"
        "r1,,,u1,secondary,teacher,,,sch2\nr2,,,u1,primary,principal,,,sch1\n"
    )
    report = judge(
        {"orgs.csv": ORGS_2, "users.csv": users, "roles.csv": roles}, profile="oneroster"
    )
    assert report.export.format_version == "1.2"
    assert cells(report, "teachers", "School_id") == ["sch2"]
    assert cells(report, "staff", "School_id") == ["sch1"]
    assert cells(report, "staff", "Title") == ["principal"]


def test_a_district_is_no_school_but_its_staff_may_name_it(judge: Judge) -> None:
    orgs = ORGS + "d1,,,Maple District,district,0\nsch9,,,Oak School,school,9\n"
    users = small()["users.csv"] + "a1,,,true,d1,administrator,a1,,Ada,Bramble,a@maple.example\n"
    report = judge(small(orgs=orgs, users=users), profile="oneroster")
    assert report.counts["schools"] == 2
    assert outcome(report, "school-unknown").status is Status.PASSED
    assert spots(report, "school-without-students") == ["orgs.csv:4 School_id"]


def test_a_district_with_students_counts_as_a_school(judge: Judge) -> None:
    report = judge(small(orgs=ORGS.replace(",school,", ",district,")), profile="oneroster")
    assert report.counts["schools"] == 1
    assert outcome(report, "org-type-differs").count == 1


def test_ps_is_postsecondary_here(judge: Judge) -> None:
    users = (
        USERS.replace(",email", ",email,grades")
        + "s1,,,true,sch1,student,s1,,Freya,Copperpot,f@maple.example,PS\n"
    )
    report = judge(small(users=users), profile="oneroster")
    assert outcome(report, "student-grade-unknown").status is Status.PASSED
    assert outcome(report, "student-grade-outside-k12").count == 1


def test_a_homeroom_without_a_subject_is_an_elective(judge: Judge) -> None:
    assert outcome(judge(small(), profile="oneroster"), "section-elective").count == 1


# ---------------------------------------------------------------- files that nobody here wrote


def read(folder: Path, as_of: dt.date, profile: str = "oneroster") -> Report:
    """The report on a folder."""
    return assess([folder], Options(profiles=[profile], as_of=as_of))


def test_a_clean_export_has_no_findings(real_data: Path) -> None:
    report = read(real_data / "or11-gen-chartreuse", dt.date(2025, 10, 1), "khan-academy")
    assert (report.export.format, report.export.format_version) == ("oneroster", "1.1")
    assert [report.counts[name] for name in ("students", "teachers", "staff", "sections")] == [
        4225,
        195,
        21,
        1470,
    ]
    assert report.counts["schools"] == 20  # the district itself is none
    assert outcome(report, "school-without-students").count == 0
    assert (
        next(file.rows for file in report.export.files if file.name == "enrollments.csv") == 31_045
    )
    assert report.levels()[Level.BLOCKER] == 0
    of_the_format = {"status-in-bulk", "date-value"}
    alone = {
        one.rule.id
        for one in report.outcomes
        if one.rule.id in found(report, Level.ADVICE) - of_the_format and not one.explained_by
    }
    assert alone == {"section-elective", "person-under-two-ids", "teacher-under-two-ids"}
    assert outcome(report, "teacher-only-electives").explained_by == "section-elective"
    assert outcome(report, "section-elective").count == 630
    pairs = outcome(report, "person-under-two-ids").finding
    assert pairs is not None
    assert pairs.groups == 5


def test_the_full_moodle_set_has_its_known_findings(real_data: Path) -> None:
    report = read(real_data / "or11-moodle-full", dt.date(2022, 10, 10))
    assert (report.export.format, report.export.format_version) == ("oneroster", "1.1")
    counts = {
        "student-without-section": 3,  # two are unenrolled; the third's enrollment ended in June
        "role-differs": 1,
        "org-unknown": 1,
        "parent-unknown": 2,
        "org-type-differs": 1,
        "demographics-missing": 1,
    }
    assert {rule: outcome(report, rule).count for rule in counts} == counts
    assert spots(report, "student-without-section") == [
        "users.csv:3 Student_id",
        "users.csv:6 Student_id",
        "users.csv:7 Student_id",
    ]
    assert "classes.csv:3 status" in spots(report, "record-to-be-deleted")
    assert outcome(report, "course-unknown").status is Status.NOT_ASKED


def test_the_smallest_1_2_bundle_is_a_delta(real_data: Path) -> None:
    report = read(real_data / "or12-moodle-gotham", dt.date(2023, 10, 10))
    assert (report.export.format, report.export.format_version) == ("oneroster", "1.2")
    assert outcome(report, "student-email-missing").count == 1
    untaught = outcome(report, "section-without-teacher")
    assert untaught.status is Status.SKIPPED
    assert untaught.reason is not None
    assert "delta" in untaught.reason
    assert "1 would be found" in untaught.reason


@pytest.mark.parametrize(
    ("name", "version"), [("or11-oat-base", "1.1"), ("or10-oat-sample", "1.0")]
)
def test_sparse_files_with_columns_out_of_order_are_read(
    real_data: Path, name: str, version: str
) -> None:
    report = read(real_data / name, dt.date(2023, 10, 10))
    assert (report.export.format, report.export.format_version) == ("oneroster", version)
    counts = {
        "section-without-teacher": 3,
        "session-unknown": 3,
        "value-required": 3,
        "student-email-missing": 2,
    }
    assert {rule: outcome(report, rule).count for rule in counts} == counts
    assert outcome(report, "header-order").status is Status.FOUND
    assert outcome(report, "manifest-missing").status is Status.PASSED


def test_a_zip_is_read_like_its_folder(real_data: Path) -> None:
    folder = real_data / "or11-moodle-full"
    export = ingest_read.read_export([folder / "_original_Test_full_data_set.zip"])
    assert export.format == "oneroster"
    assert {name: len(table) for name, table in export.tables.items()} == {
        name: len(table) for name, table in ingest_read.read_export([folder]).tables.items()
    }
