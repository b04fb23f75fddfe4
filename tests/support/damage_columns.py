"""Damages of columns: another content, or content that a program made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from tests.support.damage_texts import change_addresses
from tests.support.districts import AS_OF
from tests.support.other_formats import District, Row
from validator.sample.tables import format_date, format_grade

YEAR_START = dt.date(2026, 8, 17)


def swap(*pairs: tuple[str, str, str]) -> Callable[[Random, District], District]:
    """Return a damage that swaps two columns of a table."""

    def spoil(rng: Random, district: District) -> District:
        table, left, right = rng.choice(pairs)
        for row in district[table]:
            row[left], row[right] = row[right], row[left]
        return district

    return spoil


def join_names(rng: Random, district: District) -> District:
    """Write the whole name into one of the two columns."""
    order = rng.random() < 0.5
    for row in district["students"]:
        first, last = row["First_name"], row["Last_name"]
        if order:
            row["Last_name"], row["First_name"] = f"{last}, {first}", ""
        else:
            row["First_name"], row["Last_name"] = f"{first} {last}", ""
    return district


def add_address_prefix(rng: Random, district: District) -> District:
    """Write a directory's prefix before each address."""
    prefix = rng.choice(("SMTP:", "smtp:", "mailto:"))
    return change_addresses(district, lambda text: prefix + text)


def use_inside_network(rng: Random, district: District) -> District:
    """Write sign-in names of the district's own network for addresses."""
    domain = rng.choice(("maplehollow.local", "maplehollow.lan", "maplehollow.internal"))
    return change_addresses(district, lambda text: f"{text.split('@')[0]}@{domain}")


def parse(text: str) -> dt.date:
    """Return the day that is written as MM/DD/YYYY."""
    month, day, year = (int(part) for part in text.split("/"))
    return dt.date(year, month, day)


def change_births(change: Callable[[Random, Row], str]) -> Callable[[Random, District], District]:
    """Return a damage that writes another birth date for each student."""

    def spoil(rng: Random, district: District) -> District:
        by_id = {row["Student_id"]: _change_birth(rng, row, change) for row in district["students"]}
        for row in district["students"]:
            row["DOB"] = by_id[row["Student_id"]]
        return district

    return spoil


def _change_birth(rng: Random, row: Row, change: Callable[[Random, Row], str]) -> str:
    """Return the changed date, and what is no date as it is."""
    try:
        return change(rng, row)
    except ValueError:
        return row["DOB"]


def first_day(rng: Random, row: Row) -> str:
    """Return a day around the first day of this school year."""
    return format_date(YEAR_START + dt.timedelta(days=rng.randrange(-5, 25)))


def of_1904(rng: Random, row: Row) -> str:
    """Return the birth date as a workbook with the 1904 date system has it."""
    return format_date(parse(row["DOB"]) - dt.timedelta(days=1462))


def of_age(rng: Random, row: Row) -> str:
    """Return the day of the export as many years ago as the student is old."""
    born = parse(row["DOB"])
    age = AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))
    return format_date(AS_OF.replace(year=AS_OF.year - age))


def of_everybody(rng: Random, row: Row) -> str:
    """Return one and the same day."""
    return "07/01/2014"


def of_a_blank(rng: Random, row: Row) -> str:
    """Return the first day that a program knows."""
    return "01/01/0001"


def move_time_zone(rng: Random, district: District) -> District:
    """Write birth dates as the local time of a midnight elsewhere."""
    hour = rng.choice((19, 20, 17))

    def move(rng: Random, row: Row) -> str:
        day = parse(row["DOB"]) - dt.timedelta(days=1)
        return f"{day.isoformat()}T{hour}:00:00"

    return change_births(move)(rng, district)


def keep_grades(rng: Random, district: District) -> District:
    """Write last year's grade for every student but those of Kindergarten, who are new."""
    for row in district["students"]:
        if row["Grade"].isdecimal() and int(row["Grade"]) <= 12:
            row["Grade"] = format_grade(int(row["Grade"]) - 1)
    return district


def send_identity_numbers(*columns: str) -> Callable[[Random, District], District]:
    """Return a damage that writes numbers of the form of social security numbers.

    They begin with 900 and were never issued.
    """

    def spoil(rng: Random, district: District) -> District:
        column = rng.choice(columns)
        numbers: dict[str, str] = {}
        for row in district["students"]:
            group, serial = rng.randrange(1, 100), rng.randrange(1, 10_000)
            number = f"{rng.randrange(900, 1000)}-{group:02}-{serial:04}"
            own = numbers.setdefault(row["Student_id"], number)
            row[column] = own
        return district

    return spoil
