"""Damages that only other files, the last export or most rows of a file reveal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from random import Random

import pytest

from tests.conftest import Judge
from tests.diagnosis.test_ids import NAMES, SECTIONS, district
from tests.support import damage_kinds, damage_rows
from tests.support.damages import DAMAGES, plant
from tests.support.districts import build, copy, write
from tests.support.districts import judge as judge_written
from validator.model import Level, Report

AS_OF = dt.date(2026, 10, 1)


def sure(report: Report) -> dict[str, str]:
    """The evidence of each sure diagnosis."""
    return {each.id: each.evidence for each in report.diagnoses if each.sure}


def grades(*texts: str) -> dict[str, str]:
    """A district in which these texts are the grades of the twelve students."""
    files = dict(district())
    header, *lines = files["students.csv"].splitlines()
    at = header.split(",").index("Grade")
    rows = [line.split(",") for line in lines]
    for row, text in zip(rows, texts, strict=True):
        row[at] = text
    files["students.csv"] = "\n".join([header, *map(",".join, rows), ""])
    return files


def test_grade_0_where_the_last_export_had_none(judge: Judge) -> None:
    last = grades(*["", "4", "4"], *[""] * 9)
    report = judge(grades(*["0", "4", "4"], *["0"] * 9), previous=last, as_of=AS_OF)

    assert sure(report) == {
        "marks-of-a-converter": "10 of the 10 students in grade 0 of students.csv had no grade in "
        "the last export, and 10 of the 10 who had none are in grade 0 now"
    }
    (found,) = report.diagnoses
    assert ("student-grade-missing", 10) in found.explains
    assert (found.column, found.records) == ("Grade", 10)


@pytest.mark.parametrize(
    "last",
    [["K"] * 12, ["0"] * 12, [""] * 4 + ["K"] * 8, [""] * 6 + ["0"] * 6],
    ids=["K then", "0 then", "few blanks", "0 for Kindergarten, too"],
)
def test_grade_0_is_kindergarten_otherwise(judge: Judge, last: list[str]) -> None:
    report = judge(grades(*["0"] * 12), previous=grades(*last), as_of=AS_OF)

    assert "marks-of-a-converter" not in sure(report)


JOINED: Mapping[str, Callable[[int, int], tuple[str, str]]] = {
    "school before the reference": lambda school, id: (str(id), f"{school}-{id}"),
    "school before the key": lambda school, id: (f"{school}.{id}", str(id)),
    "school behind the reference": lambda school, id: (str(id), f"{id}_{school}"),
    "school before the key, which repeats": lambda school, id: (f"{school}-{id % 6}", f"{id % 6}"),
}


@pytest.mark.parametrize("way", JOINED)
@pytest.mark.parametrize("with_school", [True, False])
def test_a_school_is_joined_to_ids_of_one_file(judge: Judge, way: str, with_school: bool) -> None:
    if "repeats" in way and not with_school:
        pytest.skip("then nothing says which of two students is meant")
    files = dict(district())
    students, enrollments = (
        files[f"{name}.csv"].splitlines() for name in ("students", "enrollments")
    )
    for at in range(1, 13):
        cells, link = students[at].split(","), enrollments[at].split(",")
        cells[1], link[2] = JOINED[way](int(cells[0]), int(cells[1]))
        if not with_school:
            link[0] = ""
        students[at], enrollments[at] = ",".join(cells), ",".join(link)
    files["students.csv"] = "\n".join([*students, ""])
    files["enrollments.csv"] = "\n".join([*enrollments, ""])

    report = judge(files, profile="khan-academy", as_of=AS_OF)

    assert set(sure(report)) == {"ids-joined"}
    assert report.diagnoses[0].people == 12


def test_a_row_with_a_filler_for_the_student_of_an_empty_section(judge: Judge) -> None:
    files = dict(district())
    files["sections.csv"] = SECTIONS + "".join(
        f"11,E{n},700,Math {n},2026-08-20,2027-06-10\n" for n in range(3)
    )
    files["enrollments.csv"] += "".join(f"11,E{n},0\n" for n in range(3))

    report = judge(files, profile="khan-academy", as_of=AS_OF)

    assert set(sure(report)) == {"zero-for-none"}
    assert ("student-unknown", 3) in report.diagnoses[0].explains


@pytest.mark.parametrize("format", ["clever", "oneroster", "sds", "raw"])
def test_students_who_left_a_school_with_one_section_each(format: str) -> None:
    (_, one_each) = [each for each in DAMAGES if each.id == "withdrawn-left-in"]

    sample = plant([one_each], format, seed=4, students=150)

    report = judge_written(sample.damaged, "khan-academy")
    assert set(sure(report)) == {"withdrawn-left-in"}
    assert not judge_written(sample.clean, "khan-academy").diagnoses


def test_typing_errors_in_ids_of_students_with_one_section_each_are_no_diagnosis() -> None:
    rng = Random(5)
    rows = damage_rows.keep_one_section(rng, copy(build(rng, 200)))
    for row in rng.sample(rows["enrollments"], 12):
        row["Student_id"] = row["Student_id"][:-1] + "x7"

    assert not judge_written(write(rows, "clever"), "khan-academy").diagnoses


def test_marks_around_the_cells_of_a_raw_export_are_advice() -> None:
    (marks,) = [each for each in DAMAGES if each.id == "enclosed-in-marks"]

    sample = plant([marks], "raw", seed=1, students=60)

    (found,) = judge_written(sample.damaged, "khan-academy").diagnoses
    assert (found.id, found.level) == ("enclosed-in-marks", Level.ADVICE)
    assert "tabs" in found.evidence
    assert not found.explains


def test_another_reading_comes_before_files_of_two_exports(judge: Judge) -> None:
    files = dict(district(reference=lambda n: f"S{n}"))
    files["enrollments.csv"] += "22,M3-1,no such student\n" * 2

    report = judge(files, profile="khan-academy", as_of=AS_OF)

    assert set(sure(report)) == {"ids-with-prefix"}


def test_rows_of_one_person_with_two_dates_for_all(judge: Judge) -> None:
    files = dict(district())
    header, *lines = files["students.csv"].splitlines()
    rows = []
    for line in lines:
        cells = line.split(",")
        rows += [",".join([*cells[:6], day, cells[7]]) for day in ("2014-07-01", "2015-07-01")]
    files["students.csv"] = "\n".join([header, *rows, ""])

    report = judge(files, profile="khan-academy", as_of=AS_OF)

    (found,) = report.diagnoses
    assert (found.id, found.records, found.people) == ("one-date-for-all", 24, 12)
    assert "student-age-unlikely" not in {
        each.rule.id for each in report.outcomes if each.status == "found"
    }


def test_the_generator_has_every_format_for_most_damages() -> None:
    formats: dict[str, set[str]] = {}
    for damage in DAMAGES:
        formats.setdefault(damage.id, set()).update(damage.formats)
    usual = set(damage_kinds.WITH_BIRTHS)
    partly = {id for id, known in formats.items() if not known >= usual}

    assert partly <= {
        "last-years-rows",
        "left-out-by-the-map",
        "id-of-student-and-teacher",
    }
    assert len(NAMES) == 12


@pytest.mark.parametrize(
    ("student", "reference", "form"),
    [
        (lambda n: f"kx{n:x}", lambda n: f"IDKX{n:X}", "ids-other-case"),
        (lambda n: f"00{n}", lambda n: f"S{n}", "ids-without-zeros"),
        (lambda n: f"stu-{n}-a", lambda n: f"{n}-A", "ids-other-case"),
    ],
)
def test_a_prefix_and_a_change_of_form_are_undone_together(
    judge: Judge, student: Callable[[int], str], reference: Callable[[int], str], form: str
) -> None:
    report = judge(district(student=student, reference=reference), profile="khan-academy")

    assert set(sure(report)) == {"ids-with-prefix", form}
    assert not [
        each for each in report.outcomes if each.status == "found" and each.level == "blocker"
    ]


@pytest.mark.parametrize("count", [1, 2])
def test_the_few_schools_of_a_district_are_named_by_their_number(judge: Judge, count: int) -> None:
    files = dict(district())
    schools = [("11", "Foggy Hollow School", "911"), ("22", "Maple Hollow School", "922")]
    header, *lines = files["students.csv"].splitlines()
    lines = [f"9{line}" for line in lines[: 6 * count]]
    if count == 1:
        files["sections.csv"] = "\n".join(SECTIONS.splitlines()[:3]) + "\n"
        files["enrollments.csv"] = "\n".join(files["enrollments.csv"].splitlines()[:7]) + "\n"
        files["teachers.csv"] = "\n".join(files["teachers.csv"].splitlines()[:3]) + "\n"
    rows = "\n".join(",".join(school) for school in schools[:count])
    files["schools.csv"] = f"School_id,School_name,School_number\n{rows}\n"
    files["students.csv"] = "\n".join([header, *lines, ""])
    if count == 1:  # eight references are the least that prove it
        files["students.csv"] += "".join(
            f"911,520{n},9520{n},Extra{'abcd'[n]},Thimblewick,4,2016-02-1{n},x{n}@foggy.example\n"
            for n in range(4)
        )

    report = judge(files, profile="clever")

    assert set(sure(report)) == {"ids-from-another-column"}


def test_letters_that_were_converted_three_times(judge: Judge) -> None:
    def garble(text: str) -> str:
        for _ in range(2):
            text = text.encode().decode("cp1252")
        return text

    files = dict(district())
    files["students.csv"] = files["students.csv"].replace("Thimblewick", garble("Muñoz"))

    report = judge(files, profile="clever")

    assert set(sure(report)) == {"decoded-twice"}
    assert not [
        each
        for each in report.outcomes
        if each.rule.id == "value-double-encoded" and each.status == "found"
    ]


def test_an_id_that_two_columns_hold_for_different_students_is_a_possible_reading(
    judge: Judge,
) -> None:
    files = dict(district())
    header, *lines = files["students.csv"].splitlines()
    numbers = [f"7{at:03}" for at in range(12)]
    rows = [f"{line},{number}" for line, number in zip(lines, numbers, strict=True)]
    for at, row in enumerate(rows):
        cells = row.split(",")
        cells[2] = numbers[(at + 5) % 12]
        rows[at] = ",".join(cells)
    files["students.csv"] = "\n".join([f"{header},State_id", *rows, ""])
    links = files["enrollments.csv"].splitlines()
    for at in range(1, 13):
        cells = links[at].split(",")
        links[at] = ",".join([*cells[:2], numbers[at - 1]])
    files["enrollments.csv"] = "\n".join([*links, ""])

    report = judge(files, profile="khan-academy", as_of=AS_OF)

    assert "ids-from-another-column" not in sure(report)
    assert "ids-from-another-column" in {each.id for each in report.diagnoses}


def test_two_schools_that_were_left_out_are_two_diagnoses(judge: Judge) -> None:
    files = dict(district())
    header, *lines = files["students.csv"].splitlines()
    more = [
        f"{'33' if n % 2 else '44'},53{n},953{n},Extra,Name,4,2016-02-{n},x{n}@foggy.example"
        for n in range(10, 26)
    ]
    files["students.csv"] = "\n".join([header, *lines, *more, ""])

    report = judge(files, profile="khan-academy", as_of=AS_OF)

    assert [each.id for each in report.diagnoses] == ["record-left-out"] * 2
