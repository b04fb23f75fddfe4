"""The work-list: all cells are text, no password, the same bytes twice."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.support.builders import diagnose, district, found, places, report, rule, table
from validator.followup.columns import COLUMNS
from validator.model import Level, Outcome, Owner, Readiness, Report, SchoolRow, Status
from validator.outputs.xlsx import render
from validator.outputs.xlsx.sheets import LINE, LONGEST, format_cell, measure_height
from validator.portfolio.district import FAILED, Conditions, Job, build_unfinished
from validator.portfolio.overview import build_overview, render_files


def opened(outcomes: list[Outcome], **change: Any) -> Any:
    """The workbook as a spreadsheet program sees it."""
    return load_workbook(BytesIO(render.render(report(outcomes, **change))))


def rows(sheet: Any) -> list[dict[str, str]]:
    """The rows of a work-list by heading."""
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(COLUMNS, row, strict=True)}
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


def sheets_xml(made: Report) -> list[str]:
    """The XML of every sheet."""
    with ZipFile(BytesIO(render.render(made))) as book:
        return [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]


def first_sheet(book: Any) -> str:
    """All the words of the first sheet."""
    return "\n".join(
        str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell
    )


def test_there_is_a_sheet_for_each_who_has_work_and_for_nobody_else() -> None:
    book = opened(
        [
            found("a", [places("students", "Grade", [2])]),
            found("b", [places("students", "DOB", [2])], owner=Owner.HR),
            Outcome(rule("c", owner=Owner.SCHEDULER), Status.PASSED, Level.BLOCKER),
            found("d", [places("students", "DOB", [2])], owner=Owner.SCHEDULER, level=Level.FACT),
        ]
    )
    assert book.sheetnames == ["Start here", "Registrar", "HR", "How to fix"]


GRADE_ROW = {
    "Level": "Must fix",
    "Problem": "Grade odd",
    "School": "0412",
    "Same record": "",
    "Column": "Grade",
    "Details": "",
    "File": "students.csv",
    "Status": "to do",
    "Note": "",
    "Rule": "grade-odd",
    "Table": "students",
}


def test_a_row_tells_what_where_who_and_what_it_should_be() -> None:
    book = opened([found("grade-odd", [places("students", "Grade", [2, 3], repairs=["12", ""])])])
    listed = rows(book["Registrar"])
    assert [row.pop("Check") for row in listed] and listed == [
        {
            **GRADE_ROW,
            "Id": "zqid1",
            "Name": "zqfirst1 zqlast1",
            "Current value": "13",
            "How to fix it": "It should be: 12",
            "Line": "2",
        },
        {
            **GRADE_ROW,
            "Id": "zqid2",
            "Name": "zqfirst2 zqlast2",
            "Current value": "05",
            "How to fix it": "Schedule each student and export again.",
            "Line": "3",
        },
    ]


def test_the_problems_of_a_record_stand_together_and_the_worst_record_comes_first() -> None:
    book = opened(
        [
            found("w", [places("students", "Grade", [2, 4])], level=Level.WARNING),
            found("b", [places("students", "DOB", [4])]),
            found("a", [places("students", "Grade", [3])], level=Level.ADVICE),
        ]
    )
    assert [(row["Line"], row["Rule"], row["Same record"]) for row in rows(book["Registrar"])] == [
        ("4", "b", "1 of 2"),
        ("4", "w", "2 of 2"),
        ("2", "w", ""),
        ("3", "a", ""),
    ]


@pytest.mark.parametrize(
    ("level", "order"),
    [
        (Level.BLOCKER, ["ids-without-zeros", "lost", "lost", "b", "w", "a"]),
        (Level.WARNING, ["b", "ids-without-zeros", "lost", "lost", "w", "a"]),
        (Level.ADVICE, ["b", "w", "ids-without-zeros", "lost", "lost", "a"]),
    ],
)
def test_a_cause_is_listed_before_all_that_is_not_more_serious(
    level: Level, order: list[str]
) -> None:
    cause = diagnose(explains=[("lost", 2)], level=level)
    explained = places("students", "Grade", [5, 6], explained_by=cause.id)
    owner = {"owner": Owner.SIS_ADMINISTRATOR}
    lost = found("lost", [explained], level=level, **owner)
    book = opened(
        [
            replace(lost, status=Status.EXPLAINED, explained=2),
            found("a", [places("students", "Grade", [4])], level=Level.ADVICE, **owner),
            found("b", [places("students", "DOB", [2])], **owner),
            found("w", [places("students", "DOB", [3])], level=Level.WARNING, **owner),
        ],
        diagnoses=[cause],
    )
    assert [row["Rule"] for row in rows(book["SIS administrator"])] == order


def test_a_full_sheet_goes_on_in_the_next_and_the_first_one_says_so() -> None:
    made = report(
        [
            found("r", [places("students", "Grade", [2, 3, 4, 5])]),
            found("h", [places("students", "DOB", [2])], owner=Owner.HR),
        ]
    )
    book = load_workbook(BytesIO(render.render(made, full_sheet=3)))
    assert book.sheetnames == ["Start here", "Registrar", "Registrar 2", "HR", "How to fix"]
    assert [row["Line"] for title in book.sheetnames[1:3] for row in rows(book[title])] == [
        "2",
        "3",
        "4",
        "5",
    ]
    assert "A sheet was full: the rest is in Registrar 2." in first_sheet(book)


def test_the_column_for_reading_the_list_back_is_hidden() -> None:
    sheet = opened([found("r", [places("students", "Grade", [2])])])["Registrar"]
    assert [letter for letter, column in sheet.column_dimensions.items() if column.hidden] == [
        "P",
        "Q",
    ]


def test_records_that_belong_together_name_each_other() -> None:
    shared = places("students", "Student_email", [2, 3, 5], groups=[1, 2, 1])
    book = opened([found("mail-shared", [shared], groups=1)])
    assert [(row["Problem"], row["Details"]) for row in rows(book["Registrar"])] == [
        ("Mail shared", "see also line 5"),
        ("Mail shared", ""),
        ("Mail shared", "see also line 2"),
    ]


def test_the_first_sheet_says_the_answer_the_warning_and_what_was_not_checked() -> None:
    skipped = Outcome(
        rule("r-skipped"), Status.SKIPPED, Level.WARNING, reason="staff.csv is missing"
    )
    book = opened([found("a", [places("students", "Grade", [2])]), skipped])
    words = first_sheet(book)
    for told in (
        "Not ready for Demo App",
        "This file holds student data: keep it inside the district.",
        "Registrar",
        "staff.csv is missing",
        "maple, checked as of November 21, 2026",
        "1 student is in no section",
    ):
        assert told in words
    links = [
        cell.hyperlink.location
        for row in book.worksheets[0].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert links and set(links) == {"'Registrar'!A1"}
    linked = [cell.hyperlink.location for cell in book["Registrar"]["C"] if cell.hyperlink]
    assert linked == ["'How to fix'!A2"]


def test_with_nothing_to_fix_the_first_sheet_says_so() -> None:
    book = opened([])
    assert book.sheetnames == ["Start here"] and "Nothing to fix." in first_sheet(book)


NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "#N/A",
    "0042",
    "1.23E+11",
    "TRUE",
    "2026-11-21",
    "<b>&",
    " padded ",
    "'0042",
]


@pytest.mark.promise("No workbook cell is a formula, whatever the export contains")
def test_whatever_a_cell_holds_is_text_and_never_a_formula() -> None:
    held = {
        "students": table(
            "students",
            dict.fromkeys(("Student_id", "School_id", "Grade", "First_name"), NASTY)
            | {"Last_name": [""] * len(NASTY)},
        )
    }
    outcome = found(
        "=r", [places("students", "Grade", range(2, len(NASTY) + 2), repairs=NASTY)], title="=1+1"
    )
    students = Readiness(
        3,
        2,
        1,
        0,
        {},
        [("in the file", 3), ("have a birth date", 2), ("ready", 2)],
        dict.fromkeys(NASTY, (2, 1, 1)),
    )
    made = report(
        [outcome],
        held,
        district="=1+1",
        readiness={"students": students},
        schools=[SchoolRow(school, school, 1, 0, 0, 1, 0, 0) for school in NASTY],
    )
    for xml in sheets_xml(made):
        assert "<f>" not in xml and "<f " not in xml
    book = load_workbook(BytesIO(render.render(made)))
    sheet = book["Registrar"]
    for cells in (*sheet.iter_rows(min_row=2), *book["Students by school"].iter_rows(min_row=2)):
        for cell in cells:
            assert (
                cell.value is None
                or isinstance(cell.value, int)
                or (cell.data_type == "s" and cell.number_format == "@" and cell.quotePrefix)
            )
    assert [row["Id"] for row in rows(sheet)] == NASTY


@pytest.mark.promise("No workbook cell is a formula, whatever the export contains")
def test_whatever_a_district_is_called_is_text_and_never_a_formula() -> None:
    terms = Conditions((), "2026-11-16", "auto", "midyear", "")
    rows = [build_unfinished(Job(name, "", terms, ""), FAILED, name) for name in NASTY]
    book = load_workbook(BytesIO(render_files(build_overview(rows, terms, []))["portfolio.xlsx"]))
    told = [
        cell
        for sheet in book
        for cells in sheet.iter_rows(min_row=2)
        for cell in cells
        if cell.value is not None
    ]
    assert {cell.value for cell in told} >= set(NASTY)
    assert all(cell.data_type == "s" for cell in told if isinstance(cell.value, str))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\x00b", "a\u2400b"),
        ("a\r\nb", "a\u240d\u240ab"),
        ("a\ud800b", "a[U+D800]b"),
        ("a\ufffeb", "a[U+FFFE]b"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\u00a0", "a[U+00A0]"),
        ("a\u202eb", "a[U+202E]b"),
        ("José", "José"),
        ("a\ufffdb", "a\ufffdb"),
    ],
)
def test_what_a_cell_cannot_hold_or_nobody_can_see_is_made_visible(value: str, shown: str) -> None:
    assert format_cell(value) == shown


@pytest.mark.parametrize("letter", ["a", "\U0001f600"])
def test_overlong_text_is_cut_where_everybody_sees_it(letter: str) -> None:
    text = format_cell(letter * 40_000)
    assert (
        text.endswith(" [cut here: 40,000 characters]")
        and len(text.encode("utf-16-le")) // 2 <= LONGEST
    )
    assert format_cell(letter * 16_000) == letter * 16_000


def test_every_private_value_but_the_password_is_there_for_the_district() -> None:
    outcomes = [
        found(f"r-{held.name}-{column}", [places(held.name, column, held.lines.tolist())])
        for held in district().values()
        for column in held.rows.columns
    ]
    text = "".join(sheets_xml(report(outcomes)))
    assert "zqpass" not in text
    for token in ("zqid4", "zqfirst4", "zqlast4", "zqmail4", "zqdob4", "zqname2", "zqext1"):
        assert token in text


def test_two_runs_give_the_same_bytes_and_no_clock_is_in_them() -> None:
    made = report([found("a", [places("students", "Grade", [2])])])
    first = render.render(made)
    time.sleep(1.1)
    assert first == render.render(made)
    with ZipFile(BytesIO(first)) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in book.read("docProps/core.xml")


def test_the_hour_of_the_report_stands_in_the_workbook() -> None:
    made = report(generated_at=dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC))
    with ZipFile(BytesIO(render.render(made))) as book:
        assert b"2026-11-21T10:00:00Z" in book.read("docProps/core.xml")


def test_the_worst_is_listed_first_and_what_is_left_out_is_said() -> None:
    outcomes = [
        found("w", [places("students", "Grade", [2, 3, 4, 5])], level=Level.WARNING),
        found("b", [places("students", "DOB", [2, 3, 4, 5])]),
    ]
    book = load_workbook(BytesIO(render.render(report(outcomes), rows_per_rule=3, rows=5)))
    listed = [row["Rule"] for row in rows(book["Registrar"])]
    assert (listed.count("b"), listed.count("w")) == (3, 2)
    assert "3 of 4" in first_sheet(book) and "2 of 4" in first_sheet(book)


def test_a_diagnosis_has_as_many_rows_as_a_rule_however_many_rules_it_explains() -> None:
    cause = diagnose(explains=[("lost", 4), ("gone", 4)])
    outcomes = [
        replace(
            found(rule, [places("students", column, range(2, 6), explained_by=cause.id)]),
            status=Status.EXPLAINED,
            explained=4,
        )
        for rule, column in (("lost", "Grade"), ("gone", "DOB"))
    ]
    made = report(outcomes, diagnoses=[cause])
    book = load_workbook(BytesIO(render.render(made, rows_per_rule=5)))
    top, *folded = rows(book["SIS administrator"])
    assert sorted(row["Rule"] for row in folded) == ["gone"] + ["lost"] * 4
    assert "3 more rows are left out of this workbook" in top["Details"]


def test_rows_left_out_of_a_group_are_counted_on_its_sheet_and_on_the_first() -> None:
    cause = diagnose(explains=[("lost", 6)])
    explained = places("students", "Grade", range(2, 8), explained_by=cause.id)
    made = report(
        [
            replace(found("lost", [explained]), status=Status.EXPLAINED, explained=6),
            found("b", [places("students", "DOB", range(2, 7))]),
        ],
        diagnoses=[cause],
    )
    book = load_workbook(BytesIO(render.render(made, rows_per_rule=4)))
    top, *folded = rows(book["SIS administrator"])
    assert len(folded) == 4
    assert "2 more rows are left out of this workbook" in top["Details"]
    assert "--report json --rows all" in top["Details"]
    assert "(4 of 6 rows are listed)" in first_sheet(book)
    lines = [line for line in first_sheet(book).splitlines() if line.startswith("3 more rows")]
    assert len(lines) == 1 and "--report json --rows all" in lines[0]
    whole = load_workbook(BytesIO(render.render(made)))
    assert "left out" not in first_sheet(whole) + rows(whole["SIS administrator"])[0]["Details"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("a" * 20, 1),
        ("a" * 22, 2),
        ("mary-kit.yamwright@students.maplehollow.k12.example", 4),
        ("short words that are wrapped where they end", 3),
        ("one\ntwo\nthree", 3),
        ("x " * 5_000, 12),
    ],
)
def test_a_row_is_as_high_as_its_wrapped_text(text: str, lines: int) -> None:
    assert measure_height([text], [20]) == lines * LINE


def test_the_headings_of_numbers_are_over_the_numbers() -> None:
    sheet = opened([found("a", [places("students", "Grade", [2])])]).worksheets[0]
    headings = [
        cell for row in sheet.iter_rows() for cell in row if cell.value in ("Found", "Rows")
    ]
    assert [cell.alignment.horizontal for cell in headings] == ["right", "right"]


def test_a_finding_without_listed_places_is_one_row_with_its_count() -> None:
    book = opened([found("r", [places("students", "Grade", [2, 3], listed=False)])])
    assert [
        (row["Problem"], row["File"], row["Line"], row["Details"])
        for row in rows(book["Registrar"])
    ] == [("R", "students.csv", "", "2 students are in no section")]


def test_a_list_can_be_filtered_and_its_status_chosen() -> None:
    sheet = opened([found("r", [places("students", "Grade", [2, 3])])])["Registrar"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:Q3")
    choice = sheet.data_validations.dataValidation[0]
    assert (str(choice.sqref), choice.formula1) == (
        "A2:A3",
        '"to do,done,not a problem,still found"',
    )
    assert sheet.max_row == 3


@pytest.mark.slow
def test_fifty_thousand_rows_are_written() -> None:
    count = 50_000
    held = table(
        "students",
        {
            "School_id": ["0412"] * count,
            "Student_id": [f"id{n}" for n in range(count)],
            "First_name": ["Nora"] * count,
            "Last_name": ["Nobody"] * count,
            "Grade": ["99"] * count,
        },
    )
    made = report(
        [found("r", [places("students", "Grade", range(2, count + 2))])], {"students": held}
    )
    assert len(render.render(made, rows_per_rule=count)) < 20_000_000


def test_a_sheet_of_its_own_says_school_by_school_who_is_left_after_each_step() -> None:
    students = Readiness(
        3,
        2,
        1,
        0,
        {},
        [("in the file", 3), ("have a birth date", 2), ("ready", 2)],
        {"0412": (2, 1, 1), "": (1, 1, 1)},
    )
    book = load_workbook(BytesIO(render.render(report([], readiness={"students": students}))))
    assert book.sheetnames == ["Start here", "Students by school"]
    assert list(book["Students by school"].iter_rows(values_only=True)) == [
        ("School", "Name", "In the file", "Have a birth date", "Ready"),
        ("0412", "Oak Elementary School", 2, 1, 1),
        (None, None, 1, 1, 1),
    ]
