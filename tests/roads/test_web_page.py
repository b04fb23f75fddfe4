"""The page in Chromium writes what the command writes, requests nothing, and takes bad files."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import page, page_inputs, page_tour
from validator.assess import Options, assess
from validator.browser import layout
from validator.outputs import registry
from validator.sample.names import DISTRICT
from validator.sample.writer import AS_OF

pytestmark = pytest.mark.slow
SAID = {
    "students.csv": "a picture",
    "secret.zip": "encrypted",
    "own.yaml": "own.yaml:6: ",
    "changed.zip": "was changed, moved or deleted",
    "no date": "Date",
}
"""What the sentence on a bad file names."""
VISITS = ("broken", "ready", "clever", "oneroster", "sds", "raw", "xlsx", "more")
BAD = (
    "students.csv",
    "zeros.zip",
    "secret.zip",
    "bomb.xlsx",
    "nothing.txt",
    "own.yaml",
    "no file",
    "changed.zip",
    "no date",
)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one visit, which all test processes share."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "page-tour"
    page.run_once(folder, lambda: page_tour.tour(folder))
    return folder


@pytest.fixture(scope="session")
def seen(place: Path) -> Mapping[str, Any]:
    """What was seen in the visit."""
    found: dict[str, Any] = json.loads((place / "seen.json").read_bytes())
    if found["skip"]:
        pytest.skip(found["skip"])
    return found


def render(paths: Sequence[Path], moment: str, **how: Any) -> dict[str, bytes]:
    """The files of a check on this computer, at the moment of the check in the page."""
    now = dt.datetime.fromisoformat(moment)
    report = assess(paths, Options(as_of=AS_OF, generated_at=now, **how))
    kinds = {registry.OUTPUTS[kind].file: kind for kind in registry.DEFAULT}
    files = {file: registry.render(report, kind) for file, kind in kinds.items()}
    return files | {"letter.txt": registry.render(report, "letter")}


def unpack(workbook: bytes) -> dict[str, bytes]:
    """The members of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def assert_same(folder: Path, paths: Sequence[Path], **how: Any) -> None:
    """Fail unless the saved files are those that a check on this computer makes."""
    saved = {path.name: path.read_bytes() for path in folder.iterdir()}
    made = render(paths, json.loads(saved["report.json"])["generated_at"], **how)
    assert unpack(saved.pop("report.xlsx")) == unpack(made.pop("report.xlsx"))
    assert {name: content.decode() for name, content in saved.items()} == {
        name: content.decode() for name, content in made.items()
    }


@pytest.mark.promise("The page writes the same reports as the command, byte for byte")
@pytest.mark.parametrize("name", VISITS)
def test_the_page_writes_what_the_command_writes(
    place: Path, seen: Mapping[str, Any], tmp_path: Path, name: str
) -> None:
    visit = page_inputs.list_visits(tmp_path)[name]

    def locate(path: Path) -> Path:
        return place / "inputs" / path.relative_to(tmp_path)

    paths = list(map(locate, visit.paths))
    how: dict[str, Any] = {"profiles": [visit.app] if visit.app else []}
    for option, given in visit.options.items():
        how[option] = locate(given) if isinstance(given, Path) else list(map(locate, given))
    if name == "raw":
        suggestion = layout.suggest_columns(paths)
        choices = page_inputs.accept(layout.describe(suggestion))
        how["columns"] = tmp_path / "columns.yaml"
        text = layout.write_map(suggestion, choices, paths[0].name)
        how["columns"].write_text(text, encoding="utf-8")
    assert_same(place / "runs" / name, paths, **how)


@pytest.mark.promise("The page works without a network once it was visited")
def test_a_check_without_a_network(place: Path, seen: Mapping[str, Any]) -> None:
    visit = page_inputs.Visit(paths=sorted((place / "inputs" / "clever" / "export").iterdir()))
    assert_same(place / "runs" / "offline", visit.paths, profiles=["freckle"])


@pytest.mark.promise("The page in one file works from the disk")
@pytest.mark.parametrize("name", ["sample", "one file"])
def test_the_made_up_district_in_one_click(
    place: Path, seen: Mapping[str, Any], tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(page_inputs.BROKEN, tmp_path / "made-up district"))
    moment = dt.datetime.combine(AS_OF, dt.time(12)).timestamp()
    for path in folder.iterdir():
        os.utime(path, (moment, moment))
    assert seen["statuses"][name].startswith("Not ready for Khan Academy Districts: ")
    how = {"profiles": ["khan-academy"], "district": f"{DISTRICT} (made up)"}
    assert_same(place / "runs" / name, [folder], **how)


@pytest.mark.promise("A check in the page requests nothing, and the page loads only its own files")
def test_every_request_is_for_the_pages_own_files(seen: Mapping[str, Any]) -> None:
    assert page.are_own(seen["loading"], seen["base"])
    assert [address for address in seen["checking"] if address.startswith("http")] == []
    assert seen["reached"] == {"elsewhere": "refused", "own": "reached", "one file": ""}


def test_nothing_of_an_export_is_stored(place: Path, seen: Mapping[str, Any]) -> None:
    stored = dict(seen["stored"])
    cached = {address.removeprefix(seen["base"]) for address in stored.pop("cached")}
    listed = json.loads((place / "site" / "files.json").read_bytes())["files"]
    assert stored == {"cookies": "", "local": 0, "session": 0, "databases": 0}
    assert cached == {"", *listed}


def test_choices_are_remembered_if_asked_and_cleared_at_once(seen: Mapping[str, Any]) -> None:
    kept = json.loads(seen["remembered"]["stored"])
    assert kept == {"app": "freckle", "system": "", "layout": "", "map": ""}
    assert (seen["remembered"]["app"], seen["remembered"]["cleared"]) == ("freckle", 0)


@pytest.mark.promise("In the page every bad file ends in one sentence, and the page lives on")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence(seen: Mapping[str, Any], name: str) -> None:
    sentence = seen["bad"][name]
    assert SAID.get(name, "") in sentence
    assert sentence.endswith((".", "?")) and "\n" not in sentence and len(sentence) < 400
    assert (
        "--" not in sentence and "/in/" not in sentence and "fault of the program" not in sentence
    )


def test_verdicts_and_other_ends(seen: Mapping[str, Any]) -> None:
    statuses = seen["statuses"]
    assert statuses["broken"].startswith("Not ready for Khan Academy Districts: ")
    assert statuses["frame"].startswith("Not ready for Khan Academy Districts: ")
    assert statuses["search"] == "True", "the report's own script runs in its frame"
    assert statuses["ready"].startswith("Ready for Khan Academy Districts")
    assert "Confirm below which column is which" in statuses["layout"]
    assert statuses["canceled"] == "Canceled. Nothing was written."
    assert statuses["mended"].startswith("The corrected copy has ")
    assert seen["focused"]["result"] == "result-title"
    assert seen["errors"] == []


def test_the_mended_copy(place: Path, seen: Mapping[str, Any]) -> None:
    with zipfile.ZipFile(place / "mended" / "mended.zip") as archive:
        names = set(archive.namelist())
    tables = {f"mended/{path.name}" for path in page_inputs.BROKEN.glob("*.csv")}
    assert {*tables, "mended/mended.html", "mended/mended.json"} <= names


@pytest.mark.promise("The page that needs nothing installed passes axe for WCAG 2.2 AA")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["start", "report", "columns"])
def test_axe_finds_nothing_wrong(seen: Mapping[str, Any], state: str, scheme: str) -> None:
    assert seen["axe"][f"{state}, {scheme}"] == []


@pytest.mark.parametrize("state", ["start", "report", "columns"])
def test_it_fits_a_phone(seen: Mapping[str, Any], state: str) -> None:
    assert seen["widths"][state] <= 320
