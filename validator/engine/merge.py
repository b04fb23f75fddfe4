"""One outcome per rule, out of what each of several profiles makes of it with its own settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.model import Export, Finding, Outcome, Places, Status, Tally

ORDER = (
    Status.BROKEN,
    Status.FOUND,
    Status.WAIVED,
    Status.SKIPPED,
    Status.PASSED,
    Status.NOT_ASKED,
)
"""The status that a rule has when profiles differ: the first of these."""


def one(export: Export, own: Mapping[str, Outcome]) -> Outcome:
    """The outcome of a rule for all profiles, given each profile's own; the words are the strictest profile's."""
    ranked = sorted(
        own.values(), key=lambda one: (ORDER.index(one.status), one.level.rank, -one.count)
    )
    worst = ranked[0]
    levels = {profile: outcome.level for profile, outcome in own.items()}
    if all(
        outcome.finding is worst.finding and outcome.status is worst.status for outcome in ranked
    ):
        return replace(worst, levels=levels)
    statuses = {profile: outcome.status for profile, outcome in own.items()}
    if worst.status is not Status.FOUND:
        return replace(worst, levels=levels, statuses=statuses)
    found = {
        profile: outcome.count for profile, outcome in own.items() if outcome.status is Status.FOUND
    }
    finding = _all(export, [outcome for outcome in ranked if outcome.status is Status.FOUND])
    if set(statuses.values()) == {Status.FOUND} and set(found.values()) == {finding.count}:
        return replace(worst, levels=levels)
    return replace(
        worst,
        finding=finding,
        levels={profile: levels[profile] for profile in found},
        found=found,
        statuses=statuses,
    )


def _all(export: Export, outcomes: Sequence[Outcome]) -> Finding:
    """What any of the outcomes has found, the first one's before the others'; a record counts once."""
    findings = list(
        {id(outcome.finding): outcome.finding for outcome in outcomes if outcome.finding}.values()
    )
    level = {id(outcome.finding): outcome.rule.level for outcome in reversed(outcomes)}
    people = outcomes[0].rule.counts == "person"
    blocks = list(findings[0].places)
    for finding in findings[1:]:
        softer = level[id(finding)] if level[id(finding)] is not outcomes[0].rule.level else None
        start = max(
            (int(block.groups.max(initial=0)) for block in blocks if block.groups is not None),
            default=0,
        )
        for block in finding.places:
            numbers = None if block.groups is None else block.groups + start
            blocks += _beyond(
                export, blocks, replace(block, groups=numbers, level=block.level or softer), people
            )
    count = sum(block.count for block in blocks)
    groups = {
        int(group)
        for block in blocks
        if block.groups is not None
        for group in np.unique(block.groups)
    }
    return replace(
        findings[0],
        places=blocks,
        of=max(count, *(finding.of for finding in findings)),
        groups=None if findings[0].groups is None else len(groups),
        tally=_tally([finding.tally for finding in findings if finding.tally]),
    )


def _beyond(export: Export, blocks: Sequence[Places], more: Places, people: bool) -> list[Places]:
    """The places of `more` that no block has yet, counting only records that none counts; nothing when none is left."""
    there = [
        _at(block)
        for block in blocks
        if (block.table, block.file, block.column, block.rows is None)
        == (more.table, more.file, more.column, more.rows is None)
    ]
    new = ~np.isin(_at(more), np.concatenate([*there, np.zeros(0, np.int32)]))
    left = more.keep(new)
    if left.rows is not None:
        table = export.tables[more.table]
        record = frame.group_people(table).number if people and table.key else np.arange(len(table))
        counted = np.zeros(len(table) + 1, bool)
        for block in blocks:
            if block.table == more.table and block.rows is not None:
                counted[
                    record[block.rows if block.counts is None else block.rows[block.counts]]
                ] = True
        counts = np.ones(len(left), bool) if left.counts is None else left.counts
        left = replace(left, counts=counts & ~counted[record[left.rows]])
    return [left] if len(left) else []


def _at(block: Places) -> np.ndarray:
    """Row numbers of the places, or lines of those that are no rows."""
    return block.lines if block.rows is None else block.rows


def _tally(tallies: Sequence[Tally]) -> Tally | None:
    """The values of all tallies, each as often as the tally that has it most; None without any."""
    if not tallies:
        return None
    most: dict[str, int] = {}
    for value, count in (pair for tally in tallies for pair in tally.values):
        most[value] = max(count, most.get(value, 0))
    return replace(tallies[0], values=sorted(most.items(), key=lambda pair: (-pair[1], pair[0])))
