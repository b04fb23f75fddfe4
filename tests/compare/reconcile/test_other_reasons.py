"""Reasons that are no rules: not shared, held changes, second accounts, other values."""

from __future__ import annotations

from pathlib import Path

from tests.compare.reconcile.planted import (
    Trio,
    change_app,
    list_records,
    set_cells,
    summarize,
)


def test_a_second_account_under_another_id_and_address(tmp_path: Path) -> None:
    trio = Trio.load()
    id = trio.find(30)
    change_app(trio, id, **{"SIS ID": "X77", "Mail": "other@x.example"})
    (record,) = list_records(trio.run(tmp_path))
    assert (record["id"], record["reason"], record["app"]) == (id, "second-account", True)
    assert (record["lost_between"], record["owner"]) == (None, "app-support")


def test_a_further_account_of_somebody_who_has_one(tmp_path: Path) -> None:
    trio = Trio.load()
    row = dict(trio.app[30])
    trio.app.append({**row, "SIS ID": "", "Mail": "private@x.example"})
    (record,) = list_records(trio.run(tmp_path))
    assert (record["id"], record["reason"]) == (row["SIS ID"], "second-account")
    places = [it["line"] for it in record["places"] if it["list"] == "app"]  # type: ignore[attr-defined]
    assert places == [32, len(trio.app) + 1]


def test_somebody_matched_by_address_alone_has_no_record(tmp_path: Path) -> None:
    trio = Trio.load()
    for row in trio.app[10:40]:
        row["SIS ID"] = ""
    assert trio.run(tmp_path).is_equal


def test_an_app_without_ids_is_matched_by_address(tmp_path: Path) -> None:
    trio = Trio.load()
    trio.app = [{"User": row["Mail"].upper(), "Minutes": "12"} for row in trio.app[3:]]
    records = list_records(trio.run(tmp_path))
    first = list(dict.fromkeys(row["Student_id"] for row in trio.sis.tables["students"]))
    assert {it["id"] for it in records} <= set(first)
    assert all(it["lost_between"] == "clever-app" for it in records)


def test_a_held_change_and_another_grade(tmp_path: Path) -> None:
    trio = Trio.load()
    moved, renamed = trio.find(40), trio.find(41)
    for row in trio.rows("sis", moved):
        row["School_id"] = "102"
    change_app(trio, renamed, Level="Other")
    expected = {
        ("student", moved): (None, "held-change"),
        ("student", renamed): (None, "other-grade"),
    }
    assert summarize(trio.run(tmp_path)) == expected


def test_a_student_lost_because_clever_has_another_grade(tmp_path: Path) -> None:
    trio = Trio.load()
    id = trio.find(60)
    for row in trio.clever.tables["students"]:
        if row["Student_id"] == id:
            row["Grade"] = "3"
    trio.remove(id, "clever-app")
    (record,) = list_records(trio.run(tmp_path))
    assert (record["lost_between"], record["reason"]) == ("clever-app", "other-grade")
    assert record["owner"] == "clever-administrator"


def test_a_fault_that_only_clever_has_is_clevers_administrators(tmp_path: Path) -> None:
    trio = Trio.load()
    id = trio.find(60)
    for row in trio.clever.tables["students"]:
        if row["Student_id"] == id:
            row["Student_email"] = ""
    trio.remove(id, "clever-app")
    (record,) = list_records(trio.run(tmp_path))
    assert (record["reason"], record["owner"]) == ("student-email-missing", "clever-administrator")


def test_who_left_the_sis_and_is_still_there(tmp_path: Path) -> None:
    trio = Trio.load()
    id = trio.find(70)
    trio.sis.drop_students({id})
    assert summarize(trio.run(tmp_path)) == {("student", id): (None, "not-in-sis")}


def test_an_account_that_nobody_else_knows(tmp_path: Path) -> None:
    trio = Trio.load()
    trio.app.append(
        {
            **trio.app[0],
            "SIS ID": "Z1",
            "Given Name": "Zed",
            "Family Name": "Zetter",
            "Mail": "zed@x.example",
            "Birthday": "01/02/2014",
        }
    )
    (record,) = list_records(trio.run(tmp_path))
    assert (record["sis"], record["clever"], record["app"]) == (False, False, True)
    assert (record["reason"], record["owner"]) == ("not-in-sis", "app-support")


def test_a_whole_school_that_is_not_in_the_app_is_probably_not_shared(tmp_path: Path) -> None:
    trio = Trio.load()
    ids = {row["Student_id"] for row in trio.sis.students_of("103")}
    trio.app = [row for row in trio.app if row["SIS ID"] not in ids]
    records = list_records(trio.run(tmp_path))
    assert {it["id"] for it in records} == ids
    assert {it["reason"] for it in records} == {"not-shared"}
    assert not any(it["sure"] for it in records)


def test_sharing_rules_say_who_is_not_shared(tmp_path: Path) -> None:
    trio = Trio.load()
    sharing = tmp_path / "sharing.yaml"
    sharing.write_text("share: schools\nschools: ['101', '102']\n")
    ids = {row["Student_id"] for row in trio.sis.students_of("103")}
    trio.app = [row for row in trio.app if row["SIS ID"] not in ids]
    other = trio.find(3)
    trio.remove(other, "clever-app")
    records = list_records(trio.run(tmp_path, sharing=sharing))
    reasons = {it["id"]: it["reason"] for it in records}
    assert reasons == {**dict.fromkeys(ids, "not-shared"), other: "unknown"}
    assert all(it["sure"] for it in records)


def test_two_children_with_one_id_are_told_apart(tmp_path: Path) -> None:
    trio = Trio.load()
    first, second = trio.find(80), trio.find(90)
    set_cells(Student_id=first)(trio, "sis", second)
    trio.clever.drop_students({second})
    trio.app = [row for row in trio.app if row["SIS ID"] != second]
    result = trio.run(tmp_path)
    found = {it["places"][0]["line"]: it["reason"] for it in list_records(result)}  # type: ignore[index]
    assert set(found.values()) == {"student-id-repeated"} and len(found) == 1


def test_similar_names_and_one_birth_date_are_probably_one_child(tmp_path: Path) -> None:
    trio = Trio.load()
    id = trio.find(100)
    row = next(row for row in trio.app if row["SIS ID"] == id)
    row.update({"SIS ID": "", "Mail": "", "Given Name": row["Given Name"] + "e"})
    (record,) = list_records(trio.run(tmp_path))
    assert (record["id"], record["app"], record["sure"]) == (id, True, False)


def test_twins_are_not_guessed(tmp_path: Path) -> None:
    trio = Trio.load()
    first, second = trio.find(110), trio.find(111)
    same = {"Last_name": "Quillfeather", "DOB": "03/04/2015"}
    for id, name in ((first, "Anna"), (second, "Anne")):
        set_cells(**same, First_name=name, Student_email="")(trio, "clever", id)
        trio.remove(id, "clever-app")
    account = {"SIS ID": "", "Mail": "", "Given Name": "Annae", "Family Name": "Quillfeather"}
    trio.app.append({**trio.app[0], **account, "Birthday": "03/04/2015"})
    records = list_records(trio.run(tmp_path))
    assert len(records) == 3
    assert not any(it["sis"] and it["app"] for it in records)
    assert not all(it["sure"] for it in records)
