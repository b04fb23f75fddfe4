"""What is fuzzed: each target takes bytes and raises only where the program is wrong."""

from __future__ import annotations

import io
import os
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

from validator import bundled, csvfile, followup, packfile, reading, rulebook, sharingfile, yamlfile
from validator.csvfile import decode
from validator.formats import archive, clever, workbook
from validator.model import BadUsage, CannotRead, Column, File

PETS = File("pets", "pets.csv", "Pet_id", (
    Column("Pet_id", "id", required=True), Column("Kind", coded=True, required=True), Column("Name"),
), extension="ext.")  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One target: what it runs, inputs to begin with, and pieces that are put into them.

    `batch`: so many inputs are read together, a line of each being a value by itself; 1 where an input is one thing.
    """

    run: Callable[[bytes], Any]
    seeds: Callable[[], list[bytes]]
    pieces: tuple[bytes, ...] = ()
    batch: int = 1


def decoder(data: bytes) -> None:
    """Any bytes become strict UTF-8 with plain line ends, in which no line is lost."""
    decode.not_text(data)
    found = decode.decode(data)
    found.text.decode("utf-8")
    assert b"\r" not in found.text.replace(b"\r\n", b"")
    assert found.affected >= 0 and (found.affected == 0) == (found.encoding == "UTF-8" and not found.cut_off)


def tokenizer(data: bytes) -> None:
    """The fast way and the exact way of reading agree; rows ascend and lie inside the file."""
    fast = csvfile.read(data, PETS)
    assert picture(fast) == picture(csvfile.read(data, PETS, exact_only=True))
    table = fast.table
    if table is not None and len(table):
        assert (np.diff(table.lines) > 0).all()
        assert table.lines[0] > table.header_line
        assert not table.rows.isna().any().any()


def students(data: bytes) -> None:
    """A whole file of a format is read, whatever stands in it."""
    csvfile.read(data, clever.STUDENTS)


def picture(contents: csvfile.Contents) -> Any:
    """All of what was read, for comparing."""
    defects = {
        rule: [
            (p.lines.tolist(), p.column, p.notes, p.level, None if p.ends is None else p.ends.tolist()) for p in places
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
        dict(table.ends),
        contents.encoding,
        contents.delimiter,
        contents.line_ending,
        contents.unused,
    )


def archives(data: bytes) -> None:
    """A zip archive is read or refused in one sentence; every member is what it claims to be."""
    path = _file("export.zip", data)
    try:
        for source in archive.sources([path])[1]:
            assert source.name not in (".", "..") and not {"/", "\\"} & set(source.name)
            assert len(source.load()) == source.size
    except CannotRead as refused:
        _sentence(refused)


def packs(data: bytes) -> None:
    """A pack is read or refused with its place."""
    path = _file("pack.yaml", data)
    try:
        packfile.read(path, "pack.yaml")
    except BadUsage as refused:
        _sentence(refused, "pack.yaml")


def yaml(data: bytes) -> None:
    """YAML is mappings, lists and texts, or refused with its place."""
    path = _file("any.yaml", data)
    try:
        held = [yamlfile.plain(path, "any.yaml")]
    except BadUsage as refused:
        _sentence(refused, "any.yaml")
        return
    while held:
        one = held.pop()
        assert isinstance(one, dict | list | str)
        held += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def sharing(data: bytes) -> None:
    """A sharing file is read or refused with its place."""
    path = _file("sharing.yaml", data)
    try:
        sharingfile.load(path, _fields(), _grades())
    except BadUsage as refused:
        _sentence(refused)


def dates(data: bytes) -> None:
    """Every value is a day inside the years that are taken, or none; a calendar's day reads as itself."""
    values = _values(data)
    found = reading.dates(values)
    known = found.days != reading.NO_DAY
    assert not (found.invalid & known).any()
    for number in found.days[known].tolist():
        assert reading.FIRST_YEAR <= reading.day_of(number).year <= reading.LAST_YEAR
    for text, number in zip(values.to_pylist(), found.days.tolist(), strict=True):
        if len(text) == 10 and text[4] == text[7] == "-" and number != reading.NO_DAY:
            assert str(reading.day_of(number)) == text


def cells(data: bytes) -> None:
    """E-mail addresses, domains, lists and folded names of any text; folding twice changes nothing."""
    values = _values(data)
    reading.email_invalid(values)
    reading.domains(values)
    reading.listed(values)
    once = reading.folded(values)
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


def workbooks(data: bytes) -> None:
    """A work-list is read back or refused in one sentence."""
    path = _file("report.xlsx", data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            followup.read(path)
    except BadUsage as refused:
        _sentence(refused)


def excel(data: bytes) -> None:
    """A workbook given as an export is read sheet by sheet, or refused in one sentence."""
    path = _file("roster.xlsx", data)
    try:
        for source in workbook.opened(archive.sources([path])[1]):
            source.load()
    except CannotRead as refused:
        _sentence(refused)


def _sentence(error: Exception, place: str = "") -> None:
    text = str(error)
    assert text and "\n" not in text and len(text) < 2000 and text.startswith(place), text


def _values(data: bytes) -> pa.Array:
    return reading.trimmed(pa.array(data.decode("utf-8", errors="replace").split("\n"), pa.string()))


@cache
def _folder() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if os.access(memory, os.W_OK) else None))


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


@cache
def _grades() -> Any:
    return rulebook.vocabulary()[0]


@cache
def _fields() -> dict[str, list[str]]:
    return {file.table: [column.name for column in file.columns] for file in clever.FORMAT.files}


def _zips() -> list[bytes]:
    out = []
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", packing) as book:
            for name in ("students.csv", "export/schools.csv", "__MACOSX/._students.csv"):
                book.writestr(name, "School_id,Student_id\n1,2\n" * 3)
        out.append(held.getvalue())
    return out


def _workbook() -> list[bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Rule", "Table", "File", "Line", "Id", "Status", "Note"])
    sheet.append(["student-email-missing", "students", "students.csv", 2, "007", "done", "called"])
    deflated = io.BytesIO()
    book.save(deflated)
    stored = io.BytesIO()  # not packed, so that a change of a byte is a change of the XML
    with zipfile.ZipFile(deflated) as old, zipfile.ZipFile(stored, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    return [deflated.getvalue(), stored.getvalue()]


def _yaml_files() -> list[bytes]:
    return [b"a: {b: [c, d], e: 'f'}\n", (bundled.rules() / "freckle.yaml").read_bytes()]


def _packs() -> list[bytes]:
    small = (
        b"pack: own\nversion: '1'\ntitle: Own\ninclude: [clever]\nrules:\n  - id: staff-missing\n    level: advice\n"
        b"    says: {one: '1 {x}', many: '{count}'}\nwaive: {staff-missing: {reason: x, until: 2027-01-01}}\n"
        b"electives: {accept: [Band]}\nchecklist: [{text: a, source: b}]\n"
    )
    return [small, (bundled.rules() / "freckle.yaml").read_bytes()[:3000]]


CSV = (
    b",",
    b'"',
    b'""',
    b"\n",
    b"\r\n",
    b"\r",
    b";",
    b"\t",
    b"|",
    b"\x00",
    b"\x1a",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe9",
    b"\xc3\xa9",
    b"\xe2\x80\xa8",
    b"Pet_id,Kind\n",
    b"Total: 2",
    b"sep=,\n",
    b'"a\nb"',
    b"1,2,3,4,\n",
    b"\xed\xa0\x80",
    b"ext.x",
    b" ",
    b"PK\x03\x04",
    b"<html>",
)
YAML = (
    b"&a ",
    b"*a",
    b"!!python/object:os.system ",
    b"<<: *a",
    b"- ",
    b": ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"|\n ",
    b">\n",
    b"'",
    b'"',
    b"#",
    b"---\n",
    b"...\n",
    b"%YAML 9.9\n",
    b"\t",
    b"rules:\n",
    b"id: ",
    b"with: ",
    b"? ",
    b"\x00",
    b"\xff",
    b"include: [own]\n",
    b"(a+)+$",
)
DAYS = (
    b"2012-02-30",
    b"2/29/2011",
    b"12/31/99",
    b"45123",
    b"20120229",
    b"0012-01-01",
    b"T00:00:00Z",
    b"\n",
    b"/",
    b"-",
    b".",
    b"13/12/2011",
    b"99999",
    b"\xd9\xa1",
    b"1e5",
    b"2012-1-1 9:05 PM",
    b"May",
    b"0",
    b"9",
)
GRADES = (
    b"K",
    b"PK",
    b"TK",
    b"-1",
    b"00",
    b"3-5",
    b"345",
    b"1112",
    b"Kindergarten",
    b"grade ",
    b"th",
    b"1.0",
    b",",
    b"to",
    b"\n",
    b"\xc2\xb2",
    b"\xe2\x80\x93",
    b"Ungraded",
    b"13",
    b"+",
)
CELLS = (
    b"@",
    b".",
    b"a@b.org",
    b";",
    b"\xc3\x89",
    b"\xcc\x81",
    b"'",
    b"-",
    b"\n",
    b"\xe2\x80\x8b",
    b"a@b@c",
    b"\xc3\x9f",
    b",",
)
ZIP = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"PK\x06\x07",
    b"../",
    b"\\",
    b"/",
    b"\xff\xff\xff\xff",
    b"\x00\x00",
    b".zip",
    b"C:",
    b"\x01\x00",
)
XML = (
    *ZIP,
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"<row r='1'>",
    b"</c>",
    b't="s"',
    b"<v>999999999</v>",
    b'r="ZZZ9"',
    b"<f>1/0</f>",
    b't="e"',
    b"1e999",
    b"inlineStr",
)

PLAIN = b"Pet_id,Kind\n1,cat\n2,dog\n"
SHARING = (
    b"share: rules\nrules:\n  - match: sections\n    where:\n      - {field: Grade, is: [6]}\n"
    b"target: {grades: [6], licences: 12}\n"
)

TARGETS = {
    "decoder": Target(decoder, lambda: [PLAIN, "a,é\r\n".encode("utf-16"), b"\xef\xbb\xbfa\xe9\nb\xc3\xa9"], CSV),
    "tokenizer": Target(tokenizer, lambda: [PLAIN, b'Pet_id,Kind,Name\n1,"a,b","c\nd"\n2,b,c,\n'], CSV),
    "students": Target(students, lambda: [(bundled.samples() / "broken" / "students.csv").read_bytes()[:1500]], CSV),
    "archives": Target(archives, _zips, ZIP),
    "yaml": Target(yaml, _yaml_files, YAML),
    "packs": Target(packs, _packs, YAML),
    "sharing": Target(sharing, lambda: [SHARING], YAML),
    "dates": Target(dates, lambda: [b"2012-02-29\n2/3/2012\n45123\n20120101\n1/2/12 10:00"], DAYS, 100),
    "grades": Target(grades, lambda: [b"K\n05\n3-5\nPK,K\n345\n12th grade"], GRADES, 20),
    "cells": Target(cells, lambda: [b"a@b.org\n\xc3\x89ve O'Neil-X\na@b.org;c@d.org"], CELLS, 1000),
    "excel": Target(excel, _workbook, XML),
    "workbooks": Target(workbooks, _workbook, XML),
}  # fmt: skip
"""Every target by its name."""
