"""Damages of rows: moved, cut off, of another time, or of nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tests.support.damage_texts import STUDENT_FILES
from tests.support.districts import STATUS, Written, copy
from tests.support.other_formats import YEAR, District, once

SUFFIXED = re.compile(r'"([^",]+,(?: Jr|Sr)\.)"')
"""A name with a suffix after a comma, as it is in a file."""


def move_rows(rng: Random, written: Written) -> Written:
    """Leave out the quotation marks around names with a suffix in the students' file.

    The exporter leaves out what is blank at the end of a row, so that most rows keep their length.
    """
    files = dict(written.files)
    name = next(name for name in files if name.lower() in STUDENT_FILES)
    lines = files[name].decode().split("\n")
    files[name] = "\n".join(map(_move, lines)).encode()
    return replace(written, files=files)


def _move(line: str) -> str:
    """Return a line without the quotation marks around a name, and without a last blank cell."""
    moved = SUFFIXED.sub(r"\1", line)
    return line if moved == line else moved.removesuffix(",")


def add_blank_column(rng: Random, district: District) -> District:
    """Give students one row each, and a last column that is blank."""
    district = copy(once(district))
    for row in district["students"]:
        row[YEAR] = ""
    return district


def add_suffixes(rng: Random, district: District) -> District:
    """Give students one row each and a last column that is blank, and four of them a suffix."""
    district = add_blank_column(rng, district)
    for row in rng.sample(district["students"], 4):
        row["Last_name"] += rng.choice((", Jr.", ",Sr."))
    return district


def cut_off(rng: Random, written: Written) -> Written:
    """End a file in the middle of a row."""
    files = dict(written.files)
    name = rng.choice([name for name in files if name.lower() in STUDENT_FILES])
    lines = files[name].decode().splitlines(keepends=True)
    end = len(lines) * 2 // 3 if "users" not in name else len(lines) // 3
    row = lines[end]
    files[name] = ("".join(lines[:end]) + row[: row.index(",") + 3]).encode()
    return replace(written, files=files)


def take_last_year(rng: Random, district: District) -> District:
    """Write the days of last school year for all enrollments."""
    for row in district["enrollments"]:
        row["Begin"], row["End"] = "08/18/2025", "06/05/2026"
    return district


def date_enrollments(rng: Random, district: District) -> District:
    """Give enrollments the days of this school year."""
    for row in district["enrollments"]:
        row["Begin"], row["End"] = "08/17/2026", "06/04/2027"
    return district


def leave_withdrawn(rng: Random, district: District) -> District:
    """Leave some students out of the students' file, and not out of the enrollments."""
    ids = list(dict.fromkeys(row["Student_id"] for row in district["students"]))
    gone = set(rng.sample(ids, max(9, len(ids) // 12)))
    district["students"] = [row for row in district["students"] if row["Student_id"] not in gone]
    return district


def keep_one_section(rng: Random, district: District) -> District:
    """Leave each student in one section, as in elementary schools."""
    first = {row["Student_id"]: row for row in reversed(district["enrollments"])}
    district["enrollments"] = list(first.values())
    return district


def withdraw(rng: Random, district: District) -> District:
    """Mark some students as no longer active, and leave them in all files."""
    for row in rng.sample(district["students"], 12):
        row[STATUS] = "I"
    return district


def mark_dead(rng: Random, district: District) -> District:
    """Add student records that are marked as dead in the name, without classes and addresses."""
    mark = rng.choice((" (dupe)", " DO NOT USE", "_dupe"))
    for at, row in enumerate(district["students"][:40:10]):
        dead = dict(row, Student_id=f"{row['Student_id']}9", Student_email="", State_id="")
        dead["Student_number"] = f"77{at}001"
        dead["Last_name"] += mark
        district["students"].append(dead)
    return district


def move_sections(rng: Random, district: District) -> District:
    """Write another school for some sections, and leave everybody in them where they were."""
    schools = [row["School_id"] for row in district["schools"]]
    for row in district["sections"][2:22:5]:
        row["School_id"] = schools[(schools.index(row["School_id"]) + 1) % len(schools)]
    return district


def move_to_district(rng: Random, district: District) -> District:
    """Write the district's id for the school of all students and teachers."""
    for table in ("students", "teachers"):
        for row in district[table]:
            row["School_id"] = "D1"
    return district


def belong_to_district(rng: Random, written: Written) -> Written:
    """Write the district as the organization of all students and teachers."""
    files = dict(written.files)
    name = "roles.csv" if "roles.csv" in files else "users.csv"
    header, *lines = files[name].decode().splitlines()
    at = next(i for i, column in enumerate(header.split(",")) if column.startswith("orgSourcedId"))
    moved = []
    for line in lines:
        cells = line.split(",")
        cells[at] = cells[at] if "administrator," in line.lower() else "D1"
        moved.append(",".join(cells))
    files[name] = "\n".join([header, *moved, ""]).encode()
    columns = files["orgs.csv"].decode().splitlines()[0].split(",")
    row = {"sourcedId": "D1", "name": "Maple Hollow Unified", "type": "district"}
    files["orgs.csv"] += (",".join(row.get(column, "") for column in columns) + "\n").encode()
    return replace(written, files=files)
