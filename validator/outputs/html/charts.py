"""Bars of how often values are found, and text to paste into a district's pack."""

from __future__ import annotations

import json
from collections.abc import Sequence

from validator import wording
from validator.model import Bound, Outcome, dataclass
from validator.outputs.html.places import LONGEST, shorten_text
from validator.outputs.html.special import ELECTIVES, GRADES_SHOWN
from validator.privacy import small_groups, values

TALLIED, PASTED = 28, 200
K12 = frozenset(["Kindergarten", *map(str, range(1, 13))])
"""Grades that apps show as they are; every other is shown as Other."""
REST = {"Other": "Blank, other or not recognized"}

PASTE = """electives:
  reject:     # always an elective: never a class for this app
{}
  accept: []  # never an elective here: a class that will use the app has its title here instead
"""


@dataclass(frozen=True)
class Chart:
    """A table with bars.

    `rows`: value, number and width in percent. `rest`: how many values are not in it. `first`:
    whether it is shown open.
    """

    caption: str
    heading: str
    rows: Sequence[tuple[str, str, int]]
    rest: int = 0
    first: bool = True

    @property
    def drawn(self) -> bool:
        """Whether the bars differ in length."""
        return len({width for _, _, width in self.rows}) > 1


def build_chart(outcome: Outcome) -> Chart | None:
    """Return the bars on the HTML page for a finding, None where it has no values."""
    figures = outcome.finding.figures if outcome.finding else {}
    if outcome.finding is None:
        return None
    if {*small_groups.PARTS, "unknown"} <= figures.keys():
        age = outcome.rule.settings.get("age", "")
        names = {"under": f"Under {age}", "over": f"{age} or over", "unknown": "Unknown"}
        return Chart(
            "How old they are",
            "Age",
            _build_bars([(name, figures[part]) for part, name in names.items()]),
        )
    tally = values.tally(outcome)
    if not tally or outcome.finding.tally is None:
        return None
    heading = shorten_text(outcome.finding.tally.column)
    if outcome.rule.check == GRADES_SHOWN:
        grades = [(_name_shown(name), count) for name, count in tally]
        return Chart(
            "Grades as they will show",
            heading,
            _build_bars(grades[:TALLIED]),
            max(0, len(tally) - TALLIED),
        )
    shown = [(shorten_text(value) or "(blank)", count) for value, count in tally[:TALLIED]]
    return Chart(
        "Which values, how often",
        heading,
        _build_bars(shown),
        max(0, len(tally) - TALLIED),
        len(tally) <= 8,
    )


def paste(outcome: Outcome) -> str:
    """Return the text on the HTML page that is to be pasted into a pack; "" for none."""
    if outcome.rule.check != ELECTIVES:
        return ""
    titles = [
        value
        for value, _ in values.tally(outcome)
        if value and value is not values.Hidden.VALUE and len(value) <= LONGEST
    ]
    lines = "\n".join(f"    - {json.dumps(title, ensure_ascii=False)}" for title in titles[:PASTED])
    return PASTE.format(lines) if lines else ""


def _name_shown(grade: str) -> str:
    """Return how the HTML report names a grade, with what an app shows in its place."""
    if grade is values.Hidden.VALUE:
        return "Other grades"
    return grade if grade in K12 else f"{REST.get(grade, grade)}, shown as Other"


def _build_bars(parts: Sequence[tuple[str, int | str | Bound]]) -> list[tuple[str, str, int]]:
    """Return the bars of a chart in the HTML report: values, text, width in percent."""
    sizes = [count.limit if isinstance(count, Bound) else int(count) for _, count in parts]
    longest = max(sizes, default=1) or 1
    numbers = [
        wording.format_number(count) if isinstance(count, int) else str(count) for _, count in parts
    ]
    return [
        (name, number, max(int(size > 0), round(100 * size / longest)))
        for (name, _), number, size in zip(parts, numbers, sizes, strict=True)
    ]
