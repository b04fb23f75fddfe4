#!/usr/bin/env bash
# polars 2.1.0, pandera 0.35.0, dataframely 3.1.2, pointblank 1.1.1: a blank e-mail address in quotes is not missing.
#
# Of `2,` polars makes a null, of `3,""` an empty text. So if the export writes blank cells without quotes, each of the
# validators built on polars reports the students without an address; if it quotes every cell, as PowerShell and many
# reporting tools do, all three say that nobody lacks one. null_values="" makes both null. pyarrow keeps both as empty
# texts; duckdb, pandas and frictionless make both missing.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  polars==2.1.0 \
  pandera[polars]==0.35.0 \
  dataframely==3.1.2 \
  pointblank==1.1.1 \
  duckdb==2.0.1 \
  pandas==3.1.1 \
  pyarrow==26.0.1 \
  frictionless==5.21.0

printf '%s\n' Student_id,Student_email 1,ada@school.example 2, 3, > plain.csv
printf '%s\n' '"Student_id","Student_email"' '"1","ada@school.example"' '"2",""' '"3",""' > quoted.csv
cat > expected <<'END'
polars 2.1.0, pandera 0.35.0, dataframely 3.1.2, pointblank 1.1.1
students without an address, by validators:
plain.csv: pandera 2, dataframely 2, pointblank 2
quoted.csv: pandera 0, dataframely 0, pointblank 0
quoted.csv, null_values="": pandera 2, dataframely 2, pointblank 2
missing, by readers:
plain.csv: polars 2, pyarrow 0, duckdb 2, pandas 2, frictionless 2
quoted.csv: polars 0, pyarrow 0, duckdb 2, pandas 2, frictionless 2
END
cat > compare.py <<'END'
from importlib.metadata import version

import dataframely as dy
import duckdb
import pandas
import pandera.polars as pa
import pointblank as pb
import polars as pl
from frictionless import Resource
from pyarrow import csv


class Students(dy.Schema):
    Student_email = dy.String(nullable=False)


def by_pandera(table):
    try:
        pa.DataFrameSchema({"Student_email": pa.Column(str, nullable=False)}).validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return len(errors.failure_cases)
    return 0


validators = {
    "pandera": by_pandera,
    "dataframely": lambda table: Students.filter(table).failure.counts().get("Student_email|nullability", 0),
    "pointblank": lambda table: pb.Validate(table).col_vals_not_null("Student_email").interrogate().n_failed()[1],
}
readers = {
    "polars": lambda file: pl.read_csv(file)["Student_email"].null_count(),
    "pyarrow": lambda file: csv.read_csv(file)["Student_email"].null_count,
    "duckdb": lambda file: duckdb.sql(f"SELECT count(*) FROM '{file}' WHERE Student_email IS NULL").fetchall()[0][0],
    "pandas": lambda file: int(pandas.read_csv(file)["Student_email"].isna().sum()),
    "frictionless": lambda file: sum(row["Student_email"] is None for row in Resource(file).read_rows()),
}
print(", ".join(f"{name} {version(name)}" for name in ("polars", *validators)))
print("students without an address, by validators:")
for label, table in (
    ("plain.csv", pl.read_csv("plain.csv")),
    ("quoted.csv", pl.read_csv("quoted.csv")),
    ('quoted.csv, null_values=""', pl.read_csv("quoted.csv", null_values="")),
):
    print(f"{label}:", ", ".join(f"{name} {count(table)}" for name, count in validators.items()))
print("missing, by readers:")
for file in ("plain.csv", "quoted.csv"):
    print(f"{file}:", ", ".join(f"{name} {count(file)}" for name, count in readers.items()))
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
