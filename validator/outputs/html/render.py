"""The HTML report: one self-contained page that a school secretary can read."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from validator import resources, wording
from validator.model import Report, SchoolRow
from validator.outputs.html import findings, overview, places
from validator.outputs.html.compiled import CompiledTemplates
from validator.outputs.html.school_filter import list_figures
from validator.privacy import values
from validator.text import escape

MOST_BYTES, SHRUNK_UP_TO = 1_000_000, 200
"""Most bytes of a page, and the most rows per finding at which a page is kept that small."""

SCHOOLS = 200


def render(report: Report, rows: int | None = 200) -> bytes:
    """Render the HTML page as UTF-8. `rows`: places listed per finding (None: all).

    At the default number of rows the page stays under 1 MB: fewer are listed if there are
    many findings or their text is long.
    """
    while True:
        page = _render_page(report, rows)
        if rows is None or rows > SHRUNK_UP_TO or len(page) <= MOST_BYTES or rows == 0:
            return page
        rows //= 2


def _render_page(report: Report, rows: int | None) -> bytes:
    """Render the page of the HTML report."""
    folder = resources.find_templates()
    style, script = read_asset(folder, "report.css"), read_asset(folder, "report.js")
    schools = values.list_schools(report)
    room = findings.Room(rows, schools[:SCHOOLS])
    view = {
        **overview.build_view(report, room.schools),
        **findings.build_view(report, room),
        "schools": room.schools,
        "schools_rest": max(0, len(schools) - SCHOOLS),
        "merged_schools": values.list_merged_schools(report),
        "by_school": _group_steps(report),
        "school_names": {row.school_id: _name(row) for row in room.schools if row.school_id},
        "by_app": list_figures(report, room.schools),
    }
    template = keep_environment(folder).get_template("report.html.j2")
    return encode_page(
        template.render(
            view,
            report=report,
            full=not values.is_masked(report),
            words=wording,
            style=Markup(style),
            script=Markup(script),
            style_hash=fingerprint(style),
            script_hash=fingerprint(script),
        )
    )


def _name(school: SchoolRow) -> str:
    """Return the id and the name of a school for the HTML report."""
    return f"{places.shorten_text(school.school_id)} {places.shorten_text(school.name)}".strip()


def encode_page(page: str) -> bytes:
    """Return an HTML page as UTF-8 without steering characters."""
    return escape(page).encode()


def _group_steps(
    report: Report,
) -> list[tuple[str, list[str], list[tuple[str | None, Sequence[int]]]]]:
    """Return per kind of people the steps to signing in, and per school how many are left."""
    return [
        (
            kind,
            [step for step, _ in report.readiness[kind].steps],
            values.count_steps_by_school(report.readiness[kind])[:SCHOOLS],
        )
        for kind in wording.list_sign_in_kinds(report)
    ]


@cache
def keep_environment(folder: Path) -> Environment:
    """Return the environment of the HTML templates, the same for every page of a portfolio."""
    return build_environment(folder)


def build_environment(folder: Path) -> Environment:
    """Return the environment of the HTML templates: everything escaped, nothing undefined."""
    loader = FileSystemLoader(folder, encoding="utf-8")
    made: dict[str, Any] = {
        "number": wording.format_number,
        "day": wording.format_date,
        "topic": findings.name_topic,
        "short": places.shorten_text,
    }
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=CompiledTemplates(folder),
    )
    environment.filters.update(made)
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    return environment


def read_asset(folder: Path, name: str) -> str:
    """Return a style or script of the HTML page, exactly as the browser hashes it."""
    return (folder / name).read_text(encoding="utf-8")


def fingerprint(text: str) -> str:
    """Return the name of a style or script in the HTML page's own policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
