"""Columns that hold something else: dates, names, addresses, grades and identity numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome
from validator.model import Diagnosis, Level, Report, Status

AS_OF = dt.date(2026, 10, 1)
DOMAIN = "foggyhollow.k12.example"
FIRSTS = ("Mabel", "Otto", "Ines", "Jasper", "Nora", "Perrin", "Sela", "Hugo")
LASTS = ("Quillfeather", "Bramblewick", "Larkspur", "Fennimore", "Thistlewood", "Oakenshaw")
GRADES = ("3", "4", "7", "8")

Row = dict[str, str]
Change = Callable[[Row], None]


def student(at: int) -> Row:
    """One of the students: each grade has as many, each birthday is another one."""
    grade = GRADES[at % len(GRADES)]
    first, last = FIRSTS[at % 8], LASTS[at // 8] + "abcdefgh"[at % 8]
    born = dt.date(2026 - 5 - int(grade) - 1, 9, 1) + dt.timedelta(days=7 + 17 * at % 340)
    return {
        "School_id": "11",
        "Student_id": str(4101 + at),
        "Student_number": str(94101 + at),
        "State_id": str(880001 + at),
        "Last_name": last,
        "First_name": first,
        "Grade": grade,
        "Gender": "FM"[at % 2],
        "DOB": f"{born:%m/%d/%Y}",
        "Student_email": f"{first}.{last}@{DOMAIN}".lower(),
        "Username": f"u{4101 + at}",
    }


def teacher(at: int) -> Row:
    """One of the teachers, whose addresses read first.last."""
    first, last = (
        ("Wren", "Amos", "Greta", "Lyle")[at],
        ("Hollis", "Pemberly", "Yarrow", "Stan")[at],
    )
    return {
        "School_id": "11",
        "Teacher_id": f"70{at}",
        "First_name": first,
        "Last_name": last,
        "Teacher_email": f"{first}.{last}@{DOMAIN}".lower(),
    }


def section(at: int) -> Row:
    """One of the sections, one for each grade."""
    return {
        "School_id": "11",
        "Section_id": f"M{GRADES[at]}-1",
        "Teacher_id": f"70{at}",
        "Course_name": f"Math {GRADES[at]}",
        "Grade": GRADES[at],
        "Period": str(at + 1),
        "Term_start": "08/24/2026",
        "Term_end": "06/11/2027",
    }


def write(rows: list[Row]) -> str:
    """The rows as CSV, values with a comma in quotation marks."""
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in line] for line in lines]
    return "".join(",".join(line) + "\n" for line in quoted)


def district(
    change: Change | None = None,
    *,
    count: int = 16,
    of_teachers: Change | None = None,
    of_enrollments: Change | None = None,
) -> Mapping[str, str]:
    """A district of students in four sections, with a change of every row."""
    students = [student(at) for at in range(count)]
    teachers = [teacher(at) for at in range(4)]
    enrollments = [
        {
            "School_id": "11",
            "Section_id": f"M{row['Grade']}-1",
            "Student_id": row["Student_id"],
        }
        for row in students
    ]
    for rows, done in (
        (students, change),
        (teachers, of_teachers),
        (enrollments, of_enrollments),
    ):
        for row in rows:
            if done is not None:
                done(row)
    return {
        "schools.csv": "School_id,School_name\n11,Foggy Hollow School\n",
        "students.csv": write(students),
        "teachers.csv": write(teachers),
        "sections.csv": write([section(at) for at in range(4)]),
        "enrollments.csv": write(enrollments),
    }


def day(text: str) -> dt.date:
    """The day of MM/DD/YYYY."""
    return dt.datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=dt.UTC).date()


def shift(days: int) -> Change:
    """A change of all birth dates by some days."""

    def change(row: Row) -> None:
        row["DOB"] = f"{day(row['DOB']) + dt.timedelta(days=days):%m/%d/%Y}"

    return change


def put(column: str, value: str) -> Change:
    """A change of a column to the value, in which names of columns are replaced by their cells."""

    def change(row: Row) -> None:
        row[column] = value.format(**row)

    return change


def exchange(left: str, right: str) -> Change:
    """A change that swaps two columns."""

    def change(row: Row) -> None:
        row[left], row[right] = row[right], row[left]

    return change


def in_one(form: str, filled: str, blank: str) -> Change:
    """A change that writes both names into one column."""

    def change(row: Row) -> None:
        row[filled] = form.format(**row)
        row[blank] = ""

    return change


def evening(row: Row) -> None:
    """Write the birth date as an evening of the day before, an hour later in summer time."""
    born = day(row["DOB"]) - dt.timedelta(days=1)
    row["DOB"] = f"{born.isoformat()}T{20 if 3 < born.month < 11 else 19}:00:00"


def count_back(row: Row) -> None:
    """Write the day of the export as many years ago as the student is old."""
    age = (AS_OF - day(row["DOB"])).days // 365
    row["DOB"] = f"{AS_OF.month}/{AS_OF.day}/{AS_OF.year - age}"


def first_day(row: Row) -> None:
    """Write a day at the beginning of the school year."""
    row["DOB"] = ("08/24/2026", "08/25/2026", "09/08/2026")[int(row["Student_id"]) % 3]


def last_grade(row: Row) -> None:
    """Write the grade of last year."""
    row["Grade"] = str(int(row["Grade"]) - 1)


def number(form: str) -> Change:
    """A change of the state id to a number of nine digits in this form."""

    def change(row: Row) -> None:
        digits = f"9{int(row['Student_id']) * 7919 + 11_000_011:08}"
        row["State_id"] = form.format(digits[:3], digits[3:5], digits[5:])

    return change


WARNING, BLOCKER = Level.WARNING, Level.BLOCKER

DAMAGES = {
    "dates-of-1904": (district(shift(-1462)), WARNING, "1,462 days"),
    "dates-of-1904, younger": (district(shift(1462)), WARNING, "too young"),
    "dates-moved-by-time-zone": (district(evening), WARNING, "19:00 or 20:00"),
    "dates-from-ages": (district(count_back), WARNING, "16 of 16"),
    "one-date-for-all": (district(put("DOB", "01/01/2000")), BLOCKER, "16 of 16"),
    "another-date-as-birth-date": (district(first_day), BLOCKER, "16 of 16"),
    "marks-of-a-converter": (district(put("DOB", "01/01/0001")), BLOCKER, "16 birth dates"),
    "marks-of-a-converter, 2001": (
        district(lambda row: row.update(DOB=row["DOB"][:6] + "2001")),
        BLOCKER,
        "year 2001",
    ),
    "grades-not-rolled-over": (district(last_grade), WARNING, "one grade below"),
    "identity-numbers-sent": (district(number("{}-{}-{}")), WARNING, "16 of 16"),
    "addresses-with-prefix": (
        district(put("Student_email", "SMTP:{Student_email}")),
        BLOCKER,
        "SMTP:",
    ),
    "addresses-with-prefix, name": (
        district(put("Student_email", "{First_name} {Last_name} <{Student_email}>")),
        BLOCKER,
        "a name",
    ),
    "addresses-with-prefix, link": (
        district(put("Student_email", "[{Student_email}](mailto:{Student_email})")),
        BLOCKER,
        "a link",
    ),
    "addresses-of-an-inside-network": (
        district(put("Student_email", "u{Student_id}@foggyhollow.local")),
        BLOCKER,
        ".local",
    ),
    "names-in-one-column": (
        district(in_one("{Last_name}, {First_name}", "Last_name", "First_name")),
        BLOCKER,
        "a comma",
    ),
    "names-in-one-column, words": (
        district(in_one("{First_name} {Last_name}", "First_name", "Last_name")),
        BLOCKER,
        "a blank",
    ),
    "columns-swapped": (district(exchange("First_name", "Last_name")), WARNING, "addresses"),
    "columns-swapped, address": (
        district(exchange("Student_email", "Username")),
        BLOCKER,
        "16 rows",
    ),
    "columns-swapped, grade": (district(exchange("Grade", "Gender")), WARNING, "16 rows"),
    "columns-swapped, ids": (
        district(of_enrollments=exchange("Section_id", "Student_id")),
        BLOCKER,
        "16 rows",
    ),
}


def diagnose(judge: Judge, files: Mapping[str, str]) -> tuple[Report, Diagnosis]:
    """The report for Khan Academy and its only diagnosis."""
    report = judge(files, profile="khan-academy", as_of=AS_OF)
    (only,) = report.diagnoses
    return report, only


def list_open(report: Report) -> dict[str, int]:
    """How many records each rule finds that no diagnosis explains, without facts."""
    return {
        found.rule.id: found.count - found.explained
        for found in report.outcomes
        if found.status is Status.FOUND and found.level is not Level.FACT
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on the undamaged district."""
    from validator.assess import Options, assess

    folder = tmp_path_factory.mktemp("clean")
    for name, content in district().items():
        (folder / name).write_text(content, encoding="utf-8")
    return assess([folder], Options(profiles=["khan-academy"], as_of=AS_OF))


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named_and_explains_what_it_causes(
    judge: Judge, clean: Report, name: str
) -> None:
    files, level, words = DAMAGES[name]

    report, found = diagnose(judge, files)

    assert found.id == name.partition(",")[0]
    assert found.sure
    assert found.level is level
    assert found.text.owner.value == "sis-administrator"
    assert words in found.evidence
    assert not any(text in found.evidence for text in (*FIRSTS, *LASTS, "4101", DOMAIN))
    assert list_open(report) == list_open(clean)


@pytest.mark.parametrize(
    "name", ["one-date-for-all", "another-date-as-birth-date", "addresses-of-an-inside-network"]
)
def test_what_is_as_good_as_nothing_holds_everybody_back(judge: Judge, name: str) -> None:
    report, found = diagnose(judge, DAMAGES[name][0])

    assert (report.readiness["students"].total, report.readiness["students"].ready) == (16, 0)
    assert found.people == 16


def test_what_is_as_good_as_nothing_holds_nobody_back_who_needs_nothing(judge: Judge) -> None:
    report = judge(DAMAGES["one-date-for-all"][0], profile="clever", as_of=AS_OF)

    assert report.diagnoses[0].level is WARNING
    assert report.readiness["students"].ready == 16


def test_ages_are_those_of_the_moved_dates(judge: Judge, clean: Report) -> None:
    report, _ = diagnose(judge, DAMAGES["dates-of-1904"][0])

    under = [outcome(each, "student-under-13").count for each in (clean, report)]
    assert under[0] == under[1]


def test_identity_numbers_come_first(judge: Judge) -> None:
    def both(row: Row) -> None:
        number("{}-{}-{}")(row)
        row["Student_email"] = "SMTP:" + row["Student_email"]

    report = judge(district(both), profile="khan-academy", as_of=AS_OF)

    assert [each.id for each in report.diagnoses] == [
        "identity-numbers-sent",
        "addresses-with-prefix",
    ]
    assert report.priorities[0] == "identity-numbers-sent"


def of_one(at: int, change: Change) -> Change:
    """The change, of one student only."""

    def changed(row: Row) -> None:
        if row["Student_id"] == str(4101 + at):
            change(row)

    return changed


def of_two(change: Change) -> Change:
    """The change, of two students only."""

    def changed(row: Row) -> None:
        of_one(3, change)(row)
        of_one(9, change)(row)

    return changed


def reverse_address(row: Row) -> None:
    """Write the address as last.first."""
    for column in ("Student_email", "Teacher_email"):
        if column in row:
            row[column] = f"{row['Last_name']}.{row['First_name']}@{DOMAIN}".lower()


QUIET = {
    "as it is": district(),
    "two on January 1": district(of_two(put("DOB", "01/01/2017"))),
    "one four years older": district(of_one(5, shift(-1462))),
    "one first day": district(of_one(5, first_day)),
    "midnights": district(lambda row: row.update(DOB=f"{day(row['DOB'])}T00:00:00")),
    "mornings": district(lambda row: row.update(DOB=f"{day(row['DOB'])}T05:00:00Z")),
    "two repeat a grade": district(of_two(last_grade)),
    "all last.first": district(reverse_address, of_teachers=reverse_address),
    "nine digits": district(number("{}{}{}")),
    "numbers in another form": district(put("State_id", "00-{Student_id}-00")),
    "phone numbers": district(put("State_id", "555-010-{Student_id}")),
    "numbers of the school": district(put("State_id", "011-27-{Student_id}")),
    "inside a domain": district(put("Student_email", "u{Student_id}@local.foggyhollow.example")),
    "a local part": district(put("Student_email", "smtp.u{Student_id}@foggyhollow.example")),
    "a name with a suffix": district(put("Last_name", "{Last_name}, Jr.")),
    "one name in one column": district(
        of_one(5, in_one("{Last_name}, {First_name}", "Last_name", "First_name"))
    ),
    "an old export": {
        name: text.replace("2026", "2022").replace("2027", "2023")
        for name, text in district(shift(-1461)).items()
    },
}


@pytest.mark.parametrize("name", QUIET)
def test_neighbors_are_no_diagnosis(judge: Judge, name: str) -> None:
    report = judge(QUIET[name], profile="khan-academy", as_of=AS_OF)

    assert [each.id for each in report.diagnoses] == []


def test_grades_of_one_sign_are_only_possible(judge: Judge) -> None:
    def undated(row: Row) -> None:
        last_grade(row)
        row["DOB"] = ""

    report = judge(district(undated), profile="clever", as_of=AS_OF)

    assert [(each.id, each.sure) for each in report.diagnoses] == [
        ("grades-not-rolled-over", False)
    ]
    assert outcome(report, "student-grade-differs-section").status is Status.FOUND


def test_names_of_other_files_can_contradict_the_addresses(judge: Judge) -> None:
    files = dict(district(reverse_address, count=40))
    files["teachers.csv"] = write(
        [
            {
                "School_id": "11",
                "Teacher_id": f"70{at}",
                "First_name": FIRSTS[at],
                "Last_name": f"Stanhope{at}",
                "Teacher_email": f"{FIRSTS[at]}.Stanhope{at}@{DOMAIN}".lower(),
            }
            for at in range(4)
        ]
    )

    assert not judge(files, profile="khan-academy", as_of=AS_OF).diagnoses


def test_year_one_on_some_students_is_a_blank_that_is_still_missing(judge: Judge) -> None:
    some = district(lambda row: int(row["Student_id"]) % 4 or row.update(DOB="0000-00-00"))

    report, found = diagnose(judge, some)

    assert found.id == "marks-of-a-converter"
    assert outcome(report, "student-dob-missing").count == 4
    assert outcome(report, "student-dob-missing").explained == 0


CASES = ("34", "41", "56", "57", "58", "59", "60", "61", "63", "64", "65", "72")


@pytest.mark.parametrize("case", CASES)
def test_reported_faults(shared_cases: Path, case: str) -> None:
    from validator.assess import Options, assess

    (folder,) = shared_cases.glob(f"{case}-*")
    options = Options(profiles=["khan-academy"], as_of=AS_OF)

    assert len(assess([folder / "input"], options).diagnoses) == 1
    assert not assess([folder / "quiet"], options).diagnoses
