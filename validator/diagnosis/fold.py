"""The places that a diagnosis explains: exactly those that vanish when the damage is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.model import Export, Finding, Level, Outcome, Places, Status, Table

Where = tuple[str, str, str | None]


def list_lines(outcome: Outcome | None) -> dict[Where, np.ndarray]:
    """Return the lines that an outcome names before or after a hypothesis's damage is undone."""
    return join_lines(_open_blocks(outcome))


def join_lines(blocks: Sequence[Places]) -> dict[Where, np.ndarray]:
    """Return the lines of places by cell column, to compare before and after damage is undone."""
    by_column: dict[Where, list[np.ndarray]] = {}
    for block in blocks:
        by_column.setdefault(_locate_block(block), []).append(block.lines)
    return {where: np.concatenate(lines) for where, lines in by_column.items()}


def count_vanished(before: Outcome, after: Outcome | None) -> int:
    """Count the records of a finding that vanish when a hypothesis's damage is undone."""
    left = list_lines(after)
    return sum(block.keep(_mark_vanished(block, left)).count for block in _open_blocks(before))


def count_appeared(before: Sequence[Outcome], after: Outcome) -> int:
    """Count the records that are found only once a hypothesis's damage is undone."""
    known = join_lines([block for outcome in before for block in _open_blocks(outcome)])
    return sum(block.keep(_mark_vanished(block, known)).count for block in _open_blocks(after))


def fold(
    before: Outcome,
    after: Outcome | None,
    cause: str,
    *,
    export: Export,
    reveals: bool = False,
) -> Outcome:
    """Mark the places of an outcome that vanish when a hypothesis's damage is undone.

    What the damage hid and the undone export shows is part of the outcome; with `reveals` it is
    explained too. Facts explain nothing: they are those of the undone export. Row numbers are
    those of `export`, the export as it is on the disk.
    """
    own = {
        profile: fold(
            outcome,
            after.own.get(profile) if after else None,
            cause,
            export=export,
            reveals=reveals,
        )
        for profile, outcome in before.own.items()
    }
    folded = _fold_places(before, after, cause, export=export, reveals=reveals)
    return replace(folded, own=own) if own else folded


def _fold_places(
    before: Outcome, after: Outcome | None, cause: str, *, export: Export, reveals: bool
) -> Outcome:
    """Mark the places of one outcome that vanish when a hypothesis's damage is undone."""
    if not _list_places(before) and not _list_places(after):
        return after or before
    left = list_lines(after)
    explained = [block for block in _list_places(before) if block.explained_by]
    for block in _open_blocks(before):
        gone = block.keep(_mark_vanished(block, left))
        if len(gone) and before.level is not Level.FACT:
            explained.append(replace(gone, explained_by=cause))
    known = join_lines(explained)
    open_blocks = [block.keep(_mark_vanished(block, known)) for block in _open_blocks(after)]
    still = [place_on_disk(block, export) for block in open_blocks if len(block)]
    if reveals:
        listed = list_lines(before)
        new = [(block, _mark_vanished(block, listed)) for block in still]
        explained += [replace(block.keep(mask), explained_by=cause) for block, mask in new]
        still = [block.keep(~mask) for block, mask in new]
        explained, still = (list(filter(len, blocks)) for blocks in (explained, still))
    base = after if after is not None and (still or reveals) else before
    if not still and not explained:
        return after or before
    finding = base.finding or before.finding
    assert finding is not None
    count = sum(block.count for block in explained)
    of = max(finding.of, count + sum(block.count for block in still))
    whole = replace(finding, places=[*still, *explained], of=of)
    status = Status.FOUND if still else Status.EXPLAINED
    return replace(base, status=status, finding=whole, explained=count, reason=None)


def cover(before: Outcome, covered: Sequence[Places], cause: str) -> Outcome:
    """Mark an outcome's places in these damaged cells as explained by a hypothesis."""
    own = {profile: cover(outcome, covered, cause) for profile, outcome in before.own.items()}
    folded = _cover_places(before, covered, cause)
    return replace(folded, own=own) if own else folded


def _cover_places(before: Outcome, covered: Sequence[Places], cause: str) -> Outcome:
    """Mark the places of one outcome in the damaged cells that a hypothesis explains."""
    lines: dict[Where, list[np.ndarray]] = {}
    for block in covered:
        lines.setdefault(_locate_block(block), []).append(block.lines)
    masks = {where: np.concatenate(several) for where, several in lines.items()}
    blocks: list[Places] = []
    for block in _list_places(before):
        here = masks.get(_locate_block(block))
        if here is None or block.explained_by:
            blocks.append(block)
            continue
        hit = np.isin(block.lines, here)
        blocks += [block.keep(~hit), replace(block.keep(hit), explained_by=cause)]
    blocks = [block for block in blocks if len(block)]
    count = sum(block.count for block in blocks if block.explained_by)
    if before.finding is None or not count:
        return before
    whole: Finding = replace(before.finding, places=blocks)
    status = Status.EXPLAINED if all(block.explained_by for block in blocks) else before.status
    return replace(before, status=status, finding=whole, explained=count)


def index_by_rule(outcomes: Sequence[Outcome]) -> Mapping[str, Outcome]:
    """Index the outcomes that diagnoses may explain by rule id, in their order."""
    return {outcome.rule.id: outcome for outcome in outcomes}


def _list_places(outcome: Outcome | None) -> Sequence[Places]:
    """Return all places of a finding that a hypothesis may explain, explained already or not."""
    if outcome is None or outcome.finding is None or outcome.status is Status.PASSED:
        return ()
    return outcome.finding.places


def _open_blocks(outcome: Outcome | None) -> list[Places]:
    """Return the places of a finding that another hypothesis may still explain."""
    if outcome is None or outcome.status is not Status.FOUND:
        return []
    return [block for block in _list_places(outcome) if not block.explained_by]


def _locate_block(block: Places) -> Where:
    """Return the table, file and column by which a diagnosis matches the places it explains."""
    return block.table, block.file, block.column


def _mark_vanished(block: Places, left: Mapping[Where, np.ndarray]) -> np.ndarray:
    """Return a bool mask of the places that vanish when a hypothesis's damage is undone."""
    there = left.get(_locate_block(block))
    return np.ones(len(block), bool) if there is None else ~np.isin(block.lines, there)


def place_on_disk(block: Places, export: Export) -> Places:
    """Return places found in a hypothesis's undone copy with row numbers of the original export."""
    table = export.find(block.table)
    if block.rows is None or table is None:
        return block
    lines = frame.number_lines(table, block)
    if _is_on_lines(table, block.rows, lines):
        return block
    rows = np.searchsorted(table.lines, lines)
    rows = np.minimum(rows, max(len(table) - 1, 0))
    same = table.lines[rows] == lines if len(table) else np.zeros(len(rows), bool)
    if same.all():
        return replace(block, rows=rows.astype(np.int32))
    return block if block.rows.max(initial=-1) < len(table) else replace(block, rows=None)


def _is_on_lines(table: Table, rows: np.ndarray, lines: np.ndarray) -> bool:
    """Return whether the rows that a hypothesis places in an undone copy are those on the disk."""
    inside = rows.max(initial=-1) < len(table) and len(rows) == len(lines)
    return bool(inside and np.array_equal(table.lines[rows], lines))
