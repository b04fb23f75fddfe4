"""Lists of codes that the values of an unknown column are from, with what each code means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from validator import resources
from validator.ingest.mapping.suggestion import Match, TableMatch

LISTS: Mapping[str, tuple[str, ...]] = {
    "Frl_status": (
        "powerschool-lunch",
        "wisconsin-economic-status",
        "texas-economic-disadvantage",
    ),
    "Ell_status": ("california-english-learner",),
}
"""Our column -> the lists of codes that it may be in."""


def add_decodes(table: TableMatch) -> TableMatch:
    """Return the suggested table with the list of codes that all values of a column are from."""
    matches = {name: _add_decode(match) for name, match in table.matches.items()}
    return replace(table, matches=matches)


def _add_decode(match: Match) -> Match:
    lists = _read_lists()
    values = {value.strip().lower() for value in match.taken.values.to_pylist()}
    fitting = []
    for name in LISTS.get(match.column, ()):
        codes = {code.lower(): meaning for code, meaning in lists[name].items()}
        if values <= codes.keys() and any(codes[each].lower() != each for each in values):
            fitting.append(name)
    if len(fitting) != 1:
        return match
    return replace(match, decode=fitting[0], why=f"{match.why}; its values are {fitting[0]} codes")


def _read_lists() -> Mapping[str, Mapping[str, str]]:
    lists: Mapping[str, Mapping[str, str]] = resources.read_bundled_yaml("columns/codes.yaml")
    return lists
