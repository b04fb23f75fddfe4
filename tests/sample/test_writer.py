"""Sample districts: deterministic, made up, and with an answer key that matches the files."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from validator.model import BadUsage
from validator.sample import names, writer

BUNDLED = Path(__file__).resolve().parents[2] / "sample_data"
ADDRESS = re.compile(r"[a-z0-9.-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)")
ELECTIVE_SUBJECTS = {"PE and health", "Arts and music", "Homeroom/advisory"}
GRADES = ["Kindergarten", *(str(grade) for grade in range(1, 13))]
Rows = list[tuple[int, dict[str, str]]]


def read(folder: Path) -> dict[str, Rows]:
    """The tables as (physical line, row); no value of a sample spans lines."""
    tables = {}
    for table in ("schools", "students", "teachers", "sections", "enrollments", "staff"):
        file = folder / f"{table}.csv"
        text = file.read_text("utf-8") if file.exists() else ""
        tables[table] = list(enumerate(csv.DictReader(text.split("\n")), 2))
    return tables


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district without faults."""
    folder = tmp_path_factory.mktemp("ready")
    writer.write_sample(folder, faults=[])
    return folder


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with every fault."""
    folder = tmp_path_factory.mktemp("broken")
    writer.write_sample(folder)
    return folder


def test_the_same_arguments_give_the_same_bytes(broken: Path, tmp_path: Path) -> None:
    writer.write_sample(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in broken.iterdir()
    }


@pytest.mark.parametrize(("name", "faults"), [("ready", []), ("broken", None)])
def test_the_bundled_districts_are_what_the_generator_writes(
    name: str, faults: list[str] | None, tmp_path: Path
) -> None:
    writer.write_sample(tmp_path, faults=faults)
    for file in tmp_path.iterdir():
        assert (BUNDLED / name / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_healthy_district_has_no_answers_but_facts(ready: Path) -> None:
    key = json.loads((ready / writer.KEY).read_text("utf-8"))
    assert key["rules"] == {}
    assert key["facts"]["section-co-taught"] > 0
    assert found_by_plain_reading(read(ready)) == {}


def test_a_healthy_district_looks_like_one(ready: Path) -> None:
    tables = read(ready)
    assert len(tables["schools"]) == 3
    assert len({row["Student_id"] for _, row in tables["students"]}) == 500
    sizes = Counter(row["Section_id"] for _, row in tables["enrollments"])
    assert 18 <= min(sizes.values()) <= max(sizes.values()) <= 28
    ids = [row["Staff_id"] for _, row in tables["staff"]]
    assert len(ids) - len(set(ids)) == 1, "one counselor serves two schools"
    for _, row in tables["students"]:
        age = 2026 - int(row["DOB"][-4:])
        assert age - GRADES.index(row["Grade"]) in (5, 6)
    periods = Counter((row["Teacher_id"], row["Period"]) for _, row in tables["sections"])
    assert max(periods.values()) == 1


def test_a_healthy_district_has_people_whom_careless_software_loses(ready: Path) -> None:
    students = read(ready)["students"]
    assert any(row["Last_name"] == "Null" for _, row in students)
    twins = Counter(
        (row["Last_name"], row["DOB"], row["School_id"])
        for row in {row["Student_id"]: row for _, row in students}.values()
    )
    assert max(twins.values()) == 2
    text = "".join(row["First_name"] + row["Last_name"] for _, row in students)
    assert all(letter in text for letter in "éñ'-ø")
    text.encode("cp1252")


def test_nobody_in_a_sample_can_be_written_to(broken: Path) -> None:
    for table, columns in (
        ("students", ("Student_email", "Contact_email")),
        ("teachers", ("Teacher_email",)),
        ("staff", ("Staff_email",)),
    ):
        for _, row in read(broken)[table]:
            for column in columns:
                domains = re.findall(r"@\s*([\w.-]*\w)", row[column])
                assert all(domain.endswith(".example") for domain in domains), column


@pytest.mark.parametrize("students", [200, 399, 400, 1200, 2500])
def test_the_answer_key_says_what_a_plain_reading_finds(students: int, tmp_path: Path) -> None:
    key = writer.write_sample(tmp_path, students)
    found = found_by_plain_reading(read(tmp_path))
    assert sorted(found) == sorted(key["rules"])
    for rule, lines in found.items():
        assert {file: sorted(of) for file, of in lines.items()} == key["rules"][rule]["lines"], rule


@pytest.mark.parametrize("rule", sorted(writer.FAULTS))
def test_each_fault_can_be_planted_alone(rule: str, tmp_path: Path) -> None:
    key = writer.write_sample(tmp_path, 400, seed=3, faults=[rule])
    also = {"section-elective"} if rule == "teacher-only-electives" else set()
    assert set(key["rules"]) == {rule} | also
    found = found_by_plain_reading(read(tmp_path))
    assert {
        each: {file: sorted(lines) for file, lines in places.items()}
        for each, places in found.items()
    } == {each: entry["lines"] for each, entry in key["rules"].items()}


def test_staff_can_be_left_out_and_an_old_encoding_chosen(tmp_path: Path) -> None:
    writer.write_sample(tmp_path, faults=["all"])
    writer.write_sample(tmp_path, faults=["staff-missing", "file-not-utf8"])
    assert not (tmp_path / "staff.csv").exists()
    with pytest.raises(UnicodeDecodeError):
        (tmp_path / "students.csv").read_text("utf-8")
    writer.write_sample(tmp_path, faults=["file-bom"])
    assert (tmp_path / "students.csv").read_bytes().startswith(b"\xef\xbb\xbfSchool_id,")


def test_wrong_wishes_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    for wish in (
        {"faults": ["student-emial-missing"]},
        {"students": 20},
        {"faults": ["staff-missing", "staff-email-missing"]},
    ):
        with pytest.raises(BadUsage):
            writer.write_sample(tmp_path / "new", **wish)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text("mine", "utf-8")
    with pytest.raises(BadUsage):
        writer.write_sample(tmp_path)
    assert (tmp_path / "students.csv").read_text("utf-8") == "mine"


@pytest.mark.parametrize("day", [dt.date(2026, 7, 1), dt.date(2027, 6, 20), dt.date(2028, 2, 29)])
def test_a_sample_of_any_day_has_its_classes_in_session(day: dt.date, tmp_path: Path) -> None:
    writer.write_sample(tmp_path, 200, faults=[], as_of=day)
    for _, row in read(tmp_path)["sections"]:
        start, end = (
            dt.datetime.strptime(row[cell], "%m/%d/%Y").date()
            for cell in ("Term_start", "Term_end")
        )
        assert start <= day <= end


@pytest.mark.skipif(
    importlib.util.find_spec("validator.assess") is None, reason="validator.assess is not there yet"
)
@pytest.mark.parametrize("profile", ["clever", "khan-academy", "freckle"])
class TestAssessed:
    """The product itself against the answer key."""

    def test_every_planted_fault_is_found_with_exactly_the_planted_records(
        self, profile: str, broken: Path
    ) -> None:
        key = json.loads((broken / writer.KEY).read_text("utf-8"))
        found = assessed(broken, profile)
        assert sorted(found) == sorted(key["rules"])
        for rule, entry in key["rules"].items():
            assert found[rule] == (entry["count"], entry["groups"], entry["lines"]), rule

    def test_a_healthy_district_is_quiet(self, profile: str, ready: Path) -> None:
        assert assessed(ready, profile) == {}


def assessed(folder: Path, profile: str) -> dict[str, tuple[int, int | None, dict[str, list[int]]]]:
    """Rule -> count, groups and lines of each finding above the level of facts."""
    from validator import assess

    report: Any = assess.assess(
        sorted(folder.glob("*.csv")), assess.Options(profiles=[profile], as_of=writer.AS_OF)
    )
    found = {}
    for outcome in report.outcomes:
        assert outcome.status not in ("broken", "skipped"), outcome.rule.id
        if outcome.status in ("found", "explained") and outcome.level != "fact":
            lines: dict[str, set[int]] = defaultdict(set)
            for block in outcome.finding.places:
                lines[block.file] |= {int(line) for line in block.lines}
            found[outcome.rule.id] = (
                outcome.count,
                outcome.finding.groups,
                {file: sorted(of) for file, of in lines.items()},
            )
    return found


def found_by_plain_reading(tables: dict[str, Rows]) -> dict[str, dict[str, set[int]]]:
    """Lines by rule and file, found with loops and dictionaries and nothing of the product."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for finder in (plain_people, plain_students, plain_sections, plain_ids, plain_references):
        for rule, table, line in finder(tables):
            found[rule][f"{table}.csv"].add(line)
    return {rule: dict(files) for rule, files in found.items()}


Places = list[tuple[str, str, int]]


def plain_people(tables: dict[str, Rows]) -> Places:
    """E-mail rules."""
    places: Places = []
    for kind, table, column in (
        ("student", "students", "Student_email"),
        ("teacher", "teachers", "Teacher_email"),
        ("staff", "staff", "Staff_email"),
    ):
        key = {"student": "Student_id", "teacher": "Teacher_id", "staff": "Staff_id"}[kind]
        holders, owned = defaultdict(set), defaultdict(set)
        for _, row in tables[table]:
            person = (row[key], row["First_name"], row["Last_name"])
            holders[row[column].casefold()].add(person)
            owned[person].add(row[column].casefold())
        for line, row in tables[table]:
            value = row[column].casefold()
            whole = ADDRESS.fullmatch(value)
            own = owned[row[key], row["First_name"], row["Last_name"]]
            several = len(own) > 1 or len(re.split(r"[;,]\s*", value)) > 1
            tests = {
                "missing": not value,
                "several": several,
                "invalid": bool(value) and not several and not whole,
                "repeated": bool(value) and len(holders[value]) > 1,
                "outside-district": bool(whole) and whole[1] not in (names.STUDENTS, names.ADULTS),
            }  # type: ignore[index]
            places += [
                (f"{kind}-email-{what}", table, line) for what, wrong in tests.items() if wrong
            ]
    return places


def plain_students(tables: dict[str, Rows]) -> Places:
    """Birth dates, grades, enrollment."""
    places: Places = []
    sections = {row["Section_id"] for _, row in tables["sections"]}
    enrolled = {
        row["Student_id"] for _, row in tables["enrollments"] if row["Section_id"] in sections
    }
    for line, row in tables["students"]:
        try:
            real = (
                dt.date(1990, 1, 1)
                < dt.datetime.strptime(row["DOB"], "%m/%d/%Y").date()
                <= writer.AS_OF
            )
        except ValueError:
            real = False
        tests = {
            "student-dob-missing": not row["DOB"],
            "student-dob-invalid": bool(row["DOB"]) and not real,
            "student-grade-missing": not row["Grade"],
            "student-grade-outside-k12": row["Grade"] in ("13", "PostGraduate"),
            "student-grade-unknown": row["Grade"] not in (*GRADES, "", "13", "PostGraduate"),
            "student-without-section": bool(row["Student_id"])
            and row["Student_id"] not in enrolled,
        }
        places += [(rule, "students", line) for rule, wrong in tests.items() if wrong]
    return places


def taught(row: dict[str, str]) -> list[str]:
    """The teachers of a section."""
    return [
        cell for column, cell in row.items() if re.fullmatch(r"Teacher_(\d+_)?id", column) and cell
    ]


def plain_sections(tables: dict[str, Rows]) -> Places:
    """Teachers, terms, electives, equal classes."""
    places: Places = []
    members, of_teacher = defaultdict(set), defaultdict(list)
    for _, row in tables["enrollments"]:
        members[row["Section_id"]].add(row["Student_id"])
    for line, row in tables["sections"]:
        elective = row["Subject"] in ELECTIVE_SUBJECTS
        for person in taught(row):
            of_teacher[person].append(elective)
        over = dt.datetime.strptime(row["Term_end"], "%m/%d/%Y").date() < writer.AS_OF
        twin = any(
            other["Teacher_id"] != row["Teacher_id"]
            and other["Section_id"] != row["Section_id"]
            and len(members[other["Section_id"]] & members[row["Section_id"]])
            > 0.8 * len(members[other["Section_id"]] | members[row["Section_id"]])
            for _, other in tables["sections"]
            if other["School_id"] == row["School_id"]
        )
        tests = {
            "section-without-teacher": not taught(row),
            "section-too-many-teachers": len(taught(row)) > 10,
            "section-term-over": over,
            "section-elective": elective,
            "sections-same-students": twin,
        }
        places += [(rule, "sections", line) for rule, wrong in tests.items() if wrong]
    for line, row in tables["teachers"]:
        kinds = of_teacher[row["Teacher_id"]]
        places += [("teacher-without-section", "teachers", line)] * (
            bool(row["Teacher_id"]) and not kinds
        )
        places += [("teacher-only-electives", "teachers", line)] * (bool(kinds) and all(kinds))
    return places


def plain_ids(tables: dict[str, Rows]) -> Places:
    """Ids that are blank or borne twice."""
    places: Places = []
    for table, key, rule in (
        ("students", "Student_id", "student-id-repeated"),
        ("staff", "Staff_id", "staff-id-repeated"),
        ("teachers", "Teacher_id", "id-repeated"),
        ("sections", "Section_id", "id-repeated"),
        ("schools", "School_id", "id-repeated"),
    ):
        groups = defaultdict(list)
        for line, row in tables[table]:
            groups[row[key]].append((line, row))
        places += [("id-missing", table, line) for line, _ in groups.pop("", [])]
        for rows in groups.values():
            told = [
                column
                for column in rows[0][1]
                if not column.startswith("Contact_")
                and column != "Student_email"
                and (table != "staff" or column.endswith("_name"))
            ]
            same = {tuple(row[column] for column in told) for _, row in rows}
            places += [(rule, table, line) for line, _ in rows if len(same) > 1]
    seen: set[tuple[str, ...]] = set()
    for line, row in tables["enrollments"]:
        pair = (row["Student_id"], row["Section_id"])
        places += [("id-missing", "enrollments", line)] * ("" in pair)
        places += [("enrollment-repeated", "enrollments", line)] * (pair in seen)
        seen.add(pair)
    return places


def plain_references(tables: dict[str, Rows]) -> Places:
    """References to nothing."""
    keys = {
        kind: {row[f"{kind.capitalize()}_id"] for _, row in tables[f"{kind}s"]} | {""}
        for kind in ("school", "student", "section", "teacher")
    }
    places: Places = []
    for table, rows in tables.items():
        for line, row in rows:
            places += [("school-unknown", table, line)] * (row["School_id"] not in keys["school"])
    for line, row in tables["enrollments"]:
        places += [("student-unknown", "enrollments", line)] * (
            row["Student_id"] not in keys["student"]
        )
        places += [("section-unknown", "enrollments", line)] * (
            row["Section_id"] not in keys["section"]
        )
    for line, row in tables["sections"]:
        places += [("teacher-unknown", "sections", line)] * any(
            one not in keys["teacher"] for one in taught(row)
        )
    return places
