"""Files without a header line: mend's log has the positions of their columns, which undo reads."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.repair.test_cells import HEADLESS
from tests.repair.test_form_faults import DISTRICT
from tests.support.mending import Copy, mend, undo, write
from validator.model import BadUsage

pytestmark = pytest.mark.slow


def list_files() -> dict[str, str]:
    """Return the made-up district without headings, as `HEADLESS` maps it."""
    return {f"{name[:3]}.txt": text.split("\r\n", 1)[1] for name, text in DISTRICT.items()}


def mend_mapped(folder: Path, files: dict[str, str], map_text: str = HEADLESS) -> Copy:
    """Mend an export with a column map."""
    columns = write(folder / "map", {"map.yaml": map_text}) / "map.yaml"
    return mend(folder, dict(files), columns=columns, judged=False)


def read_log(copy: Copy) -> list[dict[str, str]]:
    """Return the lines of mended.csv."""
    text = (copy.folder / "mended.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_log_says_which_column_of_a_file_without_a_header(tmp_path: Path) -> None:
    files = list_files()
    files["enr.txt"] = files["enr.txt"].replace(",00", ",")
    copy = mend_mapped(tmp_path, files)
    assert {(line["column"], line["header"]) for line in read_log(copy)} == {("3", "no")}
    assert [tally.column for tally in copy.mended.tallies] == ["column 3"]


def test_a_repeated_first_row_of_a_file_without_a_header_comes_back(tmp_path: Path) -> None:
    files = list_files()
    first, rest = files["enr.txt"].split("\r\n", 1)
    files["enr.txt"] = f"{first}\r\n{first}\r\n{rest}"
    copy = mend_mapped(tmp_path, files)
    assert {(line["column"], line["header"]) for line in read_log(copy)} == {("", "no")}
    assert copy.files["enr.txt"].decode() == f"{first}\r\n{rest}"
    assert undo(copy.folder)["enr.txt"].decode() == files["enr.txt"]


def test_headings_that_read_like_positions_are_headings(tmp_path: Path) -> None:
    files = list_files()
    clean = {**files, "enr.txt": "column 1,column 2,column 3\r\n" + files["enr.txt"]}
    files["enr.txt"] = clean["enr.txt"].replace(",00", ",")
    named = HEADLESS.replace(
        "file: enr.txt\n    header: none\n"
        "    columns: {School_id: 1, Section_id: 2, Student_id: 3}",
        "file: enr.txt\n"
        "    columns: {School_id: column 1, Section_id: column 2, Student_id: column 3}",
    )
    copy = mend_mapped(tmp_path, files, named)
    assert {(line["column"], line["header"]) for line in read_log(copy)} == {("column 3", "yes")}
    assert copy.files["enr.txt"].decode() == clean["enr.txt"]
    assert undo(copy.folder)["enr.txt"].decode() == files["enr.txt"]


def test_sheets_without_a_header_stay_without_one(tmp_path: Path) -> None:
    files = list_files()
    rows = list(csv.reader(io.StringIO(files.pop("enr.txt"))))
    book = Workbook()
    for row in rows:
        book.active.append([cell.removeprefix("00") for cell in row])
    (tmp_path / "book").mkdir()
    book.save(tmp_path / "book" / "enr.xlsx")
    content = (tmp_path / "book" / "enr.xlsx").read_bytes()
    columns = HEADLESS.replace("file: enr.txt", "file: enr.xlsx")
    folder = write(tmp_path / "map", {"map.yaml": columns}) / "map.yaml"
    copy = mend(tmp_path, {**files, "enr.xlsx": content}, columns=folder, judged=False)
    (written,) = (text for name, text in copy.files.items() if name not in files)
    assert list(csv.reader(io.StringIO(written.decode()))) == rows


@pytest.mark.parametrize("old, new", [(",no,", ",perhaps,"), (",3,no,", ",three,no,")])
def test_a_log_with_another_column_is_refused(tmp_path: Path, old: str, new: str) -> None:

    files = list_files()
    files["enr.txt"] = files["enr.txt"].replace(",00", ",")
    copy = mend_mapped(tmp_path, files)
    log = copy.folder / "mended.csv"
    log.write_bytes(log.read_bytes().replace(old.encode(), new.encode()))
    with pytest.raises(BadUsage, match="is not a log"):
        undo(copy.folder)
