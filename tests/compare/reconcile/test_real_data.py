"""Roster files of others, compared with themselves: shuffled, renamed, half removed."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from tests.compare.reconcile.planted import list_records
from validator.assess import Options
from validator.assess.reconcile import ReconcileOptions, Reconciliation, reconcile
from validator.ingest import read

pytestmark = pytest.mark.slow

SETS = (
    "clever-goldenplains",
    "clever-demo-trim-2026",
    "clever-genai-cedarridge",
    "clever-gen-pinecreek-seq",
    "or11-gen-chartreuse",
    "or11-moodle-full",
    "or12-moodle-gotham",
    "sds1-100users",
    "sds1-demo-small",
    "sds1-uk-25users",
    "sds2-v2",
)
COLUMNS = {
    "Student_id": "Ref",
    "First_name": "Voornaam",
    "Last_name": "Achternaam",
    "Student_email": "Kontakt",
    "DOB": "Born on",
}


@cache
def read_students(export: Path) -> tuple[list[str], list[tuple[str, ...]]]:
    """The app's headings and the distinct students of an export."""
    table = read.read_export([export]).tables["students"]
    columns = [column for column in COLUMNS if table.has(column)]
    rows = [tuple(row) for row in table.rows[columns].astype(str).itertuples(index=False)]
    return [COLUMNS[column] for column in columns], list(dict.fromkeys(rows))


def write_app(export: Path, path: Path, *, seed: int, half: bool) -> list[tuple[str, ...]]:
    """Write the students of an export as an app's list, shuffled; return the rows left out."""
    headings, students = read_students(export)
    rows = list(students)
    Random(seed).shuffle(rows)
    kept = rows[: (len(rows) + 1) // 2] if half else rows
    pd.DataFrame(kept, columns=headings).to_csv(path, index=False)
    return rows[len(kept) :]


def compare(export: Path, app: Path) -> Reconciliation:
    """The comparison of an export with itself and an app's list."""
    check = Options(as_of=dt.date(2026, 11, 16))
    return reconcile(ReconcileOptions(check=check, sis=[export], clever=[export], app=app))


@pytest.mark.parametrize("name", SETS)
def test_a_set_agrees_with_itself(real_data: Path, tmp_path: Path, name: str) -> None:
    write_app(real_data / name, tmp_path / "app.csv", seed=1, half=False)
    records = list_records(compare(real_data / name, tmp_path / "app.csv"))
    assert not [it for it in records if it["sure"]], records[:3]


@pytest.mark.parametrize("name", SETS)
def test_half_of_a_set_is_lost(real_data: Path, tmp_path: Path, name: str) -> None:
    left_out = write_app(real_data / name, tmp_path / "app.csv", seed=2, half=True)
    records = list_records(compare(real_data / name, tmp_path / "app.csv"))
    lost = [it for it in records if it["lost_between"]]
    assert {it["lost_between"] for it in lost} <= {"clever-app"}
    assert {it["id"] for it in lost} == {row[0].strip() for row in left_out}
    assert len(lost) == len(left_out)
