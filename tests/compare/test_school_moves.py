"""Who moved, who left one of several schools, and who is at one more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from validator.assess import forecast_changes
from validator.compare.preview import Forecast

Write = Callable[..., Path]

SECTIONS = "School_id,Section_id,Teacher_id\n1,m1,t1\n"
ENROLLMENTS = "School_id,Section_id,Student_id\n1,m1,s9\n"

ORGS = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n" + "".join(
    f"{number},,,Oak {number},school,,\n" for number in range(1, 4)
)
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName"
)


def write_clever(folder: Path, *schools: str) -> Path:
    """Write a made-up Clever export with one student at these schools."""
    folder.mkdir()
    rows = "".join(f"{school},s1,Freya,Copperpot\n" for school in schools)
    students = f"School_id,Student_id,First_name,Last_name\n{rows}1,s9,Odo,Quillfeather\n"
    files = {"students": students, "sections": SECTIONS, "enrollments": ENROLLMENTS}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def write_oneroster(folder: Path, *schools: str) -> Path:
    """Write a made-up OneRoster export with one student at these schools."""
    folder.mkdir()
    student = f's1,,,true,"{",".join(schools)}",student,fc,Freya,Copperpot\n'
    (folder / "orgs.csv").write_text(ORGS, encoding="utf-8")
    (folder / "users.csv").write_text(f"{USERS}\n{student}", encoding="utf-8")
    return folder


def forecast(old: Path, new: Path) -> Forecast:
    """The forecast between two exports."""
    return forecast_changes([old], [new], as_of=dt.date(2026, 10, 5), profiles=["core"])


CHANGES = {
    "moves": (["1"], ["2"], "students-moved"),
    "changes one of two": (["1", "2"], ["1", "3"], "students-moved"),
    "leaves the first of two": (["1", "2"], ["2"], "students-school-left"),
    "leaves the second of two": (["1", "2"], ["1"], "students-school-left"),
    "is at one more": (["1"], ["2", "1"], "students-school-joined"),
    "gets a school": ([""], ["2"], "students-school-given"),
    "has none any more": (["2"], [""], "students-school-lost"),
    "is listed in another order": (["1", "2"], ["2", "1"], None),
}


@pytest.mark.parametrize("write", [write_clever, write_oneroster])
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_schools_is_called_what_it_is(name: str, write: Write, tmp_path: Path) -> None:
    before, after, expected = CHANGES[name]
    result = forecast(write(tmp_path / "old", *before), write(tmp_path / "new", *after))
    counted = {movement.name: movement.count for movement in result.movements}
    assert counted == ({expected: 1} if expected else {})
    words = [(it.kind, it.words) for it in result.values]
    assert words == ([("students", "1 school")] if expected else [])
