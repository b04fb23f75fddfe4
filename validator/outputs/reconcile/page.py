"""The three lists compared, as a page; without personal data."""

from __future__ import annotations

from markupsafe import Markup

from validator import resources, wording
from validator.compare.reconcile.result import Reconciliation
from validator.outputs.html import render as html
from validator.outputs.reconcile import document, groups, terminal, words

MOST = 200
"""Ids of a group on the page, where values may be shown."""


def render(result: Reconciliation, *, show_values: bool = False) -> bytes:
    """Render the compared lists as an HTML page in UTF-8 that loads nothing."""
    folder = resources.find_templates()
    style = html.read_asset(folder, "guard.css")
    template = html.build_environment(folder).get_template("reconcile.html.j2")
    equal = result.is_equal
    heading, *rows = terminal.count_rows(result)
    return html.encode_page(
        template.render(
            title=_render_title(result),
            mood="stop" if result.has_lost else "go",
            day=wording.format_date(result.as_of),
            done=words.describe_equal(result) if equal else words.describe_result(result),
            heading=heading,
            rows=rows,
            desks=_list_desks(result, show_values),
            files=[
                (words.LISTS[name], ", ".join(summary.files))
                for name, summary in result.lists.items()
            ],
            notes=result.notes,
            version=result.version,
            full=show_values,
            style=Markup(style),
            style_hash=html.fingerprint(style),
        )
    )


def _render_title(result: Reconciliation) -> str:
    """Return the title of the reconcile HTML report."""
    if result.is_equal:
        return "The lists agree"
    if any(words.count_lost(losses) for losses in result.losses.values()):
        return "Lost between two lists"
    return "Perhaps lost between two lists" if result.has_lost else "Nobody was lost"


def _list_desks(
    result: Reconciliation, show_values: bool
) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
    """Return for each desk what to send it, with the reason's id and, where shown, the ids."""
    every = groups.list_groups(result)
    ids = {kind: document.list_ids(losses) for kind, losses in result.losses.items() if show_values}
    desks = []
    for desk, title in words.DESKS.items():
        own = [group for group in every if group.owner is desk]
        listed = []
        for group in own:
            known = ids.get(group.kind, [])
            named = [known[at] or "" for at in group.places[:MOST].tolist()] if known else []
            listed.append((groups.write_message(result, group), group.reason, named))
        if listed:
            desks.append((title, listed))
    return desks
