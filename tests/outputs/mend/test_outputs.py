"""The outputs of mending: nothing personal in the masked ones, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.repair.test_form_faults import DISTRICT, FAULTS
from tests.support.json_schemas import forbid_other_keys, validate
from tests.support.mending import Copy, mend
from validator.outputs.mend import document, terminal
from validator.outputs.mend.registry import OUTPUTS

TOKEN = "qzxjv"
MASKED = [name for name, output in OUTPUTS.items() if not output.internal]


def plant() -> dict[str, str | bytes]:
    """Return an export with many faults and a word of its own in every cell about a person."""
    files: dict[str, str] = dict(DISTRICT)
    students = files["students.csv"].replace("Student_email", "Student_email,Password,Shoe size")
    lines = students.split("\r\n")
    for at, line in enumerate(lines[1:-1], 1):
        cells = line.split(",")
        cells[3], cells[4] = f"{TOKEN}last{at}", f" {TOKEN}first{at}"
        cells[9] = f" {TOKEN}{at}@{TOKEN}.example"
        cells[8] = "TRUE" if at == 3 else cells[8]
        lines[at] = ",".join([*cells, f' "{TOKEN}pw{at}"', f"{TOKEN}x{at}"])
    lines.insert(0, f"List of {TOKEN}title")
    lines.insert(5, lines[4])
    lines.insert(-1, f"Total: 12 {TOKEN}")
    files["students.csv"] = "\r\n".join(lines)
    enrollments = files["enrollments.csv"]
    for number in range(4101, 4113):
        enrollments = enrollments.replace(f"00{number}", f"{number}")
    files["enrollments.csv"] = enrollments
    return dict(files)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A corrected copy of the planted export."""
    return mend(tmp_path_factory.mktemp("leaks"), plant())


def test_the_planted_export_is_mended_in_many_ways(copy: Copy) -> None:
    assert {"edge-blanks", "flags", "ids-without-zeros", "repeated-rows"} <= copy.kinds
    assert "edge-blanks-in-names" in copy.left


@pytest.mark.parametrize("name", MASKED)
def test_nothing_personal_is_in_a_masked_output(name: str, copy: Copy) -> None:
    content = b"".join(OUTPUTS[name].render(copy.mended))
    assert content
    assert TOKEN.encode() not in content
    for number in range(4101, 4113):
        assert str(number).encode() not in content


def test_secrets_are_in_no_output(copy: Copy) -> None:
    for output in OUTPUTS.values():
        content = b"".join(output.render(copy.mended))
        assert f"{TOKEN}pw".encode() not in content


def test_the_json_follows_its_schema(copy: Copy) -> None:
    result = json.loads((copy.folder / "mended.json").read_text(encoding="utf-8"))
    validate(result, forbid_other_keys(document.build_schema()))
    assert result["changed"] == copy.mended.count
    assert result["before"]["verdict"] == "not-ready"


def test_few_changes_of_a_sensitive_column_are_not_counted(copy: Copy) -> None:
    flags = [tally for tally in copy.mended.tallies if tally.kind == "flags"]
    assert [document.show_count(tally) for tally in flags] == [None]


def test_the_log_lists_every_change_with_its_proof(copy: Copy) -> None:
    rows = list(csv.DictReader(io.StringIO((copy.folder / "mended.csv").read_text("utf-8"))))
    assert len(rows) == copy.mended.count
    zeros = [row for row in rows if row["kind"] == "ids-without-zeros"]
    assert len(zeros) == 12
    assert zeros[0]["before"] == "4101" and zeros[0]["after"] == "004101"
    assert all(row["why it is safe"] for row in rows)


def test_the_workbook_has_a_sheet_for_each_kind(copy: Copy) -> None:
    book = openpyxl.load_workbook(copy.folder / "mended.xlsx")
    assert set(book.sheetnames) == {"Kinds"} | {kind[:31] for kind in copy.kinds}
    sheet = book["ids-without-zeros"]
    assert [cell.value for cell in sheet[2]][4:6] == ["4101", "004101"]


def test_outputs_are_the_same_bytes_each_time(copy: Copy, tmp_path: Path) -> None:
    again = mend(tmp_path, plant())
    for name, output in OUTPUTS.items():
        if output.file:
            assert (copy.folder / output.file).read_bytes() == (
                again.folder / output.file
            ).read_bytes(), name


def test_only_the_owner_can_read_the_copy(copy: Copy) -> None:
    assert copy.folder.stat().st_mode & 0o077 == 0
    for path in copy.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_formulas_are_text_in_the_log(tmp_path: Path) -> None:
    files = {**DISTRICT}
    files["teachers.csv"] = files["teachers.csv"].replace(",700,", ', "=1+1" ,')
    copy = mend(tmp_path, files)
    assert ",=1+1" not in (copy.folder / "mended.csv").read_text("utf-8")


def test_the_screen_shows_before_and_after(copy: Copy) -> None:
    text = terminal.render(copy.mended)
    assert "before" in text and "after" in text and "not ready" in text


def test_columns_left_out_for_one_reason_are_one_sentence(tmp_path: Path) -> None:
    files = {**DISTRICT}
    lines = files["students.csv"].split("\r\n")[:-1]
    wider = [f"{lines[0]},Locker,{TOKEN},Bus", *(f"{line},1,2,3" for line in lines[1:])]
    files["students.csv"] = "\r\n".join([*wider, ""])
    copy = mend(tmp_path, files, to="oneroster-1.1")
    sentences = [it for it in terminal.list_left_out(copy.mended) if "does not know" in it]
    assert len(sentences) == 1
    assert ": 12 in each: " in sentences[0]
    assert TOKEN not in sentences[0]


@pytest.mark.parametrize("name", ["blank rows", "tabs", "a file name in capitals"])
def test_a_small_change_is_told_in_numbers(name: str, tmp_path: Path) -> None:
    copy = mend(tmp_path, FAULTS[name][1](DISTRICT))
    assert copy.mended.count >= 1
    assert terminal.render_headline(copy.mended)[0].isdigit()
