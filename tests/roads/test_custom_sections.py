"""Clever's custom sections: a folder next to the export, checked and mended with it."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.conftest import Judge, outcome, spots
from tests.support.mending import mend
from validator import frame
from validator.assess import Options
from validator.assess.guard import Acceptance, GuardOptions, watch
from validator.cli.app import app
from validator.compare.guard import release
from validator.ingest import read
from validator.model import Status, Verdict
from validator.outputs.json import render as json_output
from validator.privacy.masking import mask

LINK = "School_id,Section_id,Student_id\n"
MAIN = {
    "schools.csv": "School_id,School_name,School_number\n0101,Foggy Hollow School,1\n",
    "students.csv": "School_id,Student_id,Last_name,First_name,Grade\n"
    "0101,s1,Copperpot,Freya,5\n0101,s2,Quillfeather,Odo,5\n0101,s3,Snicket,Pim,5\n",
    "teachers.csv": "School_id,Teacher_id,Last_name,First_name\n0101,t1,Thimblewick,Tilda\n"
    "0101,t2,Kite,Ulf\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Name,Course_name\n0101,c1,t1,Blue,Math 5\n",
    "enrollments.csv": LINK + "0101,c1,s1\n0101,c1,s2\n",
}
CUSTOM = {
    "customsections/sections.csv": "School_id,Section_id,Teacher_id,Name,Course_name\n"
    "0101,f1,t2,Fractions,Math\n",
    "customsections/enrollments.csv": LINK + "0101,f1,s1\n0101,f1,s3\n",
}


def test_custom_sections_count_as_sections_and_their_students_are_in_a_section(
    judge: Judge,
) -> None:
    without = judge(MAIN)
    assert spots(without, "student-without-section") == ["students.csv:4 Student_id"]
    report = judge({**MAIN, **CUSTOM})
    assert outcome(report, "student-without-section").status is Status.PASSED
    assert (report.counts["sections"], report.counts["enrollments"]) == (2, 4)
    assert outcome(report, "custom-sections").count == 2
    assert outcome(report, "file-unexpected").status is Status.PASSED


def test_what_is_wrong_there_is_placed_in_its_own_file_and_line(judge: Judge) -> None:
    broken = {
        **MAIN,
        "customsections/sections.csv": CUSTOM["customsections/sections.csv"]
        + "0101,f2,t9,Decimals,Math\n0101,c1,t2,Blue again,Math\n",
        "customsections/enrollments.csv": CUSTOM["customsections/enrollments.csv"]
        + "0101,f2,s9\n0101,f3,s1\n0101,f2,s2\n",
    }
    report = judge(broken)
    assert spots(report, "teacher-unknown") == ["customsections/sections.csv:3 Teacher_id"]
    assert spots(report, "student-unknown") == ["customsections/enrollments.csv:4 Student_id"]
    assert spots(report, "section-unknown") == ["customsections/enrollments.csv:5 Section_id"]
    both = ["sections.csv:2 Section_id", "customsections/sections.csv:4 Section_id"]
    assert sorted(spots(report, "id-repeated")) == sorted(both)


def test_an_enrollment_may_name_a_section_of_the_main_files(judge: Judge) -> None:
    report = judge({**MAIN, "customsections/enrollments.csv": LINK + "0101,c1,s3\n"})
    assert outcome(report, "section-unknown").status is Status.PASSED
    assert outcome(report, "student-without-section").status is Status.PASSED


def test_the_form_of_these_files_is_judged_too(judge: Judge) -> None:
    titled = "Flex groups\n" + CUSTOM["customsections/sections.csv"]
    report = judge({**MAIN, **CUSTOM, "customsections/sections.csv": titled})
    assert spots(report, "header-missing") == ["customsections/sections.csv:2"]
    lacking = CUSTOM["customsections/sections.csv"].replace("Teacher_id", "Tutor")
    report = judge({**MAIN, **CUSTOM, "customsections/sections.csv": lacking})
    assert spots(report, "column-missing") == ["customsections/sections.csv:1 Teacher_id"]


def test_a_zip_with_the_folder_is_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**MAIN, **CUSTOM}.items():
            archive.writestr(f"upload/{name}", text)
    sections = read.read_export([path]).tables["sections"]
    assert frame.take_text(sections, "Section_id", np.arange(2)) == ["c1", "f1"]


@pytest.mark.parametrize("folder", ["Custom Sections", "custom_sections", "custom-section"])
def test_a_folder_of_almost_that_name_is_named_with_the_right_one(
    judge: Judge, folder: str
) -> None:
    custom = {name.replace("customsections", folder): text for name, text in CUSTOM.items()}
    report = judge({**MAIN, **custom})
    found = outcome(report, "file-unexpected").finding
    assert found is not None
    assert [block.notes for block in found.places] == [
        "it was not read; if it holds Clever's custom sections, name it customsections"
    ]
    assert report.counts["sections"] == 1


def test_another_format_names_these_files_and_does_not_read_them(judge: Judge) -> None:
    orgs = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
    report = judge(
        {"orgs.csv": orgs + "sch1,,,Foggy Hollow School,school,,\n", **CUSTOM}, profile="oneroster"
    )
    assert sorted(spots(report, "file-unexpected")) == [
        "customsections/enrollments.csv:0",
        "customsections/sections.csv:0",
    ]


def test_an_export_without_the_folder_is_read_as_before(judge: Judge) -> None:
    export = judge(MAIN).export
    assert not export.file_tables
    assert not export.tables["sections"].parts


def test_mend_writes_the_folder_and_repairs_what_is_in_it(tmp_path: Path) -> None:
    spaced = CUSTOM["customsections/sections.csv"].replace("f1", " f1 ")
    copy = mend(tmp_path, {**MAIN, **CUSTOM, "customsections/sections.csv": spaced})
    text = copy.files["customsections/sections.csv"].decode()
    assert [row["Section_id"] for row in csv.DictReader(io.StringIO(text))] == ["f1"]
    assert copy.files["sections.csv"].decode() == MAIN["sections.csv"]


def test_mend_replaces_its_copy_and_undoes_it(tmp_path: Path) -> None:
    export, copy, back = tmp_path / "export", tmp_path / "copy", tmp_path / "back"
    files = {**MAIN, **CUSTOM}
    files["customsections/sections.csv"] = files["customsections/sections.csv"].replace("f1", " f1")
    for name, text in files.items():
        (export / name).parent.mkdir(parents=True, exist_ok=True)
        (export / name).write_text(text, encoding="utf-8")
    for _ in range(2):
        words = ["mend", str(export), "--out", str(copy), "--as-of=2026-11-16"]
        assert CliRunner().invoke(app, words).exit_code == 0
    assert ",f1," in (copy / "customsections" / "sections.csv").read_text()
    words = ["mend", "--undo", str(copy), "--out", str(back)]
    assert CliRunner().invoke(app, words).exit_code == 0
    for name, text in files.items():
        assert list(csv.reader(io.StringIO(text))) == list(csv.reader((back / name).open()))


def test_the_json_report_lists_the_files_and_says_nothing_personal(judge: Judge) -> None:
    report = judge({**MAIN, **CUSTOM})
    text = json_output.render(mask(report)).decode()
    names = [file["name"] for file in json.loads(text)["input"]["files"]]
    assert "customsections/sections.csv" in names
    assert not [word for word in ("Copperpot", "Freya", "Fractions") if word in text]
    assert report.verdict is Verdict.READY


@pytest.mark.parametrize("mode", ["exchange", "one by one"])
def test_the_guard_releases_the_folder_and_takes_it_away_again(
    tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(first: Path, second: Path) -> None:
        raise OSError(errno.ENOSYS, "")

    if mode == "one by one":
        monkeypatch.setattr(release, "exchange", fail)
    nights = [{**MAIN, **CUSTOM}, MAIN, {**MAIN, **CUSTOM}]
    for number, files in enumerate(nights):
        export = tmp_path / f"export {number}"
        for name, text in files.items():
            (export / name).parent.mkdir(parents=True, exist_ok=True)
            (export / name).write_text(text, encoding="utf-8")
        options = GuardOptions(
            check=Options(profiles=("clever",), as_of=dt.date(2026, 11, 16 + number)),
            state=tmp_path / "state",
            release=(folder := tmp_path / "release"),
            accept=Acceptance("P. Ramos", "groups are made anew") if number == 1 else None,
        )
        assert watch([export], options).goes
        paths = {path for path in folder.rglob("*") if path.is_file()}
        released = {path.relative_to(folder).as_posix(): path.read_text() for path in paths}
        assert released == files
        assert (folder / "customsections").exists() == (number != 1)
