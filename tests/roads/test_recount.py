"""Every figure of the first screen, recounted from the rows by other code."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from validator.assess import Options, assess
from validator.model import Report
from validator.outputs import registry

ROSTERS = int(os.environ.get("RECOUNT_ROSTERS", "40"))
"""Random rosters; 300 before a release."""

AS_OF = dt.date(2026, 10, 1)
APPS = ("khan-academy", "freckle", "clever")
TITLES = {"khan-academy": "Khan Academy Districts", "freckle": "Freckle", "clever": "Clever"}

HEADERS = {
    "schools": ["School_id", "School_name", "School_number"],
    "students": [
        "School_id",
        "Student_id",
        "Student_number",
        "First_name",
        "Last_name",
        "Grade",
        "DOB",
        "Student_email",
    ],
    "teachers": ["School_id", "Teacher_id", "Teacher_email", "First_name", "Last_name"],
    "sections": [
        "School_id",
        "Section_id",
        "Teacher_id",
        "Name",
        "Grade",
        "Course_name",
        "Subject",
        "Term_name",
        "Term_start",
        "Term_end",
    ],
    "enrollments": ["School_id", "Section_id", "Student_id"],
    "staff": ["School_id", "Staff_id", "Staff_email", "First_name", "Last_name", "Title"],
}
FIRST = ["Bramble", "Clover", "Dapple", "Ember", "Fern", "Gable", "Hazel", "Ivory", "Juniper"]
LAST = ["Acorn", "Beetroot", "Chestnut", "Dogwood", "Elder", "Foxglove", "Gorse", "Heather"]

Row = list[str]
Files = dict[str, list[Row]]


def make_roster(seed: int) -> Files:
    """Return a district of one to four schools in which some things are wrong."""
    dice = random.Random(seed)
    files: Files = {name: [] for name in HEADERS}
    for number in range(dice.randint(1, 4)):
        school = f"{100 + number}"
        files["schools"].append([school, f"Nowhere {FIRST[number]} School", school])
        files["staff"].append(
            [school, f"9{number}", f"p{number}@adults.example", FIRST[number], "Oak", "Principal"]
        )
        _fill_school(files, dice, school)
    _add_second_schools(files, dice)
    return files


def _fill_school(files: Files, dice: random.Random, school: str) -> None:
    teachers = [_make_teacher(dice, school, number) for number in range(dice.randint(3, 7))]
    students = [_make_student(dice, school, number) for number in range(dice.randint(25, 60))]
    sections = [
        _make_section(dice, school, number, teachers=[row[1] for row in teachers])
        for number in range(dice.randint(4, 9))
    ]
    _share_addresses(dice, students, column=7)
    _share_addresses(dice, teachers, column=2)
    files["teachers"] += teachers
    files["students"] += students
    files["sections"] += sections
    for student in students:
        if dice.random() < 0.04:
            continue
        for section in dice.sample(sections, dice.randint(1, 3)):
            named = "nowhere" if dice.random() < 0.02 else section[1]
            files["enrollments"].append([school, named, student[1] or "nobody"])


def _make_teacher(dice: random.Random, school: str, number: int) -> Row:
    first, last = dice.choice(FIRST), f"{dice.choice(LAST)}{'aeiou'[number % 5]}"
    name = f"t{school}{number}"
    row = [school, name, f"{name}@adults.example", first, last]
    if dice.random() < 0.05:
        row[2] = dice.choice(["", "not an address"])
    return row


def _make_student(dice: random.Random, school: str, number: int) -> Row:
    grade = dice.randint(1, 5)
    name = f"s{school}{number}"
    born = dt.date(2026 - 6 - grade, dice.randint(1, 8), dice.randint(1, 28))
    row = [
        school,
        name,
        f"7{school}{number}",
        dice.choice(FIRST),
        f"{dice.choice(LAST)}{'bcdfghjklm'[number % 10]}{'aeiou'[number // 10 % 5]}",
        str(grade),
        f"{born:%m/%d/%Y}",
        f"{name}@children.example",
    ]
    chance = dice.random()
    if chance < 0.03:
        row[7] = dice.choice(["", "not an address"])
    elif chance < 0.05:
        row[6] = ""
    elif chance < 0.06:
        row[0] = f"unknown{number}"
    elif chance < 0.07:
        row[1] = ""
    elif chance < 0.08:
        row[4] = ""
    if dice.random() < 0.02:
        row[6] = "the fifth of May"
    return row


def _make_section(dice: random.Random, school: str, number: int, *, teachers: Sequence[str]) -> Row:
    name = f"c{school}{number}"
    teacher = dice.choice(teachers)
    chance = dice.random()
    if chance < 0.03:
        teacher = f"gone{number}"
    elif chance < 0.05:
        teacher = ""
    where = f"unknown{name}" if dice.random() < 0.05 else school
    row = [where, name, teacher, f"Room {name}", str(dice.randint(1, 5)), f"Math {name}"]
    return [*row, "Math", "2026-27", "08/17/2026", "06/04/2027"]


def _share_addresses(dice: random.Random, people: list[Row], *, column: int) -> None:
    """Give a few pairs of people one address."""
    for first, second in zip(people[::2], people[1::2], strict=False):
        if dice.random() < 0.03 and "@" in first[column] and "@" in second[column]:
            second[column] = first[column]


def _add_second_schools(files: Files, dice: random.Random) -> None:
    """List a few students again at another school: they are the same people."""
    schools = [row[0] for row in files["schools"]]
    for row in list(files["students"]):
        others = [school for school in schools if school != row[0]]
        if others and row[1] and row[0] in schools and dice.random() < 0.02:
            files["students"].append([dice.choice(others), *row[1:]])


def write_roster(files: Files, folder: Path) -> Path:
    """Write the files with the csv module."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADERS[name], *rows])
    return folder


# The recount: nothing of the product is used from here on.


@dataclass
class Kind:
    """How many of one kind are left after each step, in all and at each school."""

    steps: dict[str, int] = field(default_factory=dict)
    by_school: Counter[str] = field(default_factory=Counter)
    ready_by_school: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All in the file."""
        return next(iter(self.steps.values()))

    @property
    def ready(self) -> int:
        """Those left after the last step."""
        return list(self.steps.values())[-1]


Person = Mapping[str, Any]


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a file as the csv module reads them."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def recount(folder: Path, app: str) -> Mapping[str, Kind]:
    """Count who is ready for an app."""
    students = _list_people(read_rows(folder, "students"), "Student_id")
    teachers = _list_people(read_rows(folder, "teachers"), "Teacher_id")
    sections = read_rows(folder, "sections")
    schools = {row["School_id"] for row in read_rows(folder, "schools")}
    strict = app == "khan-academy"
    adults = Counter(row["Teacher_email"] for row in teachers if "@" in row["Teacher_email"])

    def is_taken(row: Person, key: str) -> bool:
        named = row["First_name"] and row["Last_name"]
        return bool(row[key] and named and row["schools"] <= schools)

    student_steps = {"taken": lambda row: is_taken(row, "Student_id")}
    teacher_steps = {"taken": lambda row: is_taken(row, "Teacher_id")}
    if strict:
        taken = [row for row in sections if row["School_id"] in schools]
        student_steps |= _require_of_students(students, _list_enrolled(folder, taken))
        teacher_steps |= {"email": lambda row: "@" in row["Teacher_email"]}
    teacher_steps |= {"own": lambda row: adults[row["Teacher_email"]] < 2}
    ready = {row["Teacher_id"] for row in teachers if all(it(row) for it in teacher_steps.values())}
    teacher_ids = {row["Teacher_id"] for row in teachers}
    section_steps = {
        "taken": lambda row: (
            row["School_id"] in schools
            and (row["Teacher_id"] in teacher_ids or (not row["Teacher_id"] and app == "clever"))
        ),
        "taught": lambda row: row["Teacher_id"] in ready or not row["Teacher_id"],
    }
    return {
        "students": _count(students, student_steps, schools),
        "teachers": _count(teachers, teacher_steps, schools),
        "sections": _count(sections, section_steps, schools),
    }


def _list_enrolled(folder: Path, sections: Sequence[Person]) -> set[str]:
    """Return the students in one of the sections; those of an unknown school are dropped."""
    known = {row["Section_id"] for row in sections}
    links = read_rows(folder, "enrollments")
    return {row["Student_id"] for row in links if row["Section_id"] in known}


def _require_of_students(students: Sequence[Person], enrolled: set[str]) -> dict[str, Any]:
    """Return what Khan Academy requires of students beyond what Clever does."""
    owners = Counter(row["Student_email"] for row in students if "@" in row["Student_email"])
    return {
        "email": lambda row: "@" in row["Student_email"],
        "own": lambda row: owners[row["Student_email"]] == 1,
        "born": lambda row: re.fullmatch(r"\d\d/\d\d/\d{4}", row["DOB"]) is not None,
        "section": lambda row: row["Student_id"] in enrolled,
    }


def _list_people(rows: Sequence[dict[str, str]], key: str) -> list[Person]:
    """Return each person once, at the school of the first row, with all schools."""
    people: dict[object, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        who = (row[key], row["First_name"], row["Last_name"]) if row[key] else number
        person = people.setdefault(who, {**row, "schools": set()})
        person["schools"].add(row["School_id"])
    return list(people.values())


def _count(rows: Iterable[Person], steps: Mapping[str, Any], schools: set[str]) -> Kind:
    """Count the people left after each step; each is counted at the first that stops them."""
    counted = Kind({"all": 0} | dict.fromkeys(steps, 0))
    for row in rows:
        school = row["School_id"] if row["School_id"] in schools else ""
        counted.steps["all"] += 1
        counted.by_school[school] += 1
        for name, passes in steps.items():
            if not passes(row):
                break
            counted.steps[name] += 1
        else:
            counted.ready_by_school[school] += 1
    return counted


# What the product says.


def say(report: Report, name: str, *, show_values: bool = False) -> str:
    """Return one output as text."""
    return registry.render(report, name, show_values=show_values).decode()


def compare_readiness(document: Mapping[str, Any], app: str, folder: Path) -> None:
    """Compare totals, steps and schools of one app."""
    told = document["readiness_by_profile"][app]
    for kind, counted in recount(folder, app).items():
        state = told[kind]
        assert (state["total"], state["ready"]) == (counted.total, counted.ready), (app, kind)
        assert state["ready"] + state["blocked"] + state["unknown"] == state["total"]
        left = [step["left"] for step in state["steps"]]
        wanted = list(counted.steps.values())
        assert list(dict.fromkeys(left)) == list(dict.fromkeys(wanted)), (app, kind)
        assert sorted(left, reverse=True) == left
        for place in range(len(left)):
            assert sum(row["left"][place] for row in state["by_school"]) == left[place]
    compare_schools(document, folder)


def compare_schools(document: Mapping[str, Any], folder: Path) -> None:
    """Compare the school table, which adds up with its row for unknown schools."""
    first = document["readiness"]
    same = [app for app, it in document["readiness_by_profile"].items() if it == first]
    counted = recount(folder, same[0])
    rows = {row["school_id"] or "": row for row in document["schools"]}
    for kind in ("students", "teachers", "sections"):
        told = Counter({school: row[kind] for school, row in rows.items() if row[kind]})
        assert told == counted[kind].by_school
    ready = Counter({school: row["ready"] for school, row in rows.items() if row["ready"]})
    assert ready == counted["students"].ready_by_school
    held = sum(row["blockers"] for row in rows.values())
    assert held == sum(first[kind]["blocked"] for kind in ("students", "teachers"))


def compare_levels(document: Mapping[str, Any]) -> None:
    """Compare levels with the outcomes and diagnoses that they count, for each app."""
    for profile in document["profiles"]:
        levels: Counter[str] = Counter()
        for outcome in document["outcomes"]:
            if outcome["status"] == "found" and profile["id"] in outcome["levels"]:
                levels[outcome["levels"][profile["id"]]] += 1
        for diagnosis in document["diagnoses"]:
            if diagnosis["sure"]:
                levels[diagnosis["levels"].get(profile["id"], diagnosis["level"])] += 1
        levels.pop("fact", None)
        assert {name: count for name, count in profile["levels"].items() if count} == levels
        held = document["readiness_by_profile"][profile["id"]]
        blocked = sum(held[kind]["blocked"] for kind in ("students", "teachers"))
        if blocked:
            assert profile["levels"]["blocker"] and profile["verdict"] == "not-ready"


def compare_terminal(report: Report, document: Mapping[str, Any], folder: Path) -> None:
    """Compare the headline and the sum of shown and further findings on the screen."""
    text = " ".join(say(report, "terminal").split())
    shown = len(re.findall(r"Who: ", text))
    more = re.search(r"(\d+) more findings? (?:is|are) in the reports", text)
    assert shown + (int(more[1]) if more else 0) == sum(document["levels"].values())
    for app, title in TITLES.items():
        if app not in document["readiness_by_profile"]:
            continue
        counted = recount(folder, app)
        blocked = {kind: it.total - it.ready for kind, it in counted.items()}
        told = [
            f"{blocked[kind]:,} of {counted[kind].total:,} {kind}"
            for kind in ("students", "teachers")
            if blocked[kind]
        ]
        ending = f" for {title}" if len(document["profiles"]) > 1 else " would get no"
        if told:
            assert f"{' and '.join(told)}{ending}" in text


def compare_page(report: Report, document: Mapping[str, Any], folder: Path) -> None:
    """Compare what the page says is ready, app by app."""
    text = re.sub(r"<[^>]+>", "", say(report, "html"))
    told = re.findall(r"([\d,]+) of ([\d,]+) (student|teacher)s? (?:is|are) ready", text)
    wanted = []
    for app in document["readiness_by_profile"]:
        counted = recount(folder, app)
        for kind in ("students", "teachers"):
            wanted.append((counted[kind].ready, counted[kind].total, kind[:-1]))
    got = [(int(a.replace(",", "")), int(b.replace(",", "")), kind) for a, b, kind in told]
    assert got == wanted


@pytest.mark.parametrize("seed", range(ROSTERS))
def test_the_first_screen_is_what_the_rows_say(seed: int, tmp_path: Path) -> None:
    folder = write_roster(make_roster(seed), tmp_path / "export")
    for apps in ([APPS[seed % 3]], list(APPS)):
        report = assess([folder], Options(profiles=apps, as_of=AS_OF))
        document = json.loads(say(report, "json", show_values=True))
        assert list(document["readiness_by_profile"]) == apps
        for app in apps:
            compare_readiness(document, app, folder)
        compare_levels(document)
        compare_terminal(report, document, folder)
        compare_page(report, document, folder)
