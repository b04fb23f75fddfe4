"""An export in another layout, or with a map that does not fit, is answered in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.ingest import read
from validator.model import CannotRead
from validator.rulebook.column_maps import load_column_map

STUDENTS = "Perm ID,First Name,Last Name\n1,Ann,Madeup\n2,Bo,Madeup\n"


def test_a_shipped_map_that_does_not_fit_is_named_as_the_cause(tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    shipped = load_column_map("powerschool", read.list_mapped_fields())
    with pytest.raises(CannotRead, match=r"does not fit: students\.csv has no column ID"):
        read.read_export([tmp_path], columns=shipped)


def test_an_unknown_layout_is_answered_with_the_command_that_suggests_a_map(tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    with pytest.raises(CannotRead, match="looks like another layout: run `rosterready columns"):
        read.read_export([tmp_path])


def test_students_under_another_name_are_called_another_layout(tmp_path: Path) -> None:
    files = {
        "pupils.csv": STUDENTS,
        "teachers.csv": "School_id,Teacher_id,First_name,Last_name\ns1,t1,Tess,Madeup\n",
        "sections.csv": "School_id,Section_id,Teacher_id\ns1,c1,t1\n",
        "schools.csv": "School_id,School_name\ns1,Madeup High\n",
        "enrollments.csv": "School_id,Section_id,Student_id\ns1,c1,1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (place,) = read.read_export([tmp_path]).defects["file-missing"]
    assert place.file == "students.csv"
    assert "another layout: run `rosterready columns`" in str(place.notes)


def test_a_folder_with_only_folders_names_them(tmp_path: Path) -> None:
    (tmp_path / "Step1").mkdir()
    (tmp_path / "Step1" / "students.csv").write_text(STUDENTS, encoding="utf-8")
    with pytest.raises(CannotRead, match="Step1/ may hold the export"):
        read.read_export([tmp_path])
