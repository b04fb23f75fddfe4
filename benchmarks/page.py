"""The page in Chromium next to the command: a district of 100,000 students, cold and warm.

Times are in seconds and in processor seconds, of all processes of Chromium and of the command:
the latter say what a quiet computer would show, while another program runs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import district, tables
from tests.support import browser as chrome
from tests.support import page

DAY = "2026-11-16"
NATIVE = """
import datetime as dt, sys, pathlib
from validator.assess import Options, assess
from validator.outputs import registry
folder, out, day, moment = sys.argv[1:]
report = assess([pathlib.Path(folder)], Options(
    as_of=dt.date.fromisoformat(day), profiles=["khan-academy"],
    generated_at=dt.datetime.fromisoformat(moment)))
registry.write(report, pathlib.Path(out), registry.DEFAULT)
"""
MARKS = """JSON.stringify(performance.getEntriesByType("mark").map(
    it => [it.name, it.startTime, it.detail]))"""


def visit(browser: Any, base: str, folder: Path, *, out: Path) -> dict[str, float]:
    """Load the page cold and warm, and check the folder; return seconds, and MB of memory."""
    clock = Clock(browser)
    context = browser.new_context(accept_downloads=True)
    tab = context.new_page()
    tab.goto(base)
    visitor = page.Visitor(tab)
    measured = measure_start(visitor, clock, "cold")
    tab.locator("#offline").wait_for(timeout=page.PATIENCE)
    clock.lap()
    tab.reload()
    measured |= measure_start(visitor, clock, "warm")
    visitor.choose("Export folder", folder)
    print(visitor.check("khan-academy", DAY))
    measured["check_processor"] = clock.lap()
    marks = read_marks(tab)
    measured["check"] = marks["answer"][0] - marks["check"][0]
    measured["heap"] = marks["answer"][1]["heap"] / (1 << 20)
    visitor.save(out)
    context.close()
    return measured


def measure_start(visitor: page.Visitor, clock: Clock, name: str) -> dict[str, float]:
    """Return when the page could be used, and when its program was there, in seconds."""
    visitor.wait_loaded()
    marks = read_marks(visitor.page)
    return {
        f"{name}_ready": marks["ready"][0],
        name: marks["loaded"][0],
        f"{name}_processor": clock.lap(),
    }


class Clock:
    """The processor time of a browser, whatever else the computer does."""

    def __init__(self, browser: Any) -> None:
        self.session = browser.new_browser_cdp_session()
        self.seen: dict[int, float] = {}
        self.lap()

    def lap(self) -> float:
        """Return the processor seconds of all processes of the browser since the last call."""
        processes = self.session.send("SystemInfo.getProcessInfo")["processInfo"]
        now = {process["id"]: process["cpuTime"] for process in processes}
        spent = sum(seconds - self.seen.get(id, 0) for id, seconds in now.items())
        self.seen = now
        return float(spent)


def read_marks(tab: Any) -> dict[str, tuple[float, Any]]:
    """Return the moments that the page marked, in seconds since it was opened."""
    return {name: (at / 1000, detail) for name, at, detail in json.loads(tab.evaluate(MARKS))}


def check_here(folder: Path, out: Path, moment: str) -> dict[str, float]:
    """Check the folder on this computer; return the seconds of the whole process."""
    begun, before = time.perf_counter(), os.times()
    command = [sys.executable, "-c", NATIVE, str(folder), str(out), DAY, moment]
    subprocess.run(command, check=True)
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return {"command": time.perf_counter() - begun, "command_processor": spent}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the page and the command, compare their reports, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--site", type=Path, help="a site that was built before")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        site = options.site or place / "site"
        problem = "" if options.site else page.build(site)
        if problem:
            sys.exit(problem)
        district.write(place / "district", options.students)
        with chrome.started() as browser, page.serve(site) as (base, _):
            measured = visit(browser, base, place / "district", out=place / "page")
        moment = json.loads((place / "page" / "report.json").read_bytes())["generated_at"]
        measured |= check_here(place / "district", place / "command", moment)
        same = [
            (place / "page" / name).read_bytes() == (place / "command" / name).read_bytes()
            for name in ("report.html", "report.json")
        ]
    measured["ratio"] = measured["check"] / measured["command"]
    measured["ratio_processor"] = measured["check_processor"] / measured["command_processor"]
    print(f"{measured}, HTML and JSON {'equal' if all(same) else 'DIFFER'}")
    tables.keep("page", str(options.students), {**measured, "equal": all(same)})
    tables.write()


if __name__ == "__main__":
    main()
