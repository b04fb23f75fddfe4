"""Fixtures shared by the tests: the real-data folder, and reports on small made-up exports."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import os
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

import pytest

from tests.support import fork_server, forks
from validator.model import Outcome, Report

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "real-data"
SHARED_CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
AS_OF = dt.date(2026, 11, 16)
MANY = 500
"""Tests of a run that import the whole program anyway."""


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real roster files."""
    if not REAL_DATA.is_dir():
        pytest.skip("the folder shared/real-data is not next to the checkout")
    return REAL_DATA


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """The folder of faults from public reports, as small inputs."""
    if not SHARED_CASES.is_dir():
        pytest.skip("the folder shared/cases is not next to the checkout")
    return SHARED_CASES


Written = Mapping[str, str | bytes]
Judge = Callable[..., Report]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """A function that writes files to a folder and returns the report on it.

    `saved` sets the day on which a file was saved; other keywords are those of `Options`.
    """
    return functools.partial(_judge, tmp_path)


@pytest.fixture(scope="module")
def judge_once(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """`judge` for the reports that the tests of a module share; each export has its own folder."""

    def judged(files: Written, **more: object) -> Report:
        return _judge(tmp_path_factory.mktemp("once"), files, **more)  # type: ignore[arg-type]

    return judged


def _judge(
    place: Path,
    files: Written,
    *,
    profile: str | Path = "clever",
    as_of: dt.date = AS_OF,
    saved: Mapping[str, dt.date] | None = None,
    previous: Written | None = None,
    sharing: str = "",
    **more: object,
) -> Report:
    from validator.assess import Options, assess

    folder = _write(place / "export", files)
    for name, day in (saved or {}).items():
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()
        os.utime(folder / name, (noon, noon))
    if previous is not None:
        more["previous"] = [_write(place / "previous", previous)]
    if sharing:
        more["sharing"] = place / "sharing.yaml"
        (place / "sharing.yaml").write_text(sharing, encoding="utf-8")
    options = Options(profiles=[profile], as_of=as_of, **more)  # type: ignore[arg-type]
    return assess([folder], options)


def _write(folder: Path, files: Written) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def outcome(report: Report, rule_id: str) -> Outcome:
    """The outcome of one rule."""
    matching = [outcome for outcome in report.outcomes if outcome.rule.id == rule_id]
    assert matching, f"{rule_id} is in no pack of this run: add `profile:` to the case"
    return matching[0]


def spots(report: Report, rule_id: str) -> list[str]:
    """The places of a rule as `file:line column`, in the order of file and line."""
    finding = outcome(report, rule_id).finding
    rows = []
    for block in finding.places if finding else ():
        if block.listed:
            rows += [(block.file, int(line), block.column or "") for line in block.lines]
    return [f"{file}:{line} {column}".strip() for file, line, column in sorted(rows)]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let one worker collect at a time, so that the others read what the first one compiled.

    In a new checkout that is ten seconds of every worker: pytest compiles each test's assertions.
    """
    with Path(__file__).open("rb") as file:
        if fcntl and not sys.dont_write_bytecode:
            fcntl.flock(file, fcntl.LOCK_EX)
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems() -> None:
    """Let hypothesis draw the same examples whichever modules a worker has imported.

    Otherwise it prefers the constants in their code, and parses all of it in every worker.
    """
    providers = sys.modules.get("hypothesis.internal.conjecture.providers")
    if providers is not None:
        providers._get_local_constants = lambda: providers._local_constants  # type: ignore[attr-defined]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave modules and collected tests out of later garbage collections: a tenth of all time.

    Before many tests, what they would import is imported first. Later collections are rarer too:
    most of what a test makes is freed without one.
    """
    if len(session.items) > MANY:
        fork_server.import_everything()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_sessionfinish() -> None:
    """End the processes in which commands were tried; a worker ends without its exit handlers."""
    forks.stop()
