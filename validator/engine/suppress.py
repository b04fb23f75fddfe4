"""What is left of a finding after other rules, the sharing rules and the district have had their say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.model import Export, Finding, Places, Rule, Status, Waiver


@dataclass(frozen=True)
class CheckResult:
    """What became of a check before needs, causes and waivers are looked at."""

    status: Status
    finding: Finding | None = None
    reason: str | None = None
    trace: str = ""


def unexplained(
    rule: Rule, first: Mapping[str, CheckResult], blocks: Sequence[Places]
) -> tuple[list[Places], str | None]:
    """The places in files that no root cause explains, and the cause that explains the others."""
    kept, cause = list(blocks), None
    for name in rule.explained_by:
        found = (
            first[name].finding if name in first and first[name].status is Status.FOUND else None
        )
        tables = {block.table for block in found.places} if found else set()
        if any(block.table in tables for block in kept):
            kept, cause = [block for block in kept if block.table not in tables], name
    return kept, cause


def not_named_by(
    needs: Sequence[str], first: Mapping[str, CheckResult], blocks: list[Places]
) -> list[Places]:
    """The places whose cell no needed rule has named already."""
    for name in needs:
        found = first[name].finding if name in first else None
        for named in found.places if found else ():
            for at in range(len(blocks)):
                block = blocks[at]
                if (
                    block.rows is not None
                    and named.rows is not None
                    and named.column
                    and (block.table, block.column) == (named.table, named.column)
                ):
                    gone = np.isin(block.rows, named.rows)
                    stood_for = block.rows[gone if block.counts is None else gone & block.counts]
                    others = [*blocks[:at], block.keep(~gone), *blocks[at + 1 :]]
                    blocks = _counted_by_next(others, block.table, stood_for)
    return blocks


def _counted_by_next(blocks: list[Places], table: str, rows: np.ndarray) -> list[Places]:
    """The places, where rows whose counting place was taken out are counted by the next place that they have."""
    out = list(blocks)
    for at, block in enumerate(blocks):
        if (
            len(rows)
            and block.table == table
            and block.rows is not None
            and block.counts is not None
        ):
            out[at] = replace(block, counts=block.counts | np.isin(block.rows, rows))
            rows = np.setdiff1d(rows, block.rows)
    return out


def shared(block: Places, shared: Mapping[str, np.ndarray]) -> Places:
    """The places in rows that would be shared; places that are no rows stay."""
    if block.rows is None or block.table not in shared:
        return block
    return block.keep(shared[block.table][block.rows])


def not_waived(waiver: Waiver, export: Export, blocks: Sequence[Places]) -> list[Places]:
    """The places that the waiver does not cover; one without keys covers all."""
    left = []
    for block in blocks if waiver.keys else ():
        table = export.tables.get(block.table)
        if table is None or not table.key or block.rows is None:
            left.append(block)
            continue
        keys = frame.encode(table, table.key)
        kept = ~np.asarray(
            keys.broadcast(frame.is_among(keys.values, pa.array(waiver.keys, pa.string()))), bool
        )
        left.append(block.keep(kept[block.rows]))
    return left


def tidied(finding: Finding) -> Finding:
    """Without empty blocks; groups numbered 1, 2, 3 in the order of the file, groups of one left out of the number."""
    blocks = [block for block in finding.places if len(block)]
    if finding.groups is None:
        return replace(finding, places=blocks)
    known: dict[tuple[str, int], int] = {}
    tidy = []
    for block in blocks:
        if block.groups is not None:
            codes, where, inverse = np.unique(block.groups, return_index=True, return_inverse=True)
            numbers = np.zeros(len(codes), np.int32)
            for at in np.argsort(where, kind="stable"):
                numbers[at] = known.setdefault((block.table, int(codes[at])), len(known) + 1)
            tidy.append(replace(block, groups=numbers[inverse]))
        else:
            tidy.append(block)
    return replace(finding, places=tidy, groups=len(known))
