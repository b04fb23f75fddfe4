"""Each rule on every engine: rows read by Arrow or one by one, one process or a Dask cluster."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.checks import test_cases as cases
from tests.conftest import Judge
from validator import parallel, resources
from validator.assess import Options, assess
from validator.ingest.csv import fast, lines, rows
from validator.model import Report, Status
from validator.outputs import registry
from validator.portfolio import cluster, district, worker

SAMPLES = ("broken", "canvas/broken", "schoology/broken", "custom-sections/broken")


@dataclass(frozen=True)
class Engine:
    """A way to read a CSV file; as usual where nothing is set.

    exact: every row one by one, without Arrow's reader.
    coded: every column as an Arrow dictionary (True) or as plain strings (False).
    block: bytes that Arrow reads at a time, in threads.
    """

    exact: bool = False
    coded: bool | None = None
    block: int = 0

    @contextmanager
    def use(self) -> Iterator[list[rows.Rows]]:
        """Read all CSV files this way; yield what was read so."""
        done: list[rows.Rows] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rows, "read_rows", self._wrap(rows.read_rows, done))
            if self.block:
                patch.setattr(lines, "CHUNK", self.block)
                patch.setattr(fast, "BLOCK", self.block)
                patch.setattr(fast, "CACHED", self.block)
                patch.setattr(parallel, "LIGHT", 0)
            yield done

    def _wrap(
        self, read_rows: Callable[..., rows.Rows], done: list[rows.Rows]
    ) -> Callable[..., rows.Rows]:
        def read(text: lines.Text, shape: lines.Shape, *, exact_only: bool = False) -> rows.Rows:
            if self.coded is not None:
                shape = replace(shape, wanted=dict.fromkeys(shape.wanted, self.coded))
            done.append(read_rows(text, shape, exact_only=exact_only or self.exact))
            return done[-1]

        return read


ENGINES = {
    "row by row": Engine(exact=True),
    "plain columns": Engine(coded=False),
    "coded columns": Engine(coded=True),
    "small blocks in threads": Engine(block=4096),
}
FARTHEST = Engine(exact=True, coded=False)
"""Without Arrow's reader and without a dictionary, so all that the usual way uses is left out."""


def assess_sample(name: str) -> Report:
    """Return the report on a sample, for the app and the day of its answer key."""
    folder, (profile, as_of) = find_sample(name), read_terms(name)
    return assess([folder], Options(profiles=[profile], as_of=dt.date.fromisoformat(as_of)))


def find_sample(name: str) -> Path:
    """Return a sample's folder."""
    return Path(resources.find_samples() / name)


def read_terms(name: str) -> tuple[str, str]:
    """Return the app and the day of a sample's answer key."""
    key = json.loads((find_sample(name) / "answers.json").read_text(encoding="utf-8"))
    return key["profile"], key["as_of"]


def list_findings(report: Report) -> dict[str, tuple[str, int, object]]:
    """Return each rule's status and count, and the lines in which it finds something."""
    findings = {}
    for outcome in report.outcomes:
        places = outcome.finding.places if outcome.finding else ()
        spots = sorted(
            (block.file, block.column or "", int(line)) for block in places for line in block.lines
        )
        findings[outcome.rule.id] = (outcome.status.value, outcome.count, spots)
    return findings


@pytest.fixture(scope="module")
def usual() -> Mapping[str, Report]:
    """The reports on the samples, read as usual."""
    return {name: assess_sample(name) for name in SAMPLES}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_samples_have_the_same_findings_however_they_are_read(
    engine: str, usual: Mapping[str, Report]
) -> None:
    for name in SAMPLES:
        wanted = list_findings(usual[name])
        assert sum(status == Status.FOUND.value for status, _, _ in wanted.values()) > 10
        with ENGINES[engine].use() as read:
            assert list_findings(assess_sample(name)) == wanted, name
        assert read


@cache
def list_firing() -> Mapping[str, Any]:
    """Return the first case of each rule in which it finds something."""
    firing: dict[str, Any] = {}
    for parameter in cases.cases():
        rule, case = parameter.values
        if "finds" in case:
            firing.setdefault(rule, case)
    return firing


@pytest.mark.parametrize("rule", list_firing())
def test_each_rule_fires_however_its_files_are_read(
    rule: str, judge: Judge, tmp_path: Path
) -> None:
    case = list_firing()[rule]
    with FARTHEST.use():
        report = cases.run(case, judge, tmp_path)
    cases.check(report, rule, case)  # its words, too, are those of the usual way


class Client:
    """The client of a Dask cluster that runs in this process."""

    def __init__(self, address: str, timeout: float) -> None:
        self.address = address

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def submit(self, work: Any, *args: Any, pure: bool, retries: int) -> Future[Any]:
        """Return the result of the work, which travels as bytes, as to another machine."""
        work, args = pickle.loads(pickle.dumps((work, args)))
        result = Result()
        result.set_result(pickle.loads(pickle.dumps(work(*args))))
        return result


class Result(Future[Any]):
    """A finished piece of the cluster's work."""

    status = "finished"

    def release(self) -> None:
        """Keep nothing."""


def test_a_cluster_finds_in_the_samples_what_a_single_check_finds(
    usual: Mapping[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    dask = SimpleNamespace(Client=Client, as_completed=list)
    monkeypatch.setitem(sys.modules, "distributed", dask)
    jobs = []
    for name in SAMPLES:
        profile, as_of = read_terms(name)
        terms = district.read_conditions([profile], as_of)
        jobs.append(district.Job(name, str(find_sample(name)), terms, ""))
    found = dict(cluster.yield_results(jobs, "tcp://nowhere", limit=300, memory=None))
    assert set(found) == set(SAMPLES)
    for name, row in found.items():
        options = registry.Options(rows=worker.ROWS)
        alone = json.loads(registry.render(usual[name], "json", options))
        there = json.loads(row["reports"]["json"])
        assert row["verdict"] == usual[name].verdict.value
        assert there["outcomes"] == alone["outcomes"]
