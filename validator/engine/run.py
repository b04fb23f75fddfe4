"""Pairs each rule with its check and tables, and says what became of it."""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame, parallel
from validator.checks.registry import CHECKS, DECLARATIONS, WholeRoster
from validator.engine import merge, suppress
from validator.engine.suppress import CheckResult
from validator.model import (
    EMPTY_IN,
    MIDYEAR,
    OFF,
    Check,
    Export,
    Finding,
    Level,
    Outcome,
    Places,
    Profile,
    Rule,
    Status,
    Waiver,
)


@dataclass(frozen=True)
class CheckContext:
    """What the engine fills into checks that ask for it, by name."""

    today: dt.date
    grades: Any
    electives: Any
    district_domains: Sequence[str] = ()
    accept_sections: Sequence[str] = ()
    reject_sections: Sequence[str] = ()
    waivers: Sequence[Waiver] = ()
    phase: str = MIDYEAR
    previous: Any = None
    sharing: Any = None
    target: Any = None


NOT_GIVEN = {
    "previous": "no previous export was given",
    "sharing": "no sharing rules were given",
    "target": "the sharing rules name no target",
}
"""What a rule may read beside the tables, and why it is not asked without it."""


def judge(export: Export, profiles: Sequence[Profile], surroundings: CheckContext) -> list[Outcome]:
    """Exactly one outcome per rule of the profiles, in their order; a broken check never stops the others.

    Each profile is judged with its own settings; what is asked alike is looked at once.
    """
    around = replace(
        surroundings,
        district_domains=_joined(profiles, "district_domains"),
        accept_sections=_joined(profiles, "accept_sections"),
        reject_sections=_joined(profiles, "reject_sections"),
        waivers=_joined(profiles, "waivers"),
    )
    waivers = {waiver.rule: waiver for profile in profiles for waiver in profile.waivers}
    asking = {
        profile.id: [_in_phase(rule, around.phase) for rule in profile.rules.values()]
        for profile in profiles
    }
    run = _all_run(
        {_question(rule, around): rule for rules in asking.values() for rule in rules},
        export,
        around,
    )
    known: dict[tuple[str, ...], Outcome] = {}
    by_rule: dict[str, dict[str, Outcome]] = {}
    for profile in profiles:
        rules = asking[profile.id]
        asked = {rule.id: _question(rule, around) for rule in rules}
        first = {name: run[question] for name, question in asked.items()}
        for rule in rules:
            others = [asked.get(name, "") for name in (*rule.needs, *rule.explained_by)]
            shared = rule.only_shared and around.sharing is not None
            key = (asked[rule.id], repr((rule.needs, rule.explained_by, shared)), *others)
            if key not in known:
                known[key] = _outcome(rule, first, export, waivers.get(rule.id), around)
            by_rule.setdefault(rule.id, {})[profile.id] = _as_told(known[key], rule)
    return [merge.one(export, own) for own in by_rule.values()]


LARGE = 128 << 20
"""Bytes of an export from which on memory is given back after each rule; that takes about a millisecond."""


def _all_run(
    questions: Mapping[str, Rule], export: Export, around: CheckContext
) -> dict[str, CheckResult]:
    """The answer to each question."""
    size = sum(file.bytes for file in export.files)

    def answer(rule: Rule) -> CheckResult:
        judged = _run(rule, export, around)
        if size > LARGE:
            pa.default_memory_pool().release_unused()
        return judged

    return dict(
        zip(questions, parallel.map_each(answer, questions.values(), size=size), strict=True)
    )


def _as_told(outcome: Outcome, rule: Rule) -> Outcome:
    """The outcome with the words and the level that this profile's rule has."""
    found = outcome.finding
    if outcome.status is Status.FOUND and found is not None and found.count == found.of > 1:
        rule = rule.adapt_to_all()
    blocks = outcome.finding.places if outcome.finding and outcome.status is Status.FOUND else ()
    return replace(outcome, rule=rule, level=_level(rule.level, blocks))


def _in_phase(rule: Rule, phase: str) -> Rule:
    """The rule with the level that it has in this part of the school year."""
    level = rule.phases.get(phase, OFF)
    return rule if level == OFF else replace(rule, level=Level(level))


def _question(rule: Rule, around: CheckContext) -> str:
    """All of a rule that decides what its check finds; equal for rules that ask the same."""
    return repr(
        (
            rule.id,
            rule.check,
            rule.reads,
            sorted(rule.optional),
            rule.settings,
            rule.everybody_when_absent and rule.level is Level.BLOCKER,
            rule.phases.get(around.phase) == OFF,
        )
    )


def _joined(profiles: Sequence[Profile], name: str) -> list[Any]:
    return list(dict.fromkeys(value for profile in profiles for value in getattr(profile, name)))


def _run(rule: Rule, export: Export, around: CheckContext) -> CheckResult:
    """The check's own answer, or why it was not asked or could not be."""
    hindered = _hindered(rule, export, around)
    if hindered is not None:
        return hindered
    beside = {"export": export, **{name: getattr(around, name) for name in NOT_GIVEN}}
    tables = [beside[name] if name in beside else export.tables.get(name) for name in rule.reads]
    check = CHECKS[rule.check]
    asked = _asked(check)
    filled = {
        name: value
        for name, value in vars(around).items()
        if name in asked and name not in NOT_GIVEN
    }
    try:
        finding = check(*tables, **rule.settings, **filled)
    except Exception as error:  # noqa: BLE001 - one broken check must not take the others with it
        frames = "".join(traceback.format_tb(error.__traceback__))
        return CheckResult(
            Status.BROKEN,
            reason=f"the check itself failed ({type(error).__name__}); this is our fault",
            trace=f"{frames}{type(error).__name__}",
        )
    if export.partial and finding.count and _needs_all(rule, export):
        return CheckResult(
            Status.SKIPPED,
            reason=f"{export.partial}, which need not hold the whole roster; in what it "
            f"holds, {finding.count:,} would be found",
        )
    return CheckResult(Status.PASSED if not finding.count else Status.FOUND, finding)


@functools.cache
def _asked(check: Check) -> Collection[str]:
    """The names of what a check takes."""
    return inspect.signature(check).parameters


def _needs_all(rule: Rule, export: Export) -> bool:
    """Whether the rule asks for what is not there, so that it can be judged from a whole roster only."""
    from_elsewhere = any(
        column in export.tables[name].origins
        for name, columns in rule.reads.items()
        if name in export.tables
        for column in columns
    )
    return rule.check in WHOLE_ONLY or (rule.check == "values.missing" and from_elsewhere)


def _hindered(rule: Rule, export: Export, around: CheckContext) -> CheckResult | None:
    """Why the rule cannot be asked of this export, None when it can."""
    if rule.phases.get(around.phase) == OFF:
        return CheckResult(
            Status.NOT_ASKED,
            reason=f"is not asked in this part of the school year ({around.phase})",
        )
    for name in rule.reads:
        if name in NOT_GIVEN and name not in rule.optional and getattr(around, name) is None:
            return CheckResult(Status.NOT_ASKED, reason=NOT_GIVEN[name])
    for name, columns in rule.reads.items():
        if name == "export" or name in NOT_GIVEN or name in rule.optional:
            continue
        if name in export.unsupported:
            return CheckResult(Status.NOT_ASKED, reason=f"this format has no {name}")
        if name in EMPTY_IN.get(around.phase, ()) and _empty(export, name):
            return CheckResult(
                Status.NOT_ASKED,
                reason=f"no {name} yet, as expected in this part of the school year",
            )
        if name in export.absent:
            return CheckResult(Status.SKIPPED, reason=export.absent[name])
        if name not in export.tables:
            return CheckResult(
                Status.NOT_ASKED, reason=f"there is no {export.files_expected.get(name, name)}"
            )
        lacking = [column for column in columns if not export.tables[name].has(column)]
        if lacking:
            return _column_absent(rule, export, name, lacking)
    return None


def _column_absent(rule: Rule, export: Export, name: str, lacking: list[str]) -> CheckResult:
    """Skipped with the reason; found for everybody where a blank would be a blocker and the whole column is absent."""
    table = export.tables[name]
    if rule.everybody_when_absent and rule.level is Level.BLOCKER and len(table):
        who = frame.group_people(table)
        header = Places(
            name,
            table.file,
            np.asarray([table.header_line], np.int32),
            counts=np.zeros(1, bool),
            notes=table.missing_reason.get(lacking[0]) or f"there is no {lacking[0]} column",
        )
        everybody = frame.place_rows(table, who.first, lacking[0], listed=False)
        return CheckResult(Status.FOUND, Finding([header, everybody], of=who.count))
    return CheckResult(
        Status.SKIPPED,
        reason=table.missing_reason.get(lacking[0]) or f"{table.file} has no {lacking[0]} column",
    )


def _empty(export: Export, name: str) -> bool:
    """Whether the file is there and holds no rows."""
    table = export.tables.get(name)
    if table is not None:
        return not len(table) and not len(table.unread)
    return any(block.table == name for block in export.defects.get("file-empty", ()))


def _outcome(
    rule: Rule,
    first: Mapping[str, CheckResult],
    export: Export,
    waiver: Waiver | None,
    around: CheckContext,
) -> Outcome:
    """The judgment after what other rules explain, and what the district waived, is taken out."""
    judged = first[rule.id]
    if judged.status is not Status.FOUND or judged.finding is None:
        return Outcome(
            rule, judged.status, rule.level, judged.finding, judged.reason, trace=judged.trace
        )
    blocks, cause = suppress.unexplained(rule, first, judged.finding.places)
    blocks = suppress.not_named_by(rule.needs, first, blocks)
    if rule.only_shared and around.sharing is not None:
        blocks = [suppress.shared(block, around.sharing.rows) for block in blocks]
    if not _count(blocks):
        status, reason = (
            (Status.SKIPPED, f"explained by `{cause}`") if cause else (Status.PASSED, None)
        )
        return Outcome(
            rule,
            status,
            rule.level,
            None if cause else replace(judged.finding, places=[]),
            reason,
            explained_by=cause,
        )
    if waiver is not None and (waiver.until is None or waiver.until >= around.today):
        left = suppress.not_waived(waiver, export, blocks)
        waived = _count(blocks) - _count(left)
        if not _count(left):
            return Outcome(
                rule,
                Status.WAIVED,
                rule.level,
                judged.finding,
                waiver.reason,
                waiver=waiver,
                waived=waived,
            )
        blocks, waiver = left, waiver if waived else None
    else:
        waiver, waived = None, 0
    finding = suppress.tidied(replace(judged.finding, places=blocks))
    return Outcome(
        rule, Status.FOUND, rule.level, finding, waiver=waiver, explained_by=cause, waived=waived
    )


def _count(blocks: Sequence[Places]) -> int:
    return sum(block.count for block in blocks)


def _level(level: Level, blocks: Sequence[Places]) -> Level:
    """The worst level of the places, most of which have the rule's own."""
    return min(
        (block.level or level for block in blocks if block.count),
        key=lambda one: one.rank,
        default=level,
    )
