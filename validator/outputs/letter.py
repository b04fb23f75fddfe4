"""The text of an e-mail about a report: what to fix first, how and by whom; never about one person."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from validator import wording
from validator.model import Level, Owner, Status, Verdict
from validator.text import flatten

MOST = 5
"""Things that a letter names; the report has the others."""

WIDTH = 76

IN_SCHOOLS = (Owner.REGISTRAR.value, Owner.SCHEDULER.value)
"""Who sits in the schools; the others work for the whole district."""

DISTRICT, SCHOOLS = "district", "schools"

Json = Mapping[str, Any]


def text(report: Json, to: str = DISTRICT) -> str:
    """The letter with its subject line, to the district or to its schools."""
    things = _things(report, to)
    return (
        "\n\n".join(
            _wrapped(part)
            for part in (
                _subject(report, to, things),
                "Hello,",
                _opening(report, to, things),
                *(_thing(number, one) for number, one in enumerate(things[:MOST], 1)),
                _closing(things, to),
            )
        )
        + "\n"
    )


def _things(report: Json, to: str) -> list[Json]:
    """Return what is to be fixed, first things first; advice only where there is nothing else."""
    wanted = [outcome for outcome in report["outcomes"] if _wanted(outcome, to)]
    serious = [outcome for outcome in wanted if Level(outcome["level"]) is not Level.ADVICE]
    order = {rule: place for place, rule in enumerate(report.get("priorities", ()))}

    def rank(outcome: Json) -> tuple[int, int, int]:
        level = Level(outcome["level"]).rank
        return order.get(outcome["rule"], len(order)), level, -(outcome["count"] or 0)

    return sorted(serious or wanted, key=rank)


def _wanted(outcome: Json, to: str) -> bool:
    idle = Level(outcome["level"]) is Level.ADVICE and outcome["fix"].startswith(wording.NO_FIX)
    return (
        outcome["status"] == Status.FOUND.value
        and Level(outcome["level"]) is not Level.FACT
        and not idle
        and (to == DISTRICT or outcome["owner"] in IN_SCHOOLS)
    )


def _subject(report: Json, to: str, things: list[Json]) -> str:
    app = wording.join_words([profile["title"] for profile in report["profiles"]]) or "your app"
    return f"Subject: Rosters for {app}: {_many(things, to)}"


def _many(things: list[Json], to: str) -> str:
    """How many things there are to fix, as subject and letter say it alike."""
    serious = [Level(one["level"]) for one in things if Level(one["level"]) is not Level.ADVICE]
    blockers = serious.count(Level.BLOCKER)
    what = (
        f"{wording.format_count(len(serious), 'things')} to fix"
        if serious
        else "nothing that must be fixed"
        if things
        else "nothing to fix"
    )
    then = (
        f", {wording.format_number(blockers)} of them first"
        if 0 < blockers < len(serious)
        else f", but {wording.format_count(len(things), 'things')} good to know"
        if things and not serious
        else ""
    )
    return f"{what}{' in the schools' if to == SCHOOLS else ''}{then}"


def _opening(report: Json, to: str, things: list[Json]) -> str:
    levels: dict[Level, int] = {
        level: report["levels"][level.value] for level in Level if level is not Level.FACT
    }
    apps = [(profile["title"], Verdict(profile["verdict"])) for profile in report["profiles"]]
    answer = wording.describe_verdicts(apps or [("your app", Verdict(report["verdict"]))], levels)
    whose = (
        f"the roster export of {report['district']}" if report["district"] else "the roster export"
    )
    many = _many(things, to)
    are = "is" if many.startswith(("1 ", "nothing")) else "are"
    checked = f"We checked {whose} as of {_day(report['as_of'])}. {answer} There {are} {many}."
    if not things:
        return checked
    what = (
        f"Here are the first {MOST}."
        if len(things) > MOST
        else "Here it is."
        if len(things) == 1
        else "Here they are."
    )
    who = " Please look at those that are yours." if to == SCHOOLS else ""
    return f"{checked} {what}{who}"


def _day(text: str) -> str:
    try:
        return wording.format_date(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _thing(number: int, outcome: Json) -> str:
    told = outcome["sentence"] or outcome["title"]
    parts = (
        f"{number}. {told}.",
        outcome["why"],
        f"Fix: {outcome['fix']}" if outcome["fix"] else "",
        f"Who: {wording.OWNERS[Owner(outcome['owner'])]}.",
    )
    return "\n".join(
        part if part.startswith(f"{number}.") else f"   {part}" for part in parts if part
    )


def _closing(things: list[Json], to: str) -> str:
    left = len(things) - MOST
    rest = (
        f"{wording.format_more(left, 'thing')} {'is' if left == 1 else 'are'} in the report. "
        if left > 0
        else ""
    )
    if not things:
        return "Thank you."
    if to == SCHOOLS:
        return (
            f"{rest}The district office has the list of records; it holds student data, so please ask for it "
            "rather than writing names in a reply. Fix things in the student information system, not in the "
            "exported files. Thank you."
        )
    return (
        f"{rest}The work-list (report.xlsx), which stays inside the district, says where each record is. Once "
        "these are fixed in the student information system, please export and check again. This message holds no "
        "data about single people; please keep it so in a reply. Thank you."
    )


def _wrapped(text: str) -> str:
    """The text in lines that any mail program shows; what could hide in them is taken out."""
    lines = [flatten(line) for line in text.split("\n")]
    return "\n".join(
        "\n".join(
            textwrap.wrap(
                line.strip(),
                WIDTH,
                initial_indent=line[: len(line) - len(line.lstrip())],
                subsequent_indent="   " if re.match(r"\d+\. | {3}", line) else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
        if not line.startswith("Subject:")
        else line
        for line in lines
    )
