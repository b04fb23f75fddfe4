"""A made-up district of any size, written in seconds, with planted faults and the answer key."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from validator.sample import names

SIZES = {"S": 5_000, "M": 100_000, "L": 1_000_000, "XL": 6_000_000}
"""Students of each size; rounded up to whole grades of ROOM."""

AS_OF = dt.date(2025, 10, 15)
COURSES, SECTIONS, CLASS = 8, 11, 24
"""Courses of a grade, sections of each course (a prime above COURSES, so that no two sections share many students)."""

ROOM, GRADES = SECTIONS * CLASS, 6
"""Students of a grade in a school, and grades of a school."""

FAULTS: Mapping[str, tuple[str, float]] = {
    "student-email-missing": ("students", 0.003),
    "student-email-invalid": ("students", 0.001),
    "student-email-repeated": ("students", 0.001),
    "student-dob-missing": ("students", 0.001),
    "student-dob-invalid": ("students", 0.0005),
    "student-grade-missing": ("students", 0.0005),
    "student-without-section": ("students", 0.001),
    "teacher-email-missing": ("teachers", 0.005),
    "teacher-email-invalid": ("teachers", 0.002),
    "section-without-teacher": ("sections", 0.002),
    "section-term-over": ("sections", 0.003),
    "section-elective": ("sections", 0.003),
    "section-unknown": ("enrollments", 0.002),
    "student-unknown": ("enrollments", 0.002),
    "enrollment-repeated": ("enrollments", 0.001),
}
"""Rule -> table and share of its rows that are spoiled when the district has 1 % faults."""

KINDS = ("0", "1", "line", "worst")
"""How a district is spoiled: not at all, about one record in a hundred, one line of the largest file, or every e-mail
address and every enrollment."""

TITLES = (
    ("English Language Arts", names.ELA),
    ("Mathematics", names.MATH),
    ("Science", names.SCIENCE),
    ("History", names.SOCIAL),
    ("Spanish", names.LANGUAGE),
    ("Composition", names.ELA),
    ("Geography", names.SOCIAL),
    ("Statistics", names.MATH),
)
LANGUAGES = ("English", "Spanish", "Chinese", "Arabic", "")
Columns = dict[str, Any]


@dataclass
class Bench:
    """A district being made: chance, the answer key, and per table the rows that no fault has used yet."""

    rng: np.random.Generator
    share: float
    worst: bool
    key: dict[str, int] = field(default_factory=dict)
    free: dict[str, np.ndarray] = field(default_factory=dict)

    def take(self, rule: str, whole: int, times: int = 1) -> np.ndarray:
        """Rows to spoil for a rule, which then expects `times` records for each; none in a clean district."""
        table, share = FAULTS[rule]
        count = max(1, round(share * self.share * whole)) if self.share else 0
        rows, self.free[table] = self.free[table][:count], self.free[table][count:]
        if count:
            self.key[rule] = times * len(rows)
        return np.sort(rows)


def write(folder: Path, students: int, seed: int = 7, faults: str = "1") -> dict[str, int]:
    """The answer key (rule -> count) of the district written into the folder. `faults`: one of KINDS."""
    bench = Bench(np.random.default_rng(seed), float(faults == "1"), faults == "worst")
    groups = -(-students // ROOM)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"schools": _schools(-(-groups // GRADES))}
    tables["students"], unenrolled = _students(bench, groups)
    tables["teachers"] = _teachers(bench, groups)
    tables["sections"] = _sections(bench, groups)
    tables["staff"] = _staff(len(tables["schools"]["School_id"]))
    tables["enrollments"] = _enrollments(
        bench, groups, tables["students"]["Student_id"], unenrolled
    )
    for name, columns in tables.items():
        style = "needed" if name == "students" else "none"  # an address has a comma
        csv.write_csv(
            pa.table(columns), folder / f"{name}.csv", csv.WriteOptions(quoting_style=style)
        )
    if faults == "line":
        _break_a_line(folder / "enrollments.csv")
        bench.key["row-wrong-length"] = 1
    return bench.key


def _break_a_line(file: Path) -> None:
    """Puts a line that lacks cells into the middle of a file."""
    held = file.read_bytes()
    at = held.index(b"\n", len(held) // 2) + 1
    file.write_bytes(held[:at] + b"0001\n" + held[at:])


def _text(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _pick(words: Sequence[str], codes: np.ndarray) -> pa.Array:
    return pa.array(list(words)).take(pa.array(codes))


def _join(*parts: Any) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _put(column: pa.Array, rows: np.ndarray, values: pa.Array | str) -> pa.Array:
    """The column with other values in these rows (ascending)."""
    mask = np.zeros(len(column), bool)
    mask[rows] = True
    return pc.replace_with_mask(
        column, pa.array(mask), values if isinstance(values, pa.Array) else pa.scalar(values)
    )


def _school_ids(numbers: np.ndarray) -> pa.Array:
    return _text(10_001 + numbers)


def _grade(group: np.ndarray) -> np.ndarray:
    """The grade of each group: schools have Kindergarten to 5 or 7 to 12 by turns."""
    return group % GRADES + 7 * (group // GRADES % 2)


def _grades(group: np.ndarray) -> pa.Array:
    return _pick(["Kindergarten", *map(str, range(1, 13))], _grade(group))


def _schools(count: int) -> Columns:
    number = np.arange(count)
    low = _grade(number * GRADES)
    words = ["Kindergarten", *map(str, range(1, 13))]
    kinds = _pick(["Elementary School", "High School"], (low > 0).astype(int))
    return {
        "School_id": _school_ids(number),
        "School_name": _join(
            _pick(names.PLACES, number % len(names.PLACES)), " ", _text(number + 1), " ", kinds
        ),
        "School_number": _text(4_001 + number),
        "Low_grade": _pick(words, low),
        "High_grade": _pick(words, low + GRADES - 1),
    }


def _people(count: int, domain: str) -> tuple[pa.Array, pa.Array, pa.Array, np.ndarray]:
    """First names, last names, addresses, and in which round over all names each is."""
    first = [
        name
        for name in names.FIRST
        if name.isascii()
        and name.isalpha()
        and not any(
            name != other and (name.startswith(other) or other.startswith(name))
            for other in names.FIRST
        )
    ]
    last = [name for name in names.LAST if name.isascii() and name.isalpha()]
    number = np.arange(count)
    pair = number % (len(first) * len(last))
    given, family = _pick(first, pair % len(first)), _pick(last, pair // len(first))
    lower = [pc.utf8_lower(part) for part in (given, family)]
    return (
        given,
        family,
        _join(lower[0], ".", lower[1], _text(number), f"@{domain}"),
        number // (len(first) * len(last)) * 7 + pair,
    )


def _students(bench: Bench, groups: int) -> tuple[Columns, np.ndarray]:
    """The students, and who of them is in no section."""
    count, rng = groups * ROOM, bench.rng
    bench.free["students"] = rng.permutation(count)
    group = np.arange(count) // ROOM
    given, family, email, day = _people(count, names.STUDENTS)
    years = AS_OF.year - 5 - _grade(group) - 1970
    latest = years.astype("datetime64[Y]").astype("datetime64[D]") + 242  # August 31
    born = pc.strftime(pa.array(latest - (day % 365)), format="%m/%d/%Y")
    invalid = bench.take("student-email-invalid", count)
    email = _put(email, invalid, _join("no-address-", _text(invalid)))
    both = bench.take("student-email-repeated", count, 2)
    donors, bench.free["students"] = (
        bench.free["students"][: len(both)],
        bench.free["students"][len(both) :],
    )
    email = _put(email, both, email.take(pa.array(donors)))
    email = _put(email, bench.take("student-email-missing", count), "")
    if bench.worst:
        email, bench.key["student-email-missing"] = pa.array([""] * count), count
    born = _put(born, bench.take("student-dob-missing", count), "")
    born = _put(born, bench.take("student-dob-invalid", count), "02/30/2012")
    grade = _put(_grades(group), bench.take("student-grade-missing", count), "")
    ids = _text(300_000_001 + rng.permutation(count))

    def some(words: Sequence[str]) -> pa.Array:
        return _pick(words, rng.integers(0, len(words), count))

    return {
        "School_id": _school_ids(group // GRADES),
        "Student_id": ids,
        "Student_number": _text(500_000_001 + np.arange(count)),
        "State_id": _text(8_100_000_001 + np.arange(count)),
        "Last_name": family,
        "First_name": given,
        "Grade": grade,
        "Gender": some(("F", "M", "X")),
        "DOB": born,
        "Race": some(("A", "B", "M", "W", "")),
        "Hispanic_Latino": some(("Y", "N")),
        "Home_language": some(LANGUAGES),
        "Ell_status": some(("Y", "N")),
        "IEP_status": some(("Y", "N")),
        "Student_street": _join(
            _text(rng.integers(1, 9_999, count)),
            " ",
            some(names.PLACES),
            " Lane, Apt ",
            _text(rng.integers(1, 99, count)),
        ),
        "Student_city": some(names.PLACES),
        "Student_state": some(("NY",)),
        "Student_zip": some(("00501", "00544")),
        "Student_email": email,
        "Username": _join("u", _text(10_000_000 + np.arange(count))),
    }, bench.take("student-without-section", count)


def _teachers(bench: Bench, groups: int) -> Columns:
    """Teachers of a school: one for each section number of a course, two for the first half of the courses."""
    count = -(-groups // GRADES) * SECTIONS * COURSES * 3 // 2
    used = _primary(np.arange(groups * COURSES * SECTIONS))
    teaches = np.zeros(count, bool)
    teaches[used] = True
    kept = np.flatnonzero(teaches)
    bench.free["teachers"] = bench.rng.permutation(len(kept))
    given, family, email, _ = _people(len(kept), names.ADULTS)
    invalid = bench.take("teacher-email-invalid", len(kept))
    email = _put(email, invalid, _join("no-address-", _text(invalid)))
    email = _put(email, bench.take("teacher-email-missing", len(kept)), "")
    return {
        "School_id": _school_ids(kept // (SECTIONS * COURSES * 3 // 2)),
        "Teacher_id": _teacher_ids(kept),
        "Teacher_number": _text(20_001 + kept),
        "Teacher_email": email,
        "First_name": given,
        "Last_name": family,
        "Title": _pick(["Teacher"], np.zeros(len(kept), int)),
    }


def _teacher_ids(numbers: np.ndarray) -> pa.Array:
    return _join("T", _text(1_000_001 + numbers))


def _primary(section: np.ndarray) -> np.ndarray:
    """The number of the teacher of each section: of one section number and course, in half or all of the grades."""
    group, course, number = (
        section // (COURSES * SECTIONS),
        section // SECTIONS % COURSES,
        section % SECTIONS,
    )
    half = group % GRADES >= GRADES // 2
    place = (
        course * SECTIONS + number + np.where(half & (course < COURSES // 2), COURSES * SECTIONS, 0)
    )
    return group // GRADES * (SECTIONS * COURSES * 3 // 2) + place


def _section_ids(numbers: np.ndarray) -> pa.Array:
    return _text(50_000_001 + numbers)


def _sections(bench: Bench, groups: int) -> Columns:
    count, rng = groups * COURSES * SECTIONS, bench.rng
    section = np.arange(count)
    group, course, number = (
        section // (COURSES * SECTIONS),
        section // SECTIONS % COURSES,
        section % SECTIONS,
    )
    early = np.flatnonzero(
        (group % GRADES == 0) & (group + 1 < groups)
    )  # every teacher keeps a section without fault
    bench.free["sections"] = rng.permutation(early)
    title = _join(_pick([name for name, _ in TITLES], course), " ", _text(_grade(group)))
    subject = _pick([name for _, name in TITLES], course)
    code = _join(_pick("ABCDEFGH", course), _text(100 + _grade(group)))
    odd = bench.take("section-elective", count)
    title, subject = _put(title, odd, "Concert Band"), _put(subject, odd, "Arts and music")
    code = _put(code, odd, _join("Z", _text(odd)))
    teacher = _teacher_ids(_primary(section))
    nobody = bench.take("section-without-teacher", count)
    helped = np.setdiff1d(np.flatnonzero(rng.random(count) < 0.2), nobody)
    second = _put(
        pa.array([""] * count), helped, _teacher_ids(_primary((helped + 1) % (count // 2)))
    )
    bench.key["section-co-taught"] = len(helped)
    over = bench.take("section-term-over", count)
    return {
        "School_id": _school_ids(group // GRADES),
        "Section_id": _section_ids(section),
        "Teacher_id": _put(teacher, nobody, ""),
        "Teacher_2_id": second,
        "Name": _join(title, " Section ", _text(section)),
        "Section_number": _text(number + 1),
        "Grade": _grades(group),
        "Course_name": title,
        "Course_number": code,
        "Period": _text((course + group) % COURSES + 1),
        "Subject": subject,
        "Term_name": _put(_pick(["2025-26"], section * 0), over, "2024-25"),
        "Term_start": _put(_pick(["09/04/2025"], section * 0), over, "09/05/2024"),
        "Term_end": _put(_pick(["06/26/2026"], section * 0), over, "06/26/2025"),
    }


def _staff(schools: int) -> Columns:
    given, family, email, _ = _people(schools, names.ADULTS)
    return {
        "School_id": _school_ids(np.arange(schools)),
        "Staff_id": _text(9_000_001 + np.arange(schools)),
        "Staff_email": _join("office.", email),
        "First_name": given,
        "Last_name": family,
        "Title": _pick(["Principal"], np.zeros(schools, int)),
    }


def _enrollments(bench: Bench, groups: int, ids: pa.Array, unenrolled: np.ndarray) -> Columns:
    """Every student in one section of every course of the grade, mixed anew for each course; then the faulty rows."""
    rng = bench.rng
    student = np.setdiff1d(np.arange(groups * ROOM), unenrolled)
    at = student % ROOM
    taken = [
        student // ROOM * COURSES * SECTIONS
        + course * SECTIONS
        + (at + course * (at // SECTIONS)) % SECTIONS
        for course in range(COURSES)
    ]
    student, section = np.repeat(student, COURSES), np.stack(taken, axis=1).ravel()
    whole = len(student)
    order = np.lexsort((rng.random(whole), student // ROOM))
    student, section = student[order], section[order]
    bench.free["enrollments"] = rng.permutation(whole)
    strange = [
        bench.take(rule, whole)
        for rule in ("section-unknown", "student-unknown", "enrollment-repeated")
    ]
    added = np.concatenate(strange)
    student, section = np.append(student, student[added]), np.append(section, section[added])
    columns = {
        "School_id": _school_ids(section // (COURSES * SECTIONS * GRADES)),
        "Section_id": _section_ids(section),
        "Student_id": ids.take(pa.array(student)),
    }
    for column, start, rows in (
        ("Section_id", 0, strange[0]),
        ("Student_id", len(strange[0]), strange[1]),
    ):
        places = whole + start + np.arange(len(rows))
        columns[column] = _put(columns[column], places, _join("9", _text(90_000_000 + places)))
    if bench.worst:
        columns["Student_id"] = _join("9", columns["Student_id"])
        bench.key["student-unknown"] = whole
    return columns


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes one district and its answer key."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.district", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=SIZES["S"])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--faults", choices=KINDS, default="1")
    told = parser.parse_args(arguments)
    print(json.dumps(write(told.folder, told.students, told.seed, told.faults), indent=1))


if __name__ == "__main__":
    main()
