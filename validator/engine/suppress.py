"""Remove places of findings that other rules, sharing rules or waivers already cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.engine.context import CheckContext, CheckResult
from validator.model import Export, FileColumn, Finding, Outcome, Places, Rule, Status, Waiver

Results = Mapping[str, CheckResult]
"""The answer to each rule of a profile, by rule id."""


def build_outcome(
    rule: Rule,
    results: Results,
    *,
    export: Export,
    context: CheckContext,
    waiver: Waiver | None,
    only_profile: str = "",
) -> Outcome:
    """Return the outcome of a rule after suppression, without the places that are already
    covered.

    `only_profile`: the profile that the outcome is of, "" where several may share it.
    """
    result = results[rule.id]
    finding = result.finding
    outcome = _begin_outcome(rule, result, only_profile)
    if result.status is not Status.FOUND or finding is None:
        return outcome
    blocks = remove_named(rule.needs, results, list(finding.places), export=export)
    if rule.only_shared and context.sharing is not None:
        blocks = [keep_shared(block, context.sharing.rows) for block in blocks]
    if not _count(blocks):
        return replace(outcome, status=Status.PASSED, finding=replace(finding, places=[]))
    if waiver is not None and _is_current(waiver, context.today):
        left = remove_waived(waiver, export, blocks)
        waived = _count(blocks) - _count(left)
        if not _count(left):
            return replace(
                outcome,
                status=Status.WAIVED,
                reason=waiver.reason,
                waiver=waiver,
                waived=waived,
            )
        blocks = left
        outcome = replace(outcome, waiver=waiver if waived else None, waived=waived)
    rest = tidy(replace(finding, places=blocks))
    return replace(outcome, finding=rest)


def _begin_outcome(rule: Rule, result: CheckResult, only_profile: str) -> Outcome:
    """Return the outcome of a rule before suppression."""
    return Outcome(
        rule,
        result.status,
        rule.level,
        result.finding,
        result.reason,
        levels={only_profile: rule.level} if only_profile else {},
        trace=result.trace,
    )


def _is_current(waiver: Waiver, today: dt.date) -> bool:
    """Whether a waiver still suppresses what its rule finds."""
    return waiver.until is None or waiver.until >= today


def _count(blocks: Sequence[Places]) -> int:
    """Count what a rule still finds after suppression."""
    return sum(block.count for block in blocks)


def remove_named(
    needs: Sequence[str], results: Results, blocks: list[Places], *, export: Export
) -> list[Places]:
    """Remove places whose cell a needed rule has named, and records that it sets aside.

    A cell of a file is the same cell in the file's own table and in the roster's.
    """
    for name in needs:
        finding = results[name].finding if name in results else None
        for named in finding.places if finding else ():
            if named.rows is None or not named.column:
                continue
            is_set_aside = finding is not None and finding.set_aside
            for number in range(len(blocks)):
                block = _move_to_table(named, blocks[number], export)
                blocks = _remove_rows(blocks, number, block, any_column=is_set_aside)
    return blocks


def _move_to_table(named: Places, block: Places, export: Export) -> Places:
    """Move the places of a rule that suppresses others to the table of their block."""
    if named.table == block.table or named.file != block.file or block.rows is None:
        return named
    heading = _find_heading(export, named)
    if not heading or heading != _find_heading(export, block):
        return named
    rows = block.rows[np.isin(block.lines, named.lines)]
    return Places(block.table, block.file, rows, block.column, rows=rows)


def _find_heading(export: Export, block: Places) -> FileColumn:
    """Return the heading of a rule's places, to suppress others there; "" for none."""
    table, column = export.find(block.table), block.column or ""
    if table is None:
        return ""
    origin = table.origins.get(column)
    return origin.header if origin else table.headers.get(column, "")


def _remove_rows(
    blocks: list[Places], number: int, named: Places, *, any_column: bool
) -> list[Places]:
    """Remove the rows of `named` from one block, if it is about the same column or any will do."""
    block = blocks[number]
    is_same = block.table == named.table and (any_column or block.column == named.column)
    if block.rows is None or named.rows is None or not is_same:
        return blocks
    is_named = np.isin(block.rows, named.rows)
    if not is_named.any():
        return blocks
    counted = is_named if block.counts is None else is_named & block.counts
    others = [*blocks[:number], block.keep(~is_named), *blocks[number + 1 :]]
    return recount(others, block.table, block.rows[counted])


def recount(blocks: list[Places], table: str, rows: np.ndarray) -> list[Places]:
    """Count each row of a rule at its next place, after suppression removed the first."""
    recounted = []
    for block in blocks:
        is_other = block.table != table or block.rows is None or not len(rows)
        if is_other or block.rows is None or block.counts is None:
            recounted.append(block)
            continue
        counts = block.counts | np.isin(block.rows, rows)
        recounted.append(replace(block, counts=counts))
        rows = np.setdiff1d(rows, block.rows)
    return recounted


def keep_shared(block: Places, shared: Mapping[str, np.ndarray]) -> Places:
    """Suppress a rule's places in rows that are not shared; those that are no rows stay."""
    if block.rows is None or block.table not in shared:
        return block
    return block.keep(shared[block.table][block.rows])


def remove_waived(waiver: Waiver, export: Export, blocks: Sequence[Places]) -> list[Places]:
    """Remove places that the waiver covers; a waiver without keys covers all."""
    left = []
    for block in blocks if waiver.keys else ():
        table = export.find(block.table)
        if table is None or not table.key or block.rows is None:
            left.append(block)
            continue
        keys = frame.encode(table, table.key)
        is_waived = frame.is_among(keys.values, pa.array(waiver.keys, pa.string()))
        kept = ~np.asarray(keys.broadcast(is_waived), bool)
        left.append(block.keep(kept[block.rows]))
    return left


def drop_empty(finding: Finding) -> Finding:
    """Remove the blocks of a rule's finding that have no places; those of a passed rule are so."""
    blocks = [block for block in finding.places if len(block)]
    return finding if len(blocks) == len(finding.places) else replace(finding, places=blocks)


def tidy(finding: Finding) -> Finding:
    """Remove empty blocks, and number the groups 1, 2, 3 in the order of the file."""
    finding = drop_empty(finding)
    if finding.groups is None:
        return finding
    numbers: dict[tuple[str, int], int] = {}
    renumbered = [_renumber_groups(block, numbers) for block in finding.places]
    return replace(finding, places=renumbered, groups=len(numbers))


def _renumber_groups(block: Places, numbers: dict[tuple[str, int], int]) -> Places:
    """Number the groups of a rule's places again after suppression; adds new ones to `numbers`."""
    if block.groups is None:
        return block
    codes, first, inverse = np.unique(block.groups, return_index=True, return_inverse=True)
    renumbered = np.zeros(len(codes), np.int32)
    for at in np.argsort(first, kind="stable"):
        key = (block.table, int(codes[at]))
        renumbered[at] = numbers.setdefault(key, len(numbers) + 1)
    return replace(block, groups=renumbered[inverse])
