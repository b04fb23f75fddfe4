#!/usr/bin/env bash
# pandera 0.35.0, dataframely 3.1.2, pointblank 1.1.1: two students without an address are a repeated address.
#
# The column may be blank and has to be unique. In SQL, and for frictionless and duckdb, blanks are equal to nothing. In
# dataframely, pointblank and pandera on polars each of the two students is a repeated one, although one blank passes.
# pandera on pandas refuses the table, too, but its list of failure cases is empty: whoever adds up the cases sees no
# fault in a table that cannot pass.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  pandera[pandas,polars]==0.35.0 \
  pandas==3.1.1 \
  polars==2.1.0 \
  dataframely==3.1.2 \
  pointblank==1.1.1 \
  duckdb==2.0.1 \
  frictionless==5.21.0

printf '%s\n' Student_id,Student_email 1,ada@school.example 2, > one.csv
printf '%s\n' Student_id,Student_email 1,ada@school.example 2, 3, > two.csv
cat > expected <<'END'
pandera 0.35.0, pandas 3.1.1, polars 2.1.0, dataframely 3.1.2, pointblank 1.1.1, duckdb 2.0.1, frictionless 5.21.0
one.csv
  pandera on pandas: accepted
  pandera on polars: accepted
  dataframely: accepted
  pointblank: accepted
  duckdb: accepted
  frictionless: accepted
two.csv
  pandera on pandas: refused, 0 failure cases
  pandera on polars: refused, 2 failure cases
  dataframely: refused, 2 failure cases
  pointblank: refused, 2 failure cases
  duckdb: accepted
  frictionless: accepted
END
cat > compare.py <<'END'
from importlib.metadata import version

import dataframely as dy
import duckdb
import pandas as pd
import pandera.pandas
import pandera.polars
import pointblank as pb
import polars as pl
from frictionless import Resource, Schema


class Students(dy.Schema):
    Student_email = dy.String(nullable=True, unique=True)


def by_pandera(library, table):
    column = library.Column(str, nullable=True, unique=True)
    try:
        library.DataFrameSchema({"Student_email": column}).validate(table, lazy=True)
    except library.errors.SchemaErrors as errors:
        return False, len(errors.failure_cases)
    return True, 0


def by_dataframely(file):
    failed = Students.filter(pl.read_csv(file)).failure.counts().get("Student_email|unique", 0)
    return not failed, failed


def by_pointblank(file):
    failed = pb.Validate(pl.read_csv(file)).rows_distinct("Student_email").interrogate().n_failed()[1]
    return not failed, failed


def by_duckdb(file):
    connection = duckdb.connect()
    connection.sql("CREATE TABLE students (Student_id VARCHAR, Student_email VARCHAR UNIQUE)")
    try:
        connection.sql(f"INSERT INTO students FROM '{file}'")
    except duckdb.ConstraintException:
        return False, 1
    return True, 0


def by_frictionless(file):
    fields = [
        {"name": "Student_id", "type": "string"},
        {"name": "Student_email", "type": "string", "constraints": {"unique": True}},
    ]
    errors = Resource(file, schema=Schema.from_descriptor({"fields": fields})).validate().flatten(["type"])
    return not errors, len(errors)


checks = {
    "pandera on pandas": lambda file: by_pandera(pandera.pandas, pd.read_csv(file)),
    "pandera on polars": lambda file: by_pandera(pandera.polars, pl.read_csv(file)),
    "dataframely": by_dataframely,
    "pointblank": by_pointblank,
    "duckdb": by_duckdb,
    "frictionless": by_frictionless,
}
names = ("pandera", "pandas", "polars", "dataframely", "pointblank", "duckdb", "frictionless")
print(", ".join(f"{name} {version(name)}" for name in names))
for file in ("one.csv", "two.csv"):
    print(file)
    for name, check in checks.items():
        accepted, cases = check(file)
        print(f"  {name}: {'accepted' if accepted else f'refused, {cases} failure cases'}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
