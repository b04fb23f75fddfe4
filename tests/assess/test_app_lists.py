"""App lists of several layouts: users with roles, classes with teachers, other headings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import openpyxl
import pytest

from tests.compare.reconcile.planted import AS_OF, Row, list_records, write_rows
from tests.support.nights import District
from validator.assess import Options
from validator.assess.reconcile import ReconcileOptions, Reconciliation, reconcile
from validator.model import BadUsage, CannotRead
from validator.outputs.reconcile import terminal, words


def compare(folder: Path, district: District, app: Path) -> Reconciliation:
    """The comparison of a district with itself and an app's list."""
    export = [district.write(folder / "sis")]
    check = Options(as_of=AS_OF)
    return reconcile(ReconcileOptions(check=check, sis=export, clever=export, app=app))


def list_users(district: District) -> list[Row]:
    """Students and teachers in one list, with a role."""
    users = {
        row["Student_id"]: {
            "User Type": "Student",
            "External Ref": row["Student_id"],
            "Full Name": f"{row['Last_name']}, {row['First_name']}",
            "Login": row["Student_email"],
        }
        for row in district.tables["students"]
    }
    users |= {
        row["Teacher_id"]: {
            "User Type": "Teacher",
            "External Ref": row["Teacher_id"],
            "Full Name": f"{row['Last_name']}, {row['First_name']}",
            "Login": row["Teacher_email"],
        }
        for row in district.tables["teachers"]
    }
    return list(users.values())


def list_classes(district: District) -> list[Row]:
    """A row for each student and class, with the teacher."""
    students = {row["Student_id"]: row for row in district.tables["students"]}
    sections = {row["Section_id"]: row for row in district.tables["sections"]}
    teachers = {row["Teacher_id"]: row for row in district.tables["teachers"]}
    rows = []
    for link in district.tables["enrollments"]:
        student, section = students[link["Student_id"]], sections[link["Section_id"]]
        teacher = teachers[section["Teacher_id"]]
        rows.append(
            {
                "Class ID": section["Section_id"],
                "Class": section["Name"],
                "Teacher Name": f"{teacher['First_name']} {teacher['Last_name']}",
                "Teacher Email": teacher["Teacher_email"],
                "Student Name": f"{student['First_name']} {student['Last_name']}",
                "Student Email": student["Student_email"],
                "Minutes": "17",
            }
        )
    return rows


def test_users_with_roles(tmp_path: Path) -> None:
    district = District.load()
    users = list_users(district)
    lost = {users[4]["External Ref"], users[-2]["External Ref"]}
    kept = [user for user in users if user["External Ref"] not in lost]
    result = compare(tmp_path, district, write_rows(tmp_path / "users.csv", kept))
    records = list_records(result)
    assert {(it["id"], it["lost_between"]) for it in records} == {(id, "clever-app") for id in lost}
    assert {it["kind"] for it in records} == {"student", "teacher"}


def test_users_without_roles(tmp_path: Path) -> None:
    district = District.load()
    users = [
        {key: text for key, text in user.items() if key != "User Type"}
        for user in list_users(district)
    ]
    lost = {users[4]["External Ref"], users[-2]["External Ref"]}
    kept = [user for user in users if user["External Ref"] not in lost]
    result = compare(tmp_path, district, write_rows(tmp_path / "users.csv", kept))
    assert {it["id"] for it in list_records(result)} == lost


def test_a_row_for_each_student_and_class(tmp_path: Path) -> None:
    district = District.load()
    rows = list_classes(district)
    all_in = compare(tmp_path, district, write_rows(tmp_path / "all.csv", rows))
    taught = {row["Teacher_id"] for row in district.tables["sections"]}
    enrolled = {row["Student_id"] for row in district.tables["enrollments"]}
    assert not {it["id"] for it in list_records(all_in)} & (taught | enrolled)
    lost = rows[0]["Class ID"]
    kept = [row for row in rows if row["Class ID"] != lost]
    result = compare(tmp_path, district, write_rows(tmp_path / "some.csv", kept))
    sections = [it for it in list_records(result) if it["kind"] == "section"]
    assert [it["id"] for it in sections] == [lost]


def test_the_sections_of_a_grade_that_nobody_shares_are_probably_not_shared(tmp_path: Path) -> None:
    district = District.load()
    left_out = {row["Section_id"] for row in district.tables["sections"] if row["Grade"] == "12"}
    rows = [row for row in list_classes(district) if row["Class ID"] not in left_out]
    records = list_records(compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows)))
    sections = {it["id"]: (it["reason"], it["sure"]) for it in records if it["kind"] == "section"}
    assert sections == dict.fromkeys(left_out, ("not-shared", False))


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_under_other_headings_and_half_removed(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    district = District.load()
    users = list_users(district)[:400]
    names = dict(zip(users[0], ("Kind", "Kennung", "Wer", "Kontakt"), strict=True))
    renamed = [{names[key]: text for key, text in user.items()} for user in users]
    rng.shuffle(renamed)
    kept = renamed[: len(renamed) // 2]
    result = compare(tmp_path, district, write_rows(tmp_path / "liste.csv", kept))
    there = {row["Kennung"] for row in kept}
    everybody = {row["Student_id"] for row in district.tables["students"]}
    lost = {it["id"] for it in list_records(result) if it["lost_between"] == "clever-app"}
    assert lost == everybody - there
    assert {it["lost_between"] for it in list_records(result)} == {"clever-app"}


OTHER_FILES: Mapping[str, bytes] = {
    "empty": b"",
    "headings": b"SIS ID,Mail\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "strangers": b"Color,Shape\nred,round\nblue,square\n",
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_what_is_no_list_of_accounts_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "app.csv"
    path.write_bytes(OTHER_FILES[name])
    with pytest.raises(CannotRead):
        compare(tmp_path, District.load(), path)


def test_title_lines_above_the_headings_are_no_accounts(tmp_path: Path) -> None:
    users = [user for user in list_users(District.load()) if user["User Type"] == "Student"]
    lines = ["Usage report", "Exported,2026-11-01", "", "User,Minutes"]
    lines += [f"{user['Login']},3" for user in users[1:]]
    path = tmp_path / "usage.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (record,) = list_records(compare(tmp_path, District.load(), path))
    assert (record["id"], record["lost_between"]) == (users[0]["External Ref"], "clever-app")


def test_headings_over_two_rows(tmp_path: Path) -> None:
    district = District.load()
    students = district.tables["students"]
    lines = ["Student,,Usage", "ID,Email,Minutes"]
    lines += [f"{row['Student_id']},{row['Student_email']},12" for row in students]
    app = tmp_path / "usage.csv"
    app.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert compare(tmp_path, district, app).is_equal


def test_a_list_of_addresses_alone(tmp_path: Path) -> None:
    district = District.load()
    rows = [{"Email": row["Student_email"]} for row in district.tables["students"]]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert result.is_equal
    assert result.columns == {"students": {"Student_email": 1}}


def test_a_list_of_ids_alone_without_a_heading(tmp_path: Path) -> None:
    district = District.load()
    ids = list(dict.fromkeys(row["Student_id"] for row in district.tables["students"]))
    app = tmp_path / "app.csv"
    app.write_text("\n".join(ids[1:]))
    (record,) = list_records(compare(tmp_path, district, app))
    assert (record["id"], record["lost_between"]) == (ids[0], "clever-app")


def test_a_list_of_ids_alone_below_titles(tmp_path: Path) -> None:
    district = District.load()
    ids = list(dict.fromkeys(row["Student_id"] for row in district.tables["students"]))
    app = tmp_path / "app.csv"
    app.write_text("\n".join(["Accounts of the app", "", "SIS ID", *ids[:3], "0000", *ids[3:]]))
    (record,) = list_records(compare(tmp_path, district, app))
    assert (record["id"], record["reason"]) == ("0000", "not-in-sis")
    assert [it["line"] for it in record["places"]] == [7]


def test_whole_names_and_birth_dates_under_headings_that_nobody_knows(tmp_path: Path) -> None:
    district = District.load()
    rows = [
        {"Pupil": f"{row['Last_name']}, {row['First_name']}", "Born on": row["DOB"], "Yr": "x"}
        for row in district.tables["students"]
    ]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert result.columns["students"].keys() == {"First_name", "Last_name", "DOB"}
    assert result.is_equal


def test_whole_names_alone_are_matched_however_they_are_divided(tmp_path: Path) -> None:
    district = District.load()
    rows = [{"Pupil": f"{row['First_name']} {row['Last_name']}"} for row in first_rows(district)]
    assert sum(len(row["Pupil"].split()) > 2 for row in rows) > 9
    assert compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows)).is_equal


def test_students_of_one_name_are_two_accounts(tmp_path: Path) -> None:
    district = District.load()
    first, second = district.tables["students"][:2]
    name = {key: first[key] for key in ("First_name", "Last_name")}
    for row in district.tables["students"]:
        if row["Student_id"] == second["Student_id"]:
            row.update(name, DOB="02/03/2014")
    rows = [
        {"Pupil": f"{row['First_name']} {row['Last_name']}", "Birthday": row["DOB"]}
        for row in district.tables["students"]
    ]
    assert compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows)).is_equal


def test_one_teacher_on_the_row_of_each_student_is_not_all_of_them(tmp_path: Path) -> None:
    district = District.load()
    rows = list({row["Student Email"]: row for row in list_classes(district)}.values())
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert {record["kind"] for record in list_records(result)} <= {"student"}
    assert any("only one of the student's teachers" in note for note in result.notes)


def test_teachers_are_no_students_with_the_same_names(tmp_path: Path) -> None:
    district = District.load()
    rows = [
        {
            "Teacher First Name": row["First_name"],
            "Teacher Last Name": row["Last_name"],
            "Teacher Email": row["Teacher_email"],
        }
        for row in district.tables["teachers"]
    ]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert result.columns.keys() == {"teachers"} and result.is_equal


def test_an_address_of_two_students_and_one_account(tmp_path: Path) -> None:
    district = District.load()
    first, second = list({row["Student_id"]: row for row in district.tables["students"]})[:2]
    rows = [{"Email": row["Student_email"]} for row in district.tables["students"]]
    shared = next(
        r["Student_email"] for r in district.tables["students"] if r["Student_id"] == first
    )
    for row in district.tables["students"]:
        if row["Student_id"] == second:
            rows = [each for each in rows if each["Email"] != row["Student_email"]]
    for row in district.tables["students"]:
        if row["Student_id"] == second:
            row["Student_email"] = shared
    records = list_records(compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows)))
    reasons = {(it["id"], it["reason"], it["sure"]) for it in records}
    assert reasons == {
        (first, "student-email-repeated", False),
        (second, "student-email-repeated", False),
        (None, "several-candidates", False),
    }


def test_an_id_of_another_person_in_a_list_without_birth_dates(tmp_path: Path) -> None:
    district = District.load()
    users = list_users(district)
    users[7] |= {"Full Name": "Quarrelton, Zoltan", "Login": "zq@elsewhere.example"}
    (record,) = list_records(compare(tmp_path, district, write_rows(tmp_path / "app.csv", users)))
    assert (record["id"], record["reason"]) == (users[7]["External Ref"], "other-person")
    assert record["owner"] == "registrar"


def test_ids_that_lost_their_zeros_in_a_spreadsheet(tmp_path: Path) -> None:
    district = District.load()
    ids = {row["Student_id"] for row in district.tables["students"]}
    district.pad_students()
    rows = [
        {"Student ID": row["Student_id"].lstrip("0"), "First Name": row["First_name"]}
        for row in district.tables["students"]
    ]
    lost = rows.pop(30)["Student ID"]
    assert lost in ids
    rows = [row for row in rows if row["Student ID"] != lost]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    (record,) = list_records(result)
    assert (record["id"], record["lost_between"]) == (f"00{lost}", "clever-app")
    assert any("SIS ids" in note for note in result.notes)


@pytest.mark.parametrize("heading", ["Learner ID", "Nr", "Ext no.", "Kennung"])
def test_ids_without_zeros_under_a_heading_that_nobody_knows(tmp_path: Path, heading: str) -> None:
    district = District.load()
    district.pad_students()
    rows = [
        {heading: row["Student_id"].lstrip("0"), "Learner": row["Last_name"], "Points": "3"}
        for row in first_rows(district)
    ]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert result.columns["students"]["Student_id"] == 1 and result.is_equal


def write_book(path: Path, sheets: Mapping[str, list[Row]]) -> Path:
    """Write a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for cells in [list(rows[0]), *(list(row.values()) for row in rows)]:
            sheet.append(cells)
    book.save(path)
    return path


def test_sheets_without_accounts_and_sheets_of_other_people(tmp_path: Path) -> None:
    district = District.load()
    summary: list[Row] = [{"Licenses": "Used", "500": "430"}]
    users: dict[str, list[Row]] = {"Student": [], "Teacher": []}
    for user in list_users(district):
        users[user["User Type"]].append({"SIS ID": user["External Ref"], "Login": user["Login"]})
    book = write_book(tmp_path / "app.xlsx", {"Summary": summary, "Learners": users["Student"]})
    result = compare(tmp_path, district, book)
    assert result.columns.keys() == {"students"} and result.is_equal
    sheets = {"Summary": summary, "Learners": users["Student"], "Staff": users["Teacher"]}
    result = compare(tmp_path, district, write_book(tmp_path / "app.xlsx", sheets))
    assert result.columns.keys() == {"students", "teachers"} and result.is_equal
    sheets = {"Fall": users["Student"], "Spring": users["Student"]}
    with pytest.raises(BadUsage, match=r"2 lists: app\.xlsx: Fall, app\.xlsx: Spring; name one"):
        compare(tmp_path, district, write_book(tmp_path / "app.xlsx", sheets))


def test_who_may_be_another_record_is_not_called_lost(tmp_path: Path) -> None:
    district = District.load()
    first, second, third = first_rows(district)[:3]
    names = {key: first[key] for key in ("First_name", "Last_name")}
    for row in district.tables["students"]:
        if row["Student_id"] == second["Student_id"]:
            row.update(names)
    rows = [
        {"Pupil": f"{row['First_name']} {row['Last_name']}"}
        for row in first_rows(district)
        if row["Student_id"] != third["Student_id"]
    ]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    said = words.describe_result(result)
    assert said.startswith("1 student was lost between two lists; 2 students may be lost, since ")
    heading, students, *_ = terminal.count_rows(result)
    counts = dict(zip(heading, students, strict=True))
    assert (counts["lost"], counts["may be lost"]) == ("1", "2")
    assert "2 students are in Clever and perhaps not in the app: several" in " ".join(
        terminal.render(result).split()
    )


def test_initials_behind_a_first_name_are_no_difference(tmp_path: Path) -> None:
    district = District.load()
    rows = [
        {"Name": f"{row['Last_name']}, {row['First_name']} {'ABC'[at % 3]}.", "DOB": row["DOB"]}
        for at, row in enumerate(first_rows(district))
    ]
    assert compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows)).is_equal


def first_rows(district: District) -> list[Row]:
    """The first row of each student."""
    return list({row["Student_id"]: row for row in district.tables["students"]}.values())


def number_students(district: District) -> None:
    """Give the students the ids 1, 2, 3 and so on, as short as scores and minutes."""
    every = dict.fromkeys(row["Student_id"] for row in district.tables["students"])
    ids = {id: str(number) for number, id in enumerate(every, 1)}
    for table in ("students", "enrollments"):
        for row in district.tables[table]:
            row["Student_id"] = ids[row["Student_id"]]


@pytest.mark.parametrize("column", ["Email", "Pupil"])
def test_minutes_are_no_ids(tmp_path: Path, column: str) -> None:
    district, random = District.load(), Random(3)
    number_students(district)
    rows = [
        {
            "Email": row["Student_email"],
            "Pupil": f"{row['First_name']} {row['Last_name']}",
            "Born": row["DOB"],
            "Minutes": str(random.randrange(1, 300)),
            "Level reached": str(random.randrange(1, 9)),
        }
        for row in district.tables["students"]
    ]
    unwanted = {"Email", "Pupil"} - {column}
    rows = [{name: cell for name, cell in row.items() if name not in unwanted} for row in rows]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert "Student_id" not in result.columns["students"]
    assert result.is_equal and not result.notes


def test_short_ids_under_an_unknown_heading(tmp_path: Path) -> None:
    district, random = District.load(), Random(5)
    number_students(district)
    rows = [
        {
            "Kennung": row["Student_id"],
            "Pupil": f"{row['First_name']} {row['Last_name']}",
            "Minutes": str(random.randrange(1, 300)),
        }
        for row in district.tables["students"]
    ]
    result = compare(tmp_path, district, write_rows(tmp_path / "app.csv", rows))
    assert result.columns["students"]["Student_id"] == 1 and result.is_equal
