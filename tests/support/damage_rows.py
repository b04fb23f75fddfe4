"""Damages of rows: moved, cut off, of another time, or of nobody."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.support.damage_texts import STUDENT_FILES
from tests.support.districts import STATUS, Written, copy
from tests.support.other_formats import YEAR, District, once


def move_rows(rng: Random, written: Written) -> Written:
    """Write a comma without quotation marks into some names of the students' file.

    The exporter leaves out what is blank at the end of a row, so that most rows keep their length.
    """
    files = dict(written.files)
    name = next(name for name in files if name.lower() in STUDENT_FILES)
    header, *lines = files[name].decode().splitlines()
    columns = header.split(",")
    at = next(i for i, column in enumerate(columns) if column in LAST_NAMES)
    plain = [number for number, line in enumerate(lines) if _is_plain(line, columns, ROLE)]
    for number in rng.sample(plain, min(4, len(plain))):
        cells = lines[number].split(",")
        cells[at] += rng.choice((", Jr.", ",Sr."))
        lines[number] = ",".join(cells[:-1])
    files[name] = "\n".join([header, *lines, ""]).encode()
    return replace(written, files=files)


def _is_plain(line: str, columns: list[str], role: str) -> bool:
    """Return whether the row is a student's, has no quotation marks and a blank last cell."""
    cells = line.split(",")
    if len(cells) != len(columns) or '"' in line or cells[-1]:
        return False
    return role not in columns or cells[columns.index(role)] == "student"


ROLE = "role"
LAST_NAMES = ("Last_name", "familyName", "Last Name", "Surname")


def add_blank_column(rng: Random, district: District) -> District:
    """Give students one row each, and a last column that is blank."""
    district = copy(once(district))
    for row in district["students"]:
        row[YEAR] = ""
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
