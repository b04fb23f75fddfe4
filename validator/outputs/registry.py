"""The reports: which there are, and how each is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from validator.model import BadUsage, Report
from validator.privacy import small_groups

ROWS = 200
"""Rows listed per finding unless asked otherwise; counts are never capped."""


@dataclass(frozen=True)
class Output:
    """One kind of report: its file name, and its bytes for a number of rows per finding and an edition.

    `internal`: for the district's own eyes, whatever edition is asked for. `values`: the full edition shows ids and
    values.
    """

    file: str
    render: Callable[[Report, int | None, bool], bytes]
    internal: bool = False
    values: bool = False


def _html(report: Report, rows: int | None, full: bool) -> bytes:
    from validator.outputs.html import (
        render as html_render,
    )  # the templates load only when a page is wanted

    return html_render.render(report, rows=rows, full=full)


def _xlsx(report: Report, rows: int | None, full: bool) -> bytes:
    from validator.outputs.xlsx import render as xlsx_render  # openpyxl is slow to import

    return xlsx_render.render(report)


def _json(report: Report, rows: int | None, full: bool) -> bytes:
    from validator.outputs.json import render as json_render

    return json_render.render(report, rows=rows, full=full)


def _junit(report: Report, rows: int | None, full: bool) -> bytes:
    from validator.outputs import junit

    return junit.render(report)


def _sarif(report: Report, rows: int | None, full: bool) -> bytes:
    from validator.outputs import sarif

    return sarif.render(report, rows=rows)


def _markdown(report: Report, rows: int | None, full: bool) -> bytes:
    from validator.outputs import markdown

    return markdown.render(report)


OUTPUTS = {
    "html": Output("report.html", _html, values=True),
    "xlsx": Output("report.xlsx", _xlsx, internal=True),
    "json": Output("report.json", _json, values=True),
    "junit": Output("junit.xml", _junit),
    "sarif": Output("report.sarif", _sarif),
    "markdown": Output("report.md", _markdown),
}


def render(report: Report, kind: str, *, rows: int | None = ROWS, full: bool = False) -> bytes:
    """The bytes of one report. `full`: with ids and values, for the district; the workbook always has them, and what
    goes to a CI system (JUnit, SARIF, Markdown) never."""
    output = OUTPUTS[kind]
    return output.render(
        report if full or output.internal else small_groups.masked(report), rows, full
    )


def write(
    report: Report,
    folder: Path,
    kinds: Sequence[str],
    *,
    rows: int | None = ROWS,
    full: bool = False,
) -> dict[str, Path]:
    """Where each report was written, by kind. Raises OSError (disk full) and leaves no half-written file behind."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for kind in kinds:
        paths[kind] = folder / OUTPUTS[kind].file
        write_whole(paths[kind], render(report, kind, rows=rows, full=full))
    return paths


def write_whole(path: Path, content: bytes) -> None:
    """Puts the content in the place of the file in one step, readable by its owner only."""
    handle, name = tempfile.mkstemp(
        prefix=f".{path.name}.", suffix=".part", dir=path.parent
    )  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, PermissionError):
            raise BadUsage(
                f"{path.name} cannot be replaced: close it where it is open, and run again"
            ) from None
        raise
