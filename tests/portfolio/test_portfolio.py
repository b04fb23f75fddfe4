"""Many districts: one overview, whichever process did the work; no names."""

from __future__ import annotations

import csv
import functools
import importlib.util
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from tests.support import portfolios
from tests.support.running import run_here
from validator.model import BadUsage
from validator.portfolio import cluster, district, portfolio, run
from validator.portfolio.schema import build_schema
from validator.sample import writer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
AS_OF = writer.AS_OF.isoformat()
FAULTS = (["none"], ["student-email-missing"], ["section-elective", "student-dob-missing"])
FILES = ("portfolio.html", "portfolio.json", "portfolio.xlsx")


@pytest.fixture(scope="module")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four made-up districts: three folders and a .zip, one of them ready."""
    folder = tmp_path_factory.mktemp("districts")
    for number in range(4):
        writer.write_sample(folder / f"maple-{number}", 200, number, faults=FAULTS[number % 3])
    packed = folder / "maple-3"
    with zipfile.ZipFile(folder / "acorn.zip", "w") as archive:
        for file in sorted(packed.iterdir()):
            archive.write(file, file.name)
            file.unlink()
    packed.rmdir()
    return folder


@functools.cache
def conditions() -> district.Conditions:
    return district.read_conditions(["khan-academy"], AS_OF)


def assessed(folder: Path, out: Path, **options: Any) -> dict[str, Any]:
    return portfolio.assess([folder], out, conditions(), options=portfolio.RunOptions(**options))


@pytest.fixture
def here() -> Iterator[None]:
    """Districts are assessed in this process."""
    with portfolios.without_workers():
        yield


@pytest.fixture(scope="module")
def alone(districts: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of the overview that this process makes, and the overview."""
    out = tmp_path_factory.mktemp("alone")
    with portfolios.without_workers():
        return out, assessed(districts, out)


def contents(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in FILES]


def test_two_processes_write_the_same_bytes_as_one(
    districts: Path, alone: tuple[Path, Any], tmp_path: Path
) -> None:
    assessed(districts, tmp_path, jobs=2)
    assert contents(tmp_path) == contents(alone[0])


def test_the_worst_district_stands_first_and_every_one_is_there(
    alone: tuple[Path, dict[str, Any]],
) -> None:
    rows = alone[1]["districts"]
    assert [row["district"] for row in rows] == ["maple-2", "maple-1", "acorn", "maple-0"]
    assert [row["verdict"] for row in rows] == ["not-ready", "not-ready", "ready", "ready"]
    assert alone[1]["verdicts"] == {"not-ready": 2, "could-not-tell": 0, "ready": 2}
    assert portfolio.exit_code(alone[1], "blocker") == 1
    assert portfolio.exit_code(alone[1], "never") == 0


def test_each_rule_says_in_how_many_districts_it_was_found(
    alone: tuple[Path, dict[str, Any]],
) -> None:
    rules = {one["rule"]: one for one in alone[1]["by_rule"]}
    assert (
        rules["student-email-missing"]["districts"],
        rules["student-email-missing"]["records"],
    ) == (1, 4)
    assert rules["section-elective"]["districts"] == 1


def test_a_second_run_does_nothing_again(
    districts: Path, alone: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        run, "yield_results", lambda *_: pytest.fail("a finished district was assessed again")
    )
    before = contents(alone[0])
    assessed(districts, alone[0], jobs=1)
    assert contents(alone[0]) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.promise("Only the user who created a report can read it (POSIX modes)")
@pytest.mark.promise("A link where a report would be written is replaced, never followed")
def test_every_file_is_its_owners_only_and_in_the_place_of_a_link(
    districts: Path, alone: tuple[Path, Any], tmp_path: Path
) -> None:
    shutil.copytree(alone[0], tmp_path / "out")
    for name in FILES:
        (tmp_path / "out" / name).unlink()
        (tmp_path / "out" / name).symlink_to(tmp_path / "elsewhere")
    assessed(districts, tmp_path / "out", jobs=1)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    for path in (*(tmp_path / "out").glob("*.*"), *(alone[0] / portfolio.DONE).iterdir()):
        assert stat.S_IMODE(path.lstat().st_mode) == 0o600, path.name


@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
def test_no_output_names_a_person(districts: Path, alone: tuple[Path, Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO((alone[0] / "portfolio.xlsx").read_bytes()))
    told = " ".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    told += "".join((alone[0] / name).read_text(encoding="utf-8") for name in FILES[:2])
    for file in (alone[0] / portfolio.DONE).iterdir():
        answer = json.loads(file.read_text(encoding="utf-8"))
        # 64 random digits of a digest now and then hold the six digits of somebody's id
        assert re.fullmatch("[0-9a-f]{64}", answer.pop("digest"))
        told += json.dumps(answer, ensure_ascii=False)
    private = {
        cell
        for line in (districts / "maple-1" / "students.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1:]
        for cell in line.split(",")
        if len(cell) > 5 and not cell.startswith("Kinder")
    }
    assert len(private) > 500
    assert not [cell for cell in private if cell in told]


@pytest.mark.usefixtures("here")
def test_what_changed_since_the_last_run_is_told(tmp_path: Path) -> None:
    folder, out = tmp_path / "districts", tmp_path / "out"
    writer.write_sample(folder / "oak", 200, 1, faults=["student-email-missing"])
    writer.write_sample(folder / "elm", 200, 2, faults=["none"])
    assert assessed(folder, out)["changed"] == {
        "better": [],
        "worse": [],
        "otherwise": [],
        "gone": [],
    }
    writer.write_sample(folder / "oak", 200, 1, faults=["none"])
    for file in (folder / "elm").iterdir():
        file.unlink()
    (folder / "elm").rmdir()
    second = assessed(folder, out)
    assert second["changed"] == {"better": ["oak"], "worse": [], "otherwise": [], "gone": ["elm"]}
    assert second["districts"][0]["change"] == {
        "since": AS_OF,
        "verdict_before": "not-ready",
        "appeared": [],
        "solved": ["student-email-missing"],
        "more": [],
        "fewer": [],
    }
    page = (out / "portfolio.html").read_text(encoding="utf-8")
    assert "Changed since last time" in page and "was not ready, 1 problem solved" in page


WORKER = """
import os, time, types
from validator.portfolio import worker
worker.importlib = types.SimpleNamespace(import_module=str)  # only a whole district needs it
def assess_job(job, memory=None, known=worker.assess_job):
    if job.name == "crashes":
        os._exit(9)
    while job.name == "hangs":
        time.sleep(1)
    if job.name == "raises":
        raise MemoryError("a value of a record")
    return known(job, memory)
worker.assess_job = assess_job
worker.main()
"""


ANSWERS_OR_HANGS = """
import json, sys, time
print("ready", flush=True)
for line in sys.stdin:
    while json.loads(line)["job"]["name"] == "hangs":
        time.sleep(1)
    print("{}", flush=True)
"""


@pytest.mark.promise("Ctrl-C exits with code 130 and leaves nothing behind")
def test_whoever_stops_early_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short_worker.py").write_text(ANSWERS_OR_HANGS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(run, "WORKER", "short_worker")
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(start(*given, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    rows = run.yield_results(
        [district.Job(name, "", conditions(), "") for name in ("hangs", "answers")],
        2,
        limit=600,
        memory=None,
    )
    assert next(rows) == ("answers", {})
    rows.close()
    assert started
    try:
        assert all(process.poll() is not None for process in started)
    finally:
        for process in started:
            process.kill()


def test_a_crash_and_a_hang_are_one_row_each_and_tried_again_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faulty_worker.py").write_text(textwrap.dedent(WORKER), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    folder, out = tmp_path / "districts", tmp_path / "out"
    for name in ("crashes", "hangs", "raises", "whole"):
        writer.write_sample(folder / name, 200, 1, faults=["none"])
    with monkeypatch.context() as faulty:
        faulty.setattr(run, "WORKER", "faulty_worker")
        summed = assessed(folder, out, jobs=2, limit=20.0)
    told = {row["district"]: row["reason"] for row in summed["districts"]}
    assert "died" in told["crashes"] and "died" in told["raises"] and "20 seconds" in told["hangs"]
    assert told["whole"] is None
    assert portfolio.exit_code(summed, "blocker") == 4
    with portfolios.without_workers():
        again = assessed(folder, out)
    assert again["failed"] == 0 and again["verdicts"]["ready"] == 4


@pytest.mark.usefixtures("here")
def test_a_district_that_cannot_be_read_is_a_row_with_the_reason(tmp_path: Path) -> None:
    folder = tmp_path / "districts"
    (folder / "empty").mkdir(parents=True)
    (folder / "damaged.zip").write_bytes(b"PK\x03\x04 no archive")
    summed = assessed(folder, tmp_path / "out")
    assert [(row["district"], row["status"], row["verdict"]) for row in summed["districts"]] == [
        ("damaged", "unreadable", "could-not-tell"),
        ("empty", "unreadable", "could-not-tell"),
    ]
    for row in summed["districts"]:
        assert row["reason"].endswith("."), row["reason"]
    assert portfolio.exit_code(summed, "blocker") == 3


@pytest.mark.usefixtures("here")
def test_a_district_that_needs_too_much_memory_is_not_begun(
    districts: Path, tmp_path: Path
) -> None:
    summed = assessed(districts, tmp_path, memory=1 << 20)
    assert summed["failed"] == 4
    assert all("--memory-limit" in row["reason"] for row in summed["districts"])


@pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="these systems take only names that are text"
)
@pytest.mark.usefixtures("here")
def test_a_folder_whose_name_is_no_text_is_told_like_any_other(tmp_path: Path) -> None:
    for name in ("B\udcff", "B\udcfe", "esc\x1b[31m"):
        writer.write_sample(tmp_path / "in" / name, 200, 1, faults=[])
    summed = assessed(tmp_path / "in", tmp_path / "out")
    assert sorted(row["district"] for row in summed["districts"]) == [
        "B\udcfe",
        "B\udcff",
        "esc\x1b[31m",
    ]
    assert json.loads((tmp_path / "out" / "portfolio.json").read_bytes()) == summed
    page = (tmp_path / "out" / "portfolio.html").read_bytes()
    assert b"B\xef\xbf\xbd" in page and b"\x1b" not in page
    assert len(list((tmp_path / "out" / "districts").iterdir())) == 3
    again = assessed(tmp_path / "in", tmp_path / "out")
    assert again["districts"] == summed["districts"]


def blank(path: Path, column: str) -> None:
    """Empty a column of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer_of = csv.DictWriter(file, list(rows[0]))
        writer_of.writeheader()
        writer_of.writerows({**row, column: ""} for row in rows)


@pytest.mark.usefixtures("here")
def test_a_district_where_nobody_can_sign_in_comes_first_however_small(tmp_path: Path) -> None:
    folder = tmp_path / "districts"
    writer.write_sample(folder / "large", 900, 1, faults=["student-without-section"])
    writer.write_sample(folder / "small", 200, 2, faults=["none"])
    writer.write_sample(folder / "cut", 200, 3, faults=["none"])
    blank(folder / "small" / "students.csv", "Student_email")
    (folder / "cut" / "students.csv").unlink()
    summed = assessed(folder, tmp_path / "out")
    rows = {row["district"]: row for row in summed["districts"]}
    assert list(rows) == ["small", "cut", "large"]
    assert rows["small"]["held"]["everybody"] and rows["small"]["held"]["people"] == 200
    assert rows["small"]["first"]["id"] == "student-email-missing"
    assert rows["cut"]["held"] is None and rows["large"]["held"]["people"] > 0


@pytest.mark.usefixtures("here")
def test_each_district_has_its_own_masked_report_and_its_days(tmp_path: Path) -> None:
    out = tmp_path / "out"
    writer.write_sample(tmp_path / "in" / "oak", 200, 1, faults=["student-email-missing"])
    for day in ("2026-11-16", "2026-11-17", "2026-11-17"):
        conditions = district.read_conditions(["khan-academy"], day)
        summed = portfolio.assess(
            [tmp_path / "in"], out, conditions, options=portfolio.RunOptions()
        )
    (row,) = summed["districts"]
    own = out / row["report"]
    page = (out / "portfolio.html").read_text(encoding="utf-8")
    assert f'href="{row["report"]}"' in page and page.count('class="spark"') == 1
    assert "oak" in own.read_text(encoding="utf-8")
    assert json.loads(own.with_suffix(".json").read_bytes())["edition"] == "masked"
    assert [it["as_of"] for it in row["trend"]] == ["2026-11-16", "2026-11-17"]
    book = openpyxl.load_workbook(out / "portfolio.xlsx")
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert not any("Student data" in (sheet.oddFooter.center.text or "") for sheet in book)
    assert len(list(book["Trends"].iter_rows(min_row=2))) == 2
    assert book["Districts"]["C2"].value == row["held"]["people"] > 0
    own.unlink()
    portfolio.assess([tmp_path / "in"], out, conditions, options=portfolio.RunOptions())
    assert own.is_file()


@pytest.mark.usefixtures("here")
def test_the_json_is_as_its_schema_says(alone: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "in" / "empty").mkdir(parents=True)
    for summed in (alone[1], assessed(tmp_path / "in", tmp_path / "out")):
        jsonschema.Draft202012Validator(build_schema()).validate(summed)


def test_folders_without_districts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="has no districts"):
        assessed(tmp_path, tmp_path / "out")


@pytest.mark.usefixtures("here")
def test_districts_of_one_name_in_two_folders_keep_their_folders_name(tmp_path: Path) -> None:
    for state in ("north", "south"):
        writer.write_sample(tmp_path / state / "oak", 200, 1, faults=["none"])
    summed = portfolio.assess(
        [tmp_path / "north", tmp_path / "south"],
        tmp_path / "out",
        conditions(),
        options=portfolio.RunOptions(),
    )
    assert [row["district"] for row in summed["districts"]] == ["north/oak", "south/oak"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_a_run_that_is_killed_goes_on_where_it_was(
    districts: Path, alone: tuple[Path, Any], tmp_path: Path
) -> None:
    words = ("portfolio", districts, "-p", "khan-academy", "--as-of", AS_OF, "-q", "-o", tmp_path)
    command = [sys.executable, "-m", "validator", *map(str, words), "--jobs", "1"]
    first = subprocess.Popen(command, cwd=ROOT)  # with a worker, which must not go on alone
    done = tmp_path / portfolio.DONE
    deadline = time.monotonic() + 60
    while not list(done.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = {file.name: file.stat().st_mtime_ns for file in done.glob("*.json")}
    assert 1 <= len(kept) < 4
    assert not (tmp_path / "portfolio.json").exists()
    assert run_here(ROOT, *words).returncode == 1
    assert {name: (done / name).stat().st_mtime_ns for name in kept} == kept
    assert contents(tmp_path) == contents(alone[0])


def test_a_cluster_that_does_not_answer_is_refused(
    districts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(BadUsage, match=r"no Dask cluster answers|needs Dask"):
        assessed(districts, tmp_path, cluster="tcp://127.0.0.1:9")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="Dask is not installed")
def test_a_lost_worker_of_the_cluster_loses_no_district(
    districts: Path, alone: tuple[Path, Any], tmp_path: Path
) -> None:
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as held:
        pids = [worker.pid for worker in held.workers.values()]
        options = portfolio.RunOptions(cluster=held.scheduler_address)
        killed = []

        def progress(_: str, done: float) -> None:
            if not killed:
                os.kill(pids[0], signal.SIGTERM)
                killed.append(done)

        portfolio.assess([districts], tmp_path, conditions(), options=options, progress=progress)
    assert killed and killed[0] < 1
    assert json.loads((tmp_path / "portfolio.json").read_bytes())["failed"] == 0
    assert contents(tmp_path) == contents(alone[0])
