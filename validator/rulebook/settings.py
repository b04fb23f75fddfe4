"""Settings of rules, validated against the signatures of their checks."""

from __future__ import annotations

import functools
import inspect
import math
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from validator.model import Pattern, dataclass
from validator.text import did_you_mean

_NAMES = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


class SettingRefused(ValueError):
    """A setting does not fit the check; `key` is its name, "" if the check itself is wrong."""

    def __init__(self, why: str, key: str = "") -> None:
        super().__init__(why)
        self.key = key


@dataclass(frozen=True)
class Signature:
    """The parameters of a check: its settings by name, and how many tables it takes.

    least, most: the number of tables; `most` is None without a limit.
    """

    name: str
    check: Callable[..., Any]
    settings: Mapping[str, inspect.Parameter]
    least: int
    most: int | None

    def hint(self, key: str) -> Any:
        """The type of a setting that a pack gives."""
        return _read_hint(self.settings[key].annotation, self.check.__module__)


@functools.cache
def _read_hint(annotation: str, module: str) -> Any:
    """Evaluate the type of a check's setting; each module has few different ones."""
    annotated = types.SimpleNamespace(__annotations__={"setting": annotation})
    return typing.get_type_hints(annotated, vars(sys.modules[module]))["setting"]


@functools.cache
def read_signature(name: str, check: Callable[..., Any], filled: tuple[str, ...]) -> Signature:
    """Read which settings a pack can give a rule, from its check; `filled`: never from a pack."""
    parameters = inspect.signature(check).parameters
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    tables = [parameter for parameter in parameters.values() if parameter.kind in kinds]
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters.values())
    return Signature(
        name,
        check,
        settings={
            key: parameter
            for key, parameter in parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY and key not in filled
        },
        least=sum(parameter.default is parameter.empty for parameter in tables),
        most=None if any_number else len(tables),
    )


def check_settings(signature: Signature, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pack's settings of a rule with the types of its check. Raises SettingRefused."""
    name = signature.name
    for key in given:
        if key not in signature.settings:
            near = did_you_mean(key, signature.settings)
            raise SettingRefused(
                f"{name} has no setting '{key}'; {_list_settings(signature)}{near}", key
            )
    for key, parameter in signature.settings.items():
        if parameter.default is parameter.empty and key not in given:
            raise SettingRefused(f"{name} needs the setting '{key}'; {_list_settings(signature)}")
    return {
        key: _Setting(key, f"{name}: setting '{key}'").convert(value, signature.hint(key))
        for key, value in given.items()
    }


def _list_settings(signature: Signature) -> str:
    """List the settings that a rule takes, for the refusal of a pack."""
    if not signature.settings:
        return "it takes none"
    return f"it takes: {', '.join(signature.settings)}"


@dataclass(frozen=True)
class _Setting:
    """One setting: its name, and how messages refer to it."""

    key: str
    name: str

    def refusal(self, why: str) -> SettingRefused:
        """The refusal of the setting's value."""
        return SettingRefused(f"{self.name} {why}", self.key)

    def convert(self, value: Any, hint: Any) -> Any:
        """The YAML value as the type of the hint."""
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            if value == "":
                return None
            return self.convert(value, next(kind for kind in inner if kind is not type(None)))
        if origin is typing.Literal:
            if value not in inner:
                choices = ", ".join(map(str, inner))
                raise self.refusal(f"must be one of {choices}{did_you_mean(str(value), inner)}")
            return value
        if hint is Pattern:
            return self._convert_pattern(self._convert_plain(value, str))
        if isinstance(hint, type) or origin is None:
            is_plain = hint in (int, float, bool, str, list, tuple, dict)
            return self._convert_plain(value, hint if is_plain else str)
        if issubclass(origin, Mapping):
            if not isinstance(value, dict):
                raise self.refusal("must be a mapping")
            return {name: self.convert(item, inner[1]) for name, item in value.items()}
        if not isinstance(value, list):
            raise self.refusal("must be a list, such as [a, b]")
        items = [self.convert(item, inner[0]) for item in value]
        return tuple(items) if origin is tuple else items

    def _convert_pattern(self, value: str) -> str:
        """Return a pack's setting as a pattern, if it is valid RE2."""
        import pyarrow as pa
        import pyarrow.compute as pc

        try:
            pc.match_substring_regex(pa.array([""]), pattern=value)
        except pa.ArrowInvalid as error:
            why = str(error).partition("Invalid regular expression: ")[2] or "it is not valid"
            raise self.refusal(f"must be a regular expression (RE2): {why}") from None
        return value

    def _convert_plain(self, value: Any, kind: Any) -> Any:
        """The value as a list, mapping, text, number or truth value."""
        if kind in (list, tuple, dict):
            if not isinstance(value, dict if kind is dict else list):
                raise self.refusal(f"must be a {'mapping' if kind is dict else 'list'}")
            return kind(value)
        wrong = self.refusal(f"must be {_NAMES[kind]}")
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
