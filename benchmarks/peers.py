"""The tools that one would pick instead, on a part of the same checks; needs the extra `peers`.

Each looks for missing, malformed and repeated e-mail addresses, missing birth dates, unknown references and repeated
enrollments, and must find what was planted.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PLANTED = {
    "missing": "student-email-missing",
    "malformed": "student-email-invalid",
    "repeated": "student-email-repeated",
    "dob": "student-dob-missing",
    "section": "section-unknown",
    "student": "student-unknown",
    "enrollment": "enrollment-repeated",
}
ANY_OF = {"repeated": 2, "enrollment": 2}
"""Tools count a repeated value once for each row after the first, or every row of it."""

QUIET = {"GX_ANALYTICS_ENABLED": "false"}
"""Nothing leaves this computer."""

Found = dict[str, int]


def frictionless(folder: Path) -> Found:
    """Frictionless: constraints and foreign keys of a data package."""
    from frictionless import Package, system

    def resource(name: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        text = (
            (folder / f"{name}.csv")
            .open(encoding="utf-8")
            .readline()
            .strip()
            .replace('"', "")
            .split(",")
        )
        told = {field["name"]: field for field in fields}
        return {
            "name": name,
            "path": f"{name}.csv",
            "schema": {
                "fields": [told.get(one, {"name": one, "type": "string"}) for one in text],
                **more,
            },
        }

    def text(name: str, **constraints: Any) -> dict[str, Any]:
        return {"name": name, "type": "string", "constraints": constraints}

    package = Package.from_descriptor(
        {
            "resources": [
                resource(
                    "students",
                    [
                        text("Student_email", required=True, pattern=ADDRESS, unique=True),
                        text("DOB", required=True),
                    ],
                    primaryKey=["Student_id"],
                ),
                resource("sections", [], primaryKey=["Section_id"]),
                resource(
                    "enrollments",
                    [],
                    primaryKey=["Section_id", "Student_id"],
                    foreignKeys=[
                        {
                            "fields": ["Section_id"],
                            "reference": {"resource": "sections", "fields": ["Section_id"]},
                        },
                        {
                            "fields": ["Student_id"],
                            "reference": {"resource": "students", "fields": ["Student_id"]},
                        },
                    ],
                ),
            ]
        },
        basepath=str(folder),
    )
    with system.use_context(trusted=True):
        told = package.validate(limit_errors=10_000_000).flatten(
            ["type", "fieldName", "note", "resourceName"]
        )
    found = dict.fromkeys(PLANTED, 0)
    for kind, column, note, _ in told:
        if kind == "constraint-error":
            name = "dob" if column == "DOB" else "missing" if "required" in note else "malformed"
        elif kind == "foreign-key":
            name = "section" if "sections" in note else "student"
        else:
            name = {"unique-error": "repeated", "primary-key": "enrollment"}.get(kind, "")
        if name:
            found[name] += 1
    return found


def great_expectations(folder: Path) -> Found:
    """Great Expectations on pandas frames."""
    import great_expectations as gx
    import pandas as pd

    tables = {
        name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False).replace(
            "", None
        )
        for name in ("students", "sections", "enrollments")
    }
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("district")
    expect = gx.expectations
    asked = {
        "students": [
            expect.ExpectColumnValuesToNotBeNull(column="Student_email"),
            expect.ExpectColumnValuesToMatchRegex(column="Student_email", regex=ADDRESS),
            expect.ExpectColumnValuesToBeUnique(column="Student_email"),
            expect.ExpectColumnValuesToNotBeNull(column="DOB"),
        ],
        "enrollments": [
            expect.ExpectColumnValuesToBeInSet(
                column="Section_id", value_set=tables["sections"]["Section_id"].tolist()
            ),
            expect.ExpectColumnValuesToBeInSet(
                column="Student_id", value_set=tables["students"]["Student_id"].tolist()
            ),
            expect.ExpectCompoundColumnsToBeUnique(column_list=["Section_id", "Student_id"]),
        ],
    }
    counts = []
    for name, expectations in asked.items():
        batch = (
            source.add_dataframe_asset(name)
            .add_batch_definition_whole_dataframe(name)
            .get_batch({"dataframe": tables[name]})
        )
        counts += [
            int(batch.validate(one, result_format="BASIC").result["unexpected_count"])
            for one in expectations
        ]
    return dict(
        zip(
            ("missing", "malformed", "repeated", "dob", "section", "student", "enrollment"),
            counts,
            strict=True,
        )
    )


def pointblank(folder: Path) -> Found:
    """Pointblank on polars frames."""
    import pointblank as pb
    import polars as pl

    tables = {
        name: pl.read_csv(folder / f"{name}.csv", infer_schema=False).with_columns(
            pl.all().replace("", None)
        )
        for name in ("students", "sections", "enrollments")
    }
    students = (
        pb.Validate(tables["students"])
        .col_vals_not_null("Student_email")
        .col_vals_regex("Student_email", ADDRESS, na_pass=True)
        .rows_distinct("Student_email")
        .col_vals_not_null("DOB")
        .interrogate(collect_extracts=False)
    )
    rows = (
        pb.Validate(tables["enrollments"])
        .col_vals_in_set("Section_id", tables["sections"]["Section_id"].to_list())
        .col_vals_in_set("Student_id", tables["students"]["Student_id"].to_list())
        .rows_distinct(["Section_id", "Student_id"])
        .interrogate(collect_extracts=False)
    )
    failed = [*students.n_failed().values(), *rows.n_failed().values()]
    found = dict(
        zip(
            ("missing", "malformed", "repeated", "dob", "section", "student", "enrollment"),
            map(int, failed),
            strict=True,
        )
    )
    blank = found["missing"]  # blank addresses are one repeated value to it
    return {**found, "repeated": found["repeated"] - (blank if blank > 1 else 0)}


def pandera(folder: Path) -> Found:
    """Lazy pandera as one first writes it."""
    import pandas as pd
    import pandera.pandas as pa

    tables = {
        name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False).replace(
            "", None
        )
        for name in ("students", "sections", "enrollments")
    }
    schemas = {
        "students": pa.DataFrameSchema(
            {
                "Student_email": pa.Column(
                    str, pa.Check.str_matches(ADDRESS), nullable=False, unique=True
                ),
                "DOB": pa.Column(str, nullable=False),
            }
        ),
        "enrollments": pa.DataFrameSchema(
            {
                "Section_id": pa.Column(
                    str, pa.Check.isin(tables["sections"]["Section_id"].tolist(), error="section")
                ),
                "Student_id": pa.Column(
                    str, pa.Check.isin(tables["students"]["Student_id"].tolist(), error="student")
                ),
            },
            unique=["Section_id", "Student_id"],
        ),
    }
    found = dict.fromkeys(PLANTED, 0)
    for name, schema in schemas.items():
        try:
            schema.validate(tables[name], lazy=True)
        except pa.errors.SchemaErrors as errors:
            for (column, check), count in (
                errors.failure_cases.groupby(["column", "check"]).size().items()
            ):
                found[_pandera_name(str(column), str(check))] += int(count)
    found["enrollment"] //= 2  # a failure case for each of the two columns
    return found


def _pandera_name(column: str, check: str) -> str:
    if "multiple_fields" in check:
        return "enrollment"
    if column == "DOB":
        return "dob"
    return {
        "not_nullable": "missing",
        "field_uniqueness": "repeated",
        "section": "section",
        "student": "student",
    }.get(check, "malformed")


TOOLS: dict[str, Callable[[Path], Found]] = {
    "frictionless": frictionless,
    "great_expectations": great_expectations,
    "pointblank": pointblank,
    "pandera": pandera,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0; tools that are not installed are left out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["S", "M"])
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument(
        "--python", default=sys.executable, help="the Python that has them, when it is another one"
    )
    parser.add_argument("--folder", type=Path, help="the folder of benchmarks.speed")
    parser.add_argument("--measure", nargs=2, metavar=("TOOL", "FOLDER"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.measure:
        print("\n" + json.dumps(_measured(*told.measure)))
        return 0
    from benchmarks import district, speed, tables

    with tempfile.TemporaryDirectory() as scratch:
        for size in told.sizes:
            folder = (told.folder or Path(scratch)) / f"{size}-1"
            if not folder.with_suffix(".key.json").exists():
                key = district.write(folder, district.SIZES[size])
                folder.with_suffix(".key.json").write_text(json.dumps(key), encoding="utf-8")
            key = json.loads(folder.with_suffix(".key.json").read_text(encoding="utf-8"))
            arrow = speed._median([speed._arrow(folder) for _ in range(3)], "seconds")
            for tool in told.tools:
                done = subprocess.run(
                    [told.python, str(Path(__file__)), "--measure", tool, str(folder)],
                    check=False,
                    capture_output=True,
                    text=True,
                    env={**os.environ, **QUIET},
                )
                if done.returncode:
                    print(
                        f"{tool}, {size}: did not run: {done.stderr.strip().splitlines()[-1:]}",
                        flush=True,
                    )
                    continue
                run = json.loads(done.stdout.splitlines()[-1])
                right = [
                    name
                    for name, rule in PLANTED.items()
                    if run["found"][name] in _counts(key[rule], ANY_OF.get(name, 1))
                ]
                tables.keep(
                    "peers",
                    f"{tool}, {size}",
                    {
                        "tool": tool.replace("_", " "),
                        "size": size,
                        "seconds": run["seconds"],
                        "peak": run["peak"],
                        "arrow": arrow,
                        "megabytes": district.SIZES[size],
                        "checks": len(PLANTED),
                        "right": f"{len(right)} of {len(PLANTED)}",
                    },
                )
                print(
                    f"{tool}, {size}: {run['seconds']:.1f} s, {run['seconds'] / arrow:.0f} x, {run['found']}",
                    flush=True,
                )
    tables.write()
    return 0


def _counts(planted: int, ways: int) -> set[int]:
    """What a tool may count for so many planted: repeated values once, or each of the two rows."""
    return {planted} if ways == 1 else {planted, planted // 2, planted * 2}


def _measured(tool: str, folder: str) -> dict[str, Any]:
    import resource

    if importlib.util.find_spec(tool) is None:
        raise SystemExit(f"{tool} is not installed")
    importlib.import_module(tool)
    begun = time.perf_counter()
    found = TOOLS[tool](Path(folder))
    return {
        "seconds": time.perf_counter() - begun,
        "found": found,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    raise SystemExit(main())
