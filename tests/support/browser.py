"""Pages in Chromium, driven by Playwright, which downloads no browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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


@dataclass
class Opened:
    """A page that was opened, and what it asked for and complained of since then."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


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
def opened(browser: Any, path: Path, **how: Any) -> Iterator[Opened]:
    """The file in a tab of its own. `how`: of a browser's context, such as color_scheme="dark"."""
    context = browser.new_context(**{"viewport": SCREEN, **how})
    seen = Opened(context.new_page())
    own = path.resolve().as_uri()
    seen.page.on(
        "request", lambda request: seen.asked.append(request.url) if request.url != own else None
    )
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    try:
        seen.page.goto(own)
        yield seen
    finally:
        context.close()
