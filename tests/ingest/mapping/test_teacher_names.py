"""Sections that name their teachers by name, and not by an id."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.mapping.test_composites import suggest_and_read
from validator.ingest.mapping.suggestion import Sure

STUDENTS = "Student ID,First Name,Last Name,Grade\n90,Ann,Madeup,5\n91,Bo,Madeup,5\n"
SECTIONS = 'Section ID,Course,Teacher\nc1,Math,"Madeup, Tess"\nc2,Art,"Madeup, Tom"\n'
LINKS = "Section ID,Student ID\nc1,90\nc2,91\n"
TEACHERS = 'Staff ID,Name,Email\n71,"Madeup, Tess",t1@x.test\n72,"Madeup, Tom",t2@x.test\n'
EXPORT = {"students.csv": STUDENTS, "sections.csv": SECTIONS, "links.csv": LINKS}


def test_the_id_is_taken_by_the_name_from_the_file_of_teachers(tmp_path: Path) -> None:
    tables, export = suggest_and_read(tmp_path, EXPORT | {"teachers.csv": TEACHERS})
    assert tables["sections"].matches["Teacher_id"].sure is Sure.LIKELY
    assert export.tables["sections"].rows["Teacher_id"].tolist() == ["71", "72"]


def test_without_a_file_of_teachers_the_name_is_a_guess_for_the_id(tmp_path: Path) -> None:
    tables, export = suggest_and_read(tmp_path, EXPORT)
    assert tables["sections"].matches["Teacher_id"].sure is Sure.GUESS
    assert export.tables["teachers"].rows["First_name"].tolist() == ["Tess", "Tom"]


def test_names_that_the_file_of_teachers_does_not_have_are_no_reference(tmp_path: Path) -> None:
    others = TEACHERS.replace("Madeup", "Other")
    tables, _ = suggest_and_read(tmp_path, EXPORT | {"teachers.csv": others})
    assert "Teacher_id" not in tables["sections"].matches
