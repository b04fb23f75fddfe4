"""The `mend` command: where it writes, what it refuses, and its exit codes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.repair.test_form_faults import DISTRICT, FAULTS
from tests.support.mending import read_records, write
from validator.cli.app import app
from validator.cli.mend import To
from validator.repair.convert import registry

DAY = "--as-of=2026-11-16"


def run(*words: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it said."""
    from validator.cli import exit_codes

    done = CliRunner().invoke(app, ["mend", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return exit_codes.explain_error(done.exception, debug=False), str(done.exception)
    return done.exit_code, done.output


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export with a footer and blank rows."""
    return write(tmp_path / "export", FAULTS["a footer"][1](FAULTS["blank rows"][1](DISTRICT)))  # type: ignore[arg-type]


def test_every_destination_of_a_conversion_can_be_chosen_and_is_named() -> None:
    choices, option = get_args(To)
    assert get_args(choices) == ("", *registry.IDS)
    assert all(name in option.help for name in registry.IDS)


def test_a_copy_is_written_and_the_export_stays(export: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in export.iterdir()}
    code, said = run(str(export), "--out", str(tmp_path / "out"), DAY)
    assert code == 0, said
    assert {path.name: path.read_bytes() for path in export.iterdir()} == before
    assert read_records(DISTRICT) == read_records(
        {name: (tmp_path / "out" / name).read_bytes() for name in DISTRICT}
    )
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_dry_run_writes_nothing(export: Path, tmp_path: Path) -> None:
    code, said = run(str(export), "--dry-run", DAY)
    assert code in (0, 1)
    assert "would be made" in said
    end = " ".join(said.split("Not judged\n")[1].split())
    assert "The verdict on the copy, what still has to be fixed in it and who is still held" in end
    assert end.endswith("To write the copy and check it, use --out DIR instead of --dry-run.")
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


@pytest.mark.parametrize("place", ["export", "export/inside", "."])
def test_a_folder_of_an_input_is_refused(place: str, export: Path, tmp_path: Path) -> None:
    code, said = run(str(export), "--out", str(tmp_path / place))
    assert code == 2
    assert "never changed" in said


def test_a_folder_with_other_files_is_refused(export: Path, tmp_path: Path) -> None:
    write(tmp_path / "full", {"notes.txt": "mine"})
    code, said = run(str(export), "--out", str(tmp_path / "full"))
    assert code == 2
    assert "other files" in said


def test_an_earlier_copy_is_replaced(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(str(export), "--out", str(out), DAY)[0] == 0
    assert run(str(export), "--out", str(out), DAY, "--skip", "footers")[0] in (0, 1)
    assert "Total" in (out / "students.csv").read_text("utf-8")


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    export = write(tmp_path / "export", {"notes.txt": "no roster"})
    code, _ = run(str(export), "--out", str(tmp_path / "out"))
    assert code == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--only", "nonsense"], "no kind of repair"),
        (["--skip", "encoding"], "cannot be left out"),
        ([], "--out DIR"),
    ],
)
def test_wrong_usage_is_one_sentence(words: list[str], sentence: str, export: Path) -> None:
    code, said = run(str(export), *words)
    assert code == 2
    assert sentence in said


def test_a_conversion_without_a_file_to_write_says_what_is_missing(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"people.csv": "Pupil,Given\n1,Ada\n2,Ben\n"})
    columns = "sis: my-sis\ntables:\n  students:\n    file: people.csv\n    columns:\n"
    columns += "      Student_id: Pupil\n      First_name: Given\n"
    file = write(tmp_path / "map", {"map.yaml": columns}) / "map.yaml"
    code, said = run(
        str(raw), "--columns", str(file), "--to", "clever", "--out", str(tmp_path / "out"), DAY
    )
    assert code == 3
    assert "there is no copy; schools.csv: the column map names no file for schools" in said
    assert "students.csv: the column map gives no Last_name for students; " in said
    assert not (tmp_path / "out").exists()


def test_only_makes_the_named_kinds(export: Path, tmp_path: Path) -> None:
    code, _ = run(str(export), "--out", str(tmp_path / "out"), DAY, "--only", "footers")
    assert code in (0, 1)
    result = json.loads((tmp_path / "out" / "mended.json").read_text("utf-8"))
    assert [change["kind"] for change in result["changes"]] == ["footers"]


def test_undo_writes_the_old_values(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(str(export), "--out", str(out), DAY)
    code, said = run("--undo", str(out), "--out", str(tmp_path / "back"))
    assert code == 0, said
    assert "Total: 12" in (tmp_path / "back" / "students.csv").read_text("utf-8")


def test_a_conversion_is_not_undone(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(str(export), "--out", str(out), DAY, "--to", "oneroster-1.1")
    assert (out / "manifest.csv").exists()
    code, said = run("--undo", str(out))
    assert code == 2
    assert "converted" in said


def test_a_zip_is_mended(export: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for path in export.iterdir():
            archive.write(path, path.name)
    code, said = run(str(tmp_path / "export.zip"), "--out", str(tmp_path / "out"), DAY)
    assert code == 0, said
    records = {name: (tmp_path / "out" / name).read_bytes() for name in DISTRICT}
    assert read_records(records) == read_records(DISTRICT)


def test_the_sheets_of_a_workbook_become_files(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, text in DISTRICT.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for line in text.split("\r\n")[:-1]:
            sheet.append(line.split(","))
    del book["Sheet"]
    book.save(tmp_path / "roster.xlsx")
    code, said = run(str(tmp_path / "roster.xlsx"), "--out", str(tmp_path / "out"), DAY)
    assert code == 0, said
    records = {name: (tmp_path / "out" / name).read_bytes() for name in DISTRICT}
    assert read_records(records) == read_records(DISTRICT)


def test_single_files_are_mended(export: Path, tmp_path: Path) -> None:
    files = [str(export / name) for name in DISTRICT]
    code, said = run(*files, "--out", str(tmp_path / "out"), DAY)
    assert code == 0, said
