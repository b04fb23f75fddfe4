"""Processes on this machine: a crash, a hang or a slow district is one row of the overview."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from validator import __version__
from validator.portfolio import district
from validator.portfolio.district import Job, Row

WORKER = "validator.portfolio.worker"

START = 300.0
"""Seconds that a process may take to start."""


class Worker:
    """A worker process: started for its first district, and again after it died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, job: Job, limit: float, memory: int | None) -> Row:
        """Return the district's row, or a failed one if the process died or took too long."""
        if self.process is not None and self.process.poll() is not None:
            self.close()
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._answer(None, START)  # that it is there: its own start is not the district's time
        line, late = self._answer(
            {"job": asdict(job), "memory": memory, "version": __version__}, limit
        )
        if line.endswith(b"\n"):
            return dict(json.loads(line))
        self.close()
        if late:
            return district.build_unfinished(
                job, district.FAILED, f"It took more than {limit:g} seconds and was stopped."
            )
        return district.build_unfinished(
            job,
            district.FAILED,
            "The process that assessed it died; too little memory is the usual cause.",
        )

    def _answer(self, what: dict[str, Any] | None, limit: float) -> tuple[bytes, bool]:
        """Return the answer of the process, b"" if it died, and whether its time was up."""
        process, late = self.process, threading.Event()
        if process is None or process.stdin is None or process.stdout is None:
            return b"", False

        def expire() -> None:
            late.set()
            self.stop()

        clock = threading.Timer(limit, expire)
        clock.daemon = True
        clock.start()
        try:
            with suppress(OSError):
                if what is not None:
                    process.stdin.write(json.dumps(what).encode() + b"\n")
                    process.stdin.flush()
                return process.stdout.readline(), late.is_set()
            return b"", late.is_set()
        finally:
            clock.cancel()

    def stop(self) -> None:
        """End the process; its answer is then empty."""
        process = self.process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process that assesses districts of the portfolio, and forget it."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            with suppress(OSError), process:  # waits, and closes what led there
                pass


def yield_results(
    jobs: Sequence[Job], processes: int, *, limit: float, memory: int | None
) -> Generator[tuple[str, Row], None, None]:
    """Yield each district of a portfolio and its row, from up to `processes` processes."""
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    done: queue.SimpleQueue[tuple[str, Row] | BaseException] = queue.SimpleQueue()
    workers = [Worker() for _ in range(max(1, min(processes, len(jobs))))]

    def work(worker: Worker) -> None:
        try:
            with suppress(queue.Empty):
                while True:
                    job = waiting.get_nowait()
                    done.put((job.name, worker.ask(job, limit, memory)))
        except BaseException as error:  # noqa: BLE001 - raised where the rows are awaited
            done.put(error)
        finally:
            worker.close()

    threads = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        with suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join()
