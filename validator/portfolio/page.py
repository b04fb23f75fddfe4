"""The overview as one self-contained page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from validator import resources, wording
from validator.model import Verdict
from validator.outputs.html.overview import VERDICTS
from validator.outputs.html.render import asset, environment, fingerprint, whole
from validator.portfolio.district import FAILED
from validator.portfolio.workbook import changed

MOST = 1_000
"""Districts that the page lists, the worst; all of them are in the workbook and in the JSON."""

CHANGES = {
    "worse": "Worse",
    "better": "Better",
    "otherwise": "Other problems, same verdict",
    "gone": "Not given this time",
}


def render(summed: Mapping[str, Any]) -> bytes:
    """Return the HTML page about many districts as UTF-8."""
    folder = resources.find_templates()
    style = asset(folder, "report.css")
    rows = summed["districts"]
    template = environment(folder).get_template("portfolio.html.j2")
    return whole(
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
            changed=changed,
            words=wording,
            as_of=dt.date.fromisoformat(summed["as_of"]),
            style=Markup(style),
            style_hash=fingerprint(style),
        )
    )


def _answer(summed: Mapping[str, Any]) -> str:
    ready, total = summed["verdicts"][Verdict.READY], len(summed["districts"])
    if ready == total:
        return "Every district is ready"
    districts = wording.format_count(total, "districts")
    return f"{wording.format_number(ready)} of {districts} {'is' if ready == 1 else 'are'} ready"
