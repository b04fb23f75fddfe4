"""The page that needs nothing installed: built once, served on this computer, and driven."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILDER = ROOT / "packaging" / "web.py"
READY, PATIENCE = "Ready. Choose the export.", 300_000
"""What the page says when it has loaded, and how long to wait for anything, in milliseconds."""

TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}


def build(site: Path) -> str:
    """Build the site; return why it cannot be, "" where it was."""
    command = [sys.executable, str(BUILDER), "--out", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    return done.stderr.strip() or done.stdout.strip() if done.returncode else ""


class Handler(http.server.SimpleHTTPRequestHandler):
    """A plain web server of static files, without words and without any special header."""

    def guess_type(self, path: Any) -> str:
        """Return the type of a file, as any web server knows it."""
        return TYPES.get(Path(str(path)).suffix) or super().guess_type(path)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(site: Path) -> Iterator[tuple[str, http.server.ThreadingHTTPServer]]:
    """A web server of the folder: its address, and the server, which may be shut down early."""
    handler = functools.partial(Handler, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", server
    finally:
        server.shutdown()
        server.server_close()


class Visitor:
    """Somebody at the page: chooses by the labels, and reads the status."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @property
    def status(self) -> str:
        """What the status region says."""
        return str(self.page.get_by_role("status").inner_text())

    def wait_ready(self) -> None:
        """Wait until the page has loaded."""
        self.page.get_by_role("status").get_by_text(READY).wait_for(timeout=PATIENCE)

    def wait_loaded(self) -> None:
        """Wait until the program has loaded that checks an export."""
        end = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate("performance.getEntriesByName('loaded').length"):
            assert time.monotonic() < end, "the page did not load"
            time.sleep(0.1)

    def choose(self, label: str, *paths: Path) -> None:
        """Choose files, or one folder, under a label; none clears the choice."""
        chosen: Any = [str(path) for path in paths]
        if len(paths) == 1 and paths[0].is_dir():
            chosen = chosen[0]
        self.page.get_by_label(label, exact=True).set_input_files(chosen)

    def drop(self, *paths: Path) -> None:
        """Drop files and folders on the page, as from a file manager."""
        self.page.locator("#drop").scroll_into_view_if_needed()
        box = self.page.locator("#drop").bounding_box()
        what = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        at = {"x": box["x"] + 9, "y": box["y"] + 9, "data": what}
        driver = self.page.context.new_cdp_session(self.page)
        for kind in ("dragEnter", "dragOver", "drop"):
            driver.send("Input.dispatchDragEvent", {"type": kind, **at})
        driver.detach()
        self.page.get_by_role("status").get_by_text("Ready. Press Check.").wait_for()

    def check(self, app: str = "", day: str = "2026-11-16") -> str:
        """Press Check and wait for the end; return what the status says."""
        self.page.get_by_label("App", exact=True).select_option(app)
        self.page.get_by_label("Date", exact=True).fill(day)
        return self.press("Check")

    def press(self, name: str) -> str:
        """Press a button and wait for the end of the work; return what the status says."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.locator("#check:not([disabled])").wait_for(timeout=PATIENCE)
        return self.status

    def save(self, folder: Path) -> None:
        """Save every file that the page offers into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for link in self.page.get_by_role("link", name="Save ").all():
            with self.page.expect_download() as coming:
                link.click()
            coming.value.save_as(folder / coming.value.suggested_filename)


def run_once(place: Path, work: Callable[[], None]) -> None:
    """Do the work in one of several test processes, and wait for it in the others.

    `place`: a folder that they share. The work is done when the file `done` is there.
    """
    place.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(place / "begun", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        end = time.monotonic() + 1200
        while not (place / "done").exists():
            assert time.monotonic() < end, "the other test process did not come to an end"
            time.sleep(0.5)
        return
    try:
        work()
    finally:
        (place / "done").touch()


def list_requests(context: Any) -> list[str]:
    """The addresses that a browser's context requests from now on."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    return asked


def are_own(addresses: Sequence[str], base: str) -> bool:
    """Whether all addresses are the page's own files, or made in the page."""
    return all(address.startswith((base, f"blob:{base}", "data:")) for address in addresses)
