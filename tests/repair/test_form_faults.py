"""Faults in the form of a file: each is mended, and its finding is gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support.mending import (
    Copy,
    build_district,
    list_found,
    list_lines,
    mend,
    read_records,
    undo,
)

pytestmark = pytest.mark.slow

Fault = Callable[[dict[str, str]], dict[str, str | bytes]]

DISTRICT = build_district()


def change(file: str, spoil: Callable[[str], str | bytes]) -> Fault:
    """Return the fault that spoils the text of one file."""

    def apply(files: dict[str, str]) -> dict[str, str | bytes]:
        return {**files, file: spoil(files[file])}

    return apply


def rename(old: str, new: str) -> Fault:
    """Return the fault of a file under another name."""
    return lambda files: {new if name == old else name: text for name, text in files.items()}


def accented(text: str) -> str:
    """Return the text with a name that has an accent."""
    return text.replace("Ada", "Zo\u00eb").replace("Ben", "Jos\u00e9")


def insert(text: str, line: int, new: str) -> str:
    """Return the text with a line before a line number."""
    lines = text.split("\r\n")
    return "\r\n".join([*lines[: line - 1], new, *lines[line - 1 :]])


def cell(text: str, old: str, new: str) -> str:
    """Return the text with one cell changed."""
    assert text.count(f",{old},") >= 1, old
    return text.replace(f",{old},", f",{new},", 1)


FAULTS: dict[str, tuple[str, Fault, str]] = {
    "a byte order mark": (
        "byte-order-mark",
        change("students.csv", lambda text: b"\xef\xbb\xbf" + text.encode()),
        "file-bom",
    ),
    "two byte order marks": (
        "byte-order-mark",
        change("students.csv", lambda text: b"\xef\xbb\xbf" * 2 + text.encode()),
        "file-bom",
    ),
    "Windows-1252": (
        "encoding",
        change("students.csv", lambda text: accented(text).encode("cp1252")),
        "file-not-utf8",
    ),
    "UTF-16 with a mark": (
        "encoding",
        change("students.csv", lambda text: accented(text).encode("utf-16")),
        "file-not-utf8",
    ),
    "UTF-16 without a mark": (
        "encoding",
        change("students.csv", lambda text: text.encode("utf-16-le")),
        "file-not-utf8",
    ),
    "tabs": ("delimiter", change("students.csv", lambda t: t.replace(",", "\t")), "file-delimiter"),
    "semicolons": (
        "delimiter",
        change("sections.csv", lambda t: t.replace(",", ";")),
        "file-delimiter",
    ),
    "pipes": (
        "delimiter",
        change("enrollments.csv", lambda t: t.replace(",", "|")),
        "file-delimiter",
    ),
    "CR only": (
        "line-ends",
        change("students.csv", lambda t: t.replace("\r\n", "\r")),
        "file-line-endings",
    ),
    "mixed line ends": (
        "line-ends",
        change("students.csv", lambda t: t.replace("\r\n", "\n", 3)),
        "file-line-endings",
    ),
    "a title row": (
        "lines-above-header",
        change("students.csv", lambda t: f"Student list of Foggy Hollow\r\n\r\n{t}"),
        "header-missing",
    ),
    "a sep line": (
        "lines-above-header",
        change("students.csv", lambda t: f"sep=,\r\n{t}"),
        "header-missing",
    ),
    "column names in another spelling": (
        "header-spelling",
        change("students.csv", lambda t: t.replace("Student_id,", " STUDENT_ID ,", 1)),
        "header-spelling",
    ),
    "column names under an alias": (
        "header-spelling",
        change("students.csv", lambda t: t.replace("DOB,", "Birth Date,", 1)),
        "header-spelling",
    ),
    "invisible characters in a column name": (
        "header-spelling",
        change("students.csv", lambda t: t.replace("Grade,", "Gr\u200bade,", 1)),
        "header-hidden-characters",
    ),
    "empty cells beyond the header": (
        "empty-cells",
        change("students.csv", lambda t: t.replace("example\r\n", "example,,\r\n")),
        "row-wrong-length",
    ),
    "blank rows": (
        "blank-rows",
        change("students.csv", lambda t: insert(insert(t, 4, ""), 7, "," * 9)),
        "rows-blank",
    ),
    "a footer": (
        "footers",
        change("students.csv", lambda t: f"{t}Total: 12\r\n"),
        "row-footer",
    ),
    "the header in the middle": (
        "repeated-headers",
        change("students.csv", lambda t: insert(t, 5, t.split("\r\n")[0])),
        "rows-repeated-header",
    ),
    "a file name in capitals": (
        "file-name",
        rename("students.csv", "Students.CSV"),
        "file-name-differs",
    ),
    "a quotation mark that is not doubled": (
        "quotation-marks",
        change("sections.csv", lambda t: cell(t, "Math 0", 'Math "zero" 0')),
        "quote-not-doubled",
    ),
    "blanks around ids": (
        "edge-blanks",
        change("enrollments.csv", lambda t: t.replace(",004101\r", ", 004101 \r")),
        "value-edge-spaces",
    ),
    "blanks around an address": (
        "edge-blanks",
        change("students.csv", lambda t: t.replace("ada@foggy.example", " ada@foggy.example")),
        "value-edge-spaces",
    ),
    "invisible characters in an address": (
        "hidden-characters",
        change("students.csv", lambda t: t.replace("ada@foggy", "ada@\u200bfoggy")),
        "value-hidden-characters",
    ),
    "invisible characters in an id": (
        "hidden-characters",
        change("students.csv", lambda t: cell(t, "900", "90\u00a00")),
        "value-hidden-characters",
    ),
    "control characters in an id": (
        "hidden-characters",
        change("students.csv", lambda t: cell(t, "901", "90\x011")),
        "value-control-characters",
    ),
    "ids in formulas": (
        "ids-as-formulas",
        change("students.csv", lambda t: cell(t, "902", '"=""902"""')),
        "spreadsheet-id-damage",
    ),
    "garbled accents": (
        "decoded-twice",
        change("students.csv", lambda t: t.replace("Ada", "Jos\u00c3\u00a9")),
        "value-double-encoded",
    ),
    "a row twice": (
        "repeated-rows",
        change("students.csv", lambda t: insert(t, 4, t.split("\r\n")[2])),
        "row-repeated",
    ),
    "an enrollment twice": (
        "repeated-rows",
        change("enrollments.csv", lambda t: t + t.split("\r\n")[2] + "\r\n"),
        "enrollment-repeated",
    ),
    "empty columns, not all of them on the last line": (
        "empty-cells",
        change(
            "teachers.csv",
            lambda t: t.replace("\r\n", ",,\r\n").removesuffix(",\r\n") + "\r\n",
        ),
        "row-wrong-length",
    ),
    "day numbers of a spreadsheet": (
        "dates",
        change("sections.csv", lambda t: t.replace("2026-08-20", "46254")),
        "spreadsheet-date-damage",
    ),
    "two-digit years": (
        "dates",
        change("students.csv", lambda t: cell(t, "2016-01-10", "1/30/16")),
        "date-two-digit-year",
    ),
}


Mended = Callable[[str], Copy]


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Mended:
    """A function that returns the corrected copy of the district with a fault; for reading only."""

    @cache
    def copy(name: str) -> Copy:
        folder = tmp_path_factory.mktemp("fault")
        return mend(folder, FAULTS[name][1](DISTRICT), judged=False)

    return copy


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_form_is_mended_once_and_found_no_more(
    name: str, mended: Mended, tmp_path: Path
) -> None:
    kind, _, rule = FAULTS[name]
    copy = mended(name)
    assert kind in copy.kinds
    assert rule not in list_found(copy.report)
    if name not in ("garbled accents", "Windows-1252", "UTF-16 with a mark", "two-digit years"):
        records = read_records(copy.files)
        if name == "a quotation mark that is not doubled":
            assert records["sections.csv"][0]["Course_name"] == 'Math "zero" 0'
        else:
            assert records == read_records(DISTRICT)
    second = mend(tmp_path, copy.files, judged=False)
    assert second.files == copy.files
    assert not second.mended.tallies


NOT_IN_UTF8 = ("UTF-16 with a mark", "UTF-16 without a mark", "Windows-1252")
REWRITTEN = ("tabs", "semicolons", "pipes", "CR only")
SAME_LINES = [name for name in FAULTS if name not in (*NOT_IN_UTF8, *REWRITTEN)]
"""Faults that an undone copy has again in the same lines."""


@pytest.mark.parametrize("name", SAME_LINES)
def test_a_fault_comes_back(name: str, mended: Mended) -> None:
    spoiled = FAULTS[name][1](DISTRICT)
    undone = {file: text.decode() for file, text in undo(mended(name).folder).items()}
    assert sorted(undone) == sorted(spoiled)
    original = {
        file: text.decode("utf-8-sig") if isinstance(text, bytes) else text
        for file, text in spoiled.items()
    }
    assert list_lines(undone) == list_lines(original)


def test_a_clean_export_comes_out_byte_for_byte(tmp_path: Path) -> None:
    copy = mend(tmp_path, DISTRICT, judged=False)
    assert copy.files == {name: text.encode() for name, text in DISTRICT.items()}
    assert not copy.mended.tallies
    assert not copy.mended.left
