"""The forecast of a first sync: every number counted again from the files, without our code."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.support.nights import District
from validator import resources
from validator.assess import Options
from validator.assess.preview import Preview, preview_first_sync
from validator.model import AppForecast, BadUsage, Bound, ClassFigures, GradeRow
from validator.outputs import preview as output
from validator.outputs.first_sync import describe_classes_per_teacher, list_sentences
from validator.privacy.first_sync import hide

DAY = dt.date(2026, 11, 16)
K12 = {"Kindergarten", *map(str, range(1, 13))}
Rows = list[dict[str, str]]


def preview(folder: Path, **more: object) -> Preview:
    """The preview of an export for Khan Academy and Freckle."""
    options = Options(as_of=DAY, profiles=("khan-academy", "freckle"))
    return preview_first_sync([folder], options, **more)  # type: ignore[arg-type]


def read(folder: Path, name: str) -> Rows:
    """The rows of a file."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def first_of(rows: Rows, key: str) -> Rows:
    """The first row of each person."""
    return list({row[key]: row for row in reversed(rows)}.values())


def is_under(row: dict[str, str], age: int) -> bool | None:
    """Whether a student is younger; None without a birth date."""
    try:
        month, day, year = map(int, row["DOB"].split("/"))
    except ValueError:
        return None
    return (DAY.year - year, DAY.month, DAY.day) < (age, month, day)


def is_over(row: dict[str, str]) -> bool:
    """Whether a section's term has ended."""
    return dt.datetime.strptime(row["Term_end"], "%m/%d/%Y").date() < DAY


@pytest.fixture(params=["ready", "grown"])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The sample without faults, and a district with everything that is counted."""
    if request.param == "ready":
        return resources.find_samples() / "ready"
    district = District.load()
    students, sections = district.tables["students"], district.tables["sections"]
    for at, row in enumerate(students):
        row["Grade"] = "PostGraduate" if at % 16 == 0 else row["Grade"]
        row["DOB"] = "" if at % 40 == 1 else row["DOB"]
    for row in students[60:64]:
        row["Student_email"] = ""
    for at, row in enumerate(sections):
        if at % 3 == 0:
            row["Term_start"], row["Term_end"] = "08/17/2025", "06/12/2026"
        row["Teacher_2_id"] = sections[at - 1]["Teacher_id"] if at % 5 == 0 else ""
        if at % 9 == 0:
            row["Course_name"], row["Subject"] = "Physical Education", "PE and health"
    district.tables["teachers"][4]["Teacher_email"] = ""
    district.drop_students({students[7]["Student_id"]})
    return district.write(tmp_path / "grown")


def test_every_number_is_counted_again(export: Path) -> None:
    khan, freckle = preview(export).apps
    students = first_of(read(export, "students"), "Student_id")
    teachers = first_of(read(export, "teachers"), "Teacher_id")
    staff = first_of(read(export, "staff"), "Staff_id")
    assert (khan.students, freckle.students) == (len(students), len(students))
    assert (khan.teachers, khan.administrators) == (len(teachers), len(staff))
    without = sum(not row["Student_email"] for row in students)
    assert khan.students_without_address == without
    says = any("students have no e-mail address" in it for it in list_sentences(khan))
    assert says is bool(without)
    assert not any("students have no e-mail address" in it for it in list_sentences(freckle))
    assert khan.mails is None
    assert freckle.mails == sum(bool(row["Teacher_email"]) for row in teachers)
    check_grades(khan, students)
    check_classes(khan, export, {row["Teacher_id"] for row in teachers})
    check_places(khan, export, {row["Student_id"] for row in students})


def test_people_whose_rows_are_dropped_get_no_account(tmp_path: Path) -> None:
    district = District.load()
    students, teachers = district.tables["students"], district.tables["teachers"]
    sections = district.tables["sections"]
    for row in [*students[:5], teachers[0], sections[0]]:
        row["School_id"] = "0999"
    found = preview(district.write(tmp_path / "unknown"))
    app = found.apps[1]
    people = {row["Student_id"] for row in students}
    assert (app.students, app.teachers) == (len(people) - 5, len(teachers) - 1)
    assert app.classes.sections == len(sections) - 1
    assert sum(row.students for row in app.grades if isinstance(row.students, int)) == app.students
    steps = found.report.by_profile["freckle"].readiness["students"]
    assert steps.total - app.students == steps.by_rule["school-unknown"] == 5
    text = " ".join(output.render_text(found.apps, ()).split())
    assert (
        "5 students are on rows that the destination does not accept, and would get none." in text
    )
    assert "1 teacher is on a row that the destination does not accept, and would get none." in text
    described = output.build_document(found.apps, (), "2026-11-16")["apps"][1]
    assert described["left_out"] == {"students": 5, "teachers": 1}


def check_grades(app: AppForecast, students: Rows) -> None:
    """Students by grade and age."""
    grades = Counter(row["Grade"] for row in students)
    under = Counter(row["Grade"] for row in students if is_under(row, 13))
    unknown = Counter(row["Grade"] for row in students if is_under(row, 13) is None)
    said = {row.grade: (row.students, row.under, row.unknown) for row in app.grades}
    assert said == {grade: (grades[grade], under[grade], unknown[grade]) for grade in grades}
    assert (app.under, app.unknown) == (under.total(), unknown.total())
    others = sum(count for grade, count in grades.items() if grade not in K12)
    assert app.other_grades == others


def check_classes(app: AppForecast, export: Path, known: set[str]) -> None:
    """Classes, their teachers and their co-teachers."""
    sections = read(export, "sections")
    slots = [name for name in sections[0] if name.startswith("Teacher_")]
    taught: dict[str, set[str]] = defaultdict(set)
    primary, helpers, co_taught = set(), set(), 0
    for row in sections:
        for slot in slots:
            if row[slot] in known:
                taught[row[slot]].add(row["Section_id"])
        primary.add(row["Teacher_id"])
        others = {row[slot] for slot in slots[1:]} - {""}
        helpers |= others
        co_taught += bool(others)
    assert app.classes.sections == len(sections)
    assert dict(app.classes.per_teacher) == Counter(len(classes) for classes in taught.values())
    assert app.classes.co_taught == co_taught
    assert (app.classes.co_teachers, app.classes.never_primary) == (
        len(helpers),
        len(helpers - primary),
    )


def check_places(app: AppForecast, export: Path, known: set[str]) -> None:
    """Students in sections, and sections with the same students."""
    rows = read(export, "sections")
    teacher_of = {row["Section_id"]: row["Teacher_id"] for row in rows}
    over = {row["Section_id"] for row in rows if is_over(row)}
    members: dict[str, set[str]] = defaultdict(set)
    teachers: dict[str, set[str]] = defaultdict(set)
    for row in read(export, "enrollments"):
        if row["Student_id"] in known and row["Section_id"] in teacher_of:
            members[row["Section_id"]].add(row["Student_id"])
            if row["Section_id"] not in over:
                teachers[row["Student_id"]].add(teacher_of[row["Section_id"]])
    assert app.without_section == len(known - teachers.keys())
    assert app.several_teachers == sum(len(names) > 1 for names in teachers.values())
    assert app.classes.empty == len(teacher_of.keys() - members.keys())
    large = [(name, who) for name, who in members.items() if len(who) >= 5]
    alike = {
        name
        for name, who in large
        for other, them in large
        if name != other and len(who & them) >= 0.9 * max(len(who), len(them))
    }
    assert app.classes.same_students == len(alike)


def test_only_what_is_shared_is_counted(tmp_path: Path) -> None:
    export = resources.find_samples() / "ready"
    rules = tmp_path / "sharing.yaml"
    rules.write_text(
        "share: rules\nrules:\n  - match: sections\n    where:\n"
        "      - {field: Grade, is: [6, 7, 8]}\n      - {field: Subject, is: [math]}\n"
        "target: {licenses: 100}\n",
        encoding="utf-8",
    )
    options = Options(as_of=DAY, profiles=("khan-academy",), sharing=rules)
    app = preview_first_sync([export], options).apps[0]
    sections = [
        row
        for row in read(export, "sections")
        if row["Grade"] in ("6", "7", "8") and row["Subject"] == "Math"
    ]
    ids = {row["Section_id"] for row in sections}
    students = {
        row["Student_id"] for row in read(export, "enrollments") if row["Section_id"] in ids
    }
    primary = {row["Teacher_id"] for row in sections}
    helpers = {row["Teacher_2_id"] for row in sections} - {""}
    assert (app.students, app.teachers) == (len(students), len(primary | helpers))
    assert app.administrators == 0
    assert app.classes.sections == len(sections)
    assert app.classes.co_taught == sum(bool(row["Teacher_2_id"]) for row in sections)
    assert app.classes.co_teachers == len(helpers)
    assert app.classes.never_primary == len(helpers - primary)
    assert app.licenses_left == 100 - len(students)


def test_teachers_of_electives_only(tmp_path: Path) -> None:
    district = District.load()
    teacher = district.tables["sections"][0]["Teacher_id"]
    for row in district.tables["sections"]:
        if teacher in (row["Teacher_id"], row["Teacher_2_id"]):
            row["Course_name"] = row["Name"] = "Chorus"
            row["Subject"] = "Arts and music"
    before = preview(resources.find_samples() / "ready").apps[1].only_electives
    after = preview(district.write(tmp_path / "export")).apps[1]
    assert after.only_electives > before
    sentence = next(
        it for it in output.render_text([after], []).splitlines() if "only electives" in it
    )
    assert "would get an account and a welcome e-mail but" in sentence


def test_accounts_are_matched_by_what_the_app_finds_people_by(tmp_path: Path) -> None:
    export = resources.find_samples() / "ready"
    students = first_of(read(export, "students"), "Student_id")
    lines = ["Shown as;Login;External ref"]
    lines += [f"x;{row['Student_email'].upper()};{row['Student_id']}" for row in students[:20]]
    lines += [f"x;old.{row['Student_email']};{row['Student_id']}" for row in students[20:25]]
    lines += [f"x;nobody{at}@maplehollow.k12.example;n{at}" for at in range(3)]
    file = tmp_path / "accounts.csv"
    file.write_bytes("\r\n".join(lines).encode("utf-16"))
    made = preview(export, accounts=file, licenses=480)
    khan, freckle = made.accounts
    of_khan, of_freckle = khan.kinds[0], freckle.kinds[0]
    assert (of_khan.by, of_khan.matched, len(of_khan.second)) == ("email", 20, 5)
    assert (of_freckle.by, of_freckle.matched, len(of_freckle.second)) == ("id", 25, 0)
    assert of_khan.new == of_freckle.new == len(students) - 25
    assert list(khan.orphans) == [27, 28, 29]
    assert sorted(account for *_, account in of_khan.second) == [22, 23, 24, 25, 26]
    assert made.apps[0].licenses_left == 480 - len(students)
    result = output.build_document(made.apps, made.accounts, "2026-11-16")
    text = output.render_text(made.apps, made.accounts) + json.dumps(result)
    for row in students[:25]:
        assert row["Student_email"] not in text.lower()
        assert row["Last_name"] not in text
    assert "nobody0" not in text


@pytest.mark.parametrize("columns", ["Student_email", "Student_id"])
def test_second_accounts_are_not_told_by_a_list_without_what_the_app_finds_people_by(
    tmp_path: Path, columns: str
) -> None:
    export = resources.find_samples() / "ready"
    students = first_of(read(export, "students"), "Student_id")
    file = tmp_path / "accounts.csv"
    file.write_text("\n".join(["Konto", *(row[columns] for row in students)]))
    made = preview(export, accounts=file)
    (khan,), (freckle,) = (match.kinds for match in made.accounts)
    assert (khan.matched, freckle.matched) == (len(students), len(students))
    assert not khan.second and not freckle.second
    assert khan.is_settled is (columns == "Student_email")
    assert freckle.is_settled is (columns == "Student_id")
    assert (
        output.render_text(made.apps, made.accounts).count("it is not known who would get a") == 1
    )


def test_accounts_in_a_list_with_titles_and_a_row_for_each_use(tmp_path: Path) -> None:
    export = resources.find_samples() / "ready"
    students = first_of(read(export, "students"), "Student_id")
    lines = ["Use of the app,,", "Week 12,,", ",,", "Learner mail,Skill,Minutes"]
    for row in students[:30]:
        lines += [f"{row['Student_email']},{skill},{at}" for at, skill in enumerate("abc")]
    lines.append("gone@maplehollow.k12.example,a,3")
    file = tmp_path / "use.csv"
    file.write_text("\n".join(lines))
    khan = preview(export, accounts=file).accounts[0]
    assert (khan.accounts, khan.kinds[0].matched) == (31, 30)
    assert list(khan.orphans) == [len(lines)]


def test_few_children_are_never_told_exactly(tmp_path: Path) -> None:
    district = District.load()
    grade_of = {row["Student_id"]: row["Grade"] for row in district.tables["students"]}
    kept = [name for name, grade in grade_of.items() if grade == "12"][:4]
    dropped = {name for name, grade in grade_of.items() if grade == "12"} - set(kept)
    district.drop_students(dropped)
    app = hide(preview(district.write(tmp_path / "export")).apps[0])
    rows = {row.grade: row for row in app.grades}
    assert "12" not in rows
    assert isinstance(rows["other grades"].students, int)
    assert rows["other grades"].students >= 10
    hidden = [row for row in app.grades if isinstance(row.under, Bound)]
    assert len(hidden) != 1
    shown = sum(row.under for row in app.grades if isinstance(row.under, int))
    if isinstance(app.under, int) and hidden:
        assert app.under - shown >= 10


def test_a_district_of_few_children_says_nothing_of_grades_that_it_does_not_have() -> None:
    app = dataclasses.replace(
        preview(resources.find_samples() / "ready").apps[0],
        students=8,
        grades=[GradeRow("3", 8, 8, 0)],
        under=8,
        unknown=0,
        other_grades=0,
    )
    text = " ".join(list_sentences(hide(app)))
    assert "outside K-12" not in text and "Fewer than 10 students are under 13" in text


def test_one_of_everything_is_singular() -> None:
    classes = ClassFigures(1, per_teacher={1: 1}, same_students=2, groups=1, co_taught=1)
    for app in preview(resources.find_samples() / "ready").apps:
        alone = dataclasses.replace(
            app,
            teachers=1,
            students=1,
            several_teachers=1,
            administrators=1,
            under=1,
            classes=dataclasses.replace(classes, co_teachers=1, never_primary=1),
            licenses=1,
        )
        text = " ".join([*list_sentences(alone), describe_classes_per_teacher(alone)])
        plurals = (
            r"\b1 (welcome |staff )?(accounts|teachers|students|classes|groups|e-mails|members)"
        )
        assert not re.search(plurals, text), text


def test_an_app_of_which_nothing_is_known_is_refused(tmp_path: Path) -> None:
    options = Options(as_of=DAY, profiles=("clever",))
    with pytest.raises(BadUsage, match="nothing is known"):
        preview_first_sync([resources.find_samples() / "ready"], options)
    file = tmp_path / "accounts.csv"
    file.write_text("name,last seen\nx,yesterday\n", encoding="utf-8")
    with pytest.raises(BadUsage, match="no column with e-mail addresses"):
        preview(resources.find_samples() / "ready", accounts=file)


def test_accounts_whose_ids_lost_their_zeros_are_found(tmp_path: Path) -> None:
    district = District.load()
    district.pad_students()
    ids = sorted({row["Student_id"] for row in district.tables["students"]})
    file = tmp_path / "accounts.csv"
    file.write_text("\n".join(["Learner ID", *(id.lstrip("0") for id in ids[9:]), "7"]))
    freckle = preview(district.write(tmp_path / "export"), accounts=file).accounts[1]
    (students,) = freckle.kinds
    assert (students.matched, students.new, len(freckle.orphans)) == (len(ids) - 9, 9, 1)


def test_accounts_are_read_with_a_column_map(tmp_path: Path) -> None:
    export = resources.find_samples() / "ready"
    students = first_of(read(export, "students"), "Student_id")
    file = tmp_path / "accounts.csv"
    file.write_text("\n".join(["A,B", *(f"x,{row['Student_id']}" for row in students)]))
    columns = tmp_path / "map.yaml"
    columns.write_text(
        "tables:\n  students:\n    file: accounts.csv\n    columns: {Student_id: B}\n"
    )
    freckle = preview(export, accounts=file, app_columns=columns).accounts[1]
    assert (freckle.kinds[0].matched, len(freckle.orphans)) == (len(students), 0)
