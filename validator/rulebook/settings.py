"""Settings of a rule, held against the signature of its check: the signature is the schema."""

from __future__ import annotations

import functools
import inspect
import math
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from validator.model import Pattern
from validator.text import did_you_mean

_NAMES = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


class Refused(ValueError):
    """A setting does not fit; `key` is the setting's name, "" where it is about the check itself."""

    def __init__(self, why: str, key: str = "") -> None:
        super().__init__(why)
        self.key = key


@dataclass(frozen=True)
class Signature:
    """What a check takes: `settings` that a pack may give, by name, and how many tables (`most` None: any number)."""

    name: str
    settings: Mapping[str, inspect.Parameter]
    hints: Mapping[str, Any]
    least: int
    most: int | None


@functools.cache
def signature(name: str, check: Callable[..., Any], filled: tuple[str, ...]) -> Signature:
    """What the check of that name takes; `filled` are the keyword parameters that no pack sets."""
    parameters = inspect.signature(check).parameters
    fixed = [
        p for p in parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    every = any(p.kind is p.VAR_POSITIONAL for p in parameters.values())
    given = {
        key: p for key, p in parameters.items() if p.kind is p.KEYWORD_ONLY and key not in filled
    }
    return Signature(
        name,
        given,
        typing.get_type_hints(check),
        sum(p.default is p.empty for p in fixed),
        None if every else len(fixed),
    )


def checked(takes: Signature, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the types that the check's signature asks for. Raises Refused."""
    name = takes.name
    for key in given:
        if key not in takes.settings:
            raise Refused(
                f"{name} has no setting '{key}'; {_takes(takes)}{did_you_mean(key, takes.settings)}",
                key,
            )
    for key, parameter in takes.settings.items():
        if parameter.default is parameter.empty and key not in given:
            raise Refused(f"{name} needs the setting '{key}'; {_takes(takes)}")
    return {
        key: _value(value, takes.hints.get(key, str), f"{name}: setting '{key}'", key)
        for key, value in given.items()
    }


def _takes(takes: Signature) -> str:
    return f"it takes: {', '.join(takes.settings)}" if takes.settings else "it takes none"


def _value(value: Any, hint: Any, what: str, key: str) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value == "":
            return None
        return _value(value, next(kind for kind in inner if kind is not type(None)), what, key)
    if origin is typing.Literal:
        if value not in inner:
            raise Refused(
                f"{what} is one of {', '.join(map(str, inner))}{did_you_mean(str(value), inner)}",
                key,
            )
        return value
    if hint is Pattern:
        return _pattern(_plain(value, str, what, key), what, key)
    if isinstance(hint, type) or origin is None:
        return _plain(
            value, hint if hint in (int, float, bool, str, list, tuple, dict) else str, what, key
        )
    if issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise Refused(f"{what} is a mapping", key)
        return {name: _value(item, inner[1], what, key) for name, item in value.items()}
    if not isinstance(value, list):
        raise Refused(f"{what} is a list, such as [a, b]", key)
    items = [_value(item, inner[0], what, key) for item in value]
    return tuple(items) if origin is tuple else items


def _pattern(value: str, what: str, key: str) -> str:
    """The pattern, when RE2 takes it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), pattern=value)
    except pa.ArrowInvalid as error:
        why = str(error).partition("Invalid regular expression: ")[2] or "RE2 does not take it"
        raise Refused(f"{what} is a regular expression of RE2: {why}", key) from None
    return value


def _plain(value: Any, kind: Any, what: str, key: str) -> Any:
    if kind in (list, tuple, dict):
        if not isinstance(value, dict if kind is dict else list):
            raise Refused(f"{what} is a {'mapping' if kind is dict else 'list'}", key)
        return kind(value)
    wrong = Refused(f"{what} is {_NAMES[kind]}", key)
    if not isinstance(value, str):
        raise wrong
    if kind is bool:
        if value.lower() not in ("true", "false", "yes", "no"):
            raise wrong
        return value.lower() in ("true", "yes")
    try:
        number = kind(value)
    except ValueError:
        raise wrong from None
    if kind is float and not math.isfinite(number):
        raise wrong
    return number
