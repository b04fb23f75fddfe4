"""Sentences about the verdict of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.model import Level, Report, Status, Verdict
from validator.wording.numbers import format_count, format_more, format_number, join_words
from validator.wording.outcomes import describe, describe_most
from validator.wording.places import describe_place


def describe_verdict(report: Report) -> str:
    """Return what cannot be right, then the verdict as one sentence."""
    apps = [
        (profile.title, report.verdicts.get(profile.id, report.verdict))
        for profile in report.profiles
    ]
    verdict = describe_verdicts(apps or [("the upload", report.verdict)], report.levels())
    return " ".join([*_describe_impossible(report), verdict])


def _describe_impossible(report: Report) -> list[str]:
    """Return the sentence on what is found in so many records that it cannot be right, if any."""
    wholes = [
        describe_most(outcome)
        for outcome in report.outcomes
        if outcome.of_most and outcome.status is Status.FOUND
    ]
    return [f"This cannot be right: {'; '.join(wholes)}."] if wholes else []


def describe_verdicts(apps: Sequence[tuple[str, Verdict]], levels: Mapping[Level, int]) -> str:
    """Return one sentence per verdict, the worst last.

    `apps`: titles and verdicts. `levels`: the number of rules found at each level.
    """
    sentences = []
    for verdict in reversed(Verdict):
        titles = [title for title, app_verdict in apps if app_verdict is verdict]
        if not titles:
            continue
        names = join_words(titles)
        if verdict is Verdict.NOT_READY:
            things = format_count(levels[Level.BLOCKER], "things")
            sentences.append(f"Not ready for {names}: {things} must be fixed first.")
        elif verdict is Verdict.COULD_NOT_TELL:
            sentences.append(f"Could not tell whether this export is ready for {names}.")
        else:
            warnings = levels[Level.WARNING] if len(titles) == len(apps) else 0
            things = format_count(warnings, "things")
            also = f", with {things} that should be fixed" if warnings else ""
            sentences.append(f"Ready for {names}{also}.")
    return " ".join(sentences)


def explain_verdict(report: Report) -> str:
    """Return the sentences after the verdict: who is held back, or what could not be checked."""
    if report.verdict is Verdict.COULD_NOT_TELL:
        return _explain_doubt(report)
    if report.verdict is Verdict.NOT_READY:
        blocked = [
            f"{format_number(state.blocked)} of {format_count(state.total, kind)}"
            for kind, state in report.readiness.items()
            if kind in ("students", "teachers") and state.blocked
        ]
        if not blocked:
            return ""
        return f"Right now, {join_words(blocked)} would not get a working account."
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


def _explain_doubt(report: Report) -> str:
    """Return which files could not be read and how many checks were not run."""
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
    """Return how many checks were not run, without a full stop."""
    return f"{format_count(count, 'checks')} {'was' if count == 1 else 'were'} not run"


def list_sign_in_kinds(report: Report) -> list[str]:
    """Return the kinds of people who have requirements for signing in."""
    return [
        kind
        for kind, state in report.readiness.items()
        if len(state.steps) > 2 and kind in ("students", "teachers")
    ]
