"""Reports are written whole or not at all, for their owner only."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.builders import found, places, report
from tests.support.running import READY, run_here
from validator.cli.delivery import record
from validator.cli.destination import write_json
from validator.model import BadUsage
from validator.outputs import junit, registry
from validator.outputs.html import render
from validator.outputs.registry import OUTPUTS, list_reports
from validator.privacy.masking import mask

REPORTS = list_reports()


def test_each_kind_gets_its_file(tmp_path: Path) -> None:
    paths = registry.write(report(), tmp_path / "new" / "folder", ["json", "xlsx"])
    assert {kind: path.name for kind, path in paths.items()} == {
        "json": "report.json",
        "xlsx": "report.xlsx",
    }
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "report.json",
        "report.xlsx",
    ]


def test_every_kind_has_a_file_name_of_its_own() -> None:
    assert len({output.file for output in REPORTS.values()}) == len(REPORTS)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.promise("Only the user who created a report can read it (POSIX modes)")
def test_only_the_owner_may_read_a_report(tmp_path: Path, kind: str) -> None:
    path = registry.write(report(), tmp_path, [kind])[kind]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.promise(
    "A full disk leaves the previous report intact, exits with code 4 and is reported in one "
    "sentence"
)
def test_a_full_disk_leaves_the_last_report_and_no_half_written_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = tmp_path / OUTPUTS[kind].file
    path.write_text("the last report")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        registry.write(report(), tmp_path, [kind])
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "the last report"


@pytest.mark.skipif(os.name == "nt", reason="signals and fork are POSIX")
@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.promise(
    "A run that is killed leaves every report complete: the previous one or the new one, never "
    "half of one"
)
def test_killed_in_the_middle_of_a_write_the_last_report_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The system kills a process that writes more to a file than it may."""
    import resource

    path = tmp_path / OUTPUTS[kind].file
    path.write_text("the last report")
    monkeypatch.setattr(registry, "render", lambda *_, **__: b"x" * 1000)
    child = os.fork()
    if not child:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        registry.write(report(), tmp_path, [kind])
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGXFSZ
    assert path.read_text() == "the last report"


def test_a_report_that_is_open_elsewhere_is_asked_to_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held_open(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", held_open)
    with pytest.raises(BadUsage, match=r"report\.json cannot be replaced: close it"):
        registry.write(report(), tmp_path, ["json"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.promise("A link where a report would be written is replaced, never followed")
def test_a_link_in_the_place_of_a_report_is_replaced_and_not_followed(
    tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "elsewhere.txt"
    target.write_text("not ours")
    try:
        (tmp_path / OUTPUTS[kind].file).symlink_to(target)
    except OSError:
        pytest.skip("this system makes no links")
    registry.write(report(), tmp_path, [kind])
    assert target.read_text() == "not ours"


def test_one_report_can_be_rendered_for_standard_output() -> None:
    assert registry.render(report(), "json").startswith(b'{\n  "schema_version": "2.0"')


@pytest.mark.promise("Input files are never overwritten, and nothing is written to their folder")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "export", "--out", "export"),
        ("check", "export/report.xlsx", "--out", "export"),
        ("check", "export", "--previous", "last", "--out", "last"),
        ("check", "export", "--history", "export/students.csv"),
        ("sharing", "export", "--target", "grades=7", "--out", "export/students.csv"),
        ("sharing", "export", "--sharing", "rules.yaml", "--out", "rules.yaml"),
        ("changes", "last", "export", "--out", "export/../last/new.json"),
    ],
    ids=" ".join,
)
def test_nothing_is_written_to_what_is_read(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    for name in ("export", "last"):
        shutil.copytree(READY, tmp_path / name)
    (tmp_path / "export" / "report.xlsx").write_bytes(b"PK")
    (tmp_path / "rules.yaml").write_text("share: everything\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    told = run_here(tmp_path, *arguments)
    assert told.returncode == 2, told.stderr
    assert "is read here, which is never changed" in told.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_json_document_is_written_as_reports_are(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("not ours")
    (tmp_path / "out.json").symlink_to(tmp_path / "other.txt")
    write_json(tmp_path / "out.json", {"a": 1})
    record(tmp_path / "history.jsonl", report())
    assert (tmp_path / "other.txt").read_text() == "not ours"
    assert (tmp_path / "out.json").read_text() == '{\n  "a": 1\n}\n'
    assert [
        stat.S_IMODE((tmp_path / name).lstat().st_mode) for name in ("out.json", "history.jsonl")
    ] == [0o600] * 2


def test_no_name_puts_a_control_character_into_the_page_or_the_xml() -> None:
    odd = replace(
        report([found("r-1", [places("students", "Grade", [2])])]), district="Maple\x1b[31m"
    )
    odd = replace(
        odd,
        profiles=[replace(one, id="own\x1b[31m", title="Own\x1b\u202e") for one in odd.profiles],
    )
    written = junit.render(mask(odd)).decode()
    assert "\x1b" not in written
    ElementTree.fromstring(written)
    assert not {"\x1b", "\u202e"} & set(render.encode_page("Maple\x1b[31m\u202e").decode())
