"""Files with a student and a section on each row, by headings and by values."""

from __future__ import annotations

from pathlib import Path

from validator.ingest.mapping import suggest
from validator.ingest.mapping.suggest import Suggestion
from validator.rulebook import load

PEOPLE = ("Quill, Mabel", "Bramble, Otto", "Thorn, Ivy", "Sedge, Fern")


def suggested(folder: Path, heading: str, rows: list[str]) -> Suggestion:
    folder.mkdir()
    (folder / "roster.csv").write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    return suggest.suggest([folder], load.load_vocabulary()[0])


def columns(found: Suggestion, table: str) -> dict[str, str]:
    match = next(match for match in found.tables if match.table == table)
    return {name: each.taken.heading for name, each in match.matches.items()}


def test_a_section_number_that_repeats_with_names_and_titles_is_a_flat_file(tmp_path: Path) -> None:
    rows = [
        f'"{name}",{100 + at},4,"Math {section}",{section},"Larch, Ada",ada@a.example'
        for at, name in enumerate(PEOPLE)
        for section in (51, 52)
    ]
    found = suggested(
        tmp_path / "export",
        "Student Name,Student Number,Gr,Course,Section,Teacher,Teacher Email",
        rows,
    )
    assert columns(found, "enrollments")["Section_id"] == "Section"
    assert columns(found, "students")["Student_id"] == "Student Number"
    sections = columns(found, "sections")
    assert (sections["Section_id"], sections["Course_name"]) == ("Section", "Course")
    assert sections["Teacher_id"] == "Teacher Email"  # a name is no id
    teachers = columns(found, "teachers")
    assert teachers["Teacher_id"] == teachers["Teacher_email"] == "Teacher Email"


def test_powerschools_prefixed_headings_are_one_flat_file(tmp_path: Path) -> None:
    rows = [
        f"{100 + at},{name.split(',')[0]},{section},Math {section},71"
        for at, name in enumerate(PEOPLE)
        for section in (51, 52)
    ]
    found = suggested(
        tmp_path / "export",
        "[1]Student_Number,[1]Last_Name,[03]ID,[02]Course_Name,[05]TeacherNumber",
        rows,
    )
    assert columns(found, "students")["Student_id"] == "[1]Student_Number"
    assert columns(found, "sections")["Section_id"] == "[03]ID"


def test_codes_of_a_state_are_suggested_with_the_list_that_all_values_are_from(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    rows = [f"{at},Mabel,Quill,{4 + at % 3},{('EL', 'EO', 'RFEP')[at % 3]}" for at in range(9)]
    text = "\n".join(["Student ID,First Name,Last Name,Grade,ELL", *rows, ""])
    (folder / "students.csv").write_text(text, encoding="utf-8")
    found = suggest.suggest([folder], load.load_vocabulary()[0])
    assert "decode: california-english-learner" in suggest.format_map(found, "export")


def test_remarks_and_marks_in_headings_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    text = (
        "Student ID #,Legal Last Name *,Legal First Name *,Current Grade Level,DOB (MM/DD/YYYY)\n"
        "41,Quill,Mabel,4,01/02/2015\n42,Bramble,Otto,5,02/03/2014\n"
    )
    (folder / "Active Students - Fall.csv").write_text(text, encoding="utf-8")
    found = suggest.suggest([folder], load.load_vocabulary()[0])
    taken = columns(found, "students")
    assert taken["DOB"] == "DOB (MM/DD/YYYY)"
    assert taken["Grade"] == "Current Grade Level"
