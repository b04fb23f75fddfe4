"""The page's calls, without a browser: every end is an answer in one sentence."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support import districts, other_formats, page_inputs
from tests.support.running import BROKEN, READY
from validator.browser import check as checks
from validator.browser import endings
from validator.browser.desk import Desk
from validator.model import BadUsage


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "out")


def place(folder: Path, *files: Path) -> str:
    """Put files into a folder, as the worker does with what was chosen."""
    folder.mkdir()
    for file in files:
        (shutil.copytree if file.is_dir() else shutil.copy)(file, folder / file.name)
    return str(folder)


def ask(desk: Desk, **message: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(desk.check(json.dumps({"date": "2026-11-16", **message})))
    return answer


def test_the_page_offers_every_app_map_and_system(desk: Desk) -> None:
    choices = json.loads(desk.list_choices())
    assert ["khan-academy", "Khan Academy Districts"] in choices["apps"]
    names = [name for _, name in choices["apps"]]
    assert names == sorted(names, key=str.casefold) and all(name[0].isupper() for name in names)
    assert "powerschool" in choices["maps"] and "skyward" in choices["systems"]


@pytest.mark.parametrize(("source", "verdict"), [(BROKEN, "not-ready"), (READY, "ready")])
def test_a_folder_ends_with_reports(desk: Desk, tmp_path: Path, source: Path, verdict: str) -> None:
    export = place(tmp_path / "export", source)
    steps: list[tuple[str, float]] = []
    message = json.dumps({"date": "2026-11-16", "export": export, "apps": ["khan-academy"]})
    answer = json.loads(desk.check(message, lambda what, done: steps.append((what, done))))
    assert (answer["end"], answer["verdict"]) == ("report", verdict)
    assert {path.name for path in desk.out.iterdir()} == set(answer["files"])
    assert answer["private"] == ["report.xlsx"]
    assert [done for _, done in steps] == sorted(done for _, done in steps)


def test_an_unknown_layout_ends_with_a_map_that_can_be_corrected(
    desk: Desk, tmp_path: Path
) -> None:
    district = other_formats.once(districts.build(Random(27), 200))
    export = tmp_path / "export"
    export.mkdir()
    for name, text in districts.write_raw(district).items():
        (export / name).write_text(text, encoding="utf-8")
    answer = ask(desk, export=str(export))
    assert answer["end"] == "unknown-layout"
    choices = page_inputs.accept(answer["layout"])
    files = {file["name"]: file["headings"] for file in answer["layout"]["files"]}
    number = {it["title"]: it["number"] for it in files[districts.RAW_FILES["students"]]}
    choices["students"]["columns"]["Middle_name"] = number[districts.CLASS_OF]
    choices["staff"] = {"file": districts.RAW_FILES["teachers"], "columns": {"Staff_id": 1}}
    choices.pop("teachers", None)
    text = desk.write_map(json.dumps({"choices": choices, "name": "maple"}))
    assert "staff:" in text and "teachers:\n" not in text and districts.CLASS_OF in text
    columns = tmp_path / "out" / "columns.yaml"
    shutil.copy(columns, tmp_path / "columns.yaml")
    again = ask(desk, export=str(export), columns=str(tmp_path / "columns.yaml"))
    assert again["end"] == "report"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"date": "2026-11-16"}, "No file was chosen."),
        ({"date": "soon"}, "The date is not a day."),
        ({"apps": ["khan-acadmy"]}, "khan-academy"),
        ({"sharing": "/in/extra/sharing/none.yaml"}, "none.yaml"),
    ],
)
def test_a_bad_request_is_one_sentence(
    desk: Desk, tmp_path: Path, message: dict[str, Any], said: str
) -> None:
    export = "" if message == {"date": "2026-11-16"} else place(tmp_path / "export", READY)
    answer = ask(desk, **{"export": export, **message})
    assert answer["end"] == "refused" and said in answer["sentence"]
    assert "/in/" not in answer["sentence"] and "--" not in answer["sentence"]


def test_a_previous_export_of_no_known_layout_is_named(desk: Desk, tmp_path: Path) -> None:
    photo = tmp_path / "photo.csv"
    photo.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(999))
    previous = place(tmp_path / "previous", photo)
    answer = ask(desk, export=place(tmp_path / "export", READY), previous=previous)
    assert answer["sentence"].startswith("The previous export does not have a known layout.")


def test_two_folders_are_named(desk: Desk, tmp_path: Path) -> None:
    answer = ask(desk, export=place(tmp_path / "export", BROKEN, READY))
    assert answer["end"] == "refused" and "broken/ and ready/" in answer["sentence"]


def test_files_and_a_folder_are_one_export(desk: Desk, tmp_path: Path) -> None:
    export = place(tmp_path / "export", *READY.glob("*.csv"), BROKEN)
    answer = ask(desk, export=export, apps=["khan-academy"])
    assert answer["verdict"] == "ready"


def test_too_large_an_export_is_refused_before_it_is_read(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validator.browser.request.MOST_MEMORY", 1 << 20)
    answer = ask(desk, export=place(tmp_path / "export", READY))
    assert answer["sentence"].startswith("This export needs about 0.2 GB of memory")


def test_a_fault_and_a_lack_of_memory_are_one_sentence(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = place(tmp_path / "export", READY)
    for error, said in ((MemoryError(), endings.NO_MEMORY), (KeyError("Ann"), "KeyError in ")):

        def fail(*paths: Any, error: Exception = error, **how: Any) -> None:
            raise error

        monkeypatch.setattr(checks, "assess", fail)
        answer = ask(desk, export=export)
        assert said in answer["sentence"] and "Ann" not in answer["sentence"]


def test_a_sentence_that_begins_with_a_file_keeps_its_name() -> None:
    assert endings.explain(BadUsage("/in/extra/packs/own.yaml:4: no")) == "own.yaml:4: no"
    assert endings.explain(BadUsage("no file")) == "No file"


def test_the_mended_copy_is_a_zip_with_its_log(desk: Desk, tmp_path: Path) -> None:
    message = {"date": "2026-11-16", "export": place(tmp_path / "export", BROKEN)}
    answer = json.loads(desk.mend(json.dumps(message)))
    assert answer["end"] == "mended" and answer["private"] == ["mended.zip"]
    with zipfile.ZipFile(desk.out / "mended.zip") as archive:
        assert {"mended/students.csv", "mended/mended.csv"} <= set(archive.namelist())
