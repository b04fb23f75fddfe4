"""Texts that a program left in cells: markers for no value, codes for a field."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.cells import (
    Change,
    Damage,
    count_cells,
    find_damage,
    find_damages,
    is_identifier,
    is_person_name,
    list_files,
    list_originals,
    list_signs,
    name_column,
)
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.suspicions import suspect_change, suspect_loss
from validator.model import Export, Table, dataclass

DUMP_MARKERS = ("\\N", "\\n", "(null)", "(NULL)", "<null>", "<NULL>", "[null]", "[NULL]", "<NA>")
"""Markers that database dumps write for no value; nobody has such a name."""

WORD_MARKERS = ("null", "NULL", "Null", "nan", "NaN", "NAN", "nil", "undefined")
"""Words that programs write for no value; some are also names."""

DUMP_SIGNS = ("\\", "(", "<", "[")
MANY, SAMPLE = 20_000, 2_000
"""Values of a column from which a word must be in a sample before all are searched for it."""

DOUBTFUL_MARKERS = ("none", "None", "NONE", "n/a", "N/A")
"""Words that are also values, such as the disability of most students."""

LEAST_CELLS = 8
"""Cells of a file with one marker word from which a program must have written it; our own
measure."""

LEAST_DUMPED = 2
LEAST_COLUMNS = 2

CODES = re.compile(
    r"~\([^()]+\)|~\[[^\[\]]+\]|\^\([^()]+\)|\{\{[^{}]+\}\}|\$\{[^{}]+\}|#\{[^{}]+\}|<%.+?%>"
    r"|\[\[[^\[\]]+\]\]|<<[A-Za-z_ ]+>>|%%[A-Za-z_.]+%%"
    r"|\{[a-z]+[_.][a-z_.]+\}|\$\([A-Za-z_.]+\)"
)
"""Codes of student information systems, templates and form letters for the value of a field."""

FORMULA = re.compile(
    r"#(N/A|VALUE!|REF!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|ERROR!)|=[A-Z]+\(.*|=[A-Z]+[0-9]+&.*"
)
"""Results of a failed formula of a spreadsheet, and formulas themselves, as whole cells."""

IN_NAMES = pa.array(DUMP_MARKERS, pa.string())
MARKERS = pa.array([*DUMP_MARKERS, *WORD_MARKERS, *DOUBTFUL_MARKERS], pa.string())

CODE_SIGNS = ("(", "{", "<", "[", "%", "#", "=")


@dataclass(frozen=True, eq=False)
class Marked:
    """The cells of one column with one marker.

    filled: whether the column has no blank cell; identifies: whether it holds ids or numbers.
    """

    damage: Damage
    marker: str
    filled: bool
    identifies: bool


def suspect_markers(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that a program wrote one marker where there is no value.

    A dump's marker (`\\N`) is proof in two cells. A word (`NULL`, `None`) is one in eight cells or
    more of two columns, or of one column that has no blank cell at all or holds ids; columns of
    names are not searched for words, since children are called Null and None. No file has eight
    people with such a name who have the same word in a second column by chance.
    """
    marked = [
        each
        for table, column in _list_promising(list_originals(scene.export))
        for each in _find_marked(scene.export, table, column)
    ]
    damages: list[Damage] = []
    for marker in dict.fromkeys(each.marker for each in marked):
        same = [each for each in marked if each.marker == marker]
        tables = dict.fromkeys(each.damage.table.name for each in same)
        if any(_is_program(same, marker, table) for table in tables):
            damages += [each.damage for each in same]
    if count_cells(damages) < LEAST_DUMPED:
        return
    columns = len({(damage.table.name, damage.column) for damage in damages})
    yield suspect_change(
        scene,
        "markers-for-blank",
        damages,
        evidence=(
            f"{count_cells(damages):,} cells in {columns:,} column{'s' * (columns != 1)} of "
            f"{list_files(damages)} hold a marker for no value"
        ),
    )


def _list_promising(tables: Iterable[Table]) -> list[tuple[Table, str]]:
    """List the columns in which a marker is found, by one search of the values of all of them."""
    columns = [(table, column) for table in tables for column in table.records.columns]
    if not columns:
        return []
    samples = [_take_sample(table, column) for table, column in columns]
    is_marker = frame.is_among(pa.concat_arrays(samples), MARKERS)
    ends = np.cumsum([len(sample) for sample in samples])
    hit = np.searchsorted(ends, np.flatnonzero(is_marker), side="right")
    return [columns[at] for at in np.unique(hit).tolist()]


def _take_sample(table: Table, column: str) -> pa.Array:
    """Return a column's values, or a sample of many of which none has a sign of a dump's marker."""
    values = frame.get_values(table, column)
    dumped = not list_signs(table, column).isdisjoint(DUMP_SIGNS)
    if dumped or len(values) <= MANY:
        return values
    return values.take(pa.array(frame.sample_positions(len(values), SAMPLE)))


def _is_program(marked: list[Marked], marker: str, table: str) -> bool:
    """Weigh evidence for the hypothesis that a program wrote the marker, by one table's columns."""
    same = [each for each in marked if each.damage.table.name == table]
    if marker in DUMP_MARKERS:
        return True
    cells = count_cells(each.damage for each in same)
    only = marker in WORD_MARKERS and (same[0].filled or same[0].identifies)
    return cells >= LEAST_CELLS and (len(same) >= LEAST_COLUMNS or only)


def _find_marked(export: Export, table: Table, column: str) -> list[Marked]:
    """Find the damaged cells of a column, by the marker that each has."""
    name = name_column(export, table, column)
    may_be_word = not is_person_name(name) or "middle" in name.lower()
    wanted = MARKERS if may_be_word else IN_NAMES
    values = frame.get_values(table, column)
    if not frame.is_among(values, wanted).any():
        return []
    values = frame.encode_raw(table, column).values
    filled = not frame.encode(table, column).blank.any()
    marked = []
    for code in np.flatnonzero(frame.is_among(values, wanted)).tolist():
        marker = values[code].as_py()
        damage = find_damage(table, column, [(code, marker)], undo=lambda value: "")
        if damage is not None:
            marked.append(Marked(damage, marker, filled, is_identifier(name)))
    return marked


def suspect_field_codes(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that codes for fields were not replaced by values: `{{first}}`, `~(web_id)`.

    The codes have two marks on each side that no name, title or address has; one cell is proof.
    Results of failed formulas (`#N/A`) count outside of columns of ids, where a rule reports them.
    """
    damages = _find_codes(scene.export)
    if not damages:
        return
    cells = count_cells(damages)
    yield suspect_loss(
        scene,
        "field-codes-left-in",
        damages,
        evidence=(
            f"{cells:,} cell{'s' * (cells != 1)} of {list_files(damages)} "
            f"hold{'s' * (cells == 1)} a code or formula in place of a value"
        ),
        again=_find_codes,
    )


def _find_codes(export: Export, tables: Iterable[Table] | None = None) -> list[Damage]:
    """Find damaged cells in which a program left the code of a field."""
    return find_damages(export, CODE_SIGNS, _find_code_change, tables=tables)


def _find_code_change(column: str) -> Change:
    """Return a change that marks values with a code."""
    identifier = is_identifier(column)

    def mark(value: str) -> str | None:
        formula = not identifier and FORMULA.fullmatch(value.strip())
        return "" if formula or CODES.search(value) else None

    return mark
