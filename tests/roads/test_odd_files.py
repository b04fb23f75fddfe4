"""Odd files of the kinds that frictionless and csvlint name: the right finding, no exception.

Each is the students file of an export that is otherwise good. Expected is the rule and first line
of each finding that the good export does not have; `-` before a rule that is no longer found.
"""

from __future__ import annotations

import re

import pytest

from tests.conftest import AS_OF, Judge
from validator.assess import Options, assess
from validator.model import Report, Status
from validator.outputs import registry

OTHERS = {
    "schools.csv": b"School_id,School_name,School_number\n10,Made-Up High,1\n",
    "teachers.csv": b"School_id,Teacher_id,Last_name,First_name,Teacher_email\n"
    b"10,T1,Teacher,Tess,tess@example.org\n",
    "sections.csv": b"School_id,Section_id,Teacher_id,Name,Grade\n10,S1,T1,Math 7,7\n",
    "enrollments.csv": b"School_id,Section_id,Student_id\n10,S1,1\n10,S1,2\n10,S1,3\n",
}
HEAD = b"School_id,Student_id,Last_name,First_name,Grade,DOB\n"
ONE, TWO, THREE = (b"10,%d,Made-Up,Ann,7,2013-01-%02d\n" % (n, n) for n in (1, 2, 3))
BODY = ONE + TWO + THREE
GOOD = HEAD + BODY
GRADES = "-student-grades"


def second(cells: bytes) -> bytes:
    """The good file with other cells for first name, grade and birth date in its second row."""
    return GOOD.replace(b"Ann,7,2013-01-02", cells)


def named(cell: bytes) -> bytes:
    """The good file with another first name in its second row."""
    return second(cell + b",7,2013-01-02")


def wide(end: bytes, head: bytes = HEAD) -> bytes:
    """A file each of whose lines ends with more."""
    return head + BODY.replace(b"\n", end + b"\n")


HEADERS = {
    "blank-header": (HEAD.replace(b"Grade", b"") + BODY, f"header-unknown:1 {GRADES}"),
    "blank-label of one more column": (
        wide(b",x", HEAD.replace(b"\n", b",\n")),
        "header-unknown:1",
    ),
    "blank labels only": (
        b",,,,,\n" + BODY,
        f"header-missing:1 {GRADES} -column-recommended-missing",
    ),
    "duplicate-label": (wide(b",8", HEAD.replace(b"\n", b",Grade\n")), "header-repeated:1"),
    "missing-label": (HEAD.replace(b",DOB", b"") + BODY, f"row-wrong-length:2 {GRADES}"),
    "missing column": (
        HEAD.replace(b",Last_name", b"") + BODY.replace(b",Made-Up", b""),
        "column-missing:1",
    ),
    "extra-label": (wide(b",9", HEAD.replace(b"\n", b",Shoe_size\n")), "header-unknown:1"),
    "extra-label without cells": (
        HEAD.replace(b"\n", b",Shoe_size\n") + BODY,
        f"header-unknown:1 row-wrong-length:2 {GRADES}",
    ),
    "incorrect-label": (
        GOOD.replace(b"Student_id", b"Studnt_id"),
        "header-spelling:1",
    ),
    "labels in another order": (
        b"".join(b",".join(line.split(b",")[::-1]) + b"\n" for line in GOOD.splitlines()),
        "",
    ),
    "hidden characters in a label": (
        GOOD.replace(b"Student_id", b"Student\xc2\xa0id"),
        "header-spelling:1 header-hidden-characters:1",
    ),
    "title_row": (b"Student export\nMade-Up District,2026\n\n" + GOOD, "header-missing:4"),
    "comment before the header": (b"# made by an SIS\n" + GOOD, "header-missing:2"),
    "sep= line": (b"sep=,\n" + GOOD, "header-missing:2"),
    "no header": (BODY, f"header-missing:1 {GRADES} -column-recommended-missing"),
    "header twice": (HEAD + ONE + HEAD + TWO + THREE, "rows-repeated-header:3"),
    "a line of types below the header": (
        HEAD + b"text,text,text,text,number,date\n" + BODY,
        "school-unknown:2 student-dob-invalid:2 student-grade-unknown:2 student-without-section:2",
    ),
    "header over two lines": (
        HEAD.replace(b"Last_name,", b"Last_name,\n") + BODY,
        "column-missing:1 row-wrong-length:3 school-unknown:2 student-without-section:2 " + GRADES,
    ),
    "one column": (b"Student_id\n1\n2\n3\n", f"column-missing:1 {GRADES}"),
    "one cell": (b"hello", f"header-missing:1 {GRADES} -column-recommended-missing"),
}
ROWS = {
    "blank-row": (HEAD + ONE + b"\n" + TWO + b",,,,,\n" + THREE, "rows-blank:3"),
    "extra-cell": (HEAD + ONE + TWO.replace(b"\n", b",x\n") + THREE, "row-wrong-length:3"),
    "missing-cell, ragged_rows": (HEAD + ONE + b"10,2,Made-Up\n" + THREE, "row-wrong-length:3"),
    "a row of 100,000 cells": (
        HEAD + ONE + TWO.replace(b"\n", b",x" * 100_000 + b"\n") + THREE,
        "row-wrong-length:3",
    ),
    "duplicate-row": (GOOD + THREE, "row-repeated:5"),
    "primary-key, unique-error": (
        GOOD + b"10,3,Other-Made-Up,Bo,8,2012-01-03\n",
        "student-id-repeated:4",
    ),
    "foreign-key": (GOOD.replace(b"10,3", b"99,3"), "school-unknown:4"),
    "comment between rows": (HEAD + ONE + b"# a remark\n" + TWO + THREE, "row-wrong-length:3"),
    "total at the end": (GOOD + b"Total: 3\n", "row-footer:5"),
    "empty delimiters at every line's end": (
        wide(b",", HEAD.replace(b"\n", b",\n")),
        "row-wrong-length:1",
    ),
    "empty delimiters at every row's end": (wide(b","), "row-wrong-length:1"),
    "header only": (HEAD, f"file-empty:0 {GRADES}"),
    "cut off within a row": (GOOD[:-8], "student-dob-invalid:4"),
    "cut off within a character": (
        GOOD + b"10,4,Made-Up,Zo\xc3",
        "file-not-utf8:5 row-wrong-length:5",
    ),
    "no line end at the end": (GOOD[:-1], ""),
}
CELLS = {
    "type-error": (second(b"Ann,7,last May"), "student-dob-invalid:3"),
    "constraint-error, pattern": (second(b"Ann,seventyish,2013-01-02"), "student-grade-unknown:3"),
    "missing_value": (GOOD.replace(b"10,2,", b"10,,"), "id-missing:3 student-unknown:3"),
    "inconsistent_values": (second(b"Ann,7,1/2/2013"), "student-dob-ambiguous:1"),
    "whitespace": (GOOD.replace(b"10,2,", b" 10 , 2 ,"), "value-edge-spaces:3"),
    "zero-width character": (
        GOOD.replace(b"10,2,", b"10,2\xe2\x80\x8b,"),
        "value-hidden-characters:3 student-unknown:3 student-without-section:3",
    ),
    "right-to-left marks": (named("\u202eAnn\u202c".encode()), "value-hidden-characters:3"),
    "NUL": (named(b"A\0nn"), "value-control-characters:3"),
    "NULs between rows": (
        HEAD + ONE + b"\0\0\0" + TWO + THREE,
        "school-unknown:3 value-control-characters:3",
    ),
    "vertical tab, form feed": (named(b"A\x0bn\x0cn"), "value-control-characters:3"),
    "line separator of Unicode": (named("A\u2028nn".encode()), "student-name-characters:3"),
    "formula": (named(b"=cmd|' /C calc'!A0"), "student-name-characters:3"),
    "spreadsheet's error": (named(b"#REF!"), "student-name-characters:3"),
    "spreadsheet's number": (
        GOOD.replace(b"10,2,", b"10,1.23E+11,"),
        "spreadsheet-id-damage:3 student-unknown:3 student-without-section:3",
    ),
    "quoted cells": (
        b"".join(b'"' + line.replace(b",", b'","') + b'"\n' for line in GOOD.splitlines()),
        "",
    ),
    "stray_quote": (named(b'An"n'), "quote-not-doubled:3 student-name-characters:3"),
    "whitespace before a quote": (
        named(b' "Ann"'),
        "quote-not-doubled:3 student-name-characters:3 value-edge-spaces:3",
    ),
    "whitespace after a quote": (
        named(b'"Ann" '),
        "quote-not-doubled:3 student-name-characters:3 value-edge-spaces:3",
    ),
    "quote after a backslash": (
        named(b'"A\\"nn"'),
        "quote-not-doubled:3 student-name-characters:3",
    ),
    "unclosed_quote": (named(b'"Ann'), "quote-unclosed:3"),
    "unclosed_quote in the last row": (
        GOOD.replace(b"Ann,7,2013-01-03", b'"Ann,7,2013-01-03'),
        "quote-unclosed:4",
    ),
    "only quotes": (
        HEAD + b'"""""\n' * 3,
        f"quote-unclosed:2 student-unknown:2 school-without-students:2 {GRADES}",
    ),
    "line break in a cell": (named(b'"A\nnn"'), "value-line-break:3"),
}
FILES = {
    "BOM": (b"\xef\xbb\xbf" + GOOD, "file-bom:0"),
    "CRLF": (GOOD.replace(b"\n", b"\r\n"), ""),
    "mixed line ends": (
        HEAD + ONE.replace(b"\n", b"\r\n") + TWO + THREE.replace(b"\n", b"\r"),
        "file-line-endings:0",
    ),
    "bare CR": (GOOD.replace(b"\n", b"\r"), "file-line-endings:0"),
    "LF CR": (GOOD.replace(b"\n", b"\n\r"), "file-line-endings:0 rows-blank:2"),
    "CR CR LF": (GOOD.replace(b"\n", b"\r\r\n"), "file-line-endings:0 rows-blank:2"),
    "Ctrl-Z at the end": (GOOD + b"\x1a", "value-control-characters:5"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "file-not-utf8:1"),
    "UTF-16 without a mark": (GOOD.decode().encode("utf-16-be"), "file-not-utf8:1"),
    "UTF-32": (GOOD.decode().encode("utf-32"), "file-not-utf8:1"),
    "Windows-1252, Latin-1": (named(b"Zo\xeb"), "file-not-utf8:3"),
    "encodings mixed": (
        HEAD + ONE.replace(b"Ann", b"Zo\xc3\xab") + TWO.replace(b"Ann", b"Zo\xeb") + THREE,
        "file-not-utf8:3",
    ),
    "lone surrogate": (named(b"A\xed\xa0\x80"), "file-not-utf8:3 value-hidden-characters:3"),
    "overlong UTF-8": (named(b"A\xc0\xaf"), "file-not-utf8:3 student-name-characters:3"),
    "semicolons": (GOOD.replace(b",", b";"), "file-delimiter:0"),
    "tabs": (GOOD.replace(b",", b"\t"), "file-delimiter:0"),
    "pipes": (GOOD.replace(b",", b"|"), "file-delimiter:0"),
    "a delimiter that nobody uses": (
        GOOD.replace(b",", b"^"),
        f"header-missing:1 {GRADES} -column-recommended-missing",
    ),
    "another delimiter in one row": (
        HEAD + ONE + TWO.replace(b",", b";") + THREE,
        "row-wrong-length:3 student-unknown:3",
    ),
}
EMPTY = f"file-empty:0 {GRADES} -column-recommended-missing"
OTHER = f"file-not-text:0 {GRADES} -column-recommended-missing"
NO_CSV = {
    "0 bytes": (b"", EMPTY),
    "only a BOM": (b"\xef\xbb\xbf", EMPTY),
    "only line ends": (b"\n\r\n\n", EMPTY),
    "JSON": (b'[{"Student_id": 1}]', OTHER),
    "XML": (b'<?xml version="1.0"?><students/>', OTHER),
    "HTML, wrong_content_type": (b"<html><body>Please sign in</body></html>", OTHER),
    "zip": (b"PK\x03\x04" + bytes(50), OTHER),
    "gzip": (b"\x1f\x8b\x08" + bytes(50), OTHER),
    "PDF": (b"%PDF-1.7\n\0\0", OTHER),
    "binary": (bytes(range(256)) * 20, OTHER),
    "SQL": (
        b"INSERT INTO students VALUES (1,'Ann');\n",
        f"header-missing:1 {GRADES} -column-recommended-missing",
    ),
}
TORTURE = {**HEADERS, **ROWS, **CELLS, **FILES, **NO_CSV}


def told(report: Report) -> dict[str, int]:
    """The first line of each rule's places, where something was found, explained or not."""
    return {
        one.rule.id: min(
            (int(p.lines.min()) for p in one.finding.places if len(p.lines)), default=0
        )
        for one in report.outcomes
        if one.status in (Status.FOUND, Status.EXPLAINED) and one.finding is not None
    }


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What is found in the good export."""

    folder = tmp_path_factory.mktemp("good")
    for name, data in {**OTHERS, "students.csv": GOOD}.items():
        (folder / name).write_bytes(data)

    return told(assess([folder], Options(profiles=["clever"], as_of=AS_OF)))


@pytest.mark.promise(
    "Every kind of broken file that frictionless and csvlint list gets a finding, never an "
    "exception"
)
@pytest.mark.parametrize("name", TORTURE)
def test_a_torture_file_gets_its_finding(name: str, judge: Judge, usual: dict[str, int]) -> None:
    data, wanted = TORTURE[name]
    report = judge({**OTHERS, "students.csv": data})
    assert not [one.rule.id for one in report.outcomes if one.status is Status.BROKEN]
    found = told(report)
    assert {f"{rule}:{line}" for rule, line in found.items() if rule not in usual} | {
        f"-{rule}" for rule in usual if rule not in found
    } == set(wanted.split())
    text = registry.render(report, "markdown").decode()
    assert not re.search(r"\bnan\b|\bNone\b|\{\w+\}|\b1 (?:rows|files|cells) ", text)
