"""Reports of before: read back or refused in one sentence; the letter made of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.support.builders import found, places, report
from validator.cli.app import app
from validator.cli.letter import SMALL_SCHOOLS
from validator.followup import baseline, gate
from validator.model import BadUsage, Gate, Level, Owner, Verdict
from validator.outputs import letter, letter_form, markdown, terminal
from validator.outputs.json import render
from validator.privacy.masking import mask


def written(path: Path, **change: Any) -> dict[str, Any]:
    """A report of ten findings as it lies on a disk."""
    outcomes = [
        found(
            f"r-{n}",
            [places("students", "Grade", list(range(2, 3 + n)))],
            says_many=f"thing {n} {{count}}",
            level=Level.BLOCKER if n < 6 else Level.WARNING,
            owner=Owner.REGISTRAR if n % 2 else Owner.SIS_ADMINISTRATOR,
        )
        for n in range(1, 10)
    ]
    made = report(
        [*outcomes, found("r-fact", [places("students", "Grade", [2])], level=Level.FACT)],
        **{
            "district": "Maple Hollow",
            **change,
        },
    )
    path.write_bytes(render.render(made))
    return baseline.read_report(path)


def test_the_letter_names_three_things_in_order_with_who_and_how(tmp_path: Path) -> None:
    text = letter.render_letter(written(tmp_path / "report.json"))
    assert text.startswith(
        "Subject: Rosters for Demo App: 9 things to fix, 5 of them first\n\nHello,\n"
    )
    assert [line for line in text.splitlines() if line[1:3] == ". "] == [
        "1. thing 5 6.",
        "2. thing 4 5.",
        "3. thing 3 4.",
    ]
    for told in (
        "Maple Hollow",
        "November 21, 2026",
        "5 things must be fixed first. There are 9 things to fix, 5 of "
        "them first. Here are the first 3.",
        "Who: SIS administrator.",
        "6 more things are in the report.",
        "Fix: Schedule each student and export again.",
    ):
        assert told in text.replace("\n", " "), told
    assert all(len(line) <= 76 for line in text.splitlines())


def test_the_letter_to_the_schools_names_what_schools_can_fix(tmp_path: Path) -> None:
    text = letter.render_letter(written(tmp_path / "report.json"), "schools")
    assert "5 things to fix in the schools" in text
    assert "SIS administrator" not in text and "thing 2" not in text


def test_a_letter_holds_no_id_and_no_value_even_from_a_report_that_does(tmp_path: Path) -> None:
    held = written(tmp_path / "report.json")
    assert "zqid1" in json.dumps(held)
    assert "zq" not in letter.render_letter(held) and "0412" not in letter.render_letter(held)


def test_with_nothing_to_fix_the_letter_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(render.render(report([], verdict=Verdict.READY)))
    text = letter.render_letter(baseline.read_report(path))
    assert "nothing to fix" in text and "Ready for Demo App." in text


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (False, "There is nothing to fix in the schools."),
        (
            True,
            "There is nothing that must be fixed in the schools, but 1 thing good to know. Here it "
            "is.",
        ),
    ],
)
def test_advice_without_a_fix_is_no_work_for_the_schools(
    tmp_path: Path, needed: bool, said: str
) -> None:
    path = tmp_path / "report.json"
    advice = found(
        "r-advice", [places("students", "Grade", [2])], level=Level.ADVICE, fix_needed=needed
    )
    path.write_bytes(render.render(report([advice], verdict=Verdict.READY)))
    text = " ".join(letter.render_letter(baseline.read_report(path), "schools").split())
    assert f"Ready for Demo App. {said}" in text


def test_a_letter_cannot_steer_a_terminal(tmp_path: Path) -> None:
    held = {**written(tmp_path / "report.json"), "district": "\x1b]0;x\x07\u202eMaple"}
    assert "\x1b" not in letter.render_letter(held) and "\u202e" not in letter.render_letter(held)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"\x00\xff\xfe", "is not JSON"),
        (b"[1, 2]", "is not a JSON report of rosterready"),
        (b"{}", "is not a JSON report of rosterready"),
        (b"[" * 100_000, "is not JSON"),
        (b"1" * 10_000, "is not JSON"),
        (
            b'{"schema_version": "1.0", "tool": {"name": "zqother"}}',
            "is not a JSON report of rosterready",
        ),
        (b'{"schema_version": "1.0", "tool": {"name": "rosterready"}}', "another version"),
        (b'{"schema_version": "2.0", "tool": {"name": "rosterready"}}', "damaged"),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "last.json"
    path.write_bytes(content)
    with pytest.raises(BadUsage, match=said) as refused:
        baseline.read_report(path)
    assert "zq" not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        {"outcomes": [{}]},
        {"outcomes": "all"},
        {"verdict": "fine"},
        {"levels": {}},
        {"profiles": [{}]},
        {"as_of": 3},
        {"diagnoses": [{"id": "r"}]},
        {"district": 7},
    ],
)
def test_a_report_that_was_changed_by_hand_is_refused(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps({**written(path), **change}))
    with pytest.raises(BadUsage, match="damaged"):
        baseline.read_report(path)


def test_a_missing_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="cannot be read"):
        baseline.read_report(tmp_path / "none.json")
    with pytest.raises(BadUsage, match="is a folder; give the report"):
        baseline.read_report(tmp_path)


# ------------------------------------------------------------------ the gate


def test_a_baseline_lets_pass_what_was_there_before_and_no_more(tmp_path: Path) -> None:
    before = written(tmp_path / "report.json")
    now = [
        found("r-1", [places("students", "Grade", [2, 3])]),
        found("r-2", [places("students", "Grade", [2] * 4)]),
        found("r-new", [places("students", "Grade", [2])]),
    ]
    made = report(now, gate=gate.build_gate("blocker", before=before))
    assert [outcome.rule.id for outcome in gate.list_failing_outcomes(made)] == ["r-2", "r-new"]
    assert not gate.explain_pass(made)


@pytest.mark.parametrize(
    ("most", "before", "verdict", "said"),
    [
        ([], True, Verdict.NOT_READY, "Nothing new since the baseline: exit code 0."),
        (["r-1=2"], False, Verdict.NOT_READY, "No more than --max allows: exit code 0."),
        (
            ["r-1=2"],
            True,
            Verdict.NOT_READY,
            "Nothing new since the baseline, no more than --max allows: exit code 0.",
        ),
        ([], True, Verdict.COULD_NOT_TELL, ""),
        ([], False, Verdict.NOT_READY, ""),
    ],
)
def test_a_run_that_passes_by_what_it_is_allowed_says_so(
    tmp_path: Path, most: list[str], before: bool, verdict: Verdict, said: str
) -> None:
    ids = ["r-1", "r-2"] if before or not most else ["r-1"]
    now = [found(name, [places("students", "Grade", [2])]) for name in ids]
    earlier = written(tmp_path / "report.json") if before else None
    passes = gate.build_gate("blocker", gate.parse_allowances(most), earlier)
    made = report(now, verdict=verdict, gate=passes)
    assert gate.explain_pass(made) == said
    assert said in terminal.render(made, {}, width=110)
    assert said in markdown.render(mask(made)).decode()


def test_what_is_allowed_by_name_goes_before_the_baseline(tmp_path: Path) -> None:
    allowances = gate.parse_allowances(["r-1=0", "r-new = 7"])
    held = gate.build_gate("blocker", allowances, written(tmp_path / "report.json"))
    assert (held.allowed["r-1"], held.allowed["r-new"], held.allowed["r-2"]) == (0, 7, 3)


@pytest.mark.parametrize(
    "text",
    ["r-1", "r-1=", "r-1=many", "r-1=-1", "=5", "r-1=1.5", "r-1=٣", "r-one=1", "r-1=9999999999999"],
)
def test_an_allowance_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadUsage, match="--max"):
        gate.check_rules(gate.parse_allowances([text]), {"r-1"})


def test_nothing_fails_when_nothing_may() -> None:
    made = report([found("r", [places("students", "Grade", [2])])], gate=gate.build_gate("never"))
    assert gate.list_failing_outcomes(made) == [] and made.gate == Gate(None)


def school_report(path: Path) -> dict[str, Any]:
    """A report with a finding that two schools have, and one of the district's office."""
    schools = [
        {"school_id": "0412", "name": "Oak Elementary School", "students": 40},
        {"school_id": "0413", "name": None, "students": 25},
        {"school_id": None, "name": None, "students": 3},
    ]
    written(path)
    document = json.loads(path.read_bytes())
    document["schools"] = [{**document["schools"][0], **it} for it in schools]
    for outcome in document["outcomes"]:
        outcome["by_school"] = []
    by_rule = {it["rule"]: it for it in document["outcomes"]}
    by_rule["r-5"]["by_school"] = [
        {"school_id": "0412", "count": 4},
        {"school_id": None, "count": 2},
    ]
    by_rule["r-3"]["by_school"] = [
        {"school_id": "0412", "count": 1},
        {"school_id": "0413", "count": 3},
    ]
    by_rule["r-4"]["by_school"] = [{"school_id": "0413", "count": 9}]  # not for a school to fix
    path.write_text(json.dumps(document), encoding="utf-8")
    return baseline.read_report(path)


def test_each_school_gets_a_letter_with_its_own_part_alone(tmp_path: Path) -> None:
    letters = letter.build_for_schools(
        school_report(tmp_path / "report.json"), dt.date(2026, 12, 4)
    )
    texts = {school: letter_form.render_text(it) for school, it in letters.items()}
    assert list(texts) == ["0412", "0413"]
    plain = {school: " ".join(text.split()) for school, text in texts.items()}
    assert (
        "At Oak Elementary School (0412), which has 40 students, there are 2 things"
        in (plain["0412"])
    )
    assert "1. R 5: 4." in texts["0412"] and "2. R 3: 1." in texts["0412"]
    assert "1. R 3: 3." in texts["0413"] and "R 4" not in texts["0413"]
    assert "0413" not in texts["0412"] and "0412" not in texts["0413"]
    assert all("Please fix these by December 4, 2026." in text for text in texts.values())


def test_that_small_schools_get_no_letter_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    school_report(path)

    def write_letters(*more: str) -> str:
        return " ".join(CliRunner().invoke(app, ["letter", str(path), *more]).output.split())

    assert SMALL_SCHOOLS in write_letters("--to", "schools")
    assert SMALL_SCHOOLS not in write_letters()
    document = json.loads(path.read_text(encoding="utf-8"))
    document["schools"] = [it for it in document["schools"] if it["school_id"]]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert SMALL_SCHOOLS not in write_letters("--to", "schools")


def test_a_letter_can_be_pasted_as_html(tmp_path: Path) -> None:
    report = school_report(tmp_path / "report.json")
    report["district"] = "Maple --> <b>Hollow</b> & Sons"
    page = letter_form.render_html(letter.build(report))
    assert page.count("<p>") == page.count("</p>") and page.count("<!--") == page.count("-->") == 1
    assert "<p><b>1. thing 5 6.</b>" in page
    assert "&lt;b&gt;Hollow&lt;/b&gt; &amp; Sons" in page


def test_whatever_an_app_lists_is_explained_once() -> None:
    order = {"a": ["r-1", "r-2", "r-3", "r-4"], "b": ["r-5", "r-2", "r-6", "r-1"]}
    thing = {
        "status": "found",
        "level": "blocker",
        "sentence": None,
        "count": 1,
        "owner": "hr",
        "fix": "Fix it.",
        "levels": {"a": "blocker", "b": "blocker"},
    }
    rules = sorted({rule for rules in order.values() for rule in rules})
    text = letter.render_letter(
        {
            "profiles": [
                {"id": name, "title": name.upper(), "verdict": "not-ready"} for name in order
            ],
            "priorities": rules,
            "priorities_by_profile": order,
            "verdict": "not-ready",
            "district": None,
            "as_of": "2026-11-29",
            "worklist": None,
            "levels": {level.value: 1 for level in Level},
            "outcomes": [
                {**thing, "rule": rule, "title": f"Title {rule}", "why": f"Why {rule}."}
                for rule in rules
            ],
        }
    )
    for rule in ("r-1", "r-2", "r-3", "r-5", "r-6"):
        assert text.count(f"Why {rule}.") == 1
    assert "Why r-4." not in text and "1 more thing is in the report." in text


def test_letters_are_written_one_file_each_and_never_over_another_file(tmp_path: Path) -> None:
    school_report(tmp_path / "report.json")
    call = ["letter", str(tmp_path / "report.json"), "--to", "schools", "--out"]
    out = tmp_path / "letters"
    for _ in range(2):
        assert CliRunner().invoke(app, [*call, str(out)]).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["letter-0412.txt", "letter-0413.txt"]
    (out / "letter-0412.txt").write_text("my own words", encoding="utf-8")
    refused = CliRunner().invoke(app, [*call, str(out)])
    assert isinstance(refused.exception, BadUsage)
    assert (out / "letter-0412.txt").read_text(encoding="utf-8") == "my own words"


def test_an_overview_gives_a_letter_for_each_district_that_was_assessed(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for name in ("elm-1", "oak-2"):
        written(reports / f"{name}.json", district=name)
    rows = [{"report": f"reports/{name}.html"} for name in ("elm-1", "oak-2")]
    gone = {"district": "ash", "report": None}
    overview = {"districts": [*rows, gone, {"report": "../../x.html"}]}
    path = tmp_path / "portfolio.json"
    path.write_text(json.dumps({"districts": overview["districts"][:3]}), encoding="utf-8")
    shown = CliRunner().invoke(app, ["letter", str(path)])
    assert shown.exit_code == 0 and shown.output.count("Subject: ") == 2
    assert "elm-1" in shown.output and "oak-2" in shown.output
    assert "No letter, since there is no report: ash." in shown.stderr
    path.write_text(json.dumps(overview), encoding="utf-8")
    assert isinstance(CliRunner().invoke(app, ["letter", str(path)]).exception, BadUsage)
    path.write_text('{"districts": [{"report": null}]}', encoding="utf-8")
    assert isinstance(CliRunner().invoke(app, ["letter", str(path)]).exception, BadUsage)
