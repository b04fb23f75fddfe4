"""The work-list over two runs: statuses and notes survive, whatever a spreadsheet did."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from tests.support.builders import district, found, places, report, rule, table
from validator.followup import workbook, worklist
from validator.followup.columns import COLUMNS
from validator.followup.progress import describe_progress
from validator.followup.statuses import DONE, NO_PROBLEM, STILL_FOUND, TO_DO
from validator.model import BadUsage, Level, Outcome, Report, Status, WorklistMark
from validator.outputs import registry, terminal
from validator.outputs.json import render as json_render
from validator.outputs.xlsx.render import render

Set = Callable[[dict[str, str]], dict[str, str]]


def first() -> Report:
    """The first run: four grades to fix, and a mail address that two share."""
    return report(
        [
            found("grade-odd", [places("students", "Grade", [2, 3, 4, 5])]),
            found("mail-shared", [places("students", "Student_email", [2, 3], groups=[1, 1])]),
            found("counted", [places("students", "DOB", [2, 3], listed=False)]),
        ]
    )


def list_work(book: Any) -> list[Any]:
    """The sheets of work in a workbook, without those of rows that are on no list."""
    apart = {"Start here", "How to fix", "Not looked at", "No longer found"}
    return [sheet for sheet in book.worksheets if sheet.title not in apart]


def as_text(value: Any) -> str:
    """A cell as text."""
    return "" if value is None else str(value)


def saved(path: Path, made: Report, change: Set, **more: Any) -> Path:
    """The work-list of a run as it is after somebody filled it in."""
    book = openpyxl.load_workbook(BytesIO(render(made, **more)))
    for sheet in list_work(book):
        heading = [cell.value for cell in sheet[1]]
        for cells in sheet.iter_rows(min_row=2):
            told = {name: str(cell.value or "") for name, cell in zip(heading, cells, strict=True)}
            for name, value in change(told).items():
                cells[heading.index(name)].value = value
                cells[
                    heading.index(name)
                ].data_type = "s"  # typed into a cell of text, it stays text
    book.save(path)
    return path


def again(path: Path, outcomes: list[Outcome], **change: Any) -> Report:
    """The second run, which follows the work-list."""
    made = report(outcomes, **change)
    return dataclasses.replace(
        made, followup=worklist.follow_up(made, [workbook.read_worklist(path)])
    )


def listed(made: Report) -> list[dict[str, str]]:
    """All rows of the work-list of a run."""
    book = openpyxl.load_workbook(BytesIO(render(made)))
    return [
        dict(zip([cell.value for cell in sheet[1]], map(as_text, row), strict=True))
        for sheet in list_work(book)
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


def by_line(row: dict[str, str]) -> dict[str, str]:
    """What somebody set: lines 2 and 3 done, 4 no problem, a note at 5."""
    if row["Rule"] != "grade-odd":
        return {}
    return {
        "2": {"Status": "Done"},
        "3": {"Status": DONE, "Note": "told the school"},
        "4": {"Status": NO_PROBLEM, "Note": "a real grade"},
        "5": {"Note": "=ask Ms. Quill"},
    }[row["Line"]]


def test_done_things_go_undone_ones_are_marked_and_notes_stay(tmp_path: Path) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    made = again(path, [found("grade-odd", [places("students", "Grade", [3, 4, 5])])])
    assert made.followup is not None
    assert (made.followup.done, made.followup.gone, dict(made.followup.still)) == (
        1,
        0,
        {"grade-odd": 1},
    )
    assert (made.followup.accepted, made.followup.not_checked) == (1, 3)
    assert {row["Line"]: (row["Status"], row["Note"]) for row in listed(made)} == {
        "3": (STILL_FOUND, "told the school"),
        "4": (NO_PROBLEM, "a real grade"),
        "5": (TO_DO, "=ask Ms. Quill"),
    }


def test_first_sheet_terminal_and_json_tell_what_became_of_it(tmp_path: Path) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    made = again(
        path,
        [
            found("grade-odd", [places("students", "Grade", [3, 4, 5])], title="Odd grades"),
            Outcome(rule("mail-shared"), Status.PASSED, Level.BLOCKER),
        ],
    )
    told = [
        "1 row marked done is no longer found.",
        "1 row marked done is still found: Odd grades (1).",
        "2 rows without a mark are no longer found either.",
        "1 row marked not a problem is no longer counted as open.",
        "1 row could not be checked this time: see the sheet Not looked at.",
        "The notes of rows that are no longer found are on No longer found.",
    ]
    assert describe_progress(made) == told
    book = openpyxl.load_workbook(BytesIO(render(made)))
    sheet = "\n".join(
        str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell
    )
    screen = terminal.render(made, {}, width=110)
    for sentence in told:
        assert sentence in sheet and sentence in screen
    assert json.loads(json_render.render(made))["worklist"] == {
        "done": 1,
        "gone": 2,
        "still_found": {"grade-odd": 1},
        "not_a_problem": 1,
        "not_looked_at": 1,
        "new": 0,
        "unclear": 0,
    }


def test_notes_stay_in_the_district(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "last.xlsx", first(), lambda row: {"Note": "zqnote", "Status": "zqstatus"}
    )
    made = again(path, first().outcomes)
    assert {(row["Status"], row["Note"]) for row in listed(made)} == {
        (TO_DO, "zqnote (Status was: zqstatus)")
    }
    for full in (False, True):
        assert "zqnote" not in registry.render(made, "terminal", show_values=full).decode()
        assert b"zqnote" not in registry.render(made, "json", show_values=full)
        assert b"zqstatus" not in registry.render(made, "json", show_values=full)


def test_a_record_is_known_by_its_id_wherever_it_stands_now(tmp_path: Path) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    held = district()
    held["students"] = dataclasses.replace(
        held["students"],
        records=held["students"].records.take(np.arange(3, -1, -1)).renumber(np.arange(20, 24)),
        file="Students.CSV",
        headers={**held["students"].headers, "Grade": "grade"},
        cache={},
    )
    places_now = dataclasses.replace(places("students", "Grade", [20, 21, 22]), file="Students.CSV")
    made = again(path, [found("grade-odd", [places_now])], tables=held)
    assert {row["Id"]: row["Status"] for row in listed(made)} == {
        "zqid4": TO_DO,
        "zqid3": NO_PROBLEM,
        "zqid2": STILL_FOUND,
    }


def test_a_rule_that_was_renamed_is_the_same_rule(tmp_path: Path) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    made = again(
        path, [found("grade-strange", [places("students", "Grade", [4])], was=("grade-odd",))]
    )
    assert [row["Status"] for row in listed(made)] == [NO_PROBLEM]


def test_of_two_rows_of_one_record_the_one_marked_done_is_the_one_that_went(tmp_path: Path) -> None:
    twice = {
        "students": table(
            "students", {"School_id": ["1"] * 2, "Student_id": ["s1"] * 2, "Grade": ["99"] * 2}
        )
    }
    path = saved(
        tmp_path / "last.xlsx",
        report([found("r", [places("students", "Grade", [2, 3])])], twice),
        lambda row: {"Status": DONE} if row["Line"] == "2" else {"Note": "the other"},
    )
    made = again(path, [found("r", [places("students", "Grade", [2])])], tables=twice)
    assert [(row["Status"], row["Note"]) for row in listed(made)] == [(TO_DO, "the other")]
    assert made.followup is not None and (made.followup.done, made.followup.still) == (1, {})


def test_a_finding_that_lists_no_places_keeps_its_mark_too(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "last.xlsx", first(), lambda row: {"Status": DONE, "Note": "fixed in March"}
    )
    made = again(path, [found("counted", [places("students", "DOB", [2], listed=False)])])
    assert [(row["Status"], row["Note"]) for row in listed(made)] == [
        (STILL_FOUND, "fixed in March")
    ]


def test_what_is_marked_is_listed_even_beyond_the_limit(tmp_path: Path) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    made = again(path, [found("grade-odd", [places("students", "Grade", [2, 3, 4, 5])])])
    book = openpyxl.load_workbook(BytesIO(render(made, rows_per_rule=1)))
    line = COLUMNS.index("Line")
    rows = book["Registrar"].iter_rows(min_row=2, values_only=True)
    assert [row[line] for row in rows] == [2, 3, 4, 5]


def test_what_was_sorted_moved_and_titled_is_still_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    book = openpyxl.load_workbook(path)
    sheet = book["Registrar"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    sheet.delete_rows(1, sheet.max_row)
    for row in [["Our list, week 3"], [], [*rows[0][::-1]], *[row[::-1] for row in rows[:0:-1]]]:
        sheet.append(row)
    sheet.title = "Renamed"
    book.save(path)
    made = again(path, [found("grade-odd", [places("students", "Grade", [3, 4, 5])])])
    assert {row["Line"]: row["Status"] for row in listed(made)} == {
        "3": STILL_FOUND,
        "4": NO_PROBLEM,
        "5": TO_DO,
    }


IDS = [
    "0042",
    "1.23E+11",
    "2026-11-21",
    "=1+1",
    "0042 ",
    "TRUE",
    "José\u00a0\u200b",
    "00000000000000000042",
    "s\x00x",
]


def test_any_id_is_known_again(tmp_path: Path) -> None:
    count = len(IDS)
    held = {
        "students": table(
            "students", {"School_id": ["1"] * count, "Student_id": IDS, "Grade": ["99"] * count}
        )
    }
    outcome = found("r", [places("students", "Grade", range(2, len(IDS) + 2))])
    path = saved(
        tmp_path / "last.xlsx", report([outcome], held), lambda row: {"Note": f"note {row['Line']}"}
    )
    made = again(path, [outcome], tables=held)
    assert {row["Line"]: row["Note"] for row in listed(made)} == {
        str(n): f"note {n}" for n in range(2, len(IDS) + 2)
    }


def save_with_libreoffice(path: Path, folder: Path) -> Path:
    """A workbook as LibreOffice saves it again."""
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "saved")]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    return folder / "saved" / path.name


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_libreoffice_saves_it_again_with_ids_zeros_dates_and_statuses(tmp_path: Path) -> None:
    ids = ["0042", "1.23E+11", "2026-11-21", "007", "=1+1", "12/05/2013"]
    held = {
        "students": table(
            "students",
            {
                "School_id": ["0412"] * 6,
                "Student_id": ids,
                "First_name": ["Nora"] * 6,
                "Last_name": ["Nobody"] * 6,
                "Grade": ["05"] * 6,
                "DOB": ["03/04/2012"] * 6,
            },
        )
    }
    outcomes = [found("r", [places("students", "DOB", range(2, 8))])]
    path = saved(
        tmp_path / "list.xlsx",
        report(outcomes, held),
        lambda row: {"Status": DONE if row["Line"] == "2" else NO_PROBLEM, "Note": "03/04"},
    )
    again_saved = save_with_libreoffice(path, tmp_path)
    sheet = openpyxl.load_workbook(again_saved)["Registrar"]
    heading = [cell.value for cell in sheet[1]]
    rows = [
        dict(zip(heading, row, strict=False))
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    assert [row["Id"] for row in rows] == ids
    assert {(row["School"], row["Current value"]) for row in rows} == {("0412", "03/04/2012")}
    assert sheet.data_validations.dataValidation and sheet.auto_filter.ref
    made = again(again_saved, outcomes, tables=held)
    assert [row["Status"] for row in listed(made)] == [STILL_FOUND, *[NO_PROBLEM] * 5]
    assert {row["Note"] for row in listed(made)} == {"03/04"}


# ------------------------------------------------------------------ files that are no work-list


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    """A zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not an .xlsx workbook"),
        (b"Rule,Status\nr,zqdone\n", "is not an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "protected by a password"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "last.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadUsage, match=said) as refused:
        workbook.read_worklist(path)
    assert "zq" not in str(refused.value)


def test_a_missing_work_list_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(BadUsage, match="cannot be read"):
            workbook.read_worklist(path)


def test_a_zip_that_is_no_workbook_and_another_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="cannot be read as a workbook"):
        workbook.read_worklist(packed(tmp_path / "a.xlsx", {"zq.txt": b"zq"}))
    book = openpyxl.Workbook()
    book.active.append(["Student", "Rule"])
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(BadUsage, match="not a work-list of rosterready"):
        workbook.read_worklist(tmp_path / "b.xlsx")


def test_a_work_list_with_nothing_to_fix_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "last.xlsx"
    path.write_bytes(render(report([])))
    assert workbook.read_worklist(path).rows == []


def test_entities_and_bombs_are_refused_without_unpacking_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "last.xlsx", first(), by_line)
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = next(name for name in parts if name.endswith("sheet2.xml"))
    entities = b'<!DOCTYPE x [<!ENTITY a "zqzqzqzqzq"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = parts[sheet].partition(b"?>")[2] if parts[sheet].startswith(b"<?xml") else parts[sheet]
    with pytest.raises(BadUsage, match="cannot be read as a workbook") as refused:
        workbook.read_worklist(
            packed(tmp_path / "entities.xlsx", {**parts, sheet: entities + body})
        )
    assert "zq" not in str(refused.value)
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 20_000_000)
    bomb = packed(tmp_path / "bomb.xlsx", {**parts, sheet: bytes(30_000_000)})
    tracemalloc.start()
    with pytest.raises(BadUsage, match="larger than any work-list"):
        workbook.read_worklist(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_marks_are_plain_data() -> None:
    assert WorklistMark(TO_DO) == WorklistMark("to do", "")
