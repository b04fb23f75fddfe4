"""Broken input of every kind is reported, and reading goes on."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from validator.ingest import archive
from validator.ingest.csv import header
from validator.ingest.csv.read import Contents, read_csv
from validator.ingest.read import read_export
from validator.model import CannotRead, Departure, Export, InputChanged, Level, Places
from validator.schemas import clever

HEAD = b"School_id,Student_id,Last_name,First_name\n"
GOOD = {
    "schools.csv": b"School_id,School_name,School_number\n10,Made-Up High,1\n",
    "students.csv": HEAD + b"10,1,Made-Up,Ann\n10,2,Made-Up,Bo\n",
    "teachers.csv": b"School_id,Teacher_id,Last_name,First_name,Teacher_email\n"
    b"10,T1,Teacher,Tess,tess@example.org\n",
    "sections.csv": b"School_id,Section_id,Teacher_id\n10,S1,T1\n",
    "enrollments.csv": b"School_id,Section_id,Student_id\n10,S1,1\n10,S1,2\n",
}


def students(body: bytes, head: bytes = HEAD) -> Contents:
    """A students file with this body."""
    return read_csv(head + body, clever.STUDENTS)


def only(contents: Contents, rule: str) -> Places:
    """The one place block of a rule."""
    (places,) = contents.defects[rule]
    return places


def lines(contents: Contents, rule: str) -> list[int]:
    """The lines of a rule, over all its columns."""
    return [line for places in contents.defects.get(rule, ()) for line in places.lines.tolist()]


def faults(contents: Contents) -> set[str]:
    """What was found, but for columns that are merely recommended."""
    return set(contents.defects) - {"column-recommended-missing"}


def names(contents: Contents, column: str = "First_name") -> list[str]:
    """The values of one column."""
    assert contents.table is not None
    return contents.table.rows[column].tolist()


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """The folder, with these files in it."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def export(folder: Path, **changed: bytes | None) -> Export:
    """The good export with some files changed or left out."""
    files = GOOD | {f"{name}.csv": data for name, data in changed.items()}
    return read_export(
        [write(folder / "export", {name: data for name, data in files.items() if data is not None})]
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (b"\xef\xbb\xbf", "only a byte order mark"),
        (b"\n\r\n  \n,,,\n", "only blank lines"),
    ],
)
def test_an_empty_file_is_reported_with_what_it_contains(data: bytes, words: str) -> None:
    contents = read_csv(data, clever.STUDENTS)
    assert contents.table is None
    assert contents.reason == "is empty"
    assert words in str(only(contents, "file-empty").notes)
    assert only(contents, "file-empty").level is None


def test_a_file_with_only_a_header_is_empty_and_not_read_where_it_is_required(
    tmp_path: Path,
) -> None:
    found = export(tmp_path, students=HEAD)
    assert found.absent == {"students": "students.csv is empty"}
    assert "students" not in found.tables
    assert found.defects["file-empty"][0].notes == "it has a header but no rows"


def test_an_optional_file_with_only_a_header_is_a_table_without_rows(tmp_path: Path) -> None:
    found = export(tmp_path, staff=b"School_id,Staff_id,Staff_email,First_name,Last_name\n")
    assert len(found.tables["staff"]) == 0
    assert found.tables["staff"].rows.columns.tolist()[0] == "School_id"
    assert found.defects["file-empty"][0].level is Level.ADVICE
    assert not found.absent


def test_a_missing_file_is_reported_with_the_most_similar_name(tmp_path: Path) -> None:
    files = {**GOOD, "student.csv": GOOD["students.csv"], "notes.csv": b"a\n"}
    del files["students.csv"]
    found = read_export([write(tmp_path / "export", files)])
    assert found.absent == {"students": "students.csv is missing"}
    (missing,) = found.defects["file-missing"]
    assert missing.file == "students.csv"
    assert "student.csv is there and was not read" in str(missing.notes)


def test_a_numbered_copy_of_a_missing_file_is_reported_and_not_read(tmp_path: Path) -> None:
    files = {**GOOD, "students (1).csv": GOOD["students.csv"]}
    del files["students.csv"]
    found = read_export([write(tmp_path / "export", files)])
    assert "students (1).csv is there" in str(found.defects["file-missing"][0].notes)
    assert "students" not in found.tables
    assert "file-unexpected" not in found.defects  # said once


def test_a_copy_next_to_the_exact_name_is_only_unexpected(tmp_path: Path) -> None:
    found = read_export(
        [write(tmp_path / "export", {**GOOD, "students (1).csv": GOOD["students.csv"]})]
    )
    assert [places.file for places in found.defects["file-unexpected"]] == ["students (1).csv"]
    assert "file-missing" not in found.defects


def test_a_name_in_another_case_or_an_accepted_name_is_read_and_reported(tmp_path: Path) -> None:
    other = {"schools.csv": "Schools.CSV", "sections.csv": "classes.csv"}
    found = read_export(
        [write(tmp_path / "export", {other.get(name, name): data for name, data in GOOD.items()})]
    )
    assert set(found.tables) == {"schools", "students", "teachers", "sections", "enrollments"}
    (name,) = found.defects["file-name-differs"]
    assert (name.table, name.file) == ("schools", "Schools.CSV")
    assert name.departure is Departure.FILE_NAME_CASE
    (alias,) = found.defects["file-missing"]
    assert (alias.table, alias.file) == ("sections", "sections.csv")
    assert (alias.departure, alias.notes) == (
        Departure.FILE_NAME_ALIAS,
        "classes.csv was read instead; name it sections.csv",
    )
    assert not found.absent


def test_of_two_candidates_for_a_file_neither_is_read(tmp_path: Path) -> None:
    files = {**GOOD, "Students.csv": GOOD["students.csv"], "STUDENTS.CSV": GOOD["students.csv"]}
    del files["students.csv"]
    found = read_export([write(tmp_path / "export", files)])
    assert "students" not in found.tables
    assert "neither was read" in str(found.defects["file-missing"][0].notes)


def test_byte_order_marks_are_removed_and_reported() -> None:
    contents = students(b"10,1,Made-Up,Ann\n", b"\xef\xbb\xbf" + HEAD)
    assert faults(contents) == {"file-bom"}
    assert only(contents, "file-bom").departure is Departure.ENCODING_BOM
    twice = students(b"10,1,Made-Up,Ann\n", b"\xef\xbb\xbf\xef\xbb\xbf" + HEAD)
    assert only(twice, "file-bom").level is Level.WARNING
    assert only(twice, "file-bom").departure is Departure.ENCODING_DOUBLE_BOM
    assert names(twice, "School_id") == ["10"]


def test_windows_1252_is_read_and_reported_with_its_first_line_and_number_of_lines() -> None:
    contents = students(b"10,1,Made-Up,Ann\n10,2,Made-Up,Jos\xe9\n10,3,Made-Up,Zo\xeb\n")
    place = only(contents, "file-not-utf8")
    assert place.lines.tolist() == [3]
    assert "Windows-1252" in str(place.notes) and "2 lines" in str(place.notes)
    assert names(contents) == ["Ann", "José", "Zoë"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_a_byte_order_mark(codec: str) -> None:
    text = (HEAD + "10,1,Made-Up,José\r\n".encode()).decode().encode(codec)
    contents = read_csv(text, clever.STUDENTS)
    assert names(contents) == ["José"]
    assert only(contents, "file-not-utf8").notes.startswith("read as UTF-16")  # type: ignore[union-attr]
    assert faults(contents) <= {"file-not-utf8", "file-line-endings"}


def test_utf_8_and_windows_1252_in_one_file_are_read_line_by_line() -> None:
    contents = students(b"10,1,Made-Up,Jos\xc3\xa9\n10,2,Made-Up,Jos\xe9\n10,3,Made-Up,\x81\n")
    assert names(contents) == ["José", "José", "\ufffd"]
    assert only(contents, "file-not-utf8").lines.tolist() == [3]
    assert "mixed" in str(only(contents, "file-not-utf8").notes)


def test_a_file_that_ends_inside_a_character_may_be_cut_off() -> None:
    contents = students(b"10,1,Made-Up,Jos\xc3\xa9\n10,2,Made-Up,Jos\xc3")
    assert "cut off" in str(only(contents, "file-not-utf8").notes)
    assert only(contents, "file-not-utf8").lines.tolist() == [3]
    assert names(contents)[-1] == "Jos\ufffd"


@pytest.mark.parametrize("end", [b"\xff", b"\xa9", b"\xc3a", b"\xed\xac", b"\xe9\xe9"])
def test_a_file_that_ends_in_what_begins_no_character_is_not_cut_off(end: bytes) -> None:
    contents = students(b"10,1,Made-Up,Jos\xc3\xa9\n10,2,Made-Up,Jos" + end)
    assert "cut off" not in str(only(contents, "file-not-utf8").notes)


def test_double_encoded_text_is_read_as_it_is() -> None:
    assert names(students("10,1,Made-Up,JosÃ©\n".encode())) == ["JosÃ©"]


def workbook() -> bytes:
    """The beginning of a workbook."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook(), "Excel workbook (.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel workbook"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (gzip.compress(HEAD, mtime=0), "gzip"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b'{"students": []}', "JSON"),
        (b"<?xml version='1.0'?><students/>", "XML"),
        (bytes(range(256)) * 10, "binary"),
    ],
)
def test_a_file_that_is_not_text_is_named_by_its_kind(
    tmp_path: Path, data: bytes, words: str
) -> None:
    found = export(tmp_path, students=data)
    assert words in str(found.defects["file-not-text"][0].notes)
    assert found.absent["students"] == "students.csv is not a text file"
    assert len(found.tables["schools"]) == 1


def test_a_damaged_workbook_as_the_export_is_refused_in_one_sentence(
    tmp_path: Path,
) -> None:
    (tmp_path / "roster.xlsx").write_bytes(workbook())
    with pytest.raises(CannotRead, match=r"roster\.xlsx is damaged, or no Excel workbook"):
        read_export([tmp_path / "roster.xlsx"])


@pytest.mark.parametrize(("mark", "word"), [(b"\t", "tab"), (b";", "semicolon"), (b"|", "pipe")])
def test_another_delimiter_is_read_and_reported(mark: bytes, word: str) -> None:
    contents = students(b"10;1;Made-Up, Jr.;Ann\n".replace(b";", mark), HEAD.replace(b",", mark))
    assert word in str(only(contents, "file-delimiter").notes)
    assert names(contents, "Last_name") == ["Made-Up, Jr."]
    assert faults(contents) == {"file-delimiter"}


def test_headings_spelled_differently_are_matched_and_reported_with_the_right_spelling() -> None:
    contents = students(b"10,1,Made-Up,Ann\n", b"school id, STUDENT_ID ,last-name,First Name\n")
    assert names(contents) == ["Ann"]
    told = {places.column: places.notes for places in contents.defects["header-spelling"]}
    assert told["Student_id"] == "write it as `Student_id`"
    assert set(told) == {"School_id", "Student_id", "Last_name", "First_name"}
    assert contents.table is not None
    assert contents.table.headers["Student_id"] == " STUDENT_ID "


def test_hidden_characters_in_a_heading_are_reported_separately_from_its_spelling() -> None:
    contents = students(
        b"10,1,Made-Up,Ann\n", "School_id,\u200bStudent_id,Last\u00a0name,First_name\n".encode()
    )
    assert lines(contents, "header-hidden-characters") == [1, 1]
    assert [places.column for places in contents.defects["header-hidden-characters"]] == [
        "Student_id",
        "Last_name",
    ]
    assert [places.column for places in contents.defects["header-spelling"]] == ["Last_name"]


def test_a_repeated_heading_is_reported_and_the_first_is_used() -> None:
    contents = students(b"10,1,Made-Up,Ann,Bea\n", HEAD.strip() + b",first name\n")
    assert names(contents) == ["Ann"]
    assert only(contents, "header-repeated").notes == "columns 4 and 5; the first is used"
    assert only(contents, "header-repeated").column == "First_name"


def test_another_spelling_next_to_a_columns_own_name_is_an_unknown_column() -> None:
    contents = students(
        b"10,1,Made-Up,Ann,old@example.org,ann@example.org\n",
        HEAD.strip() + b",Email,Student_email\n",
    )
    assert names(contents, "Student_email") == ["ann@example.org"]
    assert "header-repeated" not in contents.defects
    assert only(contents, "header-unknown").notes == ["column 5 (Email)"]


def test_a_missing_column_is_reported_once_with_the_most_similar_heading() -> None:
    contents = students(
        b"10,1,Made-Up,Ann\n10,2,Made-Up,Bo\n", b"School_id,Studt_id,Last_name,First_name\n"
    )
    place = only(contents, "column-missing")
    assert (place.column, place.count, place.lines.tolist()) == ("Student_id", 1, [1])
    assert place.notes == "did you mean column 2?"
    assert only(contents, "header-unknown").notes == ["column 2; did you mean Student_id?"]
    assert contents.unused == ("Studt_id",)
    assert contents.unused_public == (False,)


def test_missing_recommended_columns_are_reported() -> None:
    contents = students(b"10,1,Made-Up,Ann\n")
    told = [places.column for places in contents.defects["column-recommended-missing"]]
    assert told == ["Grade", "DOB", "Student_email"]


def test_a_file_without_a_header_is_not_read(tmp_path: Path) -> None:
    found = export(tmp_path, students=b"10,1,Made-Up,Ann\n10,2,Made-Up,Bo\n")
    (place,) = found.defects["header-missing"]
    assert (place.lines.tolist(), place.notes, place.level) == ([1], "line 1 looks like data", None)
    assert found.absent == {"students": "students.csv has no header line"}


def test_a_header_of_unknown_headings_is_not_called_data() -> None:
    contents = read_csv(b"escuela,alumno\nuno,dos\n", clever.STUDENTS)
    assert "none of the format's column names" in str(only(contents, "header-missing").notes)


def test_a_header_below_other_lines_is_found_and_line_numbers_stay_correct() -> None:
    contents = students(b"10,1,Made-Up,Ann\n", b"Students of Made-Up Unified\n\n" + HEAD)
    place = only(contents, "header-missing")
    assert (place.lines.tolist(), place.notes, place.departure) == (
        [3],
        "header found on line 3",
        Departure.LINES_ABOVE_HEADER,
    )
    assert contents.table is not None
    assert contents.table.header_line == 3
    assert contents.table.lines.tolist() == [4]


@pytest.mark.parametrize("line", [b"\n", b",,\n", b'"", ,\n', b"Student_id,x\n"])
def test_lines_that_mend_leaves_out_are_no_lines_that_are_searched_for_a_header(
    line: bytes,
) -> None:
    contents = students(b"10,1,Made-Up,Ann\n", b"Student_id,x\n" + line * 30 + HEAD)
    assert contents.table is not None
    assert contents.table.header_line == 32
    assert names(contents) == ["Ann"]


def test_quoted_blank_lines_are_skipped_when_a_header_is_searched_for() -> None:
    lines = {each.line for each in header.iterate_candidates(b"A,B\n" + b'"",""\n' * 100)}
    assert lines == {1}


def test_a_header_below_twenty_other_lines_is_not_searched_for() -> None:
    above = b"".join(b"line %d\n" % number for number in range(20))
    assert students(b"10,1,Made-Up,Ann\n", above + HEAD).table is None
    assert students(b"10,1,Made-Up,Ann\n", above[7:] + HEAD).table is not None


def test_a_sep_line_sets_the_delimiter() -> None:
    contents = students(b"10;1;Made-Up;Ann\n", b"sep=;\n" + HEAD.replace(b",", b";"))
    assert names(contents) == ["Ann"]
    assert (
        only(contents, "header-missing").notes == "line 1 is a `sep=` line; header found on line 2"
    )


def test_an_extra_comma_on_every_row_is_reported_once_and_shifts_no_cell() -> None:
    contents = students(b"10,1,Made-Up,Ann,\n10,2,Made-Up,Bo,\n10,3,Made-Up,Cy\n")
    place = only(contents, "row-wrong-length")
    assert (place.count, place.level) == (1, Level.ADVICE)
    assert "2 rows" in str(place.notes)
    assert names(contents) == ["Ann", "Bo", "Cy"]
    assert names(contents, "School_id") == ["10", "10", "10"]


@pytest.mark.parametrize("end", [b",", b",,,", b", ,\t,"])
@pytest.mark.parametrize("everywhere", [False, True])
def test_empty_cells_beyond_the_header_are_reported_once_and_shift_nothing(
    end: bytes, everywhere: bool
) -> None:
    other = end if everywhere else b""
    body = b"10,1,Made-Up,Ann%b\n10,2,Made-Up,Bo%b\n10,3,Made-Up,Cy%b\n" % (other, end, other)
    for exact_only in (False, True):
        contents = read_csv(HEAD + body, clever.STUDENTS, exact_only=exact_only)
        place = only(contents, "row-wrong-length")
        assert (place.lines.tolist(), place.level) == ([1], Level.ADVICE)
        assert str(place.notes).startswith("3 rows" if everywhere else "line 3")
        assert names(contents) == ["Ann", "Bo", "Cy"]


def test_thousands_of_empty_cells_beyond_the_header_shift_nothing() -> None:
    contents = students(b"10,1,Made-Up,Ann" + b"," * 5000 + b"\n")
    assert names(contents) == ["Ann"]


def test_a_row_of_a_wrong_length_is_unread_and_keeps_its_cells() -> None:
    contents = students(b"10,1,Made-Up,Ann\n10,2,Lee, Jr.,Bo\n10,3\n10,4,Made-Up,Di\n")
    assert lines(contents, "row-wrong-length") == [3, 4]
    assert only(contents, "row-wrong-length").notes == [
        "5 cells, 4 expected",
        "2 cells, 4 expected",
    ]
    assert contents.table is not None
    assert contents.table.unread.cells == (("10", "2", "Lee", " Jr.", "Bo"), ("10", "3"))
    assert contents.table.lines.tolist() == [2, 5]


def test_an_unclosed_quote_affects_one_line_only() -> None:
    contents = students(b'10,1,Made-Up,Ann\n10,2,"Made-Up,Bo\n10,3,Made-Up,Cy\n10,4,"Made-Up",Di\n')
    assert lines(contents, "quote-unclosed") == [3]
    assert names(contents) == ["Ann", "Cy", "Di"]
    assert contents.table is not None
    assert contents.table.lines.tolist() == [2, 4, 5]
    assert contents.table.unread.cells == (("10", "2", "Made-Up", "Bo"),)


def test_a_stray_quote_inside_a_value_loses_nothing() -> None:
    contents = students(
        b'10,1,Made-Up,5" Ann\n10,2,Made-Up,"Bo" the 2nd\n10,3,Made-Up,"Cy "Kid" Up"\n'
    )
    assert names(contents) == ['5" Ann', '"Bo" the 2nd', 'Cy "Kid" Up']
    assert only(contents, "quote-not-doubled").lines.tolist() == [2, 3, 4]
    assert faults(contents) == {"quote-not-doubled"}


def test_a_line_break_in_a_value_makes_one_row_of_two_lines() -> None:
    contents = students(
        b'10,1,Made-Up,"Ann\r\nMarie"\r\n10,2,Made-Up,Bo\r\n', HEAD.replace(b"\n", b"\r\n")
    )
    place = only(contents, "value-line-break")
    assert place.end_lines is not None
    assert (place.lines.tolist(), place.end_lines.tolist(), place.column) == (
        [2],
        [3],
        "First_name",
    )
    assert names(contents) == ["Ann\r\nMarie", "Bo"]
    assert contents.table is not None
    assert contents.table.lines.tolist() == [2, 4]


def test_control_characters_are_reported_per_cell_and_the_row_is_kept() -> None:
    contents = students(b"10,1,Made\x00Up,A\x07nn\n10,2,Made-Up,Bo\n\x1a")
    blocks = contents.defects["value-control-characters"]
    assert [(places.column, places.lines.tolist(), places.count) for places in blocks] == [
        ("Last_name", [2], 1),
        ("First_name", [2], 0),
        (None, [4], 1),
    ]
    assert blocks[0].notes == ["U+0000"]
    assert "Ctrl-Z" in str(blocks[2].notes)
    assert names(contents) == ["A\x07nn", "Bo"]


def test_blank_lines_and_lines_of_commas_are_no_records() -> None:
    contents = students(b'10,1,Made-Up,Ann\n\n,,,\n  \n ,"",,\n10,2,Made-Up,Bo\n\n\n')
    assert sorted(lines(contents, "rows-blank")) == [3, 4, 5, 6, 8, 9]
    assert names(contents) == ["Ann", "Bo"]
    assert faults(contents) == {"rows-blank"}


@pytest.mark.parametrize(
    "footer",
    [
        b"Total: 1432",
        b"Report run 8/15",
        b"2 records selected.",
        b"Total,,,2",
        b"(2 rows affected)",
        b"Page 1 of 1",
    ],
)
def test_a_footer_is_neither_a_record_nor_a_row_of_a_wrong_length(footer: bytes) -> None:
    contents = students(b"10,1,Made-Up,Ann\n10,2,Made-Up,Bo\n\n" + footer + b"\n")
    assert lines(contents, "row-footer") == [5]
    assert faults(contents) == {"row-footer", "rows-blank"}
    assert names(contents) == ["Ann", "Bo"]


@pytest.mark.parametrize(
    "words",
    [
        "Number of students: 2,,,",
        "Number of students,2,,",
        'Rows in this file,"1,432",,',
        "Total number of active students: 2",
        "Student count: 2,,,",
        "Records exported: 2,,,",
        "Students: 2,,,",
        "*** End of list ***,,,",
        "Printed on Monday,,,",
        "Report generated by the SIS,,,",
        "Exported from the SIS",
    ],
)
def test_a_last_row_with_only_a_count_or_a_run_note_is_a_footer(words: str) -> None:
    assert lines(
        students(b"10,1,Made-Up,Ann\n10,2,Made-Up,Bo\n" + words.encode() + b"\n"), "row-footer"
    ) == [4]


@pytest.mark.parametrize(
    "row",
    [
        "Number of students: 2,,Made-Up,",
        "Number of students: 2,s2,,",
        "Printed on Monday,s2,,",
        ",,Students: 2,",
        "Students: 2,2,Made-Up,Bo",
        "Section 12,2,,",
        "Students,2,,",
        "End of the Trail,,,",
        "Created by Design,2,,",
    ],
)
def test_a_last_row_with_more_than_a_count_is_a_record(row: str) -> None:
    assert lines(students(b"10,1,Made-Up,Ann\n" + row.encode() + b"\n"), "row-footer") == []


def test_a_count_between_other_rows_is_a_record() -> None:
    assert lines(students(b"Number of students: 2,,,\n10,1,Made-Up,Ann\n"), "row-footer") == []


def test_a_person_named_total_is_a_record() -> None:
    assert names(students(b"Total High,1,Made-Up,Ann\n")) == ["Ann"]


def test_markup_formulas_and_large_cells_are_harmless_text() -> None:
    big = b"x" * (10 << 20)
    contents = students(
        b'10,1,=HYPERLINK("a"),<script>\n10,2,Made-Up,' + big + b"\n10,3,Made-Up,Cy\n"
    )
    assert [len(name) for name in names(contents)] == [8, 10 << 20, 2]
    assert names(contents, "Last_name")[0] == '=HYPERLINK("a")'


def test_a_file_of_5_000_columns_is_refused_by_the_name_of_the_limit() -> None:
    with pytest.raises(CannotRead, match=r"header has more than 2,000 columns \(limit: columns\)"):
        read_csv(HEAD.strip() + b",x" * 5000 + b"\n", clever.STUDENTS)


HALF_KNOWN = b"School_id,Student_id,Last_name,First_name,%b\n"


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        (b"bus color", "column 5 (bus color)"),
        (b"StudentShoeSize", "column 5 (StudentShoeSize)"),
        (b"Phone_2", "column 5 (Phone_2)"),
        (b"Copperpot", "column 5"),
        (b"Grant", "column 5"),
        (b"4101234", "column 5"),
        (b"bus color of Freya", "column 5"),
        (b"", "column 5 has no heading"),
    ],
)
def test_an_unknown_heading_is_named_only_if_it_consists_of_heading_words(
    heading: bytes, shown: str
) -> None:
    contents = students(b"10,1,Made-Up,Ann,x\n", HALF_KNOWN % heading)
    assert only(contents, "header-unknown").notes == [shown]
    assert contents.unused_public == ("(" in shown,)


def test_no_heading_is_named_where_few_are_known_or_other_lines_are_above() -> None:
    few = students(b"1,a,b,c\n", b"Student_id,Math,Science,Music\n")
    assert few.unused_public == (False, False, False)
    below = students(b"10,1,Made-Up,Ann,x\n", b"Students\n\n" + HALF_KNOWN % b"bus color")
    assert below.unused_public == (False,)


@pytest.mark.parametrize(("ending", "kind"), [(b"\r", "cr"), (b"\r\n", "crlf"), (b"\n", "lf")])
def test_every_kind_of_line_end_is_read_and_cr_is_reported(ending: bytes, kind: str) -> None:
    contents = read_csv(
        (HEAD + b"10,1,Made-Up,Ann\n10,2,Made-Up,Bo\n").replace(b"\n", ending), clever.STUDENTS
    )
    assert contents.line_ending == kind
    assert names(contents) == ["Ann", "Bo"]
    assert faults(contents) == ({"file-line-endings"} if kind == "cr" else set())


def test_mixed_line_ends_are_reported_but_not_breaks_inside_values() -> None:
    mixed = students(b"10,1,Made-Up,Ann\r\n10,2,Made-Up,Bo\n")
    assert mixed.line_ending == "mixed"
    assert faults(mixed) == {"file-line-endings"}
    inside = students(b'10,1,Made-Up,"Ann\nMarie"\r\n', HEAD.replace(b"\n", b"\r\n"))
    assert inside.line_ending == "crlf"
    assert faults(inside) == {"value-line-break"}


def test_names_that_look_like_null_markers_are_names() -> None:
    odd = ["NA", "Null", "None", "True", "007", "nan"]
    assert (
        names(students("".join(f"10,{n},Made-Up,{name}\n" for n, name in enumerate(odd)).encode()))
        == odd
    )


def test_unicode_line_separators_do_not_end_a_line() -> None:
    body = "10,1,Made-Up,A\u2028nn\n10,2,Made-Up,B\u0085o\n10,3,Made-Up,C\x0by\n".encode()
    contents = students(body)
    assert names(contents) == ["A\u2028nn", "B\u0085o", "C\x0by"]
    assert lines(contents, "value-control-characters") == [4]


def test_a_repeated_header_is_no_record() -> None:
    contents = students(b"10,1,Made-Up,Ann\n" + HEAD.upper() + b"10,2,Made-Up,Bo\n")
    assert lines(contents, "rows-repeated-header") == [3]
    assert names(contents) == ["Ann", "Bo"]


def test_a_file_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "export", GOOD)

    def locked(self: Path, *_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(CannotRead, match=r"^\w+\.csv could not be opened: no permission"):
        read_export([folder])


def test_a_path_with_blanks_and_accents_is_read(tmp_path: Path) -> None:
    found = read_export([write(tmp_path / "élèves de l'année", GOOD)])
    assert found.name == "élèves de l'année"
    assert len(found.tables) == 5


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "export", GOOD)

    def grow(_: str, share: float) -> None:
        if share > 0:
            (folder / "enrollments.csv").write_bytes(GOOD["enrollments.csv"] + b"10,S1,3\n")

    with pytest.raises(InputChanged, match=r"enrollments\.csv changed"):
        read_export([folder], progress=grow)


@pytest.mark.parametrize("what", ["nothing", "empty", "strange"])
def test_an_export_without_readable_files_is_refused_in_one_sentence(
    tmp_path: Path, what: str
) -> None:
    if what != "nothing":
        write(
            tmp_path / "export", {"pets.csv": b"Kind,Name\ncat,Mo\n"} if what == "strange" else {}
        )
    with pytest.raises(CannotRead, match=r"^[^\n]+\.$"):
        read_export([tmp_path / "export"])


def test_the_same_folder_given_twice_is_read_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "export", GOOD)
    assert len(read_export([folder, folder / ".." / "export"]).tables["students"]) == 2


def test_a_list_of_files_is_an_export(tmp_path: Path) -> None:
    folder = write(tmp_path / "export", GOOD)
    found = read_export([folder / "students.csv", folder / "schools.csv"])
    assert set(found.tables) == {"students", "schools"}
    assert set(found.absent) == {"teachers", "sections", "enrollments"}
    assert len(found.defects["file-missing"]) == 3


def test_a_good_export_has_only_missing_recommended_columns(tmp_path: Path) -> None:
    found = export(tmp_path)
    assert set(found.defects) == {"column-recommended-missing"}
    assert found.required == {"schools", "students", "teachers", "sections", "enrollments"}
    assert found.files_expected["students"] == "students.csv"
    assert {file.name: file.rows for file in found.files}["students.csv"] == 2
    assert all(len(file.sha256) == 64 and file.modified for file in found.files)


def test_files_that_do_not_look_like_a_roster_are_not_mentioned(tmp_path: Path) -> None:
    names = (
        "report.json",
        "report.html",
        "read me.txt",
        "LICENSE",
        "guide.pdf",
        "students.txt",
        "photos.zip",
    )
    found = read_export([write(tmp_path / "export", {**GOOD, **dict.fromkeys(names, b"x")})])
    assert [places.file for places in found.defects["file-unexpected"]] == [
        "photos.zip",
        "students.txt",
    ]


def test_files_that_clever_ignores_are_only_mentioned(tmp_path: Path) -> None:
    found = export(tmp_path, attendance=b"a,b\n1\n", admins=b"School_id,Staff_id\n1,2\n")
    told = {places.file: places.notes for places in found.defects["file-unexpected"]}
    assert set(told) == {"attendance.csv", "admins.csv"}
    assert "staff.csv" in str(told["admins.csv"])
    assert [file.table for file in found.files if file.name == "admins.csv"] == [""]


def test_no_note_contains_values_of_the_file() -> None:
    secret = b"Zyxwv"
    body = b'10,1,%s,Ann,5\n10,2,"%s,Bo\n%s\n10,3,%s\x00,Cy\nTotal %s\n' % ((secret,) * 5)
    contents = students(body, HEAD.strip() + b",\n")
    for body_too in (contents, students(body, HEAD.replace(b"First_name", secret))):
        for places in (one for found in body_too.defects.values() for one in found):
            assert secret.decode() not in str(places.notes)


def test_limits_apply_to_lines_of_any_length() -> None:
    contents = students(b"10,1,Made-Up\n" * 3)
    assert only(contents, "row-wrong-length").lines.dtype == np.int32
    assert archive.MAX_MEMBERS == 1000


EMPTY_COLUMNS = HEAD.rstrip() + b",,,\n10,1,Made-Up,Ann,,,\n10,2,Made-Up,Bo,,,\n"


@pytest.mark.parametrize(("line", "notes"), [(b"10,3,Made-Up,Cy,\n", 3), (b"10,3,Made-Up,Cy\n", 2)])
def test_a_row_without_all_empty_columns_is_a_row(line: bytes, notes: int) -> None:
    contents = read_csv(EMPTY_COLUMNS + line, clever.STUDENTS)
    assert names(contents) == ["Ann", "Bo", "Cy"]
    place = only(contents, "row-wrong-length")
    assert place.level is Level.ADVICE and place.lines.tolist() == [1]
    assert str(place.notes).startswith(f"{notes} rows end with extra empty cells")


@pytest.mark.parametrize(
    "line", [b"10,3,Made-Up\n", b"10,3,Made-Up,Cy,,9\n", b"10,3,Made-Up,Cy,9\n"]
)
def test_a_row_with_other_cells_than_the_header_stays_broken(line: bytes) -> None:
    contents = read_csv(EMPTY_COLUMNS + line, clever.STUDENTS)
    assert names(contents) == ["Ann", "Bo"]
    assert lines(contents, "row-wrong-length") == [1, 4]


def test_a_header_repeated_without_its_empty_columns_is_no_row() -> None:
    contents = read_csv(EMPTY_COLUMNS + HEAD + b"10,3,Made-Up,Cy\n", clever.STUDENTS)
    assert names(contents) == ["Ann", "Bo", "Cy"]
    assert lines(contents, "rows-repeated-header") == [4]
