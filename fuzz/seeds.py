"""The first inputs of each target."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from validator import resources

PLAIN = b"Pet_id,Kind\n1,cat\n2,dog\n"
ROWS = b'1,"a,b","c\nd"\n2,b,c,\n3,cat,x\n\n4,d\n'
SHARING = (
    b"share: rules\nrules:\n  - match: sections\n    where:\n      - {field: Grade, is: [6]}\n"
    b"target: {grades: [6], licenses: 12}\n"
)


def zips() -> list[bytes]:
    """An archive, stored and deflated."""
    out = []
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", packing) as book:
            for name in ("students.csv", "export/schools.csv", "__MACOSX/._students.csv"):
                book.writestr(name, "School_id,Student_id\n1,2\n" * 3)
        out.append(packed.getvalue())
    return out


PARTS = {
    "[Content_Types].xml": """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{sheet}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{sheet}.styles+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{sheet}.sharedStrings+xml"/></Types>""",
    "_rels/.rels": """<Relationships
xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{relation}/officeDocument"
Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/_rels/workbook.xml.rels": """<Relationships
xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{relation}/worksheet"
Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{relation}/styles" Target="styles.xml"/>
<Relationship Id="rId3" Type="{relation}/sharedStrings"
Target="sharedStrings.xml"/></Relationships>""",
    "xl/workbook.xml": """<workbook xmlns="{main}" xmlns:r="{relation}"><workbookPr date1904="0"/>
<sheets><sheet name="students" sheetId="1" state="visible" r:id="rId1"/></sheets>
<definedNames><definedName name="all">students!$A$1:$C$3</definedName></definedNames></workbook>""",
    "xl/sharedStrings.xml": """<sst xmlns="{main}" count="3" uniqueCount="3">
<si><t>Student_id</t></si>
<si><t xml:space="preserve">DOB </t></si><si><r><t>Gra</t></r><r><t>de</t></r></si></sst>""",
    "xl/styles.xml": """<styleSheet xmlns="{main}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts>
<fonts count="1"><font/></fonts>
<fills count="1"><fill><patternFill patternType="none"/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>
</styleSheet>""",
    "xl/worksheets/sheet1.xml": """<worksheet xmlns="{main}"><dimension ref="A1:C4"/><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>
<c r="C1" t="s"><v>2</v></c></row>
<row r="2"><c r="A2" s="1"><v>7</v></c><c r="B2" s="2"><v>40972</v></c>
<c r="C2" t="inlineStr"><is><t>05</t></is></c></row>
<row r="4"><c r="A4" t="str"><f>A2</f><v>8</v></c><c r="B4" t="b"><v>1</v></c>
<c r="C4" t="e"><v>#N/A</v></c></row>
</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells></worksheet>""",
}
"""A small workbook with a cell of every kind, as Excel writes it, with only the parts read."""
NAMES = {
    "sheet": "application/vnd.openxmlformats-officedocument.spreadsheetml",
    "relation": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
}


@cache
def workbook_parts() -> dict[str, bytes]:
    """The parts of a small workbook by name."""
    return {name: text.format(**NAMES).encode() for name, text in PARTS.items()}


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
    return [b"a: {b: [c, d], e: 'f'}\n", (resources.find_rules() / "freckle.yaml").read_bytes()]


def packs() -> list[bytes]:
    """A pack with something of everything, and the beginning of a real one."""
    small = (
        b"pack: own\nversion: '1'\ntitle: Own\ninclude: [clever]\n"
        b"rules:\n  - id: staff-missing\n    level: advice\n"
        b"    says: {one: '1 {x}', many: '{count}'}\n"
        b"waive: {staff-missing: {reason: x, until: 2027-01-01}}\n"
        b"electives: {accept: [Band]}\nchecklist: [{text: a, source: b}]\n"
    )
    return [small, (resources.find_rules() / "freckle.yaml").read_bytes()[:3000]]
