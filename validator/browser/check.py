"""One check in the page: the verdict, the reports and the letter, or one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any

from validator import wording
from validator.assess import Progress, assess
from validator.browser import endings, layout, mended
from validator.browser import request as requests
from validator.browser.request import Request
from validator.ingest import detect, read
from validator.ingest.mapping.suggestion import Suggestion
from validator.model import CannotRead, Report, dataclass
from validator.outputs import registry

KINDS = registry.DEFAULT
LETTER = "letter.txt"
PREVIOUS_UNKNOWN = (
    "The previous export does not have a known layout. Choose the files that you checked last time "
    "under Previous export, or leave it empty."
)
READING = 0.6
"""The part of the work that reading is, as `assess` counts it."""
STEPS = {"judging", "mending", "reporting"}
"""The steps after reading."""


class End(StrEnum):
    """How a check ended."""

    REPORT = "report"
    UNKNOWN_LAYOUT = "unknown-layout"
    MENDED = "mended"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The result of a check that the page shows.

    `sentence`: for the status. `verdict`: "" without a report. `files`: content by file name.
    `private`: the files that hold student data. `suggestion`: of an unknown layout.
    """

    end: End
    sentence: str
    verdict: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    suggestion: Suggestion | None = None


def check(message: Mapping[str, Any], progress: Progress | None = None) -> Answer:
    """Answer a message of the browser page; every end is an answer."""
    return guard(lambda: _check(requests.parse(message), forward(progress)))


def forward(progress: Progress | None) -> Progress | None:
    """Return the progress that the page shows: reading is its first part; it never goes back."""
    if progress is None:
        return None
    most = 0.0

    def report(what: str, done: float) -> None:
        nonlocal most
        most = max(most, done if what in STEPS else READING * done)
        progress(what, most)

    return report


def mend(message: Mapping[str, Any], progress: Progress | None = None) -> Answer:
    """Return the corrected copy for a message of the page; every end is an answer."""

    def work() -> Answer:
        content, sentence = mended.mend(requests.parse(message), forward(progress))
        files = {mended.FILE: content}
        return Answer(end=End.MENDED, sentence=sentence, files=files, private=(mended.FILE,))

    return guard(work)


def guard(work: Callable[[], Answer]) -> Answer:
    """Return the answer for the browser page; an error becomes one sentence."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - every end is one sentence
        return Answer(end=End.REFUSED, sentence=endings.explain(error))


def _check(request: Request, progress: Progress | None) -> Answer:
    """Check the files chosen on the page, or suggest a column map where their format is unknown."""
    requests.check_memory(request)
    try:
        report = assess(request.export, request.options, progress=progress)
    except CannotRead:
        if request.options.columns is None:
            if is_unknown(request.export):
                return suggest(request)
            if request.options.previous and is_unknown(request.options.previous):
                raise CannotRead(PREVIOUS_UNKNOWN) from None
        raise
    return deliver(report)


def is_unknown(export: Sequence[Path]) -> bool:
    """Return whether the page can read an export of no known format. Raises CannotRead."""
    _, sources = read.open_sources(export)
    try:
        detect.detect_version(sources)
    except CannotRead:
        return True
    return False


def suggest(request: Request) -> Answer:
    """Return a suggested column map for the browser page. Raises CannotRead."""
    _refuse_other_files(request)
    suggestion = layout.suggest_columns(request.export)
    return Answer(
        end=End.UNKNOWN_LAYOUT,
        sentence="This export does not have a known layout. Confirm below which column is which, "
        "and check it with these columns.",
        suggestion=suggestion,
    )


def _refuse_other_files(request: Request) -> None:
    """Refuse files chosen on the page that are no table, such as a picture. Raises CannotRead."""
    _, sources = read.open_sources(request.export)
    for source in sources:
        if source.head.binary_kind:
            raise CannotRead(
                f"{source.name} is {source.head.binary_kind}, not a table. Choose the files that "
                "your student information system exported."
            )


def deliver(report: Report) -> Answer:
    """Return the reports and the letter of a check for the browser page."""
    files = {registry.OUTPUTS[kind].file: registry.render(report, kind) for kind in KINDS}
    files[LETTER] = registry.render(report, "letter")
    internal = [registry.OUTPUTS[kind] for kind in KINDS]
    return Answer(
        end=End.REPORT,
        sentence=wording.describe_verdict(report),
        verdict=report.verdict.value,
        files=files,
        private=tuple(output.file for output in internal if output.is_internal(False)),
    )
