"""Text that a program damaged: what is recognized, what it explains, and what stays quiet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

import pytest

from tests.conftest import Judge, outcome, spots
from tests.diagnosis.test_ids import district
from tests.support import damage_text as text
from tests.support.districts import Written, build, copy, write
from tests.support.districts import judge as judge_written
from tests.support.other_formats import District
from validator.model import Diagnosis, Level, Report, Status

Spoil = Callable[[Random, District], District]
Rewrite = Callable[[Random, Written], Written]

EVERY = ("clever", "oneroster", "sds", "raw")
UPLOADED = ("clever", "oneroster", "sds")
CLEVER = ("clever",)
"""For damages of which another variant is planted in every format."""


@dataclass(frozen=True)
class Planted:
    """A damage: what the district needs before it, and how its rows or files are damaged."""

    id: str
    prepare: Spoil | None = None
    spoil: Spoil | None = None
    rewrite: Rewrite | None = None
    formats: tuple[str, ...] = EVERY


ACCENTS = text.name_people(*text.ACCENTED)
APOSTROPHES = text.name_people(*text.APOSTROPHES)
POLISH = text.name_people(*text.POLISH)

DAMAGES = {
    "quoted twice": Planted("quoted-twice", rewrite=text.rewrite_cells(text.quote_again)),
    "quoted twice with column names": Planted(
        "quoted-twice", rewrite=text.rewrite_cells(text.quote_again, header=True)
    ),
    "pipes and tabs": Planted(
        "enclosed-in-marks", rewrite=text.enclose("|", "\t"), formats=UPLOADED
    ),
    "single quotes": Planted("enclosed-in-marks", rewrite=text.enclose("'", ","), formats=CLEVER),
    "dos": Planted("code-page-wrong", ACCENTS, rewrite=text.recode("cp850")),
    "mac": Planted("code-page-wrong", ACCENTS, rewrite=text.recode("mac_roman"), formats=CLEVER),
    "polish": Planted("code-page-wrong", POLISH, rewrite=text.recode("cp1250"), formats=CLEVER),
    "read as latin-1": Planted("decoded-twice", ACCENTS, rewrite=text.garble("latin-1")),
    "read as dos": Planted("decoded-twice", ACCENTS, rewrite=text.garble("cp437"), formats=CLEVER),
    "html": Planted("escaped-for-html", APOSTROPHES, text.escape_html),
    "sql": Planted(
        "escaped-for-sql", APOSTROPHES, text.change_names(lambda name: name.replace("'", "''"))
    ),
    "web addresses": Planted("escaped-for-web", ACCENTS, text.escape_address),
    "json": Planted(
        "escaped-for-web", ACCENTS, text.change_names(text.escape_json), formats=CLEVER
    ),
    "dump": Planted("markers-for-blank", rewrite=text.mark_blanks("\\N"), formats=EVERY[:2]),
    "null": Planted("markers-for-blank", rewrite=text.mark_blanks("NULL"), formats=CLEVER),
    "codes": Planted("field-codes-left-in", spoil=text.leave_codes),
    "question marks": Planted("letters-lost", ACCENTS, rewrite=text.recode("ascii")),
    "alphabets": Planted("letters-of-another-alphabet", spoil=text.mix_alphabets),
    "backslashes": Planted(
        "quotes-escaped-by-backslash",
        text.quote_names,
        rewrite=text.rewrite_bytes(text.escape_quotes),
    ),
}
PLANTED = [(name, format) for name, damage in DAMAGES.items() for format in damage.formats]


def list_open(report: Report) -> set[tuple[str, str, int, str | None]]:
    """Every place that no diagnosis explains."""
    return {
        (result.rule.id, block.file, line, block.column)
        for result in report.outcomes
        if result.status is Status.FOUND and result.finding
        for block in result.finding.places
        if not block.explained_by
        for line in block.lines.tolist()
    }


@pytest.mark.slow
@pytest.mark.parametrize(("name", "format"), PLANTED)
def test_a_damage_is_recognized_in_every_format_and_only_it(name: str, format: str) -> None:
    damage, rng = DAMAGES[name], Random(format)
    people = build(rng, 60)
    if damage.prepare is not None:
        people = damage.prepare(rng, people)
    clean = write(copy(people), format)
    damaged = write(damage.spoil(rng, people) if damage.spoil is not None else people, format)
    if damage.rewrite is not None:
        damaged = damage.rewrite(rng, damaged)
    after = judge_written(damaged)
    assert [(found.id, found.sure) for found in after.diagnoses] == [(damage.id, True)]
    assert list_open(after) == list_clean(frozenset(clean.files.items()), format)


@cache
def list_clean(
    files: frozenset[tuple[str, bytes]], format: str
) -> set[tuple[str, str, int, str | None]]:
    """Every place in an undamaged district, which several damages share; it has no diagnosis."""
    options = {"format": "sis"} if format == "raw" else {}
    report = judge_written(Written(dict(sorted(files)), options))
    assert not report.diagnoses
    return list_open(report)


def change(files: Mapping[str, str], name: str, *pairs: tuple[str, str]) -> dict[str, str]:
    """The files with texts of one of them replaced."""
    content = files[name]
    for old, new in pairs:
        assert old in content
        content = content.replace(old, new)
    return {**files, name: content}


def diagnose(judge: Judge, files: Mapping[str, str | bytes]) -> tuple[Report, Diagnosis]:
    """The report for Khan Academy and its only diagnosis."""
    report = judge(files, profile="khan-academy")
    (only,) = report.diagnoses
    assert only.sure
    return report, only


def test_a_file_in_a_dos_code_page_is_read_right_and_said_once(judge: Judge) -> None:
    files = change(district(), "students.csv", ("Ada,", "Muñoz,"), ("Bea,", "José,"))
    report, only = diagnose(judge, {**files, "students.csv": files["students.csv"].encode("cp437")})
    assert (only.id, only.level, only.records) == ("code-page-wrong", Level.WARNING, 1)
    finding = outcome(report, "file-not-utf8").finding
    assert finding is not None
    assert "DOS code page 437 or 850" in str(finding.places[0].notes)
    assert outcome(report, "student-name-characters").status is Status.PASSED


def test_the_usual_code_page_is_no_diagnosis(judge: Judge) -> None:
    files = change(district(), "students.csv", ("Ada,", "Muñoz,"), ("Bea,", "José’s,"))
    content = files["students.csv"].encode("cp1252")
    report = judge({**files, "students.csv": content}, profile="khan-academy")
    assert not report.diagnoses
    assert spots(report, "file-not-utf8") == ["students.csv:2"]


def test_lost_letters_hold_back_whom_they_give_a_wrong_address(judge: Judge) -> None:
    files = change(
        district(), "students.csv", ("Ada,", "Ad?m,"), ("Adu,", "Ad\ufffd,"), (",beo@", ",b?o@")
    )
    report, only = diagnose(judge, files)
    assert (only.id, only.records, only.people, only.level) == (
        "letters-lost",
        3,
        1,
        Level.BLOCKER,
    )
    assert outcome(report, "student-email-invalid").status is Status.EXPLAINED
    assert outcome(report, "student-name-characters").status is Status.EXPLAINED


def test_a_dump_marker_is_a_blank_and_what_is_blank_is_reported(judge: Judge) -> None:
    files = change(
        district(), "students.csv", ("ada@foggy.example", "\\N"), ("adu@foggy.example", "\\N")
    )
    report, only = diagnose(judge, files)
    assert (only.id, only.records) == ("markers-for-blank", 2)
    assert spots(report, "student-email-missing") == [
        "students.csv:2 Student_email",
        "students.csv:4 Student_email",
    ]
    assert outcome(report, "student-email-invalid").status is Status.EXPLAINED


def test_field_codes_are_the_systems_administrators(judge: Judge) -> None:
    files = change(
        district(),
        "students.csv",
        ("ada@foggy.example", "~(student_web_id)"),
        ("adu@", "{{first}}.{{last}}@"),
        ("beo@foggy.example", "#N/A"),
    )
    files = change(files, "sections.csv", ("Math 1", "^([courses]course_name)"))
    report, only = diagnose(judge, files)
    assert (only.id, only.records, only.people) == ("field-codes-left-in", 4, 3)
    assert only.level is Level.BLOCKER
    assert outcome(report, "student-email-invalid").status is Status.EXPLAINED


def test_quotation_marks_after_backslashes_are_read_where_the_row_is_whole(judge: Judge) -> None:
    files = change(
        district(),
        "students.csv",
        ("Ada,", '"Ada \\"A, Jr\\"",'),
        ("Beo,", '"Beo \\"Bob\\"",'),
        ("Cya,", 'Cya "Kid" Lee,'),
    )
    report, only = diagnose(judge, files)
    assert (only.id, only.records) == ("quotes-escaped-by-backslash", 2)
    assert len(spots(report, "quote-not-doubled")) == 3
    assert outcome(report, "row-wrong-length").status is Status.PASSED


def test_html_codes_in_a_name_explain_what_their_plain_form_shows_too(judge: Judge) -> None:
    files = change(district(), "students.csv", ("Ada,", "D&#x2f;O,"))
    report, only = diagnose(judge, files)
    assert only.id == "escaped-for-html"
    assert outcome(report, "student-name-characters").status is Status.EXPLAINED


def test_the_code_points_of_another_alphabet_are_listed(judge: Judge) -> None:
    files = change(district(), "students.csv", (",ada@", ",аda@"), (",bea@", ",beа@"))
    _, only = diagnose(judge, files)
    assert (only.id, only.records, only.people) == ("letters-of-another-alphabet", 2, 2)
    assert [note for block in only.places for note in block.notes or ()] == 2 * ["contains U+0430"]


def test_two_damages_are_undone_one_after_the_other(judge: Judge) -> None:
    files = district(reference=lambda number: f"S{number}")
    files = change(files, "students.csv", (",ada@", ",o&#39;da@"), ("Beo,", "B&eacute;o,"))
    report = judge(files, profile="khan-academy")
    assert {found.id for found in report.diagnoses} == {"escaped-for-html", "ids-with-prefix"}
    assert all(found.sure for found in report.diagnoses)


QUIET = {
    "a child called Null, one called None": (("Ada,Thimblewick", "None,Null"),),
    "an ampersand and a semicolon": (("Ada,", "Ada & Reasoning; Q&A Bo; 8,"),),
    "single apostrophes": (("Ada,", "D'Arcy',"), (",ada@", ",a'da@")),
    "one doubled apostrophe next to single ones": (("Ada,", "O''Dea,"), ("Adu,", "O'Dea,")),
    "doubled quotation marks": (("Ada,", '"Ada ""Pip""",'),),
    "names in Cyrillic": (("Ada,Thimblewick", "Анна,Иванова"),),
    "a percentage and a backslash": (("Ada,", "Ada 100%,"), ("Adu,", "Ad\\o,")),
    "a name in brackets": (("Ada,", "Ada (Addie),"), ("Adu,", "Adu {lab} ~ x,")),
    "a name that ends in a question mark": (("Ada,", "Ada?,"),),
    "accents": (("Ada,", "Ádá,"), ("Adu,", "Ñusta Zoë,")),
}


@pytest.mark.parametrize("name", QUIET)
def test_good_text_is_no_diagnosis(judge: Judge, name: str) -> None:
    report = judge(change(district(), "students.csv", *QUIET[name]), profile="khan-academy")
    assert not report.diagnoses


def test_courses_that_ask_a_question_are_no_lost_letters(judge: Judge) -> None:
    files = change(
        district(), "sections.csv", ("Math 1", "What is math? 4"), ("Math 2", "Why? How?")
    )
    assert not judge(files, profile="khan-academy").diagnoses


def test_a_column_of_nicknames_in_quotation_marks_is_not_quoted_twice(judge: Judge) -> None:
    files = district()
    lines = files["students.csv"].splitlines()
    rows = [lines[0] + ",Middle_name", *(f'{line},"""Pip"""' for line in lines[1:])]
    files = {**files, "students.csv": "\n".join(rows) + "\n"}
    assert not judge(files, profile="khan-academy").diagnoses
