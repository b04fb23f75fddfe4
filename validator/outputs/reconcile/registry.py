"""The outputs of comparing three lists: their names, files and editions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from validator.model import dataclass

if TYPE_CHECKING:
    from validator.compare.reconcile.result import Reconciliation  # for types only

Render = Callable[["Reconciliation", bool], Iterator[bytes]]


@dataclass(frozen=True)
class Output:
    """One output. `file`: its name, "" for the screen. `sign`: what every earlier one has.

    `internal`: whether it holds values even where nobody asked for them.
    """

    file: str
    render: Render
    sign: re.Pattern[bytes] | None = None
    internal: bool = False


def _render_html(result: Reconciliation, full: bool) -> Iterator[bytes]:
    """Render the reconcile HTML report."""
    from validator.outputs.reconcile import page

    yield page.render(result, show_values=full)


def _render_xlsx(result: Reconciliation, full: bool) -> Iterator[bytes]:
    """Render the reconcile workbook."""
    from validator.outputs.reconcile import workbook

    yield workbook.render(result)


def _render_json(result: Reconciliation, full: bool) -> Iterator[bytes]:
    """Render the reconcile JSON report."""
    from validator.outputs.reconcile import document

    yield from document.render(result, show_values=full)


def _render_terminal(result: Reconciliation, full: bool) -> Iterator[bytes]:
    """Render the reconcile terminal report."""
    from validator.outputs.reconcile import terminal

    yield terminal.render(result).encode()


OUTPUTS = {
    "html": Output(
        "reconcile.html",
        _render_html,
        re.compile(rb'<meta name="generator" content="rosterready reconcile'),
    ),
    "xlsx": Output("reconcile.xlsx", _render_xlsx, re.compile(rb"\APK"), internal=True),
    "json": Output("reconcile.json", _render_json, re.compile(rb'"name": "rosterready"')),
    "terminal": Output("", _render_terminal),
}
"""Every output by name; the tests of privacy and determinism try each of them."""

FILES = {name: output for name, output in OUTPUTS.items() if output.file}
"""Those that are files in --out."""
