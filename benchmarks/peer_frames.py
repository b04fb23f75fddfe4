"""Part of our checks, written for polars, for two tools that use it, and for DuckDB."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
CHECKS = ("missing", "malformed", "repeated", "dob", "section", "student", "enrollment")
TABLES = ("students", "sections", "enrollments")

Counts = dict[str, int]
"""Records found by each check."""


def pointblank(folder: Path) -> Counts:
    """Pointblank on polars frames."""
    import pointblank as pb

    tables = _read_polars(folder)
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
    counts = dict(zip(CHECKS, map(int, failed), strict=True))
    return {**counts, "repeated": _leave_out_blanks(counts)}


def _read_polars(folder: Path) -> dict[str, Any]:
    import polars as pl

    read = functools.partial(pl.read_csv, infer_schema=False, null_values="")
    return {name: read(folder / f"{name}.csv") for name in TABLES}


def _leave_out_blanks(counts: Counts) -> int:
    """The repeated addresses of a tool that counts blank ones as one repeated value."""
    blank = counts["missing"]
    return counts["repeated"] - (blank if blank > 1 else 0)


def dataframely(folder: Path) -> Counts:
    """Dataframely: a schema of each table, and the counts of rows that it filters out."""
    import dataframely as dy

    tables = _read_polars(folder)
    sections = tables["sections"]["Section_id"].implode()
    students = tables["students"]["Student_id"].implode()

    class Students(dy.Schema):
        Student_email = dy.String(nullable=False, regex=ADDRESS, unique=True)
        DOB = dy.String(nullable=False)

    class Enrollments(dy.Schema):
        Section_id = dy.String(primary_key=True, check=lambda column: column.is_in(sections))
        Student_id = dy.String(primary_key=True, check=lambda column: column.is_in(students))

    failed: dict[str, int] = {}
    for name, schema in (("students", Students), ("enrollments", Enrollments)):
        failed |= schema.filter(tables[name]).failure.counts()
    counts = {name: failed.get(rule, 0) for name, rule in DATAFRAMELY.items()}
    return {**counts, "repeated": _leave_out_blanks(counts)}


DATAFRAMELY = {
    "missing": "Student_email|nullability",
    "malformed": "Student_email|regex",
    "repeated": "Student_email|unique",
    "dob": "DOB|nullability",
    "section": "Section_id|check",
    "student": "Student_id|check",
    "enrollment": "primary_key",
}
"""The rule of each check."""


def polars(folder: Path) -> Counts:
    """Polars alone: lazy queries, which it runs together."""
    import polars as pl

    scan = functools.partial(pl.scan_csv, infer_schema=False, null_values="")
    tables = {name: scan(folder / f"{name}.csv") for name in TABLES}
    email, born = pl.col("Student_email"), pl.col("DOB")
    rows, count = tables["enrollments"], pl.len()
    queries = [
        tables["students"].select(
            missing=email.is_null().sum(),
            malformed=(~email.str.contains(ADDRESS)).sum(),
            repeated=(email.is_duplicated() & email.is_not_null()).sum(),
            dob=born.is_null().sum(),
        ),
        rows.join(tables["sections"], on="Section_id", how="anti").select(section=count),
        rows.join(tables["students"], on="Student_id", how="anti").select(student=count),
        rows.select(enrollment=pl.struct("Section_id", "Student_id").is_duplicated().sum()),
    ]
    counts = pl.concat(pl.collect_all(queries), how="horizontal").row(0, named=True)
    return {name: int(counts[name]) for name in CHECKS}


def duckdb(folder: Path) -> Counts:
    """DuckDB: one query for each table, and one for each reference."""
    import duckdb as db

    connection = db.connect()
    for name in TABLES:
        connection.sql(
            f"CREATE TABLE {name} AS FROM read_csv('{folder / name}.csv', all_varchar = true)"
        )
    queries = (
        f"""
        SELECT count(*) FILTER (Student_email IS NULL),
            count(*) FILTER (NOT regexp_matches(Student_email, '{ADDRESS}')),
            count(Student_email) - count(DISTINCT Student_email),
            count(*) FILTER (DOB IS NULL)
        FROM students
        """,
        "SELECT count(*) FROM enrollments ANTI JOIN sections USING (Section_id)",
        "SELECT count(*) FROM enrollments ANTI JOIN students USING (Student_id)",
        """
        SELECT coalesce(sum(times - 1), 0) FROM (
            SELECT count(*) AS times FROM enrollments GROUP BY Section_id, Student_id
        )
        """,
    )
    counts = [count for query in queries for count in connection.sql(query).fetchall()[0]]
    return dict(zip(CHECKS, map(int, counts), strict=True))
