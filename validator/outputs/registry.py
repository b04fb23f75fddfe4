"""Every output: its name, its file, its edition, and how it is rendered and written."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from validator.model import BadUsage, Report, dataclass
from validator.outputs.placement import NOWHERE, Placement
from validator.text import defuse_commands

if TYPE_CHECKING:
    from validator.privacy.masking import MaskedReport  # for types only: `--help` stays fast

ROWS = 200
"""Rows listed per finding unless asked otherwise; counts are never capped."""

DEFAULT = ("html", "xlsx", "json")
"""The reports that `check` writes unless asked otherwise."""


@dataclass(frozen=True)
class Screen:
    """The abilities of a terminal."""

    color: bool = False
    width: int = 80
    unicode: bool = True


@dataclass(frozen=True)
class Options:
    """Settings of an output.

    `rows`: places listed per finding (None: all). `paths`: where each report was written, by name.
    `contents`: what each of them holds. `names`: of files that do not have their usual name, by
    name of the output. `placement`: where the export is in its repository.
    """

    rows: int | None = ROWS
    paths: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    placement: Placement = NOWHERE
    screen: Screen = Screen()


DEFAULTS = Options()
"""Settings of an output that the user changed nothing of."""


@dataclass(frozen=True)
class Output:
    """One output. `file`: its name in the report folder, "" for one that is not written there.

    `contents`: what it is for, in a few words. `masked` renders the edition for everybody;
    `internal` the one for the district's own eyes, which is the only one where `masked` is None.
    `sign`: what the start or the end of every such file has, so that no other file is replaced.
    """

    file: str
    contents: str
    masked: Callable[[MaskedReport, Options], bytes] | None = None
    internal: Callable[[Report, Options], bytes] | None = None
    sign: re.Pattern[bytes] | None = None

    def is_internal(self, show_values: bool) -> bool:
        """Return whether an output is rendered for the district's own eyes."""
        return self.internal is not None and (show_values or self.masked is None)


# Each output is imported when it is rendered: templates and openpyxl are slow to load.


def load_module(name: str) -> Callable[[MaskedReport, Options], bytes]:
    """Return the `render(report, options)` of a module of this package, imported on first use."""

    def render_with(report: MaskedReport, options: Options) -> bytes:
        content: bytes = import_module(f"{__package__}.{name}").render(report, options)
        return content

    return render_with


def _render_html(report: Report, options: Options) -> bytes:
    """Render the HTML report."""
    from validator.outputs.html import render as page

    return page.render(report, rows=options.rows)


def _render_xlsx(report: Report, options: Options) -> bytes:
    """Render the workbook."""
    from validator.outputs.xlsx import render as workbook

    return workbook.render(report)


def _render_json(report: Report, options: Options) -> bytes:
    """Render the JSON report."""
    from validator.outputs.json import render as document

    return document.render(report, rows=options.rows)


def _render_junit(report: MaskedReport, options: Options) -> bytes:
    """Render the JUnit report."""
    from validator.outputs import junit

    return junit.render(report)


def _render_sarif(report: MaskedReport, options: Options) -> bytes:
    """Render the SARIF report."""
    from validator.outputs import sarif

    return sarif.render(report, options.rows, options.placement)


def _render_markdown(report: MaskedReport, options: Options) -> bytes:
    """Render the Markdown report."""
    from validator.outputs import markdown

    return markdown.render(report)


def _render_github(report: MaskedReport, options: Options) -> bytes:
    """Render the annotations of a GitHub job."""
    from validator.outputs import github

    return github.render(report, options.placement).encode()


def _render_gitlab(report: MaskedReport, options: Options) -> bytes:
    """Render the Code Quality report for GitLab."""
    from validator.outputs import gitlab

    return gitlab.render(report, options.rows, options.placement)


def _render_azure(report: MaskedReport, options: Options) -> bytes:
    """Render the annotations of an Azure Pipelines job."""
    from validator.outputs import azure

    return azure.render(report, options.placement).encode()


def _render_letter(report: MaskedReport, options: Options) -> bytes:
    """Render the letter from the JSON report."""
    from validator.outputs import letter
    from validator.outputs.json import render as document

    return letter.render_letter(document.build_document(report, rows=0)).encode()


def _render_terminal(report: Report, options: Options) -> bytes:
    """Render the report for the terminal, without commands to a CI system in it."""
    from validator.outputs import terminal

    screen = options.screen
    text = terminal.render(
        report,
        options.paths,
        contents=options.contents,
        color=screen.color,
        width=screen.width,
        unicode=screen.unicode,
    )
    return defuse_commands(text).encode()


_HTML = re.compile(rb'<meta name="generator" content="rosterready')
_JSON = re.compile(rb'"name": "rosterready"[^}]*},\s*("generated_at"|"as_of")')
_JUNIT = re.compile(rb'<testsuites name="rosterready')
_SARIF = re.compile(rb'"name": "rosterready"')
_MARKDOWN = re.compile(rb"rosterready \d")
_GITLAB = re.compile(rb'\A\[\s*\]|"check_name": "[a-z0-9-]+",\s*"fingerprint": "[a-z0-9-]+\|')

OUTPUTS = {
    "html": Output("report.html", "to read and to pass on", _render_html, _render_html, sign=_HTML),
    "xlsx": Output("report.xlsx", "the work-list", internal=_render_xlsx),
    "json": Output("report.json", "for programs", _render_json, _render_json, sign=_JSON),
    "junit": Output("junit.xml", "for CI systems", _render_junit, sign=_JUNIT),
    "sarif": Output("report.sarif", "for code scanning", _render_sarif, sign=_SARIF),
    "markdown": Output("report.md", "for a job's summary", _render_markdown, sign=_MARKDOWN),
    "gitlab": Output(
        "gl-code-quality.json", "for merge requests in GitLab", _render_gitlab, sign=_GITLAB
    ),
    "terminal": Output("", "the summary on the screen", _render_terminal, _render_terminal),
    "github": Output("", "annotations of a GitHub job", _render_github),
    "azure": Output("", "annotations of an Azure job", _render_azure),
    "letter": Output("", "an e-mail to the district", _render_letter),
}
"""Every output by its name; the tests of privacy, determinism and network try each of them."""


def list_reports() -> dict[str, Output]:
    """Return the outputs that are files, as `--report` names them."""
    return {name: output for name, output in OUTPUTS.items() if output.file}


def describe(name: str, *, show_values: bool = False) -> str:
    """Return what a report is for and who may see it."""
    output = OUTPUTS[name]
    if not output.is_internal(show_values):
        return f"{output.contents}, without personal data"
    purpose = output.contents.removesuffix(" and to pass on")
    return f"{purpose}; it holds student data: keep it inside the district"


def render(
    report: Report, name: str, options: Options = DEFAULTS, *, show_values: bool = False
) -> bytes:
    """Return one output as bytes, masked unless it is internal; nothing else masks a report.

    `show_values`: the internal edition of each output that has one.
    """
    output = OUTPUTS[name]
    if output.internal is not None and output.is_internal(show_values):
        return output.internal(report, options)
    assert output.masked is not None
    from validator.privacy.masking import mask

    rows = None if options.rows is None else max(options.rows, 1)  # annotations name one place
    return output.masked(mask(report, rows), options)


def write(
    report: Report,
    folder: Path,
    names: Sequence[str],
    *,
    options: Options = DEFAULTS,
    show_values: bool = False,
) -> dict[str, Path]:
    """Write a run's reports (HTML, XLSX, JSON and others); return their paths by name.

    Raises OSError (disk full) and leaves no half-written file behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name in names:
        paths[name] = folder / options.names.get(name, OUTPUTS[name].file)
        write_whole(paths[name], render(report, name, options, show_values=show_values))
    return paths


class CannotReplace(BadUsage):
    """The file is open in another program."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a report (HTML, XLSX, JSON) in one step, readable only by its owner."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, PermissionError):
            raise CannotReplace(
                f"{path.name} cannot be replaced: close it where it is open, and run again"
            ) from None
        raise
