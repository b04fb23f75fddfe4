"""One outcome per rule, from what each profile makes of it with its own settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.model import Export, Finding, Level, Outcome, Places, Status, Tally

ORDER = (
    Status.BROKEN,
    Status.FOUND,
    Status.WAIVED,
    Status.SKIPPED,
    Status.PASSED,
    Status.NOT_ASKED,
)
"""The status of a rule when profiles differ: the first of these."""


def merge_outcomes(export: Export, by_profile: Mapping[str, Outcome]) -> Outcome:
    """Return the outcome of a rule for all profiles, in the words of the strictest one."""
    levels = {profile: outcome.level for profile, outcome in by_profile.items()}
    if len(by_profile) == 1:
        (only,) = by_profile.values()
        return only if only.levels == levels else replace(only, levels=levels)
    ranked = sorted(by_profile.values(), key=_rank_outcome)
    strictest = replace(ranked[0], own=by_profile)
    if all(_is_same(strictest, outcome) for outcome in ranked):
        return replace(strictest, levels=levels)
    statuses = {profile: outcome.status for profile, outcome in by_profile.items()}
    if strictest.status is not Status.FOUND:
        return replace(strictest, levels=levels, statuses=statuses)
    finding = _merge_findings(export, [item for item in ranked if item.status is Status.FOUND])
    counts = {
        profile: outcome.count
        for profile, outcome in by_profile.items()
        if outcome.status is Status.FOUND
    }
    is_found_by_all = len(counts) == len(by_profile)
    if is_found_by_all and set(counts.values()) == {finding.count}:
        return replace(strictest, levels=levels)
    return replace(
        strictest,
        finding=finding,
        levels={profile: levels[profile] for profile in counts},
        found=counts,
        statuses=statuses,
    )


def _rank_outcome(outcome: Outcome) -> tuple[int, int, int]:
    """Return the sort key of outcomes, strictest first."""
    return ORDER.index(outcome.status), outcome.level.rank, -outcome.count


def _is_same(outcome: Outcome, other: Outcome) -> bool:
    """Whether two profiles come to the same outcome."""
    return outcome.finding is other.finding and outcome.status is other.status


def _merge_findings(export: Export, outcomes: Sequence[Outcome]) -> Finding:
    """Return what any of the outcomes found, in their order; every record counts once."""
    levels: dict[int, Level] = {}
    findings: dict[int, Finding] = {}
    for outcome in outcomes:
        if outcome.finding is not None:
            findings.setdefault(id(outcome.finding), outcome.finding)
            levels.setdefault(id(outcome.finding), outcome.rule.level)
    strictest = outcomes[0].rule
    first, *others = findings.values()
    blocks = list(first.places)
    for finding in others:
        level = levels[id(finding)]
        softer = level if level is not strictest.level else None
        last_group = max(_list_groups(blocks), default=0)
        for block in finding.places:
            groups = None if block.groups is None else block.groups + last_group
            added = replace(block, groups=groups, level=block.level or softer)
            blocks += _select_new(export, blocks, added, people=strictest.counts == "person")
    count = sum(block.count for block in blocks)
    return replace(
        first,
        places=blocks,
        of=max(count, *(finding.of for finding in findings.values())),
        groups=None if first.groups is None else len(set(_list_groups(blocks))),
        tally=_merge_tallies([item.tally for item in findings.values() if item.tally]),
    )


def _list_groups(blocks: Iterable[Places]) -> list[int]:
    """Return the group numbers of all blocks of places that the engine merges, each once per
    block."""
    return [
        int(group)
        for block in blocks
        if block.groups is not None
        for group in np.unique(block.groups)
    ]


def _select_new(
    export: Export, blocks: Sequence[Places], added: Places, *, people: bool
) -> list[Places]:
    """Return the places that no block has yet; empty if none are left.

    They count only records that no block counts. `people`: count people, not rows.
    """
    known = [_list_places(block) for block in blocks if _has_same_cells(block, added)]
    is_new = ~np.isin(_list_places(added), np.concatenate([*known, np.zeros(0, np.int32)]))
    left = added.keep(is_new)
    if not len(left):
        return []
    if left.rows is None:
        return [left]
    table = export.all_tables[added.table]
    record = np.arange(len(table))
    if people and table.key:
        record = frame.group_people(table).number
    counted = np.zeros(len(table) + 1, bool)
    for block in blocks:
        if block.table == added.table and block.rows is not None:
            rows = block.rows if block.counts is None else block.rows[block.counts]
            counted[record[rows]] = True
    counts = np.ones(len(left), bool) if left.counts is None else left.counts
    return [replace(left, counts=counts & ~counted[record[left.rows]])]


def _has_same_cells(block: Places, other: Places) -> bool:
    """Whether the places of two blocks can be compared: same column, both rows or both lines."""
    return (block.table, block.file, block.column) == (other.table, other.file, other.column) and (
        block.rows is None
    ) == (other.rows is None)


def _list_places(block: Places) -> np.ndarray:
    """Return the rows or lines of places, by which merged outcomes of a rule are compared."""
    return block.lines if block.rows is None else block.rows


def _merge_tallies(tallies: Sequence[Tally]) -> Tally | None:
    """Merge tallies of profiles' outcomes: each value with its highest count; None without any."""
    if not tallies:
        return None
    counts: dict[str, int] = {}
    for tally in tallies:
        for value, count in tally.values:
            counts[value] = max(count, counts.get(value, 0))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return replace(tallies[0], values=ordered)
