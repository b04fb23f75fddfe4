"""A Dask cluster: the only code that opens a connection, to the address that the user gives."""

from __future__ import annotations

import importlib
import logging
import queue
from collections.abc import Generator, Sequence
from typing import Any

from validator.model import BadUsage
from validator.portfolio import district
from validator.portfolio.district import Job, Row
from validator.portfolio.run import Worker

PATIENCE = 15
"""Seconds that the cluster may take to answer at first."""
RETRIES = 3
"""Times that a district is retried on other workers after its worker was lost."""

_idle: queue.SimpleQueue[Worker] = (
    queue.SimpleQueue()
)  # in the cluster's workers: processes that wait for a district


def yield_results(
    jobs: Sequence[Job], address: str, *, limit: float, memory: int | None
) -> Generator[tuple[str, Row], None, None]:
    """Yield each district of a portfolio and its row, as the cluster's workers finish them.

    Other workers take over the districts of a lost worker. The workers must see the districts
    under the same paths. Raises BadUsage where the cluster does not answer.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise BadUsage('--cluster needs Dask: pip install "rosterready[cluster]"') from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError, RuntimeError):
        raise BadUsage(f"no Dask cluster answers at {address}") from None
    with client:
        futures = {
            client.submit(_assess_apart, job, limit, memory, pure=False, retries=RETRIES): job
            for job in jobs
        }
        for future in distributed.as_completed(list(futures)):
            job = futures.pop(future)
            lost = future.status != "finished"
            yield job.name, _build_lost_row(job) if lost else future.result()
            future.release()


def _build_lost_row(job: Job) -> Row:
    """Return the row of a district for which every cluster worker was lost."""
    return district.build_unfinished(
        job, district.FAILED, "Every cluster worker that tried to assess it was lost."
    )


def _assess_apart(job: Job, limit: float, memory: int | None) -> Row:
    """Return the district's row from a separate process, whose crash does not stop the worker."""
    try:
        worker = _idle.get_nowait()
    except queue.Empty:
        worker = Worker()
    try:
        return worker.ask(job, limit, memory)
    finally:
        _idle.put(worker)
