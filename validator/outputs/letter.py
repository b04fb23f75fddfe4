"""The text of an e-mail about a report, without personal data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from validator import wording
from validator.followup.progress import describe_counts, read_counts
from validator.model import Level, Owner, Status, Verdict
from validator.outputs.letter_form import Letter, ask_by, render_text

MOST = 3
"""Things that a letter names; the report has the others."""

IN_SCHOOLS = (Owner.REGISTRAR.value, Owner.SCHEDULER.value)
"""Owners who work in a school; the others work for the whole district."""

DISTRICT, SCHOOLS = "district", "schools"

Json = Mapping[str, Any]


def render_letter(report: Json, to: str = DISTRICT, by: dt.date | None = None) -> str:
    """Render the letter with its subject line, to the district or to its schools.

    `by`: the day until which things are to be fixed.
    """
    return render_text(build(report, to, by))


def build(report: Json, to: str = DISTRICT, by: dt.date | None = None) -> Letter:
    """Return the letter to the district or to its schools."""
    things = _list_things(report, to)
    named = _choose(report, to, things)
    parts = (
        "Hello,",
        _render_opening(report, to, things),
        *_list_apps(report, to),
        *(_say_thing(number, thing) for number, thing in enumerate(named, 1)),
        ask_by(by) if things else "",
        _render_progress(report),
        _render_closing(things, to, named=len(named)),
    )
    return Letter(_render_subject(report, to, things), tuple(part for part in parts if part))


def build_for_schools(report: Json, by: dt.date | None = None) -> dict[str, Letter]:
    """Build a letter for each school with something that schools fix, by the school's id.

    Each has only what concerns that school, with its own number of records.
    """
    things = [it for it in _list_things(report, SCHOOLS) if it.get("by_school")]
    letters = {}
    for school in report.get("schools", ()):
        counts = {it["rule"]: _count_at(it, school["school_id"]) for it in things}
        mine = [it for it in things if counts[it["rule"]]]
        if school["school_id"] and mine:
            letters[school["school_id"]] = _build_for_school(
                report, school, mine, counts=counts, by=by
            )
    return letters


def _count_at(thing: Json, school: str | None) -> int:
    """Return how many records the letter shows for an entry at a school."""
    return sum(it["count"] for it in thing["by_school"] if it["school_id"] == school)


def _build_for_school(
    report: Json,
    school: Json,
    things: list[Json],
    *,
    counts: Mapping[str, int],
    by: dt.date | None,
) -> Letter:
    """Return the letter to one school, about these things."""
    name = f"{school['name'] or 'your school'} ({school['school_id']})"
    app = wording.join_words([profile["title"] for profile in report["profiles"]]) or "our app"
    students = wording.format_count(school["students"], "students")
    day, count = _format_day(report["as_of"]), wording.format_count(len(things), "things")
    opening = (
        f"We checked the rosters for {app} as of {day}. At {name}, which has {students}, "
        f"there {'is' if len(things) == 1 else 'are'} {count} to fix."
    )
    listed = [
        _say_thing(number, {**it, "sentence": f"{it['title'].rstrip('.')}: {counts[it['rule']]:,}"})
        for number, it in enumerate(things[:MOST], 1)
    ]
    closing = _render_closing(things, SCHOOLS, named=len(listed))
    parts = ("Hello,", opening, *listed, ask_by(by), closing)
    subject = f"Subject: Rosters for {app}: {count} at {name}"
    return Letter(subject, tuple(part for part in parts if part))


def _choose(report: Json, to: str, things: list[Json]) -> list[Json]:
    """Return the things that the letter explains: the first ones, with several apps of each."""
    profiles = _list_profiles(report)
    if not profiles:
        return things[:MOST]
    listed = [_list_things(report, to, profile["id"])[:MOST] for profile in profiles]
    wanted = {thing["rule"] for each in listed for thing in each}
    return [thing for thing in things if thing["rule"] in wanted]


def _list_apps(report: Json, to: str) -> list[str]:
    """Return the list of each app, where there are several."""
    return [_list_app(report, to, profile) for profile in _list_profiles(report)]


def _list_profiles(report: Json) -> list[Json]:
    """Return the profiles for which the letter has separate lists."""
    by_profile = report.get("priorities_by_profile", {})
    profiles = [profile for profile in report["profiles"] if profile["id"] in by_profile]
    return profiles if len(profiles) > 1 else []


def _list_app(report: Json, to: str, profile: Json) -> str:
    """Return how many things one app has to fix, and the titles of the first."""
    things = _list_things(report, to, profile["id"])
    counted = f"{profile['title']}: {_count_things(things, to)}"
    lines = [f"{number}. {thing['title']}." for number, thing in enumerate(things[:MOST], 1)]
    left = len(things) - MOST
    more = [f"   {wording.format_more(left, 'thing')}."] if left > 0 else []
    return "\n".join([f"{counted}.", *lines, *more])


def _list_things(report: Json, to: str, profile: str | None = None) -> list[Json]:
    """Return what is to be fixed, first things first; advice only where there is nothing else.

    For one `profile`, in its own order and with its own levels.
    """
    order = report.get("priorities", ())
    if profile is not None:
        order = report["priorities_by_profile"][profile]
    diagnoses = [_convert_diagnosis(it) for it in report.get("diagnoses", ()) if it["sure"]]
    candidates = [_set_level(it, profile) for it in (*diagnoses, *report["outcomes"])]
    if profile is not None:
        candidates = [it for it in candidates if it["rule"] in order]
    wanted = [outcome for outcome in candidates if _is_wanted(outcome, to)]
    serious = [outcome for outcome in wanted if Level(outcome["level"]) is not Level.ADVICE]
    place = {rule: number for number, rule in enumerate(order)}

    def rank(outcome: Json) -> tuple[int, int, int]:
        level = Level(outcome["level"]).rank
        return place.get(outcome["rule"], len(place)), level, -(outcome["count"] or 0)

    return sorted(serious or wanted, key=rank)


def _set_level(problem: Json, profile: str | None) -> Json:
    """Return a problem for the e-mail about a report, with its level for one profile."""
    if profile is None:
        return problem
    return {**problem, "level": problem.get("levels", {}).get(profile, problem["level"])}


def _convert_diagnosis(diagnosis: Json) -> Json:
    """Return a diagnosis in the form in which the letter lists outcomes."""
    return {
        **diagnosis,
        "rule": diagnosis["id"],
        "status": Status.FOUND.value,
        "sentence": None,
        "title": diagnosis["title"].rstrip("."),
        "why": f"{diagnosis['evidence'].rstrip('.')}. {diagnosis['why']}",
        "count": diagnosis["records"],
    }


def _is_wanted(outcome: Json, to: str) -> bool:
    """Return whether the letter shows an outcome of the JSON report."""
    level = Level(outcome["level"])
    is_idle = level is Level.ADVICE and not outcome.get("fix_needed", True)
    return (
        outcome["status"] == Status.FOUND.value
        and level is not Level.FACT
        and not is_idle
        and (to == DISTRICT or outcome["owner"] in IN_SCHOOLS)
    )


def _render_subject(report: Json, to: str, things: list[Json]) -> str:
    """Return the subject line of the letter."""
    apps = [
        f"{profile['title']} ({_count_things(_list_things(report, to, profile['id']), to)})"
        for profile in _list_profiles(report)
    ]
    if apps:
        return f"Subject: Rosters for {wording.join_words(apps)}"
    app = wording.join_words([profile["title"] for profile in report["profiles"]]) or "your app"
    return f"Subject: Rosters for {app}: {_count_things(things, to)}"


def _list_serious(things: list[Json]) -> list[Level]:
    """Return the levels of what the letter lists, but for advice."""
    levels = [Level(outcome["level"]) for outcome in things]
    return [level for level in levels if level is not Level.ADVICE]


def _count_things(things: list[Json], to: str) -> str:
    """Return how many things there are to fix, for the subject and the letter."""
    serious = _list_serious(things)
    blockers = serious.count(Level.BLOCKER)
    where = " in the schools" if to == SCHOOLS else ""
    if serious:
        first = f", {wording.format_number(blockers)} of them first"
        rest = first if 0 < blockers < len(serious) else ""
        return f"{wording.format_count(len(serious), 'things')} to fix{where}{rest}"
    if things:
        known = wording.format_count(len(things), "things")
        return f"nothing that must be fixed{where}, but {known} good to know"
    return f"nothing to fix{where}"


def _render_opening(report: Json, to: str, things: list[Json]) -> str:
    """Return the opening of the letter: the answer, and for which files."""
    apps = [_find_app(profile, report) for profile in report["profiles"]]
    none = {"title": "your app", "verdict": report["verdict"]}
    answer = wording.describe_verdicts(apps or [_find_app(none, report)])
    whose = f" of {report['district']}" if report["district"] else ""
    number = report.get("counts", {}).get("students")
    students = f" with its {wording.format_count(number, 'students')}" if number else ""
    day = _format_day(report["as_of"])
    checked = f"We checked the roster export{whose}{students} as of {day}. {answer}"
    if things and _list_profiles(report):
        return f"{checked} Each app has its own list; below, each thing is explained once."
    are = "is" if len(_list_serious(things)) < 2 else "are"
    checked += f" There {are} {_count_things(things, to)}."
    if not things:
        return checked
    who = " Please check those that are yours." if to == SCHOOLS else ""
    return f"{checked} {_announce(things)}{who}"


def _find_app(profile: Json, report: Json) -> wording.App:
    """Return an app as the letter names it, with its own levels or those of the report."""
    counts = profile.get("levels", report["levels"])
    levels: dict[Level, int] = {
        level: counts[level.value] for level in Level if level is not Level.FACT
    }
    return wording.App(profile["title"], Verdict(profile["verdict"]), levels)


def _announce(things: list[Json]) -> str:
    """Return the words before the letter's list of what to fix."""
    if len(things) > MOST:
        return f"Here are the first {MOST}."
    return "Here it is." if len(things) == 1 else "Here they are."


def _format_day(text: str) -> str:
    """Render a day in the letter, from the text in the JSON report."""
    try:
        return wording.format_date(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _say_thing(number: int, outcome: Json) -> str:
    """Render one thing to fix in the letter."""
    parts = (
        outcome["why"],
        f"Fix: {outcome['fix']}" if outcome["fix"] else "",
        f"Who: {wording.OWNERS[Owner(outcome['owner'])]}.",
    )
    allowance = f" ({outcome['allowance']})" if outcome.get("allowance") else ""
    first = f"{number}. {outcome['sentence'] or outcome['title']}{allowance}."
    return "\n".join([first, *(f"   {part}" for part in parts if part)])


def _render_progress(report: Json) -> str:
    """Render in the letter what became of the last work-list, "" where there was none."""
    titles = {outcome["rule"]: outcome["title"] for outcome in report["outcomes"]}
    sentences = describe_counts(read_counts(report), titles)
    return f"Since the last work-list: {' '.join(sentences)}" if sentences else ""


def _render_closing(things: list[Json], to: str, *, named: int) -> str:
    """Return the closing of the letter: how much more is in the report."""
    if not things:
        return "Thank you."
    left = len(things) - named
    are = "is" if left == 1 else "are"
    rest = f"{wording.format_more(left, 'thing')} {are} in the report. " if left > 0 else ""
    if to == SCHOOLS:
        return (
            f"{rest}The district office has the list of records; it holds student data, so please "
            "ask for it rather than writing names in a reply. Fix things in the student "
            "information system, not in the exported files. Thank you."
        )
    return (
        f"{rest}The work-list (report.xlsx), which stays inside the district, says where each "
        "record is. Once these are fixed in the student information system, please export and "
        "check again. This message holds no data about individual people; please keep it "
        "that way in a reply. Thank you."
    )
