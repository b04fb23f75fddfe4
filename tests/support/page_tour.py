"""One visit to the page in Chromium, with everything that the tests want to know of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.support import browser as chrome
from tests.support import page, page_inputs
from tests.support.page_inputs import Visit

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = """async tags => {
    const how = {runOnly: tags, resultTypes: ['violations'], iframes: false}
    const run = await axe.run(document, how)
    return run.violations.map(rule => `${rule.id}: ${rule.nodes[0].html.slice(0, 200)}`)
}"""
STORED = """async () => ({
    cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    cached: (await Promise.all((await caches.keys()).map(async name =>
        (await (await caches.open(name)).keys()).map(request => request.url)))).flat(),
})"""
REACH = """address => new Promise(done => {
    const code = `fetch("${address}")
        .then(() => postMessage("reached"), () => postMessage("refused"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    worker.onmessage = event => done(event.data);
})"""
KEPT = "rosterready-choices"
PACK = "pack: own\nversion: '1'\ntitle: Own\nrules:\n  - id: mine\n    chek: missing\n"


@dataclass
class Seen:
    """What was seen: statuses by name, and the rest."""

    skip: str = ""
    statuses: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    axe: dict[str, list[str]] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    loading: list[str] = field(default_factory=list)
    checking: list[str] = field(default_factory=list)
    stored: dict[str, Any] = field(default_factory=dict)
    reached: dict[str, str] = field(default_factory=dict)
    focused: dict[str, str] = field(default_factory=dict)
    remembered: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    base: str = ""


def tour(place: Path) -> None:
    """Build the site, visit the page, and leave everything in the place: `seen.json` last."""
    seen = Seen()
    try:
        seen.skip = page.build(place / "site")
        if not seen.skip:
            visits = page_inputs.list_visits(place / "inputs")
            with chrome.started() as browser:
                _visit(browser, place, visits, seen=seen)
                _open_one_file(browser, place, seen)
    finally:
        (place / "seen.json").write_text(json.dumps(vars(seen)), encoding="utf-8")


def _visit(browser: Any, place: Path, visits: Mapping[str, Visit], *, seen: Seen) -> None:
    with page.serve(place / "site") as (base, server):
        seen.base = base
        context = browser.new_context(viewport=chrome.SCREEN, accept_downloads=True)
        asked = page.list_requests(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: seen.errors.append(str(error)))
        tab.goto(base)
        visitor = page.Visitor(tab)
        _look(visitor, "start", seen)
        visitor.wait_ready()
        visitor.wait_loaded()
        tab.locator("#offline").wait_for(timeout=page.PATIENCE)
        seen.loading = list(asked)
        asked.clear()
        _check_all(visitor, place, visits, seen)
        _check_bad(visitor, place, seen)
        seen.checking = list(asked)
        _by_keyboard(visitor, place, seen)
        seen.stored = tab.evaluate(STORED)
        tab.get_by_label("App", exact=True).select_option("freckle")
        tab.get_by_label("Remember the app").check()
        with page.serve(place / "inputs") as (elsewhere, _):
            seen.reached["elsewhere"] = tab.evaluate(REACH, elsewhere)
        seen.reached["own"] = tab.evaluate(REACH, f"{base}files.json")
        server.shutdown()
        context.set_offline(True)
        _offline(tab, place, visits, seen=seen)
        context.close()


def _check_all(visitor: page.Visitor, place: Path, visits: Mapping[str, Visit], seen: Seen) -> None:
    for name, visit in visits.items():
        visitor.page.locator("#more").evaluate("it => { it.open = true }")
        for label, paths in visit.more.items():
            visitor.choose(label, *paths)
        if visit.label:
            visitor.choose(visit.label, *visit.paths)
        else:
            visitor.drop(*visit.paths)
        seen.statuses[name] = visitor.check(visit.app)
        if name == "raw":
            seen.statuses["layout"] = seen.statuses[name]
            _look(visitor, "columns", seen)
            visitor.press("Save column map")
            seen.statuses[name] = visitor.press("Check with these columns")
        visitor.save(place / "runs" / name)
        for label in visit.more:
            visitor.choose(label)
        if name == "broken":
            _look(visitor, "report", seen)
            frame = visitor.page.frame_locator("iframe")
            seen.statuses["frame"] = frame.locator("h1").inner_text()
            seen.statuses["search"] = str(frame.locator("#tools").is_visible())
            seen.statuses["mended"] = visitor.press("Make a corrected copy")
            visitor.save(place / "mended")


def _check_bad(visitor: page.Visitor, place: Path, seen: Seen) -> None:
    for name, path in page_inputs.list_bad_files(place / "bad").items():
        visitor.choose("Export", path)
        seen.bad[name] = visitor.check("khan-academy")
    pack = place / "own.yaml"
    pack.write_text(PACK, encoding="utf-8")
    visitor.choose("Rules of your own", pack)
    visitor.choose("Export", page_inputs.READY / "students.csv")
    seen.bad["own.yaml"] = visitor.check()
    visitor.choose("Rules of your own")
    changed = page_inputs.pack(place / "changed.zip", [page_inputs.READY / "students.csv"])
    visitor.choose("Export", changed)
    changed.write_bytes(b"")
    seen.bad["changed.zip"] = visitor.check()
    visitor.choose("Export", page_inputs.READY / "students.csv")
    seen.bad["no date"] = visitor.check(day="")
    visitor.choose("Export")
    seen.bad["no file"] = visitor.check("khan-academy")


def _by_keyboard(visitor: page.Visitor, place: Path, seen: Seen) -> None:
    """Check the made-up district with the keyboard alone, cancel once, and check it again."""
    tab = visitor.page
    tab.locator("body").click(position={"x": 1, "y": 1})
    for _ in range(30):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.id") == "sample":
            break
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Cancel").click()
    seen.statuses["canceled"] = visitor.status
    tab.locator("#sample").focus()
    tab.keyboard.press("Enter")
    tab.locator("#result").wait_for(timeout=page.PATIENCE)
    seen.statuses["sample"] = visitor.status
    seen.focused["result"] = tab.evaluate("document.activeElement.id")
    visitor.save(place / "runs" / "sample")


def _offline(tab: Any, place: Path, visits: Mapping[str, Visit], *, seen: Seen) -> None:
    """Load the page again without any network, and check once more."""
    tab.reload()
    visitor = page.Visitor(tab)
    visitor.wait_ready()
    seen.remembered["app"] = tab.get_by_label("App", exact=True).input_value()
    tab.locator("#more").evaluate("it => { it.open = true }")
    seen.remembered["stored"] = tab.evaluate(f"localStorage.getItem('{KEPT}')")
    tab.get_by_label("Remember the app").uncheck()
    seen.remembered["cleared"] = tab.evaluate("localStorage.length")
    visit = visits["clever"]
    visitor.choose(visit.label, *visit.paths)
    seen.statuses["offline"] = visitor.check(visit.app)
    visitor.save(place / "runs" / "offline")


def _open_one_file(browser: Any, place: Path, seen: Seen) -> None:
    """Open the page in one file from the disk, alone in its folder, and check once."""
    folder = place / "disk"
    folder.mkdir()
    shutil.copy(place / "site" / "rosterready.html", folder)
    context = browser.new_context(accept_downloads=True)
    asked = page.list_requests(context)
    tab = context.new_page()
    tab.goto((folder / "rosterready.html").as_uri())
    visitor = page.Visitor(tab)
    visitor.wait_ready()
    seen.statuses["one file"] = visitor.press("Try it with a made-up district")
    visitor.save(place / "runs" / "one file")
    seen.reached["one file"] = "\n".join(
        address for address in asked if not address.startswith(("file:", "blob:", "data:"))
    )
    context.close()


def _look(visitor: page.Visitor, name: str, seen: Seen) -> None:
    """Keep the rules of axe that the page breaks, in light and dark, and its width on a phone."""
    tab = visitor.page
    tab.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        seen.axe[f"{name}, {scheme}"] = tab.evaluate(AXE, TAGS)
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size({"width": 320, "height": 640})
    seen.widths[name] = tab.evaluate("document.documentElement.scrollWidth")
    tab.set_viewport_size(chrome.SCREEN)
