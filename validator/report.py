"""Outcomes made into a report: verdict, root causes, people, schools."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import roster
from validator.model import (
    Export,
    Level,
    Outcome,
    Places,
    Profile,
    Readiness,
    Report,
    RootCause,
    SchoolRow,
    Status,
    Verdict,
)

LEAST_EXPLAINED = 5
"""A missing record is a root cause when at least this many places point at it (rule catalogue, root causes)."""

STEPS = {
    "students": (("have an e-mail address", ("student-email-missing", "student-email-invalid", "student-email-several")),
                 ("have one that is theirs alone", ("student-email-repeated", "student-email-also-adult")),
                 ("have a birth date", ("student-dob-missing", "student-dob-invalid")),
                 ("are in a section", ("student-without-section", "student-not-shared"))),
    "teachers": (("have an e-mail address", ("teacher-email-missing", "teacher-email-invalid", "teacher-email-several")),
                 ("have one that is theirs alone", ("teacher-email-repeated",)),
                 ("teach a section", ("teacher-without-section",))),
}
"""What signing in asks for, one thing after the other, and the rules that hold somebody back there."""

UNSETTLED = (Status.SKIPPED, Status.BROKEN)


def make(export: Export, outcomes: Sequence[Outcome], profiles: Sequence[Profile], *, as_of: dt.date, version: str,
         district: str | None = None, generated_at: dt.datetime | None = None) -> Report:
    """The report on these outcomes."""
    verdicts = {profile.id: _verdict(outcomes, profile.id) for profile in profiles}
    by_school = {outcome.rule.id: _by_school(export, outcome) for outcome in outcomes if outcome.status is Status.FOUND}
    held = {name: _held(export, outcomes, name) for name in ("students", "teachers", "sections")}
    return Report(
        verdict=min(verdicts.values(), key=lambda verdict: verdict.rank), verdicts=verdicts, profiles=profiles,
        outcomes=outcomes, export=export, as_of=as_of, version=version, counts=_counts(export),
        readiness={name: replace(_readiness(export, held, name), steps=_steps(export, outcomes, held, name))
                   for name in held if name in export.tables},
        root_causes=_root_causes(export, outcomes), schools=_schools(export, outcomes, by_school, held),
        by_school=by_school, generated_at=generated_at, district=district,
        errors=[f"{outcome.rule.id}: {outcome.reason}" for outcome in outcomes if outcome.status is Status.BROKEN])


def _verdict(outcomes: Sequence[Outcome], profile: str) -> Verdict:
    """Not ready for any readable blocker, could not tell for an unreadable one or an open question, else ready."""
    blockers = [(outcome, outcome.statuses.get(profile, outcome.status)) for outcome in outcomes
                if outcome.levels.get(profile) is Level.BLOCKER]
    found = [outcome for outcome, status in blockers if status is Status.FOUND]
    if any(not outcome.rule.unreadable for outcome in found):
        return Verdict.NOT_READY
    if found or any(status in UNSETTLED and not outcome.explained_by for outcome, status in blockers):
        return Verdict.COULD_NOT_TELL
    return Verdict.READY


def _counts(export: Export) -> dict[str, int]:
    """Records per table, rows that could not be read whole included; people once each."""
    counts = {}
    for name in ("schools", "students", "teachers", "sections", "enrollments", "staff"):
        table = export.tables.get(name)
        if table is None:
            counts[name] = 0
        elif name in ("students", "teachers", "staff") and table.has(table.key):
            counts[name] = roster.people(table).count + len(table.unread)
        else:
            counts[name] = len(table) + len(table.unread)
    return counts


def _rows(block: Places) -> np.ndarray:
    """Row numbers of the places; none for places that are no rows of a table."""
    return block.rows if block.rows is not None else np.zeros(0, np.int32)


def _by_school(export: Export, outcome: Outcome) -> dict[str, int]:
    """Counted records per school id, as far as the places have a school."""
    counts: Counter[str] = Counter()
    for block in outcome.finding.places if outcome.finding else ():
        table = export.tables.get(block.table)
        if table is None or not table.has("School_id"):
            continue
        counted = block if block.counts is None else block.keep(block.counts)
        school = roster.coded(table, "School_id")
        times = np.bincount(school.codes[_rows(counted)], minlength=len(school.values))
        for at in np.flatnonzero(times):
            counts[school.values[int(at)].as_py()] += int(times[at])
    return dict(sorted(counts.items()))


def _held(export: Export, outcomes: Sequence[Outcome], name: str) -> dict[str, np.ndarray]:
    """Per rule that is a blocker or keeps students out of every section: bool mask of those it names."""
    table = export.tables.get(name)
    if table is None:
        return {}
    who, held = roster.people(table), {}
    for outcome in outcomes:
        unenrolled = outcome.rule.check == "links.unenrolled" and outcome.level is not Level.FACT
        decides = outcome.level is Level.BLOCKER or unenrolled
        if outcome.status is not Status.FOUND or not decides or outcome.finding is None:
            continue
        named = np.zeros(who.count, bool)
        for block in outcome.finding.places:
            if block.table == name and (block.level or Level.BLOCKER) is Level.BLOCKER:
                named[who.number[_rows(block)]] = True
        if named.any():
            held[outcome.rule.id] = named
    return held


def _any(held: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """Bool mask of everybody whom some rule names."""
    out = np.zeros(count, bool)
    for named in held.values():
        out |= named
    return out


def _blocked(export: Export, held: Mapping[str, Mapping[str, np.ndarray]], name: str) -> np.ndarray:
    """Bool mask of the people or sections that are not ready; a section is not when one of its teachers is not."""
    table = export.tables[name]
    who = roster.people(table)
    blocked = _any(held[name], who.count)
    teachers = export.tables.get("teachers")
    if name == "sections" and teachers is not None and held["teachers"]:
        faulty = _any(held["teachers"], roster.people(teachers).count)[roster.people(teachers).number]
        for column in roster.teacher_columns(table):
            at = roster.located(table, column, teachers)
            rows = np.flatnonzero(at >= 0)
            blocked[who.number[rows[faulty[at[rows]]]]] = True
    return blocked


def _readiness(export: Export, held: Mapping[str, Mapping[str, np.ndarray]], name: str) -> Readiness:
    table = export.tables[name]
    who = roster.people(table)
    blocked = int(_blocked(export, held, name).sum())
    unknown = len(table.unread)
    ready = who.count - blocked
    if name == "students" and not {"enrollments", "sections"} <= export.tables.keys():
        unknown, ready = unknown + ready, 0
    by_rule = {rule: int(named.sum()) for rule, named in sorted(held[name].items())}
    return Readiness(who.count + len(table.unread), ready, blocked, unknown, by_rule)


def _steps(export: Export, outcomes: Sequence[Outcome], held: Mapping[str, Mapping[str, np.ndarray]],
           name: str) -> list[tuple[str, int]]:
    """How many are left after each thing that signing in asks for, as far as the profiles ask for it."""
    state, asked = _readiness(export, held, name), {outcome.rule.id for outcome in outcomes if _decides(outcome)}
    if name not in STEPS:
        return []
    out, steps = np.zeros(roster.people(export.tables[name]).count, bool), [("in the file", state.total)]
    if state.total > len(out):
        steps.append(("could be read", len(out)))
    for words, rules in STEPS[name]:
        out |= _any({rule: held[name][rule] for rule in rules if rule in held[name]}, len(out))
        if not asked.isdisjoint(rules):
            steps.append((words, len(out) - int(out.sum())))
    return [*steps, ("ready", state.ready)]


def _decides(outcome: Outcome) -> bool:
    """Whether the rule was asked and holds back whom it names."""
    return (outcome.status in (Status.PASSED, Status.FOUND, Status.WAIVED)
            and (outcome.rule.level is Level.BLOCKER or outcome.rule.check == "links.unenrolled"))


def _schools(export: Export, outcomes: Sequence[Outcome], by_school: Mapping[str, Mapping[str, int]],
             held: Mapping[str, Mapping[str, np.ndarray]]) -> list[SchoolRow]:
    """One row per school of the schools file, most blocked records first."""
    schools = export.tables.get("schools")
    if schools is None or not schools.has("School_id"):
        return []
    people = {name: _per_school(export, name) for name in ("students", "teachers", "sections")}
    ready = _ready_per_school(export, held)
    level = {outcome.rule.id: outcome.level for outcome in outcomes}
    totals: dict[Level, Counter[str]] = {one: Counter() for one in Level}
    for rule, counts in by_school.items():
        totals[level[rule]].update(counts)
    ids = roster.text(schools, "School_id", np.arange(len(schools)))
    names = roster.text(schools, "School_name", np.arange(len(schools)))
    rows = [SchoolRow(one, name, people["students"][one], people["teachers"][one], people["sections"][one],
                      totals[Level.BLOCKER][one], totals[Level.WARNING][one], ready[one])
            for one, name in dict(zip(ids, names, strict=True)).items() if one]
    return sorted(rows, key=lambda row: (-row.blockers, -row.warnings, row.school_id))


def _per_school(export: Export, name: str, kept: np.ndarray | None = None) -> Counter[str]:
    """People or sections per school id, each where their first row says."""
    table = export.tables.get(name)
    if table is None or not table.has("School_id"):
        return Counter()
    first, school = roster.people(table).first, roster.coded(table, "School_id")
    rows = first if kept is None else first & kept[roster.people(table).number]
    times = np.bincount(school.codes[rows], minlength=len(school.values))
    return Counter({school.values[int(at)].as_py(): int(times[at]) for at in np.flatnonzero(times)})


def _ready_per_school(export: Export, held: Mapping[str, Mapping[str, np.ndarray]]) -> Counter[str]:
    if "students" not in export.tables or not {"enrollments", "sections"} <= export.tables.keys():
        return Counter()
    return _per_school(export, "students", ~_blocked(export, held, "students"))


def _root_causes(export: Export, outcomes: Sequence[Outcome]) -> list[RootCause]:
    """What explains most elsewhere, most first: damaged ids, files that do not fit, a record that many rows miss."""
    found = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND and outcome.finding}
    causes = []
    explained: set[tuple[str, str | None]] = set()
    for name in ("id-leading-zeros-lost", "id-unique-within-school"):
        if name in found:
            causes.append(_cause(found[name], _explains(export, found[name])))
    if "file-trimmed" in found and found["file-trimmed"].finding:
        pairs = {(block.table, block.column) for block in found["file-trimmed"].finding.places}
        explained |= pairs
        causes.append(_cause(found["file-trimmed"], sum(
            len(block) for outcome in found.values() if outcome.rule.check == "links.unknown" and outcome.finding
            for block in outcome.finding.places if (block.table, block.column) in pairs)))
    for outcome in found.values():
        if outcome.rule.check == "links.unknown":
            records, rows = _missing_records(export, outcome, explained)
            if rows >= LEAST_EXPLAINED:
                note = f"{records:,} missing record{'' if records == 1 else 's'}"
                causes.append(_cause(outcome, rows, note))
    return sorted(causes, key=lambda cause: (-cause.explains, cause.rule))


def _cause(outcome: Outcome, explains: int, note: str = "") -> RootCause:
    table = outcome.finding.places[0].table if outcome.finding and outcome.finding.places else ""
    return RootCause(outcome.rule.id, outcome.rule.title, explains, outcome.rule.owner, table, note)


def _explains(export: Export, outcome: Outcome) -> int:
    """Rows that bear the damage: the found ones, or all rows whose id is not the district's only one."""
    if outcome.rule.id != "id-unique-within-school" or outcome.finding is None:
        return outcome.count
    rows = 0
    for block in outcome.finding.places:
        table = export.tables[block.table]
        key = roster.coded(table, table.key)
        times = np.bincount(key.codes, minlength=len(key.values))
        rows += int((times[key.codes] > 1).sum())
    return rows


def _missing_records(export: Export, outcome: Outcome, explained: set[tuple[str, str | None]]) -> tuple[int, int]:
    """How many missing records have at least LEAST_EXPLAINED rows pointing at them, and how many rows those are."""
    pointing: Counter[str] = Counter()
    for block in outcome.finding.places if outcome.finding else ():
        table = export.tables.get(block.table)
        if table is None or block.column is None or (block.table, block.column) in explained:
            continue
        values = roster.coded(table, block.column)
        times = np.bincount(values.codes[_rows(block)], minlength=len(values.values))
        for at in np.flatnonzero(times):
            pointing[values.values[int(at)].as_py()] += int(times[at])
    many = [count for count in pointing.values() if count >= LEAST_EXPLAINED]
    return len(many), sum(many)
