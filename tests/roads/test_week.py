"""A week with the work-list: checked, filled in with LibreOffice, and checked again and again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from tests.support import libreoffice
from tests.support.running import BROKEN
from validator.cli import app

KHAN = ("-p", "khan-academy", "--as-of", "2026-11-21")

STATUSES = ("done", "not a problem", "Fixed", "ask Ms. Quill", "to do")
"""What the registrar types into Status, row after row."""

Type = Callable[[list[libreoffice.Edit]], None]


class Desk:
    """The registrar's folder: an export, the reports, and a workbook that is filled in."""

    def __init__(self, folder: Path, profile: Path) -> None:
        self.export, self.out = folder / "export", folder / "reports"
        self.profile = profile
        self.typed: set[str] = set()

    @property
    def path(self) -> Path:
        """The work-list."""
        return self.out / "report.xlsx"

    def check(self, *arguments: str) -> Result:
        """Check the export into the same folder."""
        words = ["check", str(self.export), *(arguments or KHAN), "-o", str(self.out)]
        result = CliRunner().invoke(app.app, words)
        assert result.exit_code in (0, 1), result.output
        return result

    def type_all(self, day: str) -> None:
        """Fill in every row in LibreOffice: Status, Note, a column and a sheet of one's own."""
        edits = [("Our calls", "B2", f"zq{day}sheet")]
        book = openpyxl.load_workbook(self.path)
        for sheet in book.worksheets:
            heading = next(sheet.iter_rows(max_row=1, values_only=True), ())
            if "Rule" not in heading or sheet.title in ("Not looked at", "No longer found"):
                continue
            places = {name: openpyxl.utils.get_column_letter(at) for at, name in _number(heading)}
            own = openpyxl.utils.get_column_letter(len(heading) + 1)
            own = places.get("Called", own)
            edits.append((sheet.title, f"{own}1", "Called"))
            for row in range(2, sheet.max_row + 1):
                word = f"zq{day}{sheet.title[:3]}{row}"
                edits.append((sheet.title, f"{places['Status']}{row}", STATUSES[row % 5]))
                edits.append((sheet.title, f"{places['Note']}{row}", f"{word}note"))
                edits.append((sheet.title, f"{own}{row}", f"{word}own"))
        libreoffice.type_into(self.path, edits, self.profile)
        self.typed |= {text for _, _, text in edits if text.startswith("zq")}

    def list_words(self) -> set[str]:
        """Every made-up word in any workbook of the folder."""
        found: set[str] = set()
        for path in self.out.glob("report*.xlsx"):
            for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
                for row in sheet.iter_rows(values_only=True):
                    for cell in row:
                        found |= set(re.findall(r"zq\w+", str(cell)))
        return found


def _number(names: tuple[Any, ...]) -> Iterator[tuple[int, Any]]:
    return enumerate(names, 1)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the settings of LibreOffice, whose first start takes long."""
    return tmp_path_factory.mktemp("office")


@dataclass(frozen=True)
class Monday:
    """A desk after everything was typed in and checked again, which no test changes.

    before, after: the report of the first check and of the second; result: what that one said.
    """

    desk: Desk
    before: dict[str, Any]
    after: dict[str, Any]
    result: Result


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory, profile: Path) -> Monday:
    """The desk on Monday evening."""
    if libreoffice.SOFFICE is None:
        pytest.skip(libreoffice.MISSING)
    desk = Desk(tmp_path_factory.mktemp("monday"), profile)
    shutil.copytree(BROKEN, desk.export)
    desk.check()
    report = desk.out / "report.json"
    before = json.loads(report.read_bytes())
    desk.type_all("mon")
    result = desk.check()
    return Monday(desk, before, json.loads(report.read_bytes()), result)


@pytest.fixture
def desk(monday: Monday, tmp_path: Path) -> Desk:
    """A copy of the desk on Monday evening."""
    copied = Desk(tmp_path, monday.desk.profile)
    shutil.copytree(monday.desk.export, copied.export)
    shutil.copytree(monday.desk.out, copied.out)
    copied.typed |= monday.desk.typed
    return copied


def cut(path: Path, part: float) -> bytes:
    """Cut a file; returns what it was."""
    before = path.read_bytes()
    lines = before.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: int(len(lines) * part)]))
    return before


def count_open(document: dict[str, Any]) -> int:
    """Records found and open in a report."""
    open_ones = [each for each in document["outcomes"] if each["status"] == "found"]
    return sum((each["count"] or 0) - each["explained"] for each in open_ones)


@pytest.mark.promise("Nothing that a person typed into the work-list is ever lost")
def test_every_word_of_a_week_is_there_or_kept(monday: Monday, desk: Desk) -> None:
    said = monday.result.stderr
    assert "Carried over what was typed into report.xlsx." in said
    assert desk.typed <= desk.list_words()

    students = desk.export / "students.csv"
    whole = cut(students, 0.5)
    desk.check()
    assert desk.typed <= desk.list_words()
    assert "Not looked at" in openpyxl.load_workbook(desk.path).sheetnames

    students.unlink()
    desk.check()
    assert desk.typed <= desk.list_words()

    students.write_bytes(whole)
    desk.type_all("wed")
    desk.check()
    assert desk.typed <= desk.list_words() | {it for it in desk.typed if "mon" in it}
    rows = [row for row in desk.list_words() if row.startswith("zqwed")]
    assert len(rows) == sum(word.startswith("zqwed") for word in desk.typed)

    desk.check("-p", "freckle", "--as-of", "2026-11-21")
    assert [path.name for path in desk.out.glob("report-*.xlsx")]
    assert {it for it in desk.typed if "wed" in it} <= desk.list_words()

    (desk.out / "~$report.xlsx").write_bytes(b"\x05Nora")
    before = desk.path.read_bytes()
    said = desk.check().stderr
    assert desk.path.read_bytes() == before and "open in another program" in said
    assert {it for it in desk.typed if "wed" in it} <= desk.list_words()


def test_the_counts_of_every_report_agree_after_a_week(monday: Monday) -> None:
    desk, document, result = monday.desk, monday.after, monday.result
    levels = document["levels"]
    page = (desk.out / "report.html").read_text(encoding="utf-8")
    letter = CliRunner().invoke(app.app, ["letter", str(desk.out / "report.json")]).stdout
    total = levels["blocker"] + levels["warning"]
    assert f"{levels['blocker']} must fix, {levels['warning']} should fix" in result.stderr
    assert f"{total} things to fix, {levels['blocker']} of them first" in letter
    sheet = openpyxl.load_workbook(BytesIO(desk.path.read_bytes()))["Start here"]
    listed = [row[0].value for row in sheet.iter_rows(max_col=1)]
    assert (listed.count("Must fix"), listed.count("Should fix")) == (
        levels["blocker"],
        levels["warning"],
    )
    things = f"{levels['blocker']} things must be fixed first"
    assert things in page and things in result.stderr and things in str(sheet["A1"].value)
    accepted = document["worklist"]["not_a_problem"]
    assert accepted > 10
    marked = f"{accepted} rows marked not a problem are no longer counted as open."
    for text in (result.stderr.replace("\n    ", " "), letter.replace("\n", " "), page):
        assert marked in text


def test_what_is_no_problem_is_open_in_no_report(monday: Monday) -> None:
    counts = [
        sum(
            (it["count"] or 0) - it["explained"]
            for it in each["outcomes"]
            if it["status"] == "found"
        )
        for each in (monday.before, monday.after)
    ]
    assert counts[1] < counts[0]
    waived = [it for it in monday.after["outcomes"] if it["status"] == "waived"]
    assert all(it["reason"] == "marked as not a problem in the work-list" for it in waived)
