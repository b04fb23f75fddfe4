"""What is fuzzed: each target takes bytes and raises only where the program is wrong."""

from __future__ import annotations

import atexit
import io
import os
import re
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fuzz import seeds
from fuzz.pieces import CELLS, CSV, DAYS, GRADES, XML, YAML, ZIP
from validator import resources
from validator.followup import worklist
from validator.frame import values as frame_values
from validator.ingest import archive
from validator.ingest.csv import decode, header, lines, rows
from validator.ingest.csv import read as csv_read
from validator.ingest.excel import opened
from validator.ingest.formats import clever
from validator.model import BadUsage, CannotRead, Column, File
from validator.rulebook import load, sharing_files
from validator.rulebook import packs as rulebook_packs
from validator.rulebook.yaml import plain

PETS = File(
    "pets",
    "pets.csv",
    "Pet_id",
    (
        Column("Pet_id", "id", required=True),
        Column("Kind", coded=True, required=True),
        Column("Name"),
    ),
    extension="ext.",
)


@dataclass(frozen=True)
class Target:
    """One target: what it runs, inputs to begin with, and pieces that are put into them.

    `run` gives back what the input came to (which findings, which refusal), or None: an input that comes to something
    new is changed further. `batch`: so many inputs are the lines of one column or file; 1 where an input is one thing.
    """

    run: Callable[[bytes], Any]
    seeds: Callable[[], list[bytes]]
    pieces: tuple[bytes, ...] = ()
    batch: int = 1


def decoder(data: bytes) -> Any:
    """Any bytes become strict UTF-8 with plain line ends, in which no line is lost."""
    other = decode.not_text(data)
    found = decode.decode(data)
    found.text.decode("utf-8")
    assert b"\r" not in found.text.replace(b"\r\n", b"")
    assert found.affected >= 0 and (found.affected == 0) == (
        found.encoding == "UTF-8" and not found.cut_off
    )
    return other, found.encoding, found.cut_off, found.affected > 0, b"\r\n" in found.text


def tokenizer(data: bytes) -> Any:
    """Rows are the same read the fast way and the exact way; the first byte chooses what separates cells."""
    delimiter = header.DELIMITERS[data[0] % len(header.DELIMITERS)] if data else ","
    head, shape = _head(delimiter)
    heading = delimiter.join(head.cells).encode() + b"\n"
    text = lines.text(heading + decode.decode(data[1:]).text, len(heading), 2)
    fast, exact = (
        _told(rows.swept(rows.read(text, shape, exact_only=slow), shape, head))
        for slow in (False, True)
    )
    assert fast == exact
    assert fast["lines"] == sorted(set(fast["lines"]))
    return tuple(name for name, found in fast.items() if found), min(len(fast["lines"]), 5)


def _told(found: rows.Rows) -> dict[str, Any]:
    """All that a file's rows came to."""
    numbers = found.numbers(np.arange(len(found.table))).tolist()
    return {
        "cells": found.table.to_pydict(),
        "lines": numbers,
        **vars(found.recovered),
        "footer": found.footer,
        "repeated": found.repeated,
        "trailing": found.trailing,
    }


def tables(data: bytes) -> Any:
    """Whole files, header and all: the fast way and the exact way agree; rows ascend and lie inside the file."""
    fast = csv_read.read_csv(data, PETS)
    assert picture(fast) == picture(csv_read.read_csv(data, PETS, exact_only=True))
    table = fast.table
    if table is not None and len(table):
        assert (np.diff(table.lines) > 0).all()
        assert table.lines[0] > table.header_line
        assert not table.rows.isna().any().any()
    return tuple(fast.defects), fast.reason, fast.encoding, fast.delimiter, fast.line_ending


def students(data: bytes) -> Any:
    """A whole file of a format is read, whatever stands in it."""
    found = csv_read.read_csv(data, clever.STUDENTS)
    return tuple(found.defects), found.reason, found.delimiter


def picture(contents: csv_read.Contents) -> Any:
    """All of what was read, for comparing."""
    defects = {
        rule: [
            (
                p.lines.tolist(),
                p.column,
                p.notes,
                p.level,
                None if p.end_lines is None else p.end_lines.tolist(),
            )
            for p in places
        ]
        for rule, places in contents.defects.items()
    }
    table = contents.table
    if table is None:
        return defects, contents.reason
    cells = {name: table.rows[name].tolist() for name in table.rows.columns}
    unread = table.unread.lines.tolist(), table.unread.cells
    return (
        defects,
        table.lines.tolist(),
        cells,
        dict(table.headers),
        unread,
        dict(table.end_lines),
        contents.encoding,
        contents.delimiter,
        contents.line_ending,
        contents.unused,
    )


def archives(data: bytes) -> Any:
    """A zip archive is read or refused in one sentence; every member is what it claims to be."""
    path, names = _file("export.zip", data), []
    try:
        for source in archive.sources([path])[1]:
            assert source.name not in (".", "..") and not {"/", "\\"} & set(source.name)
            assert len(source.load()) == source.size
            names.append(source.name)
    except CannotRead as refused:
        return _sentence(refused)
    return len(names)


def packs(data: bytes) -> Any:
    """A pack is read or refused with its place."""
    path = _file("pack.yaml", data)
    try:
        return len(rulebook_packs.read(path, "pack.yaml").entries)
    except BadUsage as refused:
        return _sentence(refused, "pack.yaml")


def yaml(data: bytes) -> Any:
    """YAML is mappings, lists and texts, or refused with its place."""
    path = _file("any.yaml", data)
    try:
        held = [plain(path, "any.yaml")]
    except BadUsage as refused:
        return _sentence(refused, "any.yaml")
    kinds = []
    while held:
        one = held.pop()
        assert isinstance(one, dict | list | str)
        kinds.append(type(one).__name__)
        held += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return tuple(kinds[:9])


def sharing(data: bytes) -> Any:
    """A sharing file is read or refused with its place."""
    path = _file("sharing.yaml", data)
    try:
        sharing_files.load(path, _fields(), _grades())
    except BadUsage as refused:
        return _sentence(refused)


def dates(data: bytes) -> None:
    """Every value is a day inside the years that are taken, or none; a calendar's day reads as itself."""
    values = _values(data)
    found = frame_values.parse_dates(values)
    known = found.days != frame_values.NO_DAY
    assert not (found.invalid & known).any()
    for number in found.days[known].tolist():
        assert (
            frame_values.FIRST_YEAR
            <= frame_values.from_day_number(number).year
            <= frame_values.LAST_YEAR
        )
    for text, number in zip(values.to_pylist(), found.days.tolist(), strict=True):
        if len(text) == 10 and text[4] == text[7] == "-" and number != frame_values.NO_DAY:
            assert str(frame_values.from_day_number(number)) == text


def cells(data: bytes) -> None:
    """E-mail addresses, domains, lists and folded names of any text; folding twice changes nothing."""
    values = _values(data)
    frame_values.is_bad_email(values)
    frame_values.get_domains(values)
    frame_values.split_lists(values)
    once = frame_values.fold(values)
    assert len(once) == len(values)


def grades(data: bytes) -> None:
    """Every cell is a known grade, a blank or unknown; reading a grade again gives it again."""
    known = _grades()
    values = _values(data).to_pylist()
    for source in ("", "clever", "oneroster"):
        found = known.canonical(values, source=source)
        assert set(found) <= {*known.order, "", "?"}
    for value in values:
        several = known.several(value)
        assert several in ([], ["?"]) or set(several) <= set(known.order)
        known.repaired(value)


def workbooks(data: bytes) -> Any:
    """A work-list is read back or refused in one sentence."""
    path = _file("report.xlsx", data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            worklist.read(path)
    except BadUsage as refused:
        return _sentence(refused)


def excel(data: bytes) -> Any:
    """A workbook given as an export is read sheet by sheet, or refused in one sentence."""
    path, read = _file("roster.xlsx", data), []
    try:
        for source in opened(archive.sources([path])[1]):
            text = source.load()
            read.append((text.count(b"\n"), text.count(b",")))
    except CannotRead as refused:
        return _sentence(refused)
    return tuple(read)


def sheets(data: bytes) -> Any:
    """A workbook one part of which is anything: the first byte chooses the part, the rest is what stands in it."""
    whole = seeds.workbook_parts()
    names = sorted(whole)
    part = names[data[0] % len(names)] if data else names[0]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        for name, text in whole.items():
            book.writestr(name, data[1:] if name == part else text)
    return part, excel(held.getvalue())


def _sentence(error: Exception, place: str = "") -> str:
    """The words of a refusal, which must be one sentence that begins with its place."""
    text = str(error)
    assert text and "\n" not in text and len(text) < 2000 and text.startswith(place), text
    return " ".join(re.findall("[a-z]{3,}", re.sub("'.*'", "", text))[:8])


@cache
def _head(delimiter: str) -> tuple[header.Header, lines.Shape]:
    """The header of a file of pets, and what its rows look like."""
    head = header.find(delimiter.join(("Pet_id", "Kind", "Name")).encode() + b"\n", PETS)
    assert head is not None and head.delimiter == delimiter
    return head, lines.Shape(delimiter, 3, {0: False, 1: True, 2: False}, 1)


def _values(data: bytes) -> pa.Array:
    return frame_values.trim(
        pa.array(data.decode("utf-8", errors="replace").split("\n"), pa.string())
    )


@cache
def _folder() -> Path:
    memory = Path("/dev/shm")
    folder = Path(
        tempfile.mkdtemp(prefix="fuzz-", dir=memory if os.access(memory, os.W_OK) else None)
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


@cache
def _grades() -> Any:
    return load.vocabulary()[0]


@cache
def _fields() -> dict[str, list[str]]:
    return {file.table: [column.name for column in file.columns] for file in clever.FORMAT.files}


TARGETS = {
    "decoder": Target(
        decoder,
        lambda: [seeds.PLAIN, "a,é\r\n".encode("utf-16"), b"\xef\xbb\xbfa\xe9\nb\xc3\xa9"],
        CSV,
    ),
    "tokenizer": Target(
        tokenizer, lambda: [b"," + seeds.ROWS, b"|" + seeds.ROWS.replace(b",", b";")], CSV, 20
    ),
    "tables": Target(tables, lambda: [seeds.PLAIN, b"Pet_id,Kind,Name\n" + seeds.ROWS], CSV),
    "students": Target(
        students,
        lambda: [(resources.samples() / "broken" / "students.csv").read_bytes()[:1500]],
        CSV,
    ),
    "archives": Target(archives, seeds.zips, ZIP),
    "yaml": Target(yaml, seeds.yaml_files, YAML),
    "packs": Target(packs, seeds.packs, YAML),
    "sharing": Target(sharing, lambda: [seeds.SHARING], YAML),
    "dates": Target(
        dates, lambda: [b"2012-02-29\n2/3/2012\n45123\n20120101\n1/2/12 10:00"], DAYS, 50
    ),
    "grades": Target(grades, lambda: [b"K\n05\n3-5\nPK,K\n345\n12th grade"], GRADES),
    "cells": Target(cells, lambda: [b"a@b.org\n\xc3\x89ve O'Neil-X\na@b.org;c@d.org"], CELLS, 50),
    "excel": Target(excel, seeds.workbook, XML),
    "sheets": Target(sheets, seeds.parts_of_a_workbook, XML),
    "workbooks": Target(workbooks, seeds.workbook, XML),
}
"""Every target by its name."""
