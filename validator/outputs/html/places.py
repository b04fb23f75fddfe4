"""The rows of a finding: the first ones as a table, the others as data for the page's script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator import wording
from validator.model import Outcome, Report, dataclass
from validator.privacy import values

DRAWN, DRAWN_IN_ALL = 50, 4_000
"""Places of a finding, and of all findings, that are rows of a table in the page."""

LONGEST, LONGEST_NAME = 160, 60
"""Letters of a cell, and of a name that can be in the page hundreds of times."""

COLUMNS = (
    ("file", "File"),
    ("lines", "Line"),
    ("column", "Column"),
    ("school_id", "School"),
    ("key", "Id"),
    ("name", "Name"),
    ("value", "Value"),
    ("repair", "Should be"),
    ("group", "Belongs together"),
    ("note", "Note"),
)


@dataclass(frozen=True)
class Listed:
    """The rows of one finding.

    `headers`: of the columns that are not empty. `cells`: the rows of the table. `more`: those that
    the script draws. `rest`: how many places are not listed. `file`: where all are in one file.
    """

    headers: Sequence[tuple[str, str]] = ()
    cells: Sequence[Sequence[str]] = ()
    more: Sequence[Sequence[str]] = ()
    rest: int = 0
    file: str = ""


def list_places(report: Report, outcomes: Sequence[Outcome], each: int | None) -> list[Listed]:
    """Return the rows of these findings that the HTML page lists, at most `each` of one."""
    drawn = _count_drawn(
        [
            _count_places(outcome) if each is None else min(each, _count_places(outcome))
            for outcome in outcomes
        ]
    )
    return [_render_listed(report, outcome, each=each, drawn=drawn) for outcome in outcomes]


def shorten_text(text: str, most: int = LONGEST_NAME) -> str:
    """Return the text, cut visibly where it is too long for a table of the HTML page."""
    return text if len(text) <= most else f"{text[:most]}…"


def name_school(report: Report, school: str) -> str:
    """Return the id of a school with its name, as the HTML report shows it."""
    name = values.name_schools(report).get(school, "")
    return (
        f"{shorten_text(school)} {shorten_text(name)}" if name else f"school {shorten_text(school)}"
    )


def _count_places(outcome: Outcome) -> int:
    """Return how many places the HTML report could list."""
    return values.count_listed(outcome) if outcome.finding is not None and outcome.rule.lists else 0


def _count_drawn(sizes: Sequence[int]) -> int:
    """Return how many rows of each finding the HTML report shows in a table."""
    return next(
        (
            most
            for most in range(DRAWN, 0, -1)
            if sum(min(size, most) for size in sizes) <= DRAWN_IN_ALL
        ),
        0,
    )


def _render_listed(report: Report, outcome: Outcome, *, each: int | None, drawn: int) -> Listed:
    """Render listed places as cells of the HTML report, without empty columns."""
    if not _count_places(outcome) or each == 0:
        return Listed(rest=_count_places(outcome))
    rows = values.list_places(report, outcome, each)
    sets = {
        group: f"set {number}"
        for number, group in enumerate(dict.fromkeys(row.group for row in rows), start=1)
    }
    names = values.name_schools(report)
    cells = [_draw_cells(row, sets, names) for row in rows]
    files = {line[0] for line in cells}
    wanted = [
        place
        for place, (name, _) in enumerate(COLUMNS)
        if any(line[place] for line in cells) and not (name == "file" and len(files) == 1)
    ]
    if [COLUMNS[place][0] for place in wanted] in (["lines"], ["file", "lines"]) and not any(
        row.line for row in rows
    ):
        return Listed()  # whole files, which the finding has already named
    cells = [[line[place] for place in wanted] for line in cells]
    return Listed(
        [COLUMNS[place] for place in wanted],
        cells[:drawn],
        cells[drawn:],
        max(0, _count_places(outcome) - len(rows)),
        files.pop() if len(files) == 1 else "",
    )


def _draw_cells(
    row: values.PlaceRow, sets: Mapping[int | None, str], names: Mapping[str, str]
) -> list[str]:
    """Render a row of the HTML report's table of places, in the order of COLUMNS."""
    school = row.school_id
    texts = (
        row.file,
        wording.format_line(row.line, row.end_line) if row.line else "whole file",
        row.column,
        f"{shorten_text(school)} {shorten_text(names[school])}"
        if school and school in names
        else school,
        row.key,
        row.name,
        row.value,
        row.repair,
        "" if row.group is None else sets[row.group],
        row.note,
    )
    return [shorten_text(text, LONGEST) if text else "" for text in texts]
