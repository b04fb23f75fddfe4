"""Scores of an unknown file's name for a table, and the match of a table with a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.ingest.mapping import words
from validator.ingest.mapping.meanings import IDS
from validator.ingest.mapping.profile import FileProfile, normalize_name
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

NAMED, PARTLY = 6.0, 3.0
"""Score of a file's whole or partial name; a heading scores up to 1. Our own measure."""
MIN_NAME = 6
"""Characters of a table's name from which it is recognized inside a file's name."""


def score_name(file: FileProfile, names: Sequence[str]) -> float:
    """Return the score of a file's name for a table with these names."""
    stem = normalize_name(file.stem)
    if stem in {normalize_name(name) for name in names}:
        return NAMED
    readings = [words.read_heading(name) for name in names]
    stems = words.read_file_name(file.stem)
    if any(stems & keys for keys in readings):
        return NAMED
    long_names = [normalize_name(name) for name in names if len(name) >= MIN_NAME]
    if any(name in stem for name in long_names):
        return PARTLY
    affix = next((column.affix for column in file.columns), "")
    is_inside = any(set(key) <= set(whole) for whole in stems for keys in readings for key in keys)
    named_by_affix = bool(affix) and any(words.read_heading(affix) & keys for keys in readings)
    return PARTLY if is_inside or named_by_affix else 0.0


def build_match(
    table: str, file: FileProfile, matches: Mapping[str, Match], *, named: float
) -> TableMatch:
    """Return the match of a table, with its ids first and with how sure it is."""
    order = {name: at for at, name in enumerate([IDS.get(table, ""), "Student_id", "Section_id"])}
    ordered = dict(sorted(matches.items(), key=lambda pair: order.get(pair[0], 9)))
    sure_count = sum(match.sure is Sure.SURE for match in matches.values())
    sure = Sure.GUESS
    if named == NAMED and sure_count >= 2:
        sure = Sure.SURE
    elif named or sure_count >= 3:
        sure = Sure.LIKELY
    why = f"{len(matches)} of its headings"
    return TableMatch(table, file, ordered, sure, f"its name and {why}" if named else why)
