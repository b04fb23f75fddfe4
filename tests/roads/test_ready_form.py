"""READY is the destination's verdict: a form that it refuses or does not see is not ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from tests.support.formats import FORMATS
from tests.support.other_formats import District
from validator.assess import Options, assess
from validator.cli import exit_codes
from validator.ingest.formats import registry
from validator.model import (
    TAKES_ALL,
    Consequence,
    Departure,
    Level,
    Report,
    Response,
    Status,
    Verdict,
    Version,
)

KHAN = "khan-academy"
PROFILES = dict.fromkeys(FORMATS, KHAN) | {"canvas": "canvas"}
"""Format -> the app it is judged for; Khan Academy needs birth dates, which Canvas lacks."""
TERM = {"Term_name": "2026-27", "Term_start": "08/24/2026", "Term_end": "06/11/2027"}
COURSE = {"Course_name": "Math 3", "Course_number": "M300", "Subject": "Math", "Grade": "3"}
NAMES = ("Mabel Quillfeather", "Otto Bramblewick", "Nona Copperpot", "Odo Gingerwold")


def build_district() -> District:
    """Four made-up students in two sections of one school."""
    school = {"School_id": "11", "School_name": "Foggy Hollow School", "School_number": "011"}
    people = [dict(zip(("First_name", "Last_name"), name.split(), strict=True)) for name in NAMES]
    students = [
        {"School_id": "11", "Student_id": f"41{at:02}", **person, "Grade": "3"}
        | {
            "DOB": f"02/1{at}/2018",
            "Student_email": f"{person['First_name'].lower()}@foggy.example",
        }
        for at, person in enumerate(people)
    ]
    teacher = {"School_id": "11", "Teacher_id": "701", "First_name": "Wren", "Last_name": "Hollis"}
    staff = {"School_id": "11", "Staff_id": "801", "First_name": "Delia", "Last_name": "Ashgrove"}
    sections = [
        {"School_id": "11", "Section_id": f"M{at}", "Teacher_id": "701", "Name": f"Math 3-{at}"}
        | {"Period": str(at), **COURSE, **TERM}
        for at in (1, 2)
    ]
    return {
        "schools": [school],
        "students": students,
        "teachers": [teacher | {"Teacher_email": "wren.hollis@foggy.example"}],
        "sections": sections,
        "enrollments": [
            {"School_id": "11", "Section_id": f"M{at % 2 + 1}", "Student_id": row["Student_id"]}
            for at, row in enumerate(students)
        ],
        "staff": [staff | {"Staff_email": "delia@foggy.example", "Title": "Principal"}],
    }


Files = dict[str, bytes]
WRITERS: dict[str, Callable[[], dict[str, str]]] = {
    name: (lambda write=write: write(build_district()))  # type: ignore[misc]
    for name, write in FORMATS.items()
}
"""Every format that the tests can write, with a healthy export in it."""


def written(name: str) -> Files:
    """A healthy export of a format."""
    return {file: text.encode() for file, text in WRITERS[name]().items()}


def each(files: Files, change: Callable[[bytes], bytes]) -> Files:
    """The export with every file changed."""
    return {name: change(data) for name, data in files.items()}


def replace_once(files: Files, name: str, old: str, new: str) -> Files:
    """The export with the first `old` of one file replaced."""
    assert old.encode() in files[name].split(b"\n")[0]
    return {**files, name: files[name].replace(old.encode(), new.encode(), 1)}


REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "tabs": (lambda data: data.replace(b",", b"\t"), "file-delimiter"),
    "semicolons": (lambda data: data.replace(b",", b";"), "file-delimiter"),
    "pipes": (lambda data: data.replace(b",", b"|"), "file-delimiter"),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "file-not-utf8"),
    "title lines": (lambda data: b"Foggy Hollow, list of all\n\n" + data, "header-missing"),
    "a sep= line": (lambda data: b"sep=,\n" + data, "header-missing"),
}


def pad_rows(data: bytes) -> bytes:
    """The file with two empty cells too many on every row, but not in the header."""
    return data.replace(b"\n", b",,\n").replace(b",,\n", b"\n", 1)


HARMLESS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "CR only": (lambda data: data.replace(b"\n", b"\r"), "file-line-endings"),
    "CRLF and LF": (lambda data: data.replace(b"\n", b"\r\n", 1), "file-line-endings"),
    "a byte order mark": (lambda data: b"\xef\xbb\xbf" + data, "file-bom"),
    "two empty cells": (pad_rows, "row-wrong-length"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_healthy_export_has_no_blocker(judge: Judge, name: str) -> None:
    report = judge(written(name), profile=PROFILES[name])
    assert report.verdict is Verdict.READY
    assert report.readiness["students"].ready == report.readiness["students"].total > 0


@pytest.mark.parametrize("damage", REFUSED)
@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("profile", [None, KHAN])
def test_what_the_destination_refuses_is_not_ready(
    tmp_path: Path, name: str, damage: str, profile: str | None
) -> None:
    change, rule = REFUSED[damage]
    report = run(tmp_path, each(written(name), change), profile)
    found = outcome(report, rule)
    assert (found.status, found.level) == (Status.FOUND, Level.BLOCKER)
    assert found.rule.consequence is Consequence.REFUSED
    assert "refuses" in found.rule.why
    assert report.export.acceptance.destination in found.rule.why
    assert report.verdict is Verdict.NOT_READY
    assert exit_codes.choose_for_report(report) == 1
    assert [state.ready for state in report.readiness.values()] == [0, 0, 0]
    if damage != "semicolons":  # a list in one cell may have commas of its own
        assert report.counts["students"] == len(NAMES)


def run(folder: Path, files: Files, profile: str | None) -> Report:
    """The report under a profile, or under that of the format."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    names = [profile] if profile else []
    return assess([folder], Options(profiles=names, as_of=dt.date(2026, 11, 16)))


@pytest.mark.parametrize("change", HARMLESS)
@pytest.mark.parametrize("name", WRITERS)
def test_what_is_harmless_stays_at_a_warning_or_below(judge: Judge, name: str, change: str) -> None:
    make, rule = HARMLESS[change]
    report = judge(each(written(name), make), profile=PROFILES[name])
    found = outcome(report, rule)
    assert found.status is Status.FOUND
    assert found.level.rank >= Level.WARNING.rank
    assert report.verdict is Verdict.READY
    assert found.rule.consequence in (Consequence.WRONG, Consequence.NONE)


@pytest.mark.parametrize(
    "heading", ["student email", "STUDENT_EMAIL", "Student-Email", " studentemail "]
)
def test_clever_takes_the_same_words_in_another_form(judge: Judge, heading: str) -> None:
    files = replace_once(written("clever"), "students.csv", "Student_email", heading)
    report = judge(files, profile=KHAN)
    assert outcome(report, "header-spelling").level is Level.ADVICE
    assert report.verdict is Verdict.READY


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        ("Student_email", "E-mail"),
        ("Student_email", "Email_address"),
        ("Student_email", "Email Address"),
        ("Student_email", "Stu Email"),
        ("DOB", "Birth Date"),
        ("DOB", "Date of birth"),
    ],
)
def test_a_column_that_clever_does_not_see_is_judged_as_absent(
    judge: Judge, column: str, heading: str
) -> None:
    files = replace_once(written("clever"), "students.csv", column, heading)
    files["students.csv"] = files["students.csv"].replace(b"mabel@foggy.example", b"mabel at home")
    report = judge(files, profile=KHAN)
    found = outcome(report, "header-spelling")
    assert (found.level, found.count) == (Level.BLOCKER, 1)
    assert found.rule.consequence is Consequence.NO_SIGN_IN
    assert f"The app needs {column}, so no students could sign in." in found.rule.why
    assert spots(report, "header-spelling") == [f"students.csv:1 {column}"]
    assert report.verdict is Verdict.NOT_READY
    assert report.readiness["students"].ready == 0
    assert report.readiness["students"].by_rule["header-spelling"] == len(NAMES)
    assert report.readiness["teachers"].ready == 1
    # The values are checked all the same, and nothing is reported as missing besides.
    assert outcome(report, "student-email-invalid").count == 1
    assert outcome(report, "student-email-missing").status is Status.PASSED
    assert outcome(report, "student-dob-missing").status is Status.PASSED


def test_an_optional_column_that_no_app_asks_for_is_a_warning(judge: Judge) -> None:
    files = replace_once(written("clever"), "students.csv", "Student_email", "E-mail")
    report = judge(files, profile="clever")
    found = outcome(report, "header-spelling")
    assert (found.level, found.rule.consequence) == (Level.WARNING, Consequence.WRONG)
    assert report.verdict is Verdict.READY
    assert report.readiness["students"].ready == len(NAMES)


def test_with_two_apps_each_has_its_own_level(tmp_path: Path) -> None:
    files = replace_once(written("clever"), "students.csv", "Student_email", "E-mail")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    day = dt.date(2026, 11, 16)
    report = assess([tmp_path], Options(profiles=["clever", KHAN], as_of=day))
    assert outcome(report, "header-spelling").levels == {
        "clever": Level.WARNING,
        KHAN: Level.BLOCKER,
    }
    assert report.verdicts["clever"] is Verdict.READY
    assert report.verdicts[KHAN] is Verdict.NOT_READY


@pytest.mark.parametrize("profile", ["clever", KHAN, "freckle"])
@pytest.mark.parametrize(
    ("file", "column", "heading", "none_ready"),
    [
        ("sections.csv", "Teacher_id", "Tchr ID", {"students", "sections"}),
        ("students.csv", "Student_id", "Stu ID", {"students"}),
        ("students.csv", "Last_name", "Surname", {"students"}),
        ("teachers.csv", "Teacher_id", "Teacher_sis_id", {"teachers", "sections"}),
        ("enrollments.csv", "Section_id", "Class ID", {"students"}),
        ("schools.csv", "School_name", "Name", {"students", "teachers", "sections"}),
    ],
)
def test_a_required_column_that_clever_does_not_see_holds_everybody_back(
    judge: Judge, profile: str, file: str, column: str, heading: str, none_ready: set[str]
) -> None:
    report = judge(replace_once(written("clever"), file, column, heading), profile=profile)
    found = outcome(report, "header-spelling")
    assert (found.level, found.count) == (Level.BLOCKER, 1)
    assert f"Without {column}, every record of {file} is refused." in found.rule.why
    assert report.verdict is Verdict.NOT_READY
    assert {kind for kind, state in report.readiness.items() if not state.ready} == none_ready
    others = [
        other.rule.id
        for other in report.outcomes
        if other.status is Status.FOUND and other.level is Level.BLOCKER
    ]
    assert others == ["header-spelling"]


@pytest.mark.parametrize("profile", ["clever", KHAN])
def test_a_file_under_another_name_is_read_and_refused(judge: Judge, profile: str) -> None:
    files = written("clever")
    files["classes.csv"] = files.pop("sections.csv")
    report = judge(files, profile=profile)
    found = outcome(report, "file-missing")
    assert found.level is Level.BLOCKER
    assert found.finding is not None
    assert found.finding.places[0].notes == "classes.csv was read instead; name it sections.csv"
    assert report.verdict is Verdict.NOT_READY
    assert report.counts["sections"] == 2
    assert report.readiness["students"].ready == 0


def test_a_file_name_in_another_letter_case_is_a_warning(judge: Judge) -> None:
    files = written("clever")
    files["Sections.CSV"] = files.pop("sections.csv")
    report = judge(files, profile=KHAN)
    assert outcome(report, "file-name-differs").level is Level.WARNING
    assert outcome(report, "file-missing").status is Status.PASSED
    assert report.verdict is Verdict.READY


def test_a_missing_file_is_as_before_a_question_that_cannot_be_answered(judge: Judge) -> None:
    files = written("clever")
    del files["sections.csv"]
    assert judge(files, profile=KHAN).verdict is Verdict.COULD_NOT_TELL


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_windows_1252_is_a_warning(judge: Judge, encoding: str) -> None:
    files = written("clever")
    files["students.csv"] = (
        files["students.csv"].decode().replace("Nona", "Noné", 1).encode(encoding)
    )
    report = judge(files, profile=KHAN)
    assert outcome(report, "file-not-utf8").level is Level.WARNING


@pytest.mark.parametrize(
    ("file", "column", "heading"),
    [
        ("classes.csv", "termSourcedIds", "termSourcedId"),
        ("users.csv", "orgSourcedIds", "orgSourcedId"),
    ],
)
def test_a_missing_letter_in_a_onerosters_heading_is_a_blocker(
    judge: Judge, file: str, column: str, heading: str
) -> None:
    files = replace_once(written("oneroster 1.1"), file, column, heading)
    report = judge(files, profile=KHAN)
    found = outcome(report, "header-spelling")
    assert (found.level, found.count) == (Level.BLOCKER, 1)
    assert "match column names exactly" in found.rule.why
    assert report.verdict is Verdict.NOT_READY
    assert report.readiness["students"].ready == 0


@pytest.mark.parametrize("heading", ["givenname", "given_name", "GivenName"])
def test_another_form_of_a_onerosters_heading_is_a_warning(judge: Judge, heading: str) -> None:
    files = replace_once(written("oneroster 1.1"), "users.csv", "givenName", heading)
    report = judge(files, profile=KHAN)
    assert outcome(report, "header-spelling").level is Level.WARNING
    assert report.verdict is Verdict.READY


@pytest.mark.parametrize("heading", ["SourcedId", "sourced_id"])
def test_school_data_sync_refuses_another_letter_case(judge: Judge, heading: str) -> None:
    files = replace_once(written("sds 2.1"), "users.csv", "sourcedId", heading)
    report = judge(files, profile="sds")
    assert outcome(report, "header-spelling").level is Level.BLOCKER
    assert report.verdict is Verdict.NOT_READY


def test_an_app_may_be_stricter_than_what_is_documented(judge: Judge) -> None:
    files = replace_once(written("clever"), "sections.csv", "Period", "Per\u200biod")
    soft = outcome(judge(files, profile=KHAN), "header-hidden-characters")
    strict = outcome(judge(files, profile="schoolstatus"), "header-hidden-characters")
    assert (soft.level, strict.level) == (Level.WARNING, Level.BLOCKER)
    assert "Clever ignores a column name with invisible characters" in soft.rule.why
    assert "may try to remove every record" in strict.rule.why


def test_a_workbook_has_no_form_to_judge(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, text in WRITERS["clever"]().items():
        sheet = book.create_sheet(name.removesuffix(".csv").upper())
        for at, line in enumerate(text.splitlines()):
            cells = line.replace("Student_email", "E-mail") if not at else line
            sheet.append(cells.split(","))
    book.save(tmp_path / "export.xlsx")
    report = assess(
        [tmp_path / "export.xlsx"], Options(profiles=[KHAN], as_of=dt.date(2026, 11, 16))
    )
    assert outcome(report, "header-spelling").status is Status.PASSED
    assert outcome(report, "file-name-differs").status is Status.PASSED
    fact = outcome(report, "form-not-judged")
    assert (fact.status, fact.level, fact.count) == (Status.FOUND, Level.FACT, 6)
    assert report.readiness["students"].ready == len(NAMES)


VERSIONS = [version for format in registry.list_formats() for version in format.versions]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.title)
def test_every_departure_has_an_answer_with_its_source(version: Version) -> None:
    acceptance = version.acceptance
    assert acceptance is not TAKES_ALL
    assert set(acceptance.answers) == set(Departure)
    for departure, answer in acceptance.answers.items():
        assert answer.source.startswith("https://"), departure
        assert answer.fix.endswith("."), departure
        assert acceptance.describe(departure).endswith("."), departure
        if answer.response is Response.REFUSES:
            assert acceptance.level(departure, Level.ADVICE) is Level.BLOCKER


@pytest.mark.parametrize(
    ("case", "rule", "level", "count", "ready"),
    [
        ("09-header-plural-oneroster/input", "header-spelling", Level.BLOCKER, 2, False),
        ("19b-one-trailing/input", "row-wrong-length", Level.ADVICE, 1, True),
        ("19b-one-trailing/quiet", "row-wrong-length", Level.ADVICE, 1, True),
        ("11-pipe-enclosed-tabs/quiet", "file-delimiter", Level.BLOCKER, 6, False),
    ],
)
def test_the_case_from_a_public_report(
    shared_cases: Path, case: str, rule: str, level: Level, count: int, ready: bool
) -> None:
    report = assess([shared_cases / case], Options(profiles=[KHAN], as_of=dt.date(2026, 10, 1)))
    found = outcome(report, rule)
    assert (found.level, found.count) == (level, count)
    assert (report.verdict is Verdict.READY) is ready
    assert (report.readiness["students"].ready == 12) is ready
