"""A small made-up district as a report, with a token in every private cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from validator.engine.priorities import rank
from validator.model import (
    Diagnosis,
    DiagnosisText,
    Export,
    Finding,
    Level,
    Outcome,
    Owner,
    Places,
    Profile,
    Readiness,
    Report,
    Rule,
    SchoolRow,
    SourceFile,
    Status,
    Table,
    Verdict,
    build_records,
)

KEYS = {
    "schools": "School_id",
    "students": "Student_id",
    "teachers": "Teacher_id",
    "sections": "Section_id",
    "enrollments": "",
    "staff": "Staff_id",
}


def table(
    name: str, columns: Mapping[str, Sequence[str]], lines: Sequence[int] = (), **change: Any
) -> Table:
    """A table of text whose rows stand on lines 2, 3, 4 ... unless told otherwise."""
    cells = {column: pa.array(list(values), pa.string()) for column, values in columns.items()}
    count = len(next(iter(columns.values())))
    records = build_records(cells, np.asarray(lines or range(2, count + 2), np.int32))
    return Table(
        name,
        f"{name}.csv",
        KEYS[name],
        records,
        {**{column: column for column in columns}, **change.pop("headers", {})},
        **change,
    )


def district() -> dict[str, Table]:
    """Two schools, four students, one teacher, two sections; private cells begin with `zq`.

    Twenty more students, at the end, make the schools large enough for figures of their own.
    """
    tables = (_schools(), _students(), _teachers(), _sections(), _enrollments())
    return {table.name: table for table in tables}


def _schools() -> Table:
    return table(
        "schools",
        {
            "School_id": ["0412", "0413"],
            "School_name": ["Oak Elementary School", "zqprincipal"],
            "Principal": ["zqboss", "zqboss2"],
        },
    )


def _students() -> Table:
    four = {
        "School_id": ["0412", "0412", "0413", "zqschool"],
        "Grade": ["13", "05", "zqgrade", "PostGraduate"],
        "Student_email": ["zqmail1@x.test", "zqmail2@x.test", "", "zqmail4@x.test"],
    }
    more = {
        "School_id": ["0412", "0413"] * 10,
        "Grade": ["05"] * 20,
        "Student_email": [""] * 20,
    }
    private = {
        "Student_id": "zqid",
        "First_name": "zqfirst",
        "Last_name": "zqlast",
        "DOB": "zqdob",
        "Password": "zqpass",
        "ext.locker": "zqext",
    }
    columns = {name: [*cells, *more[name]] for name, cells in four.items()}
    columns |= {
        name: [f"{token}{number}" for number in range(1, 25)] for name, token in private.items()
    }
    order = ["School_id", "Student_id", "First_name", "Last_name", "Grade", "DOB", "Student_email"]
    order += ["Password", "ext.locker"]
    return table("students", {name: columns[name] for name in order}, headers={"DOB": "Dob"})


def _teachers() -> Table:
    return table(
        "teachers",
        {
            "School_id": ["0412"],
            "Teacher_id": ["zqteacher"],
            "First_name": ["zqfirst9"],
            "Last_name": ["zqlast9"],
        },
    )


def _sections() -> Table:
    return table(
        "sections",
        {
            "School_id": ["0412", "0413"],
            "Section_id": ["zqsec1", "zqsec2"],
            "Teacher_id": ["zqteacher", "zqteacher"],
            "Name": ["zqname1", "zqname2"],
            "Course_name": ["Concert Band", "Yearbook"],
            "Subject": ["Arts and music", "zqsubject"],
        },
    )


def _enrollments() -> Table:
    return table(
        "enrollments",
        {
            "School_id": ["0412"] * 3 + ["0413"],
            "Section_id": ["zqsec1"] * 3 + ["zqsec2"],
            "Student_id": ["zqid1", "zqid2", "zqid3", "zqid3"],
        },
    )


def rule(name: str, **change: Any) -> Rule:
    """A rule of the shape that packs give."""
    told: dict[str, Any] = {
        "id": name,
        "title": name.replace("-", " ").capitalize(),
        "level": Level.BLOCKER,
        "check": "values.missing",
        "reads": {"students": ("Student_id",)},
        "optional": frozenset(),
        "settings": {},
        "says_one": "1 student is in no section",
        "says_many": "{count} students are in no section",
        "why": "An account opens only for students in a section.",
        "fix": "Schedule each student and export again.",
        "owner": Owner.REGISTRAR,
        "source": "https://example.org/guide",
        "counts": "person",
        "topic": "classes",
        "pack": "core",
    }
    return Rule(**{**told, **change})


def places(table: str, column: str | None, lines: Sequence[int], **change: Any) -> Places:
    """Places in one column of one of the district's files."""
    arrays = {
        name: np.asarray(change.pop(name), np.int32)
        for name in ("end_lines", "groups")
        if name in change
    }
    return Places(table, f"{table}.csv", np.asarray(lines, np.int32), column, **arrays, **change)


def found(name: str, blocks: Sequence[Places], of: int = 4, **change: Any) -> Outcome:
    """An outcome with a finding; `groups`, `figures` and `tally` go to it, the rest to the rule."""
    parts = ("groups", "figures", "tally")
    told = {key: change.pop(key) for key in parts if key in change}
    explained = change.pop("explained_by", None)
    which = rule(name, **change)
    return Outcome(
        which,
        Status.FOUND,
        which.level,
        Finding(blocks, of, **told),
        levels={"demo": which.level},
        explained_by=explained,
    )


def rank_all(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """What to fix first, of the fields of a report."""
    given = fields.get("priorities")
    diagnoses = fields.get("diagnoses", ())
    return given or rank(fields["outcomes"], [fields["readiness"]], diagnoses=diagnoses)


def diagnose(**change: Any) -> Diagnosis:
    """A sure diagnosis of ids without their zeros."""
    text = DiagnosisText(
        id="ids-without-zeros",
        title="Ids without their zeros",
        why="Students are in no section.",
        origin="A spreadsheet read the ids as numbers.",
        recognized="With zeros, every id matches.",
        fix="Export the ids as text.",
        owner=Owner.SIS_ADMINISTRATOR,
        source="https://example.org/guide",
        level=Level.BLOCKER,
    )
    defaults: dict[str, Any] = {
        "text": text,
        "table": "students",
        "file": "students.csv",
        "column": "Student_id",
        "places": [places("students", "Student_id", [2, 3], keys=["zqkey1", "zqkey2"])],
        "records": 2,
        "people": 2,
        "evidence": "2 of 4 ids match with zeros",
        "sure": True,
        "level": Level.BLOCKER,
    }
    return Diagnosis(**{**defaults, **change})


def report(
    outcomes: Sequence[Outcome] = (), tables: Mapping[str, Table] | None = None, **change: Any
) -> Report:
    """The report on the made-up district, or on other tables, with these outcomes."""
    held = district() if tables is None else tables
    files = [
        SourceFile(table.file, table.name, len(table), 100, "0" * 64, "utf-8", ",", "lf")
        for table in held.values()
    ]
    profile = Profile("demo", "Demo App", {}, [("core", "2026.11"), ("demo", "1")])
    verdict = change.get("verdict", Verdict.NOT_READY)
    defaults: dict[str, Any] = {
        "verdict": verdict,
        "verdicts": {"demo": verdict},
        "profiles": [profile],
        "outcomes": list(outcomes),
        "export": Export("clever", None, held, files, {}, {}, name="maple"),
        "as_of": dt.date(2026, 11, 21),
        "version": "0.1.0",
        "counts": {name: len(table) for name, table in held.items()},
        "readiness": {"students": Readiness(4, 3, 1, 0, {"student-without-section": 1})},
        "schools": [
            SchoolRow("0412", "Oak Elementary School", 2, 1, 1, 1, 0, 1),
            SchoolRow("zqschool", "zqlast", 1, 0, 0, 1, 0, 0),
        ],
        "by_school": {},
    }
    fields = {**defaults, **change}
    return Report(**{**fields, "priorities": rank_all(fields)})
