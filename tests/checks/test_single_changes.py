"""A valid export with one change: it must give the finding for that change and no other."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from tests.support.running import BROKEN, READY
from validator.model import Report, Status
from validator.privacy import values
from validator.sample.writer import AS_OF

Rows = list[list[str]]
Files = dict[str, Rows]


def read_sample(sample: Path = READY) -> Files:
    """Return a sample as rows by file name; the header is row 0."""
    files = {}
    for path in sorted(sample.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            files[path.name] = list(csv.reader(file))
    return files


def write(files: Files) -> dict[str, str]:
    """Return the files as text."""
    texts = {}
    for name, rows in files.items():
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        texts[name] = buffer.getvalue()
    return texts


def summarize(report: Report) -> dict[str, tuple[str, int]]:
    """Return status and count by rule."""
    return {outcome.rule.id: (outcome.status.value, outcome.count) for outcome in report.outcomes}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, int]]:
    """Status and count by rule for the unchanged export."""
    from validator.assess import Options, assess

    folder = tmp_path_factory.mktemp("before")
    for name, text in write(read_sample()).items():
        (folder / name).write_text(text, encoding="utf-8")
    return summarize(assess([folder], Options(as_of=AS_OF)))


def set_cell(files: Files, name: str, row: int, column: str, value: str) -> None:
    """Put a value into a cell."""
    files[f"{name}.csv"][row][files[f"{name}.csv"][0].index(column)] = value


def get_cell(files: Files, name: str, row: int, column: str) -> str:
    """Return the value of a cell."""
    return files[f"{name}.csv"][row][files[f"{name}.csv"][0].index(column)]


def drop(name: str, row: int) -> Callable[[Files], None]:
    """Return a change that removes a row."""
    return lambda files: files[f"{name}.csv"].pop(row) and None


def put(name: str, row: int, **cells: str) -> Callable[[Files], None]:
    """Return a change that sets cells of a row."""
    return lambda files: (
        [set_cell(files, name, row, column, value) for column, value in cells.items()] and None
    )


def repeat(name: str, row: int) -> Callable[[Files], None]:
    """Return a change that repeats a row at the end of the file."""
    return lambda files: files[f"{name}.csv"].append(list(files[f"{name}.csv"][row]))


def swap(name: str, row: int, column: str, other: str) -> Callable[[Files], None]:
    """Return a change that swaps two cells of a row."""

    def change(files: Files) -> None:
        first, second = get_cell(files, name, row, column), get_cell(files, name, row, other)
        set_cell(files, name, row, column, second)
        set_cell(files, name, row, other, first)

    return change


def lengthen(name: str, row: int) -> Callable[[Files], None]:
    """Return a change that adds a cell to a row."""
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
}
"""Rules that count everybody: they may change whenever a person is added or removed."""

CHANGES = {
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
        },
    ),
    "a school's row is lost": (
        drop("schools", 1),
        {"school-unknown"},
        {"student-grade-outside-school", "school-without-sections", *PEOPLE},
    ),
    "an enrollment is lost": (drop("enrollments", 5), set(), PEOPLE),
    "a student's row is repeated": (repeat("students", 5), {"row-repeated"}, set()),
    "an enrollment is repeated": (
        repeat("enrollments", 5),
        {"enrollment-repeated"},
        {"row-repeated"},
    ),
    "a section's row is repeated": (
        repeat("sections", 5),
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
    "a student's row has a cell too many": (
        lengthen("students", 5),
        {"row-wrong-length"},
        {  # the values of the row are one column off, which a diagnosis explains
            *PEOPLE,
            "student-name-placeholder",
            "student-demographics-value",
            "student-name-characters",
        },
    ),
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
    "A valid export with one change gets the finding for that change and no others"
)
@pytest.mark.parametrize("name", CHANGES)
def test_one_change_gives_its_findings_and_no_others(
    name: str, judge: Judge, before: Mapping[str, tuple[str, int]]
) -> None:
    change, must, may = CHANGES[name]
    files = read_sample()
    change(files)
    after = summarize(judge(write(files), as_of=AS_OF))
    changed = {rule for rule in before if after[rule] != before[rule]}
    assert must <= changed, f"not noticed: {must - changed}"
    assert changed <= must | may, {
        rule: (before[rule], after[rule]) for rule in changed - must - may
    }
    for rule in must:
        assert after[rule][0] in (Status.FOUND.value, Status.EXPLAINED.value)


@pytest.mark.parametrize("name", ["schools", "students", "teachers", "sections", "enrollments"])
def test_rules_that_need_a_missing_file_are_not_run(name: str, judge: Judge) -> None:
    files = read_sample()
    del files[f"{name}.csv"]
    report = judge(write(files), as_of=AS_OF)
    assert spots(report, "file-missing") == [f"{name}.csv:0"]
    for result in report.outcomes:
        if name in result.rule.reads and name not in result.rule.optional:
            assert result.status in (Status.SKIPPED, Status.NOT_ASKED), result.rule.id


@pytest.mark.promise("The order of rows does not affect counts or the verdict")
def test_the_order_of_rows_and_columns_changes_no_count(
    judge: Judge, before: Mapping[str, tuple[str, int]]
) -> None:
    files = read_sample()
    shuffler = random.Random(5)
    for rows in files.values():
        body = rows[1:]
        shuffler.shuffle(body)
        order = list(range(len(rows[0])))
        shuffler.shuffle(order)
        rows[:] = [[row[at] for at in order] for row in (rows[0], *body)]
    assert summarize(judge(write(files), as_of=AS_OF)) == before


@pytest.mark.promise("The order of rows does not affect counts or the verdict")
def test_the_order_of_rows_changes_no_count_and_no_key_of_a_broken_export(judge: Judge) -> None:
    files = read_sample(BROKEN)
    before = judge(write(files), as_of=AS_OF)
    shuffler = random.Random(5)
    for rows in files.values():
        rows[1:] = shuffler.sample(rows[1:], len(rows) - 1)
    after = judge(write(files), as_of=AS_OF)
    assert summarize(after) == summarize(before)
    assert count_keys(after) == count_keys(before)


def count_keys(report: Report) -> dict[str, Counter[str | None]]:
    """Return how often each rule reports each key."""
    return {
        result.rule.id: Counter(row.key for row in values.list_places(report, result))
        for result in report.outcomes
        if result.finding
    }


def test_a_finding_follows_its_row_to_another_line(judge: Judge) -> None:
    files = read_sample()
    set_cell(files, "students", 5, "DOB", "02/30/2015")
    files["students.csv"].append(files["students.csv"].pop(5))
    report = judge(write(files), as_of=AS_OF)
    assert spots(report, "student-dob-invalid") == [
        f"students.csv:{len(files['students.csv'])} DOB"
    ]
    assert outcome(report, "student-dob-invalid").count == 1
