"""Conversions of small exports in memory, and what two exports have in common."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.districts import AS_OF, map_raw
from validator.assess import Options, assess
from validator.assess.inputs import load_sharing
from validator.ingest import read
from validator.ingest.normalize.assignments import leave_out_ended
from validator.model import Report, Status
from validator.repair.convert.convert import convert
from validator.repair.written import Written
from validator.rulebook import column_maps, load
from validator.sharing import apply

Files = Mapping[str, bytes]
Row = dict[str, str]

PEOPLE_TOPICS = ("identity", "accounts", "grades-and-ages", "classes", "staff")
"""Topics of rules about people and sections, and not about the form of files."""


@dataclass(frozen=True)
class Converted:
    """The files of a destination, and the rest of what a conversion returns."""

    files: Files
    written: Written

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a file."""
        return parse(self.files[name])

    def left_out(self) -> set[tuple[str, str]]:
        """Return the file and column of everything that was left out."""
        return {(entry.file, entry.column) for entry in self.written.left_out}


def parse(data: bytes) -> list[Row]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def convert_files(
    files: Files,
    destination: str,
    *,
    columns: str | None = None,
    sharing: str | None = None,
    today: dt.date = AS_OF,
) -> Converted:
    """Return an export's files as those of a destination.

    columns: a column map; sharing: a sharing file; both as YAML.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(files, Path(scratch) / "export")
        return convert_folder(folder, destination, columns=columns, sharing=sharing, today=today)


def convert_folder(
    folder: Path,
    destination: str,
    *,
    columns: str | None = None,
    sharing: str | None = None,
    today: dt.date = AS_OF,
) -> Converted:
    """Return the files of a folder as those of a destination; see `convert_files`."""
    vocabulary, _ = load.load_vocabulary()
    with tempfile.TemporaryDirectory() as scratch:
        column_map = None
        if columns:
            path = _write_text(Path(scratch, "map.yaml"), columns)
            column_map = column_maps.load_column_map(path, read.list_mapped_fields())
        export = leave_out_ended(read.read_export([folder], columns=column_map), today)
        grades = replace(vocabulary, source=export.format)
        shared = None
        if sharing:
            rule = load_sharing(_write_text(Path(scratch, "sharing.yaml"), sharing), grades)
            assert rule is not None
            shared = apply.apply_rules(rule, export, grades, today=today).rows
        written = convert(export, destination, grades=grades, today=today, shared=shared)
        content = {file.name: b"".join(file.pieces) for file in written.files}
    return Converted(content, written)


def write(files: Files, folder: Path) -> Path:
    """Write files into a new folder."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def judge(
    files: Files,
    *,
    columns: str | None = None,
    profile: str | None = None,
    today: dt.date = AS_OF,
) -> Report:
    """Return the report on files."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(files, Path(scratch) / "export")
        return judge_folder(folder, columns=columns, profile=profile, today=today)


def judge_folder(
    folder: Path,
    *,
    columns: str | None = None,
    profile: str | None = None,
    today: dt.date = AS_OF,
) -> Report:
    """Return the report on a folder."""
    options: dict[str, Any] = {"profiles": [profile] if profile else []}
    with tempfile.TemporaryDirectory() as scratch:
        if columns:
            options["columns"] = _write_text(Path(scratch, "map.yaml"), columns)
        return assess([folder], Options(as_of=today, **options))


def count_findings(report: Report, topics: Sequence[str] = PEOPLE_TOPICS) -> dict[str, int]:
    """Return how many records each rule about people and sections found."""
    return {
        outcome.rule.id: outcome.finding.count
        for outcome in report.outcomes
        if outcome.status in (Status.FOUND, Status.EXPLAINED)
        and outcome.finding is not None
        and outcome.rule.topic in topics
    }


def find_differences(
    before: Report, after: Report, *, without: Sequence[str] = ()
) -> dict[str, Any]:
    """Return rule -> counts before and after, for the rules about people that differ."""
    old, new = count_findings(before), count_findings(after)
    return {
        rule: (old.get(rule, 0), new.get(rule, 0))
        for rule in sorted(old.keys() | new.keys())
        if old.get(rule, 0) != new.get(rule, 0) and rule not in without
    }


def list_people(rows: Sequence[Row], key: str) -> Counter[tuple[str, ...]]:
    """Return the people of a file: id, names, address and grade, each once."""
    columns = (key, "First_name", "Last_name", "School_id", key.replace("_id", "_email"))
    return Counter({tuple(row.get(name, "") for name in columns) for row in rows})


def list_sections(rows: Sequence[Row]) -> Counter[tuple[str, ...]]:
    """Return the sections of a file with their primary teacher and, sorted, the others."""
    names = ["Teacher_id", *(f"Teacher_{number}_id" for number in range(2, 11))]
    whole = []
    for row in rows:
        teachers = [row[name] for name in names if row.get(name)]
        facts = [row.get(name, "") for name in ("Section_id", "School_id", "Name", "Course_name")]
        others = set(teachers) - set(teachers[:1])
        whole.append((*facts, *teachers[:1], *sorted(others)))
    return Counter(whole)


def list_enrollments(rows: Sequence[Row]) -> Counter[tuple[str, ...]]:
    """Return the enrollments of a file."""
    return Counter((row["Section_id"], row["Student_id"]) for row in rows)


RAW_MAP = map_raw()
