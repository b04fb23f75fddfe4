"""Sections that are known by the numbers of a course and of a section together."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.ingest import read
from validator.ingest.mapping import suggest
from validator.ingest.mapping.suggestion import Sure, TableMatch
from validator.model import Export
from validator.rulebook import load
from validator.rulebook.column_maps import load_column_map

STUDENTS = "Student ID,First Name,Last Name,Grade\n" + "".join(
    f"9{at},Ann{at},Madeup,5\n" for at in range(6)
)
TEACHERS = "Teacher ID,First Name,Last Name\nt1,Tess,Madeup\nt2,Tom,Madeup\nt3,Tia,Madeup\n"
SECTIONS = (
    "Course Number,Section,Course Title,Teacher ID,Period\n"
    "M1,1,Math,t1,1\nM1,2,Math,t2,2\nS1,1,Science,t3,3\nS1,2,Science,t1,4\n"
)
ROWS = ("90,M1,1", "91,M1,2", "92,S1,1", "93,S1,2", "94,M1,1", "95,S1,1")
LISTS = "\n".join(["Student ID,Course Number,Section", *ROWS])
EXPORT = {
    "students.csv": STUDENTS,
    "teachers.csv": TEACHERS,
    "schedule.csv": SECTIONS,
    "lists.csv": LISTS,
}


def text(headings: str, rows: list[tuple[str, ...]]) -> str:
    """The text of a file with this header and these rows."""
    return "\n".join([headings, *(",".join(row) for row in rows)]) + "\n"


def suggest_and_read(folder: Path, files: dict[str, str]) -> tuple[dict[str, TableMatch], Export]:
    (folder / "export").mkdir()
    for name, content in files.items():
        (folder / "export" / name).write_text(content, encoding="utf-8")
    suggestion = suggest.suggest([folder / "export"], load.load_vocabulary()[0])
    path = folder / "map.yaml"
    path.write_text(suggest.format_map(suggestion, "export"), encoding="utf-8")
    tables = {table.table: table for table in suggestion.tables}
    columns = load_column_map(path, read.list_mapped_fields())
    return tables, read.read_export([folder / "export"], columns=columns)


def _list_ids(export: Export, table: str) -> list[str]:
    return export.tables[table].rows["Section_id"].tolist()


def test_course_and_section_are_the_id_together(tmp_path: Path) -> None:
    tables, export = suggest_and_read(tmp_path, EXPORT)
    for name in ("sections", "enrollments"):
        match = tables[name].matches["Section_id"]
        assert match.taken.heading == "Course Number and Section"
        assert match.sure is Sure.LIKELY
    assert _list_ids(export, "sections") == ["M1-1", "M1-2", "S1-1", "S1-2"]
    assert set(_list_ids(export, "enrollments")) == set(_list_ids(export, "sections"))


def test_the_term_is_a_part_where_the_others_repeat(tmp_path: Path) -> None:
    head, *rows = SECTIONS.splitlines()
    terms = [f"Term,{head}", *(f"{term},{row}" for term in ("F", "S") for row in rows)]
    head, *rows = LISTS.splitlines()
    lists = [f"{head},Term", *(f"{row},{'FS'[at % 2]}" for at, row in enumerate(rows))]
    files = EXPORT | {"schedule.csv": "\n".join(terms), "lists.csv": "\n".join(lists)}
    tables, export = suggest_and_read(tmp_path, files)
    assert (
        tables["sections"].matches["Section_id"].taken.heading
        == "Term and Course Number and Section"
    )
    assert set(_list_ids(export, "enrollments")) <= set(_list_ids(export, "sections"))


def test_teachers_are_taken_by_the_same_id_from_another_file(tmp_path: Path) -> None:
    rows = [row.split(",") for row in SECTIONS.splitlines()]
    schedule = "\n".join(",".join([*row[:3], row[4]]) for row in rows)
    teaching = "\n".join(",".join([*row[:2], row[3]]) for row in rows)
    files = EXPORT | {"schedule.csv": schedule, "who.csv": teaching}
    tables, export = suggest_and_read(tmp_path, files)
    assert tables["sections"].teaching is not None
    assert export.tables["sections"].rows["Teacher_id"].tolist() == ["t1", "t2", "t3", "t1"]


def test_a_single_id_stays_the_id(tmp_path: Path) -> None:
    rows = SECTIONS.splitlines()
    schedule = "\n".join(
        [f"Section ID,{rows[0]}", *(f"c{at},{row}" for at, row in enumerate(rows[1:]))]
    )
    lists = "Student ID,Section ID\n90,c0\n91,c1\n92,c2\n93,c3\n"
    tables, _ = suggest_and_read(tmp_path, EXPORT | {"schedule.csv": schedule, "lists.csv": lists})
    assert tables["sections"].matches["Section_id"].taken.heading == "Section ID"


@pytest.mark.parametrize("blank", ["M1,,", ",1,"])
def test_an_id_with_a_blank_part_is_blank(tmp_path: Path, blank: str) -> None:
    _, export = suggest_and_read(
        tmp_path, EXPORT | {"schedule.csv": f"{SECTIONS}{blank}Art,t1,5\n"}
    )
    assert _list_ids(export, "sections")[-1] == ""
