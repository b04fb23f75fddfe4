"""Files whose lines, or whose cells between commas, are enclosed in marks, are mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.mending import build_district, list_found, mend, read_records

DISTRICT = build_district()


def _quote(line: str) -> str:
    return '"' + line.replace('"', '""') + '"'


def _quote_cells(line: str) -> str:
    return ",".join(map(_quote, line.split(",")))


def _each_line(text: str, change: Callable[[str], str]) -> str:
    return "".join(change(line) + "\r\n" for line in text.splitlines())


SPOILS: dict[str, Callable[[str], str]] = {
    "each line is one value": _quote,
    "each line is one value with quoted cells": lambda line: _quote(_quote_cells(line)),
    "cells between apostrophes": lambda line: "'" + line.replace(",", "','") + "'",
}


@pytest.mark.parametrize("name", SPOILS)
def test_marks_around_lines_or_cells_are_mended_once(tmp_path: Path, name: str) -> None:
    spoiled = {file: _each_line(text, SPOILS[name]) for file, text in DISTRICT.items()}
    copy = mend(tmp_path / "first", spoiled, judged=False)
    assert copy.kinds == {"delimiter"}
    assert "file-delimiter" not in list_found(copy.report)
    assert read_records(copy.files) == read_records(DISTRICT)
    second = mend(tmp_path / "second", copy.files, judged=False)
    assert second.files == copy.files
    assert not second.mended.tallies
