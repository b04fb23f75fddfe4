"""Districts of a portfolio, assessed in this process: each worker takes a second to start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from unittest import mock

from validator.portfolio import district, run, worker


def assess_districts(
    jobs: Sequence[district.Job], processes: int, *, limit: float, memory: int | None
) -> Iterator[tuple[str, district.Row]]:
    """Yield each district and its row as `run.yield_results` does, but from this process."""
    for job in jobs:
        yield job.name, json.loads(json.dumps(worker.assess_job(job, memory)))


def without_workers() -> AbstractContextManager[object]:
    """Let every portfolio be assessed in this process."""
    return mock.patch.object(run, "yield_results", assess_districts)
