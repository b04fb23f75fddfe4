"""The headings that are known for our columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from validator.ingest.mapping import words
from validator.ingest.mapping.profile import ColumnProfile, normalize_name
from validator.ingest.mapping.suggestion import Sure
from validator.model import File, dataclass

KNOWN, GENERAL, GUESSED = 1.0, 0.5, 0.4
"""Score of a known heading, of one that several tables have, and of a guess. Our own measure."""


@dataclass(frozen=True)
class Spelling:
    """The column that a heading may name in one table; `general`: several tables have it.

    also: a column of which this is the name, and that it means where `column` has another heading.
    keys: the readings of the heading; short: those without the words of the table's own name.
    """

    column: str
    sure: Sure
    general: bool
    keys: frozenset[words.Key] = frozenset()
    short: frozenset[words.Key] = frozenset()
    also: str = ""


@dataclass(frozen=True)
class Alias:
    """A heading as the list of aliases has it, the column it names, and how sure that is."""

    heading: str
    column: str
    sure: Sure
    also: str = ""


GENERAL_NAMES = ("name", "title", "number", "code")
"""Headings that a prefix gives their meaning: `periodInfo.name` is no name of a section."""

_WORN = frozenset((name,) for name in (*GENERAL_NAMES, "id"))
"""What is left of headings such as `SIS Number` without fillers; it says nothing."""

Spellings = Mapping[str, Mapping[str, Spelling]]
"""Table -> normalized heading -> spelling."""


def index_headings(aliases: Mapping[str, Any], ours: Sequence[File]) -> Spellings:
    """Return every known heading; our own names and Clever's spellings count as known."""
    tables: dict[str, dict[str, Alias]] = {}
    times: Counter[str] = Counter()
    for file in ours:
        headings = _list_aliases(aliases["columns"].get(file.table, {}))
        for column in file.columns:
            if column.kind != "secret":
                for heading in (column.name, *column.spellings):
                    alias = Alias(heading, column.name, Sure.SURE)
                    headings.setdefault(normalize_name(heading), alias)
        times.update(list(headings))
        tables[file.table] = headings
    own_names = {
        file.table: {normalize_name(column.name): column.name for column in file.columns}
        for file in ours
    }
    return {
        table: {
            heading: _build_spelling(
                alias,
                aliases["own"].get(table, ()),
                own_names[table],
                is_general=times[heading] > 1,
            )
            for heading, alias in headings.items()
        }
        for table, headings in tables.items()
    }


def _build_spelling(
    alias: Alias, own_words: Sequence[str], own_names: Mapping[str, str], *, is_general: bool
) -> Spelling:
    """Build a known spelling of a heading, to recognize columns of unknown layouts."""
    keys = words.read_heading(alias.heading)
    if len(words.split_words(alias.heading)) > 1:
        keys -= _WORN
    also = own_names.get(normalize_name(alias.heading), alias.also)
    return Spelling(
        alias.column,
        alias.sure,
        is_general,
        keys,
        words.shorten(keys, own_words),
        also if also != alias.column else "",
    )


def _list_aliases(columns: Mapping[str, Any]) -> dict[str, Alias]:
    """Return the aliases of a table by normalized heading."""
    headings: dict[str, Alias] = {}
    for sure, kind in ((Sure.SURE, "known"), (Sure.GUESS, "guesses")):
        for column, spellings in columns.items():
            for heading in spellings[kind]:
                name = normalize_name(heading)
                first = headings.setdefault(name, Alias(heading, column, sure))
                if first.column != column and not first.also:
                    headings[name] = replace(first, also=column)
    return headings


def weigh(spelling: Spelling) -> float:
    """Return the score of a heading for the table that is suggested for it."""
    if spelling.sure is Sure.GUESS:
        return GUESSED
    return GENERAL if spelling.general else KNOWN


def find_heading(column: ColumnProfile, spellings: Mapping[str, Spelling]) -> str:
    """Return the known heading that an unknown column has.

    The column may have the heading itself, or with a prefix such as `[Table]` or a file name such
    as `MST`, or abbreviated. "" where none fits, and where headings of several columns fit.
    """
    spelled = find_spelled(column, spellings)
    if spelled:
        return spelled
    fitting = list_readings(column, spellings)
    columns = {spellings[heading].column for heading in fitting}
    return fitting[0] if len(columns) == 1 else ""


def find_spelled(column: ColumnProfile, spellings: Mapping[str, Spelling]) -> str:
    """Return the known heading that a column has letter for letter, "" for none."""
    bare = _strip_path(column.heading)
    prefix = column.heading.removesuffix(bare)
    if normalize_name(bare) in GENERAL_NAMES and prefix and list_readings(column, spellings):
        return ""
    named = (column.heading, bare, f"{column.stem} {column.heading}" if column.stem else "")
    for name in map(normalize_name, named):
        if name in spellings:
            return name
    return ""


def _strip_path(heading: str) -> str:
    """Return a heading without what comes before it, such as `[Table]` or `student.`."""
    return heading.rpartition("]")[2].rpartition(".")[2] or heading


def list_readings(column: ColumnProfile, spellings: Mapping[str, Spelling]) -> list[str]:
    """Return the known headings that a column may have, once its words are spelled out.

    Words such as `local` are left out where the heading has no meaning with them.
    """
    stripped = words.strip_affix(column.heading, column.affix)
    bare = _strip_path(column.heading)
    for heading in dict.fromkeys((stripped, column.heading, bare)):
        if heading != column.heading and normalize_name(heading) in spellings:
            return [normalize_name(heading)]
        keys = words.read_heading(heading)
        for readings in (keys, words.drop_modifiers(keys)):
            exact = [name for name, spelling in spellings.items() if spelling.keys & readings]
            short = [name for name, spelling in spellings.items() if spelling.short & readings]
            if exact or short:
                return _prefer_known(exact or short, spellings)
    return []


def _prefer_known(headings: Sequence[str], spellings: Mapping[str, Spelling]) -> list[str]:
    """Return known headings of an unknown layout, or all if there are only guesses."""
    known = [name for name in headings if spellings[name].sure is not Sure.GUESS]
    return known or list(headings)
