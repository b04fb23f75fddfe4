"""Pages in Chromium, driven by Playwright, which downloads no browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
SCREEN = {"width": 1200, "height": 900}
LETTERS = 16
"""Pixels of letters, as browsers are set."""


class Tab:
    """A tab that shows one file after the other, which takes a quarter of the time of new tabs.

    asked, said: what the file asked for, and complained of, since it was shown.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        self.own = ""
        page.on("request", self._note_request)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        self.settings = page.context.new_cdp_session(page)
        self.settings.send("Page.enable")

    def _note_request(self, request: Any) -> None:
        if request.url != self.own:
            self.asked.append(request.url)

    def show(
        self, path: Path, *, screen: Any = SCREEN, letters: int = LETTERS, **media: str
    ) -> Any:
        """Show a file as if the tab were new, and return its page.

        letters: their size in the browser's settings, in pixels; media: color_scheme and
        forced_colors.
        """
        self.page.goto("about:blank")
        self.own = path.resolve().as_uri()
        self.asked.clear()
        self.said.clear()
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(screen)
        as_usual = {"media": "null", "color_scheme": "null", "forced_colors": "null"}
        self.page.emulate_media(**{**as_usual, **media})
        self.settings.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})
        self.page.goto(self.own)
        return self.page


def chromium() -> str:
    """Where Chromium is on this computer, "" where it is not."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), "")


@contextmanager
def started() -> Iterator[Any]:
    """Chromium without a window; without Chromium the test is skipped, and fails in CI."""
    path = chromium()
    if not path:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "there is no Chromium on this computer"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_tab(browser: Any, **how: Any) -> Iterator[Tab]:
    """A new tab. `how`: of a browser's context, such as java_script_enabled=False."""
    context = browser.new_context(viewport=SCREEN, **how)
    try:
        yield Tab(context.new_page())
    finally:
        context.close()
