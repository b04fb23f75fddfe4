"""The bench on which faults are planted: untouched rows, and what rules must find afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field
from random import Random

from validator.model import BadUsage, dataclass
from validator.sample import names
from validator.sample.people import Person, Row, draw, name_people
from validator.sample.tables import District


@dataclass
class Planted:
    """The expected finding of a rule: count, groups of repeats, and `(table, row)` pairs."""

    count: int = 0
    groups: int | None = None
    rows: list[tuple[str, Row]] = field(default_factory=list)


@dataclass
class Bench:
    """A district and the faults planted in it.

    touched: `id()` of the rows that no further fault may use. adults, children: names for new
    people. encodings: table -> encoding of its file. left_out: tables without a file.
    """

    district: District
    as_of: dt.date
    rng: Random
    touched: set[int]
    adults: Iterator[Person]
    children: Iterator[Person]
    planted: dict[str, Planted] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def expect(
        self,
        rule: str,
        table: str,
        rows: Sequence[Row],
        *,
        count: int | None = None,
        groups: int | None = None,
    ) -> None:
        """Expect the rule to find these planted rows; each counts once unless `count` is given."""
        entry = self.planted.setdefault(rule, Planted())
        entry.rows += [(table, row) for row in rows]
        entry.count += len(rows) if count is None else count
        if groups is not None:
            entry.groups = (entry.groups or 0) + groups


Fault = Callable[[Bench], None]


def prepare_bench(district: District, seed: int, as_of: dt.date) -> Bench:
    """Return a bench on which faults are planted in a made-up district."""
    rng = Random(seed + 1)
    both = {row["Teacher_email"] for row in district["teachers"]} & {
        row["Staff_email"] for row in district["staff"]
    }
    ids = [row["Staff_id"] for row in district["staff"]]
    legal = [
        row for row in district["students"] if "Contact_name" in row or row["Last_name"] == "Null"
    ]
    legal += [
        row
        for row in district["teachers"]
        if row["Teacher_email"] in both or row["Title"] != "Teacher"
    ]
    legal += [
        row
        for row in district["staff"]
        if row["Staff_email"] in both or ids.count(row["Staff_id"]) > 1
    ]
    taken = {
        row[column]
        for table, column in (
            ("teachers", "Teacher_email"),
            ("staff", "Staff_email"),
            ("students", "Student_email"),
        )
        for row in district[table]
    }
    adults, children = (
        filter(lambda person: person[2] not in taken, name_people(rng, domain))
        for domain in (names.ADULTS, names.STUDENTS)
    )
    return Bench(district, as_of, rng, {id(row) for row in legal}, adults, children)


def take(
    bench: Bench, table: str, count: int, *, where: Callable[[Row], bool] = lambda row: True
) -> list[Row]:
    """Take untouched rows of a made-up table at random for a fault. Raises BadUsage."""
    rows = [row for row in bench.district[table] if id(row) not in bench.touched and where(row)]
    if len(rows) < count:
        raise BadUsage(
            f"The sample district has too few {table} left for all the faults asked for: "
            "ask for fewer faults or more students."
        )
    chosen = [rows.pop(draw(bench.rng, len(rows))) for _ in range(count)]
    bench.touched |= {id(row) for row in chosen}
    return chosen


def unenroll(bench: Bench, students: Sequence[Row]) -> None:
    """Remove all enrollments of these made-up students."""
    ids = {student["Student_id"] for student in students}
    rows = bench.district["enrollments"]
    rows[:] = [row for row in rows if row["Student_id"] not in ids]


def list_secondary_schools(bench: Bench) -> Collection[str]:
    """Return the ids of the made-up schools above elementary school."""
    return {
        row["School_id"] for row in bench.district["schools"] if row["Low_grade"] != "Kindergarten"
    }


def find_free_period(bench: Bench, teacher: Row) -> str:
    """Return a period in which the made-up teacher has no section."""
    used = {
        row["Period"]
        for row in bench.district["sections"]
        if row.get("Teacher_id") == teacher["Teacher_id"]
    }
    return next(str(period) for period in range(8, 99) if str(period) not in used)
