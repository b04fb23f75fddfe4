"""Exports to check in the page: good ones of every kind, and files that are none."""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

from tests.support import districts, other_formats, sds_formats
from tests.support.running import BROKEN, READY

GIGABYTES = 2
"""Of zeros in a bomb."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One check in the page: what is chosen under which label, and the app.

    `label`: "" if it is dropped. `more`: what is chosen under other labels. `options`: the same for
    the library.
    """

    label: str = "Export"
    paths: Sequence[Path]
    app: str = ""
    more: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    options: Mapping[str, Path | Sequence[Path]] = field(default_factory=dict)


def write(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write text files into a new folder."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def pack(path: Path, files: Sequence[Path]) -> Path:
    """Put files into a new .zip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path


def list_visits(folder: Path) -> dict[str, Visit]:
    """Write the exports below a folder; one file or several are in a folder called export."""
    district = districts.build(Random(27), 200, districts.ORDINARY)
    once = other_formats.once(district)
    broken = Path(shutil.copytree(BROKEN, folder / "broken" / "maple"))
    ready = Path(shutil.copytree(READY, folder / "ready" / "export"))
    clever = write(folder / "clever" / "export", other_formats.clever(district))
    oneroster = write(folder / "or" / "files", other_formats.oneroster_11(once))
    sds = folder / "sds" / "microsoft"
    write(sds, sds_formats.sds_1(once))
    raw = write(folder / "raw" / "export", districts.write_raw(once))
    book = write_workbook(
        folder / "xlsx" / "export" / "district.xlsx", other_formats.clever(district)
    )
    sharing = folder / "sharing.yaml"
    sharing.write_text(
        "share: rules\nrules:\n  - match: sections\n    where: [{field: Grade, is: [6, 7, 8]}]\n",
        encoding="utf-8",
    )
    return {
        "broken": Visit(label="Export folder", paths=[broken], app="khan-academy"),
        "ready": Visit(label="", paths=sorted(ready.iterdir()), app="khan-academy"),
        "clever": Visit(paths=clever, app="freckle"),
        "oneroster": Visit(label="", paths=[pack(folder / "or" / "export" / "or.zip", oneroster)]),
        "sds": Visit(label="", paths=[sds]),
        "raw": Visit(paths=raw),
        "xlsx": Visit(paths=[book], app="khan-academy"),
        "more": Visit(
            label="Export folder",
            paths=[broken],
            app="freckle",
            more={"Previous export": sorted(ready.iterdir()), "Sharing file": [sharing]},
            options={"previous": sorted(ready.iterdir()), "sharing": sharing},
        ),
    }


def write_workbook(path: Path, files: Mapping[str, str]) -> Path:
    """Write CSV files as the sheets of one workbook."""
    path.parent.mkdir(parents=True)
    book = openpyxl.Workbook(write_only=True)
    for name, text in files.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for line in text.splitlines():
            sheet.append(line.split(","))
    book.save(path)
    return path


def accept(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices of somebody who changes nothing of a suggested column map."""
    return {
        table["table"]: {
            "file": table["file"],
            "columns": {column["column"]: column["number"] for column in table["columns"]},
        }
        for table in described["tables"]
        if table["file"]
    }


def list_bad_files(folder: Path) -> dict[str, Path]:
    """Write files that are no export below a folder."""
    folder.mkdir()
    photo = folder / "students.csv"
    photo.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 400)
    plain = pack(folder / "plain.zip", [READY / "students.csv"])
    secret = bytearray(plain.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        secret[secret.find(mark) + at] |= 1
    (folder / "secret.zip").write_bytes(secret)
    write_zeros(folder / "zeros.zip", "students.csv", GIGABYTES << 30)
    write_zeros(folder / "bomb.xlsx", "xl/worksheets/sheet1.xml", GIGABYTES << 30, workbook=True)
    (folder / "nothing.txt").write_text("", encoding="utf-8")
    names = ("students.csv", "zeros.zip", "secret.zip", "bomb.xlsx", "nothing.txt")
    return {name: folder / name for name in names}


def write_zeros(path: Path, member: str, size: int, *, workbook: bool = False) -> None:
    """Write a .zip with a member of zeros, which packs to a thousandth."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    piece, crc, packed = bytes(1 << 20), 0, []
    for _ in range(size >> 20):
        crc = zlib.crc32(piece, crc)
        packed.append(packer.compress(piece))
    data = b"".join([*packed, packer.flush()])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        if workbook:
            with zipfile.ZipFile(_small_workbook()) as small:
                for name in small.namelist():
                    if name != member:
                        archive.writestr(name, small.read(name))
        archive.writestr(member, data)
        info = archive.getinfo(member)
    content = bytearray(whole.getvalue())
    numbers = struct.pack("<LLL", crc, len(data), size)
    at = info.header_offset
    content[at + 8 : at + 10] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    content[at + 14 : at + 26] = numbers
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 10 : entry + 12] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    content[entry + 16 : entry + 28] = numbers
    path.write_bytes(content)


def _small_workbook() -> io.BytesIO:
    whole = io.BytesIO()
    openpyxl.Workbook().save(whole)
    return whole
