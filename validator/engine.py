"""Pairs each rule with its check and tables, and says what became of it."""

from __future__ import annotations

import datetime as dt
import inspect
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from validator import roster
from validator.checks import CHECKS
from validator.model import Export, Finding, Level, Outcome, Places, Profile, Rule, Status, Waiver


@dataclass(frozen=True)
class Surroundings:
    """What the engine fills into checks that ask for it, by name."""

    today: dt.date
    grades: Any
    electives: Any
    district_domains: Sequence[str] = ()
    accept_sections: Sequence[str] = ()
    reject_sections: Sequence[str] = ()
    waivers: Sequence[Waiver] = ()
    phase: str = ""
    previous: Any = None
    sharing: Any = None
    target: Any = None


NOT_GIVEN = {"previous": "no previous export was given", "sharing": "no sharing rules were given",
             "target": "the sharing rules name no target"}
"""What a rule may read beside the tables, and why it is not asked without it."""


@dataclass(frozen=True)
class _Verdict:
    """What became of a check before needs, causes and waivers are looked at."""

    status: Status
    finding: Finding | None = None
    reason: str | None = None
    trace: str = ""


def judge(export: Export, profiles: Sequence[Profile], surroundings: Surroundings) -> list[Outcome]:
    """Exactly one outcome per rule of the profiles, in their order; a broken check never stops the others."""
    rules = _merged(profiles)
    around = replace(surroundings, district_domains=_joined(profiles, "district_domains"),
                     accept_sections=_joined(profiles, "accept_sections"),
                     reject_sections=_joined(profiles, "reject_sections"), waivers=_joined(profiles, "waivers"))
    first = {rule.id: _run(rule, export, around) for rule in rules.values()}
    waivers = {waiver.rule: waiver for profile in profiles for waiver in profile.waivers}
    return [_outcome(rule, first, export, profiles, waivers.get(rule.id), around) for rule in rules.values()]


def _merged(profiles: Sequence[Profile]) -> dict[str, Rule]:
    """Each rule once, as the profile that takes it most seriously has it."""
    rules: dict[str, Rule] = {}
    for profile in profiles:
        for rule in profile.rules.values():
            if rule.id not in rules or rule.level.rank < rules[rule.id].level.rank:
                rules[rule.id] = rule
    return rules


def _joined(profiles: Sequence[Profile], name: str) -> list[Any]:
    return list(dict.fromkeys(value for profile in profiles for value in getattr(profile, name)))


def _run(rule: Rule, export: Export, around: Surroundings) -> _Verdict:
    """The check's own answer, or why it was not asked or could not be."""
    hindered = _hindered(rule, export, around)
    if hindered is not None:
        return hindered
    beside = {"export": export, **{name: getattr(around, name) for name in NOT_GIVEN}}
    tables = [beside[name] if name in beside else export.tables.get(name) for name in rule.reads]
    check = CHECKS[rule.check]
    asked = inspect.signature(check).parameters
    filled = {name: value for name, value in vars(around).items() if name in asked}
    try:
        finding = check(*tables, **rule.settings, **filled)
    except Exception as error:  # noqa: BLE001 - one broken check must not take the others with it
        frames = "".join(traceback.format_tb(error.__traceback__))
        return _Verdict(Status.BROKEN, reason=f"the check itself failed ({type(error).__name__}); this is our fault",
                        trace=f"{frames}{type(error).__name__}")
    return _Verdict(Status.PASSED if not finding.count else Status.FOUND, finding)


def _hindered(rule: Rule, export: Export, around: Surroundings) -> _Verdict | None:
    """Why the rule cannot be asked of this export, None when it can."""
    for name in rule.reads:
        if name in NOT_GIVEN and name not in rule.optional and getattr(around, name) is None:
            return _Verdict(Status.NOT_ASKED, reason=NOT_GIVEN[name])
    for name, columns in rule.reads.items():
        if name == "export" or name in NOT_GIVEN or name in rule.optional:
            continue
        if name in export.never:
            return _Verdict(Status.NOT_ASKED, reason=f"this format has no {name}")
        if name in export.absent:
            return _Verdict(Status.SKIPPED, reason=export.absent[name])
        if name not in export.tables:
            return _Verdict(Status.NOT_ASKED, reason=f"there is no {export.files_expected.get(name, name)}")
        lacking = [column for column in columns if not export.tables[name].has(column)]
        if lacking:
            return _column_absent(rule, export, name, lacking)
    return None


def _column_absent(rule: Rule, export: Export, name: str, lacking: list[str]) -> _Verdict:
    """Skipped with the reason; found for everybody where a blank would be a blocker and the whole column is absent."""
    table = export.tables[name]
    if rule.everybody_when_absent and rule.level is Level.BLOCKER and len(table):
        who = roster.people(table)
        header = Places(name, table.file, np.asarray([table.header_line], np.int32), counts=np.zeros(1, bool),
                        notes=f"there is no column {lacking[0]}")
        everybody = roster.places(table, who.first, lacking[0], listed=False)
        return _Verdict(Status.FOUND, Finding([header, everybody], of=who.count))
    return _Verdict(Status.SKIPPED, reason=f"{table.file} has no column {lacking[0]}")


def _outcome(rule: Rule, first: Mapping[str, _Verdict], export: Export, profiles: Sequence[Profile],
             waiver: Waiver | None, around: Surroundings) -> Outcome:
    """The verdict after what other rules explain, and what the district waived, is taken out."""
    verdict = first[rule.id]
    levels = {profile.id: profile.rules[rule.id].level for profile in profiles if rule.id in profile.rules}
    if verdict.status is not Status.FOUND or verdict.finding is None:
        return Outcome(rule, verdict.status, rule.level, verdict.finding, verdict.reason, levels, trace=verdict.trace)
    blocks, cause = _unexplained(rule, first, verdict.finding.places)
    blocks = _not_named_by(rule.needs, first, blocks)
    if rule.only_shared and around.sharing is not None:
        blocks = [_shared(block, around.sharing.rows) for block in blocks]
    status, reason = Status.FOUND, None
    if waiver is not None and (waiver.until is None or waiver.until >= around.today):
        blocks, status = _waived(waiver, export, blocks)
    else:
        waiver = None
    if not sum(block.count for block in blocks):
        if status is Status.WAIVED:
            return Outcome(rule, status, rule.level, verdict.finding, waiver.reason if waiver else None, levels, waiver)
        status = Status.SKIPPED if cause else Status.PASSED
        reason = f"explained by `{cause}`" if cause else None
        return Outcome(rule, status, rule.level, None if cause else replace(verdict.finding, places=[]), reason, levels,
                       explained_by=cause)
    finding = _tidied(replace(verdict.finding, places=blocks))
    own = {profile: _level(level, blocks) for profile, level in levels.items()}
    return Outcome(rule, Status.FOUND, _level(rule.level, blocks), finding, None, own, explained_by=cause)


def _level(level: Level, blocks: Sequence[Places]) -> Level:
    """The worst level of the places, most of which have the rule's own."""
    return min((block.level or level for block in blocks if block.count), key=lambda one: one.rank)


def _unexplained(rule: Rule, first: Mapping[str, _Verdict],
                 blocks: Sequence[Places]) -> tuple[list[Places], str | None]:
    """The places in files that no root cause explains, and the cause that explains the others."""
    kept, cause = list(blocks), None
    for name in rule.explained_by:
        found = first[name].finding if name in first and first[name].status is Status.FOUND else None
        tables = {block.table for block in found.places} if found else set()
        if any(block.table in tables for block in kept):
            kept, cause = [block for block in kept if block.table not in tables], name
    return kept, cause


def _not_named_by(needs: Sequence[str], first: Mapping[str, _Verdict], blocks: list[Places]) -> list[Places]:
    """The places whose cell no needed rule has named already."""
    for name in needs:
        found = first[name].finding if name in first else None
        for named in found.places if found else ():
            for at, block in enumerate(blocks):
                if (block.rows is not None and named.rows is not None and named.column
                        and (block.table, block.column) == (named.table, named.column)):
                    gone = np.isin(block.rows, named.rows)
                    blocks = [*blocks[:at], block.keep(~gone), *blocks[at + 1:]]
                    stood_for = block.rows[gone if block.counts is None else gone & block.counts]
                    blocks = _counted_by_next(blocks, block.table, stood_for)
    return blocks


def _counted_by_next(blocks: list[Places], table: str, rows: np.ndarray) -> list[Places]:
    """The places, where rows whose counting place was taken out are counted by the next place that they have."""
    out = []
    for block in blocks:
        if len(rows) and block.table == table and block.rows is not None and block.counts is not None:
            now = np.isin(block.rows, rows)
            block = replace(block, counts=block.counts | now)
            rows = rows[~np.isin(rows, block.rows)]
        out.append(block)
    return out


def _shared(block: Places, shared: Mapping[str, np.ndarray]) -> Places:
    """The places in rows that would be shared; places that are no rows stay."""
    if block.rows is None or block.table not in shared:
        return block
    return block.keep(shared[block.table][block.rows])


def _waived(waiver: Waiver, export: Export, blocks: list[Places]) -> tuple[list[Places], Status]:
    """The places that the waiver does not cover, and WAIVED when none is left."""
    if not waiver.keys:
        return [], Status.WAIVED
    left = []
    for block in blocks:
        table = export.tables.get(block.table)
        if table is None or not table.key or block.rows is None:
            left.append(block)
            continue
        keys = roster.text(table, table.key, block.rows)
        left.append(block.keep(np.asarray([key not in waiver.keys for key in keys], bool)))
    return left, Status.FOUND if sum(block.count for block in left) else Status.WAIVED


def _tidied(finding: Finding) -> Finding:
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
