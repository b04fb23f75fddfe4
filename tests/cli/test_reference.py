"""Commands without options are answered without a parser, and exactly as with one."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from validator.cli import commands, reference
from validator.cli.app import app

PLAIN = (
    ["rules"],
    ["profiles"],
    ["explain", "student-without-section"],
    ["explain", "ids-without-zeros"],
)


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_the_answer_is_that_of_the_parser(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert reference.show(words)
    assert capsys.readouterr().out == CliRunner().invoke(app, words).stdout


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["check"],
        ["rules", "--help"],
        ["rules", "--output=json"],
        ["explain"],
        ["explain", "--help"],
        ["explain", "-h"],
        ["explain", "a", "b"],
        ["explain", ""],
        ["explain", "Student"],
        ["Rules"],
    ],
    ids=" ".join,
)
def test_everything_else_is_for_the_parser(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not reference.show(words)
    assert not capsys.readouterr().out


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_a_command_of_its_own_has_the_same_help(name: str) -> None:
    own = CliRunner().invoke(commands.build_app([name]), [name, "--help"])
    assert own.stdout == CliRunner().invoke(app, [name, "--help"]).stdout
    assert own.exit_code == 0
