"""Damages of one school or of some rows, and of columns that the roster does not use."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from tests.support import damage_ids, damage_texts
from tests.support.districts import (
    SCHOOLS,
    Written,
    build,
    change_ids,
    copy,
    judge,
    list_findings,
    write,
)
from tests.support.other_formats import District, Row, once

Change = Callable[[Row], None]


def make(seed: int, students: int) -> District:
    """Return a district with one row for each student."""
    return copy(once(build(Random(seed), students)))


def edit(written: Written, file: str, change: Change) -> Written:
    """Return the files with every row of one file changed."""
    rows = list(csv.DictReader(io.StringIO(written.files[file].decode(), newline="")))
    for row in rows:
        change(row)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return replace(written, files={**written.files, file: text.getvalue().encode()})


def diagnose(clean: Written, damaged: Written, *, same: bool = True) -> list[tuple[str, bool]]:
    """Return the diagnoses of the files; what they leave is what the undamaged files have."""
    report = judge(damaged, "khan-academy")
    if same:
        assert list_findings(report) == list_findings(judge(clean, "khan-academy"))
    return [(each.id, each.sure) for each in report.diagnoses]


def parse(text: str) -> dt.date:
    """Return the day that is written as MM/DD/YYYY."""
    return dt.datetime.strptime(text, "%m/%d/%Y").date()


def back_1904(row: Row) -> None:
    row["DOB"] = f"{parse(row['DOB']) - dt.timedelta(days=1462):%m/%d/%Y}"


def make_one_date(row: Row) -> None:
    row["DOB"] = "07/01/2014"


def make_age(row: Row) -> None:
    row["DOB"] = f"11/16/{row['DOB'][-4:]}"


def use_network(row: Row) -> None:
    row["Student_email"] = row["Student_email"].split("@")[0] + "@hollow.local"


@pytest.mark.parametrize(
    ("change", "id", "same"),
    [
        (back_1904, "dates-of-1904", True),
        (make_one_date, "one-date-for-all", False),
        (make_age, "dates-from-ages", False),
        (use_network, "addresses-of-an-inside-network", False),
    ],
)
def test_a_damage_of_one_school_is_recognized(change: Change, id: str, same: bool) -> None:
    clean = write(make(1, 200), "clever")
    first = "101"

    damaged = edit(
        clean, "students.csv", lambda row: change(row) if row["School_id"] == first else None
    )

    assert diagnose(clean, damaged, same=same) == [(id, True)]


def test_a_time_of_day_in_some_birth_dates_moves_only_these() -> None:
    clean = write(make(2, 80), "clever")
    number = iter(range(10_000))

    def move(row: Row) -> None:
        if next(number) % 2:
            row["DOB"] = f"{parse(row['DOB']) - dt.timedelta(days=1)}T19:00:00"

    damaged = edit(clean, "students.csv", move)

    assert diagnose(clean, damaged) == [("dates-moved-by-time-zone", True)]


@pytest.mark.parametrize("change", [str.upper, lambda id: f"X{id}"], ids=["capitals", "letter"])
def test_ids_of_two_schools_are_enough(change: Callable[[str], str]) -> None:
    district = make(3, 60)
    change_ids(district, SCHOOLS, lambda id: f"sch{id}")
    clean = write(district, "clever")

    damaged = edit(clean, "schools.csv", lambda row: row.update(School_id=change(row["School_id"])))

    ((_, sure),) = diagnose(clean, damaged)
    assert sure


def test_a_number_that_the_roster_does_not_use_is_another_column() -> None:
    clean = write(make(4, 60), "sds-2.1")
    users = csv.DictReader(io.StringIO(clean.files["users.csv"].decode(), newline=""))
    other = {row["sourcedId"]: row["activeDirectoryMatchId"] for row in users}

    def refer(row: Row) -> None:
        if row["role"] == "student":
            row["userSourcedId"] = other[row["userSourcedId"]]

    damaged = edit(clean, "enrollments.csv", refer)

    assert diagnose(clean, damaged) == [("ids-from-another-column", True)]


def test_identity_numbers_in_a_list_of_other_ids_are_recognized() -> None:
    clean = write(make(5, 60), "oneroster")
    serial = iter(range(1000, 10_000))

    def send(row: Row) -> None:
        row["userIds"] = f"{{SSN:912-34-{next(serial)}}}"

    damaged = edit(clean, "users.csv", send)

    report = judge(damaged, "khan-academy")
    assert {each.id for each in report.diagnoses} == {"identity-numbers-sent"}
    assert not any("912" in each.evidence for each in report.diagnoses)


def test_a_row_that_the_roster_does_not_have_is_undone_too() -> None:
    clean = write(make(6, 60), "oneroster-1.2")
    header, *lines = clean.files["users.csv"].decode().splitlines()
    twice = next(line for line in lines if "@maplehollow" in line)
    files = {**clean.files, "users.csv": "\n".join([header, *lines, twice, ""]).encode()}
    clean = replace(clean, files=files)

    damaged = edit(clean, "users.csv", lambda row: row.update(email=f"smtp:{row['email']}"))

    assert diagnose(clean, damaged) == [("addresses-with-prefix", True)]


def test_text_that_was_read_in_the_wrong_way_twice_is_undone_at_once() -> None:
    district = damage_texts.add_accents(Random(7), make(7, 80))

    def garble(text: str) -> str:
        return text.encode().decode("cp1252", "replace")

    clean = write(copy(district), "clever")
    damaged = write(
        damage_texts.change_names(district, lambda text: garble(garble(text))), "clever"
    )

    assert diagnose(clean, damaged) == [("decoded-twice", True)]


def test_newcomers_of_a_school_do_not_hide_grades_that_were_not_moved_up() -> None:
    clean = write(damage_ids.prepare_once(Random(8), make(8, 300)), "oneroster")

    def keep(row: Row) -> None:
        if row["orgSourcedIds"] == "101" and row["grades"].isdigit():
            grade = int(row["grades"]) - 1
            row["grades"] = f"{grade:02}" if grade else "KG"

    damaged = edit(clean, "users.csv", keep)

    assert diagnose(clean, damaged) == [("grades-not-rolled-over", True)]
