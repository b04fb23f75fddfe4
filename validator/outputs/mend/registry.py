"""The outputs of mending: their names, files and editions, and how each is rendered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from validator.model import dataclass
from validator.text import escape_json

if TYPE_CHECKING:
    from validator.repair.summary import Mended  # for types only: `--help` stays fast

Render = Callable[["Mended"], Iterator[bytes]]


@dataclass(frozen=True)
class Output:
    """One output. `file`: its name, "" for the screen. `internal`: whether it holds values."""

    file: str
    render: Render
    internal: bool = False


def _render_csv(mended: Mended) -> Iterator[bytes]:
    """Render the log as mend's output mended.csv."""
    from validator.privacy.public_values import is_secret
    from validator.repair.log import write_log

    return write_log(mended.changes, mended.kinds, is_secret)


def _render_json(mended: Mended) -> Iterator[bytes]:
    """Render the result as mend's JSON report."""
    from validator.outputs.mend.document import build_document

    yield (
        escape_json(json.dumps(build_document(mended), indent=2, ensure_ascii=False)) + "\n"
    ).encode()


def _load_render(name: str) -> Render:
    """Return a function that renders one report of `mend` and loads its module when needed."""

    def render(mended: Mended) -> Iterator[bytes]:
        yield import_module(f"{__package__}.{name}").render(mended)

    return render


def _render_terminal(mended: Mended) -> Iterator[bytes]:
    """Render the result as mend's terminal report."""
    from validator.outputs.mend import terminal

    yield terminal.render(mended).encode()


OUTPUTS = {
    "csv": Output("mended.csv", _render_csv, internal=True),
    "xlsx": Output("mended.xlsx", _load_render("workbook"), internal=True),
    "json": Output("mended.json", _render_json),
    "html": Output("mended.html", _load_render("page")),
    "terminal": Output("", _render_terminal),
}
"""Every output of mending by name; the tests of privacy and determinism try each of them."""

FILES = tuple(output.file for output in OUTPUTS.values() if output.file)
"""Their files, in the folder of the corrected files; no part of an export."""
