"""What the lists of `reconcile` may be: raw exports, a mapped app list, staff, little memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.compare.reconcile.planted import Trio, write_rows
from tests.support import districts
from tests.support.nights import District
from tests.support.running import run_here

ASKED = ("reconcile", "--as-of", "2026-11-16", "--app", "app.csv", "--out", "out", "--show-values")
OPAQUE = {"SIS ID": "c1", "Given Name": "c2", "Family Name": "c3", "Mail": "c4"}
"""The app's headings, and others that say nothing."""

APP_MAP = """\
tables:
  students:
    file: app.csv
    columns: {Student_id: c1, First_name: c2, Last_name: c3, Student_email: c4}
"""


def write_raw(district: District, folder: Path) -> None:
    """Write a district as the export of a system that needs a column map, and the map."""
    folder.mkdir()
    for name, content in districts.write_raw(district.tables).items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    (folder.parent / "map.yaml").write_text(districts.map_raw(), encoding="utf-8")


def read_records(folder: Path) -> list[dict[str, Any]]:
    """The records of the result that the command wrote."""
    content = json.loads((folder / "out" / "reconcile.json").read_text(encoding="utf-8"))
    return list(content["records"])


@pytest.mark.parametrize("gap", ["sis-clever", "clever-app"])
def test_a_raw_export_is_compared_through_its_column_map(tmp_path: Path, gap: str) -> None:
    trio = Trio.load()
    lost = {trio.find(at) for at in (7, 70, 200)}
    for id in lost:
        trio.remove(id, gap)
    write_raw(trio.sis, tmp_path / "sis")
    trio.clever.write(tmp_path / "clever")
    write_rows(tmp_path / "app.csv", trio.app)
    lists = ("--sis", "sis", "--columns", "map.yaml", "--clever", "clever")
    run = run_here(tmp_path, *ASKED, *lists)
    assert run.returncode == 1, run.stderr
    records = read_records(tmp_path)
    assert {(it["id"], it["lost_between"]) for it in records} == {(id, gap) for id in lost}
    places = [place for it in records for place in it["places"] if place["list"] == "sis"]
    assert {place["file"] for place in places} == {"dump_students.csv"}


def test_a_raw_export_without_clever_is_compared_with_the_app(tmp_path: Path) -> None:
    trio = Trio.load()
    lost = trio.find(70)
    trio.remove(lost, "clever-app")
    write_raw(trio.sis, tmp_path / "sis")
    write_rows(tmp_path / "app.csv", trio.app)
    run = run_here(tmp_path, *ASKED, "--sis", "sis", "--columns", "map.yaml")
    assert run.returncode == 1, run.stderr
    assert [(it["id"], it["lost_between"]) for it in read_records(tmp_path)] == [(lost, "sis-app")]


def test_a_column_map_names_headings_that_say_nothing(tmp_path: Path) -> None:
    trio = Trio.load()
    lost = trio.find(70)
    trio.remove(lost, "clever-app")
    trio.sis.write(tmp_path / "sis")
    app = [{theirs: row[ours] for ours, theirs in OPAQUE.items()} for row in trio.app]
    write_rows(tmp_path / "app.csv", app)
    (tmp_path / "app.yaml").write_text(APP_MAP)
    run = run_here(tmp_path, *ASKED, "--sis", "sis", "--app-columns", "app.yaml")
    assert run.returncode == 1, run.stderr
    assert [(it["id"], it["lost_between"]) for it in read_records(tmp_path)] == [(lost, "sis-app")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (APP_MAP.replace("c1", "c9"), "c9"),
        ("tables: [", "app.yaml"),
        ("tables:\n  pupils: {}\n", "pupils"),
    ],
    ids=["an absent heading", "no YAML", "an unknown table"],
)
def test_a_wrong_column_map_is_refused_in_one_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    trio = Trio.load()
    trio.sis.write(tmp_path / "sis")
    app = [{theirs: row[ours] for ours, theirs in OPAQUE.items()} for row in trio.app]
    write_rows(tmp_path / "app.csv", app)
    (tmp_path / "app.yaml").write_text(text)
    run = run_here(tmp_path, *ASKED, "--sis", "sis", "--app-columns", "app.yaml")
    assert run.returncode in (2, 3) and said in run.stderr, run.stderr
    assert "Traceback" not in run.stderr and not (tmp_path / "out" / "reconcile.json").exists()


def test_staff_in_the_list_of_the_app_are_no_strangers_and_no_losses(tmp_path: Path) -> None:
    district = District.load()
    district.write(tmp_path / "sis")
    people = [("Student", row) for row in district.tables["students"]]
    people += [("Teacher", row) for row in district.tables["teachers"]]
    taught_by = {row["Teacher_email"] for row in district.tables["teachers"]}
    staff = [row for row in district.tables["staff"] if row["Staff_email"] not in taught_by]
    people += [("Staff", row) for row in staff]
    users = [
        {
            "Role": kind,
            "SIS ID": row[f"{kind}_id"],
            "Given Name": row["First_name"],
            "Family Name": row["Last_name"],
            "Mail": row[f"{kind}_email"],
        }
        for kind, row in people
    ]
    write_rows(tmp_path / "app.csv", users)
    run = run_here(tmp_path, *ASKED, "--sis", "sis")
    assert (run.returncode, read_records(tmp_path)) == (0, []), run.stdout
    stranger = {**users[-1], "SIS ID": "zz-1", "Given Name": "Odd", "Mail": "odd@else.example"}
    write_rows(tmp_path / "app.csv", [*users, {**stranger, "Family Name": "Stranger"}])
    run = run_here(tmp_path, *ASKED, "--sis", "sis")
    assert run.returncode == 0, run.stderr
    (record,) = read_records(tmp_path)
    assert (record["id"], record["reason"]) == ("zz-1", "not-in-sis")


def test_lists_that_need_more_memory_than_allowed_are_refused(tmp_path: Path) -> None:
    trio = Trio.load()
    trio.sis.write(tmp_path / "sis")
    write_rows(tmp_path / "app.csv", trio.app)
    run = run_here(tmp_path, *ASKED, "--sis", "sis", "--memory-limit", "1M")
    assert run.returncode == 2 and "--memory-limit" in run.stderr, run.stderr
    assert len(run.stderr.strip().splitlines()) <= 2
    assert not (tmp_path / "out" / "reconcile.json").exists()
    run = run_here(tmp_path, *ASKED, "--sis", "sis", "--memory-limit", "4G")
    assert run.returncode == 0, run.stderr
