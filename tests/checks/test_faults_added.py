"""A valid export, changed in one way: the findings that this must give, and none that it must not touch."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Judge, outcome, spots
from tests.support.running import BROKEN, READY
from validator.ingest.csv import lines, read
from validator.model import Column, File, Report, Status
from validator.privacy import values
from validator.sample.make import AS_OF

Rows = list[list[str]]
Files = dict[str, Rows]


def export(sample: Path = READY) -> Files:
    """A sample as rows by file name; the header is row 0."""
    out = {}
    for path in sorted(sample.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            out[path.name] = list(csv.reader(file))
    return out


def written(files: Files) -> dict[str, str]:
    """The files as text."""
    out = {}
    for name, rows in files.items():
        held = io.StringIO()
        csv.writer(held, lineterminator="\n").writerows(rows)
        out[name] = held.getvalue()
    return out


def told(report: Report) -> dict[str, tuple[str, int]]:
    """Status and count of every rule."""
    return {one.rule.id: (one.status.value, one.count) for one in report.outcomes}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, int]]:
    """What is told of the unchanged export."""
    from validator.assess import Options, assess

    folder = tmp_path_factory.mktemp("before")
    for name, text in written(export()).items():
        (folder / name).write_text(text, encoding="utf-8")
    return told(assess([folder], Options(as_of=AS_OF)))


def cell(files: Files, name: str, row: int, column: str, value: str) -> None:
    """Puts a value into a cell."""
    files[f"{name}.csv"][row][files[f"{name}.csv"][0].index(column)] = value


def at(files: Files, name: str, row: int, column: str) -> str:
    """The value of a cell."""
    return files[f"{name}.csv"][row][files[f"{name}.csv"][0].index(column)]


def drop(name: str, row: int) -> Callable[[Files], None]:
    """A row is lost."""
    return lambda files: files[f"{name}.csv"].pop(row) and None


def put(name: str, row: int, **cells: str) -> Callable[[Files], None]:
    """Cells get other values."""
    return lambda files: (
        [cell(files, name, row, column, value) for column, value in cells.items()] and None
    )


def twice(name: str, row: int) -> Callable[[Files], None]:
    """A row stands there again, at the end."""
    return lambda files: files[f"{name}.csv"].append(list(files[f"{name}.csv"][row]))


def swap(name: str, row: int, one: str, other: str) -> Callable[[Files], None]:
    """Two cells of a row have changed places."""

    def change(files: Files) -> None:
        first, second = at(files, name, row, one), at(files, name, row, other)
        cell(files, name, row, one, second)
        cell(files, name, row, other, first)

    return change


def longer(name: str, row: int) -> Callable[[Files], None]:
    """A row has a cell too many."""
    return lambda files: files[f"{name}.csv"][row].insert(3, "Jr.")


PEOPLE = {
    "students-per",
    "school-without-students",
    "student-grades",
    "student-under-13",
    "section-too-small",
    "sections-same-students",
    "student-without-section",
    "section-grade-several",
    "student-grade-differs-section",
    "student-section-school-differs",
    "section-without-students",
    "student-course-twice",
    "file-trimmed",
}
"""Rules that count the people who are there: they may change with anybody who comes or goes."""

ONE_WAY = {
    "a student's row is lost": (drop("students", 5), {"student-unknown"}, PEOPLE),
    "a section's row is lost": (
        drop("sections", 5),
        {"section-unknown"},
        {*PEOPLE, "teacher-without-section", "section-co-taught", "teacher-only-electives"},
    ),
    "a teacher's row is lost": (
        drop("teachers", 2),
        {"teacher-unknown"},
        {
            "section-without-teacher",
            "section-co-taught",
            "teacher-section-school-differs",
            "file-trimmed",
        },
    ),
    "a school's row is lost": (
        drop("schools", 1),
        {"school-unknown"},
        {"student-grade-outside-school", "school-without-sections", *PEOPLE},
    ),
    "an enrollment is lost": (drop("enrollments", 5), set(), PEOPLE),
    "a student's row stands twice": (twice("students", 5), {"row-repeated"}, set()),
    "an enrollment stands twice": (
        twice("enrollments", 5),
        {"enrollment-repeated"},
        {"row-repeated"},
    ),
    "a section's row stands twice": (
        twice("sections", 5),
        {"row-repeated"},
        {"section-name-repeated"},
    ),
    "a student has no id": (
        put("students", 5, Student_id=""),
        {"id-missing", "student-unknown"},
        PEOPLE,
    ),
    "a student has no last name": (
        put("students", 5, Last_name=""),
        {"student-name-missing"},
        set(),
    ),
    "a student has no address": (
        put("students", 5, Student_email=""),
        {"student-email-missing"},
        set(),
    ),
    "a student has a bad address": (
        put("students", 5, Student_email="a@@b"),
        {"student-email-invalid"},
        {"student-email-outside-district"},
    ),
    "a teacher has a bad address": (
        put("teachers", 2, Teacher_email="a@@b"),
        {"teacher-email-invalid"},
        {"teacher-email-outside-district"},
    ),
    "a student has no birth date": (
        put("students", 5, DOB=""),
        {"student-dob-missing"},
        {"student-under-13"},
    ),
    "a student has an impossible birth date": (
        put("students", 5, DOB="02/30/2015"),
        {"student-dob-invalid"},
        {"student-under-13"},
    ),
    "a student has an unknown grade": (
        put("students", 5, Grade="Zebra"),
        {"student-grade-unknown"},
        {
            "student-grades",
            "student-age-unlikely",
            "student-grade-outside-school",
            "student-grade-differs-section",
        },
    ),
    "first name and address have changed places": (
        swap("students", 5, "First_name", "Student_email"),
        {"student-email-invalid"},
        {"student-name-characters", "student-email-outside-district"},
    ),
    "a section names nobody": (
        put("sections", 5, Teacher_id="", Teacher_2_id=""),
        {"section-without-teacher"},
        {
            "section-co-taught",
            "teacher-without-section",
            "teacher-only-electives",
            "section-without-primary-teacher",
        },
    ),
    "a term ended": (
        put("sections", 5, Term_start="08/17/2025", Term_end="06/04/2026"),
        {"section-term-over"},
        set(),
    ),
    "a student's row has a cell too many": (longer("students", 5), {"row-wrong-length"}, PEOPLE),
    "a blank row": (
        lambda files: files["students.csv"].insert(5, [""] * len(files["students.csv"][0])),
        {"rows-blank"},
        set(),
    ),
    "the header again": (
        lambda files: files["students.csv"].insert(5, files["students.csv"][0]),
        {"rows-repeated-header"},
        set(),
    ),
    "an optional column is lost": (
        lambda files: (
            [
                row.pop(files["students.csv"][0].index("Contact_phone"))
                for row in reversed(files["students.csv"])
            ]
            and None
        ),
        set(),
        set(),
    ),
}


@pytest.mark.promise(
    "A valid export that is changed in one way gives the finding for it, and no other changes"
)
@pytest.mark.parametrize("what", ONE_WAY)
def test_one_change_gives_its_findings_and_no_others(
    what: str, judge: Judge, before: Mapping[str, tuple[str, int]]
) -> None:
    change, must, may = ONE_WAY[what]
    files = export()
    change(files)
    after = told(judge(written(files), as_of=AS_OF))
    changed = {rule for rule in before if after[rule] != before[rule]}
    assert must <= changed, f"not noticed: {must - changed}"
    assert changed <= must | may, {
        rule: (before[rule], after[rule]) for rule in changed - must - may
    }
    for rule in must:
        assert after[rule][0] == Status.FOUND.value


@pytest.mark.parametrize("name", ["schools", "students", "teachers", "sections", "enrollments"])
def test_a_file_that_is_lost_is_named_and_what_needed_it_is_not_told(
    name: str, judge: Judge
) -> None:
    files = export()
    del files[f"{name}.csv"]
    report = judge(written(files), as_of=AS_OF)
    assert spots(report, "file-missing") == [f"{name}.csv:0"]
    for one in report.outcomes:
        if name in one.rule.reads and name not in one.rule.optional:
            assert one.status in (Status.SKIPPED, Status.NOT_ASKED), one.rule.id


@pytest.mark.promise(
    "The order of rows carries no meaning: counts and verdict stay when it changes"
)
def test_the_order_of_rows_and_columns_changes_no_count(
    judge: Judge, before: Mapping[str, tuple[str, int]]
) -> None:
    files = export()
    chance = random.Random(5)
    for rows in files.values():
        body = rows[1:]
        chance.shuffle(body)
        order = list(range(len(rows[0])))
        chance.shuffle(order)
        rows[:] = [[row[at] for at in order] for row in (rows[0], *body)]
    assert told(judge(written(files), as_of=AS_OF)) == before


@pytest.mark.promise(
    "The order of rows carries no meaning: counts and verdict stay when it changes"
)
def test_the_order_of_rows_changes_no_count_and_no_key_of_a_broken_export(judge: Judge) -> None:
    files = export(BROKEN)
    before = judge(written(files), as_of=AS_OF)
    chance = random.Random(5)
    for rows in files.values():
        rows[1:] = chance.sample(rows[1:], len(rows) - 1)
    after = judge(written(files), as_of=AS_OF)
    assert told(after) == told(before)
    assert keys(after) == keys(before)


def keys(report: Report) -> dict[str, Counter[str | None]]:
    """The keys of the records that each rule found, as often as it did."""
    return {
        one.rule.id: Counter(row.key for row in values.listing(report, one))
        for one in report.outcomes
        if one.finding
    }


def test_a_finding_follows_its_row_to_another_line(judge: Judge) -> None:
    files = export()
    cell(files, "students", 5, "DOB", "02/30/2015")
    files["students.csv"].append(files["students.csv"].pop(5))
    report = judge(written(files), as_of=AS_OF)
    assert spots(report, "student-dob-invalid") == [
        f"students.csv:{len(files['students.csv'])} DOB"
    ]
    assert outcome(report, "student-dob-invalid").count == 1


PETS = File(
    "pets",
    "pets.csv",
    "Pet_id",
    (Column("Pet_id", "id", required=True), Column("Kind", coded=True), Column("Name")),
)
WORD = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"),
    max_size=12,
)
CELL = WORD | st.sampled_from(
    ["a,b", 'say "hi"', "x\ny", "'", "#", "NA", "007", "1e5", ";", "\t", "é", "=1"]
)


@pytest.mark.promise("Well-formed CSV is read exactly as Python's own csv module reads it")
@pytest.mark.parametrize("chunk", [7, lines.CHUNK])
@pytest.mark.parametrize("exact_only", [True, False])
@settings(max_examples=75, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 9999).map(lambda n: f"id{n}"), CELL, CELL), min_size=1, max_size=20
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_well_formed_csv_is_read_as_python_reads_it(
    exact_only: bool,
    rows: list[tuple[str, str, str]],
    quoting: int,
    end: str,
    delimiter: str,
    chunk: int,
) -> None:
    held = io.StringIO()
    writer = csv.writer(held, quoting=quoting, lineterminator=end, delimiter=delimiter)  # type: ignore[arg-type]
    writer.writerows([("Pet_id", "Kind", "Name"), *rows])
    with patch.object(lines, "CHUNK", chunk):
        found = read.read_csv(held.getvalue().encode(), PETS, exact_only=exact_only)
    assert found.table is not None
    there = [
        tuple(found.table.rows[name].iloc[at] for name in ("Pet_id", "Kind", "Name"))
        for at in range(len(found.table))
    ]
    assert (
        there
        == [
            tuple(row)
            for row in csv.reader(io.StringIO(held.getvalue(), newline=""), delimiter=delimiter)
        ][1:]
    )
