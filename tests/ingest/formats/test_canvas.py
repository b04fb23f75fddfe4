"""Canvas's SIS import: recognized, normalized, and who is in a section on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Judge, outcome, spots
from validator import frame
from validator.ingest import read
from validator.ingest.formats.canvas.names import is_school_name
from validator.ingest.normalize.assignments import leave_out_ended
from validator.model import Export, Status, Verdict

TODAY = dt.date(2026, 11, 16)
COURSES = "course_id,short_name,long_name,account_id,term_id,status,start_date,end_date\n"
SECTIONS = "section_id,course_id,name,status,start_date,end_date\n"
ENROLLMENTS = "course_id,user_id,role,section_id,status,start_date,end_date\n"
TEACHER = ENROLLMENTS + "k1,t1,teacher,c1,active,,\n"
USERS = (
    "user_id,login_id,first_name,last_name,email,status\n"
    "s1,freya,Freya,Copperpot,freya@maple.example,active\n"
    "t1,tilda,Tilda,Thimblewick,tilda@maple.example,active\n"
)
SMALLEST = {
    "users.csv": USERS,
    "accounts.csv": "account_id,parent_account_id,name,status\n"
    "d1,,Foggy District,active\n0101,d1,Foggy Hollow School,active\n",
    "terms.csv": "term_id,name,status,start_date,end_date\n"
    "y1,2026-27,active,2026-08-17T05:00:00Z,2027-06-04T05:00:00Z\n",
    "courses.csv": COURSES + "k1,M5,Math 5,0101,y1,active,,\n",
    "sections.csv": SECTIONS + "c1,k1,Blue Group,active,,\n",
    "enrollments.csv": TEACHER + "k1,s1,student,c1,active,,\n",
}


def load(folder: Path, changes: Mapping[str, str | None] = {}) -> Export:
    """The export of the smallest files with these changes, read as it is judged today."""
    for name, text in {**SMALLEST, **changes}.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return leave_out_ended(read.read_export([folder]), TODAY)


def list_members(export: Export) -> set[tuple[str, str]]:
    """Section and student of every enrollment that counts today, in a section that is not over."""
    sections, links = export.tables["sections"], export.tables["enrollments"]
    at = frame.locate_rows(links, "Section_id", sections)
    over = np.append(frame.mark_over(sections, TODAY), True)[at]
    rows = np.flatnonzero(frame.mark_open(links, sections, TODAY) & (at >= 0) & ~over)
    section = frame.take_text(links, "Section_id", rows)
    return set(zip(section, frame.take_text(links, "Student_id", rows), strict=True))


def column(export: Export, table: str, name: str) -> list[str]:
    """Every value of a column of the roster."""
    found = export.tables[table]
    return frame.take_text(found, name, np.arange(len(found)))


def test_the_smallest_import_is_recognized_and_ready(judge: Judge) -> None:
    report = judge(SMALLEST, profile="canvas")
    assert report.export.format == "canvas"
    assert report.verdict is Verdict.READY
    counts = {"schools": 1, "students": 1, "teachers": 1, "sections": 1, "enrollments": 1}
    assert counts.items() <= report.counts.items()


@pytest.mark.parametrize("name", [name for name in SMALLEST if name != "terms.csv"])
def test_each_file_alone_is_recognized_by_its_headings(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SMALLEST[name], encoding="utf-8")
    assert read.read_export([tmp_path]).format == "canvas"


def test_files_of_another_name_are_read_and_nothing_has_to_change(judge: Judge) -> None:
    renamed = {
        "canvas_users.csv" if n == "users.csv" else n.upper(): t for n, t in SMALLEST.items()
    }
    report = judge(renamed, profile="canvas")
    assert report.verdict is Verdict.READY
    assert report.counts["students"] == 1


def test_an_export_with_canvas_s_names_and_without_statuses_is_no_canvas_import(
    tmp_path: Path,
) -> None:
    (tmp_path / "users.csv").write_text("user_id,role,name\ns1,student,Freya C\n")
    (tmp_path / "sections.csv").write_text("section_id,course_id,name\nc1,k1,Blue\n")
    (tmp_path / "enrollments.csv").write_text("user_id,section_id,role\ns1,c1,student\n")
    with pytest.raises(Exception, match="looks like another layout"):
        read.read_export([tmp_path])


# ---------------------------------------------------------------- enrollment in time
ENROLLED = {
    "active": ("active,,", True),
    "active in capitals": ("Active,,", True),
    "deleted": ("deleted,,", False),
    "completed": ("completed,,", False),
    "inactive": ("inactive,,", False),
    "deleted or completed": ("deleted_last_completed,,", False),
    "concluded, in a report": ("concluded,,", False),
    "rejected, in a report": ("rejected,,", False),
    "invited, in a report": ("invited,,", True),
    "not a status": ("enrolled,,", False),
    "without a status": (",,", False),
    "ended": ("active,2026-08-17T05:00:00Z,2026-10-01T05:00:00Z", False),
    "ends today": ("active,2026-08-17,2026-11-16", True),
    "has not begun": ("active,2027-01-11,2027-06-04", True),
    "never came": ("active,2026-08-17,2026-08-17", False),
    "an end alone, which has no effect": ("active,,2026-10-01", True),
}


@pytest.mark.parametrize("row", ENROLLED)
def test_status_and_dates_decide_who_is_in_a_section_today(tmp_path: Path, row: str) -> None:
    text, counts = ENROLLED[row]
    export = load(tmp_path, {"enrollments.csv": f"{TEACHER}k1,s1,student,c1,{text}\n"})
    assert list_members(export) == ({("c1", "s1")} if counts else set())


def test_a_student_who_came_back_is_in_the_section(tmp_path: Path) -> None:
    rows = (
        "k1,s1,student,c1,active,2026-08-17,2026-09-30\n"
        "k1,s1,student,c1,active,2026-10-20,2027-06-04\n"
    )
    assert list_members(load(tmp_path, {"enrollments.csv": TEACHER + rows})) == {("c1", "s1")}


def test_the_last_of_several_rows_for_one_enrollment_decides(judge: Judge) -> None:
    rows = (
        TEACHER + "k1,s1,student,c1,active,,\nk1,s1,student,c1,deleted,,\n"
        "k1,s2,student,c1,deleted,,\nk1,s2,student,c1,active,,\n"
        "k1,t1,ta,c1,completed,,\n"
    )
    users = USERS + "s2,odo,Odo,Quillfeather,odo@maple.example,active\n"
    files = {**SMALLEST, "users.csv": users, "enrollments.csv": rows}
    report = judge(files, profile="canvas", as_of=TODAY)
    assert spots(report, "canvas-enrollment-overridden") == ["enrollments.csv:3 status"]
    assert spots(report, "student-without-section") == ["users.csv:2 Student_id"]
    assert outcome(report, "section-without-teacher").status is Status.PASSED


def test_a_user_listed_again_is_the_same_person(tmp_path: Path, judge: Judge) -> None:
    users = USERS + "s1,freya.c,Freya,Copperpot,freya@maple.example,active\n"
    report = judge({**SMALLEST, "users.csv": users}, profile="canvas", as_of=TODAY)
    assert spots(report, "student-id-repeated") == [
        "users.csv:2 Username",
        "users.csv:4 Username",
    ]
    again = USERS.replace("s1,freya,", "s1,old,").replace(",active", ",deleted", 1)
    export = load(tmp_path, {"users.csv": again + USERS.split("\n", 1)[1]})
    assert list_members(export) == {("c1", "s1")}
    assert column(export, "students", "Username") == ["freya"]
    assert column(export, "students", "School_id") == ["0101"]


def test_a_student_without_a_current_section_is_reported(judge: Judge) -> None:
    rows = TEACHER + "k1,s1,student,c1,completed,,\n"
    report = judge({**SMALLEST, "enrollments.csv": rows}, profile="canvas", as_of=TODAY)
    assert spots(report, "student-without-section") == ["users.csv:2 Student_id"]


OVER = {
    "a concluded course": {"courses.csv": COURSES + "k1,M5,Math 5,0101,y1,completed,,\n"},
    "a concluded course in a report": {
        "courses.csv": COURSES + "k1,M5,Math 5,0101,y1,concluded,,\n"
    },
    "a deleted course": {"courses.csv": COURSES + "k1,M5,Math 5,0101,y1,deleted,,\n"},
    "a deleted section": {"sections.csv": SECTIONS + "c1,k1,Blue Group,deleted,,\n"},
    "a deleted student": {"users.csv": USERS.replace("freya@maple.example,active", ",deleted")},
    "a course that is over": {
        "courses.csv": COURSES + "k1,M5,Math 5,0101,y1,active,2026-08-17,2026-10-01\n"
    },
    "a section that is over": {
        "sections.csv": SECTIONS + "c1,k1,Blue Group,active,2026-08-17,2026-10-01\n"
    },
    "a term that is over": {
        "terms.csv": "term_id,name,status,start_date,end_date\n"
        "y1,2025-26,active,2025-08-17,2026-06-04\n"
    },
    "a term that is over for students": {
        "terms.csv": "term_id,name,status,date_override_enrollment_type,start_date,end_date\n"
        "y1,2026-27,active,,2026-08-17,2027-06-04\n"
        "y1,,active,StudentEnrollment,2026-08-17,2026-10-01\n"
    },
}


@pytest.mark.parametrize("what", OVER)
def test_nobody_is_in_a_section_that_is_over(tmp_path: Path, what: str) -> None:
    assert list_members(load(tmp_path, OVER[what])) == set()


def test_a_section_s_days_come_before_its_course_s_and_these_before_the_term_s(
    tmp_path: Path,
) -> None:
    export = load(
        tmp_path,
        {
            "terms.csv": "term_id,name,status,start_date,end_date\n"
            "y1,2025-26,active,2025-08-17,2026-06-04\n",
            "courses.csv": COURSES + "k1,M5,Math 5,0101,y1,active,2026-08-17,<delete>\n",
            "sections.csv": SECTIONS + "c1,k1,Blue Group,active,,2027-06-04\n",
        },
    )
    assert column(export, "sections", "Term_start") == ["2026-08-17"]
    assert column(export, "sections", "Term_end") == ["2027-06-04"]
    assert list_members(export) == {("c1", "s1")}


def test_a_teacher_whose_enrollment_ended_does_not_teach_the_section(tmp_path: Path) -> None:
    rows = (
        ENROLLMENTS + "k1,t1,teacher,c1,active,2026-08-17,2026-10-01\n"
        "k1,t2,teacher,c1,active,,\nk1,s1,student,c1,active,,\n"
    )
    users = USERS + "t2,ulf,Ulf,Snicket,ulf@maple.example,active\n"
    export = load(tmp_path, {"users.csv": users, "enrollments.csv": rows})
    assert column(export, "sections", "Teacher_id") == ["t2"]
    assert not export.tables["sections"].has("Teacher_2_id")


# ---------------------------------------------------------------- courses, sections, schools
def test_a_cross_listed_section_is_in_its_new_course(tmp_path: Path) -> None:
    changes = {
        "courses.csv": SMALLEST["courses.csv"] + "k2,M6,Math 6,0101,y1,active,,\n",
        "xlists.csv": "xlist_course_id,section_id,status\nk2,c1,active\n",
    }
    assert column(load(tmp_path, changes), "sections", "Course_name") == ["Math 6"]


def test_a_cross_listing_that_was_removed_moves_the_section_back(tmp_path: Path) -> None:
    changes = {
        "courses.csv": SMALLEST["courses.csv"] + "k2,M6,Math 6,0101,y1,active,,\n",
        "xlists.csv": "xlist_course_id,section_id,status\nk2,c1,active\nk2,c1,deleted\n",
    }
    assert column(load(tmp_path, changes), "sections", "Course_name") == ["Math 5"]


def test_a_cross_listed_section_outlives_its_own_course(tmp_path: Path) -> None:
    changes = {
        "courses.csv": COURSES
        + "k1,M5,Math 5,0101,y1,completed,,\nk2,M6,Math 6,0101,y1,active,,\n",
        "xlists.csv": "xlist_course_id,section_id,status\nk2,c1,active\n",
    }
    assert list_members(load(tmp_path, changes)) == {("c1", "s1")}


def test_a_course_without_sections_is_one_section_with_its_own_file_and_line(judge: Judge) -> None:
    files = {
        **SMALLEST,
        "courses.csv": SMALLEST["courses.csv"] + "k2,R5,Reading 5,0101,y1,active,,\n",
        "enrollments.csv": SMALLEST["enrollments.csv"] + "k2,s1,student,,active,,\n",
    }
    report = judge(files, profile="canvas", as_of=TODAY)
    sections = report.export.tables["sections"]
    assert frame.take_text(sections, "Section_id", np.arange(2)) == ["c1", "k2"]
    assert spots(report, "section-without-teacher") == ["courses.csv:3 Section_id"]


def test_an_import_without_sections_has_a_section_for_each_course(tmp_path: Path) -> None:
    rows = ENROLLMENTS + "k1,t1,teacher,,active,,\nk1,s1,student,,active,,\n"
    (tmp_path / "sections.csv").unlink(missing_ok=True)
    export = load(tmp_path, {"sections.csv": None, "enrollments.csv": rows})
    assert column(export, "sections", "Section_id") == ["k1"]
    assert column(export, "sections", "Teacher_id") == ["t1"]
    assert list_members(export) == {("k1", "s1")}


def test_schools_are_accounts_above_the_departments_and_below_the_district(tmp_path: Path) -> None:
    accounts = (
        "account_id,parent_account_id,name,status\nd,,Foggy School District,active\n"
        "e,d,Elementary Schools,active\n01,e,Oak Elementary,active\nm,01,Math,active\n"
        "n,m,Middle School Band,active\n02,d,Northside,active\n"
    )
    courses = COURSES + "".join(
        f"k{at},C{at},Course {at},{account},y1,active,,\n"
        for at, account in enumerate(("01", "m", "n", "02", "02"), start=1)
    )
    rows = TEACHER + "".join(f"k{at},s1,student,,active,,\n" for at in range(2, 6))
    rows += "k1,s1,student,c1,active,,\n"
    export = load(
        tmp_path, {"accounts.csv": accounts, "courses.csv": courses, "enrollments.csv": rows}
    )
    assert set(column(export, "schools", "School_id")) == {"01", "02"}
    assert column(export, "sections", "School_id") == ["01", "01", "01", "02", "02"]
    assert column(export, "students", "School_id") == ["01"]
    others = export.tables["students"].extra_values["School_id"]
    assert frame.take_text(others.table, "School_id", np.arange(1)) == ["02"]


@pytest.mark.parametrize(
    ("name", "is_school"),
    [
        ("Oak Elementary", True),
        ("Lincoln High School", True),
        ("PS 12 M.S.", True),
        ("Foggy Hollow School", True),
        ("Oak K-8", True),
        ("Elementary Schools", False),
        ("High School", False),
        ("Secondary", False),
        ("K-5", False),
        ("Foggy Hollow School District", False),
        ("Office of High School Programs", False),
        ("Mathematics", False),
        ("", False),
    ],
)
def test_the_name_of_an_account_shows_whether_it_is_a_school(name: str, is_school: bool) -> None:
    assert is_school_name(name) is is_school


# ---------------------------------------------------------------- people
def test_names_come_from_the_sortable_or_the_full_name_where_there_are_no_others(
    tmp_path: Path,
) -> None:
    users = (
        "user_id,login_id,full_name,sortable_name,status\n"
        's1,freya,Freya van Copperpot,"van Copperpot, Freya",active\n'
        "t1,tilda,Tilda Thimblewick,,active\n"
    )
    export = load(tmp_path, {"users.csv": users})
    assert column(export, "students", "Last_name") == ["van Copperpot"]
    assert column(export, "students", "First_name") == ["Freya"]
    assert column(export, "teachers", "Last_name") == ["Thimblewick"]


def test_people_named_by_their_integration_id_are_enrolled(tmp_path: Path) -> None:
    users = (
        "user_id,integration_id,login_id,first_name,last_name,status\n"
        "s1,i1,freya,Freya,Copperpot,active\nt1,i2,tilda,Tilda,Thimblewick,active\n"
    )
    rows = (
        "course_id,user_integration_id,role,section_id,status\n"
        "k1,i2,teacher,c1,active\nk1,i1,student,c1,active\n"
    )
    export = load(tmp_path, {"users.csv": users, "enrollments.csv": rows})
    assert list_members(export) == {("c1", "s1")}
    assert column(export, "sections", "Teacher_id") == ["t1"]


def test_a_column_of_integration_ids_may_replace_the_users_own(judge: Judge) -> None:
    users = (
        "user_id,integration_id,login_id,first_name,last_name,email,status\n"
        "s1,i1,freya,Freya,Copperpot,freya@maple.example,active\n"
        "t1,i2,tilda,Tilda,Thimblewick,tilda@maple.example,active\n"
    )
    rows = (
        "course_id,user_integration_id,role,section_id,status\n"
        "k1,i2,teacher,c1,active\nk1,i1,student,c1,active\n"
    )
    report = judge({**SMALLEST, "users.csv": users, "enrollments.csv": rows}, profile="canvas")
    assert outcome(report, "column-missing").status is Status.PASSED
    assert report.verdict is Verdict.READY


def test_a_provisioning_report_names_the_built_in_role_of_the_district_s_own(
    tmp_path: Path,
) -> None:
    rows = (
        "canvas_course_id,course_id,user_id,role,section_id,status,created_by_sis,base_role_type\n"
        "5,k1,t1,Co-Teacher,c1,active,true,TeacherEnrollment\n"
        "5,k1,s1,Honors Student,c1,active,true,StudentEnrollment\n"
    )
    export = load(tmp_path, {"enrollments.csv": rows})
    assert list_members(export) == {("c1", "s1")}
    assert column(export, "sections", "Teacher_id") == ["t1"]


def test_most_enrollments_decide_what_a_user_is_and_a_declared_type_before_them(
    tmp_path: Path,
) -> None:
    users = (
        "user_id,login_id,first_name,last_name,declared_user_type,status\n"
        "s1,freya,Freya,Copperpot,,active\nt1,tilda,Tilda,Thimblewick,,active\n"
        "h1,hob,Hob,Helper,,active\nd1,des,Des,Igner,,active\no1,obi,Obi,Server,,active\n"
        "x1,xan,Xan,Declared,student,active\na1,ada,Ada,Ministrator,,active\n"
    )
    rows = (
        SMALLEST["enrollments.csv"] + "k1,h1,ta,c1,active,,\nk1,d1,designer,c1,active,,\n"
        "k1,o1,observer,c1,active,,\nk1,x1,teacher,c1,active,,\nk1,s1,ta,c1,active,,\n"
    )
    admins = "user_id,account_id,role,status\na1,0101,AccountAdmin,active\n"
    export = load(tmp_path, {"users.csv": users, "enrollments.csv": rows, "admins.csv": admins})
    assert column(export, "students", "Student_id") == ["s1", "x1"]
    assert column(export, "teachers", "Teacher_id") == ["t1"]
    assert column(export, "staff", "Staff_id") == ["h1", "d1", "a1"]
    assert column(export, "staff", "School_id") == ["0101"] * 3
    assert column(export, "sections", "Teacher_id") == ["t1"]


def test_no_finding_speaks_of_another_format_s_columns(judge: Judge) -> None:
    broken = {
        **SMALLEST,
        "users.csv": SMALLEST["users.csv"].replace("freya@maple.example", "freya at maple"),
        "enrollments.csv": SMALLEST["enrollments.csv"] + "k1,s9,student,c9,active,,\n",
    }
    for profile in ("canvas", "khan-academy", "freckle"):
        report = judge(broken, profile=profile)
        words = [
            text
            for it in report.outcomes
            if it.status is Status.FOUND
            for text in (it.rule.title, it.rule.fix, it.rule.why)
        ]
        words += [it.reason or "" for it in report.outcomes]
        foreign = ("_email", "_id column", "Title", "students.csv", "sourcedId", "orgs.csv")
        for name in foreign:
            assert not [text for text in words if name in text], name


# ---------------------------------------------------------------- form
FORMS: dict[str, tuple[Callable[[str], bytes], str, str]] = {
    "semicolons": (lambda text: text.replace(",", ";").encode(), "file-delimiter", "blocker"),
    "UTF-16": (lambda text: text.encode("utf-16"), "file-not-utf8", "blocker"),
    "Windows-1252": (
        lambda text: text.replace("Freya", "Zoë").encode("cp1252"),
        "file-not-utf8",
        "blocker",
    ),
    "a line above the headings": (
        lambda text: b"Roster of Foggy Hollow\n" + text.encode(),
        "header-missing",
        "blocker",
    ),
    "headings in other words": (
        lambda text: text.replace("user_id", "User ID", 1).encode(),
        "header-spelling",
        "blocker",
    ),
    "a BOM": (lambda text: b"\xef\xbb\xbf" + text.encode(), "file-bom", "advice"),
    "headings in capitals": (
        lambda text: text.replace("user_id", "USER_ID", 1).encode(),
        "header-spelling",
        "advice",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_is_judged_by_what_canvas_s_import_does_with_it(judge: Judge, form: str) -> None:
    write, rule, level = FORMS[form]
    report = judge({**SMALLEST, "users.csv": write(USERS)}, profile="canvas", as_of=TODAY)
    assert outcome(report, "student-without-section").status is Status.PASSED
    found = outcome(report, rule)
    assert (found.status, found.level.value) == (Status.FOUND, level)
