"""The decorator that registers a check, with what the engine must know about it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from validator.model import Check, dataclass


class WholeRoster(Enum):
    """When a check needs the whole roster, because it reports what is not there.

    Such a check is skipped for an export that holds changes only.
    """

    NEVER = "never"
    WHEN_JOINED = "when joined"  # only where a column that it reads comes from another file
    ALWAYS = "always"


@dataclass(frozen=True)
class Declaration:
    """Facts about a check that the engine needs, in addition to the settings in its signature.

    `wants`: keyword parameters that the engine fills from its context; packs cannot set them.
    """

    wants: tuple[str, ...] = ()
    whole_roster: WholeRoster = WholeRoster.NEVER


CHECKS: dict[str, Check] = {}
"""Checks by name: `links.unmatched` is the function `unmatched` in the module `links`."""

DECLARATIONS: dict[str, Declaration] = {}
"""The declaration of each check, by the same names."""

F = TypeVar("F", bound=Check)


def check(
    *, wants: tuple[str, ...] = (), whole_roster: WholeRoster = WholeRoster.NEVER
) -> Callable[[F], F]:
    """Register a function as a check; its keyword parameters not in `wants` are its settings."""

    def register(function: F) -> F:
        module = function.__module__.rpartition(".")[2]
        name = f"{module}.{function.__name__}"
        CHECKS[name] = function
        DECLARATIONS[name] = Declaration(wants, whole_roster)
        return function

    return register
