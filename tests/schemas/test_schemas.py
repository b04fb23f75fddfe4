"""Any program can check a format's files with its schemas, and the product uses the same ones."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest
from pandera.errors import SchemaErrors

from validator.ingest.csv.read import read_csv
from validator.model import File
from validator.schemas import canvas, checks, clever, oneroster, schoology, sds
from validator.schemas.build import SchemaSet, build_column, build_schema
from validator.schemas.checks import FILLED, find_check
from validator.schemas.violations import find_violations

PAGE = Path(__file__).resolve().parents[2] / "docs" / "schemas.md"
SETS = {
    "clever": SchemaSet("Clever", clever.FILES),
    "oneroster.v1_0": oneroster.v1_0,
    "oneroster.v1_1": oneroster.v1_1,
    "oneroster.v1_2": oneroster.v1_2,
    "sds.v1": sds.v1,
    "sds.v1_uk": sds.v1_uk,
    "sds.v2": sds.v2,
    "sds.v2_1": sds.v2_1,
    "canvas.sis": canvas.sis,
    "schoology.imports": schoology.imports,
}
FILES = [
    pytest.param(file, id=f"{name} {file.name}")
    for name, schemas in SETS.items()
    for file in schemas.files.values()
]

GOOD = "School_id,Student_id,First_name,Last_name,Gender,DOB,Student_email,ext.locker\n" + (
    "1,007,Ann,Made-Up,f,2012-02-03,ann@example.org,9\n1,008,None,Made-Up,,,,9\n"
)
BAD = GOOD.replace("2012-02-03", "02/30/2012").replace("ann@", "ann.at").replace(",f,", ",Q,")

VALUES = [
    *("", "x", "Q", "m", " Male ", "Non-Binary", "T", "true", "True", "false"),
    *("2012-02-29", "2011-02-29", "2/3/2012", "13/02/2012", "13/14/2012", "2012-02-03T10:00:00Z"),
    *("ann@example.org", "ann", "a@x.org;b@x.org", "12", "-1.5", "1e5", "2026", "99999"),
    *("KG", "kg", "01,02", "01, 99", "Other", "ext:mine", "ext:", "student", "Student", "math"),
    *("active", "tobedeleted", "school", "term", "primary", "eng", "Spanish", "W", "Free"),
]


def read_text(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def list_failures(schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the column and the name of each check that fails."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return {
            (error.column_name or error.failure_cases, getattr(error.check, "name", error.check))
            for error in errors.schema_errors
        }
    return set()


def test_the_page_s_example_accepts_a_good_file_and_refuses_a_bad_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    validate, count = snippets()
    (tmp_path / "students.csv").write_text(GOOD, encoding="utf-8")
    names: dict[str, object] = {}
    exec(validate, names)
    (tmp_path / "students.csv").write_text(BAD, encoding="utf-8")
    with pytest.raises(SchemaErrors):
        exec(validate, names)
    exec(count, names)
    shown = capsys.readouterr().out
    assert all(column in shown for column in ("DOB", "Gender", "Student_email"))
    assert not [value for value in ("02/30", "ann.at", "Q") if value in shown]


def test_the_page_lists_every_schema() -> None:
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \| ([^|]+) \| (.+) \|$", PAGE.read_text("utf-8"), re.M)
    listed = {name: re.findall(r"`(\w+)`", schemas) for name, _, schemas in rows}
    assert listed == {name: list(schemas) for name, schemas in SETS.items()}


def test_the_page_lists_every_check() -> None:
    columns = [c for schemas in SETS.values() for f in schemas.files.values() for c in f.columns]
    checks = {check for column in columns if (check := find_check(column)) is not None}
    text = PAGE.read_text(encoding="utf-8").partition("## The checks")[2]
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.M))
    assert listed == {check.name: check.error for check in [FILLED, *checks]}


@pytest.mark.parametrize("file", FILES)
def test_the_product_reports_exactly_the_rows_that_fail_validate(file: File) -> None:
    width = len(file.columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in file.columns])
    rows = len(VALUES)
    writer.writerows([VALUES[(row + at) % rows] for at in range(width)] for row in range(rows))
    table = read_csv(text.getvalue().encode(), file).table
    assert table is not None and len(table) == rows
    failed: dict[str, np.ndarray] = {}
    try:
        build_schema(file).validate(read_text(text.getvalue()), lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            assert error.check.name == FILLED.name or error.column_name not in failed
            if error.check.name != FILLED.name:
                failed[error.column_name] = ~error.check_output.to_numpy()
    found = find_violations(table, file)
    assert {name: mask.tolist() for name, mask in found.items()} == {
        name: mask.tolist() for name, mask in failed.items()
    }
    checked = {column.name for column in file.columns if find_check(column) is not None}
    assert set(found) == checked, "the values above break every check"


@pytest.mark.parametrize("file", FILES)
def test_the_product_runs_the_checks_that_the_schema_is_built_of(file: File) -> None:
    for column in file.columns:
        checks = [find_check(column), FILLED if column.required else None]
        described = {(check.name, check.error) for check in checks if check is not None}
        built = build_schema(file).columns[column.name].checks
        assert {(check.name, check.error) for check in built} == described


def test_a_check_that_raises_is_not_taken_for_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(values: pa.Array) -> np.ndarray:
        raise ZeroDivisionError

    table = read_csv(GOOD.encode(), clever.STUDENTS).table
    assert table is not None and not find_violations(table, clever.STUDENTS)
    email = dataclasses.replace(checks._BY_KIND["email"], find_bad=broken)
    monkeypatch.setitem(checks._BY_KIND, "email", email)
    build_column.cache_clear()
    with pytest.raises(ZeroDivisionError):
        find_violations(table, clever.STUDENTS)
    build_column.cache_clear()


def test_required_columns_must_be_there_and_filled() -> None:
    frame = read_text(GOOD)
    assert list_failures(clever.students, frame) == set()
    frame.loc[0, "Student_id"] = " "
    assert list_failures(clever.students, frame) == {("Student_id", "filled")}
    del frame["Student_id"]
    assert list_failures(clever.students, frame) == {("Student_id", "column_in_dataframe")}


def test_missing_values_are_blank() -> None:
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str)
    assert list_failures(clever.students, frame) == {("First_name", "filled")}


def test_numbers_are_refused_where_text_is_needed() -> None:
    frame = pd.read_csv(io.StringIO(GOOD), keep_default_na=False)
    assert {name for name, _ in list_failures(clever.students, frame)} == {
        "School_id",
        "Student_id",
    }


def test_sets_list_their_schemas() -> None:
    assert oneroster.v1_1.users is oneroster.v1_1["users"]
    assert clever.students.name == "students.csv"
    assert {*SETS["clever"]} <= {*dir(clever)}
    with pytest.raises(AttributeError, match=r"OneRoster 1\.1 has no schema named 'roles'"):
        _ = oneroster.v1_1.roles
    with pytest.raises(AttributeError):
        _ = clever.pupils


def test_the_first_version_of_oneroster_has_its_own_headings() -> None:
    assert {"userId", "agents"} <= set(oneroster.v1_0.users.columns)
    assert not {"userIds", "agentSourcedIds", "enabledUser"} & set(oneroster.v1_0.users.columns)
    assert "userSourcedId" in oneroster.v1_0.demographics.columns


def test_columns_carry_their_description() -> None:
    column = clever.students.columns["Student_email"]
    assert column.metadata == {"kind": "email", "recommended": True}
