"""Run the rules of profiles over an export."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from validator import frame, parallel
from validator.checks.registry import CHECKS, DECLARATIONS
from validator.engine import applicability, form, merge, suppress
from validator.engine.context import OPTIONAL_INPUTS, Answer, CheckContext, CheckResult
from validator.engine.file_names import list_file_names, name_files
from validator.model import (
    OFF,
    Consequence,
    Export,
    Finding,
    Level,
    Outcome,
    Places,
    Profile,
    Rule,
    Status,
    Table,
)

BEYOND_TABLES = frozenset(("export", *OPTIONAL_INPUTS))
"""What a check may read in addition to tables."""
LARGE = 128 << 20
"""Bytes of an export from which memory is released before the rules are run and after them."""


def judge(export: Export, profiles: Sequence[Profile], context: CheckContext) -> list[Outcome]:
    """Return exactly one outcome per rule of the profiles, in their order.

    Each profile is judged with its own settings; equal checks are run once. A broken check
    never stops the others.
    """
    context = replace(
        context,
        district_domains=_collect(profiles, "district_domains"),
        accept_sections=_collect(profiles, "accept_sections"),
        reject_sections=_collect(profiles, "reject_sections"),
        waivers=_collect(profiles, "waivers"),
    )
    names = list_file_names(export)
    rules = {
        profile.id: [
            name_files(_adapt_to_phase(rule, context.phase), names)
            for rule in profile.rules.values()
        ]
        for profile in profiles
    }
    asked = {
        name: {rule.id: _build_question(rule, context) for rule in own}
        for name, own in rules.items()
    }
    questions = {asked[name][rule.id]: rule for name, own in rules.items() for rule in own}
    results = _run_checks(questions, export, context)
    only_profile = profiles[0].id if len(profiles) == 1 else ""
    outcomes = _Outcomes(export, context, results, only_profile=only_profile)
    by_rule: dict[str, dict[str, Outcome]] = {}
    for profile in profiles:
        for outcome in outcomes.of_profile(rules[profile.id], asked[profile.id]):
            by_rule.setdefault(outcome.rule.id, {})[profile.id] = outcome
    return [merge.merge_outcomes(export, own) for own in by_rule.values()]


class _Outcomes:
    """Outcomes of several profiles; what profiles share is built once.

    `only_profile`: the only profile, "" where there are several.
    """

    def __init__(
        self,
        export: Export,
        context: CheckContext,
        results: Mapping[str, CheckResult],
        *,
        only_profile: str,
    ) -> None:
        self.export, self.context, self.results = export, context, results
        self.only_profile = only_profile
        self.waivers = {waiver.rule: waiver for waiver in context.waivers}
        self.built: dict[tuple[str, ...], Outcome] = {}
        self.form = form.FormJudge(export)

    def of_profile(self, rules: Sequence[Rule], questions: Mapping[str, str]) -> list[Outcome]:
        """Return the outcome of each rule of a profile, by the questions that the rules ask."""
        results = {name: self.results[question] for name, question in questions.items()}
        outcomes = []
        steps = form.list_steps(rules)
        for rule in rules:
            key = self._key(rule, questions)
            if key not in self.built:
                self.built[key] = suppress.build_outcome(
                    rule,
                    results,
                    export=self.export,
                    context=self.context,
                    waiver=self.waivers.get(rule.id),
                    only_profile=self.only_profile,
                )
            outcomes.append(self._finish(self.built[key], rule, steps))
        return outcomes

    def _finish(self, outcome: Outcome, rule: Rule, steps: form.Steps) -> Outcome:
        """Return the outcome with the words and the level of this profile's rule."""
        judged = None
        if outcome.status is Status.FOUND:
            judged = self.form.judge(outcome, rule, steps)
        if judged is None:
            return _reword(outcome, rule)
        outcome = _reword(replace(outcome, finding=judged.finding), rule)
        return form.reword(self.export, outcome, judged.step)

    def _key(self, rule: Rule, questions: Mapping[str, str]) -> tuple[str, ...]:
        """Return everything that decides the outcome of a rule, except its words."""
        others = [questions.get(name, "") for name in rule.needs]
        only_shared = rule.only_shared and self.context.sharing is not None
        return questions[rule.id], str(only_shared), *rule.needs, *others


def _collect(profiles: Sequence[Profile], name: str) -> list[Any]:
    """Collect a field of all profiles whose rules are run, each value once."""
    return list(dict.fromkeys(value for profile in profiles for value in getattr(profile, name)))


def _adapt_to_phase(rule: Rule, phase: str) -> Rule:
    """Adapt a rule that will be run to this part of the school year: return it with that level."""
    level = rule.phases.get(phase, OFF)
    return rule if level == OFF else replace(rule, level=Level(level))


def _build_question(rule: Rule, context: CheckContext) -> str:
    """Return everything that decides what a rule's check finds; equal for equal questions."""
    concerns_everybody = rule.everybody_when_absent and rule.level is Level.BLOCKER
    is_off = rule.phases.get(context.phase) == OFF
    return f"{rule.question} {concerns_everybody} {is_off}"


def _run_checks(
    questions: Mapping[str, Rule], export: Export, context: CheckContext
) -> dict[str, CheckResult]:
    """Return the answer to each question."""
    size = sum(file.bytes for file in export.files)

    def answer(question: str) -> CheckResult:
        rule = questions[question]
        tables = [export.find(name) for name in rule.reads]
        known = context.answers.get(question)
        if known is not None and known.holds(tables):
            return known.result
        result = run_check(rule, export, context)
        if _is_limited_to_tables(rule):
            context.answers[question] = Answer(tables, result)
        return result

    if size > LARGE:
        pa.default_memory_pool().release_unused()
    answers = parallel.map_from_both_ends(answer, list(questions), size=size)
    if size > LARGE:
        pa.default_memory_pool().release_unused()
    return dict(zip(questions, answers, strict=True))


def _is_limited_to_tables(rule: Rule) -> bool:
    """Return whether the rule's check reads nothing but tables and settings."""
    wants = DECLARATIONS[rule.check].wants
    return BEYOND_TABLES.isdisjoint(rule.reads) and BEYOND_TABLES.isdisjoint(wants)


def call_check(rule: Rule, *tables: Table, **filled: Any) -> Finding:
    """Return the finding of a rule's check on these tables, whatever else the rule needs."""
    return CHECKS[rule.check](*tables, **rule.settings, **filled)


def run_check(rule: Rule, export: Export, context: CheckContext) -> CheckResult:
    """Return the answer of a rule's check, or why it was not asked."""
    obstacle = applicability.find_obstacle(rule, export, context)
    if obstacle is not None:
        return obstacle
    tables = [_find_input(name, export, context) for name in rule.reads]
    filled = {name: getattr(context, name) for name in DECLARATIONS[rule.check].wants}
    try:
        finding = CHECKS[rule.check](*tables, **rule.settings, **filled)
    except MemoryError:  # not the check's fault
        raise
    except Exception as error:  # noqa: BLE001 - a broken check must not stop the others
        return _report_broken(error)
    if any(map(len, finding.places)) and (parts := frame.list_parts(export)):
        finding = replace(finding, places=frame.split_places(finding.places, parts))
    if rule.counts == "file":
        finding = replace(finding, places=frame.count_files_once(finding.places))
    if not finding.count and finding.unknown:
        return CheckResult(Status.SKIPPED, reason=finding.unknown)
    if not finding.count:
        return CheckResult(Status.PASSED, suppress.drop_empty(finding))
    if export.partial and applicability.needs_whole_roster(rule, export):
        return CheckResult(
            Status.SKIPPED,
            reason=f"{export.partial}, which need not hold the whole roster; in what it "
            f"holds, {finding.count:,} would be found",
        )
    return CheckResult(Status.FOUND, finding)


def _find_input(name: str, export: Export, context: CheckContext) -> Any:
    """Return what a rule's check reads under a name: a table, the export or an optional input."""
    if name in OPTIONAL_INPUTS:
        return getattr(context, name)
    return export if name == "export" else export.find(name)


def _report_broken(error: Exception) -> CheckResult:
    """Return the engine's result for a rule whose check failed; the error may name a value."""
    name = type(error).__name__
    frames = "".join(traceback.format_tb(error.__traceback__))
    return CheckResult(
        Status.BROKEN,
        reason=f"the check itself failed ({name}); this is our fault",
        trace=f"{frames}{name}",
    )


def _reword(outcome: Outcome, rule: Rule) -> Outcome:
    """Return the outcome with the words and the level of this profile's rule."""
    finding = outcome.finding
    blocks: Sequence[Places] = ()
    if outcome.status is Status.FOUND and finding is not None:
        blocks = finding.places
        if finding.count == finding.of > 1:
            rule = rule.adapt_to_all()
        rule = _explain_absence(rule, finding)
        if _cannot_be(rule, finding):
            return _judge_most(outcome, rule)
    level = _find_worst_level(rule.level, blocks)
    rule = _state_consequence(rule, level)
    if rule is outcome.rule and level is outcome.level:
        return outcome
    return replace(outcome, rule=rule, level=level)


def _explain_absence(rule: Rule, finding: Finding) -> Rule:
    """Return a rule that is run with the reason why its column is absent for everybody."""
    first = finding.places[0] if rule.everybody_when_absent and finding.places else None
    if first is None or first.rows is not None or not isinstance(first.notes, str):
        return rule
    reason = first.notes[:1].upper() + first.notes[1:]
    stop = "" if reason.endswith("?") else "."
    return replace(rule, why=f"{reason}{stop} {rule.why}")


def _state_consequence(rule: Rule, level: Level) -> Rule:
    """Return a rule that was run with the consequence of the level of its finding."""
    if rule.consequence.stops is (level is Level.BLOCKER):
        return rule
    consequence = Consequence.of_level(level)
    if level is Level.BLOCKER and rule.counts == "person":
        consequence = Consequence.NO_SIGN_IN
    return replace(rule, consequence=consequence)


def _cannot_be(rule: Rule, finding: Finding) -> bool:
    """Whether a rule finds too large a share of the records for the data to be right."""
    if rule.when_most is None or rule.level is Level.FACT:
        return False
    return rule.when_most.applies_to(finding.count, finding.of)


def _judge_most(outcome: Outcome, rule: Rule) -> Outcome:
    """Return a rule's outcome as a blocker, because too many records are affected."""
    finding = outcome.finding
    assert finding is not None
    if any(block.level for block in finding.places):
        places = [replace(block, level=None) for block in finding.places]
        finding = replace(finding, places=places)
    return replace(
        outcome, rule=rule.adapt_to_most(), finding=finding, level=Level.BLOCKER, of_most=True
    )


def _find_worst_level(level: Level, blocks: Sequence[Places]) -> Level:
    """Return the worst level of the places; `level` is that of places without their own."""
    levels = [block.level or level for block in blocks if block.count]
    return min(levels, key=lambda other: other.rank, default=level)
