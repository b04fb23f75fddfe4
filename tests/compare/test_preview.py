"""Two exports compared: every planted change is found, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import AS_OF, Judge, outcome
from validator import assess as roads
from validator.assess import Options, assess
from validator.compare.preview import Forecast
from validator.model import Level, Status
from validator.outputs import changes as shown
from validator.sample import writer

pytestmark = pytest.mark.slow

Rows = list[dict[str, str]]


STUDENTS = 1000


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A healthy made-up district, for reading only."""
    folder = tmp_path_factory.mktemp("before")
    writer.write_sample(folder, STUDENTS, 7, faults=[])
    return folder


def read(folder: Path, table: str) -> Rows:
    """The rows of one file."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, rows: Rows, **style: object) -> None:
    """Writes the rows with the header of the first one."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **{"lineterminator": "\n", **style})  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    (folder / f"{table}.csv").write_bytes(text.getvalue().encode())


def after(
    before: Path, folder: Path, change: Callable[[dict[str, Rows]], None], **style: object
) -> Path:
    """A copy of the export, changed."""
    folder.mkdir(exist_ok=True)
    tables = {path.stem: read(before, path.stem) for path in before.glob("*.csv")}
    heads = {name: list(rows[0]) for name, rows in tables.items()}
    change(tables)
    for name, rows in tables.items():
        if rows:
            write(folder, name, rows, **style)
        else:
            (folder / f"{name}.csv").write_text(",".join(heads[name]) + "\n", encoding="utf-8")
    return folder


def told(made: Forecast) -> dict[str, int]:
    """The movements with their counts."""
    return {movement.name: movement.count for movement in made.movements}


def ahead(old: Path, new: Path, **more: object) -> Forecast:
    """The forecast on the samples' own day."""
    return roads.forecast_changes([old], [new], as_of=AS_OF, **more)  # type: ignore[arg-type]


def scripted(tables: dict[str, Rows]) -> None:
    """12 leave, 30 arrive, 5 change school, 3 change id, 2 ids go to somebody else."""
    ids = list(dict.fromkeys(row["Student_id"] for row in tables["students"]))
    random.Random(3).shuffle(ids)
    leave, move, renumbered, reused = set(ids[:12]), set(ids[12:17]), set(ids[17:20]), ids[20:22]
    tables["students"] = [row for row in tables["students"] if row["Student_id"] not in leave]
    tables["enrollments"] = [row for row in tables["enrollments"] if row["Student_id"] not in leave]
    for row in tables["students"]:
        if row["Student_id"] in move:
            row["School_id"] = "102" if row["School_id"] == "101" else "101"
        if row["Student_id"] in reused:
            row |= {
                "First_name": "Zebulon",
                "Last_name": "Zucchini"[: 4 + reused.index(row["Student_id"])],
                "DOB": "01/02/2011",
                "Student_email": f"zz{row['Student_id']}@maple.example",
            }
    for row in tables["students"] + tables["enrollments"]:
        if row["Student_id"] in renumbered:
            row["Student_id"] = f"9{row['Student_id']}"
    blank = dict.fromkeys(tables["students"][0], "")
    tables["students"] += [
        {
            **blank,
            "School_id": "101",
            "Student_id": f"77{number:03}",
            "First_name": "Newton",
            "Last_name": f"Nutmeg{number}",
            "Grade": "3",
            "DOB": "04/05/2017",
            "Student_email": f"nn{number}@maple.example",
        }
        for number in range(30)
    ]


def test_every_scripted_change_is_found_and_nothing_else(before: Path, tmp_path: Path) -> None:
    made = ahead(before, after(before, tmp_path / "new", scripted))
    assert told(made) == {
        "students-left": 12,
        "students-joined": 30,
        "students-moved": 5,
        "students-new-id": 3,
        "students-id-reused": 2,
    }
    assert [row for row in made.kinds if row[0] == "students"] == [
        ("students", STUDENTS, STUDENTS + 18, 33, 15, 7)
    ]
    assert not any(hold.trips for hold in made.holds)
    assert not made.cut_short


def test_the_rules_find_the_scripted_changes_too(before: Path, tmp_path: Path) -> None:
    new = after(before, tmp_path / "new", scripted)
    report = assess([new], Options(profiles=["freckle"], as_of=AS_OF, previous=[before]))
    counts = {
        one.rule.id: one.count
        for one in report.outcomes
        if one.rule.check.startswith("changes.") and one.status is Status.FOUND
    }
    assert counts == {"change-id": 3, "change-id-reused": 2, "change-students-leaving": 17}


@pytest.mark.parametrize("table", ["students", "enrollments"])
def test_a_file_cut_short_at_88_percent_is_a_hold_with_its_percentage(
    before: Path, tmp_path: Path, table: str
) -> None:
    def cut(tables: dict[str, Rows]) -> None:
        del tables[table][round(0.88 * len(tables[table])) :]

    made = ahead(before, after(before, tmp_path / "new", cut), profiles=["clever"])
    held = [hold for hold in made.holds if hold.trips]
    assert [(hold.held_by, hold.load.name) for hold in held] == [("Clever", table)]
    assert held[0].load.share == pytest.approx(0.12, abs=0.01)
    assert held[0].confidence == "indirect", (
        "the number is from an indirect source and must be told as such"
    )
    text = shown.render_text(made)
    assert "Clever would hold the sync" in text
    assert "may be cut short" in text
    assert f"({held[0].load.share:.1%}), over 10%" in text


@pytest.mark.parametrize(
    ("phase", "holds"), [("start", False), ("midyear", True), ("rollover", False)]
)
def test_a_threshold_that_is_raised_when_the_year_turns_is_the_higher_one_then(
    before: Path, tmp_path: Path, phase: str, holds: bool
) -> None:
    def cut(tables: dict[str, Rows]) -> None:
        del tables["students"][round(0.8 * len(tables["students"])) :]

    new = after(before, tmp_path / "new", cut)
    made = ahead(before, new, profiles=["schoolstatus"], phase=phase)
    hold = next(
        hold
        for hold in made.holds
        if hold.load.name == "students" and hold.held_by == "SchoolStatus Connect"
    )
    assert (hold.trips, hold.limit) == (holds, 0.1 if holds else 0.5)
    assert "Unless the district set another share" in shown.render_text(made)
    report = assess(
        [new], Options(profiles=["schoolstatus"], as_of=AS_OF, previous=[before], phase=phase)
    )
    assert outcome(report, "change-deletes-many").level is (
        Level.BLOCKER if holds else Level.WARNING
    )


def test_one_schools_students_cut_short_name_the_school(before: Path, tmp_path: Path) -> None:
    def cut(tables: dict[str, Rows]) -> None:
        school = [row for row in tables["students"] if row["School_id"] == "103"]
        gone = {row["Student_id"] for row in school[round(0.88 * len(school)) :]}
        tables["students"] = [row for row in tables["students"] if row["Student_id"] not in gone]

    made = ahead(before, after(before, tmp_path / "new", cut))
    assert [school for school, _, _ in made.schools] == ["103"]
    assert made.schools[0][2] / made.schools[0][1] == pytest.approx(0.12, abs=0.01)
    assert "School 103 loses" in shown.render_text(made)


def test_order_quotes_and_line_ends_are_no_change(before: Path, tmp_path: Path) -> None:
    def shuffle(tables: dict[str, Rows]) -> None:
        for rows in tables.values():
            random.Random(5).shuffle(rows)

    new = after(before, tmp_path / "new", shuffle, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    made = ahead(before, new)
    assert told(made) == {}
    assert all(row[3:] == (0, 0, 0) for row in made.kinds)
    assert shown.render_text(made).startswith("No change")


def test_real_data_against_itself_is_no_change(real_data: Path, tmp_path: Path) -> None:
    plains = real_data / "clever-goldenplains"

    def shuffle(tables: dict[str, Rows]) -> None:
        for rows in tables.values():
            random.Random(5).shuffle(rows)

    new = after(plains, tmp_path / "new", shuffle, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for other in (plains, new):
        assert shown.render_text(ahead(plains, other)).startswith("No change")


def test_julys_empty_enrollments_are_a_hold_that_is_expected_when_the_year_turns(
    before: Path, tmp_path: Path, judge: Judge
) -> None:
    new = after(before, tmp_path / "new", lambda tables: tables["enrollments"].clear())
    for phase, level in (("midyear", Level.BLOCKER), ("rollover", Level.WARNING)):
        files = {path.name: path.read_bytes() for path in new.glob("*.csv")}
        old = {path.name: path.read_bytes() for path in before.glob("*.csv")}
        report = judge(files, previous=old, phase=phase)
        assert outcome(report, "change-deletes-many").level is level
        assert outcome(report, "change-file-dropped").level is level
        made = ahead(before, new, phase=phase, profiles=["clever"])
        hold = next(hold for hold in made.holds if hold.trips)
        assert (hold.load.name, hold.load.share, hold.expected) == (
            "enrollments",
            1.0,
            phase == "rollover",
        )


def test_next_terms_sections_go_on_under_new_ids_and_old_ids_are_told_when_used_again(
    before: Path, tmp_path: Path
) -> None:
    def turn(tables: dict[str, Rows]) -> None:
        for at, row in enumerate(tables["sections"]):
            row |= {"Term_name": "Next", "Term_start": "08/20/2027", "Term_end": "06/01/2028"}
            if at >= 10:
                row["Section_id"] = f"N{row['Section_id']}"
        tables["enrollments"] = [
            {**row, "Section_id": f"N{row['Section_id']}"} for row in tables["enrollments"]
        ]

    made = ahead(before, after(before, tmp_path / "new", turn))
    counts = told(made)
    sections = len(read(before, "sections"))
    assert counts["sections-rolled-over"] == sections - 10
    assert counts["sections-id-reused"] == 10


def test_teachers_who_lose_sections_and_new_ones_are_told_apart(
    before: Path, tmp_path: Path
) -> None:
    def change(tables: dict[str, Rows]) -> None:
        by_teacher: dict[str, Rows] = {}
        for row in tables["sections"]:
            by_teacher.setdefault(row["Teacher_id"], []).append(row)
        two = [rows for rows in by_teacher.values() if len(rows) > 2][:2]
        for row in [*two[0], two[1][0]]:
            row["Teacher_id"] = "newcomer"
        tables["teachers"].append(
            {
                **tables["teachers"][0],
                "Teacher_id": "newcomer",
                "First_name": "Nella",
                "Last_name": "Newcomb",
                "Teacher_email": "nella@maple.example",
            }
        )

    counts = told(ahead(before, after(before, tmp_path / "new", change)))
    assert counts["teachers-joined"] == 1
    assert (counts["teachers-lose-all"], counts["teachers-lose-some"]) == (1, 1)


def test_text_and_json_hold_no_personal_data(before: Path, tmp_path: Path) -> None:
    made = ahead(before, after(before, tmp_path / "new", scripted))
    for text in (shown.render_text(made), json.dumps(shown.build_document(made))):
        for secret in ("Zebulon", "Nutmeg", "zz3", "77000", "@maple"):
            assert secret not in text


def test_a_renamed_and_readdressed_teacher_is_the_same_teacher(judge: Judge) -> None:
    head = "School_id,Teacher_id,Teacher_email,First_name,Last_name\n"
    report = judge(
        {"teachers.csv": head + "0101,t1,ivy.jamjar@maple.example,Ivy,Jamjar\n"},
        previous={"teachers.csv": head + "0101,t1,ivy.inkwell@maple.example,Ivy,Inkwell\n"},
        as_of=dt.date(2026, 11, 16),
    )
    assert outcome(report, "change-id-reused").status is Status.PASSED
    assert outcome(report, "change-new-teachers").status is Status.PASSED


def test_what_the_previous_export_did_not_hold_is_told_and_never_no_change(
    before: Path, tmp_path: Path
) -> None:
    for name, content, says in (
        ("gone", None, "students.csv is missing"),
        ("zero", b"", "students.csv is empty"),
        ("other", b"\x89PNG\r\n\x1a\n" * 9, "students.csv is not a text file"),
    ):
        old = shutil.copytree(before, tmp_path / name)
        (old / "students.csv").unlink()
        if content is not None:
            (old / "students.csv").write_bytes(content)
        made = ahead(old, before)
        text = shown.render_text(made)
        assert text.startswith(
            "Part of what the next sync would do is not known: students cannot be compared."
        ), text
        assert f"students cannot be compared: in the previous export, {says}." in " ".join(
            text.split()
        )
        assert shown.build_document(made)["not_compared"] == {
            "students": f"in the previous export, {says}"
        }
        report = assess([before], Options(as_of=AS_OF, previous=[old]))
        found = outcome(report, "change-not-compared")
        assert found.status is Status.FOUND
        assert found.count == 1


def test_a_file_without_its_ids_cannot_be_compared_whichever_export_it_is_in(
    before: Path, tmp_path: Path
) -> None:
    def rename(tables: dict[str, Rows]) -> None:
        tables["students"] = [
            {"Number" if name == "Student_id" else name: value for name, value in row.items()}
            for row in tables["students"]
        ]

    odd = after(before, tmp_path / "odd", rename)
    for old, new, which in ((odd, before, "previous"), (before, odd, "new")):
        assert ahead(old, new).incomparable["students"] == (
            f"in the {which} export, students.csv has no column Student_id"
        )


def test_everybody_is_new_to_a_file_that_held_a_header_only(before: Path, tmp_path: Path) -> None:
    old = after(before, tmp_path / "old", lambda tables: tables.update(students=[]))
    made = ahead(old, before)
    assert ("students", 0, STUDENTS, STUDENTS, 0, 0) in made.kinds
    assert told(made)["students-joined"] == STUDENTS
    assert not made.incomparable
    assert "No change" not in shown.render_text(made)
    assert (
        outcome(
            assess([before], Options(as_of=AS_OF, previous=[old])), "change-not-compared"
        ).status
        is Status.PASSED
    )
