"""Targets that read CSV text: decoding, rows and whole files."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from validator.ingest.csv import decode, header, lines, rows
from validator.ingest.csv import read as csv_read
from validator.model import Column, File
from validator.schemas import clever

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


def decoder(data: bytes) -> Any:
    """Any bytes become strict UTF-8 with plain line ends, in which no line is lost."""
    other = decode.identify_binary(data)
    decoded = decode.decode(data)
    text = decoded.text
    text.decode("utf-8")
    assert b"\r" not in text.replace(b"\r\n", b"")
    assert decoded.affected >= 0
    assert (decoded.affected == 0) == (decoded.encoding == "UTF-8" and not decoded.cut_off)
    return other, decoded.encoding, decoded.cut_off, decoded.affected > 0, b"\r\n" in text


def tokenizer(data: bytes) -> Any:
    """Rows read the fast way and the exact way are the same; the first byte is the delimiter."""
    delimiter = header.DELIMITERS[data[0] % len(header.DELIMITERS)] if data else ","
    head, shape = _head(delimiter)
    heading = delimiter.join(head.cells).encode() + b"\n"
    text = lines.index_lines(heading + decode.decode(data[1:]).text, len(heading), 2)
    fast, exact = (
        describe_rows(
            rows.remove_non_records(rows.read_rows(text, shape, exact_only=slow), shape, head)
        )
        for slow in (False, True)
    )
    assert fast == exact
    assert fast["lines"] == sorted(set(fast["lines"]))
    return tuple(name for name, part in fast.items() if part), min(len(fast["lines"]), 5)


def describe_rows(read: rows.Rows) -> dict[str, Any]:
    """All that was read of a file's rows, for comparing."""
    return {
        "cells": read.table.to_pydict(),
        "lines": read.numbers(np.arange(len(read.table))).tolist(),
        **vars(read.recovered),
        "footer": read.footer,
        "repeated": read.repeated,
        "trailing": read.trailing,
    }


def tables(data: bytes) -> Any:
    """Whole files read the fast way and the exact way are the same; lines ascend."""
    fast = csv_read.read_csv(data, PETS)
    assert describe_contents(fast) == describe_contents(
        csv_read.read_csv(data, PETS, exact_only=True)
    )
    table = fast.table
    if table is not None and len(table):
        assert (np.diff(table.lines) > 0).all()
        assert table.lines[0] > table.header_line
        assert not table.rows.isna().any().any()
    return tuple(fast.defects), fast.reason, fast.encoding, fast.delimiter, fast.line_ending


def students(data: bytes) -> Any:
    """A whole file of a format is read, whatever its content."""
    contents = csv_read.read_csv(data, clever.STUDENTS)
    return tuple(contents.defects), contents.reason, contents.delimiter


def describe_contents(contents: csv_read.Contents) -> Any:
    """All that was read of a file, for comparing."""
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


@cache
def _head(delimiter: str) -> tuple[header.Header, lines.Shape]:
    """The header of a file of pets, and what its rows look like."""
    head = header.find_header(delimiter.join(("Pet_id", "Kind", "Name")).encode() + b"\n", PETS)
    assert head is not None and head.delimiter == delimiter
    return head, lines.Shape(delimiter, 3, {0: False, 1: True, 2: False}, 1)
