"""The HTML report: one self-contained page that a school secretary can read and a vendor may see."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from validator import bundled, privacy, words
from validator.model import Report
from validator.outputs.page import findings, overview

MOST_BYTES = 1_000_000
ROWS_IN_ALL = 4_000
SCHOOLS = 200


def render(report: Report, rows: int | None = 200, full: bool = False) -> bytes:
    """The page as UTF-8. `rows`: places listed per finding (None: all); `full`: with ids and values, for the district.

    Unless all rows are asked for, the page stays under 1 MB: fewer rows are listed when their text is long.
    """
    if rows is None:
        return _page(report, full, None, None)
    budget = ROWS_IN_ALL
    while True:
        page = _page(report, full, rows, budget)
        if len(page) <= MOST_BYTES or budget == 0:
            return page
        budget //= 4


def _page(report: Report, full: bool, rows: int | None, budget: int | None) -> bytes:
    folder = bundled.templates()
    style, script = asset(folder, "report.css"), asset(folder, "report.js")
    schools = privacy.schools(report, full)
    room = findings.Room(rows, budget, schools[:SCHOOLS])
    view = {**overview.view(report, full), **findings.view(report, full, room),
            "schools": room.schools, "schools_rest": max(0, len(schools) - SCHOOLS)}
    template = environment(folder).get_template("report.html.j2")
    return template.render(view, report=report, full=full, words=words, style=Markup(style), script=Markup(script),
                           style_hash=fingerprint(style), script_hash=fingerprint(script)).encode("utf-8", "replace")


def environment(folder: Path) -> Environment:
    """What templates are rendered with: everything escaped, nothing undefined."""
    loader = FileSystemLoader(folder, encoding="utf-8")
    made: dict[str, Any] = {"number": words.number, "day": words.day, "topic": findings.topic_words}
    held = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True, keep_trailing_newline=True)
    held.filters.update(made)
    return held


def asset(folder: Path, name: str) -> str:
    """The text that stands between the tags, exactly as the browser will hash it."""
    return (folder / name).read_text(encoding="utf-8")


def fingerprint(text: str) -> str:
    """What the page's own policy calls a style or script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
