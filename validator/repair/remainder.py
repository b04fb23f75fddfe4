"""Findings that a kind of repair might put right and did not, left for a person with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from validator import frame
from validator.diagnosis.forms import POWER
from validator.frame.values import match_pattern, parse_dates
from validator.model import Departure, Outcome, Places, RepairKind
from validator.repair.dates import MIXED, SLASHED
from validator.repair.form_rules import GONE
from validator.repair.outlook import (
    BY_DEPARTURE,
    Changed,
    group_changes,
    list_places,
    mark_covered,
)
from validator.repair.state import State

UNCERTAIN = {
    "row-wrong-length": (
        "empty-cells",
        "the row has more or fewer values than the header, so it is not certain which value "
        "belongs in which column; it was copied as it is",
    ),
    "quote-unclosed": (
        "quotation-marks",
        "a quotation mark is never closed, so it is not certain where the value ends; the line "
        "was copied as it is",
    ),
    "header-repeated": (
        "header-spelling",
        "two columns have the same name, and only a person can tell which one is right",
    ),
}
"""Rules about lines and headings -> the kind of repair that they would need, and why it is left."""

FORMLESS = frozenset({"dates", "grades", "flags", "letter-case"})
"""Kinds of repair that raw exports do not get in their own files, as these have no such form."""

DATES = ("DOB", "Term_start", "Term_end", "Begin", "End")
"""Columns of dates in the roster."""

RAW = (
    "a raw export prescribes no form for this; a conversion with --to writes it in the form "
    "of that format where only one reading is possible"
)
UNKNOWN = "what it should be is not certain"

FORMULAS, POWERS = "ids-as-formulas", "ids-in-powers-of-ten"
"""The kinds of repair of ids that a spreadsheet replaced: by a formula, and by a number."""


def leave_broken_rows(state: State) -> None:
    """Leave to a person the lines and headings that no repair can read with certainty."""
    for rule, (kind, reason) in UNCERTAIN.items():
        counts: Counter[str] = Counter()
        for block in state.export.defects.get(rule, ()):
            if block.departure is not Departure.ROW_EMPTY_CELLS:
                counts[block.file] += len(block)
        for file, count in counts.items():
            state.leave_file(kind, file, "", count=count, reason=reason)


def leave_rest(
    state: State,
    outcomes: Mapping[str, Outcome],
    kinds: Mapping[str, RepairKind],
    *,
    formed: bool,
    converted: bool,
) -> None:
    """Leave to a person the findings that a kind of repair is for, but that were not repaired.

    formed: whether the export's format requires a form of values. converted: whether the copy is
    written in another format, which gives them its own.
    """
    changed = group_changes(state.changes)
    for kind in kinds.values():
        formless = not formed and kind.id in FORMLESS
        if formless and converted:
            continue
        for rule in kind.rules:
            reason = RAW if formless else kind.left.get(rule, UNKNOWN)
            for block in _list_open(state, outcomes.get(rule), kinds, rule=rule):
                for id, part in _split_numbers(state, kind.id, block):
                    _leave_block(state, id, part, changed=changed, reason=reason)


def _list_open(
    state: State, outcome: Outcome | None, kinds: Mapping[str, RepairKind], *, rule: str
) -> Sequence[Places]:
    """Return the places of a finding that writing a corrected copy does not put right."""
    if outcome is None or rule in GONE:
        return ()
    listed = {left.file for left in state.left if rule in kinds[left.kind].rules}
    written = BY_DEPARTURE.get(rule, frozenset())
    return [
        block
        for block in list_places(outcome)
        if block.departure not in written and block.file not in listed and not block.explained_by
    ]


def _split_numbers(state: State, kind: str, block: Places) -> Iterator[tuple[str, Places]]:
    """Yield the places with the kind of repair they would need: numbers are no formulas."""
    table, column = state.export.find(block.table), block.column
    if kind != FORMULAS or table is None or column is None or block.rows is None:
        yield kind, block
        return
    ids = frame.encode(table, column)
    is_number = ids.broadcast(match_pattern(ids.values, POWER))[block.rows]
    if not is_number.all():
        yield kind, block.keep(~is_number)
    is_left = any(left.kind == POWERS and left.file == block.file for left in state.left)
    if is_number.any() and not is_left:
        yield POWERS, block.keep(is_number)


def _leave_block(state: State, kind: str, block: Places, *, changed: Changed, reason: str) -> None:
    """Leave to a person the cells or rows of a finding that no repair changed."""
    count = int((~mark_covered(state.export, block, changed)).sum()) if len(block) else 1
    table = state.export.find(block.table)
    column = block.column or ""
    heading = table.headers.get(column, column) if table is not None else column
    state.leave_file(kind, block.file, heading, count=count, reason=reason)


def leave_mixed_dates(state: State) -> None:
    """Leave to a person the dates of a raw export that a conversion cannot read in one way."""
    for table in state.export.tables.values():
        for column in (name for name in DATES if table.has(name)):
            encoded = frame.encode(table, column)
            parsed = parse_dates(encoded.values)
            if parsed.day_first and parsed.month_first:
                count = int(encoded.broadcast(match_pattern(encoded.values, SLASHED)).sum())
                heading = table.headers.get(column, column)
                state.leave_file("dates", table.file, heading, count=count, reason=MIXED)
