"""Fast and exact reading agree, and every row keeps its physical line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from validator.ingest.csv import exact, lines
from validator.ingest.csv import fast as csv_fast
from validator.ingest.csv.read import read_csv
from validator.ingest.read import read_export
from validator.model import Column, File
from validator.schemas import clever, violations

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


def picture(contents: read_export.Contents) -> object:
    """All of what was read, for comparing."""
    defects = {
        rule: [
            (
                p.table,
                p.file,
                p.lines.tolist(),
                p.column,
                None if p.end_lines is None else p.end_lines.tolist(),
                p.notes,
                None if p.counts is None else p.counts.tolist(),
                p.level,
            )
            for p in places
        ]
        for rule, places in contents.defects.items()
    }
    table = contents.table
    if table is None:
        return defects, contents.reason
    cells = {name: table.rows[name].tolist() for name in table.rows.columns}
    types = [str(kind) for kind in table.rows.dtypes]
    unread = table.unread.lines.tolist(), table.unread.cells
    held = (
        table.lines.tolist(),
        cells,
        types,
        dict(table.headers),
        table.header_line,
        unread,
        dict(table.end_lines),
    )
    file = contents.line_ending, contents.encoding, contents.delimiter, contents.unused
    return defects, contents.reason, held, file


PIECE = st.sampled_from(
    [
        b"a",
        b"b",
        b"NA",
        b",",
        b",",
        b",",
        b'"',
        b'"',
        b'""',
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b";",
        b"\t",
        b"\x00",
        b"\x1a",
        b"\x0b",
        b"\xe9",
        b"\xc3\xa9",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b'"x","y"',
        b"1,2\n",
        b"1,2,\n",
        b"1,2,3\n",
        b"Total: 2",
        b'"1\n2",3\n',
        b"Pet_id,Kind\n",
        b'5" pipe,x\n',
        b'\n"a""b",c\n',
    ]
)
HEADERS = st.sampled_from(
    [
        b"Pet_id,Kind\n",
        b"Pet_id,Kind,Name\n",
        b"pet id;Kind\r\n",
        b"Kind\n",
        b"Pet_id,Kind,foo\n",
        b"Pet_id,Kind,\n",
        b"",
        b'"Pet_id","Kind"\n',
        b"\xef\xbb\xbfPet_id,Kind,ext.coat\n",
        b"title\n\nPet_id,Kind\n",
        b"sep=,\nPet_id,Kind\n",
    ]
)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(HEADERS, st.lists(PIECE, max_size=40))
@example(b"Pet_id,Kind\n", [b"\xef\xbb\xbf", b"a,b\n"])
@example(b"Pet_id,Kind\n", [b'a,"b\n', b"\n", b'c"\n', b"d,e"])
@example(b"Kind\n", [b"\n", b"a\n", b"\n"])
def test_fast_and_exact_reading_agree_on_any_bytes(head: bytes, pieces: list[bytes]) -> None:
    data = head + b"".join(pieces)
    assert picture(read_csv(data, PETS)) == picture(read_csv(data, PETS, exact_only=True))


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(HEADERS, st.lists(PIECE, max_size=60))
def test_fast_and_exact_reading_agree_when_lines_cross_the_edges_of_chunks(
    head: bytes, pieces: list[bytes]
) -> None:
    data = head + b"".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", 7)
        patch.setattr(csv_fast, "BLOCK", 16)
        patch.setattr(csv_fast, "CACHED", 7)
        patch.setattr(csv_fast, "MAX_REFUSED", 3)
        patch.setattr(exact, "MAX_SPAN", 4)
        assert picture(read_csv(data, PETS)) == picture(read_csv(data, PETS, exact_only=True))


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.lists(PIECE, max_size=40))
def test_fast_and_exact_reading_count_the_same_cells_of_a_line(pieces: list[bytes]) -> None:
    data = b"\n" + b"".join(pieces).replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(
        b"\xe9", b"e"
    )
    text = lines.index_lines(data, 1, 2)
    fast = csv_fast.count_cells(text, ",")
    assert (
        fast.tolist()
        == exact.count_cells(lines.cut_lines(text, np.arange(2, 2 + text.count)), ",").tolist()
    )
    assert csv_fast.has_sound_quotes(text, ",") == (not (fast == -1).any())


TWICE = st.sampled_from([b'""', b'"""a"""', b"b", b",", b"\n", b'"""', b'"', b'""""'])


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.lists(TWICE, max_size=20))
def test_quotes_three_in_a_row_are_sound_where_the_exact_reading_says_so(
    pieces: list[bytes],
) -> None:
    text = lines.index_lines(b'\n"""a"""' + b"".join(pieces), 1, 2)
    fast = csv_fast.count_cells(text, ",")
    assert csv_fast.has_sound_quotes(text, ",") == (not (fast == -1).any())


def test_a_table_has_the_lines_as_its_index_and_text_as_its_cells() -> None:
    table = read_csv(b'Pet_id,Kind,Name\n007,cat,NA\n1,dog,"Null, ""the"" dog"\n', PETS).table
    assert table is not None
    assert isinstance(table.rows.index, pd.RangeIndex)
    assert table.rows.index.tolist() == [2, 3]
    assert table.lines.dtype == np.int32
    assert table.rows["Pet_id"].tolist() == ["007", "1"]
    assert table.rows["Name"].tolist() == ["NA", 'Null, "the" dog']
    assert table.rows.dtypes["Name"] == pd.ArrowDtype(pa.string())
    assert table.rows.dtypes["Kind"] == pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))


def test_no_defect_changes_the_line_numbers_of_later_rows() -> None:
    data = (
        b'Pet_id,Kind\n1,cat\n\n2,"dog\n3,cat,x\n4,"a\nb"\n5,cat\n,\nPet_id,Kind\n6,5" tall\n'
        b"7,cat\nTotal: 7\n"
    )
    contents = read_csv(data, PETS)
    table = contents.table
    assert table is not None
    assert table.rows.index.tolist() == [2, 6, 8, 11, 12]
    assert table.rows["Pet_id"].tolist() == ["1", "4", "5", "6", "7"]
    assert table.rows["Kind"].tolist() == ["cat", "a\nb", "cat", '5" tall', "cat"]
    assert table.end_lines == {6: 7}
    assert table.unread.lines.tolist() == [4, 5]
    assert table.unread.cells == (("2", "dog"), ("3", "cat", "x"))
    where = {rule: places[0].lines.tolist() for rule, places in contents.defects.items()}
    assert where == {
        "rows-blank": [3, 9],
        "quote-unclosed": [4],
        "row-wrong-length": [5],
        "value-line-break": [6],
        "rows-repeated-header": [10],
        "row-footer": [13],
        "quote-not-doubled": [11],
    }


def test_a_line_longer_than_a_block_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_fast, "BLOCK", 64)
    contents = read_csv(b"Pet_id,Kind\n1,cat\n2," + b"x" * 10_000 + b"\n3,dog\n", PETS)
    assert contents.table is not None
    assert [len(kind) for kind in contents.table.rows["Kind"]] == [3, 10_000, 3]


def test_known_columns_are_in_file_order_and_unknown_ones_are_named_by_position() -> None:
    contents = read_csv(b"Name,Kind,secret thing,ext.coat,Pet_id\nMo,cat,x,red,1\n", PETS)
    assert contents.table is not None
    assert contents.table.rows.columns.tolist() == ["Name", "Kind", "ext.coat", "Pet_id"]
    assert contents.unused == ("secret thing",)
    assert contents.defects["header-unknown"][0].notes == ["column 3"]


def test_raw_text_is_not_trimmed() -> None:
    contents = read_csv(b"Pet_id,Kind\n 1 ,\xc2\xa0cat\n", PETS)
    assert contents.table is not None
    assert contents.table.rows.iloc[0].tolist() == [" 1 ", "\u00a0cat"]


def test_only_the_first_rows_of_a_wrong_length_keep_all_their_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "MAX_WHOLE", 1)
    contents = read_csv(b"Pet_id,Kind,Name\n1,a,b,c\n2,a,b,c\n3,a,b\n", PETS)
    assert contents.table is not None
    assert contents.table.unread.cells == (("1", "a", "b", "c"), ("2", "a"))


def test_values_that_break_the_schema_are_marked_but_blanks_are_not() -> None:
    data = b"School_id,Student_id,First_name,Last_name,Gender,DOB,Student_email\n"
    data += (
        b"1,1,Ann,Made-Up,Q,02/30/2012,ann\n1,2,Bo,Made-Up,,,\n"
        b"1,3,Cy,Made-Up, female ,2/3/2012,cy@example.org\n"
    )
    table = read_csv(data, clever.STUDENTS).table
    assert table is not None
    found = violations.find_violations(table, clever.STUDENTS)
    assert {name: mask.tolist() for name, mask in found.items()} == {
        "Gender": [True, False, False],
        "DOB": [True, False, False],
        "Student_email": [True, False, False],
    }


def test_an_environment_variable_does_not_turn_off_the_schema(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import subprocess
    import sys

    program = (
        "from validator.ingest.csv.read import read_csv\n"
        "from validator.schemas import clever\n"
        "from validator.schemas import violations\n"
        "data = b'School_id,Student_id,First_name,Last_name,Gender\\n1,1,Ann,Made-Up,Q\\n'\n"
        "print(list(violations.find_violations(read_csv(data, clever.STUDENTS).table, "
        "clever.STUDENTS)))"
    )
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")
    root = Path(__file__).resolve().parents[3]
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "['Gender']"


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("clever-goldenplains", (5, 750, 50, 50, 750, 11)),
        ("clever-demo-trim-2026", (3, 14, 7, 45, 8972, 7)),
        ("clever-genai-cedarridge", (2, 17, 4, 4, 20, 6)),
        ("clever-gen-pinecreek-seq", (6, 2016, 72, 144, 2016, 13)),
        ("remind-roster-2019", (3, 618, 129, 42, 1545, None)),
    ],
)
def test_real_exports_are_read_completely(
    real_data: Path, name: str, sizes: tuple[int | None, ...]
) -> None:
    export = read_export([real_data / name])
    tables = ("schools", "students", "teachers", "sections", "enrollments", "staff")
    assert tuple(len(export.tables[t]) if t in export.tables else None for t in tables) == sizes
    assert not export.absent
    blockers = {
        "column-missing",
        "row-wrong-length",
        "quote-unclosed",
        "header-missing",
        "header-repeated",
    }
    assert not blockers & set(export.defects)
