"""Runs that are killed, stopped or short of memory leave no half-written report."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from tests.support.forks import run_code, run_fork
from tests.support.running import BROKEN, DAY, READY
from validator import resources
from validator.cli import app, exit_codes
from validator.sample import writer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and fork are POSIX")

KINDS = ("report.html", "report.json", "report.xlsx")

AT_POINTS = '''
import os, shutil, signal, sys
from pathlib import Path
from validator.cli import app as cli

how, export, earlier = getattr(signal, sys.argv[1]), sys.argv[2], sys.argv[3]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process may ignore it
WATCHED = (
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.listdir", "tempfile.mkstemp"
)
state = {"seen": 0, "points": (), "writes": False}

def count(event, args):
    if event in WATCHED and state["points"] is not None:
        state["seen"] += 1
        state["writes"] = state["writes"] or event == "tempfile.mkstemp"
        if state["seen"] in state["points"]:
            strike(state["seen"])

def strike(point):
    points, state["points"] = state["points"], None
    if len(points) == 1:
        os.kill(os.getpid(), how)
        return
    if how == signal.SIGKILL or not state["writes"]:  # what is stopped later takes a report along
        child = os.fork()  # what is struck is a copy of the run, so that many points need one run
        if not child:
            os.kill(os.getpid(), how)
            return
        print(point, wait(child), flush=True)
        shutil.copytree(".", f"../at{point}")
    state["points"] = points

def wait(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def once(folder, points, export=export):
    """Exit status of a child that is hit at these events, and how many events there were."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.chdir(folder)
        sys.argv[1:] = ["check", export, "--as-of", "2026-11-16", "-q"]
        state.update(seen=0, points=points, writes=False)
        sys.addaudithook(count)
        code = 99
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
        except KeyboardInterrupt:
            code = 130
        os.write(tell, str(state["seen"]).encode())
        os._exit(code or 0)
    os.close(tell)
    return wait(child), int(os.read(told, 20) or b"0")

def fresh(name):
    folder = Path(name)
    shutil.copytree("last/readiness-report", folder / "readiness-report")
    return folder

Path("last").mkdir()
once("last", (), earlier)
status, total = once(fresh("whole"), ())
points = {max(1, total * n // 10) for n in range(10)} | {total - 1 - n * 3 for n in range(10)}
once(fresh("struck"), points)
for point in sorted(points):
    if not Path(f"at{point}").exists():
        print(point, once(fresh(f"at{point}"), {point})[0])
'''


def cut_short(sample: Path, folder: Path) -> Path:
    """Write the first rows of a sample's files: twenty runs need no whole district."""
    folder.mkdir()
    for path in sample.glob("*.csv"):
        rows = path.read_bytes().splitlines(keepends=True)
        (folder / path.name).write_bytes(b"".join(rows[:40]))
    return folder


def struck(folder: Path, how: str) -> dict[str, int]:
    """The exit status of runs that were each struck at another point, by the folder of the run."""
    earlier = cut_short(READY, folder / "ready")
    export = cut_short(BROKEN, folder / "broken")
    done = run_code(folder, how, export, earlier, code=AT_POINTS)
    assert done.returncode == 0, done.stderr
    return {
        f"at{words[0]}": int(words[1])
        for line in done.stdout.splitlines()
        if (words := line.split())
    }


def reports(folder: Path) -> Mapping[str, bytes]:
    """What lies in the folder of the reports."""
    return {path.name: path.read_bytes() for path in (folder / "readiness-report").iterdir()}


@pytest.mark.slow
@pytest.mark.promise(
    "A run that is killed leaves every report complete: the previous one or the new one, never "
    "half of one"
)
def test_killed_at_twenty_points_no_report_is_half_written(tmp_path: Path) -> None:
    ends = struck(tmp_path, "SIGKILL")
    assert len(ends) >= 18
    assert set(ends.values()) == {-9}
    whole = reports(tmp_path / "whole")
    last = reports(tmp_path / "last")
    assert set(whole) == set(last) == set(KINDS)
    assert all(whole[kind] != last[kind] for kind in KINDS)
    for name in ends:
        for kind, held in reports(tmp_path / name).items():
            assert kind.endswith(".part") or held in (last[kind], whole[kind]), (
                f"{kind} when struck {name}"
            )
        assert set(KINDS) <= set(reports(tmp_path / name))


@pytest.mark.slow
@pytest.mark.promise("Ctrl-C exits with code 130 and leaves nothing behind")
def test_stopped_at_twenty_points_nothing_is_left_behind(tmp_path: Path) -> None:
    ends = struck(tmp_path, "SIGINT")
    assert len(ends) >= 18
    assert set(ends.values()) == {130}
    whole, last = reports(tmp_path / "whole"), reports(tmp_path / "last")
    for name in ends:
        found = reports(tmp_path / name)
        assert set(found) == set(KINDS), name
        assert all(held in (last[kind], whole[kind]) for kind, held in found.items()), name
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == ["readiness-report"]


STARVE = """
import resource
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + {more} * 2**20,) * 2)
"""


EXHAUST = """
from validator.ingest.csv import read

def read_csv(*_, **__):
    raise MemoryError

read.read_csv = read_csv
"""
"""Memory runs out while the first file is read."""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export whose enrollments take 40 MB."""
    folder = tmp_path_factory.mktemp("exports") / "big"
    shutil.copytree(READY, folder)
    with (folder / "enrollments.csv").open("a") as file:
        file.writelines(f"zz{n},zz{n},zz{n}\n" for n in range(2_000_000))
    return folder


@pytest.mark.slow
@pytest.mark.promise("Too little memory exits with code 4 and one sentence")
@pytest.mark.parametrize("more", [8, 64, 160])  # refused before it is read
def test_too_little_memory_ends_with_4_and_one_sentence(
    big: Path, tmp_path: Path, more: int
) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not tell how much memory a process has")
    words = ("check", big, *DAY, "-q", "--report", "json")
    told = run_fork(tmp_path, *words, program=STARVE.replace("{more}", str(more)))
    assert told.returncode == 4, told.stderr[-500:]
    assert told.stderr.startswith("rosterready: "), told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert "memory" in told.stderr
    assert not (tmp_path / "readiness-report").exists()


@pytest.mark.promise("Too little memory exits with code 4 and one sentence")
def test_memory_that_runs_out_while_reading_ends_with_4_and_no_report(tmp_path: Path) -> None:
    told = run_fork(tmp_path, "check", READY, *DAY, "-q", program=EXHAUST)
    assert told.returncode == 4, told.stderr[-500:]
    assert "memory" in told.stderr and len(told.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "readiness-report").exists()


@pytest.mark.parametrize(
    "error", [MemoryError, pa.ArrowMemoryError, type("OfAnArray", (MemoryError,), {})]
)
@pytest.mark.promise("Too little memory exits with code 4 and one sentence")
def test_too_little_memory_is_known_whoever_lacks_it(
    error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_codes.explain_error(error("a value of a record"), debug=False) == 4
    told = capsys.readouterr().err
    assert (
        told.startswith("rosterready: this computer has too little free memory")
        and told.count("\n") == 1
    )


@pytest.mark.promise(
    "A broken template or rule exits with code 4, and all other reports are still written"
)
def test_a_broken_template_ends_with_4_and_the_other_reports_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(resources.find_templates(), tmp_path / "templates")
    for template in (tmp_path / "templates").glob("*.j2"):
        template.write_text("{% if %}{{ nothing.at.all }}")
    monkeypatch.setattr(resources, "find_templates", lambda: tmp_path / "templates")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["rosterready", "check", str(BROKEN), *DAY, "-q"])
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == 4
    assert sorted(path.name for path in (tmp_path / "readiness-report").iterdir()) == [
        "report.json",
        "report.xlsx",
    ]
    assert "fault of the program" in capsys.readouterr().err


def test_the_day_of_the_samples_is_the_day_of_these_tests() -> None:
    assert DAY[1] == writer.AS_OF.isoformat()
