"""Excel workbooks as exports: every cell as a person sees it, in every format, with limits."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF, outcome, spots
from validator import frame
from validator.assess import Options, assess
from validator.ingest import excel, excel_values, read
from validator.model import CannotRead, Export

SHEETS: dict[str, list[list[Any]]] = {
    "schools": [["School_id", "School_name", "School_number"], ["10", "Made-Up High", "1"]],
    "students": [
        ["School_id", "Student_id", "Last_name", "First_name", "DOB", "Grade"],
        ["10", 7, "Copperpot", "Freya", dt.datetime(2012, 3, 4), 9],
        ["10", 8, "Quillfeather", "Odo", dt.date(2012, 5, 6), "09"],
    ],
    "teachers": [
        ["School_id", "Teacher_id", "Last_name", "First_name"],
        ["10", "T1", "Teacher", "Tess"],
    ],
    "sections": [["School_id", "Section_id", "Teacher_id"], ["10", "S1", "T1"]],
    "enrollments": [["School_id", "Section_id", "Student_id"], ["10", "S1", 7], ["10", "S1", 8]],
}


def book(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    zeros: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> Path:
    """Write a workbook of these sheets; `zeros`: cells (`students!B2`) shown with eight digits."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    for place in zeros:
        name, _, cell = place.partition("!")
        made[name][cell].number_format = "00000000"
    made.save(path)
    return path


def values(export: Export, table: str, column: str) -> list[str]:
    """A column as it was read."""
    held = frame.encode_raw(export.tables[table], column)
    return [held.values[int(code)].as_py() for code in held.codes]


def test_a_workbook_with_a_sheet_per_file_is_read_like_a_folder(tmp_path: Path) -> None:
    zeros = ["students!B2", "students!B3", "enrollments!C2", "enrollments!C3"]
    found = read.read_export([book(tmp_path / "export.xlsx", SHEETS, zeros=zeros)])
    assert found.format == "clever"
    assert {name: len(table) for name, table in found.tables.items()} == {
        "schools": 1,
        "students": 2,
        "teachers": 1,
        "sections": 1,
        "enrollments": 2,
    }
    assert values(found, "students", "Student_id") == ["00000007", "00000008"]
    assert values(found, "students", "DOB") == ["2012-03-04", "2012-05-06"]
    assert values(found, "students", "Grade") == ["9", "09"]
    assert found.tables["students"].file == "export.xlsx: students"
    assert found.tables["students"].lines.tolist() == [2, 3]


def test_one_workbook_per_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    for name, rows in SHEETS.items():
        book(tmp_path / f"{name}.xlsx", {"Sheet1": rows})
    found = read.read_export([tmp_path])
    assert found.tables["students"].file == "students.xlsx"
    assert found.files[0].encoding == ""
    assert "file-name-differs" not in found.defects
    assert found.defects["form-not-judged"][0].notes == "a sheet of a workbook"


def test_workbooks_inside_a_zip_are_read_without_unpacking_to_disk(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as held:
        for name, rows in SHEETS.items():
            held.writestr(
                f"{name}.xlsx", book(tmp_path / "one.xlsx", {"Sheet1": rows}).read_bytes()
            )
    (tmp_path / "one.xlsx").unlink()
    assert len(read.read_export([tmp_path / "export.zip"]).tables) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_title_rows_and_gaps_keep_the_numbers_of_the_rows(tmp_path: Path) -> None:
    rows = [
        ["Roster of the Made-Up District"],
        [],
        *SHEETS["students"][:2],
        [],
        SHEETS["students"][2],
    ]
    found = read.read_export([book(tmp_path / "export.xlsx", {**SHEETS, "students": rows})])
    assert found.tables["students"].header_line == 3
    assert found.tables["students"].lines.tolist() == [4, 6]
    assert found.defects["rows-blank"][0].lines.tolist() == [5]


def strewn(path: Path, *cells: tuple[int, int]) -> Path:
    """Write a workbook with a letter in more cells (row, column) of the students' sheet."""
    made = openpyxl.load_workbook(book(path, SHEETS))
    for row, column in cells:
        made["students"].cell(row, column).value = "x"
    made.save(path)
    return path


@pytest.mark.parametrize("cell", [(2, 2_500), (1 << 20, 1 << 14)])
def test_a_cell_far_from_the_table_adds_no_blank_rows_and_shifts_no_row(
    cell: tuple[int, int], tmp_path: Path
) -> None:
    path = strewn(tmp_path / "export.xlsx", cell)
    sheet = next(
        source for source in read.open_sources([path])[1] if source.name.endswith("students")
    )
    assert len(sheet.load()) < 500
    found = read.read_export([path])
    assert found.tables["students"].lines.tolist() == sorted({2, 3, cell[0]})
    assert "header-missing" not in found.defects


def test_cells_near_the_table_stay_where_they_are(tmp_path: Path) -> None:
    found = read.read_export([strewn(tmp_path / "export.xlsx", (6, 9))])
    assert list(found.defects["header-unknown"][0].notes or ()) == [
        f"column {n} has no heading" for n in (7, 8, 9)
    ]
    assert found.defects["rows-blank"][0].lines.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("limit", "cells"),
    [
        ("archive-ratio", [(row, 1 << 14) for row in range(1, 700)]),
        ("archive-ratio", [(row, 90 * (row % 180) + 1) for row in range(1, 700)]),
        ("rows", [(200, 1)]),
    ],
)
def test_a_sheet_beyond_a_limit_is_refused_with_the_name_of_the_limit(
    limit: str, cells: list[tuple[int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_ROWS", 199 if limit == "rows" else excel.MAX_ROWS)
    assert f"(limit: {limit})" in refused(strewn(tmp_path / "export.xlsx", *cells))


def test_a_line_break_in_a_cell_is_reported_and_shifts_no_row(tmp_path: Path) -> None:
    rows = [
        *SHEETS["students"][:1],
        ["10", "1", "Copper\npot", "Freya", "", ""],
        ["10", "2", "Wick", "Tove", "", ""],
    ]
    found = read.read_export([book(tmp_path / "export.xlsx", {**SHEETS, "students": rows})])
    assert found.tables["students"].lines.tolist() == [2, 3]
    assert found.defects["value-line-break"][0].lines.tolist() == [2]
    assert found.tables["students"].end_lines == {}


def test_an_error_value_in_a_cell_is_a_finding_and_not_blank(tmp_path: Path) -> None:
    rows = [*SHEETS["students"], ["10", "#N/A", "Snicket", "Pip", "", ""]]
    made = assess(
        [book(tmp_path / "export.xlsx", {**SHEETS, "students": rows})], Options(as_of=AS_OF)
    )
    assert spots(made, "spreadsheet-id-damage") == ["export.xlsx: students:4 Student_id"]


def test_a_number_with_more_digits_than_excel_keeps_is_shown_as_damaged(tmp_path: Path) -> None:
    rows = [*SHEETS["students"], ["10", 123456789012345678, "Snicket", "Pip", "", ""]]
    made = assess(
        [book(tmp_path / "export.xlsx", {**SHEETS, "students": rows})], Options(as_of=AS_OF)
    )
    assert outcome(made, "spreadsheet-id-damage").count == 1


def test_a_hidden_sheet_is_reported_and_not_read(tmp_path: Path) -> None:
    sheets = {
        **SHEETS,
        "staff": [["School_id", "Staff_id", "Staff_email", "First_name", "Last_name"]],
    }
    found = read.read_export([book(tmp_path / "export.xlsx", sheets, hidden=["staff"])])
    noted = [(place.file, str(place.notes)) for place in found.defects["file-unexpected"]]
    assert noted == [
        (
            "export.xlsx: staff",
            "a hidden sheet, which is not read: show it in Excel if it belongs to the export",
        )
    ]
    assert "staff" not in found.tables


def test_a_damaged_workbook_among_good_files_is_set_aside_with_the_reason(tmp_path: Path) -> None:
    for name, rows in SHEETS.items():
        book(tmp_path / f"{name}.xlsx", {"Sheet1": rows})
    (tmp_path / "notes.xlsx").write_bytes(b"PK\x03\x04 and no more")
    found = read.read_export([tmp_path])
    assert len(found.tables) == 5
    assert [(place.file, str(place.notes)) for place in found.defects["file-unexpected"]] == [
        ("notes.xlsx", "it was not read: is damaged, or no Excel workbook")
    ]


def test_formulas_are_read_by_their_saved_results_and_refused_without_them(tmp_path: Path) -> None:
    rows = [*SHEETS["students"][:1], ["10", "=3+4", "Copperpot", "Freya", "", ""]]
    path = book(tmp_path / "export.xlsx", {**SHEETS, "students": rows})
    with pytest.raises(
        CannotRead, match="formulas without saved results: open it in Excel and save it again"
    ):
        read.read_export([path])
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(
                name,
                data.replace(b"<f>3+4</f><v></v>", b"<f>3+4</f><v>7</v>").replace(
                    b"<f>3+4</f><v />", b"<f>3+4</f><v>7</v>"
                ),
            )
    assert values(read.read_export([path]), "students", "Student_id") == ["7"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clever-goldenplains", "or11-oat-base", "sds1-25users"])
def test_a_set_gives_the_same_findings_as_a_workbook(
    name: str, real_data: Path, tmp_path: Path
) -> None:
    sheets = {}
    for path in sorted((real_data / name).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            sheets[path.stem] = list(csv.reader(file))
    day = dt.date(2025, 1, 15)
    plain = assess([real_data / name], Options(as_of=day))
    packed = assess([book(tmp_path / "export.xlsx", sheets)], Options(as_of=day))
    assert packed.export.format == plain.export.format
    bytes_only = ("file-", "header-", "form-")  # what only a CSV file can be like
    counts = [
        {
            one.rule.id: (one.status, one.count)
            for one in made.outcomes
            if not one.rule.id.startswith(bytes_only)
        }
        for made in (plain, packed)
    ]
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        ("General", 7.0, "7"),
        ("General", 3.5, "3.5"),
        ("00000000", 7, "00000007"),
        ("000-00", 123, "001-23"),
        ("000\\-00;@", 12345, "123-45"),
        ("0", 12, "12"),
        ("0.00", 3, "3"),
        ("#,##0", 1234, "1234"),
        ("000", -5, "-005"),
        ("00", 123, "123"),
        (None, 123456789012, "123456789012"),
        ("@", 42, "42"),
    ],
)
def test_numbers_are_shown_as_their_format_asks(
    number_format: str | None, value: float, shown: str
) -> None:
    assert excel_values.make_number_formatter(number_format)(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.datetime(2024, 8, 15), "2024-08-15"),
        (dt.datetime(2024, 8, 15, 9, 30), "2024-08-15 09:30:00"),
        (dt.date(2024, 8, 15), "2024-08-15"),
        (dt.time(9, 30), "09:30:00"),
    ],
)
def test_dates_are_shown_without_a_time_at_midnight(value: object, shown: str) -> None:
    assert excel_values.format_moment(value) == shown


def refused(path: Path) -> str:
    """The sentence with which a workbook is refused."""
    with pytest.raises(CannotRead) as told:
        read.read_export([path])
    assert "\n" not in str(told.value)
    return str(told.value)


def test_an_old_workbook_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "export.xls").write_bytes(excel.OLD + bytes(600))
    told = refused(tmp_path / "export.xls")
    assert "an old Excel workbook (.xls), which is not read: open it and save it as .xlsx" in told
    (tmp_path / "export.xlsx").write_bytes(excel.OLD + bytes(600))
    assert "protected with a password" in refused(tmp_path / "export.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(tmp_path / "export.xlsx", "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("xl/worksheets/sheet1.xml", bytes(64 << 20))
    assert "limit: archive-ratio" in refused(tmp_path / "export.xlsx")


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "export.xlsx", SHEETS)
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, data in parts.items():
            mark = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' if name.endswith("sheet2.xml") else b""
            new.writestr(name, mark + data)
    path.write_bytes(out.getvalue())
    assert refused(path).endswith("is damaged, or no Excel workbook.")
