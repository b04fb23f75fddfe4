"""What an export of unknown layout seems to hold, as a column map to be read and changed; nothing is applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validator import resources
from validator.ingest import read
from validator.ingest.formats.sis import format
from validator.ingest.mapping import headerless, headings, profile
from validator.ingest.mapping.render import format_text, format_map
from validator.ingest.mapping.suggestion import Suggestion
from validator.ingest.source import get_stem
from validator.model import CannotRead
from validator.vocabulary.grades import Grades

__all__ = ["Suggestion", "format_text", "suggest", "format_map"]


def suggest(paths: Sequence[Path], grades: Grades) -> Suggestion:
    """Which file and column of an export is which of ours, as far as names and shapes tell. Raises CannotRead."""
    _, sources = read.open_sources(paths)
    seen = [
        profile.profile_file(source, format.without_ending(get_stem(source.name)), grades)
        for source in sources
        if not source.aside
    ]
    hidden = tuple((source.name, source.aside) for source in sources if source.aside)
    aliases = resources.read_yaml("columns/aliases.yaml")
    tables = headerless.match_files(seen, aliases) | headings.match_files(
        seen, aliases, read.MAPPED
    )
    if not any(table.has_people for table in tables.values()):
        raise CannotRead(
            "Nothing here looks like a roster: no file holds people, classes or who is in them."
        )
    return Suggestion(tuple(tables.values()), tuple(seen), hidden, read.MAPPED)
