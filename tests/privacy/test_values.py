"""What a reader of each edition may see."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.support.builders import district, found, places, report, rule, table
from validator.model import (
    Export,
    Level,
    Outcome,
    Position,
    Profile,
    SchoolRow,
    SourceFile,
    Status,
    Tally,
)
from validator.privacy import places as privacy_places
from validator.privacy import public_values, values
from validator.privacy.masking import mask
from validator.privacy.places import PlaceRow
from validator.privacy.shapes import FEWEST_SHARING, list_pack_classes, load_privacy_table

CLEVER = """
schools: School_id School_name School_number State_id Nces_id Low_grade High_grade Principal
    Principal_email School_address School_city School_state School_zip School_phone
students: School_id Student_id Student_number State_id Last_name First_name Middle_name
    Preferred_last_name Preferred_first_name Preferred_middle_name Grade Gender Graduation_year DOB
    Race Hispanic_Latino Home_language Ell_status Frl_status IEP_status Section_504_status
    Gifted_status Disability_status Disability_type Disability_code Student_street Student_city
    Student_state Student_zip Student_email Contact_relationship Contact_type Contact_name
    Contact_phone Contact_phone_type Contact_email Contact_sis_id Username Password Unweighted_gpa
    Weighted_gpa Contact_pickup_rights
teachers: School_id Teacher_id First_name Last_name Teacher_number State_teacher_id Middle_name
    Title Username Password Teacher_email
sections: School_id Section_id Teacher_id Teacher_2_id Teacher_10_id Name Section_number Grade
    Course_name Course_number Course_description Period Subject Term_name Term_start Term_end
enrollments: School_id Section_id Student_id
staff: School_id Staff_id Staff_email First_name Last_name Department Title Username Password Role
"""
PUBLIC = {
    "School_id",
    "School_name",
    "Low_grade",
    "High_grade",
    "Grade",
    "Course_name",
    "Course_number",
    "Subject",
    "Period",
    "Term_name",
    "Term_start",
    "Term_end",
    "Department",
    "Title",
    "Role",
}
COLUMNS = [
    (part.split(":")[0].strip(), column)
    for part in CLEVER.replace("\n    ", " ").strip().splitlines()
    for column in part.split(":")[1].split()
]


def list_masked(outcome: Outcome, limit: int | None = None, **change: Any) -> Sequence[PlaceRow]:
    """What everybody may see of the places of a finding."""
    return values.list_places(mask(report([outcome], **change)), outcome, limit)


def tally_masked(tally: Tally, limit: int | None = None, **change: Any) -> list[tuple[str, int]]:
    """What everybody may see of the values of a finding."""
    seen = mask(report([found("r", [], tally=tally)], **change))
    return values.tally(seen.outcomes[0], limit=limit)


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_every_column_of_the_format_has_its_class_by_name(name: str, column: str) -> None:
    assert public_values.is_known(name, column)
    kind, shape = public_values.find_privacy_class(name, column)
    assert (kind == "public") == (column in PUBLIC) == bool(shape)
    assert (kind == "secret") == (column == "Password")


def test_no_column_has_two_privacy_classes() -> None:
    names = [
        name
        for table in (load_privacy_table(), *list_pack_classes())
        for kind in ("secret", "direct", "sensitive", "identifier", "public")
        for name in table.get(kind, ())
    ]
    assert len({"".join(name.lower().split()) for name in names}) == len(names)


@pytest.mark.parametrize(
    "column", ["ext.locker", "Shoe size", "column 7", "metadata.note", "Contacts"]
)
def test_a_column_that_nobody_knows_is_treated_as_a_name(column: str) -> None:
    assert public_values.find_privacy_class("students", column)[0] == "direct"


@pytest.mark.parametrize(
    "column",
    [
        "PASSWORD",
        "Student Pwd",
        "ext.password",
        "userPassword",
        "Login_PIN",
        "pass_word",
        "ext.secret_word",
        "UserPass",
    ],
)
def test_every_spelling_of_a_password_column_is_secret(column: str) -> None:
    assert public_values.find_privacy_class("students", column)[0] == "secret"


@pytest.mark.parametrize("column", ["Spinning", "Compass", "ext.pinecone"])
def test_a_word_that_only_holds_the_letters_is_no_password(column: str) -> None:
    assert public_values.find_privacy_class("students", column)[0] == "direct"


@pytest.mark.parametrize(
    ("name", "column"),
    [(held.name, column) for held in district().values() for column in held.rows.columns],
)
def test_the_masked_edition_shows_nothing_of_any_private_cell(name: str, column: str) -> None:
    lines = list(range(2, len(district()[name]) + 2))
    rows = list_masked(found("r", [places(name, column, lines, repairs=["zqrepair"] * len(lines))]))
    assert len(rows) == len(lines)
    assert "zq" not in repr(rows)
    assert all(row.key is None and row.name is None for row in rows)


def test_public_values_that_look_as_they_should_are_shown_masked_too() -> None:
    rows = list_masked(found("r", [places("students", "Grade", [2, 3, 4, 5])]))
    assert [row.value for row in rows] == ["13", "05", None, "PostGraduate"]
    assert [row.school_id for row in rows] == ["0412", "0412", "0413", None]


def test_the_full_edition_shows_ids_names_and_values_but_never_a_password() -> None:
    full = values.list_places(report(), found("r", [places("students", "DOB", [2])]))[0]
    assert (full.key, full.name, full.value, full.column) == (
        "zqid1",
        "zqfirst1 zqlast1",
        "zqdob1",
        "Dob",
    )
    secret = values.list_places(
        report(), found("r", [places("students", "Password", [2], repairs=["zqfix"])])
    )
    assert (secret[0].key, secret[0].value, secret[0].repair) == ("zqid1", None, None)


def test_an_enrollment_is_known_by_its_student_and_section_in_the_full_edition() -> None:
    row = values.list_places(report(), found("r", [places("enrollments", "Section_id", [3])]))[0]
    assert (row.key, row.name) == ("zqid2 in zqsec1", "zqfirst2 zqlast2")


def test_places_come_in_the_order_of_files_and_lines_and_are_cut_before_they_are_looked_up() -> (
    None
):
    outcome = found(
        "r",
        [
            places("sections", "Name", [3, 2]),
            places("students", "Grade", [5, 2]),
            places("students", "DOB", [2], listed=False),
        ],
    )
    rows = list_masked(outcome)
    assert [(row.file, row.line) for row in rows] == [
        ("students.csv", 2),
        ("students.csv", 5),
        ("sections.csv", 2),
        ("sections.csv", 3),
    ]
    assert list_masked(outcome, 3) == rows[:3]
    assert list_masked(outcome, 0) == []
    assert values.count_listed(outcome) == 4


def test_a_line_that_is_no_row_and_a_file_that_is_no_table_have_a_place_and_no_value() -> None:
    outcome = found("r", [places("students", "Grade", [99, 1]), places("", None, [0])])
    assert [(row.line, row.value, row.key) for row in values.list_places(report(), outcome)] == [
        (1, None, None),
        (99, None, None),
        (None, None, None),
    ]


def test_records_over_several_lines_end_where_they_end() -> None:
    held = district()
    held["students"] = dataclasses.replace(held["students"], end_lines={3: 5})
    rows = list_masked(found("r", [places("students", "Grade", [2, 3])]), tables=held)
    assert [(row.line, row.end_line) for row in rows] == [(2, 2), (3, 5)]


def test_of_a_million_places_only_those_listed_are_looked_up() -> None:
    outcome = found("r", [places("students", "Grade", np.arange(1_000_000, 0, -1).tolist())])
    assert len(mask(report([outcome]), rows=200).listings["r"]) == 200
    assert len(values.list_places(report(), outcome, 200)) == 200


def test_a_title_that_reads_as_what_is_written_for_hidden_values_is_a_title() -> None:
    titles = [("another value", 5), ("Concert Band", 3)]
    assert values.tally(found("r", [], tally=Tally("sections", "Course_name", titles))) == titles


def test_a_course_title_needs_three_students() -> None:
    held = Tally("sections", "Course_name", [("Concert Band", 5), ("Yearbook", 2)])
    assert tally_masked(held) == [("Concert Band", 5), ("another value", 2)]
    assert values.tally(found("r", [], tally=held)) == [
        ("Concert Band", 5),
        ("Yearbook", 2),
    ]


def _section_report(column: str, value: str, students: int) -> Any:
    """A report on one section with a value in a column and this many students."""
    ids = [f"zqid{number}" for number in range(1, students + 1)]
    held = district() | {
        "sections": table("sections", {"Section_id": ["zqsec1"], column: [value]}),
        "enrollments": table(
            "enrollments", {"Section_id": ["zqsec1"] * students, "Student_id": ids}
        ),
    }
    return report(tables=held)


@pytest.mark.parametrize(
    ("shape", "column", "value"),
    [
        ("course-number", "Course_number", "MTH-101"),
        ("subject", "Subject", "Robotics and Drones"),
        ("course-title", "Course_name", "Algebra I"),
    ],
)
def test_what_three_people_share_is_shown(shape: str, column: str, value: str) -> None:
    shown = public_values.select_shown(_section_report(column, value, 3), shape, [value])
    assert shown == {value}
    assert not public_values.select_shown(_section_report(column, value, 2), shape, [value])


@pytest.mark.parametrize(
    ("shape", "column", "value"),
    [
        ("subject", "Subject", "Frances English"),
        ("subject", "Subject", "Art Young"),
        ("course-title", "Course_name", "Christian Young"),
        ("course-title", "Course_name", "Dean Woods"),
        ("course-number", "Course_number", "Woods"),
    ],
)
def test_a_name_is_not_shown_however_many_share_it(shape: str, column: str, value: str) -> None:
    assert not public_values.select_shown(_section_report(column, value, 9), shape, [value])


def test_a_school_of_fewer_than_ten_students_has_neither_a_name_nor_figures() -> None:
    held = district()
    held["schools"] = table(
        "schools",
        {
            "School_id": ["0412", "0413", "0414", "0415"],
            "School_name": ["Oak School", "Elm School", "Zqchild School", "Ash School"],
        },
    )
    pupils = ["0412"] * 30 + ["0413"] * 12 + ["0414"] * 2 + ["0415"] * 20
    held["students"] = table(
        "students",
        {"School_id": pupils, "Student_id": [f"zqid{number}" for number in range(len(pupils))]},
    )
    rows = [
        SchoolRow(school, name, 5, 1, 1, 1, 0, 4)
        for school, name in zip(
            held["schools"].rows["School_id"], held["schools"].rows["School_name"], strict=True
        )
    ]
    outcome = found("r", [places("students", "School_id", [2, 44])])
    made = report(
        [outcome], tables=held, schools=rows, by_school={"r": {"0412": 4, "0413": 2, "0414": 1}}
    )
    seen = mask(made)
    # The next larger school joins the small one, whose figures would else be the sum.
    assert [row.school_id for row in seen.schools] == ["0412", "0415", ""]
    assert list(seen.merged_schools) == ["0413", "0414"]
    assert values.count_by_school(seen, outcome) == [("0412", 4), (None, 3)]
    assert [row.school_id for row in values.list_places(seen, outcome)] == ["0412", None]
    assert public_values.select_shown(made, "school-name", ["Oak School", "Zqchild School"]) == {
        "Oak School"
    }


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (["0412"] * 12 + ["0499"] * 10, {"0412", "0499"}),
        (["0412"] * 12 + ["0499"] * 9, {"0412"}),
        (["0412"] * 12 + ["Quimby"] * 10, {"0412"}),
        (["0412"] * 2 + ["0499"] * 10, {"0412"}),
    ],
)
def test_a_school_that_only_students_name_has_a_public_id_if_it_is_formed_like_the_others(
    ids: list[str], shown: set[str]
) -> None:
    held = district()
    held["schools"] = table("schools", {"School_id": ["0412", "0413"]})
    people = [f"zqid{number}" for number in range(len(ids))]
    held["students"] = table("students", {"School_id": ids, "Student_id": people})
    held.pop("teachers"), held.pop("sections"), held.pop("enrollments")
    assert public_values.select_shown(report(tables=held), "school", ids) == shown


def test_values_beyond_the_limit_are_summed_so_that_the_sum_stays_true() -> None:
    held = Tally("students", "Grade", [("13", 5), ("PostGraduate", 3), ("zqx", 1)])
    assert tally_masked(held, limit=1) == [
        ("13", 5),
        ("another value", 4),
    ]


def test_only_the_districts_own_mail_domains_are_shown() -> None:
    profile = Profile("demo", "Demo", {}, [], district_domains=["Maple.test"])
    held = Tally(
        "students", "Student_email", [("maple.test", 9), ("zqfamily.test", 1), ("zq@maple.test", 1)]
    )
    assert tally_masked(held, profiles=[profile]) == [
        ("maple.test", 9),
        ("another value", 2),
    ]
    assert tally_masked(held) == [("another value", 11)]
    assert len(values.tally(found("r", [], tally=held))) == 3


def test_a_domain_that_a_fifth_of_the_students_use_is_the_districts_where_none_is_configured() -> (
    None
):
    held = Tally("students", "Student_email", [("x.test", 3)])
    assert tally_masked(held) == [("x.test", 3)]


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("grade", "K"),
        ("grade", "PPK"),
        ("grade", "3-5"),
        ("grade", "12th Grade"),
        ("grade", "PreKindergarten"),
        ("subject", "ELA"),
        ("subject", "English/language arts"),
        ("subject", "PE and health"),
        ("subject", "History"),
        ("period", "3(A)"),
        ("period", "Period 2"),
        ("term", "S1"),
        ("term", "Fall Semester 2026-2027"),
        ("term-date", "2026-08-15"),
        ("term-date", "8/15/2025"),
        ("job", "Assistant Principal"),
        ("department", "Special Education"),
        ("school-name", "Oak Elementary School"),
        ("school-name", "P.S. 118"),
        ("school-name", "J.H.S. 45 Oliver Quimby"),
        ("school-name", "Ruth Quimby K-8"),
        ("school-name", "Escuela Bilingüe Quimby"),
    ],
)
def test_values_of_the_class_room_are_shown(shape: str, value: str) -> None:
    assert public_values.select_shown(report(), shape, [value]) == {value}


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("grade", "Rosalind"),
        ("grade", "Christian"),
        ("grade", "ECSE"),
        ("grade", "SpEd"),
        ("grade", "Special Ed."),
        ("job", "Frances English"),
        ("subject", "Frances English"),
        ("course-title", "Christian Young"),
        ("department", "Dean Woods"),
        ("period", "D Day"),
        ("term", "Autumn Winter"),
        ("course-number", "Christian"),
        ("course-number", "2014-05-12"),
        ("grade", "5/12/14"),
        ("grade", "100245"),
        ("grade", "a@b.test"),
        ("subject", "Quimby"),
        ("subject", "English 100245"),
        ("course-title", "Algebra I - Quimby"),
        ("period", "Quimby"),
        ("term", "Quimby 2"),
        ("term-date", "2014-05-12"),
        ("term-date", "05/12/14"),
        ("job", "Rosalind Quimby"),
        ("department", "a@b.test"),
        ("school-name", "Rosalind Quimby"),
        ("school-name", "Rosalind K. Quimby"),
        ("school-name", "P.S. Quimby"),
        ("school-name", "r.quimby@school.test"),
        ("course-number", "zqid1"),
        ("course-number", "Quimby"),
        ("school", "zqschool"),
        ("school", "0499"),
        ("grade", ""),
        ("period", "\uff211234"),
    ],
)
def test_values_that_look_like_somebodys_data_are_not_shown(shape: str, value: str) -> None:
    assert public_values.select_shown(report(), shape, [value]) == frozenset()


def test_swapped_columns_show_nothing_private() -> None:
    for name, left, right in (
        ("students", "Grade", "Last_name"),
        ("students", "School_id", "Student_id"),
        ("sections", "Course_name", "Name"),
        ("sections", "Subject", "Teacher_id"),
        ("schools", "School_name", "Principal"),
        ("schools", "School_id", "Principal"),
    ):
        held = district()
        columns = {column: held[name].rows[column].tolist() for column in held[name].rows.columns}
        columns[left], columns[right] = columns[right], columns[left]
        held[name] = table(name, columns)
        lines = held[name].lines.tolist()
        tally = Tally(name, left, [(value, 1) for value in columns[left]])
        outcome = found("r", [places(name, left, lines), places(name, right, lines)], tally=tally)
        by_school = {"r": dict.fromkeys(columns["School_id"], 1)}
        made = mask(report([outcome], tables=held, by_school=by_school))
        shown = (
            values.list_places(made, outcome),
            values.tally(made.outcomes[0]),
            values.count_by_school(made, outcome),
            values.list_schools(made),
        )
        assert "zq" not in repr(shown), (name, left, right)


def test_schools_nobody_else_names_are_summed_without_their_id() -> None:
    outcome = found("r", [])
    made = report([outcome], by_school={"r": {"0412": 2, "zqschool": 3, "": 1}})
    assert values.count_by_school(mask(made), outcome) == [(None, 4), ("0412", 2)]
    assert values.count_by_school(made, outcome) == [("zqschool", 3), ("0412", 2), (None, 1)]


def test_a_masked_edition_lists_only_schools_that_it_may_name() -> None:
    named = [(school.school_id, school.name) for school in values.list_schools(mask(report()))]
    assert named == [("0412", "Oak Elementary School"), ("", "")]
    assert len(values.list_schools(report())) == values.count_schools(mask(report())) == 2


def test_an_unknown_header_is_named_by_its_position() -> None:
    file = SourceFile(
        "students.csv", "students", 4, 100, "0", columns_unused=["zqchild", "zqother"]
    )
    for positions, shown in (
        ((7, 9), ["column 7", "column 9"]),
        ((), ["an unknown column", "an unknown column"]),
    ):
        held = dataclasses.replace(file, unused_positions=positions)
        made = report(export=Export("clever", None, district(), [held], {}, {}))
        assert list(mask(made).export.files[0].columns_unused) == shown
        assert made.export.files[0].columns_unused == ["zqchild", "zqother"]


def test_a_header_is_shown_only_if_the_format_knows_it() -> None:
    made = report()
    assert privacy_places.show_header(made, "students", "DOB") == "Dob"
    assert privacy_places.show_header(made, "students", "ext.locker") == "ext.locker"
    assert privacy_places.find_column(made, "students", "zqchild") is None


def test_the_position_of_a_column_is_shown_and_a_heading_like_it_is_not() -> None:
    headers = {"zqchild": Position(7), "zqother": "column 7"}
    headless = table("students", {"zqchild": ["x"], "zqother": ["y"]}, headers=headers)
    made = report(export=Export("sis", None, {"students": headless}, [], {}, {}))
    assert privacy_places.find_column(made, "students", "zqchild") == Position(7)
    assert privacy_places.find_column(made, "students", "zqother") is None


def test_what_was_not_found_or_is_never_listed_has_no_rows() -> None:
    passed = Outcome(rule("r"), Status.PASSED, Level.BLOCKER)
    counted = found("r", [places("students", "Grade", [2])], lists=False)
    assert values.list_places(report(), passed) == values.list_places(report(), counted) == []
    assert values.tally(passed) == []


@pytest.mark.parametrize("seed", range(8))
def test_titles_with_enough_students_are_the_same_whichever_enrollments_come_first(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = np.random.default_rng(seed)
    titles = [f"Title {number}" for number in random.integers(5, size=9)]
    sections = table("sections", {"Section_id": [str(n) for n in range(9)], "Course_name": titles})
    section, student = random.integers(11, size=60).tolist(), random.integers(14, size=60).tolist()
    enrollments = table(
        "enrollments",
        {"Section_id": list(map(str, section)), "Student_id": list(map(str, student))},
    )
    students = {
        title: {
            who for at, who in zip(section, student, strict=True) if titles[at : at + 1] == [title]
        }
        for title in titles
    }
    expected = {title for title, who in students.items() if len(who) >= FEWEST_SHARING}
    for first in (1, 20, 60):
        monkeypatch.setattr(public_values, "FIRST", first)
        assert public_values._find_well_enrolled(sections, "Course_name", enrollments) == expected
