"""The note of a night as a page; without personal data."""

from __future__ import annotations

import re

from markupsafe import Markup

from validator import resources, wording
from validator.model import Night
from validator.outputs.guard import words
from validator.outputs.html import render as html

SIGN = re.compile(rb"<title>(GO|STOP): ")
"""What every earlier guard.html has."""


def render(night: Night) -> bytes:
    """Render the guard's note as an HTML page in UTF-8 that loads nothing."""
    folder = resources.find_templates()
    style = html.read_asset(folder, "guard.css")
    listed, more = words.list_reasons(night)
    columns = words.list_columns(night)
    template = html.build_environment(folder).get_template("guard.html.j2")
    return html.encode_page(
        template.render(
            night=night,
            decision=words.describe_decision(night),
            release=words.describe_release(night),
            compared=words.describe_comparison(night),
            circumstances=words.describe_circumstances(night),
            reasons=[(words.describe_reason(reason), reason.fix) for reason in listed],
            more=more,
            accepted=[words.describe_reason(reason) for reason in words.list_accepted(night)],
            verdicts=[(title, words.VERDICTS[it]) for title, it in night.verdicts.items()],
            headings=["", "before", "now", *(words.WAYS[way] for way in columns)],
            rows=[words.list_cells(count, columns) for count in night.counts],
            kept=words.KEPT,
            history=words.describe_history(night),
            day=wording.format_date(night.day),
            style=Markup(style),
            style_hash=html.fingerprint(style),
        )
    )
