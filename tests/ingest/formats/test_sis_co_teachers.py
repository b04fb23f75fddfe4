"""Sections of a raw export with a row for each teacher are one section with several teachers."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.mapping.test_composites import suggest_and_read
from validator.model import Table

STUDENTS = "id,first,last,grade\n" + "".join(f"9{at},Ann{at},Madeup,5\n" for at in range(6))
TEACHERS = "id,first,last\nt1,Tess,Madeup\nt2,Tom,Madeup\nt3,Tia,Madeup\n"
MEMBERS = "section,student\n" + "".join(f"c{1 + at % 3},9{at}\n" for at in range(6))
HEADING = "section id,title,teacher id,period,role\n"


def _read(folder: Path, rows: str) -> Table:
    files = {
        "students.csv": STUDENTS,
        "teachers.csv": TEACHERS,
        "members.csv": MEMBERS,
        "sections.csv": HEADING + rows,
    }
    _, export = suggest_and_read(folder, files)
    return export.tables["sections"]


def _list(table: Table) -> list[tuple[str, ...]]:
    names = [name for name in table.headers if name == "Section_id" or name.startswith("Teacher")]
    return list(table.rows[names].itertuples(index=False, name=None))


def test_rows_that_differ_in_the_teacher_are_one_section(tmp_path: Path) -> None:
    rows = "c1,Math,t1,1,Lead\nc2,Art,t2,2,Lead\nc1,Math,t3,1,Co\nc1,Math,t2,1,Aide\nc3,Art,t3,3,\n"
    table = _read(tmp_path, rows)
    assert _list(table) == [
        ("c1", "t1", "t3", "t2"),
        ("c2", "t2", "", ""),
        ("c3", "t3", "", ""),
    ]
    assert table.lines.tolist() == [2, 3, 6]


def test_rows_that_differ_in_another_column_stay(tmp_path: Path) -> None:
    table = _read(tmp_path, "c1,Math,t1,1,\nc1,Math,t3,2,\nc2,Art,t2,2,\nc3,Art,t3,3,\n")
    assert [row[0] for row in _list(table)] == ["c1", "c1", "c2", "c3"]


def test_equal_rows_stay_to_be_reported(tmp_path: Path) -> None:
    table = _read(
        tmp_path, "c1,Math,t1,1,\nc1,Math,t1,1,\nc1,Math,t2,1,\nc2,Art,t2,2,\nc3,,t3,3,\n"
    )
    assert [row[0] for row in _list(table)] == ["c1", "c1", "c1", "c2", "c3"]


def test_sections_without_an_id_stay(tmp_path: Path) -> None:
    table = _read(tmp_path, "c1,Math,t1,1,\nc1,Math,t3,1,\n,Art,t2,2,\n,Art,t3,2,\nc3,Art,t3,3,\n")
    assert [row[0] for row in _list(table)] == ["c1", "", "", "c3"]
