"""Forty nights of a district with planted events: the guard stops on these nights only."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.support import nights
from tests.support.nights import District
from validator.assess import Options
from validator.assess.guard import Acceptance, GuardOptions, watch
from validator.checks import registry
from validator.compare.guard.state import read_history
from validator.model import Night

pytestmark = pytest.mark.slow

FIRST = dt.date(2026, 10, 5)
THRESHOLDS = """
calendar:
  - {name: Thanksgiving, from: 11-26, to: 11-27, pause: true}
  - name: second semester
    from: 2026-11-09
    to: 2026-11-10
    phase: rollover
"""

PLANTED = {
    5: "transfer week",
    9: "students cut",
    12: "enrollments cut",
    16: "ids of a school",
    20: "new term without a calendar",
    24: "empty file",
    28: "zero bytes",
    31: "file missing",
    33: "export missing",
    39: "new addresses of a school",
}
"""Night -> what goes wrong on it."""

ALLOWED = {36: "new term in the calendar"}
"""Night -> what looks the same and is expected."""


def spoil(event: str, district: District, folder: Path) -> None:
    """Write the export of a night on which something happens."""
    if event == "transfer week":
        district.transfer("101", "102", 0.2)
    if event == "ids of a school":
        district.change_ids("103")
    if event.startswith("new term"):
        district.roll_over()
    if event == "new addresses of a school":
        district.change_addresses("102")
    if event == "export missing":
        return
    district.write(folder)
    if event == "students cut":
        nights.cut(folder / "students.csv", 0.7)
    if event == "enrollments cut":
        nights.cut(folder / "enrollments.csv", 0.8)
    if event == "empty file":
        nights.empty(folder / "enrollments.csv")
    if event == "zero bytes":
        (folder / "teachers.csv").write_bytes(b"")
    if event == "file missing":
        (folder / "staff.csv").unlink()


def hash_folder(folder: Path) -> dict[str, str]:
    """The digest of each file in a folder."""
    return {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in folder.iterdir()}


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Night], Path, list[bool]]:
    """The decisions of forty nights, the state folder, and whether the release was right."""
    place = tmp_path_factory.mktemp("forty")
    (place / "thresholds.yaml").write_text(THRESHOLDS, encoding="utf-8")
    random, district = Random(7), District.load()
    decided: list[Night] = []
    is_whole: list[bool] = []
    released: dict[str, str] = {}
    for number in range(1, 41):
        day = FIRST + dt.timedelta(days=number - 1)
        tonight = district.copy()
        folder = place / f"export-{number}"
        event = PLANTED.get(number) or ALLOWED.get(number, "")
        spoil(event, tonight, folder)
        if number in ALLOWED:
            district = tonight
        night = watch([folder], options(place, day))
        decided.append(night)
        if night.goes:
            released = hash_folder(folder)
        is_whole.append(hash_folder(place / "release") == released)
        district.live_a_day(random)
    return decided, place / "state", is_whole


def options(place: Path, day: dt.date, **more: object) -> GuardOptions:
    """The options of a night for Khan Academy and Freckle."""
    return GuardOptions(
        check=Options(as_of=day, profiles=("khan-academy", "freckle")),
        state=place / "state",
        release=place / "release",
        thresholds=place / "thresholds.yaml",
        patience=1,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.promise("The guard stops on nights on which something went wrong, and on no other")
def test_the_guard_stops_on_the_planted_nights_and_on_no_other(
    forty: tuple[list[Night], Path, list[bool]],
) -> None:
    stopped = {night.number for night in forty[0] if not night.goes}
    words = {night.number: [it.sentence for it in night.stopping] for night in forty[0]}
    assert stopped == set(PLANTED), words


def test_the_release_folder_holds_the_last_export_let_through(
    forty: tuple[list[Night], Path, list[bool]],
) -> None:
    assert all(forty[2])


def test_each_planted_night_names_its_cause(
    forty: tuple[list[Night], Path, list[bool]],
) -> None:
    codes = {night.number: {it.code for it in night.stopping} for night in forty[0]}
    subjects = {night.number: {it.subject for it in night.stopping} for night in forty[0]}
    assert "each_school.students.moved" in subjects[5]
    assert "district.students.gone" in subjects[9]
    assert {"threshold", "school-threshold"} <= codes[12]
    assert "each_school.students.new_ids" in subjects[16]
    assert "district.sections.gone" in subjects[20]
    assert {"file-dropped", "floor"} <= codes[24]
    assert codes[33] == {"not-read"}
    assert "each_school.students.new_addresses" in subjects[39]


def test_the_history_has_every_night(forty: tuple[list[Night], Path, list[bool]]) -> None:
    lines = read_history(forty[1])
    assert [line["night"] for line in lines] == list(range(1, 41))
    decisions = {line["night"] for line in lines if line["decision"] == "stop"}
    assert decisions == set(PLANTED)


def test_a_paused_day_lets_nothing_through(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text(THRESHOLDS, encoding="utf-8")
    folder = District.load().write(tmp_path / "export")
    night = watch([folder], options(tmp_path, dt.date(2027, 11, 26)))
    assert [reason.code for reason in night.stopping] == ["paused"] or not night.goes
    assert "paused" in {reason.code for reason in night.stopping}


def test_a_stopped_export_is_let_through_by_name_and_reason(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text(THRESHOLDS, encoding="utf-8")
    district = District.load()
    watch([district.write(tmp_path / "one")], options(tmp_path, FIRST))
    district.transfer("101", "102", 0.3)
    folder, day = district.write(tmp_path / "two"), FIRST + dt.timedelta(days=1)
    assert not watch([folder], options(tmp_path, day)).goes
    who = Acceptance("P. Ramos", "boundaries were redrawn")
    night = watch([folder], options(tmp_path, day, accept=who))
    assert night.by_hand and night.goes
    assert hash_folder(tmp_path / "release") == hash_folder(folder)
    line = read_history(tmp_path / "state")[-1]
    assert line["accepted"] == {"by": "P. Ramos", "reason": "boundaries were redrawn"}
    assert watch([folder], options(tmp_path, day)).goes


def test_an_accepted_fault_stays_accepted_until_it_grows(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text("few: 5\n", encoding="utf-8")
    district = District.load()
    for row in district.tables["students"][:3]:
        row["Student_email"] = ""
    folder = district.write(tmp_path / "export")
    assert not watch([folder], options(tmp_path, FIRST)).goes
    who = Acceptance("P. Ramos", "three students without a device")
    assert watch([folder], options(tmp_path, FIRST, accept=who)).by_hand
    night = watch([folder], options(tmp_path, FIRST))
    assert night.goes and not night.by_hand
    assert [reason.subject for reason in night.reasons] == ["student-email-missing"]
    district.tables["students"][3]["Student_email"] = ""
    assert not watch([district.write(folder)], options(tmp_path, FIRST)).goes


def test_a_rule_that_fails_stops_the_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_check(known: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(known)
        def fail(*tables: object, **settings: object) -> None:
            raise KeyError("a fault")

        return fail

    (tmp_path / "thresholds.yaml").write_text("few: 5\n", encoding="utf-8")
    folder = District.load().write(tmp_path / "export")
    names = [name for name in registry.CHECKS if name.startswith("names.")]
    for name in names:
        monkeypatch.setitem(registry.CHECKS, name, break_check(registry.CHECKS[name]))
    night = watch([folder], options(tmp_path, FIRST))
    assert not night.goes
    assert "rule-broken" in {reason.code for reason in night.stopping}
    assert not (tmp_path / "release").exists()


def test_a_damaged_state_stops_until_somebody_begins_again(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text("few: 5\n", encoding="utf-8")
    folder = District.load().write(tmp_path / "export")
    assert watch([folder], options(tmp_path, FIRST)).goes
    (tmp_path / "state" / "key").write_bytes(b"short")
    night = watch([folder], options(tmp_path, FIRST))
    assert [reason.code for reason in night.stopping] == ["state-damaged"]
    who = Acceptance("P. Ramos", "the disk was replaced")
    assert watch([folder], options(tmp_path, FIRST, accept=who)).by_hand
    assert watch([folder], options(tmp_path, FIRST)).goes


def test_one_hold_for_two_apps_is_one_reason(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text("few: 5\n", encoding="utf-8")
    district = District.load()
    day = FIRST
    assert watch([district.write(tmp_path / "one")], options(tmp_path, day)).goes
    nights.cut(district.write(tmp_path / "two") / "students.csv", 0.5)
    night = watch([tmp_path / "two"], options(tmp_path, day + dt.timedelta(days=1)))
    (hold,) = [it for it in night.reasons if it.subject == "change-deletes-many.students"]
    assert hold.profile == "Khan Academy Districts, Freckle"


def test_a_clock_that_jumps_is_mentioned_and_mixes_nothing_up(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text("few: 5\n", encoding="utf-8")
    folder = District.load().write(tmp_path / "export")
    days = (FIRST, FIRST + dt.timedelta(days=90), FIRST - dt.timedelta(days=2), FIRST)
    decided = [watch([folder], options(tmp_path, day)) for day in days]
    assert [night.number for night in decided] == [1, 2, 3, 4]
    assert all(night.goes for night in decided)
    assert "days have passed" in decided[1].notices[0]
    assert "check the clock" in decided[2].notices[0]
    assert [past.number for past in decided[3].earlier] == [1, 2, 3]


def test_a_zip_is_released_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thresholds.yaml").write_text("few: 5\n", encoding="utf-8")
    folder = District.load().write(tmp_path / "export")
    archive = Path(shutil.make_archive(str(tmp_path / "tonight"), "zip", folder))
    assert watch([archive], options(tmp_path, FIRST)).goes
    released = list((tmp_path / "release").iterdir())
    assert [it.name for it in released] == ["tonight.zip"]
    assert released[0].read_bytes() == archive.read_bytes()
