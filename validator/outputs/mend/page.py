"""The result of mending as a page that anybody may see."""

from __future__ import annotations

from markupsafe import Markup

from validator import resources, wording
from validator.model import RepairKind, Verdict
from validator.outputs.html import render as html
from validator.outputs.mend import terminal
from validator.outputs.mend.document import show_count
from validator.repair.summary import Mended

MOODS = {Verdict.READY: "go"}


def render(mended: Mended) -> bytes:
    """Render the result of mending as an HTML page in UTF-8."""
    folder = resources.find_templates()
    style = html.read_asset(folder, "guard.css")
    verdict = (mended.after or mended.before).verdict
    template = html.build_environment(folder).get_template("mend.html.j2")
    return html.encode_page(
        template.render(
            title=_render_title(mended),
            mood=MOODS.get(verdict, "stop"),
            day=mended.as_of.isoformat(),
            done=terminal.render_headline(mended),
            profiles=wording.join_words(list(mended.profiles)),
            compared=terminal.compare_rows(mended),
            changed="Would be mended" if mended.after is None else "Mended",
            kinds=_list_kinds(mended),
            left=terminal.list_left(mended),
            left_out=terminal.list_left_out(mended),
            files=[(name, wording.format_count(rows, "rows")) for name, rows in mended.files],
            version=mended.version,
            style=Markup(style),
            style_hash=html.fingerprint(style),
        )
    )


def _render_title(mended: Mended) -> str:
    """Return the title of mend's HTML report."""
    if mended.after is None:
        return "What mend would change"
    verdict = mended.after.verdict
    if verdict is Verdict.COULD_NOT_TELL:
        return "It is not known whether the corrected copy is ready"
    return f"The corrected copy is {verdict.value.replace('-', ' ')}"


def _list_kinds(mended: Mended) -> list[tuple[RepairKind, list[tuple[str, str]]]]:
    """Render in mend's HTML report the kinds of repair, with where and how often."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for tally in mended.tallies:
        where = f"{tally.file}, {tally.column}" if tally.column else tally.file
        count = show_count(tally)
        number = "fewer than 10" if count is None else wording.format_number(count)
        rows.setdefault(tally.kind, []).append((where, number))
    return [(mended.kinds[kind], listed) for kind, listed in rows.items()]
