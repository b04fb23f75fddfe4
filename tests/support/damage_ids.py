"""Damages of ids: they no longer match, or they match too much."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.support.districts import (
    SECTIONS,
    STUDENTS,
    TEACHERS,
    Link,
    Written,
    change_cells,
    change_ids,
    copy,
)
from tests.support.other_formats import TAUGHT, District, Row, once, teachers_of

Change = Callable[[str], str]
Spoil = Callable[[Random, District], District]

LINKS = (STUDENTS, TEACHERS, SECTIONS)


def keep(rng: Random, district: District) -> District:
    """Return the district as it is."""
    return district


def restyle(*styles: Callable[[int], str], links: tuple[Link, ...] = LINKS) -> Spoil:
    """Return a step that gives all ids one of these styles, in all files alike."""

    def prepare(rng: Random, district: District) -> District:
        for link in links:
            style = rng.choice(styles)
            number = {
                id: style(at + 4101 + 100_000 * LINKS.index(link))
                for at, id in enumerate(dict.fromkeys(r[link.column] for r in district[link.table]))
            }
            change_ids(district, link, lambda id, number=number: number.get(id, id))
        return district

    return prepare


def spoil_ids(*changes: Change, links: tuple[Link, ...] = LINKS) -> Spoil:
    """Return a damage that changes the ids of one file, or the references to them."""

    def spoil(rng: Random, district: District) -> District:
        link, change = rng.choice(links), rng.choice(changes)
        of_keys = rng.random() < 0.4
        places = [(link.table, link.column)] if of_keys else list(link.references)
        if link is SECTIONS:
            district["sections"] = [
                {**row, TAUGHT: row["Section_id"]} for row in district["sections"]
            ]
        change_cells(district, places, change)
        return district

    return spoil


def spoil_references(*changes: Change, links: tuple[Link, ...] = LINKS) -> Spoil:
    """Return a damage that changes the references to the ids of one file."""

    def spoil(rng: Random, district: District) -> District:
        link, change = rng.choice(links), rng.choice(changes)
        change_cells(district, link.references, change)
        return district

    return spoil


def insert(text: str) -> Change:
    """Return a change that puts a text between the first two characters."""
    return lambda id: id[:1] + text + id[1:]


def to_capitals(id: str) -> str:
    """Return the id in capital letters, or in small ones if it has no small letter."""
    return id.upper() if id.upper() != id else id.lower()


def write_thousands(id: str) -> str:
    """Return the number with a comma for each three digits."""
    return f"{int(id):,}" if id.isdecimal() else id


def write_power(id: str) -> str:
    """Return the number in powers of ten with all of its digits."""
    return f"{id[0]}.{id[1:]}E+{len(id) - 1:02}"


def widen(id: str) -> str:
    """Return the id with digits of full width, as East Asian keyboards write them."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in id)


def cut_digits(id: str) -> str:
    """Return the number as a spreadsheet saves it: fifteen digits, then zeros."""
    return id[:15] + "0" * (len(id) - 15)


NUMBERS = restyle(str, lambda n: str(n + 300_000), lambda n: str(8_000_000_017 + 13 * n))
LETTERS = restyle(
    lambda n: f"kx{n}", lambda n: f"id-{n:x}-q", lambda n: f"{n * 0x9E3779B97F4A7C15:032x}"
)
PADDED = restyle(lambda n: f"{n:07}", lambda n: f"00{n}")
DASHED = restyle(lambda n: f"M{n}-1", lambda n: f"{n // 100}-{n % 100:02}")
LONG = restyle(lambda n: f"{n}55500012{n}567", lambda n: f"{n}99887766554{n:04}")
ACCENTED = restyle(lambda n: f"\u00e9{n}", lambda n: f"{n}-\u00f1-a")


def join_school(rng: Random, district: District) -> District:
    """Join the school's id and the id of the row, in one file."""
    joint = rng.choice(("-", "_", ".", ""))
    table, column = rng.choice((("enrollments", "Student_id"), ("enrollments", "Section_id")))
    for row in district[table]:
        row[column] = row[column] and row["School_id"] + joint + row[column]
    return district


def name_another_number(rng: Random, district: District) -> District:
    """Refer to people by another of their numbers."""
    link, other = rng.choice(((STUDENTS, "Student_number"), (TEACHERS, "Teacher_number")))
    numbers = {row[link.column]: row[other] for row in district[link.table]}
    change_cells(district, link.references, lambda id: numbers.get(id, id))
    return district


def put_teachers_in_a_cell(rng: Random, district: District) -> District:
    """Write the co-teachers of a section into one cell."""
    mark = rng.choice((";", ", ", "|", "/"))
    everybody = [row["Teacher_id"] for row in district["teachers"]]
    for row in district["sections"]:
        teachers = teachers_of(row)
        if len(teachers) > 1:
            row["Teacher_id"], row["Teacher_2_id"] = mark.join(teachers), ""
    assert everybody
    return district


def put_students_in_a_cell(rng: Random, district: District) -> District:
    """Write all students of a section into one cell."""
    rooms: dict[str, list[Row]] = {}
    for row in district["enrollments"]:
        rooms.setdefault(row["Section_id"], []).append(row)
    district["enrollments"] = [
        {**rows[0], "Student_id": ";".join(row["Student_id"] for row in rows)}
        for rows in rooms.values()
    ]
    return district


def write_zero(rng: Random, district: District) -> District:
    """Write a filler where a section has no second teacher, but for the first one."""
    filler = rng.choice(("0", "0000", "-1", "N/A"))
    alone = [row for row in district["sections"] if not row.get("Teacher_2_id")]
    for row in alone[1:]:
        row["Teacher_2_id"] = filler
    return district


def enroll_teachers(rng: Random, district: District) -> District:
    """List the teachers of each section among its students."""
    known = {row["Teacher_id"] for row in district["teachers"]}
    for section in district["sections"]:
        district["enrollments"] += [
            {**{c: section[c] for c in ("School_id", "Section_id")}, "Student_id": teacher}
            for teacher in teachers_of(section)[:1]
            if teacher in known
        ]
    return district


def share_an_id(rng: Random, district: District) -> District:
    """Give a teacher the id of a student."""
    student = rng.choice(district["enrollments"])["Student_id"]
    teacher = district["teachers"][0]["Teacher_id"]
    change_ids(district, TEACHERS, lambda id: student if id == teacher else id)
    return district


def double_enrollments(rng: Random, district: District) -> District:
    """List the sections of a student who has the id of a teacher twice."""
    shared = district["teachers"][0]["Teacher_id"]
    twice = [dict(row) for row in district["enrollments"] if row["Student_id"] == shared]
    district["enrollments"] += twice
    return district


def number_within_schools(rng: Random, district: District) -> District:
    """Number the sections of each school from 1."""
    numbers: dict[tuple[str, str], str] = {}
    for row in district["sections"]:
        school = row["School_id"]
        count = sum(1 for known, _ in numbers if known == school)
        numbers[school, row["Section_id"]] = str(count + 1)
    for table in ("sections", "enrollments"):
        for row in district[table]:
            section = row["Section_id"]
            row["Section_id"] = numbers.get((row["School_id"], section), section)
    return district


def keep_one_school(rng: Random, district: District) -> District:
    """Leave only the students of the smallest school in the students file."""
    sizes: dict[str, int] = {}
    for row in district["students"]:
        sizes[row["School_id"]] = sizes.get(row["School_id"], 0) + 1
    smallest = min(sizes, key=lambda school: (sizes[school], school))
    kept = [row for row in district["students"] if row["School_id"] == smallest]
    district["students"] = kept
    return district


def leave_out_school(rng: Random, district: District) -> District:
    """Leave one school out of the schools file."""
    gone = rng.choice(district["schools"])["School_id"]
    district["schools"] = [row for row in district["schools"] if row["School_id"] != gone]
    return district


def prepare_once(rng: Random, district: District) -> District:
    """Return the district with one row for each student."""
    return copy(once(district))


def leave_out(file: str) -> Callable[[Random, Written], Written]:
    """Return a damage that leaves the record that most rows name out of a file."""

    def rewrite(rng: Random, written: Written) -> Written:
        files = dict(written.files)
        header, *lines = files[file].decode().splitlines()
        times = {line: named(written, line.partition(",")[0]) for line in lines}
        gone = max(lines, key=lambda line: times[line])
        kept = [line for line in lines if line != gone]
        files[file] = "\n".join([header, *kept, ""]).encode()
        return replace(written, files=files)

    return rewrite


def share_courses(rng: Random, district: District) -> District:
    """Give every third section one and the same course, and every fourth one the fall term."""
    same = ("Course_name", "Course_number", "Subject")
    for row in district["sections"][::3]:
        row.update({column: district["sections"][0][column] for column in same})
    for row in district["sections"][::4]:
        row.update(Term_name="Fall", Term_end="12/18/2026")
    return district


def named(written: Written, id: str) -> int:
    """Return in how many cells of classes an id is."""
    rows = csv.reader(io.StringIO(written.files["classes.csv"].decode(), newline=""))
    return sum(row.count(id) for row in rows)


def rename_demographics(rng: Random, written: Written) -> Written:
    """Write another number of each person for the sourcedId into demographics.

    A user without a sourcedId is nobody that a row of demographics could name.
    """
    files = dict(written.files)
    users = csv.DictReader(io.StringIO(files["users.csv"].decode(), newline=""))
    other = {row["sourcedId"]: row.get("identifier") or row.get(MATCH, "") for row in users}
    other.pop("", None)
    header, *lines = files["demographics.csv"].decode().splitlines()
    changed = [
        other.get(id, id) + comma + rest for id, comma, rest in (x.partition(",") for x in lines)
    ]
    files["demographics.csv"] = "\n".join([header, *changed, ""]).encode()
    return replace(written, files=files)


MATCH = "activeDirectoryMatchId"
