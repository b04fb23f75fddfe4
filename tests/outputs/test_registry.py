"""Every output of the registry: editions, words, and no character that steers a screen."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from tests.support.builders import diagnose, found, places, report, table
from validator.model import Level, Outcome, Report, Status
from validator.outputs.placement import Placement
from validator.outputs.registry import (
    DEFAULT,
    OUTPUTS,
    Options,
    describe,
    list_reports,
    render,
)
from validator.text import STEERING

MASKED = [name for name, output in OUTPUTS.items() if output.masked]
PRINTED = sorted({*MASKED} - {"html", "json", "sarif", "gitlab"})
"""What a job of a CI system may print: not the files that others read."""

SIGNS = ["\u200e", "\u2028", "\u202e", "\u200b", "\x1b", "\r", "\x85", "\ud800"]


def odd_report(sign: str, start: str = "a") -> Report:
    """A report with the sign in every text that somebody else wrote."""
    odd = f"{start}{sign}b"
    finding = found(
        "r-found",
        [replace(places("students", "Grade", [2, 3], notes=odd), file=f"{odd}.csv")],
        title=odd,
        says_one=odd,
        says_many=odd,
        why=odd,
        fix=odd,
        topic=odd,
    )
    skipped = Outcome(finding.rule, Status.SKIPPED, Level.BLOCKER, reason=odd)
    cell = odd.encode(errors="replace").decode()  # no table can hold half a character
    columns = {name: [cell, cell] for name in ("Student_id", "Grade", "First_name")}
    students = table("students", columns)
    made = report([finding, skipped], {"students": students}, district=odd, errors=[odd])
    profiles = [replace(profile, title=odd) for profile in made.profiles]
    files = [replace(file, name=odd, columns_unused=[odd]) for file in made.export.files]
    odd_text = replace(diagnose().text, title=odd, why=odd, fix=odd)
    diagnosis = diagnose(text=odd_text, file=odd, evidence=odd)
    made = replace(made, diagnoses=[diagnosis], priorities=[diagnosis.id, *made.priorities])
    return replace(made, profiles=profiles, export=replace(made.export, files=files, name=odd))


def unpack(content: bytes) -> str:
    """The text of an output; of a workbook, of all its parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "surrogatepass")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.promise("No output contains characters that control a terminal or reverse text")
@pytest.mark.parametrize("show_values", [False, True])
@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_holds_a_steering_character(name: str, sign: str, show_values: bool) -> None:
    options = Options(
        paths={"html": f"a{sign}b"}, contents={"html": "a page"}, placement=Placement(f"a{sign}b")
    )
    text = unpack(render(odd_report(sign), name, options, show_values=show_values))
    assert "a" in text and not STEERING.search(text)


@pytest.mark.promise("No text of an export or a person becomes a command of a CI system")
@pytest.mark.parametrize("sign", ["\n::error::", "\n  ::set-output::", " ##vso[a]", "\n##[error]"])
@pytest.mark.parametrize("name", PRINTED)
def test_no_text_becomes_a_command_of_a_job(name: str, sign: str) -> None:
    options = Options(
        paths={"html": f"a{sign}b"}, contents={"html": "a page"}, placement=Placement(f"a{sign}b")
    )
    text = render(odd_report(sign), name, options).decode()
    own = {"github": r"^::(error|warning|notice) title=", "azure": r"^##vso\[task\.logissue "}
    lines = [re.sub(own[name], "", line) if name in own else line for line in text.splitlines()]
    assert not [
        line for line in lines if re.match(r"\s*::", line) or re.search(r"##v?s?o?\[", line)
    ]


@pytest.mark.parametrize("name", sorted({*PRINTED} - {"github"}))
def test_whatever_begins_like_a_command_is_none(name: str) -> None:
    lines = render(odd_report("::error::", start=""), name).decode().splitlines()
    assert not [line for line in lines if line.lstrip().startswith("::")]


def test_the_reports_written_by_default_are_known() -> None:
    assert set(DEFAULT) <= set(list_reports())


@pytest.mark.parametrize("name", sorted(list_reports().keys() - {"xlsx"}))
def test_each_report_has_a_sign_by_which_earlier_ones_are_known(name: str) -> None:
    """Without it, a file of the same name that is somebody else's would be replaced."""
    assert OUTPUTS[name].sign is not None


@pytest.mark.parametrize("name", list_reports())
def test_each_report_says_who_may_see_it(name: str) -> None:
    output = OUTPUTS[name]
    for show_values in (False, True):
        text = describe(name, show_values=show_values)
        assert ("keep it inside the district" in text) == output.is_internal(show_values)
        assert ("without personal data" in text) != output.is_internal(show_values)


@pytest.mark.parametrize("name", MASKED)
def test_a_diagnosis_is_among_what_to_fix_first(name: str) -> None:
    text = unpack(render(report(diagnoses=[diagnose()]), name))
    assert "Ids without their zeros" in text and "2 of 4 ids match" in text


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_output_has_an_edition(name: str) -> None:
    assert OUTPUTS[name].masked or OUTPUTS[name].internal
