"""Limits of files, archives, packs and folders: beyond them is a finding or one sentence."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import struct
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.conftest import Judge, spots
from tests.ingest.test_archive import GOOD, packed, refused, sheets
from tests.support.forks import run_fork
from tests.support.running import DAY, READY, run_here
from validator import limits
from validator.assess import preview
from validator.cli import app, destination
from validator.followup import baseline, history, workbook
from validator.ingest import archive, excel
from validator.ingest import read as ingest_read
from validator.ingest.csv import exact, header, lines
from validator.ingest.csv import read as csv_read
from validator.model import BadUsage, CannotRead, Export, InputChanged, Status
from validator.outputs import registry
from validator.rulebook import load, packs, yaml
from validator.schemas import clever

HEAD = b"School_id,Student_id,Last_name,First_name,Grade\n"


def students(data: bytes) -> csv_read.Contents:
    """What a students.csv of these bytes holds."""
    return csv_read.read_csv(data, clever.STUDENTS, "students.csv")


# ------------------------------------------------------------------ limits


@pytest.mark.promise("Every limit has a name and is listed in --help and docs/security.md")
def test_every_limit_is_told() -> None:
    shown = "".join(CliRunner().invoke(app.app, ["check", "--help"]).output.split())
    page = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text(
        encoding="utf-8"
    )
    for limit in limits.LIMITS.values():
        assert f"{limit.name} {limit.words}".replace(" ", "") in shown
        assert f"| `{limit.name}` | {limit.words} | {limit.what} |" in page


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_and_a_device_are_refused_at_once_wherever_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "link", tmp_path / "pipe"):
        for read in (
            baseline.read_report,
            history.read_history,
            workbook.read_worklist,
            yaml.load_document,
        ):
            with pytest.raises(BadUsage, match="it is a pipe or a device, not a file"):
                read(path)
        named = path.rename(tmp_path / "students.csv")
        with pytest.raises(CannotRead, match="it is a pipe or a device, not a file"):
            ingest_read.read_export([named])
        named.unlink()


def of_folder(folder: Path) -> Export:
    """A folder of CSV files, read."""
    for name, text in MANY.items():
        (folder / name).write_text(text)
    return ingest_read.read_export([folder])


def of_archive(folder: Path) -> Export:
    """An archive that packs well, read."""
    return ingest_read.read_export([packed(folder / "export.zip", MANY)])


def of_workbook(folder: Path) -> Export:
    """A workbook with a sheet for each table, read."""
    return ingest_read.read_export([sheets(folder / "export.xlsx", MANY)])


def of_worklist(folder: Path) -> object:
    """A work-list, read back."""
    return workbook.read_worklist(
        sheets(folder / "last.xlsx", {"Registrar.csv": "Rule,Status\n" + "a,done\n" * 9})
    )


def of_report(folder: Path) -> object:
    """An earlier report, read back."""
    (folder / "last.json").write_text("{}")
    return baseline.read_report(folder / "last.json")


def of_history(folder: Path) -> object:
    """The runs before, read back."""
    (folder / "history").write_text("{}")
    return history.read_history(folder / "history")


def of_accounts(folder: Path) -> object:
    """An app's list of accounts, read."""
    (folder / "accounts.csv").write_text("Email\na@maple.example\n")
    export = of_archive(folder)
    return preview.read_accounts(folder / "accounts.csv", export, load.load_vocabulary()[0])


def of_pack(folder: Path) -> object:
    """A YAML file, read."""
    (folder / "own.yaml").write_text("a: {b: {c: d}}")
    return yaml.load_document(folder / "own.yaml", "own.yaml")


MANY = {**GOOD, "students.csv": f"{GOOD['students.csv']}10,2,{'x' * 30_000},Bo\n"}

BEYOND: list[tuple[str, Callable[[Path], object], ModuleType, str]] = [
    ("export-bytes", of_folder, archive, "MAX_BYTES"),
    ("export-bytes", of_archive, archive, "MAX_BYTES"),
    ("archive-files", of_archive, archive, "MAX_MEMBERS"),
    ("archive-ratio", of_archive, archive, "LARGE"),
    ("archive-ratio", of_workbook, excel, "LARGE"),
    ("columns", of_folder, header, "MAX_COLUMNS"),
    ("rows", of_folder, archive, "LARGE"),
    ("line-bytes", of_folder, csv_read, "MAX_LINE"),
    ("yaml-bytes", of_pack, yaml, "LARGEST"),
    ("yaml-depth", of_pack, yaml, "DEEPEST"),
    ("accounts-bytes", of_accounts, preview, "LARGEST"),
    ("report-bytes", of_report, baseline, "LARGEST"),
    ("report-bytes", of_history, history, "LARGEST"),
    ("workbook-bytes", of_worklist, workbook, "LARGEST"),
    ("workbook-unpacked", of_worklist, workbook, "LARGEST_UNPACKED"),
    ("workbook-unpacked", of_workbook, excel, "LARGE"),
    ("workbook-sheets", of_workbook, excel, "MAX_SHEETS"),
    ("workbook-rows", of_worklist, workbook, "MOST_ROWS"),
]
"""Each limit with a reader that meets it, and what modules keep of it or must be small with it."""


@pytest.mark.promise("A file over a limit is refused in one sentence that names the limit")
@pytest.mark.parametrize(("name", "read", "module", "kept"), BEYOND)
def test_a_file_beyond_a_limit_is_refused_by_its_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    read: Callable[[Path], object],
    module: ModuleType,
    kept: str,
) -> None:
    monkeypatch.setitem(limits.LIMITS, name, limits.LIMITS[name]._replace(most=1))
    monkeypatch.setattr(lines, "CHUNK", 1000)
    monkeypatch.setattr(module, kept, 1)
    if name == "line-bytes":
        monkeypatch.setattr(lines, "CHUNK", 1)
    try:
        found = read(tmp_path)
        told = (
            str([place.notes for place in found.defects["header-missing"]])
            if isinstance(found, Export)
            else ""
        )
    except (CannotRead, BadUsage) as refused:
        told = str(refused)
    assert re.search(rf"\(limits?: [^)]*{name}", told) and "\n" not in told


@pytest.mark.promise("Every limit has a name and is listed in --help and docs/security.md")
def test_every_limit_is_tried() -> None:
    assert {name for name, *_ in BEYOND} | {"row-cells"} == set(limits.LIMITS)


# ------------------------------------------------------------------ archives


@pytest.mark.promise("Archives are never unpacked to disk")
def test_nothing_is_written_when_an_archive_is_read(tmp_path: Path) -> None:
    wrote = run_fork(
        tmp_path, "check", packed(tmp_path / "export.zip"), *DAY, "-q", program=WATCH_WRITES
    )
    opened = re.findall(
        r"^WROTE (\D.*)", wrote.stderr, re.MULTILINE
    )  # a number: a file that is open already
    assert wrote.returncode in (0, 1, 3), wrote.stderr
    assert {
        path
        for path in opened
        if not (tmp_path / path).is_relative_to(tmp_path / "readiness-report")
    } <= DEVICES
    assert len(set(opened) - DEVICES) >= 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.zip", "readiness-report"]


DEVICES = {os.devnull}

WATCH_WRITES = """
import os, sys
def watch(event, args):
    if event != "open":
        return
    path, mode, flags = args
    by_mode = isinstance(path, str) and isinstance(mode, str) and set(mode) & set("wax+")
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    if by_mode or (isinstance(flags, int) and flags & writes):
        sys.stderr.write(f"WROTE {path}\\n")
sys.dont_write_bytecode = True
sys.addaudithook(watch)
"""


@pytest.mark.parametrize(
    "name",
    [
        "../../x.csv",
        "/x.csv",
        "a/../../x.csv",
        "..\\x.csv",
        "C:\\x.csv",
        "\\\\host\\x.csv",
        "..",
        "./../x",
    ],
)
@pytest.mark.promise(
    "An archive with entries that point outside it, links, encryption or nested archives is refused"
)
def test_a_member_that_points_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert "points outside" in refused(packed(tmp_path / "export.zip", {**GOOD, name: "x"}))


def test_a_bomb_that_lies_about_its_size_is_refused_and_never_unpacked_whole(
    tmp_path: Path,
) -> None:
    path = packed(tmp_path / "export.zip", {**GOOD, "students.csv": b"0" * (30 << 20)})
    data = bytearray(path.read_bytes())
    true = struct.pack("<L", 30 << 20)
    while (at := data.find(true)) >= 0:
        data[at : at + 4] = struct.pack("<L", 1000)
    path.write_bytes(data)
    assert "size it claims" in refused(path)


def test_members_that_share_their_bytes_are_refused_by_their_sum(tmp_path: Path) -> None:
    """A bomb without nesting: many entries of the directory that all lead to one member."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a.csv", b"0" * 1000)
    data = held.getvalue()
    begin, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    entry = data[begin:end]
    entries = b"".join(entry.replace(b"a.csv", f"{n:05d}".encode()) for n in range(2000))
    tail = bytearray(data[end:])
    tail[8:16] = struct.pack("<HHL", 2000, 2000, len(entries))
    (tmp_path / "export.zip").write_bytes(data[:begin] + entries + tail)
    assert "limit: archive-files" in refused(tmp_path / "export.zip")


@pytest.mark.parametrize("cut", [1, 10, 100, 300])
def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    path = packed(tmp_path / "export.zip")
    path.write_bytes(path.read_bytes()[:-cut])
    assert "damaged" in refused(path)


def test_an_archive_that_changes_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip")
    source = archive.list_sources([path])[1][0]
    time.sleep(0.01)
    packed(path, {**GOOD, "students.csv": GOOD["students.csv"] * 2})
    with pytest.raises((InputChanged, CannotRead)):
        source.load()


# ------------------------------------------------------------------ CSV


@pytest.mark.promise(
    "A 10 MB cell, 100,000 columns or NUL characters produce findings, not exceptions"
)
def test_a_cell_of_ten_megabytes_is_read_and_every_report_is_written(judge: Judge) -> None:
    big = (
        "School_id,Student_id,Last_name,First_name,Grade\n10,1,Made-Up,Ann,05\n10,2,Made-Up,"
        + "x" * (10 << 20)
        + ",05\n"
    )
    report = judge({**GOOD, "students.csv": big})
    assert len(report.export.tables["students"]) == 2
    assert not [one for one in report.outcomes if one.status is Status.BROKEN]
    named = next(one for one in report.outcomes if one.rule.id == "value-too-long")
    assert (
        named.count == 1
        and named.finding
        and named.finding.places[0].notes == ["10,485,760 characters"]
    )
    for kind in registry.OUTPUTS:
        assert len(registry.render(report, kind)) < 4 << 20, kind
    assert len(registry.render(report, "html", show_values=True)) < 4 << 20


def test_a_header_of_100_000_columns_is_refused_by_the_name_of_the_limit(judge: Judge) -> None:
    wide = ",".join(f"c{n}" for n in range(100_000))
    with pytest.raises(CannotRead, match="limit: columns"):
        judge({**GOOD, "students.csv": f"Student_id,School_id,{wide}\n1,10\n"})


@pytest.mark.promise("A file over a limit is refused in one sentence that names the limit")
def test_a_row_of_100_000_cells_keeps_only_so_many() -> None:
    found = students(
        HEAD + b"10,1,Made-Up,Ann,05\n10,2" + b",x" * 100_000 + b"\n10,3,Made-Up,Bo,05\n"
    )
    assert found.table is not None
    assert found.table.rows.index.tolist() == [2, 4]
    assert len(found.table.unread.cells[0]) == exact.MAX_CELLS


@pytest.mark.parametrize(
    "body",
    [
        b"\x00" * 100 + b"\n",
        b"10,\x00,\x00,\x00,\x00\n",
        b"10,1,\xed\xa0\x80,Ann,05\n",
        b"10,1,\xed\xb0\x80\xed\xa0\x80,A,05\n",
        b"\xff" * 50,
        b"\xf4\x90\x80\x80,1,2,3,4\n",
        b"\xef\xbf\xbe,1,2,3,4\n",
        b'"' * 9999 + b"\n",
        b'10,"' + b'""' * 5000,
        b"," * 9999 + b"\n",
        b"\r" * 999,
        b"\n" * 9999,
        b"\x1a" * 99,
        b"\xe2\x80\xae,1,2,3,4\n",
        b"\x1b[2J,1,2,3,4\n",
        b"10,1,=cmd|'/C calc'!A0,@SUM(1),05\n",
        b"10,1,</script><script>alert(1)</script>,{{7*7}},05\n"
        * 60,  # more than stand in the table of a page
        b"10,1,%s%n%x,${jndi:ldap://x},05\n",
    ],
)
@pytest.mark.promise("No bytes in a file make the program fail or break a report")
def test_no_bytes_break_the_road(judge: Judge, body: bytes) -> None:
    report = judge(
        {
            **GOOD,
            "students.csv": HEAD + body,
            "sections.csv": b"School_id,Section_id,Teacher_id\n" + body,
        }
    )
    assert not [one.rule.id for one in report.outcomes if one.status is Status.BROKEN]
    for kind in registry.OUTPUTS:
        assert registry.render(report, kind)
    page = registry.render(report, "html", show_values=True).decode("utf-8")
    assert "<script>alert(1)" not in page
    json.loads(registry.render(report, "json", show_values=True).decode("utf-8"))


def test_a_file_of_only_quotes_does_not_take_long() -> None:
    started = time.process_time()
    students(HEAD + b'"a,b\n' * 20_000)
    assert time.process_time() - started < 20


def test_many_cells_that_each_hold_two_addresses_do_not_take_long(judge: Judge) -> None:
    rows = "".join(f"10,{n},Made-Up,Ann,a{n}@x.example;b{n}@y.example\n" for n in range(3000))
    started = time.process_time()
    report = judge(
        {**GOOD, "students.csv": "School_id,Student_id,Last_name,First_name,Student_email\n" + rows}
    )
    assert time.process_time() - started < 20
    assert len(spots(report, "student-email-several")) == 3000


def test_a_file_that_changes_while_it_is_read_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    path.write_text("a")
    source = archive.list_sources([path])[1][0]
    path.write_text("ab")
    with pytest.raises(InputChanged, match=r"students\.csv changed while it was being read"):
        source.load()


@pytest.mark.promise(
    "An export that changes while it is read exits with code 4, names the file, and gets no report"
)
def test_an_export_that_changes_during_a_run_ends_with_4_and_no_report(tmp_path: Path) -> None:
    shutil.copytree(READY, tmp_path / "export")
    more = (
        "from validator.ingest.csv import read as csv\nold = csv.read_csv\n"
        "def read_csv(*given, **more):\n"
        "    with open('export/students.csv', 'ab') as file:\n        file.write(b'x')\n"
        "    return old(*given, **more)\ncsv.read_csv = read_csv"
    )
    told = run_fork(tmp_path, "check", "export", *DAY, "-q", program=more)
    assert told.returncode == 4, told.stderr
    assert told.stderr.strip().startswith(
        "rosterready: students.csv changed while it was being read"
    )
    assert not (tmp_path / "readiness-report").exists()


@pytest.mark.parametrize("kind", ["folder", "zip", "xlsx"])
@pytest.mark.promise(
    "An export that changes while it is read exits with code 4, names the file, and gets no report"
)
def test_a_file_that_changes_after_it_was_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for name, text in GOOD.items():
        (export / name).write_text(text)
    makers = {"zip": packed, "xlsx": sheets}
    if kind in makers:
        export = makers[kind](tmp_path / f"export.{kind}", GOOD)
    changing = export / "enrollments.csv" if kind == "folder" else export
    read, seen = csv_read.read_csv, []

    def last(*given: Any, **more: Any) -> csv_read.Contents:
        seen.append(given)
        if len(seen) == len(GOOD):
            changing.write_bytes(changing.read_bytes() + b"x")
        return read(*given, **more)

    monkeypatch.setattr(csv_read, "read_csv", last)
    with pytest.raises(InputChanged, match=rf"^{changing.name} changed while it was being read"):
        ingest_read.read_export([export])


# ------------------------------------------------------------------ packs


PACK = "pack: own\nversion: '1'\ntitle: Own\ninclude: [clever]\n"


@pytest.mark.promise(
    "A pack cannot run anything: no tags, no aliases, no deep nesting, patterns only through RE2"
)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags"),
        ("<<: {pack: own}\n", "<<"),
        ("a: 1\na: 2\n", "'a' is repeated"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("[" * 2000, "nested deeper"),
        ("a: \x00", "not allow"),
        ("? [a]\n: b\n", "key must be plain"),
        ("a: 'b\n", "not valid YAML"),
    ],
)
def test_yaml_that_is_too_clever_is_refused_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(BadUsage, match=r"^own\.yaml") as told:
        packs.read_pack(tmp_path / "own.yaml", "own.yaml")
    assert said in str(told.value)


def test_aliases_that_would_grow_to_gigabytes_are_refused_at_once(tmp_path: Path) -> None:
    laughs = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    (tmp_path / "own.yaml").write_text(laughs)
    with pytest.raises(BadUsage, match="aliases"):
        yaml.load_document(tmp_path / "own.yaml", "own.yaml")


def own_rule(
    folder: Path, *, check: str = "values.pattern", one: str = "one", pattern: str = "a"
) -> Path:
    """A pack with a rule of its own."""
    path = folder / "own.yaml"
    path.write_text(
        f"{PACK}rules:\n  - {{id: own-rule, level: advice, topic: files, counts: row, check: "
        f"'{check}',\n"
        "     title: Own,\n"
        f"     why: w, fix: f, owner: registrar, source: s, says: {{one: '{one}', many: many}},\n"
        "     reads: {students: [Last_name]},\n"
        f"     with: {{column: Last_name, pattern: '{pattern}'}}}}\n"
    )
    return path


@pytest.mark.promise(
    "A pack cannot run anything: no tags, no aliases, no deep nesting, patterns only through RE2"
)
@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("check", "os:system"),
        ("check", "validator.checks.values:pattern"),
        ("check", "validator.checks.values.pattern"),
        ("one", "{count.real}"),
        ("one", "{count[0]}"),
        ("one", "{0}"),
        ("pattern", "(?=a)"),
        ("pattern", r"(a)\1"),
    ],
)
def test_a_rule_that_is_too_clever_is_refused_with_its_place(
    tmp_path: Path, part: str, text: str
) -> None:
    assert "own-rule" in load.load_profile(own_rule(tmp_path), "clever").rules
    with pytest.raises(BadUsage, match=r"own\.yaml:\d"):
        load.load_profile(own_rule(tmp_path, **{part: text}), "clever")


def test_a_pattern_that_hangs_others_runs_in_linear_time(tmp_path: Path, judge: Judge) -> None:
    started = time.process_time()
    judge(
        {
            **GOOD,
            "students.csv": f"School_id,Student_id,Last_name,First_name\n"
            f"10,1,{'a' * 100_000}!,Ann\n",
        },
        profile=own_rule(tmp_path, pattern="^(a+)+$"),
    )
    assert time.process_time() - started < 20


def test_a_pack_that_includes_itself_or_a_folder_is_refused(tmp_path: Path) -> None:
    for included in ("./own.yaml", "./", "../../../../etc/passwd"):
        (tmp_path / "own.yaml").write_text(
            f"pack: own\nversion: '1'\ntitle: Own\ninclude: ['{included}']\n"
        )
        with pytest.raises(BadUsage) as told:
            load.load_profile(tmp_path / "own.yaml", "clever")
        assert "root:" not in str(told.value)


# ------------------------------------------------------------------ the folder for the reports


@pytest.mark.promise(
    "A report folder that is a file, read-only or a broken link is refused before anything is read"
)
def test_a_link_to_a_folder_is_followed_and_a_link_to_nowhere_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    try:
        (tmp_path / "link").symlink_to("real", target_is_directory=True)
        (tmp_path / "nowhere").symlink_to("gone")
    except OSError:
        pytest.skip("this system makes no links")
    assert run_here(tmp_path, "check", READY, *DAY, "-q", "--out", "link").returncode == 0
    assert (tmp_path / "real" / "report.html").is_file()
    told = run_here(tmp_path, "check", READY, *DAY, "-q", "--out", "nowhere")
    assert told.returncode == 2
    assert "a link to a folder that does not exist" in told.stderr


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 KB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if not shutil.which("mount") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder],
        capture_output=True,
        check=False,
    ).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)


@pytest.mark.promise(
    "A full disk leaves the previous report intact, exits with code 4 and is reported in one "
    "sentence"
)
def test_a_full_disk_ends_with_4_and_leaves_the_last_report(tiny: Path, tmp_path: Path) -> None:
    last = '<meta name="generator" content="rosterready 0"> the last report'
    (tiny / "report.html").write_text(last)
    told = run_here(tmp_path, "check", READY, *DAY, "-q", "--out", tiny, "--report", "html")
    assert told.returncode == 4
    assert (
        told.stderr.strip()
        == "rosterready: the disk is full; reports that could not be completed were not written."
    )
    assert [path.name for path in tiny.iterdir()] == ["report.html"]
    assert (tiny / "report.html").read_text() == last


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    told = run_fork(
        tmp_path,
        "check",
        READY,
        *DAY,
        "-q",
        "--report",
        "html",
        program="import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))",
    )
    assert told.returncode == 4
    assert "the disk is full" in told.stderr
    assert not (tmp_path / "readiness-report").exists()


@pytest.mark.promise(
    "A report folder that is a file, read-only or a broken link is refused before anything is read"
)
def test_a_file_system_that_is_read_only_ends_with_2_before_anything_is_read(
    tmp_path: Path, tiny: Path
) -> None:
    if subprocess.run(
        ["mount", "-o", "remount,ro", tiny], capture_output=True, check=False
    ).returncode:
        pytest.skip("it cannot be made read-only here")
    told = run_here(tmp_path, "check", tmp_path / "no-such-export", "--out", tiny)
    assert told.returncode == 2
    assert "cannot be written to" in told.stderr and "ead-only" in told.stderr


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (PureWindowsPath(r"C:\Users\a\OneDrive\reports"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\a\OneDrive - Maple Hollow Schools\x"), "OneDrive"),
        (PureWindowsPath(r"G:\My Drive\x"), "Google Drive"),
        (
            PurePosixPath("/Users/a/Library/CloudStorage/GoogleDrive-a@example.org/My Drive"),
            "Google Drive",
        ),
        (PurePosixPath("/Users/a/Library/CloudStorage/OneDrive-MapleHollow/x"), "OneDrive"),
        (PurePosixPath("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/x"), "iCloud"),
        (PureWindowsPath(r"C:\Users\a\iCloudDrive\x"), "iCloud"),
        (PurePosixPath("/home/a/Dropbox (School)/x"), "Dropbox"),
        (PurePosixPath("/home/a/Box/x"), "Box"),
        (PurePosixPath("/home/a/reports"), ""),
        (PureWindowsPath(r"C:\boxes\dropboxes\x"), ""),
    ],
)
def test_folders_that_a_cloud_service_copies_are_known(
    path: PurePosixPath | PureWindowsPath, service: str
) -> None:
    assert destination.find_cloud(path) == service


@pytest.mark.promise(
    "A workbook written to a folder that a cloud service copies causes one warning"
)
def test_a_report_in_a_synchronized_folder_is_warned_of_once(tmp_path: Path) -> None:
    (tmp_path / "OneDrive - Maple Hollow").mkdir()
    out = tmp_path / "OneDrive - Maple Hollow" / "reports"
    told = run_here(tmp_path, "check", READY, *DAY, "-q", "--out", out)
    assert told.returncode == 0
    assert told.stderr.count("off this computer, and report.xlsx holds student data") == 1
    again = run_here(tmp_path, "check", READY, *DAY, "-q", "--out", out, "--report", "json")
    assert again.stderr == ""


@pytest.mark.promise(
    "A workbook written to a folder that a cloud service copies causes one warning"
)
def test_a_folder_that_is_named_from_inside_a_synchronized_one_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "OneDrive - Maple Hollow").mkdir()
    monkeypatch.chdir(tmp_path / "OneDrive - Maple Hollow")
    with destination.open_folder("readiness-report", ["xlsx"]):
        assert capsys.readouterr().err.count("OneDrive copies the folder") == 1
