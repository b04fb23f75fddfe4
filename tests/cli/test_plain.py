"""Plain command lines are read as Typer reads them; all others are left to Typer."""

from __future__ import annotations

import datetime as dt
import inspect
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from validator.cli import app, check, plain

PLAIN = [
    "folder",
    "folder another.zip a.csv",
    "folder -p khan-academy",
    "folder -p clever --profile pack.yaml -p any-app",
    "--profile clever folder",
    "folder --profile=clever --as-of=2026-11-16",
    "folder --as-of 2026-11-16 -q --debug",
    "folder --quiet --quiet",
    "folder --out - --report json",
    "folder -o out --out last",
    "folder --out a=b --district Oak=Elm",
    "folder --rows all --max a=1 --max b=2 --fail-on never",
    "folder --format sis --columns map.yaml --sis skyward",
    "folder --previous a --previous b --sharing s.yaml",
    "folder --baseline b.json --worklist w.xlsx --history h.json --source-root .",
    "folder --phase rollover --memory-limit 4G --show-values",
    "with=equals ./x",
]
NOT_PLAIN = [
    "--help",
    "folder --help",
    "folder -h",
    "-q",
    "folder -qp clever",
    "folder -pclever",
    "folder -p=clever",
    "folder --quiet=yes",
    "folder --no-quiet",
    "folder --quie",
    "folder --nonsense",
    "folder --profile",
    "folder --profile=",
    "folder --profile -q",
    "folder --profile --quiet",
    "folder --phase spring",
    "folder --phase START",
    "folder --fail-on Never",
    "folder --format xml",
    "folder --as-of yesterday",
    "folder --as-of 2026-02-30",
    "-- folder",
    "folder -- -q",
    "-",
]


def read_with_typer(words: Sequence[str]) -> dict[str, Any]:
    """The values that Typer gives the command."""
    seen: dict[str, Any] = {}

    def command(**values: Any) -> None:
        seen.update(values)

    command.__signature__ = inspect.signature(check.check, eval_str=True)  # type: ignore[attr-defined]
    command.__annotations__ = inspect.get_annotations(check.check, eval_str=True)
    own = typer.Typer()
    own.command()(command)
    result = CliRunner().invoke(own, list(words))
    assert result.exit_code == 0, result.output
    return seen


def fill_in(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a command line with the defaults of the others."""
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(check.check).parameters.items()
    }
    return {**defaults, **values}


@pytest.mark.parametrize("line", PLAIN)
def test_a_plain_line_is_read_as_typer_reads_it(line: str) -> None:
    words = line.split()
    values = plain.parse(check.check, words)
    assert values is not None
    assert fill_in(values) == read_with_typer(words)


def test_values_have_their_types() -> None:
    values = plain.parse(check.check, ["a folder", "--as-of", "2026-11-16", "--baseline", "b.json"])
    assert values == {
        "export": [Path("a folder")],
        "as_of": dt.datetime(2026, 11, 16),
        "baseline": Path("b.json"),
    }


@pytest.mark.parametrize("line", NOT_PLAIN)
def test_everything_else_is_left_to_typer(line: str) -> None:
    assert plain.parse(check.check, line.split()) is None


@pytest.mark.parametrize("words", [[""], ["folder", ""], ["folder", "--district", ""]])
def test_empty_words_are_left_to_typer(words: list[str]) -> None:
    assert plain.parse(check.check, words) is None


def test_words_that_typer_expands_on_windows_are_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert plain.parse(check.check, ["*.csv"]) is not None
    monkeypatch.setattr(os, "name", "nt")
    assert plain.parse(check.check, ["*.csv"]) is None
    assert plain.parse(check.check, ["folder", "--out", "%TEMP%"]) is None


def test_both_ways_end_with_the_same_error(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    said = []
    for words in (["check", missing, "-q"], ["check", missing, "-qq"]):
        with pytest.raises(Exception) as caught:
            app.run(words)
        said.append((type(caught.value), str(caught.value)))
    assert said[0] == said[1]
