"""The command line: what it writes where, and every exit code."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from validator import __version__, assess, resources
from validator.checks import registry
from validator.cli import app, console
from validator.model import InputChanged
from validator.outputs.registry import OUTPUTS, Output
from validator.rulebook import diagnoses, load

Run = Callable[..., int]
READY, BROKEN = resources.find_samples() / "ready", resources.find_samples() / "broken"
DAY = ("--as-of", "2026-11-16")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line in an empty folder and gives back the exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    def go(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["rosterready", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            app.main()
        return int(ended.value.code or 0)

    return go


def raising(error: BaseException) -> Callable[..., Any]:
    """A function that raises the error whatever it is given."""

    def fail(*args: object, **more: object) -> None:
        raise error

    return fail


# ------------------------------------------------------------------ exit codes


def test_a_ready_export_ends_with_0_and_three_reports(run: Run, tmp_path: Path) -> None:
    assert run("check", READY, "-p", "khan-academy", *DAY) == 0
    assert sorted(path.name for path in (tmp_path / "readiness-report").iterdir()) == [
        "report.html",
        "report.json",
        "report.xlsx",
    ]


def test_a_broken_export_ends_with_1(run: Run, broken: Path) -> None:
    assert run("check", broken, "-p", "khan-academy", *DAY, "-q") == 1


def test_fail_on_never_ends_with_0(run: Run, broken: Path) -> None:
    assert run("check", broken, *DAY, "-q", "--fail-on", "never") == 0


def test_fail_on_decides_which_level_counts(run: Run, tmp_path: Path) -> None:
    shutil.copytree(READY, tmp_path / "export")
    (tmp_path / "export" / "notes.csv").write_text("a,b\n1,2\n")
    assert run("check", "export", *DAY, "-q") == 0
    assert run("check", "export", *DAY, "-q", "--fail-on", "advice") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "x", "--profile", "kahn-academy"], "there is no profile 'kahn-academy'"),
        (["check", "x", "--report", "html,pdf"], "there is no report 'pdf'; choose from: html"),
        (["check", "x", "--rows", "some"], "--rows takes a whole number or all"),
        (["check", "x", "--rows", "9" * 5000], "--rows takes a whole number or all"),
        (["check", "x", "--as-of", "9999-12-31"], "--as-of names a day in the year 9999"),
        (["check", "x", "--as-of", "0001-01-01"], "--as-of names a day in the year 1;"),
        (["portfolio", "x", "--as-of", "9999-12-31"], "--as-of names a day in the year 9999"),
        (["check", "x", "--out", "-"], "--out - writes one report"),
        (["check", "x", "--as-of", "yesterday"], "Invalid value for '--as-of'"),
        (["check", "x", "--fail-on", "fact"], "'--fail-on': 'fact' is not one of 'blocker',"),
        (["mend", "x", "--to", "sif"], "'--to': 'sif' is not one of 'clever', 'oneroster-1.1',"),
        (["sample", "new", "--students", "many"], "'--students': not a whole number"),
        (["page", "--port", "99999"], "'--port': at most 65535"),
        (["check", "x", "--max", "school-unknwn=3"], "did you mean school-unknown?"),
        (["check", "x", "--baseline", "taken"], "taken is not JSON"),
        (["check", "x", "--worklist", "taken"], "taken is not an .xlsx workbook"),
        (["letter", "taken"], "taken is not JSON"),
        (["check"], "Missing argument"),
        (["chekc"], "No such command"),
        (["explain", "school-unknwn"], "did you mean school-unknown?"),
        (["sample", "new", "--faults", "school-unknwn"], "school-unknwn"),
    ],
)
def test_wrong_usage_ends_with_2_before_anything_is_read(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "taken").write_text("")
    assert run(*arguments) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize("arguments", [["check", "x"], ["portfolio", "x"], ["demo"]])
@pytest.mark.promise(
    "A report folder that is a file, read-only or a broken link is refused before anything is read"
)
def test_a_folder_that_is_a_file_is_told_before_anything_is_read(
    run: Run, tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    assert run(*arguments, "--out", "taken") == 2
    told = capsys.readouterr().err
    assert told.startswith("rosterready: the reports cannot be written to taken: it is a file")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_bad_pack_ends_with_2_and_its_place(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text(
        "pack: own\nversion: '1'\ntitle: Own\ninclude: [khan-academy]\nrules:\n"
        "  - id: student-email-missing\n    with: {colunm: x}\n"
    )
    assert run("check", "no-such-export", "-p", "own.yaml") == 2
    assert "own.yaml:7: student-email-missing: " in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs file modes that bind")
def test_a_folder_that_cannot_be_written_ends_with_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert run("check", READY, "--out", "closed/reports") == 2


def test_nothing_to_read_ends_with_3(run: Run, tmp_path: Path) -> None:
    assert run("check", "no-such-folder", "--fail-on", "never") == 3
    assert not (tmp_path / "readiness-report").exists()


def test_a_missing_file_ends_with_3(run: Run, tmp_path: Path) -> None:
    shutil.copytree(READY, tmp_path / "export")
    (tmp_path / "export" / "sections.csv").unlink()
    assert run("check", "export", *DAY, "-q") == 3
    assert run("check", "export", *DAY, "-q", "--fail-on", "never") == 0


@pytest.mark.promise("Error messages and tracebacks contain no values from records")
def test_a_fault_of_the_program_ends_with_4_and_tells_no_values(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assess, "assess", raising(KeyError("freya@maplehollow.example")))
    assert run("check", READY, "--debug") == 4
    told = capsys.readouterr()
    assert "a fault of the program, not of your files (KeyError in test_app.py" in told.err
    assert "freya" not in told.err + told.out


@pytest.mark.promise(
    "A broken template or rule exits with code 4, and all other reports are still written"
)
@pytest.mark.parametrize("error", [KeyError, AttributeError])
def test_a_broken_check_ends_with_4_and_the_other_rules_are_reported(
    run: Run,
    broken: Path,
    tmp_path: Path,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(
        registry.CHECKS, "links.unenrolled", raising(error("freya@maplehollow.example"))
    )
    assert run("check", broken, *DAY, "--debug") == 4
    told = capsys.readouterr().err
    assert "in fail" in told and "freya" not in told
    report = json.loads((tmp_path / "readiness-report" / "report.json").read_text(encoding="utf-8"))
    by_rule = {one["rule"]: one["status"] for one in report["outcomes"]}
    assert by_rule["student-without-section"] == "broken"
    assert by_rule["student-email-missing"] == "found"


def test_a_file_that_changes_while_it_is_read_ends_with_4(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        assess, "assess", raising(InputChanged("students.csv changed while it was read"))
    )
    assert run("check", READY) == 4
    assert "students.csv changed" in capsys.readouterr().err


def test_a_report_that_fails_ends_with_4_and_the_others_are_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = Output("report.html", "", raising(OSError(errno.ENOSPC, "No space left on device")))
    monkeypatch.setitem(OUTPUTS, "html", full)
    assert run("check", READY, *DAY) == 4
    assert sorted(path.name for path in (tmp_path / "readiness-report").iterdir()) == [
        "report.json",
        "report.xlsx",
    ]
    assert "the disk is full" in capsys.readouterr().err


@pytest.mark.promise("Ctrl-C exits with code 130 and leaves nothing behind")
@pytest.mark.parametrize(("where", "what"), [(assess, "assess"), (app, "run")])
def test_stopping_it_ends_with_130(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, what: str
) -> None:
    monkeypatch.setattr(where, what, raising(KeyboardInterrupt()))
    assert run("check", READY) == 130
    assert not list(tmp_path.iterdir())


def test_a_baseline_fails_only_on_what_is_new(run: Run, broken: Path, tmp_path: Path) -> None:
    more = ("-p", "khan-academy", *DAY, "-q", "--report", "json")
    assert run("check", broken, *more, "--out", "before") == 1
    assert run("check", broken, *more, "--baseline", "before/report.json") == 0
    shutil.copytree(broken, tmp_path / "worse")
    with (tmp_path / "worse" / "students.csv").open("a", encoding="utf-8") as file:
        file.write("9999,zq-new,Null,Nona\n")
    assert run("check", "worse", *more, "--baseline", "before/report.json") == 1
    held = json.loads((tmp_path / "readiness-report" / "report.json").read_text(encoding="utf-8"))
    assert held["gate"]["fail_on"] == "blocker" and held["gate"]["failing"] == ["row-wrong-length"]


def test_so_many_as_are_allowed_do_not_fail(run: Run, tmp_path: Path) -> None:
    shutil.copytree(READY, tmp_path / "export")
    (tmp_path / "export" / "notes.csv").write_text("a,b\n1,2\n")
    more = ("check", "export", *DAY, "-q", "--fail-on", "advice")
    assert run(*more) == 1
    assert run(*more, "--max", "file-unexpected=1") == 0
    assert run(*more, "--max", "file-unexpected=0") == 1


def test_the_last_work_list_is_followed_and_replaced_in_its_place(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", BROKEN, *DAY, "-q") == 1
    capsys.readouterr()
    assert run("check", READY, *DAY, "--worklist", "readiness-report/report.xlsx") == 0
    assert "Since the last work-list" in capsys.readouterr().err
    held = json.loads((tmp_path / "readiness-report" / "report.json").read_text(encoding="utf-8"))
    assert held["worklist"]["gone"] > 50 and held["worklist"]["still_found"] == {}


def test_the_letter_is_printed(run: Run, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("check", broken, *DAY, "-q", "--report", "json")
    capsys.readouterr()
    assert run("letter", "readiness-report/report.json", "--to", "schools") == 0
    assert capsys.readouterr().out.startswith("Subject: ")


def test_annotations_are_said_in_a_github_job_unless_quiet(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    run("check", broken, *DAY, "--report", "json", "--out", "-")
    assert "::error title=" in capsys.readouterr().err
    run("check", broken, *DAY, "-q", "--report", "json")
    assert capsys.readouterr() == ("", "")


# ------------------------------------------------------------------ what goes where


def test_one_report_goes_to_standard_output_and_nothing_else(
    run: Run, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", broken, *DAY, "--report", "json", "--out", "-") == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["verdict"] == "not-ready"
    assert "Not ready" in told.err


def test_quiet_says_nothing(run: Run, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", broken, *DAY, "--quiet") == 1
    assert capsys.readouterr() == ("", "")


def test_a_pinned_clock_gives_the_same_bytes(
    run: Run, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794787200")  # 2026-11-16
    for out in ("a", "b"):
        assert run("check", broken, "-q", "--out", out) == 1
    for report in ("report.html", "report.json", "report.xlsx"):
        assert (tmp_path / "a" / report).read_bytes() == (tmp_path / "b" / report).read_bytes(), (
            report
        )
    assert json.loads((tmp_path / "a" / "report.json").read_text())["as_of"] == "2026-11-16"


def test_a_clock_pinned_to_nonsense_ends_with_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    assert run("check", READY) == 2


def test_several_profiles_give_each_its_verdict(
    run: Run, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(
        "check",
        broken,
        *DAY,
        "-p",
        "khan-academy",
        "-p",
        "freckle",
        "--report",
        "json",
        "--out",
        "-",
        "-q",
    )
    report = json.loads(capsys.readouterr().out)
    assert [profile["id"] for profile in report["profiles"]] == ["khan-academy", "freckle"]
    missing = next(one for one in report["outcomes"] if one["rule"] == "student-email-missing")
    assert missing["levels"]["khan-academy"] == "blocker"
    assert missing["level"] == "blocker"


def test_demo_writes_its_reports_and_ends_with_0(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo") == 0
    assert (tmp_path / "readiness-report" / "report.html").is_file()
    assert "Khan Academy Districts" in capsys.readouterr().err


def test_sample_writes_a_district_and_its_answers(run: Run, tmp_path: Path) -> None:
    assert run("sample", "new", "--students", "200", "--faults", "none") == 0
    assert {"students.csv", "answers.json"} <= {path.name for path in (tmp_path / "new").iterdir()}


def test_the_schema_fits_the_report(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    schema = json.loads(capsys.readouterr().out)
    run("check", BROKEN, *DAY, "--report", "json", "--out", "-", "-q")
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)


def test_rules_and_profiles_come_as_text_and_as_json(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("rules") == 0
    assert "student-without-section" in capsys.readouterr().out
    assert run("rules", "--output", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    rules = {rule.id for rule, _ in load.list_rules()}
    assert {one["id"] for one in listed} == rules | diagnoses.load_texts().keys()
    assert run("profiles", "--output", "json") == 0
    assert "khan-academy" in {one["id"] for one in json.loads(capsys.readouterr().out)}


def test_explain_says_it_all(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "student-without-section") == 0
    told = capsys.readouterr().out
    for words in (
        "Why:",
        "Why in khan-academy:",
        "How to fix:",
        "Who fixes it:",
        "Source:",
        "Example:",
        "Level: warning; blocker in khan-academy",
    ):
        assert words in told


def test_the_version_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"rosterready {__version__}\n"


def earlier(kind: str) -> str:
    """An earlier result of a command, as far as it is recognized by it."""
    return json.dumps({"tool": {"name": "rosterready", "version": "0"}, "kind": kind})


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (["sharing", READY, "--target", "grades=3-8", "--out", "made"], earlier("sharing")),
        (["changes", READY, READY, "--out", "made"], earlier("changes")),
        (["check", READY, *DAY, "-q", "--report", "json", "--history", "made"], ""),
        (["columns", READY, "--out", "made"], None),
        (["init", READY, "--out", "made"], None),
    ],
)
@pytest.mark.promise("Only the user who created a report can read it (POSIX modes)")
@pytest.mark.promise("A link where a report would be written is replaced, never followed")
def test_what_other_commands_write_is_its_owners_only_and_in_the_place_of_a_link(
    run: Run, tmp_path: Path, arguments: list[object], last: str | None
) -> None:
    made, elsewhere = tmp_path / "made", tmp_path / "elsewhere"
    if last is not None:  # where nothing may be there yet, no link may either
        elsewhere.write_text(last)
        made.symlink_to(elsewhere)
    assert run(*arguments) == 0
    assert not made.is_symlink() and stat.S_IMODE(made.stat().st_mode) == 0o600
    assert last is None or elsewhere.read_text() == last


# ------------------------------------------------------------------ consoles


def test_color_is_off_when_the_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console.detect_appearance()["color"] is True
    monkeypatch.setenv("NO_COLOR", "1")
    assert console.detect_appearance()["color"] is False


def test_a_reader_that_stops_early_does_not_change_the_exit_code(
    broken: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "validator",
        "check",
        str(broken),
        *DAY,
        "--report",
        "json",
        "--out",
        "-",
        "-q",
    ]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command,
        stdout=writing,
        cwd=tmp_path,
        check=False,
        env={**os.environ, "PYTHONPATH": str(resources.find_rules().parent)},
    )
    os.close(writing)
    assert done.returncode == 1


@pytest.mark.parametrize("seconds", ["253402300799", "-62135596800"])
def test_a_clock_pinned_to_no_school_year_ends_with_2(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seconds: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert run("check", "export", "--report", "json") == 2
    assert "school years are between 1900 and 2100" in capsys.readouterr().err


def test_nothing_that_was_typed_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("x\x1b[31m.yaml is written\nnext\r\u202e")
    console.show("subject is \x1b[31m\x9b\n")
    console.say("\x1b[31mNOT READY\x1b[0m", painted=True)
    told = capsys.readouterr()
    assert told.out == "subject is \ufffd[31m\ufffd\n"
    assert told.err == "x?[31m.yaml is written\nnext??\n\x1b[31mNOT READY\x1b[0m\n"
