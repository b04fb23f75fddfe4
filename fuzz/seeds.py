"""The inputs that others are made of."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from validator import bundled

PLAIN = b"Pet_id,Kind\n1,cat\n2,dog\n"
ROWS = b'1,"a,b","c\nd"\n2,b,c,\n3,cat,x\n\n4,d\n'
SHARING = (
    b"share: rules\nrules:\n  - match: sections\n    where:\n      - {field: Grade, is: [6]}\n"
    b"target: {grades: [6], licences: 12}\n"
)


def zips() -> list[bytes]:
    """An archive, stored and deflated."""
    out = []
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", packing) as book:
            for name in ("students.csv", "export/schools.csv", "__MACOSX/._students.csv"):
                book.writestr(name, "School_id,Student_id\n1,2\n" * 3)
        out.append(held.getvalue())
    return out


@cache
def workbook_parts() -> dict[str, bytes]:
    """The parts of a small workbook by name."""
    with zipfile.ZipFile(io.BytesIO(workbook()[0])) as book:
        return {name: book.read(name) for name in book.namelist()}


def parts_of_a_workbook() -> list[bytes]:
    """Each part of a small workbook, after the byte that chooses it."""
    whole = workbook_parts()
    return [bytes([at]) + whole[name] for at, name in enumerate(sorted(whole))]


def workbook() -> list[bytes]:
    """A work-list, deflated and stored."""
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


def yaml_files() -> list[bytes]:
    """A small file and a large one."""
    return [b"a: {b: [c, d], e: 'f'}\n", (bundled.rules() / "freckle.yaml").read_bytes()]


def packs() -> list[bytes]:
    """A pack with something of everything, and the beginning of a real one."""
    small = (
        b"pack: own\nversion: '1'\ntitle: Own\ninclude: [clever]\nrules:\n  - id: staff-missing\n    level: advice\n"
        b"    says: {one: '1 {x}', many: '{count}'}\nwaive: {staff-missing: {reason: x, until: 2027-01-01}}\n"
        b"electives: {accept: [Band]}\nchecklist: [{text: a, source: b}]\n"
    )
    return [small, (bundled.rules() / "freckle.yaml").read_bytes()[:3000]]
