"""Planted losses: the first place of loss and the reason of each, and none invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.reconcile.planted import STUDENT_FAULTS, Trio, list_records, summarize

GAPS = {"sis-clever": "sis", "clever-app": "clever"}


@pytest.mark.parametrize("gap", GAPS)
def test_each_planted_loss_has_its_place_and_its_reason(tmp_path: Path, gap: str) -> None:
    trio = Trio.load()
    expected = {}
    for at, (rule, plant) in enumerate(STUDENT_FAULTS.items()):
        id = trio.find(20 + 7 * at)
        plant(trio, GAPS[gap], id)
        trio.remove(id, gap)
        expected["student", id] = (gap, rule)
    assert summarize(trio.run(tmp_path)) == expected


def test_losses_at_both_gaps_at_once(tmp_path: Path) -> None:
    trio = Trio.load()
    expected = {}
    for at, (rule, plant) in enumerate(STUDENT_FAULTS.items()):
        for step, (gap, name) in enumerate(GAPS.items()):
            id = trio.find(20 + 14 * at + step)
            plant(trio, name, id)
            trio.remove(id, gap)
            expected["student", id] = (gap, rule)
    assert summarize(trio.run(tmp_path)) == expected


def test_without_a_list_of_clever_the_gap_is_between_sis_and_app(tmp_path: Path) -> None:
    trio = Trio.load()
    id = trio.find(5)
    STUDENT_FAULTS["student-email-missing"](trio, "sis", id)
    trio.remove(id, "clever-app")
    (record,) = list_records(trio.run(tmp_path, clever=False))
    assert (record["lost_between"], record["reason"]) == ("sis-app", "student-email-missing")
    assert record["owner"] == "registrar"


def test_three_equal_lists_have_no_records(tmp_path: Path) -> None:
    result = Trio.load().run(tmp_path)
    assert result.is_equal and not result.has_lost


def test_a_fault_of_people_who_arrive_is_no_loss(tmp_path: Path) -> None:
    trio = Trio.load()
    for at, plant in enumerate(STUDENT_FAULTS.values()):
        plant(trio, "clever", trio.find(20 + 7 * at))
    faulty = {trio.find(20 + 7 * at) for at in range(len(STUDENT_FAULTS))}
    lost = [it for it in list_records(trio.run(tmp_path)) if it["lost_between"]]
    assert not lost, [(it["id"] in faulty, it) for it in lost]


@pytest.mark.parametrize("gap", GAPS)
def test_a_row_that_could_not_be_read_whole(tmp_path: Path, gap: str) -> None:
    trio = Trio.load()
    id = trio.find(33)
    trio.remove(id, gap)
    trio.run(tmp_path)
    for name in ("sis", "clever")[: 1 if gap == "sis-clever" else 2]:
        path = tmp_path / name / "students.csv"
        lines = path.read_bytes().split(b"\r\n")
        lines = [line + b",,,more" if f",{id},".encode() in line else line for line in lines]
        path.write_bytes(b"\r\n".join(lines))
    (record,) = list_records(trio.compare(tmp_path))
    assert (record["sis"], record["app"]) == (True, False)
    assert (record["lost_between"], record["reason"]) == (gap, "row-wrong-length")
