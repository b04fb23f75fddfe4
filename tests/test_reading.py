"""The fast way and the exact way of reading give one result, and every row keeps its physical line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from validator import csvfile
from validator.csvfile import header, lines, records, regular
from validator.csvfile.header import Header
from validator.formats import clever
from validator.model import Column, File

PETS = File("pets", "pets.csv", "Pet_id", (
    Column("Pet_id", "id", required=True),
    Column("Kind", coded=True, required=True),
    Column("Name"),
), extension="ext.")  # fmt: skip


def picture(contents: csvfile.Contents) -> object:
    """All of what was read, for comparing."""
    defects = {
        rule: [(p.table, p.file, p.lines.tolist(), p.column, None if p.ends is None else p.ends.tolist(), p.notes,
                None if p.counts is None else p.counts.tolist(), p.level) for p in places]
        for rule, places in contents.defects.items()
    }  # fmt: skip
    table = contents.table
    if table is None:
        return defects, contents.reason
    cells = {name: table.rows[name].tolist() for name in table.rows.columns}
    types = [str(kind) for kind in table.rows.dtypes]
    unread = table.unread.lines.tolist(), table.unread.cells
    return (defects, contents.reason, table.lines.tolist(), cells, types, dict(table.headers), table.header_line, unread,
            dict(table.ends), contents.line_ending, contents.encoding, contents.delimiter, contents.unused)  # fmt: skip


PIECE = st.sampled_from(
    [b"a", b"b", b"NA", b",", b",", b",", b'"', b'"', b'""', b"\n", b"\n", b"\r\n", b"\r", b" ", b"\xc3\xa9", b"\xe9", b"\x00",
     b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x0b", b'"x","y"', b"1,2\n", b"1,2,\n", b"1,2,3\n", b'"1\n2",3\n', b"Pet_id,Kind\n",
     b"Total: 2", b";", b"\t", b"\x1a", b"=1"]
)  # fmt: skip
HEADERS = st.sampled_from(
    [b"Pet_id,Kind\n", b"Pet_id,Kind,Name\n", b"pet id;Kind\r\n", b"Kind\n", b"Pet_id,Kind,foo\n", b"Pet_id,Kind,\n",
     b'"Pet_id","Kind"\n', b"\xef\xbb\xbfPet_id,Kind,ext.coat\n", b"title\n\nPet_id,Kind\n", b"sep=,\nPet_id,Kind\n", b""]
)  # fmt: skip


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks and blocks of a few bytes, so that lines cross their edges."""
    monkeypatch.setattr(lines, "CHUNK", 7)
    monkeypatch.setattr(regular, "BLOCK", 16)
    monkeypatch.setattr(regular, "MOST_REFUSED", 3)
    monkeypatch.setattr(records, "SPAN", 4)


@settings(max_examples=400, deadline=None)
@given(HEADERS, st.lists(PIECE, max_size=40))
@example(b"Pet_id,Kind\n", [b"\xef\xbb\xbf", b"a,b\n"])
@example(b"Pet_id,Kind\n", [b'a,"b\n', b"\n", b'c"\n', b"d,e"])
@example(b"Kind\n", [b"\n", b"a\n", b"\n"])
def test_both_ways_of_reading_agree_on_any_bytes(head: bytes, pieces: list[bytes]) -> None:
    data = head + b"".join(pieces)
    assert picture(csvfile.read(data, PETS)) == picture(csvfile.read(data, PETS, exact_only=True))


@settings(max_examples=400, deadline=None)
@given(HEADERS, st.lists(PIECE, max_size=60))
def test_both_ways_agree_when_lines_cross_the_edges_of_chunks(
    head: bytes, pieces: list[bytes]
) -> None:
    data = head + b"".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        small_pieces.__wrapped__(patch) if hasattr(small_pieces, "__wrapped__") else None
        patch.setattr(lines, "CHUNK", 7)
        patch.setattr(regular, "BLOCK", 16)
        patch.setattr(regular, "MOST_REFUSED", 3)
        assert picture(csvfile.read(data, PETS)) == picture(csvfile.read(data, PETS, exact_only=True))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECE, max_size=40))
def test_both_ways_count_the_cells_of_a_line_alike(pieces: list[bytes]) -> None:
    data = b"\n" + b"".join(pieces).replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\xe9", b"e")
    text = lines.text(data, 1, 2)
    every = lines.cut(text, np.arange(2, 2 + text.count))
    fast = regular.counts(text, ",")
    assert fast.tolist() == records.counts(every, ",").tolist()
    assert regular.sound(text, ",") == (not (fast == -1).any())
