"""How well files fit the files that a format describes."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.ingest.detect import choose_version
from validator.ingest.read import open_sources
from validator.model import Column, File, Version

LOOSE = Version("loose", "Loose", (File("LoosePupil", "pupils.csv", "", (Column("Locker"),)),))
STRICT = Version(
    "strict",
    "Strict",
    (File("StrictPupil", "pupils.csv", "", (Column("Name", required=True), Column("Class"))),),
)


@pytest.mark.parametrize(("heading", "version"), [("Locker", "loose"), ("Name", "strict")])
def test_a_format_whose_files_require_no_column_is_told_by_all_of_them(
    heading: str, version: str, tmp_path: Path
) -> None:
    (tmp_path / "pupils.csv").write_text(f"{heading}\nA\n", encoding="utf-8")
    _, sources = open_sources([tmp_path])
    assert choose_version([LOOSE, STRICT], sources).format == version
