"""Targets that read files of unknown layout, and that mend an export."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyarrow as pa

from fuzz import values
from fuzz.scratch import check_refusal, find_folder, write_input
from validator import resources
from validator.assess import Options, Repairs, plan_mending
from validator.ingest import archive, read
from validator.ingest.mapping import suggest
from validator.ingest.mapping.app_list import read_app_list
from validator.model import BadUsage, CannotRead
from validator.rulebook.column_maps import load_column_map
from validator.sample.writer import AS_OF

ACCOUNTS = (
    b"Usage report\n\nStudent,Email,Class,Minutes\n"
    b'"Copperpot, Freya",freya@oak.example,Math 5,12\n"Doe, Al",al@oak.example,Math 5,7\n'
    b"Total,2,,19\n"
)
COLUMN_MAP = (
    b"sis: other\ntitle: Own\ntables:\n  students:\n    file: kids.csv\n"
    b"    skip: 1\n    only: {Status: [A]}\n    columns:\n      Student_id: ID\n"
    b"      Last_name: {from: Name, split: 'Last, First', part: last}\n"
    b"      Grade: {from: Gr, decode: {KG: Kindergarten}}\n"
)


def layouts(data: bytes) -> Any:
    """A column map is suggested for any file, and can be read; or the file is refused."""
    path = write_input("layout/export.csv", data)
    try:
        suggestion = suggest.suggest([path], values.load_grades())
    except CannotRead as refused:
        return check_refusal(refused)
    assert suggest.format_text(suggestion)
    suggested = write_input("suggested.yaml", suggest.format_map(suggestion, "own").encode())
    if not any(table.equals for table in suggestion.tables):  # else a person chooses the file
        load_column_map(suggested, read.list_mapped_fields())
    return tuple((table.table, len(table.matches)) for table in suggestion.tables)


def accounts(data: bytes) -> Any:
    """An app's list is read, or refused in one sentence."""
    source = archive.list_sources([write_input("app/accounts.csv", data)])[1][0]
    try:
        lists = read_app_list(source, list_known(), values.load_grades())
    except CannotRead as refused:
        return check_refusal(refused)
    return tuple((name, len(table), lists.mixed) for name, table in lists.tables.items())


def mended(data: bytes) -> Any:
    """A mended copy has nothing more to mend, and every line of it is where the log says."""
    for name in ("schools.csv", "sections.csv", "enrollments.csv"):
        write_input(f"export/{name}", read_sample(name))
    write_input("export/students.csv", data)
    options = Options(as_of=AS_OF)
    try:
        once = plan_mending([find_folder() / "export"], options, Repairs())
        for file in once.written.files:
            write_input(f"mended/{file.name}", b"".join(file.pieces))
        again = plan_mending([find_folder() / "mended"], options, Repairs())
    except (BadUsage, CannotRead) as refused:
        return check_refusal(refused)
    assert not any(map(len, again.changes)), sorted({change.kind for change in again.changes})
    return tuple(sorted({change.kind for change in once.changes}))


def maps(data: bytes) -> Any:
    """A column map is read, or refused with its place."""
    path = write_input("columns.yaml", data)
    try:
        return len(load_column_map(path, read.list_mapped_fields()).tables)
    except BadUsage as refused:
        return check_refusal(refused)


def list_seeds() -> list[bytes]:
    """The first lines of the broken sample's students."""
    return [(resources.find_samples() / "broken" / "students.csv").read_bytes()[:1500]]


@cache
def list_known() -> dict[str, dict[str, list[pa.Array]]]:
    """The values of a district, by which the columns of an app's list are known."""
    columns = {"Student_id": ["1", "2"], "Student_email": ["freya@oak.example", "al@oak.example"]}
    return {"students": {name: [pa.array(texts)] for name, texts in columns.items()}}


@cache
def read_sample(name: str) -> bytes:
    """Return the first lines of a file of the ready sample."""
    path = resources.find_samples() / "ready" / name
    return b"".join(path.read_bytes().splitlines(keepends=True)[:12])
