"""Damages in a part of the rows, and ordinary rows that look like one."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from random import Random

import pytest

from tests.support import damage_columns as columns
from tests.support.damage_kinds import in_half
from tests.support.damage_rows import date_enrollments
from tests.support.districts import build, copy, judge, write
from tests.support.other_formats import District, Row, once
from validator.model import Level, Report


def spoil(change: Callable[[Random, District], object], format: str = "clever") -> Report:
    """Return the report on a made-up district of 300 students that `change` has changed."""
    rng = Random(11)
    district = copy(once(build(rng, 300)))
    changed = change(rng, district)
    return judge(write(changed if isinstance(changed, dict) else district, format), "khan-academy")


def list_sure(report: Report) -> list[str]:
    """Return the ids of what is diagnosed for sure."""
    return [each.id for each in report.diagnoses if each.sure]


def letters(text: str) -> str:
    """Return a name as it is in an address."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def address(row: Row, *, reverse: bool) -> str:
    """Return the address of a student, with the last name in front if wanted."""
    names = [letters(row[column]) for column in ("First_name", "Last_name")]
    return ".".join(names[::-1] if reverse else names) + "@students.maplehollow.k12.example"


@pytest.mark.parametrize("format", ["clever", "oneroster", "sds"])
def test_names_that_are_swapped_in_some_rows_are_recognized(format: str) -> None:
    damage = in_half(columns.swap(("students", "First_name", "Last_name")))
    assert list_sure(spoil(damage, format)) == ["columns-swapped"]


def test_two_schools_with_two_schemes_of_addresses_are_none() -> None:
    def change(rng: Random, district: District) -> None:
        schools = sorted({row["School_id"] for row in district["students"]})
        for row in district["students"]:
            reverse = row["School_id"] in schools[::2]
            row["Student_email"] = address(row, reverse=reverse)

    assert not spoil(change).diagnoses


def test_addresses_and_dates_that_are_swapped_in_some_rows_explain_these_rows() -> None:
    def change(rng: Random, district: District) -> None:
        for row in district["students"][:9]:
            row["DOB"], row["Student_email"] = row["Student_email"], row["DOB"]

    (diagnosis,) = spoil(change).diagnoses
    assert (diagnosis.id, diagnosis.sure, diagnosis.records) == ("columns-swapped", True, 9)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("Student_email", "ann.madeup@@school", "student-email-invalid"),
        ("Student_email", "", "student-email-missing"),
        ("DOB", "31/31/2015", "student-dob-invalid"),
    ],
)
def test_a_swapped_row_with_an_ordinary_fault_keeps_that_fault_alone(
    column: str, value: str, rule: str
) -> None:
    def change(rng: Random, district: District) -> None:
        district["students"][3][column] = value
        for row in district["students"][:9]:
            row["DOB"], row["Student_email"] = row["Student_email"], row["DOB"]

    report = spoil(change)
    assert [(each.id, each.sure, each.records) for each in report.diagnoses] == [
        ("columns-swapped", True, 9)
    ]
    cells = [
        (each.rule.id, block.column, block.lines.tolist())
        for each in report.outcomes
        for block in (each.finding.places if each.finding else ())
        if len(block) and not block.explained_by and block.column in ("Student_email", "DOB")
        if each.level is not Level.FACT
    ]
    assert cells == [(rule, column, [5])]


def test_addresses_that_were_copied_into_another_column_are_not_swapped() -> None:
    def change(rng: Random, district: District) -> None:
        for row in district["students"][:12]:
            row["DOB"] = row["Student_email"]

    assert not spoil(change).diagnoses


@pytest.mark.parametrize(("least", "most"), [(1, 5), (2, 6), (3, 7)])
def test_students_who_are_older_by_any_number_of_years_are_no_workbook(
    least: int, most: int
) -> None:
    def change(rng: Random, district: District) -> None:
        for row in district["students"]:
            if rng.random() < 0.3:
                born = columns.parse(row["DOB"])
                days = round(365.25 * rng.randint(least, most))
                row["DOB"] = f"{born - dt.timedelta(days=days):%m/%d/%Y}"

    assert not spoil(change).diagnoses


def test_dates_of_1904_in_some_rows_are_recognized() -> None:
    report = spoil(in_half(columns.change_births(columns.of_1904)))
    assert list_sure(report) == ["dates-of-1904"]


def test_people_at_an_unknown_school_without_sections_are_two_readings() -> None:
    def change(rng: Random, district: District) -> None:
        for row in district["students"][:30]:
            row["School_id"] = "V1"

    report = spoil(change)
    assert {each.id for each in report.diagnoses} == {"organization-is-district", "record-left-out"}
    assert not list_sure(report)


def test_few_identity_numbers_among_others_are_none() -> None:
    def change(rng: Random, district: District) -> None:
        for at, row in enumerate(district["students"][:7]):
            row["State_id"] = f"{at + 212}-{at + 14}-{at + 4000}"

    assert not spoil(change).diagnoses


def born_on_new_years_day(rng: Random, district: District) -> None:
    """Write January 1 for the day of a third of all birth dates, as in the papers of refugees."""
    for row in district["students"][::3]:
        row["DOB"] = f"01/01/{row['DOB'][-4:]}"


def born_in_two_weeks(rng: Random, district: District) -> None:
    """Write days of this month as the birth dates of a tenth of the students."""
    for row in district["students"][::10]:
        row["DOB"] = f"11/{rng.randint(1, 14):02}/2026"


def teach_two_grades(rng: Random, district: District) -> None:
    """Make classes of two grades, named by the higher one."""
    for row in district["sections"]:
        if row["Grade"].isdecimal() and int(row["Grade"]) % 2 == 1:
            row["Grade"] = str(int(row["Grade"]) + 1)


def leave_sections_in(rng: Random, district: District) -> None:
    """Leave half of last year's sections in, without their days, and everybody who was in them."""
    old = {row["Section_id"]: f"{row['Section_id']}9" for row in district["sections"][::2]}
    district["sections"] += [
        {**row, "Section_id": old[row["Section_id"]], "Term_start": "", "Term_end": ""}
        for row in district["sections"][::2]
    ]
    rows = [row for row in district["enrollments"] if row["Section_id"] in old]
    date_enrollments(rng, district)
    district["enrollments"] += [
        {**row, "Section_id": old[row["Section_id"]], "Begin": "08/18/2025", "End": "06/05/2026"}
        for row in rows
    ]


def share_sections(rng: Random, district: District) -> None:
    """List a quarter of the sections at a second school as well."""
    schools = [row["School_id"] for row in district["schools"]]
    for row in district["sections"][::4]:
        other = schools[(schools.index(row["School_id"]) + 1) % len(schools)]
        district["sections"].append({**row, "School_id": other})


@pytest.mark.parametrize(
    ("change", "format"),
    [
        (born_on_new_years_day, "clever"),
        (born_in_two_weeks, "oneroster"),
        (teach_two_grades, "raw"),
        (leave_sections_in, "raw"),
        (leave_sections_in, "oneroster"),
        (share_sections, "clever"),
        (share_sections, "oneroster"),
        (share_sections, "sds"),
    ],
)
def test_what_is_true_of_a_part_of_the_rows_is_no_damage(
    change: Callable[[Random, District], None], format: str
) -> None:
    assert not spoil(change, format).diagnoses
