"""Answer keys of samples: what each rule must find and on which lines, and the facts."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from validator.sample.people import Row
from validator.sample.planting import Bench
from validator.sample.tables import HEADERS, District

CO_TEACHER = re.compile(r"Teacher_([2-9]|[1-9][0-9])_id")


def build_answers(bench: Bench) -> dict[str, Any]:
    """Build the answer key of a made-up district: the findings of a correct tool, and facts."""
    lines = {id(row): line for rows in bench.district.values() for line, row in enumerate(rows, 2)}
    rules: dict[str, Any] = {}
    for rule, planted in sorted(bench.planted.items()):
        by_file = {
            f"{table}.csv": sorted(lines[id(row)] for of, row in planted.rows if of == table)
            for table in HEADERS
            if any(of == table for of, _ in planted.rows)
        }
        rules[rule] = {"count": planted.count, "lines": by_file, "groups": planted.groups}
    return {"rules": rules, "facts": count_facts(bench.district, bench.as_of)}


def count_facts(district: District, as_of: dt.date) -> dict[str, int]:
    """Return the counts of the facts that every healthy made-up district has."""
    under_13 = {
        row["Student_id"] or id(row)
        for row in district["students"]
        if _is_under_13(row["DOB"], as_of)
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
        "student-under-13": len(under_13),
        "section-co-taught": len(co_taught),
        "teacher-also-staff": len(also_staff),
    }


def _is_under_13(text: str, as_of: dt.date) -> bool:
    """Return whether a made-up student is under 13 on a day."""
    try:
        born = dt.datetime.strptime(text, "%m/%d/%Y").date()
    except ValueError:
        return False
    # Tuples, not dates: a birthday on February 29 is on March 1 in other years.
    thirteenth = (born.year + 13, born.month, born.day)
    return born <= as_of and thirteenth > (as_of.year, as_of.month, as_of.day)


def format_answers(answers: dict[str, Any]) -> str:
    """Return the sample's answer key as JSON with one line per rule, so that diffs are readable."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    parts = []
    for name, value in answers.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"    {dump(key)}: {dump(item)}" for key, item in value.items())
            parts.append(f"  {dump(name)}: {{\n{inner}\n  }}" if inner else f"  {dump(name)}: {{}}")
        else:
            parts.append(f"  {dump(name)}: {dump(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def list_columns(table: str, rows: list[Row]) -> list[str]:
    """List the columns of a made-up district's file: the format's, then those of some rows."""
    return list(dict.fromkeys([*HEADERS[table], *(column for row in rows for column in row)]))
