"""The HTML report: self-contained, safe, masked, small and readable without its script."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.support.builders import rank_all
from validator import wording
from validator.model import (
    Bound,
    ChecklistItem,
    Export,
    Finding,
    Level,
    Outcome,
    Owner,
    Places,
    Profile,
    Readiness,
    Report,
    Rule,
    SchoolRow,
    SourceFile,
    Status,
    Table,
    Tally,
    Verdict,
    Waiver,
    build_records,
)
from validator.outputs.html import render
from validator.privacy.masking import mask

STUDENTS = (
    "School_id",
    "Student_id",
    "First_name",
    "Last_name",
    "Student_email",
    "Dob",
    "Grade",
    "Password",
)


def rule(name: str, **change: Any) -> Rule:
    """A rule of the shape that packs give."""
    told: dict[str, Any] = {
        "id": name,
        "title": name.replace("-", " ").capitalize(),
        "level": Level.BLOCKER,
        "check": "links.unmentioned",
        "reads": {"students": ("Student_id",)},
        "optional": frozenset(),
        "settings": {},
        "says_one": "1 student is in no section",
        "says_many": "{count} students are in no section",
        "why": "An account opens only for students in a section. So these cannot sign in.",
        "fix": "Schedule each student into a current section and export again.",
        "owner": Owner.REGISTRAR,
        "source": "https://example.org/guide",
        "counts": "person",
        "topic": "classes",
        "pack": "core",
    }
    return Rule(**{**told, **change})


def table(count: int) -> Table:
    """Made-up students; every private cell holds the word of its column."""
    cells = {name: [f"planted-{name.lower()}-{row}" for row in range(count)] for name in STUDENTS}
    cells["School_id"] = [f"0{row % 3}" for row in range(count)]
    records = build_records(
        {name: pa.array(cells[name], pa.string()) for name in STUDENTS}, range(2, count + 2)
    )
    headers = {name: name for name in STUDENTS}
    return Table("students", "students.csv", "Student_id", records, headers)


def places(lines: Sequence[int] | np.ndarray, **change: Any) -> Places:
    """Places in the e-mail column of the students' file."""
    return Places(
        "students",
        "students.csv",
        np.asarray(lines, np.int32),
        **{"column": "Student_email", **change},
    )


def found(which: Rule, lines: Sequence[int] | np.ndarray, of: int = 100, **change: Any) -> Outcome:
    """An outcome with a finding at these lines."""
    finding = Finding([places(lines)], of, **change)
    return Outcome(which, Status.FOUND, which.level, finding)


def khan_academy(outcomes: Sequence[Outcome]) -> Profile:
    """A profile with the rules of these outcomes."""
    return Profile(
        "khan-academy",
        "Khan Academy Districts",
        {o.rule.id: o.rule for o in outcomes},
        [("core", "2026.11"), ("khan-academy", "2026.11")],
        [ChecklistItem("Accept the invitation", "https://example.org/guide")],
    )


def report(outcomes: Sequence[Outcome], **change: Any) -> Report:
    """A report about a made-up district."""
    columns = {"School_id": ["00", "01", "02"], "School_name": ["Oak", "Elm", "Ash"]}
    schools = build_records({name: pa.array(texts) for name, texts in columns.items()}, range(2, 5))
    tables: Mapping[str, Table] = {
        "students": table(100),
        "schools": Table(
            "schools", "schools.csv", "School_id", schools, {name: name for name in columns}
        ),
    }
    saved = dt.datetime(2026, 11, 20, 8)
    files = [
        SourceFile("students.csv", "students", 100, 9000, "0" * 64, modified=saved),
        SourceFile("schools.csv", "schools", 3, 90, "1" * 64, modified=saved),
    ]
    verdict = change.get("verdict", Verdict.NOT_READY)
    told: dict[str, Any] = {
        "verdict": verdict,
        "verdicts": {"khan-academy": verdict},
        "profiles": [khan_academy(outcomes)],
        "outcomes": outcomes,
        "export": Export("clever", "2.1", tables, files, {}, {}),
        "as_of": dt.date(2026, 11, 21),
        "version": "0.1.0",
        "counts": {"students": 100, "schools": 3},
        "readiness": {"students": Readiness(100, 88, 12, 0, {"student-without-section": 12})},
        "schools": [
            SchoolRow(f"0{n}", name, 33, 2, 4, 4, 0, 29)
            for n, name in enumerate(("Oak", "Elm", "Ash"))
        ],
        "by_school": {"student-without-section": {"00": 4, "01": 4, "02": 4}},
    }
    fields = {**told, **change}
    return Report(**{**fields, "priorities": rank_all(fields)})


def html(
    outcomes: Sequence[Outcome], rows: int | None = 200, full: bool = False, **change: Any
) -> str:
    """The page of a report with these outcomes."""
    made = report(outcomes, **change)
    return render.render(made if full else mask(made, rows), rows=rows).decode()


def test_people_who_could_not_be_judged_are_not_said_to_be_held_back() -> None:
    text = html([WITHOUT_SECTION], readiness={"students": Readiness(100, 0, 0, 100)})
    assert "Not known for 100 students" in text and "0 of 100" not in text


WITHOUT_SECTION = found(rule("student-without-section"), range(14, 26))


def test_the_first_screen_says_the_verdict_and_what_to_fix_first() -> None:
    text = html([WITHOUT_SECTION])
    assert "Not ready for Khan Academy Districts: 1 thing must be fixed first." in text
    assert (
        "If these files were sent today, 12 of 100 students would get no working account." in text
    )
    assert (
        text.index("Fix these first")
        < text.index("12 students are in no section")
        < text.index("What was found")
    )
    assert "12 of 100 students (12%)" in text


def test_a_ready_export_is_said_to_be_ready() -> None:
    text = html(
        [Outcome(rule("student-without-section"), Status.PASSED, Level.BLOCKER)],
        verdict=Verdict.READY,
    )
    assert "Ready for Khan Academy Districts." in text
    assert "Every check that could be run passed" in text


def test_an_export_that_could_not_be_judged_says_why() -> None:
    missing = rule(
        "file-missing",
        unreadable=True,
        counts="file",
        says_one="1 required file is missing",
        says_many="",
    )
    finding = Finding([Places("", "sections.csv", np.zeros(1, np.int32))], 1)
    skipped = Outcome(
        rule("section-elective"), Status.SKIPPED, Level.WARNING, reason="sections.csv is missing."
    )
    text = html(
        [Outcome(missing, Status.FOUND, Level.BLOCKER, finding), skipped],
        verdict=Verdict.COULD_NOT_TELL,
    )
    assert "Could not tell whether this export is ready for Khan Academy Districts." in text
    assert (
        "1 required file is missing (sections.csv). 1 check was not run. What could be checked is "
        "below." in text
    )


def test_a_consequence_of_another_finding_is_not_listed_among_the_first() -> None:
    cause = found(
        rule("school-unknown", says_one="School 09 is not in schools.csv", level=Level.BLOCKER), [3]
    )
    explained = Outcome(
        WITHOUT_SECTION.rule,
        Status.FOUND,
        Level.BLOCKER,
        WITHOUT_SECTION.finding,
        explained_by="school-unknown",
    )
    text = html([cause, explained])
    first = text[text.index('id="steps"') : text.index('id="found"')]
    assert "School 09 is not in schools.csv" in first
    assert "students are in no section" not in first
    assert "Cause: <a" in text


def test_topics_with_what_must_be_fixed_come_first() -> None:
    text = html([found(rule("soft", level=Level.ADVICE, topic="accounts"), [3]), WITHOUT_SECTION])
    assert text.index('<h3 id="topic-classes"') < text.index('<h3 id="topic-accounts"')


class Page(HTMLParser):
    """What a browser would load or run, and whether elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.handlers += [name] if name.startswith("on") or name == "style" else []
            self.ids += [value or ""] if name == "id" else []
            self.links += [value or ""] if name == "href" else []
            if name in ("src", "srcset", "action", "data", "poster") or (
                name == "href" and tag not in ("a", "use")
            ):
                self.loads.append(f"{tag} {value}")


def test_the_page_loads_nothing_and_runs_only_its_own_script() -> None:
    text = html([WITHOUT_SECTION])
    seen = Page()
    seen.feed(text)
    assert not seen.loads and not seen.handlers
    assert "@import" not in text and "url(" not in text
    assert not re.search(r"https?://", re.sub(r'<a href="https://example\.org/guide"', "", text))
    assert text.count("<script") == 1 and text.count("<style") == 1


def test_every_link_inside_the_page_leads_somewhere_and_no_id_repeats() -> None:
    seen = Page()
    seen.feed(
        html([WITHOUT_SECTION, found(rule("student-email-repeated", topic="accounts"), [3, 4])])
    )
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.ids)


def test_the_policy_allows_the_inlined_style_and_script_and_nothing_else() -> None:
    text = html([WITHOUT_SECTION])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy and "default-src 'none'" in policy[1] and "unsafe" not in policy[1]
    for tag, source in (("style", "style-src"), ("script", "script-src")):
        inner = text[text.index(f"<{tag}>") + len(tag) + 2 : text.index(f"</{tag}>")]
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{source} 'sha256-{digest}'" in policy[1]


@pytest.mark.promise("Cells are text in every report, never HTML")
def test_text_from_packs_and_files_is_escaped_everywhere() -> None:
    evil = '<script>alert("x")</script>'
    which = rule(
        "student-without-section",
        title=evil,
        says_many=evil,
        why=evil,
        fix=evil,
        where=evil,
        source="javascript:alert(1)",
        topic="identity",
    )
    outcome = Outcome(
        which,
        Status.FOUND,
        Level.BLOCKER,
        Finding([Places("students", evil, np.array([3, 4], np.int32), notes=evil)], 9),
    )
    others = [
        Outcome(
            rule(f"other-{status.value}", title=evil),
            status,
            Level.WARNING,
            reason=evil,
            waiver=Waiver("x", evil, by=evil),
        )
        for status in (Status.SKIPPED, Status.BROKEN, Status.WAIVED)
    ]
    text = html([outcome, *others], district=evil, errors=[evil])
    assert evil not in text and text.count("<script") == 1
    assert 'href="javascript' not in text


def test_a_page_without_a_name_says_how_to_give_it_one() -> None:
    asked = "This report does not name its district."
    text = html([WITHOUT_SECTION])
    assert asked in text and "--district" in text and "District name" in text
    assert asked not in html([WITHOUT_SECTION], district="Maple Hollow")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert html([WITHOUT_SECTION]) == html([WITHOUT_SECTION])


def test_all_is_readable_without_the_script() -> None:
    text = html([WITHOUT_SECTION])
    body = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "12 students are in no section" in body and "<td>14" in body
    assert re.findall(r"<(\w+)[^>]* hidden>", body) == ["section", "form", "p", "details"], (
        "the figures of one school, the search form and its button, and the table that it fills"
    )


def test_the_masked_page_holds_no_value_of_a_person_and_the_full_one_no_secret() -> None:
    outcomes = [WITHOUT_SECTION]
    for column in STUDENTS[1:]:
        which = rule(f"about-{column.lower().replace('_', '-')}")
        tally = Tally(
            "students", column, [(f"planted-{column.lower()}-{row}", 1) for row in range(5)]
        )
        finding = Finding(
            [places(range(2, 9), column=column, repairs=[f"planted-repair-{n}" for n in range(7)])],
            100,
            tally=tally,
        )
        outcomes.append(Outcome(which, Status.FOUND, Level.WARNING, finding))
    assert "planted" not in html(outcomes)
    shown = html(outcomes, full=True)
    assert "planted-student_email-3" in shown and "Contains student data" in shown
    assert "planted-password" not in shown


def rows_beyond(text: str) -> list[list[str]]:
    """The rows of the first finding that the page's script draws on demand."""
    block = re.search(r'<script type="application/json" id="rows-[^"]+">(.*?)</script>', text)
    assert block
    rows: list[list[str]] = json.loads(block[1])
    return rows


def test_unlisted_places_are_counted_and_said() -> None:
    text = html([found(rule("student-without-section"), range(2, 1436), of=2000)], rows=200)
    assert len(re.findall(r"<tr><td>\d+<td>Student_email", text)) == 50
    assert (
        "The first 50 places" in text
        and "and 150 more in this page" in text
        and "and 1,234 more" in text
    )
    assert len(rows_beyond(text)) == 150


def test_all_rows_are_listed_when_asked_for() -> None:
    text = html([found(rule("student-without-section"), range(2, 1436), of=2000)], rows=None)
    assert (
        "and 1,384 more in this page" in text
        and "<td>51" in text
        and rows_beyond(text)[-1][0] == "1435"
    )


def test_a_page_of_300_000_places_is_under_a_megabyte() -> None:
    many = [
        found(
            rule(f"fault-{number}", level=list(Level)[number % 4]), np.arange(2, 5002), of=900_000
        )
        for number in range(60)
    ]
    assert len(render.render(report(many))) < 1_000_000


def test_tables_hold_four_thousand_rows_in_all_and_fifty_of_a_finding() -> None:
    many = [found(rule(f"fault-{number}"), np.arange(2, 402), of=900) for number in range(120)]
    text = html(many, rows=1_000)
    assert len(re.findall(r"<tr><td>\d+<td>Student_email", text)) == 120 * (4_000 // 120)
    assert len(re.findall(r"<tr><td>\d+<td>Student_email", html(many[:60], rows=1_000))) == 60 * 50
    assert text.count('<script type="application/json"') == 120 and len(text) > 1_000_000, (
        "who asks for more gets it"
    )


def test_the_worst_two_hundred_of_a_thousand_schools_are_listed_and_it_is_said() -> None:
    names = [f"{number:04}" for number in range(1_000)]
    schools = build_records(
        {name: pa.array(names, pa.string()) for name in ("School_id", "School_name")},
        range(2, 1_002),
    )
    held = {
        "students": table(100),
        "schools": Table("schools", "schools.csv", "School_id", schools, {}),
    }
    rows = [
        SchoolRow(name, f"Made-Up {name}", 33, 2, 4, 1_000 - int(name), 0, 29) for name in names
    ]
    text = html(
        [WITHOUT_SECTION], full=True, schools=rows, export=Export("clever", "2.1", held, [], {}, {})
    )
    assert "The 200 schools with the most to fix are listed; 800 more are in the workbook." in text
    assert "<td>0199 Made-Up 0199<" in text and "Made-Up 0200" not in text and len(text) < 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("full", [False, True])
def test_whatever_the_export_holds_the_page_is_under_a_megabyte(full: bool) -> None:
    long = "&\u00fc<" * 10_000
    rows = [SchoolRow(f"{number}{long}", long, 33, 2, 4, 4, 0, 29) for number in range(1_000)]
    files = [
        SourceFile(f"{long[:80]}{number}.csv", "", 9, 9, "0" * 64, columns_unused=[long, "x"] * 20)
        for number in range(80)
    ]
    outcomes = [
        Outcome(
            rule(f"fault-{number}"),
            Status.FOUND,
            Level.BLOCKER,
            Finding(
                [
                    places(
                        range(2, 400),
                        notes=long,
                        column=long if number % 2 else "Student_email",
                        repairs=[long] * 398,
                    )
                ],
                900,
                tally=Tally(
                    "sections", "Course_name", [(f"{value}{long}", 1) for value in range(300)]
                ),
            ),
        )
        for number in range(60)
    ]
    by_school = {outcome.rule.id: {row.school_id: 3 for row in rows} for outcome in outcomes}
    held = Export("clever", "2.1", report([]).export.tables, files, {}, {})
    made = report(outcomes, schools=rows, by_school=by_school, export=held, district=long)
    assert len(render.render(made if full else mask(made))) < 1_000_000


def test_long_texts_do_not_make_the_page_long() -> None:
    note = "&" * 3000
    many = [
        Outcome(
            rule(f"fault-{number}"),
            Status.FOUND,
            Level.BLOCKER,
            Finding([places(range(2, 400), notes=note)], 900),
        )
        for number in range(60)
    ]
    assert len(render.render(report(many))) < 1_000_000


def test_levels_are_said_in_words_and_not_by_color_alone() -> None:
    text = html([found(rule(f"of-{level}", level=level), [3]) for level in Level])
    for level, said in wording.LEVELS.items():
        assert re.search(
            rf'#s-{level}"/></svg><span class="word">{said}</span> <small>{level}</small>', text
        )


def test_profiles_that_disagree_are_named_with_their_own_level() -> None:
    outcome = Outcome(
        rule("section-elective"),
        Status.FOUND,
        Level.BLOCKER,
        Finding([places([3])], 9),
        levels={"khan-academy": Level.BLOCKER, "freckle": Level.ADVICE},
    )
    assert "Khan Academy Districts: Must fix" in html([outcome])


def test_waived_and_skipped_rules_say_by_whom_and_why() -> None:
    waiver = Waiver(
        "staff-missing", "No dashboards wanted this year", dt.date(2027, 6, 30), by="J. Sample"
    )
    waived = Outcome(
        rule("staff-missing"),
        Status.WAIVED,
        Level.WARNING,
        Finding([places([3])], 9),
        waiver=waiver,
    )
    skipped = Outcome(
        rule("section-elective"), Status.SKIPPED, Level.WARNING, reason="sections.csv is missing."
    )
    text = html([waived, skipped])
    assert "No dashboards wanted this year, accepted by J. Sample, until June 30, 2027" in text
    assert "Could not be checked (1)" in text and "sections.csv is missing." in text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([14], "students.csv, line 14"),
        ([14, 88], "students.csv, lines 14 and 88"),
        ([0], "students.csv"),
        ([14, 14, 88, 91], "students.csv, lines 14, 88 and 91"),
        ([14, 88, 91, 95], "students.csv, lines 14, 88, 91 and 95"),
        ([91, 14, 88, *range(100, 109)], "students.csv, lines 14, 88, 91 and 9 more"),
    ],
)
def test_lines_are_said_as_people_say_them(lines: list[int], said: str) -> None:
    assert wording.describe_lines([places(lines)]) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(4, "0.csv; 1.csv; 2.csv; 3.csv"), (5, "0.csv; 1.csv; 2.csv; and 2 more files")],
)
def test_one_file_more_is_named_and_several_are_counted(count: int, said: str) -> None:
    assert (
        wording.describe_lines([replace(places([0]), file=f"{n}.csv") for n in range(count)])
        == said
    )


@pytest.mark.parametrize(
    ("apps", "said"),
    [
        (
            {"A": Verdict.NOT_READY, "B": Verdict.READY},
            "Ready for B, with 2 things that should be fixed. "
            "Not ready for A: 1 thing must be fixed first.",
        ),
        (
            {"A": Verdict.NOT_READY, "B": Verdict.NOT_READY},
            "Not ready for A and B: 1 thing must be fixed first.",
        ),
        (
            {"A": Verdict.READY, "B": Verdict.COULD_NOT_TELL},
            "Ready for A, with 2 things that should be fixed. "
            "Could not tell whether this export is ready for B.",
        ),
        (
            {"A": Verdict.READY, "B": Verdict.READY},
            "Ready for A and B, with 2 things that should be fixed.",
        ),
    ],
)
def test_each_app_gets_its_own_answer(apps: Mapping[str, Verdict], said: str) -> None:
    levels = {Level.BLOCKER: 1, Level.WARNING: 2}
    given = [wording.App(title, verdict, levels) for title, verdict in apps.items()]
    assert wording.describe_verdicts(given) == said


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (
            "accounts",
            "Nothing must be fixed first, but 1 thing about accounts should be fixed before "
            "anybody signs in.",
        ),
        ("classes", "Nothing in these files keeps a student or teacher from signing in."),
    ],
)
def test_a_warning_about_accounts_is_not_talked_away(topic: str, said: str) -> None:
    warning = found(rule("r", topic=topic, level=Level.WARNING), [2])
    assert wording.explain_verdict(report([warning], verdict=Verdict.READY)) == said


def test_a_record_over_several_lines_is_said_with_both_ends() -> None:
    assert (
        wording.describe_lines([places([2, 9], end_lines=np.array([3, 9]))])
        == "students.csv, lines 2-3 and 9"
    )


def test_a_sentence_names_figures_and_settings_and_sets_thousands_apart() -> None:
    which = rule(
        "section-too-large",
        says_many="{count} of {of} sections have over {most} students, up to {top}",
        settings={"most": 60},
    )
    assert wording.describe(found(which, range(2, 1502), of=2000, figures={"top": 71})) == (
        "1,500 of 2,000 sections have over 60 students, up to 71"
    )


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"over": 0, "none": 0}, "2 are under"),
        ({"over": 5, "none": 1}, "2 are under, 5 over, 1 unknown"),
        (
            {"count": Bound(20, is_lower=True), "over": Bound(10), "none": 0},
            "More than 20 are under, fewer than 10 over",
        ),
    ],
)
def test_a_sentence_leaves_out_what_is_0_and_says_hidden_numbers_in_words(
    figures: dict[str, int | str | Bound], said: str
) -> None:
    which = rule("a-b", says_many="{count} are under[, {over} over][, {none} unknown]")
    assert wording.describe(found(which, [2, 3], figures=figures)) == said


def test_a_sentence_with_an_unknown_figure_falls_back_on_the_title() -> None:
    assert wording.describe(found(rule("a-b", says_many="{nothing} of it"), [2, 3])) == "A b: 2"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 9, "0%"),
        (9, 9, "100%"),
        (1, 100_000, "under 0.1%"),
        (99_999, 100_000, "over 99.9%"),
        (12, 1004, "1.2%"),
        (1, 2, "50%"),
        (995, 1000, "99.5%"),
        (0, 0, "0%"),
    ],
)
def test_a_share_never_rounds_something_to_nothing(part: int, whole: int, said: str) -> None:
    assert wording.format_percent(part, whole) == said


def test_who_is_not_shared_is_a_step_of_its_own() -> None:
    steps = [("in the file", 10), ("are shared", 4), ("ready", 2)]
    text = html([], readiness={"students": Readiness(4, 2, 2, 0, {}, steps, {})})
    assert 'width="-' not in text and "&minus;-" not in text and "&minus;6<" in text


def test_each_school_has_its_steps_to_signing_in() -> None:
    steps = [("in the file", 3), ("have a birth date", 2), ("ready", 2)]
    students = Readiness(3, 2, 1, 0, {}, steps, {"01": (2, 1, 1), "zqschool": (1, 1, 1)})
    text = html([], readiness={"students": students})
    assert "Students who can sign in, step by step in each school" in text
    assert '<tr><td>01<td class="n">2<td class="n">1<td class="n">1</tr>' in text
    assert "<tr><td>no known school<td" in text and "zqschool" not in text
