"""Sentences about the verdict of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from validator.model import Level, Readiness, Report, Status, Verdict
from validator.wording.numbers import format_count, format_more, format_number, join_words
from validator.wording.outcomes import describe, describe_most
from validator.wording.places import describe_place

PEOPLE = ("students", "teachers")


class App(NamedTuple):
    """The title of an app, its verdict, and how many problems it has at each level."""

    title: str
    verdict: Verdict
    levels: Mapping[Level, int]


def describe_verdict(report: Report) -> str:
    """Return the shared wording of the verdict for each app, after what cannot be right."""
    apps = [
        App(result.profile.title, result.verdict, result.levels)
        for result in report.by_profile.values()
    ]
    if not apps:
        titles = [profile.title for profile in report.profiles]
        name = titles[0] if len(titles) == 1 else "the upload"
        apps = [App(name, report.verdict, report.levels())]
    return " ".join([*_describe_impossible(report), describe_verdicts(apps)])


def _describe_impossible(report: Report) -> list[str]:
    """Return the shared wording of findings in too many records for the data to be right."""
    wholes = [
        describe_most(outcome)
        for outcome in report.outcomes
        if outcome.of_most and outcome.status is Status.FOUND
    ]
    return [f"This cannot be right: {'; '.join(wholes)}."] if wholes else []


def describe_verdicts(apps: Sequence[App]) -> str:
    """Return the shared wording of several apps' verdicts, worst last; the same ones share one."""
    by_sentence: dict[tuple[str, str], list[str]] = {}
    for verdict in reversed(Verdict):
        for app in apps:
            if app.verdict is verdict:
                by_sentence.setdefault(_split_verdict(app), []).append(app.title)
    return " ".join(
        f"{start} {join_words(titles)}{end}." for (start, end), titles in by_sentence.items()
    )


def _split_verdict(app: App) -> tuple[str, str]:
    """Return the shared wording of a verdict before and after an app's title."""
    if app.verdict is Verdict.NOT_READY:
        things = format_count(app.levels[Level.BLOCKER], "things")
        return "Not ready for", f": {things} must be fixed first"
    if app.verdict is Verdict.COULD_NOT_TELL:
        return "Could not tell whether this export is ready for", ""
    warnings = app.levels[Level.WARNING]
    things = format_count(warnings, "things")
    return "Ready for", f", with {things} that should be fixed" if warnings else ""


def explain_verdict(report: Report) -> str:
    """Return the shared wording after a verdict: who is held back, or what was not checked."""
    if report.verdict is Verdict.COULD_NOT_TELL:
        return _explain_doubt(report)
    if report.verdict is Verdict.NOT_READY:
        return _explain_held(report)
    accounts = sum(
        outcome.status is Status.FOUND
        and outcome.level is Level.WARNING
        and outcome.rule.topic == "accounts"
        for outcome in report.outcomes
    )
    text = "Nothing in these files keeps a student or teacher from signing in."
    if accounts:
        things = format_count(accounts, "things")
        text = (
            f"Nothing must be fixed first, but {things} about accounts should be fixed before "
            "anybody signs in."
        )
    advice = report.levels()[Level.ADVICE]
    if advice:
        text += f" {format_more(advice, 'thing')} {'is' if advice == 1 else 'are'} good to know."
    return text


def _explain_held(report: Report) -> str:
    """Return the shared wording of how many people each app holds back."""
    results = [it for it in report.by_profile.values() if it.verdict is Verdict.NOT_READY]
    if len(report.by_profile) < 2:
        people = describe_held(report.readiness)
        if not people:
            return ""
        known = f"If these files were sent today, {people} would get no working account."
        return f"{known} {_explain_unknown(report)}".rstrip()
    parts = [(result.profile.title, describe_held(result.readiness)) for result in results]
    by_app = [f"{people} for {title}" for title, people in parts if people]
    if not by_app:
        return ""
    counted = (
        f"If these files were sent today, these would get no working account: {'; '.join(by_app)}."
    )
    return f"{counted} {_explain_unknown(report)}".rstrip()


def _explain_unknown(report: Report) -> str:
    """Return the shared wording of a doubt: more people may be held back than are known."""
    skipped = sum(outcome.status in (Status.SKIPPED, Status.BROKEN) for outcome in report.outcomes)
    states = [
        state
        for result in report.by_profile.values()
        if result.verdict is Verdict.NOT_READY
        for kind, state in result.readiness.items()
        if kind in PEOPLE
    ]
    if not skipped or not any(state.unknown and not state.ready for state in states):
        return ""
    return f"How many more is not known, because {describe_not_run(skipped)}."


def describe_held(readiness: Mapping[str, Readiness]) -> str:
    """Return the shared wording of who is held back: `24 of 2,016 students, 4 of 72 teachers`."""
    counts = {
        kind: state.blocked - state.set_aside for kind, state in readiness.items() if kind in PEOPLE
    }
    return join_words(
        [
            f"{format_number(count)} of {format_count(readiness[kind].total, kind)}"
            for kind, count in counts.items()
            if count
        ]
    )


def _explain_doubt(report: Report) -> str:
    """Return the shared wording of a doubt: which files were not read, how many checks not run."""
    unreadable = [
        f"{describe(outcome)} ({describe_place(outcome)})"
        for outcome in report.outcomes
        if outcome.status is Status.FOUND
        and outcome.rule.unreadable
        and outcome.level is Level.BLOCKER
    ]
    skipped = sum(outcome.status in (Status.SKIPPED, Status.BROKEN) for outcome in report.outcomes)
    partial = report.export.partial
    sentences = []
    if unreadable:
        sentences.append(f"{join_words(unreadable[:2])}.")
    if partial:
        first, rest = partial[0].upper(), partial[1:]
        sentences.append(f"{first}{rest}, which may not include the whole roster.")
    if skipped:
        sentences.append(f"{describe_not_run(skipped)}.")
    return " ".join([*sentences, "What could be checked is below."])


def describe_not_run(count: int) -> str:
    """Return the shared wording of how many checks were not run, without a full stop."""
    return f"{format_count(count, 'checks')} {'was' if count == 1 else 'were'} not run"


def list_sign_in_kinds(report: Report) -> list[str]:
    """List the kinds of people whom the shared wording of a verdict says can sign in."""
    return [
        kind for kind, state in report.readiness.items() if len(state.steps) > 2 and kind in PEOPLE
    ]
