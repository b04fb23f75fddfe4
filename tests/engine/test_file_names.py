"""Rules name the export's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import formats
from validator.engine.file_names import list_file_names, name_files
from validator.ingest import read
from validator.rulebook import load
from validator.sample import writer
from validator.sample.district import build_district


@pytest.mark.parametrize(
    ("layout", "profile", "file"),
    [
        ("oneroster 1.1", "oneroster", "users.csv"),
        ("sds 1", "sds", "Student.csv"),
        ("clever", "clever", "the students file"),
    ],
)
def test_a_rule_names_the_file_of_students(
    tmp_path: Path, layout: str, profile: str, file: str
) -> None:
    for name, text in formats.FORMATS[layout](build_district(30, 1, writer.AS_OF)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = list_file_names(read.read_export([tmp_path]))
    rule = name_files(load.load_profile(profile).rules["student-unknown"], names)
    assert f"not in {file}" in rule.says_one
