"""The overview as one self-contained page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from validator import resources, wording
from validator.model import Verdict
from validator.outputs.html.overview import VERDICTS
from validator.outputs.html.render import build_environment, encode_page, fingerprint, read_asset
from validator.portfolio.district import FAILED
from validator.portfolio.workbook import describe_change, get_verdict, list_apps

MOST = 1_000
"""Districts that the page lists, the worst; all of them are in the workbook and in the JSON."""

LINE_WIDTH, LINE_HEIGHT = 90, 22
"""Pixels of the line of a district's days."""

CHANGES = {
    "worse": "Worse",
    "better": "Better",
    "otherwise": "Other problems, same verdict",
    "gone": "Not given this time",
}


def render(summed: Mapping[str, Any]) -> bytes:
    """Render the page about all districts of the portfolio, as UTF-8."""
    folder = resources.find_templates()
    style, script = read_asset(folder, "report.css"), read_asset(folder, "portfolio.js")
    rows = summed["districts"]
    templates = build_environment(folder)
    template = templates.get_template("portfolio.html.j2")
    return encode_page(
        template.render(
            held=summed,
            listed=rows[:MOST],
            failed=[row for row in rows if row["status"] == FAILED],
            answer=_answer(summed),
            worst=next(verdict for verdict in Verdict if summed["verdicts"][verdict]).value,
            changes=[
                (title, summed["changed"][name])
                for name, title in CHANGES.items()
                if summed["changed"][name]
            ],
            names={verdict.value: text for verdict, text in VERDICTS.items()},
            changed=describe_change,
            has_changes=any(row["change"] for row in rows),
            has_trends=any(len(row["trend"]) > 1 for row in rows),
            apps=list_apps(rows),
            verdict_of=get_verdict,
            verdicts_of=_list_verdicts,
            ranks={verdict.value: verdict.rank for verdict in Verdict},
            spark=draw_trend,
            words=wording,
            as_of=dt.date.fromisoformat(summed["as_of"]),
            style=Markup(style),
            style_hash=fingerprint(style),
            script=Markup(script),
            script_hash=fingerprint(script),
        )
    )


def _list_verdicts(row: Mapping[str, Any]) -> list[str]:
    """Return the verdicts of a district for the portfolio page's filter.

    A district that is ready for one app and not for another is not listed as ready.
    """
    of_apps = [app["verdict"] for app in row["apps"] if app["verdict"] != Verdict.READY]
    return list(dict.fromkeys([row["verdict"], *of_apps]))


def draw_trend(trend: Sequence[Mapping[str, Any]]) -> Markup:
    """Draw the trend of a district in the portfolio: a small line of people held back by day."""
    counts = [point["people"] for point in trend if point["people"] is not None]
    if len(counts) < 2:
        return Markup("")
    most = max(counts) or 1
    step = (LINE_WIDTH - 4) / (len(counts) - 1)
    points = [
        f"{2 + at * step:.1f},{LINE_HEIGHT - 2 - (LINE_HEIGHT - 4) * count / most:.1f}"
        for at, count in enumerate(counts)
    ]
    says = f"{len(counts)} runs: {counts[0]:,} people held back at first, {counts[-1]:,} now"
    return Markup(
        '<svg class="spark" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        "<title>{says}</title>"
        '<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    ).format(w=LINE_WIDTH, h=LINE_HEIGHT, says=says, points=" ".join(points))


def _answer(summed: Mapping[str, Any]) -> str:
    """Return the portfolio page's answer: how many districts are ready."""
    ready, total = summed["verdicts"][Verdict.READY], len(summed["districts"])
    if ready == total:
        return "Every district is ready"
    districts = wording.format_count(total, "districts")
    return f"{wording.format_number(ready)} of {districts} {'is' if ready == 1 else 'are'} ready"
