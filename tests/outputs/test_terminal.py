"""The summary on the screen: answer first, masked, in any width and encoding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.support.builders import diagnose, district, found, places, report, rule
from validator.model import Level, Outcome, Report, Status, Tally, Verdict
from validator.outputs import registry, terminal
from validator.privacy.masking import mask


def without_section(lines: int = 12) -> Outcome:
    """A finding of `lines` students."""
    return found(
        "student-without-section", [places("students", None, range(14, 14 + lines))], of=100
    )


def show(made: Report, paths: Mapping[str, str], *, full: bool = False, **screen: Any) -> str:
    """The summary, masked unless `full`."""
    contents = {kind: registry.describe(kind, show_values=full) for kind in paths}
    return terminal.render(made if full else mask(made), paths, contents=contents, **screen)


def test_the_answer_comes_first_then_what_where_why_fix_and_who() -> None:
    text = show(report([without_section()]), {}, width=200)
    lines = text.splitlines()
    assert lines[0] == "NOT READY"
    assert lines[1] == "Not ready for Demo App: 1 thing must be fixed first."
    told = re.sub(r"\s+", " ", text)
    assert (
        "12 students are in no section. students.csv, lines 14, 15, 16 and 9 more. An account "
        "opens only for "
        "students in a section. Fix: Schedule each student and export again. Who: Registrar. "
        "student-without-section"
    ) in told


def test_at_most_eight_problems_are_told_and_the_rest_counted() -> None:
    outcomes = [found(f"rule-{n}", [places("students", "Grade", [2])]) for n in range(11)]
    text = show(report(outcomes), {})
    assert text.count("Who:") == 8
    assert "3 more findings are in the reports" in " ".join(text.split())


def test_blockers_come_before_warnings_and_what_holds_people_back_before_others() -> None:
    outcomes = [
        found("a-warning", [places("students", "Grade", [2, 3, 4])], level=Level.WARNING),
        found("an-advice", [places("students", "Grade", [2])], level=Level.ADVICE),
        found("a-fact", [places("students", "Grade", [2])], level=Level.FACT),
        without_section(9),
    ]
    text = show(report(outcomes, diagnoses=[diagnose()]), {})
    names = ("student-without-section", "ids-without-zeros", "a-warning")
    order = [text.index(name) for name in names]
    assert order == sorted(order)
    assert "an-advice" not in text and "a-fact" not in text


def test_a_ready_export_says_so_and_shows_what_is_good_to_know() -> None:
    advice = found("an-advice", [places("students", "Grade", [2])], level=Level.ADVICE)
    text = show(report([advice], verdict=Verdict.READY), {})
    assert text.startswith("READY\nReady for Demo App.")
    assert "Good to know" in text and "an-advice" in text


def test_what_was_not_checked_is_told_by_reason() -> None:
    skipped = [
        Outcome(rule(f"r{n}"), Status.SKIPPED, Level.BLOCKER, reason="sections.csv is missing")
        for n in range(14)
    ]
    text = show(report(skipped, verdict=Verdict.COULD_NOT_TELL), {})
    assert text.startswith("COULD NOT TELL\n")
    assert "14 checks were not run:\n  sections.csv is missing (14 checks)." in text


def test_the_reports_are_named_with_who_may_see_them() -> None:
    paths = {"html": "out/report.html", "xlsx": "out/report.xlsx"}
    text = show(report(), paths)
    assert (
        "out/report.html" in text
        and "without personal data" in text
        and "keep it inside the district" in text
    )
    assert "without personal data" not in show(report(), paths, full=True)


def test_a_report_without_a_name_says_how_to_give_it_one() -> None:
    paths = {"html": "out/report.html"}
    assert "use --district NAME" in show(report(), paths, width=100)
    assert "--district" not in show(report(district="Maple Hollow"), paths)
    assert "--district" not in show(report(), {"json": "out/report.json"})


def test_the_screen_shows_no_private_value() -> None:
    outcomes = [
        found(
            f"r-{held.name}-{column}",
            [places(held.name, column, held.lines.tolist())],
            tally=Tally(held.name, column, [(value, 1) for value in held.rows[column].tolist()]),
        )
        for held in district().values()
        for column in held.rows.columns
    ]
    for start in range(0, len(outcomes), 8):
        assert "zq" not in show(report(outcomes[start : start + 8]), {})


def test_lines_are_no_longer_than_the_screen_is_wide() -> None:
    for width in (60, 80, 100):
        text = show(report([without_section()]), {}, width=width)
        assert max(len(line) for line in text.splitlines()) <= width


def test_colors_only_where_asked_for() -> None:
    assert "\x1b" not in show(report([without_section()]), {})
    painted = show(report([without_section()]), {}, color=True)
    assert "\x1b[1;31mNOT READY\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == show(report([without_section()]), {})


def test_a_console_that_knows_only_ascii_gets_ascii() -> None:
    text = show(
        report([without_section()], district="Año"), {"html": "C:/Año…/report.html"}, unicode=False
    )
    assert text.isascii()
    assert "C:/A\\xf1o.../report.html" in text


def test_a_name_that_would_steer_the_terminal_does_not() -> None:
    text = show(report(errors=["bad \x1b[2Jfile\u202e"]), {"html": "a\x07b"}, color=True)
    assert "\x1b[2J" not in text and "\x07" not in text and "\u202e" not in text


def test_for_the_districts_own_eyes_records_are_named_by_their_ids() -> None:
    outcome = found("r", [places("students", "Password", [2, 3])])
    assert "Ids: zqid1, zqid2." in " ".join(show(report([outcome]), {}, full=True).split())
    assert "zqid" not in show(report([outcome]), {})
    assert "zqpass" not in show(report([outcome]), {}, full=True)


def test_what_is_noted_on_a_file_is_told() -> None:
    note = "Students (1).csv is there and was not read"
    named = {"says_one": "1 required file is missing", "counts": "file", "fix": "Export it."}
    missing = found("file-missing", [places("students", None, [0], notes=note)], **named)
    screen = " ".join(show(report([missing]), {}).split())
    assert f"Fix: Export it. students.csv: {note}. Who: Registrar." in screen
    five = places("students", None, [0] * 5, notes=[note] * 5)
    screen = show(report([found("file-missing", [five], **named)]), {}, width=110)
    assert screen.count("Students (1)") == 3 and "2 more files." in " ".join(screen.split())


def test_a_day_written_otherwise_is_told_how_it_is_meant() -> None:
    from typer.testing import CliRunner

    from validator.cli.app import app

    ran = CliRunner().invoke(app, ["check", ".", "--as-of", "11/16/2026"])
    assert (
        ran.exit_code == 2 and "write the day as year-month-day, such as 2026-11-16" in ran.output
    )
