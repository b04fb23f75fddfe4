"""The page in Chromium next to the command: a district of 100,000 students, cold and warm."""

from __future__ import annotations

import argparse
import json
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
    context = browser.new_context(accept_downloads=True)
    tab = context.new_page()
    tab.goto(base)
    visitor = page.Visitor(tab)
    visitor.wait_ready()
    measured = {"cold": read_marks(tab)["ready"][0]}
    tab.locator("#offline").wait_for(timeout=page.PATIENCE)
    tab.reload()
    visitor.wait_ready()
    measured["warm"] = read_marks(tab)["ready"][0]
    visitor.choose("Export folder", folder)
    print(visitor.check("khan-academy", DAY))
    marks = read_marks(tab)
    measured["check"] = marks["answer"][0] - marks["check"][0]
    measured["heap"] = marks["answer"][1]["heap"] / (1 << 20)
    visitor.save(out)
    context.close()
    return measured


def read_marks(tab: Any) -> dict[str, tuple[float, Any]]:
    """Return the moments that the page marked, in seconds since it was opened."""
    return {name: (at / 1000, detail) for name, at, detail in json.loads(tab.evaluate(MARKS))}


def check_here(folder: Path, out: Path, moment: str) -> float:
    """Check the folder on this computer; return the seconds of the whole process."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", NATIVE, str(folder), str(out), DAY, moment]
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


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
        measured["command"] = check_here(place / "district", place / "command", moment)
        same = [
            (place / "page" / name).read_bytes() == (place / "command" / name).read_bytes()
            for name in ("report.html", "report.json")
        ]
    measured["ratio"] = measured["check"] / measured["command"]
    print(f"{measured}, HTML and JSON {'equal' if all(same) else 'DIFFER'}")
    tables.keep("page", str(options.students), {**measured, "equal": all(same)})
    tables.write()


if __name__ == "__main__":
    main()
