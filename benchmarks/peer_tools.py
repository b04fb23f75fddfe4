"""Part of our checks, written for other tools; runs in the Python that has the tools."""

from __future__ import annotations

import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import peer_frames
from benchmarks.peer_frames import ADDRESS, CHECKS, TABLES, Counts


def frictionless(folder: Path) -> Counts:
    """Frictionless: constraints and foreign keys of a data package."""
    from frictionless import Package, system

    students = [
        _field("Student_email", required=True, pattern=ADDRESS, unique=True),
        _field("DOB", required=True),
    ]
    keys = [
        {"fields": [column], "reference": {"resource": table, "fields": [column]}}
        for column, table in (("Section_id", "sections"), ("Student_id", "students"))
    ]
    resources = [
        _resource(folder, "students", students, primaryKey=["Student_id"]),
        _resource(folder, "sections", [], primaryKey=["Section_id"]),
        _resource(
            folder,
            "enrollments",
            [],
            primaryKey=["Section_id", "Student_id"],
            foreignKeys=keys,
        ),
    ]
    package = Package.from_descriptor({"resources": resources}, basepath=str(folder))
    with system.use_context(trusted=True):
        report = package.validate(limit_errors=10_000_000)
    counts = dict.fromkeys(CHECKS, 0)
    for kind, column, note in report.flatten(["type", "fieldName", "note"]):
        if name := _name_frictionless(kind, column, note):
            counts[name] += 1
    return counts


def _field(name: str, **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "constraints": constraints}


def _resource(
    folder: Path, name: str, fields: Sequence[dict[str, Any]], **keys: Any
) -> dict[str, Any]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        header = file.readline().strip().replace('"', "").split(",")
    described = {field["name"]: field for field in fields}
    columns = [described.get(column, {"name": column, "type": "string"}) for column in header]
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": columns, **keys}}


def _name_frictionless(kind: str, column: str, note: str) -> str:
    """The check that an error belongs to, "" for none."""
    if kind == "foreign-key":
        return "section" if "sections" in note else "student"
    if kind != "constraint-error":
        return {"unique-error": "repeated", "primary-key": "enrollment"}.get(kind, "")
    if column == "DOB":
        return "dob"
    return "missing" if "required" in note else "malformed"


def great_expectations(folder: Path) -> Counts:
    """Great Expectations on pandas frames."""
    import great_expectations as gx

    tables = _read_pandas(folder)
    expect = gx.expectations
    sections = tables["sections"]["Section_id"].tolist()
    students = tables["students"]["Student_id"].tolist()
    expectations = {
        "students": [
            expect.ExpectColumnValuesToNotBeNull(column="Student_email"),
            expect.ExpectColumnValuesToMatchRegex(column="Student_email", regex=ADDRESS),
            expect.ExpectColumnValuesToBeUnique(column="Student_email"),
            expect.ExpectColumnValuesToNotBeNull(column="DOB"),
        ],
        "enrollments": [
            expect.ExpectColumnValuesToBeInSet(column="Section_id", value_set=sections),
            expect.ExpectColumnValuesToBeInSet(column="Student_id", value_set=students),
            expect.ExpectCompoundColumnsToBeUnique(column_list=["Section_id", "Student_id"]),
        ],
    }
    source = gx.get_context(mode="ephemeral").data_sources.add_pandas("district")
    counts = []
    for name, expected in expectations.items():
        definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
        batch = definition.get_batch({"dataframe": tables[name]})
        for expectation in expected:
            result = batch.validate(expectation, result_format="BASIC").result
            counts.append(int(result["unexpected_count"]))
    return dict(zip(CHECKS, counts, strict=True))


def _read_pandas(folder: Path) -> dict[str, Any]:
    import pandas as pd

    frames = {
        name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in TABLES
    }
    return {name: frame.replace("", None) for name, frame in frames.items()}


def pandera(folder: Path) -> Counts:
    """Lazy pandera, as in its tutorial."""
    import pandera.pandas as pa

    tables = _read_pandas(folder)
    known_section = pa.Check.isin(tables["sections"]["Section_id"].tolist(), error="section")
    known_student = pa.Check.isin(tables["students"]["Student_id"].tolist(), error="student")
    address = pa.Check.str_matches(ADDRESS)
    schemas = {
        "students": pa.DataFrameSchema(
            {
                "Student_email": pa.Column(str, address, nullable=False, unique=True),
                "DOB": pa.Column(str, nullable=False),
            }
        ),
        "enrollments": pa.DataFrameSchema(
            {
                "Section_id": pa.Column(str, known_section),
                "Student_id": pa.Column(str, known_student),
            },
            unique=["Section_id", "Student_id"],
        ),
    }
    counts = dict.fromkeys(CHECKS, 0)
    for name, schema in schemas.items():
        try:
            schema.validate(tables[name], lazy=True)
        except pa.errors.SchemaErrors as errors:
            sizes = errors.failure_cases.groupby(["column", "check"]).size()
            for (column, check), count in sizes.items():
                counts[_name_pandera(str(column), str(check))] += int(count)
    counts["enrollment"] //= 2  # a failure case for each of the two columns
    return counts


def _name_pandera(column: str, check: str) -> str:
    if "multiple_fields" in check:
        return "enrollment"
    if column == "DOB":
        return "dob"
    names = {
        "not_nullable": "missing",
        "field_uniqueness": "repeated",
        "section": "section",
        "student": "student",
    }
    return names.get(check, "malformed")


TOOLS: dict[str, Callable[[Path], Counts]] = {
    "frictionless": frictionless,
    "great_expectations": great_expectations,
    "pointblank": peer_frames.pointblank,
    "pandera": pandera,
    "dataframely": peer_frames.dataframely,
    "polars": peer_frames.polars,
    "duckdb": peer_frames.duckdb,
}


ALSO_IMPORTED = {
    "great_expectations": ["pandas"],
    "pointblank": ["polars"],
    "pandera": ["pandera.pandas"],
    "dataframely": ["polars"],
}
"""What a tool imports besides itself."""


def measure(tool: str, folder: Path) -> dict[str, Any]:
    """Version, seconds, processor seconds, peak memory in MB and counts of a tool."""
    if importlib.util.find_spec(tool) is None:
        raise SystemExit(f"{tool} is not installed")
    for module in (tool, *ALSO_IMPORTED.get(tool, ())):
        importlib.import_module(module)  # before the clock runs
    begun, cpu = time.perf_counter(), time.process_time()
    counts = TOOLS[tool](folder)
    return {
        "version": version(tool),
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "found": counts,
        "peak": read_peak(),
    }


def read_peak() -> float:
    """Peak memory of this process in MB; its parent's does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) / 1024
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    print("\n" + json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
