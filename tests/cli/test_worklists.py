"""The work-list of an earlier run in the output folder, without an office program."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from tests.cli.conftest import FAULTS
from tests.support.running import DAY, READY
from validator.cli import app
from validator.model import BadUsage
from validator.sample import writer

pytestmark = pytest.mark.slow


Check = Callable[..., Result]


@pytest.fixture(scope="module")
def check(broken: Path) -> Check:
    """A function that checks the district, or another export, into a folder."""

    def run(out: Path, *arguments: object, export: Path = broken) -> Result:
        words = ["check", str(export), *DAY, "-o", str(out), "-p", "khan-academy"]
        return CliRunner().invoke(app.app, [*words, "--report", "xlsx", *map(str, arguments)])

    return run


ID = r"(?<![-/\w])(\d{4,})(?![-/\w])"
"""A number of four digits or more that is no part of a date or an address."""


def is_refused(result: Result) -> bool:
    """Whether a command ended in the refusal that gives exit code 2."""
    return isinstance(result.exception, BadUsage)


def note(path: Path, text: str) -> None:
    """Type a note into the first row of the first list."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if sheet["A1"].value == "Status")
    sheet["B2"].value = text
    book.save(path)


def words(path: Path) -> str:
    """All the words of a workbook."""
    book = openpyxl.load_workbook(path)
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return " ".join(str(cell) for cell in cells if cell is not None)


@pytest.fixture(scope="module")
def noted(check: Check, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a work-list into which somebody typed a note, to be copied."""
    folder = tmp_path_factory.mktemp("noted")
    assert check(folder).exit_code == 1
    note(folder / "report.xlsx", "zqnote")
    return folder


@pytest.fixture
def out(noted: Path, tmp_path: Path) -> Path:
    """A folder with a work-list into which somebody typed a note."""
    return Path(shutil.copytree(noted, tmp_path / "reports"))


def list_dated(folder: Path) -> list[Path]:
    """The work-lists with a date in their names."""
    return sorted(folder.glob("report-20??-??-??*.xlsx"))


def test_what_was_typed_is_carried_over_in_one_line(check: Check, out: Path) -> None:
    said = check(out).stderr
    assert said.count("Carried over what was typed into report.xlsx.") == 1
    assert "zqnote" in words(out / "report.xlsx") and not list_dated(out)


def test_a_work_list_without_a_word_is_replaced_and_nothing_is_said(
    check: Check, tmp_path: Path
) -> None:
    check(tmp_path)
    before = words(tmp_path / "report.xlsx")
    result = check(tmp_path)
    assert "Carried over" not in result.stderr and not list_dated(tmp_path)
    assert words(tmp_path / "report.xlsx") == before


def test_the_list_of_another_app_is_kept_and_found_again(
    check: Check, broken: Path, out: Path
) -> None:
    words_of_freckle = ["-p", "freckle", "-p", "zearn"]
    result = CliRunner().invoke(
        app.app, ["check", str(broken), *DAY, "-o", str(out), *words_of_freckle, "--report", "xlsx"]
    )
    kept = list_dated(out)
    assert len(kept) == 1 and f"kept as {kept[0].name}: it is about another app" in result.stderr
    assert "zqnote" in words(kept[0]) and "zqnote" not in words(out / "report.xlsx")
    check(out)
    assert "zqnote" in words(out / "report.xlsx")


def test_the_list_of_another_district_is_kept(check: Check, out: Path) -> None:
    other = out.parent / "other"
    writer.write_sample(other, 200, 99, faults=FAULTS)
    for path in other.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(ID, r"9\1", text), encoding="utf-8")
    result = check(out, export=other)
    kept = list_dated(out)
    assert len(kept) == 1 and f"kept as {kept[0].name}" in result.stderr
    assert "another district" in result.stderr
    assert "zqnote" in words(kept[0]) and "zqnote" not in words(out / "report.xlsx")


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0" * 9, b"my notes"])
def test_what_cannot_be_read_is_kept(check: Check, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "report.xlsx").write_bytes(content)
    result = check(tmp_path)
    assert result.exit_code == 1
    assert [path.read_bytes() for path in list_dated(tmp_path)] == [content]
    assert "it could not be read" in result.stderr


def test_a_workbook_of_somebody_else_is_refused_before_anything_is_read(
    check: Check, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["zqmine"])
    book.save(tmp_path / "report.xlsx")
    before = (tmp_path / "report.xlsx").read_bytes()
    result = check(tmp_path)
    assert is_refused(result) and "another program's workbook" in str(result.exception)
    assert (tmp_path / "report.xlsx").read_bytes() == before


@pytest.mark.parametrize("lock", ["~$report.xlsx", ".~lock.report.xlsx#"])
def test_an_open_workbook_stays_and_both_lists_are_carried_over_later(
    check: Check, out: Path, lock: str
) -> None:
    before = (out / "report.xlsx").read_bytes()
    os.utime(out / "report.xlsx", (1_700_000_000, 1_700_000_000))  # long before the next check
    (out / lock).write_bytes(b"Nora")
    result = check(out)
    assert "open in another program and stays as it is" in result.stderr
    assert (out / "report.xlsx").read_bytes() == before
    new = list_dated(out)
    assert len(new) == 1 and "zqnote" in words(new[0])
    (out / lock).unlink()
    note(new[0], "zqlater")
    assert "a later work-list was made from it" in " ".join(check(out).stderr.split())
    assert "zqlater" in words(out / "report.xlsx")
    assert "zqnote" in "".join(map(words, out.glob("report*.xlsx")))


def test_a_workbook_that_cannot_be_replaced_stays(
    check: Check, out: Path, monkeypatch: Any
) -> None:
    replace = os.replace

    def refuse(source: Any, target: Any) -> None:
        if Path(target).name == "report.xlsx":
            raise PermissionError(13, "The process cannot access the file")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    result = check(out)
    assert result.exit_code == 1 and "open in another program" in result.stderr
    assert len(list_dated(out)) == 1 and not list(out.glob(".*.part"))


def test_changes_in_other_cells_keep_the_file_too(check: Check, out: Path) -> None:
    book = openpyxl.load_workbook(out / "report.xlsx")
    book["Start here"]["B40"].value = "zqaside"
    book["How to fix"]["J2"].value = "zqaside"
    book.save(out / "report.xlsx")
    said = " ".join(check(out).stderr.split())
    assert "it has words on the sheets Start here and How to fix." in said
    assert "zqaside" in "".join(map(words, list_dated(out)))
    assert "zqnote" in words(out / "report.xlsx")


def test_rows_columns_and_sheets_that_people_added_stay_with_their_formats(
    check: Check, out: Path
) -> None:
    book = openpyxl.load_workbook(out / "report.xlsx")
    sheet = next(sheet for sheet in book.worksheets if sheet["A1"].value == "Status")
    title, last = sheet.title, sheet.max_row
    sheet["R1"].value, sheet["R2"].value = "Days", 12.5
    sheet["R2"].number_format = "0.00"
    sheet["R2"].fill = openpyxl.styles.PatternFill("solid", "FFFF00")
    sheet["R3"].value = "=R2*2"
    sheet.cell(last + 1, 4).value = "zqloose"
    own = book.create_sheet("Calls")
    own["A1"].value, own["A2"].value = "zqcall", "=1+2"
    own["A1"].font = openpyxl.styles.Font(bold=True)
    own.column_dimensions["A"].width = 33
    book.save(out / "report.xlsx")
    for _ in range(2):
        check(out)
        book = openpyxl.load_workbook(out / "report.xlsx")
        sheet = book[title]
        names = [cell.value for cell in sheet[1]]
        column = names.index("Days") + 1
        days = [sheet.cell(row, column) for row in range(2, sheet.max_row + 1)]
        (number,) = [cell for cell in days if cell.value == 12.5]
        assert (number.number_format, number.fill.start_color.rgb) == ("0.00", "00FFFF00")
        assert any(str(cell.value).startswith("=R") for cell in days)
        assert "zqloose" in words(out / "report.xlsx")
        assert (book["Calls"]["A1"].value, book["Calls"]["A2"].value) == ("zqcall", "=1+2")
        assert book["Calls"]["A1"].font.bold
        assert book["Calls"].column_dimensions["A"].width == 33
    assert not list_dated(out)


def test_colors_and_charts_that_people_added_stay(check: Check, out: Path) -> None:
    book = openpyxl.load_workbook(out / "report.xlsx")
    sheet = next(sheet for sheet in book.worksheets if sheet["A1"].value == "Status")
    title, heading = sheet.title, [cell.value for cell in sheet[1]]
    yellow = openpyxl.styles.PatternFill("solid", "FFFF00")
    for cell in sheet[3]:
        cell.fill = yellow
    record = [cell.value for cell in sheet[3]]
    own = book.create_sheet("Calls")
    own.append(["zqcall", 3])
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(own, min_col=2, min_row=1))
    own.add_chart(chart, "D2")
    book.save(out / "report.xlsx")
    for _ in range(2):
        check(out)
        book = openpyxl.load_workbook(out / "report.xlsx")
        assert [len(it._charts) for it in book.worksheets if it.title == "Calls"] == [1]
        rows = [row for row in book[title].iter_rows(min_row=2) if row[0].fill.fill_type == "solid"]
        (row,) = rows
        assert [cell.value for cell in row][: len(record)] == record
        assert {cell.fill.start_color.rgb for cell in row} == {"00FFFF00"}
        assert row[heading.index("Line")].data_type == "n"


@pytest.mark.parametrize(
    ("kind", "name"), [("html", "report.html"), ("json", "report.json"), ("junit", "junit.xml")]
)
def test_a_report_never_replaces_a_file_of_somebody_else(
    check: Check, tmp_path: Path, kind: str, name: str
) -> None:
    (tmp_path / name).write_text("my own words", encoding="utf-8")
    result = check(tmp_path, "--report", kind)
    assert is_refused(result) and (tmp_path / name).read_text() == "my own words"


@pytest.mark.parametrize("command", ["sharing", "changes", "preview"])
def test_other_commands_never_replace_a_report(check: Check, tmp_path: Path, command: str) -> None:
    check(tmp_path, "--report", "json")
    before = (tmp_path / "report.json").read_bytes()
    arguments = {
        "sharing": [READY, "--target", "grades=3-8"],
        "changes": [READY, READY],
        "preview": [READY],
    }[command]
    written = ["--out", tmp_path / "report.json"]
    result = CliRunner().invoke(app.app, [command, *map(str, [*arguments, *written])])
    assert is_refused(result) and (tmp_path / "report.json").read_bytes() == before


@pytest.mark.parametrize("name", ["report.json", "", "../reports"])
def test_a_history_is_no_report(check: Check, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "reports"
    result = check(folder, "--report", "json", "--history", folder / name)
    assert is_refused(result) and not (folder / "report.json").exists()


def test_a_run_clears_what_a_killed_one_left(check: Check, tmp_path: Path) -> None:
    for name in (".report.html.ab12cd34.part", ".report.json.zzzzzzzz.part"):
        (tmp_path / name).write_bytes(b"<html>")
    (tmp_path / ".notes.part").write_bytes(b"mine")
    check(tmp_path)
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".notes.part"]


def test_a_sample_over_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(app.app, ["sample", str(tmp_path / "made")])
    assert is_refused(result) and (tmp_path / "made").read_text() == "mine"
    assert "is a file" in str(result.exception)


def test_what_was_saved_while_the_check_ran_is_kept(
    check: Check, out: Path, monkeypatch: Any
) -> None:
    from validator import assess as library

    judge = library.assess

    def save_then_judge(*arguments: Any, **named: Any) -> Any:
        note(out / "report.xlsx", "zqmeanwhile")
        return judge(*arguments, **named)

    monkeypatch.setattr(library, "assess", save_then_judge)
    check(out)
    assert "zqmeanwhile" in "".join(map(words, list_dated(out)))
    assert "zqnote" in words(out / "report.xlsx")


def test_a_named_work_list_leaves_the_one_in_the_folder_alone(
    check: Check, out: Path, tmp_path: Path
) -> None:
    given = tmp_path / "given.xlsx"
    shutil.copy(out / "report.xlsx", given)
    note(given, "zqgiven")
    check(out, "--worklist", given)
    assert "zqgiven" in words(out / "report.xlsx")
    assert "zqnote" in "".join(map(words, list_dated(out)))
