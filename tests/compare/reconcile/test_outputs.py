"""What is written: the schema, one line for equal lists, and nothing personal in masked places."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl

from tests.compare.reconcile.planted import Trio, change_app, write_rows
from tests.support.json_schemas import forbid_other_keys, validate
from tests.support.running import run_here
from validator.cli.catalog import build_schema
from validator.outputs.reconcile import document, terminal
from validator.outputs.reconcile.registry import OUTPUTS

TOKEN = "qzxjv"
PUBLIC = ("School_id", "Section_id", "Grade", "Course_name", "Subject", "Period", "Term_name")


def plant_words(trio: Trio) -> None:
    """Put a word that is nowhere else into every cell about a person, the same in each list."""
    for district in (trio.sis, trio.clever):
        for rows in district.tables.values():
            for number, row in enumerate(rows):
                for column in row:
                    is_text = row[column] and not column.endswith("_id") and column not in PUBLIC
                    if is_text and not column.startswith(("Term_", "DOB", "Low_", "High_")):
                        word = f"{TOKEN}{column.replace('_', '')}{number}"
                        row[column] = f"{word}@{TOKEN}.example" if "email" in column else word
        ids = {
            row["Student_id"]: f"{TOKEN}s{row['Student_id']}" for row in district.tables["students"]
        }
        for name in ("students", "enrollments"):
            for row in district.tables[name]:
                row["Student_id"] = ids[row["Student_id"]]
    by_id = {row["Student_id"]: row for row in trio.sis.tables["students"]}
    trio.app = [
        {
            "SIS ID": id,
            f"{TOKEN} heading": row["First_name"],
            "Family Name": row["Last_name"],
            "Mail": row["Student_email"],
            "Birthday": row["DOB"],
            "Level": row["Grade"],
        }
        for id, row in by_id.items()
    ]


def spoil(trio: Trio) -> None:
    """Lose, change and add people of all kinds."""
    for at in (3, 9, 27):
        trio.remove(trio.find(at), "sis-clever")
    for at in (30, 31, 60):
        trio.remove(trio.find(at), "clever-app")
    change_app(trio, trio.find(80), Mail=f"{TOKEN}other@x.example", **{"SIS ID": f"{TOKEN}X"})
    change_app(trio, trio.find(81), Level="12")
    trio.app.append(dict.fromkeys(trio.app[0], f"{TOKEN}new"))
    trio.clever.tables["teachers"] = trio.clever.tables["teachers"][:-3]
    trio.clever.tables["sections"] = trio.clever.tables["sections"][4:]
    trio.sis.tables["sections"][9]["Course_name"] = f"{TOKEN}course"


def test_masked_outputs_hold_nothing_personal(tmp_path: Path) -> None:
    trio = Trio.load()
    plant_words(trio)
    spoil(trio)
    result = trio.run(tmp_path)
    assert result.has_lost and len(result.losses["students"]) >= 8
    for name, output in OUTPUTS.items():
        content = b"".join(output.render(result, False))
        assert output.internal or TOKEN.encode() not in content, name
    for name in ("html", "json"):
        assert TOKEN.encode() in b"".join(OUTPUTS[name].render(result, True)), name


def test_the_json_keeps_its_schema(tmp_path: Path) -> None:
    trio = Trio.load()
    spoil(trio)
    result = trio.run(tmp_path)
    for full in (False, True):
        content = json.loads(b"".join(OUTPUTS["json"].render(result, full)))
        validate(content, forbid_other_keys(build_schema("reconcile")))
        assert content == json.loads(json.dumps(document.build_document(result, show_values=full)))
        assert all((it["id"] is not None) is full for it in content["records"])


def test_equal_lists_are_one_line(tmp_path: Path) -> None:
    text = terminal.render(Trio.load().run(tmp_path))
    assert text.startswith("All three lists agree: 500 students") and text.count("\n") == 1


def test_the_workbook_has_a_sheet_for_each_desk(tmp_path: Path) -> None:
    trio = Trio.load()
    spoil(trio)
    content = b"".join(OUTPUTS["xlsx"].render(trio.run(tmp_path), False))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Start", "Registrar", "Clever administrator", "App support"]
    rows = list(book["App support"].iter_rows(values_only=True))
    ids = {row[1] for row in rows[1:]}
    assert trio.find(80) in ids and trio.find(81) in ids


def test_the_command(tmp_path: Path) -> None:
    trio = Trio.load()
    trio.sis.write(tmp_path / "sis")
    trio.clever.write(tmp_path / "clever")
    write_rows(tmp_path / "app.csv", trio.app)
    asked = ("reconcile", "--sis", "sis", "--clever", "clever", "--as-of", "2026-11-16")
    run = run_here(tmp_path, *asked, "--app", "app.csv", "--out", "out")
    assert (run.returncode, run.stdout.count("\n")) == (0, 1), run.stderr
    files = {"reconcile.html", "reconcile.json", "reconcile.xlsx"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == files
    write_rows(tmp_path / "app.csv", trio.app[5:])
    run = run_here(tmp_path, *asked, "--app", "app.csv", "--out", "out")
    assert run.returncode == 1
    assert "App support" in run.stdout


def test_bad_usage_and_unreadable_files(tmp_path: Path) -> None:
    Trio.load().sis.write(tmp_path / "sis")
    (tmp_path / "app.csv").write_text("SIS ID\n1\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "reconcile.json").write_text("mine")
    for arguments, code in (
        (("--sis", "sis", "--app", "app.csv", "--out", "sis"), 2),
        (("--sis", "sis", "--app", "app.csv", "--out", "mine"), 2),
        (("--sis", "sis", "--app", "app.csv", "--out", "out", "-p", "kahn"), 2),
        (("--sis", "empty", "--app", "app.csv", "--out", "out"), 3),
        (("--sis", "sis", "--app", "missing.csv", "--out", "out"), 3),
    ):
        run = run_here(tmp_path, "reconcile", *arguments)
        assert run.returncode == code, (arguments, run.stderr)
        assert len(run.stderr.strip().splitlines()) == 1
    assert (tmp_path / "mine" / "reconcile.json").read_text() == "mine"
