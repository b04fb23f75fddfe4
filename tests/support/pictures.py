"""Take the pictures of docs/ from the broken sample's report."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.support.browser import open_tab, started
from tests.support.running import BROKEN, DAY, PINNED, ROOT, run
from validator.sample.names import DISTRICT

PICTURES: dict[str, dict[str, Any]] = {
    "report": {"screen": {"width": 1200, "height": 1300}},
    "report-dark": {"screen": {"width": 1200, "height": 900}, "color_scheme": "dark"},
    "report-phone": {"screen": {"width": 360, "height": 1000}},
    "report-print": {"screen": {"width": 816, "height": 1056}},
}
"""The pictures, and how wide, high and dark the screen is; the printed one is a letter sheet."""

SAVED = int(PINNED)
"""When the files of the export were saved, so that each picture is the same on every day."""

MARGIN = "document.body.style.padding = '16mm 15mm'"
"""As the page's own rule for paper says, which a screen does not follow."""


def take(folder: Path) -> list[Path]:
    """Every picture, written to the folder."""
    made = []
    with tempfile.TemporaryDirectory() as place, started() as browser, open_tab(browser) as tab:
        export = shutil.copytree(BROKEN, Path(place) / "broken")
        for file in export.iterdir():
            os.utime(file, (SAVED, SAVED))
        run(
            Path(place),
            "check",
            export,
            "--district",
            DISTRICT,
            *DAY,
            "--profile",
            "khan-academy",
            "--report",
            "html",
            "--quiet",
        )
        for name, how in PICTURES.items():
            page = tab.show(Path(place) / "readiness-report" / "report.html", **how)
            if name == "report-print":
                page.emulate_media(media="print")
                page.evaluate(MARGIN)
            made.append(folder / f"{name}.png")
            page.screenshot(path=made[-1])
    return made


if __name__ == "__main__":
    for path in take(ROOT / "docs"):
        print(f"{path.name}: {path.stat().st_size:,} bytes")
