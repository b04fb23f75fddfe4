"""Sharing: what a rule shares, what a target needs, and the smallest rule for it."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import AS_OF, Judge, outcome
from validator import assess as roads
from validator.ingest import read as ingest_read
from validator.model import BadUsage, Status
from validator.outputs import sharing as shown
from validator.rulebook import load, sharing_files
from validator.sample import writer
from validator.sharing import apply, suggest
from validator.sharing.preview import Preview

Rows = list[dict[str, str]]
TARGET = "grades=3-8,subject=math"
MIDDLE = {"3", "4", "5", "6", "7", "8"}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A healthy made-up district of 5,000 students."""
    folder = tmp_path_factory.mktemp("district")
    writer.write_sample(folder, 5000, 7, faults=[])
    return folder


def read(folder: Path, table: str) -> Rows:
    """The rows of one file."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def changed(district: Path, folder: Path, change: Callable[[Rows], None]) -> Path:
    """A copy of the district with other sections."""
    folder.mkdir()
    for path in district.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    rows = read(district, "sections")
    change(rows)
    with (folder / "sections.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def look(folder: Path, **more: object) -> Preview:
    """The preview on the samples' own day."""
    return roads.preview_sharing([folder], as_of=AS_OF, profile="khan-academy", **more)  # type: ignore[arg-type]


def rules(folder: Path, text: str) -> Path:
    """A sharing file with this text."""
    path = folder / "sharing.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_suggested_rule_covers_every_target_section_and_no_other(district: Path) -> None:
    made = look(district, target=TARGET)
    wanted = {
        row["Section_id"]
        for row in read(district, "sections")
        if row["Grade"] in MIDDLE and row["Subject"].casefold() == "math"
    }
    found = made.suggested
    assert found is not None
    assert (int(found.wanted.sum()), int(found.covered.sum()), int(found.extra.sum())) == (
        len(wanted),
        len(wanted),
        0,
    )
    assert not len(found.missed)
    assert (
        "Match all sections where grade is 3, 4, 5, 6, 7 or 8 and subject is math\n"
        in shown.render_text(made)
    )


def test_the_counts_of_the_preview_equal_an_independent_count(
    district: Path, tmp_path: Path
) -> None:
    text = "\n".join(
        [
            "share: rules",
            "rules:",
            "  - match: sections",
            "    where:",
            "      - {field: Grade, is: [3-8]}",
            "      - {field: Subject, is: [math]}",
            "  - match: staff",
            "    where: [{field: Title, contains: [principal]}]",
        ]
    )
    made = look(district, sharing=rules(tmp_path, text))
    sections = {
        row["Section_id"]: row
        for row in read(district, "sections")
        if row["Grade"] in MIDDLE and row["Subject"].casefold() == "math"
    }
    students = {
        row["Student_id"] for row in read(district, "enrollments") if row["Section_id"] in sections
    }
    teachers = {
        row[column] for row in sections.values() for column in ("Teacher_id", "Teacher_2_id")
    } - {""}
    staff = {
        row["Staff_id"] for row in read(district, "staff") if "principal" in row["Title"].casefold()
    }
    counts = {name: number for name, number, _ in made.counts}
    assert (counts["sections"], counts["students"], counts["teachers"], counts["staff"]) == (
        len(sections),
        len(students),
        len(teachers),
        len(staff),
    )
    assert made.parts[0].alone["students"] == len(students)
    assert made.parts[1].shared["staff"] == len(staff)
    assert made.parts[1].shared["students"] == 0


def test_blank_subjects_are_missed_and_told_for_repair(district: Path, tmp_path: Path) -> None:
    def blank(rows: Rows) -> None:
        maths = [
            row for row in rows if row["Grade"] in MIDDLE and row["Subject"].casefold() == "math"
        ]
        for row in random.Random(1).sample(maths, 9):
            row["Subject"] = ""

    folder = changed(district, tmp_path / "new", blank)
    made = look(folder, target=TARGET)
    found = made.suggested
    assert found is not None
    lines = [
        at
        for at, row in enumerate(read(folder, "sections"), 2)
        if row["Grade"] in MIDDLE and not row["Subject"]
    ]
    table = made.report.export.tables["sections"]
    assert [int(table.lines[row]) for row in found.missed] == lines
    assert set(found.repair) == {"its Subject is empty or 'other'"}
    assert int(found.covered.sum()) == int(found.wanted.sum()) - 9
    assert (
        "It misses 9 sections, its Subject is empty or 'other': sections.csv, lines"
        in shown.render_text(made)
    )


def test_an_elective_with_the_targets_subject_is_left_out_by_name(
    district: Path, tmp_path: Path
) -> None:
    def wrong(rows: Rows) -> None:
        for row in [row for row in rows if row["Subject"] == "Science" and row["Grade"] in MIDDLE][
            :3
        ]:
            row |= {"Subject": "math", "Course_name": "Marching Band"}

    made = look(changed(district, tmp_path / "new", wrong), target=TARGET)
    found = made.suggested
    assert found is not None
    assert not found.extra.any()
    assert int(found.covered.sum()) == int(found.wanted.sum())
    assert "course name is not Marching Band" in shown.render_text(made)


def test_a_grade_that_is_empty_is_told_by_the_students_grades(
    district: Path, tmp_path: Path
) -> None:
    def empty(rows: Rows) -> None:
        next(row for row in rows if row["Grade"] == "4" and row["Subject"].casefold() == "math")[
            "Grade"
        ] = ""

    found = look(changed(district, tmp_path / "new", empty), target=TARGET).suggested
    assert found is not None
    assert list(found.repair) == ["its Grade is empty or unknown"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("share: everywhere", 1, "'share' must be one of everything, schools, sections, rules"),
        (
            "share: everything\nsharing: yes",
            2,
            "it takes: share, schools, sections, all_staff, rules, target",
        ),
        ("share: schools", 1, "'share: schools' needs 'schools'"),
        ("share: schools\nschools: [a]\nrules: []", 3, "it belongs to 'share: rules'"),
        (
            "share: rules\nrules:\n  - match: sections\n  - match: parents",
            4,
            "clause 2: 'match' must be one of sections, students",
        ),
        (
            "share: rules\nrules:\n  - match: sections\n    where:\n      - {field: Grad, is: [6]}",
            5,
            "clause 1: sections have no field 'Grad'. Available fields: School_id, Section_id",
        ),
        (
            "share: rules\nrules:\n  - match: students\n    where: [{field: Password, is: x}]",
            4,
            "clause 1: students have no field 'Password'",
        ),
        (
            "share: rules\nrules:\n  - match: sections\n    where:\n"
            "      - {field: Grade, equals: [6]}",
            5,
            "clause 1: a condition has no 'equals'; it takes: field, is, is_not, contains, "
            "is_not_containing",
        ),
        (
            "share: rules\nrules:\n  - match: sections\n    where:\n"
            "      - {field: Grade, is: [sixty]}",
            5,
            "clause 1: 'sixty' is not a grade",
        ),
        (
            "share: rules\nrules:\n  - match: sections\n    where:\n      - {field: Grade, is: []}",
            5,
            "at least one item",
        ),
        ("share: everything\ntarget: {licenses: many}", 2, "'licenses' must be a whole number"),
        ("share: everything\ntarget: {licences: 12}", 2, "did you mean licenses?"),
        ("share: everything\nall_staff: perhaps", 2, "'all_staff' must be true or false"),
    ],
)
def test_a_bad_sharing_file_is_refused_with_line_and_clause(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = rules(tmp_path, text)
    with pytest.raises(BadUsage) as refused:
        sharing_files.load_sharing(path, ingest_read.list_fields(), load.load_vocabulary()[0])
    assert f"sharing.yaml:{line}: " in str(refused.value)
    assert words in str(refused.value)


STUDENTS = "School_id,Student_id,First_name,Last_name,Grade\n"
SMALL = {
    "students.csv": STUDENTS
    + "0101,s1,Freya,Copperpot,6\n0101,s1,Freya,Copperpot,6\n0202,s2,Odo,Quillfeather,7\n"
    "0101,s3,Nona,Null,6\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name\n0202,t1,Ivy,Inkwell\n"
    "0101,t2,Hal,Hazelnut\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Teacher_2_id,Course_name,Grade,Subject\n"
    "0101,m6,t1,,Math 6,06,MATH\n0101,m67,t1,t2,Math,6-7,math\n0202,x7,t2,,Robotics,7,\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n0101,m6,s1\n0101,m67,s2\n0202,x7,s3\n",
}


SCHOOLS = "School_id,School_name,School_number\n0101,Oak School,1\n0102,Elm School,2\n"


@pytest.mark.parametrize(
    ("text", "sections", "students", "teachers"),
    [
        ("share: everything", {"m6", "m67", "x7"}, {"s1", "s2", "s3"}, {"t1", "t2"}),
        ("share: schools\nschools: ['0202']", {"x7"}, {"s2", "s3"}, {"t1", "t2"}),
        ("share: sections\nsections: [m6]", {"m6"}, {"s1"}, {"t1"}),
        (
            "share: rules\nrules:\n  - match: sections\n    where: [{field: Grade, is: ['7']}]",
            {"m67", "x7"},
            {"s2", "s3"},
            {"t1", "t2"},
        ),
        (
            "share: rules\nrules:\n  - match: sections\n"
            "    where: [{field: Grade, is_not: [K, 7]}]",
            {"m6"},
            {"s1"},
            {"t1"},
        ),
        (
            "share: rules\nrules:\n  - match: sections\n    where: [{field: subject, is: Math}]",
            {"m6", "m67"},
            {"s1", "s2"},
            {"t1", "t2"},
        ),
        (
            "share: rules\nrules:\n  - match: sections\n"
            "    where: [{field: Subject, is_not: [math]}]",
            {"x7"},
            {"s3"},
            {"t2"},
        ),
        (
            "share: rules\nrules:\n  - match: sections\n"
            "    where: [{field: Subject, is_not_containing: [art]}]",
            {"m6", "m67", "x7"},
            {"s1", "s2", "s3"},
            {"t1", "t2"},
        ),
        (
            "share: rules\nrules:\n  - match: students\n    where: [{field: Grade, is: 6}]",
            set(),
            {"s1", "s3"},
            set(),
        ),
        (
            "share: rules\nrules:\n  - match: teachers\n"
            "    where: [{field: Last_name, contains: [ink]}]",
            set(),
            set(),
            {"t1"},
        ),
        (
            "share: rules\nrules:\n  - match: students\n    where: [{field: Student_id, is: s3}]\n"
            "  - match: sections\n"
            "    where: [{field: Section_id, is: m6}]",
            {"m6"},
            {"s1", "s3"},
            {"t1"},
        ),
    ],
)
def test_each_way_of_sharing_shares_what_clever_would(
    tmp_path: Path, text: str, sections: set[str], students: set[str], teachers: set[str]
) -> None:
    from validator import frame

    for name, content in SMALL.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    grades = load.load_vocabulary()[0]
    export = ingest_read.read_export([tmp_path / name for name in SMALL])
    shared = apply.apply_rules(
        sharing_files.load_sharing(rules(tmp_path, text), ingest_read.list_fields(), grades),
        export,
        grades,
        today=AS_OF,
    )
    for table, ids in (("sections", sections), ("students", students), ("teachers", teachers)):
        rows = shared.rows[table].nonzero()[0]
        assert set(frame.take_text(export.tables[table], export.tables[table].key, rows)) == ids, (
            table
        )


def test_rules_of_a_vendor_judge_only_what_is_shared(judge: Judge) -> None:
    files = {
        **SMALL,
        "students.csv": "School_id,Student_id,First_name,Last_name,Grade,Student_email,DOB\n"
        "0101,s1,Freya,Copperpot,6,,02/03/2014\n0101,s3,Nona,Null,6,,02/03/2014\n",
    }
    math = "share: rules\nrules:\n  - match: sections\n    where: [{field: Subject, is: math}]"
    assert outcome(judge(files, profile="khan-academy"), "student-email-missing").count == 2
    report = judge(files, profile="khan-academy", sharing=math)
    assert outcome(report, "student-email-missing").count == 1
    assert (report.readiness["students"].total, report.readiness["students"].blocked) == (1, 1)
    assert report.readiness["students"].steps[:2] == [
        ("in the file", 2),
        ("are shared or should be", 1),
    ]


def test_an_elective_that_is_shared_is_told_once(judge: Judge) -> None:
    files = {**SMALL, "sections.csv": SMALL["sections.csv"].replace("Robotics", "Marching Band")}
    report = judge(files, profile="khan-academy", sharing="share: everything")
    assert outcome(report, "shared-elective").count == 1
    assert outcome(report, "section-elective").status is Status.PASSED


def test_readiness_falls_step_by_step_to_the_ready(judge: Judge) -> None:
    rows = [
        "0101,s1,Freya,Copperpot,6,s1@maple.example,02/03/2014",
        "0101,s2,Odo,Quillfeather,6,,02/03/2014",
        "0101,s3,Nona,Null,6,s3@maple.example,",
        "0101,s4,Wim,Wobble,6,s4@maple.example,02/03/2014",
    ]
    files = {
        **SMALL,
        "schools.csv": SCHOOLS,
        "students.csv": "\n".join(
            ["School_id,Student_id,First_name,Last_name,Grade,Student_email,DOB", *rows]
        )
        + "\n",
    }
    steps = dict(judge(files, profile="khan-academy").readiness["students"].steps)
    assert steps == {
        "in the file": 4,
        "have one e-mail address that can be used": 3,
        "have an address that nobody else has": 3,
        "have a birth date": 2,
        "are in a section": 1,
        "ready": 1,
    }


def test_readiness_falls_step_by_step_in_each_school_and_the_schools_add_up(judge: Judge) -> None:
    rows = [
        "0101,s1,Freya,Copperpot,6,s1@maple.example,02/03/2014",
        "0101,s2,Odo,Quillfeather,6,,02/03/2014",
        "0102,s3,Nona,Null,6,s3@maple.example,",
        "0101,s4,Wim,Wobble,6,s4@maple.example,02/03/2014",
        "0102,s5,Ada,Acorn,6,s5@maple.example,02/03/2014",
        ",s6,Bo,Birch,6,s6@maple.example,02/03/2014",
    ]
    files = {
        **SMALL,
        "schools.csv": SCHOOLS,
        "students.csv": "\n".join(
            ["School_id,Student_id,First_name,Last_name,Grade,Student_email,DOB", *rows]
        )
        + "\n",
    }
    for state in judge(files, profile="khan-academy").readiness.values():
        assert [left for _, left in state.steps] == [
            sum(column) for column in zip(*state.by_school.values(), strict=True)
        ]
    students = judge(files, profile="khan-academy").readiness["students"]
    assert students.by_school == {
        "0101": (3, 3, 2, 2, 2, 1, 1),
        "0102": (2, 2, 2, 2, 1, 0, 0),
        "": (1, 0, 0, 0, 0, 0, 0),
    }


def test_text_and_json_of_the_preview_hold_no_personal_data(district: Path) -> None:
    made = look(district, target=TARGET)
    students = read(district, "students")[:50]
    for text in (shown.render_text(made), json.dumps(shown.build_document(made))):
        for row in students:
            assert row["Student_email"] not in text
            assert row["Student_id"] not in text


def test_a_target_is_read_with_lists_and_other_names_of_subjects() -> None:
    from validator.sharing import suggest

    grades, subjects = load.load_vocabulary()[0], load.load_subjects()
    target = suggest.parse(
        "grades=K,1-2,subject=Mathematics;ELA,schools=0101;0102,licenses=90", grades, subjects
    )
    assert target.grades == ("Kindergarten", "1", "2")
    assert target.subjects == ("math", "english/language arts")
    assert (target.schools, target.licenses) == (("0101", "0102"), 90)
    for wrong in ("math", "grade=sixty", "color=red", "licenses=many", "licences=90"):
        with pytest.raises(BadUsage):
            suggest.parse(wrong, grades, subjects)


@pytest.mark.parametrize(
    "text",
    [
        "grades=",
        "schools=",
        "subject=",
        "grades=3-8,subject= ",
        "schools=;",
        "licenses=",
        "licenses=²",
        "licenses=" + "9" * 5000,
    ],
)
def test_a_target_that_names_nothing_is_refused_and_not_everything_shared(text: str) -> None:
    with pytest.raises(BadUsage, match=r"the target('s| names no)"):
        suggest.parse(text, load.load_vocabulary()[0], load.load_subjects())
