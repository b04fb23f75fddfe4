"""The destinations that a roster can be written for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from validator.model import BadUsage, dataclass
from validator.repair.convert.places import Place
from validator.repair.convert.roster import Roster
from validator.repair.written import Written

MODULES = {
    "clever": "clever",
    "oneroster-1.1": "oneroster_11",
    "oneroster-1.2": "oneroster_12",
}
"""Destination -> the module of this package with its `DESTINATION`. A new destination is one
module, one line here, and its name in the command line's `mend --to`."""

IDS = tuple(MODULES)


@dataclass(frozen=True)
class Destination:
    """A set of files that a roster is written as.

    places: table of the roster -> where each of its columns goes.
    keeps_ended: whether it has a place for the last day of an enrollment.
    keeps_records: whether it has records of courses and terms, so that those of a bundle stay.
    """

    id: str
    title: str
    places: Mapping[str, tuple[Place, ...]]
    write: Callable[[Roster], Written]
    keeps_ended: bool = False
    keeps_records: bool = False


@cache
def find_destination(id: str) -> Destination:
    """Find a destination that exports can be converted to. Raises BadUsage for an unknown id."""
    if id not in MODULES:
        raise BadUsage(f"There is no destination with that name; choose one of {', '.join(IDS)}.")
    destination: Destination = import_module(f"{__package__}.{MODULES[id]}").DESTINATION
    return destination


def list_destinations() -> list[Destination]:
    """Return every destination of conversions."""
    return [find_destination(id) for id in IDS]
