"""Rows whose values are one column too far to the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.cells import list_originals, locate_column, name_column
from validator.diagnosis.edit import edit_originals
from validator.diagnosis.hypotheses.birth_dates import CLOCK
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.frame import values as frame_values
from validator.frame.arrays import count_numbers
from validator.frame.emails import is_email
from validator.frame.values import NO_DAY
from validator.model import Level, Places, Status, Table, dataclass

MOST_ROWS = 2_000
"""Rows that are read one by one; a file with more of them has another kind of damage."""

LEAST_REPAIRED = 2
"""Values of a row that must fail, or be where others have none, for the row to be moved back."""

USUALLY_BLANK = 0.95
"""Share of blank cells from which a value in a column is unusual."""

LEAST_ROWS = 8
WORDS, MOST_WORDS = 0.9, 20
"""Least share of rows with a repeated word in a column of words, and its most distinct words."""

SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|md|phd|esq)\.?", re.IGNORECASE)
LEFT_OUT = "rows-left-out"

Fits = Callable[[str], bool]

GENDER = re.compile(r"(m|f|x|u|o|male|female|other|unknown|non-?binary)", re.IGNORECASE)
ID = re.compile(r"[^\s,@]+")
DATE_COLUMNS = re.compile(r"dob|birthdate|term_?(start|end)(date)?|.*_date|date.*|.*date|begin|end")
EMAIL_COLUMNS = re.compile(r".*email")
ID_COLUMNS = re.compile(r".*_?id|.*_?number|.*sourcedid|identifier|enableduser|role")
GRADE_COLUMNS = re.compile(r"grades?")
GENDER_COLUMNS = ("gender", "sex")


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of a file in its order, and what each may hold (None for any text).

    `blank`: whether nearly all cells of the column are blank. `start`: the first column from which
    on all of the file's columns were read; a cell that moved into another one is lost.
    """

    table: Table
    columns: Sequence[str]
    fits: Sequence[Fits | None]
    blank: Sequence[bool]
    start: int


def suspect_moved(scene: Scene) -> Iterable[Suspicion]:
    """Suspect rows that a comma without quotation marks moved by one column.

    A row of the right length is moved back: the two cells around the comma are joined and the last
    cell is blank again. Two signs in each row: before, at least two values fail or are in columns
    that others leave blank, one of them fails; afterwards every value fits its column, and fewer
    are in such columns.
    """
    lines = _list_failing_lines(scene)
    learned = {"address": Learned(_are_addresses), "date": Learned(_are_dates)}
    failing: list[tuple[Layout, np.ndarray, list[list[str]]]] = []
    for table in list_originals(scene.export):
        if table.file not in lines:
            continue
        rows = np.flatnonzero(np.isin(table.lines, lines[table.file]))
        if not len(rows) or len(rows) > MOST_ROWS or len(rows) > 0.5 * len(table) + 10:
            continue
        layout = _read_layout(scene, table, learned)
        failing.append((layout, rows, _take_cells(layout, rows)))
    for each in learned.values():  # once for all files: each call takes longer than its texts
        rows_of = [cells for layout, _, cells in failing if each in layout.fits]
        each.learn(text.strip() for cells in rows_of for row in cells for text in row if text)
    for layout, rows, cells in failing:
        suspicion = _suspect(scene, layout, rows, cells=cells)
        if suspicion is not None:
            yield suspicion


def _take_cells(layout: Layout, rows: np.ndarray) -> list[list[str]]:
    """Take the cells of some rows that may have been shifted; blank ones are ""."""
    columns = [
        frame.take_values(layout.table, column, rows).to_pylist() for column in layout.columns
    ]
    return [[text or "" for text in row] for row in zip(*columns, strict=True)]


def _list_failing_lines(scene: Scene) -> dict[str, np.ndarray]:
    """Return, per file, the lines with findings, in which a hypothesis suspects shifted rows."""
    blocks: dict[str, list[np.ndarray]] = {}
    wanted = {table.file: table for table in list_originals(scene.export)}
    for outcome in scene.outcomes.values():
        left_out = outcome.rule.id == LEFT_OUT
        if outcome.status is not Status.FOUND or (outcome.level is Level.FACT and not left_out):
            continue
        for block in scene.places(outcome.rule.id):
            is_cell = block.column is not None and block.rows is not None
            if block.file in wanted and (is_cell or (left_out and block.column is None)):
                blocks.setdefault(block.file, []).append(block.lines)
    return {
        file: np.flatnonzero(_mark_lines(several)) for file, several in blocks.items() if several
    }


def _mark_lines(blocks: Sequence[np.ndarray]) -> np.ndarray:
    """Return a bool mask over line numbers in which a hypothesis suspects shifted rows."""
    marked = np.zeros(max(int(lines.max(initial=0)) for lines in blocks) + 1, bool)
    for lines in blocks:
        marked[lines] = True
    return marked


def _read_layout(scene: Scene, table: Table, learned: Mapping[str, Learned]) -> Layout:
    """Return the kinds of a table's columns, as evidence for the hypothesis of shifted rows."""
    columns = list(table.records.columns)
    names = [name_column(scene.export, table, column) for column in columns]
    fits = [_find_kind(scene, name.lower().replace(" ", ""), learned) for name in names]
    shares = [frame.encode(table, column).blank.mean() for column in columns]
    many = len(table) >= LEAST_ROWS
    for at, column in enumerate(columns):
        if many and fits[at] is None:
            fits[at] = _list_words(table, column)
    blank = [many and share >= USUALLY_BLANK for share in shares]
    return Layout(table, columns, fits, blank, _find_start(scene, table))


def _find_start(scene: Scene, table: Table) -> int:
    """Return the column from which on the hypothesis of shifted rows applies."""
    unused: Sequence[int] = ()
    for file in scene.export.files:
        if file.name == table.file:
            unused = file.unused_positions
    return max(unused, default=0) - len(unused)


def _list_words(table: Table, column: str) -> Fits | None:
    """Return a test for a column of a few words, for the hypothesis of shifted rows; else None.

    Roles, schools and states are such words. A word counts if it is there twice.
    """
    encoded = frame.encode(table, column)
    times = count_numbers(encoded.codes, minlength=len(encoded.values))
    words = encoded.values.filter(pa.array(times > 1))
    if int(times[times > 1].sum()) < WORDS * len(table) or len(words) > MOST_WORDS:
        return None
    return frozenset(words.to_pylist()).__contains__


def _find_kind(scene: Scene, column: str, learned: Mapping[str, Learned]) -> Fits | None:
    """Return what a column may hold, as evidence of shifted rows; None for any text."""
    if EMAIL_COLUMNS.fullmatch(column):
        return learned["address"]
    if DATE_COLUMNS.fullmatch(column):
        return learned["date"]
    if GRADE_COLUMNS.fullmatch(column):
        return lambda text: "?" not in scene.grades.parse_several(text)
    if column in GENDER_COLUMNS:
        return lambda text: GENDER.fullmatch(text) is not None
    if ID_COLUMNS.fullmatch(column):
        return lambda text: ID.fullmatch(text) is not None
    return None


class Learned:
    """A test of many texts at a time, whose answers are remembered."""

    def __init__(self, judge: Callable[[pa.Array], np.ndarray]) -> None:
        self.judge = judge
        self.answers: dict[str, bool] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Judge new texts for the hypothesis of shifted rows; earlier answers are kept."""
        new = [text for text in dict.fromkeys(texts) if text not in self.answers]
        if new:
            self.answers.update(zip(new, self.judge(pa.array(new, pa.string())), strict=True))

    def __call__(self, text: str) -> bool:
        """Return whether the text passes."""
        self.learn([text])
        return bool(self.answers[text])


def _are_addresses(texts: pa.Array) -> np.ndarray:
    """Return which texts are e-mail addresses, as evidence for the hypothesis of shifted rows."""
    fits = np.array(["@" in text for text in texts.to_pylist()], bool)
    if fits.any():
        fits[fits] = is_email(texts.filter(pa.array(fits)))
    return fits


def _are_dates(texts: pa.Array) -> np.ndarray:
    """Return which texts are dates, as evidence for the hypothesis of shifted rows."""
    fits = np.array([text[:1].isdigit() for text in texts.to_pylist()], bool)
    if fits.any():
        days = [CLOCK.sub("", text) for text in texts.filter(pa.array(fits)).to_pylist()]
        fits[fits] = frame_values.parse_dates(pa.array(days, pa.string())).days != NO_DAY
    return fits


def _suspect(
    scene: Scene, layout: Layout, rows: np.ndarray, *, cells: Sequence[list[str]]
) -> Suspicion | None:
    """Suspect that some rows moved by a column, if moving them back proves it."""
    table = layout.table
    moved: dict[int, list[str]] = {}
    for row, texts in zip(rows.tolist(), cells, strict=True):
        back = move_back(layout, texts)
        if back is not None:
            moved[row] = back
    if not moved:
        return None
    chosen = np.asarray(sorted(moved), np.intp)
    edits = [
        Edit(table.name, column, chosen, pa.array([moved[row][at] for row in chosen.tolist()]))
        for at, column in enumerate(layout.columns)
    ]
    count = len(chosen)
    rows_are = "1 row is" if count == 1 else f"{count:,} rows are"
    shown = scene.table(table.name)
    places = (
        frame.place_rows(table, chosen)
        if shown is not None
        else Places(locate_column(scene.export, table, "")[0], table.file, table.lines_of(chosen))
    )
    return Suspicion(
        "row-moved-by-a-comma",
        [places],
        f"{rows_are} one column off in {table.file}; joined at the comma, every value fits its "
        f"column",
        symptoms=frozenset((table.name, column) for column in layout.columns),
        repaired=count,
        failing=count,
        inverse=partial(edit_originals, edits=edits),
        proven=True,
    )


def move_back(layout: Layout, cells: list[str]) -> list[str] | None:
    """Return the cells of a damaged row moved back by one column, None where that does not help.

    The comma is where the next cell begins with a blank or is the suffix of a name, or else in the
    first column in which it fits.
    """
    wrong, odd = count_wrong(layout, cells), count_odd(layout, cells)
    if not wrong or wrong + odd < LEAST_REPAIRED:
        return None
    earliest: list[str] | None = None
    for at in range(layout.start, len(cells) - 1):
        if layout.fits[at] is not None or not cells[at].strip() or not cells[at + 1].strip():
            continue
        joined = cells[at] + "," + cells[at + 1]
        back = [*cells[:at], joined, *cells[at + 2 :], ""]
        if count_wrong(layout, back) or (odd and count_odd(layout, back) >= odd):
            continue
        if cells[at + 1].startswith(" ") or SUFFIX.fullmatch(cells[at + 1]):
            return back
        earliest = earliest or back
    return earliest


def count_wrong(layout: Layout, cells: list[str]) -> int:
    """Count the cells that do not fit their columns, as evidence that a row was shifted."""
    return sum(
        bool(cell.strip()) and fits is not None and not fits(cell.strip())
        for cell, fits in zip(cells, layout.fits, strict=True)
    )


def count_odd(layout: Layout, cells: list[str]) -> int:
    """Return how many cells of a damaged row are filled where nearly all rows are blank."""
    return sum(
        bool(cell.strip()) and blank for cell, blank in zip(cells, layout.blank, strict=True)
    )
