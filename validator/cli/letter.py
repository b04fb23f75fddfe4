"""The `letter` command: e-mails about what to fix."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from validator.cli import console
from validator.model import BadUsage

if TYPE_CHECKING:
    from validator.outputs.letter_form import Letter

RULER = "-" * 76

MOST_NAMED = 20
"""Districts without a letter that are named."""

SMALL_SCHOOLS = (
    "No letter for schools with few students, where a number could point to a child. The work-list "
    "(report.xlsx) has their records."
)

By = Annotated[
    dt.datetime | None,
    typer.Option(
        "--by", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day to fix things by."
    ),
]

Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="DIR", help="Write each letter to a file in DIR instead."),
]


def letter(
    report: Annotated[
        Path,
        typer.Argument(
            metavar="REPORT.json",
            help="The JSON report of a check, or portfolio.json: a letter for each district.",
        ),
    ],
    *,
    to: Annotated[
        Literal["district", "schools"],
        typer.Option(
            help="From the success manager to the district, or from the district to its schools: "
            "a letter for each school, with only what concerns it."
        ),
    ] = "district",
    by: By = None,
    format: Annotated[
        Literal["text", "html"], typer.Option(help="Plain text, or HTML to paste.")
    ] = "text",
    out: Out = None,
) -> None:
    """Print the text of an e-mail about what to fix, without personal data."""
    from validator.followup import baseline
    from validator.outputs import letter_form
    from validator.wording import join_words

    render = letter_form.render_html if format == "html" else letter_form.render_text
    letters, omits_schools = _collect_letters(report, to, by.date() if by else None)
    texts = {name: render(it) for name, it in letters.items()}
    left_out = baseline.list_unreported(report)
    if left_out:
        console.say(f"No letter, since there is no report: {join_words(left_out[:MOST_NAMED])}.")
    if omits_schools:
        console.say(SMALL_SCHOOLS)
    if out is None:
        console.show(f"\n{RULER}\n\n".join(texts.values()))
        return
    _write(out, texts, "html" if format == "html" else "txt")


def _collect_letters(path: Path, to: str, by: dt.date | None) -> tuple[dict[str, Letter], bool]:
    """Return the `letter` command's letters by file name, and whether small schools get none.

    Raises BadUsage.
    """
    from validator.followup import baseline
    from validator.outputs.letter import SCHOOLS

    letters, omits_schools = {}, False
    for name, report in baseline.read_reports(path):
        for school, letter in _list_of_report(report, to, by):
            letters["-".join(part for part in ("letter", name, school) if part)] = letter
        omits_schools |= to == SCHOOLS and _has_omitted_schools(report)
    return letters, omits_schools


def _list_of_report(
    report: Mapping[str, Any], to: str, by: dt.date | None
) -> Iterator[tuple[str, Letter]]:
    """Yield the `letter` command's letters about one report, each with its school's id."""
    from validator.outputs import letter as output

    schools = output.build_for_schools(report, by) if to == output.SCHOOLS else {}
    yield from schools.items()
    if not schools:
        yield "", output.build(report, to, by)


def _has_omitted_schools(report: Mapping[str, Any]) -> bool:
    """Return whether a report of the `letter` command sums schools that are too small for one."""
    return any(school["school_id"] is None for school in report.get("schools", ()))


def _write(folder: Path, letters: Mapping[str, str], ending: str) -> None:
    """Write each letter to a file of the folder. Raises BadUsage, OSError."""
    from validator.cli import destination
    from validator.outputs.registry import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, text in letters.items():
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
        path = folder / f"{plain}.{ending}"
        destination.refuse_foreign(path, re.compile(rb"^(<!-- )?Subject: "))
        paths[path] = text
    if len(paths) < len(letters):
        raise BadUsage("two letters would have the same file name; print them instead")
    for path, text in paths.items():
        write_whole(path, text.encode("utf-8", "replace"))
    console.say(f"{len(paths):,} letters are in {folder}.")
