"""Command lines that need no parser: every option is written out as `--help` shows it.

Typer imports pydantic to convert values, which takes as long as all rules of a small district.
Whatever is not plainly right is left to Typer, with its messages.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, ParameterInfo

EXPANDED = frozenset("*?[~$%")
"""Characters in words that Typer expands on Windows, where no shell does it."""


class _NotPlainError(Exception):
    """A command line that needs Typer's parser."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a command.

    kind: `str`, `Path`, `bool` or a Literal. several: whether it is a list. convert: the option's
    own parser.
    """

    name: str
    kind: Any
    several: bool
    convert: Callable[[str], Any] | None


def run(command: Callable[..., None], words: Sequence[str]) -> bool:
    """Run a command if its command line is plain, and exit; else return False."""
    values = parse(command, words)
    if values is None:
        return False
    try:
        command(**values)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    sys.exit(0)


def parse(command: Callable[..., None], words: Sequence[str]) -> dict[str, Any] | None:
    """Return the values of a command's parameters; None for a command line that is not plain."""
    if os.name == "nt" and any(EXPANDED & set(word) for word in words):
        return None
    values: dict[str, Any] = {}
    try:
        options, argument = _list_parameters(command)
        for parameter, word in _pair(words, options, argument):
            value = _convert(parameter, word)
            if parameter.several:
                values.setdefault(parameter.name, []).append(value)
            else:
                values[parameter.name] = value
    except (_NotPlainError, typer.BadParameter):
        return None
    return values if argument.name in values else None


def _list_parameters(command: Callable[..., None]) -> tuple[dict[str, Parameter], Parameter]:
    """Return a command's options by the words that name them, and its argument."""
    options: dict[str, Parameter] = {}
    arguments = []
    for name, hint in get_type_hints(command, include_extras=True).items():
        if name == "return":
            continue
        kind, info = get_args(hint)[:2]
        parameter = _describe(name, kind, info)
        if isinstance(info, ArgumentInfo):
            arguments.append(parameter)
        else:
            names = [info.default, *(info.param_decls or ())]  # Typer takes the first as a default
            options |= dict.fromkeys(names, parameter)
    (argument,) = arguments
    return options, argument


def _describe(name: str, kind: Any, info: ParameterInfo) -> Parameter:
    """Return a parameter of a command."""
    if get_origin(kind) is UnionType:
        kind, *others = [part for part in get_args(kind) if part is not NoneType]
        if others:
            raise _NotPlainError
    several = get_origin(kind) is list
    if several:
        (kind,) = get_args(kind)
    return Parameter(name, kind, several, info.parser)


def _pair(
    words: Sequence[str], options: dict[str, Parameter], argument: Parameter
) -> Iterator[tuple[Parameter, str]]:
    """Yield each value of a command line with its parameter; "" for an option that is a flag."""
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        option = options.get(name)
        if not word.startswith("-"):
            yield argument, word
        elif option is None or (equals and not name.startswith("--")):
            raise _NotPlainError
        elif option.kind is bool:
            if equals:
                raise _NotPlainError
            yield option, ""
        else:
            yield option, value if equals else next(rest, "")


def _convert(parameter: Parameter, word: str) -> Any:
    """Return the value of a word for a parameter of the command line."""
    if parameter.kind is bool:
        return True
    if not word or (word.startswith("-") and word != "-"):
        raise _NotPlainError
    if parameter.convert is not None:
        return parameter.convert(word)
    if parameter.kind in (str, Path):
        return parameter.kind(word)
    if get_origin(parameter.kind) is Literal and word in get_args(parameter.kind):
        return word
    raise _NotPlainError
