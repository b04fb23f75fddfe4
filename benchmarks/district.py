"""A made-up district of any size, written in seconds, with planted faults and the answer key."""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from benchmarks import cells, sections
from benchmarks.cells import GRADES, ROOM, Columns
from benchmarks.planting import Bench
from validator.sample import names

SIZES = {"S": 5_000, "M": 100_000, "L": 1_000_000, "XL": 6_000_000}
"""Students of each size; rounded up to whole grades of ROOM."""

AS_OF = dt.date(2025, 10, 15)
KINDS = ("0", "1", "line", "worst")
"""How a district is spoiled.

Not at all, about one record in a hundred, one line of the largest file, or every e-mail address and
every enrollment.
"""

LANGUAGES = ("English", "Spanish", "Chinese", "Arabic", "")
STUDENT_COLUMNS = (
    "School_id Student_id Student_number State_id Last_name First_name Grade Gender DOB Race "
    "Hispanic_Latino Home_language Ell_status IEP_status Student_street Student_city "
    "Student_state Student_zip Student_email Username"
).split()


def write(folder: Path, students: int, *, seed: int = 7, faults: str = "1") -> dict[str, int]:
    """Write a district and return its answer key (rule -> count). `faults`: one of KINDS."""
    bench = Bench(np.random.default_rng(seed), float(faults == "1"), faults == "worst")
    groups = -(-students // ROOM)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"schools": _schools(-(-groups // GRADES))}
    tables["students"], unenrolled = _students(bench, groups)
    tables["teachers"] = sections.make_teachers(bench, groups)
    tables["sections"] = sections.make_sections(bench, groups)
    tables["staff"] = _staff(len(tables["schools"]["School_id"]))
    for name, columns in tables.items():
        style = "needed" if name == "students" else "none"  # an address has a comma
        _write_csv(folder / f"{name}.csv", [columns], style)
    enrollments = sections.make_enrollments(bench, tables["students"]["Student_id"], unenrolled)
    _write_csv(folder / "enrollments.csv", enrollments, "none")
    if faults == "line":
        _break_a_line(folder / "enrollments.csv")
        bench.key["row-wrong-length"] = 1
    return bench.key


def _write_csv(file: Path, blocks: Iterable[Columns], style: str) -> None:
    """Write a table, block by block."""
    tables = map(pa.table, blocks)
    first = next(tables)
    options = csv.WriteOptions(quoting_style=style)
    with csv.CSVWriter(file, first.schema, write_options=options) as writer:
        for table in itertools.chain([first], tables):
            writer.write_table(table)


def _break_a_line(file: Path) -> None:
    """Insert a line with too few cells into the middle of a file."""
    content = file.read_bytes()
    at = content.index(b"\n", len(content) // 2) + 1
    file.write_bytes(content[:at] + b"0001\n" + content[at:])


def _schools(count: int) -> Columns:
    number = np.arange(count)
    low = cells.number_grades(number * GRADES)
    words = ["Kindergarten", *map(str, range(1, 13))]
    kinds = cells.pick(["Elementary School", "High School"], (low > 0).astype(int))
    return {
        "School_id": cells.format_school_ids(number),
        "School_name": cells.join(
            cells.pick(names.PLACES, number % len(names.PLACES)),
            " ",
            cells.format_numbers(number + 1),
            " ",
            kinds,
        ),
        "School_number": cells.format_numbers(4_001 + number),
        "Low_grade": cells.pick(words, low),
        "High_grade": cells.pick(words, low + GRADES - 1),
    }


def _students(bench: Bench, groups: int) -> tuple[Columns, np.ndarray]:
    """The students, and the rows of those who are in no section."""
    count, rng = groups * ROOM, bench.rng
    bench.free["students"] = rng.permutation(count)
    group = np.arange(count) // ROOM
    given, family, email, day = cells.invent_people(count, names.STUDENTS)
    email = _spoil_emails(bench, email)
    born = _spoil_birth_dates(bench, group, day)
    grade = cells.name_grades(group)
    grade = cells.put(grade, bench.take("student-grade-missing", count), "")
    ids = cells.format_numbers(300_000_001 + rng.permutation(count))
    columns = {
        "School_id": cells.format_school_ids(group // GRADES),
        "Student_id": ids,
        "Student_number": cells.format_numbers(500_000_001 + np.arange(count)),
        "State_id": cells.format_numbers(8_100_000_001 + np.arange(count)),
        "Last_name": family,
        "First_name": given,
        "Grade": grade,
        "DOB": born,
        "Student_email": email,
        "Username": cells.join("u", cells.format_numbers(10_000_000 + np.arange(count))),
        **_invent_details(rng, count),
    }
    ordered = {name: columns[name] for name in STUDENT_COLUMNS}
    return ordered, bench.take("student-without-section", count)


def _spoil_emails(bench: Bench, email: pa.Array) -> pa.Array:
    count = len(email)
    invalid = bench.take("student-email-invalid", count)
    email = cells.put(email, invalid, cells.join("no-address-", cells.format_numbers(invalid)))
    both = bench.take("student-email-repeated", count, 2)
    free = bench.free["students"]
    donors, bench.free["students"] = free[: len(both)], free[len(both) :]
    email = cells.put(email, both, email.take(pa.array(donors)))
    email = cells.put(email, bench.take("student-email-missing", count), "")
    if bench.worst:
        email, bench.key["student-email-missing"] = pa.array([""] * count), count
    return email


def _spoil_birth_dates(bench: Bench, group: np.ndarray, day: np.ndarray) -> pa.Array:
    years = AS_OF.year - 5 - cells.number_grades(group) - 1970
    latest = years.astype("datetime64[Y]").astype("datetime64[D]") + 242  # August 31
    born = pc.strftime(pa.array(latest - (day % 365)), format="%m/%d/%Y")
    born = cells.put(born, bench.take("student-dob-missing", len(day)), "")
    return cells.put(born, bench.take("student-dob-invalid", len(day)), "02/30/2012")


def _invent_details(rng: np.random.Generator, count: int) -> Columns:
    """Columns that no rule spoils."""

    def some(words: Sequence[str]) -> pa.Array:
        return cells.pick(words, rng.integers(0, len(words), count))

    def number(most: int) -> pa.Array:
        return cells.format_numbers(rng.integers(1, most, count))

    return {
        "Gender": some(("F", "M", "X")),
        "Race": some(("A", "B", "M", "W", "")),
        "Hispanic_Latino": some(("Y", "N")),
        "Home_language": some(LANGUAGES),
        "Ell_status": some(("Y", "N")),
        "IEP_status": some(("Y", "N")),
        "Student_street": cells.join(
            number(9_999), " ", some(names.PLACES), " Lane, Apt ", number(99)
        ),
        "Student_city": some(names.PLACES),
        "Student_state": some(("NY",)),
        "Student_zip": some(("00501", "00544")),
    }


def _staff(schools: int) -> Columns:
    given, family, email, _ = cells.invent_people(schools, names.ADULTS)
    return {
        "School_id": cells.format_school_ids(np.arange(schools)),
        "Staff_id": cells.format_numbers(9_000_001 + np.arange(schools)),
        "Staff_email": cells.join("office.", email),
        "First_name": given,
        "Last_name": family,
        "Title": cells.pick(["Principal"], np.zeros(schools, int)),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one district and its answer key."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.district", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=SIZES["S"])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--faults", choices=KINDS, default="1")
    options = parser.parse_args(arguments)
    key = write(options.folder, options.students, seed=options.seed, faults=options.faults)
    print(json.dumps(key, indent=1))


if __name__ == "__main__":
    main()
