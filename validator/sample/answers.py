"""The answer key of a sample: which rules must find what, on which physical lines, and the facts."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from validator.sample.district import HEADERS, District
from validator.sample.people import Row
from validator.sample.planting import Bench

CO_TEACHER = re.compile(r"Teacher_([2-9]|[1-9][0-9])_id")


def answers(bench: Bench) -> dict[str, Any]:
    """What a tool that is right finds in the district: `rules` above the level of facts, and `facts` by count."""
    lines = {id(row): line for rows in bench.district.values() for line, row in enumerate(rows, 2)}
    rules: dict[str, Any] = {}
    for rule, planted in sorted(bench.planted.items()):
        by_file = {
            f"{table}.csv": sorted(lines[id(row)] for of, row in planted.rows if of == table)
            for table in HEADERS
            if any(of == table for of, _ in planted.rows)
        }
        rules[rule] = {"count": planted.count, "lines": by_file, "groups": planted.groups}
    return {"rules": rules, "facts": facts(bench.district, bench.as_of)}


def facts(district: District, as_of: dt.date) -> dict[str, int]:
    """Counts of what every healthy district has."""
    under = {
        row["Student_id"] or id(row) for row in district["students"] if _under_13(row["DOB"], as_of)
    }
    co_taught = {
        row["Section_id"]
        for row in district["sections"]
        if any(CO_TEACHER.fullmatch(column) and cell for column, cell in row.items())
    }
    addresses = {row["Staff_email"].casefold() for row in district["staff"]} - {""}
    also_staff = {
        row["Teacher_id"]
        for row in district["teachers"]
        if row["Teacher_email"].casefold() in addresses
    }
    return {
        "student-under-13": len(under),
        "section-co-taught": len(co_taught),
        "teacher-also-staff": len(also_staff),
    }


def _under_13(text: str, as_of: dt.date) -> bool:
    try:
        born = dt.datetime.strptime(text, "%m/%d/%Y").date()
    except ValueError:
        return False
    thirteenth = (
        born.year + 13,
        born.month,
        born.day,
    )  # a birthday on February 29 comes on March 1 in other years
    return born <= as_of and thirteenth > (as_of.year, as_of.month, as_of.day)


def as_text(key: dict[str, Any]) -> str:
    """The key as JSON with one line a rule, so that a change of the sample can be read as a diff."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    parts = []
    for name, value in key.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"    {dump(each)}: {dump(what)}" for each, what in value.items())
            parts.append(f"  {dump(name)}: {{\n{inner}\n  }}" if inner else f"  {dump(name)}: {{}}")
        else:
            parts.append(f"  {dump(name)}: {dump(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def columns(table: str, rows: list[Row]) -> list[str]:
    """The header of the file: the format's columns, then those that only some rows brought along."""
    return list(dict.fromkeys([*HEADERS[table], *(column for row in rows for column in row)]))
