"""A suggested column map for an export of unknown layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validator import resources
from validator.ingest import read
from validator.ingest.formats.sis.file_names import strip_ending
from validator.ingest.mapping import headerless, headings, parts, profile
from validator.ingest.mapping.render import format_map, format_text
from validator.ingest.mapping.suggestion import Suggestion
from validator.ingest.source import get_stem
from validator.model import CannotRead
from validator.vocabulary.grades import Grades

__all__ = ["Suggestion", "format_map", "format_text", "suggest"]


def suggest(paths: Sequence[Path], grades: Grades) -> Suggestion:
    """Suggest a column map for an export, from its headings and the shape of its values.

    Raises CannotRead if the export cannot be read or looks like no roster.
    """
    _, sources = read.open_sources(paths)
    profiles = [
        profile.profile_file(source, strip_ending(get_stem(source.name)), grades)
        for source in sources
        if not source.aside
    ]
    hidden = tuple((source.name, source.aside) for source in sources if source.aside)
    aliases = resources.read_bundled_yaml("columns/aliases.yaml")
    profiles = parts.join_parts(profiles, aliases["tables"])
    tables = headerless.match_files(profiles, aliases) | headings.match_files(
        profiles, aliases, read.MAPPED
    )
    if not any(table.has_people for table in tables.values()):
        raise CannotRead(
            "Nothing here looks like a roster: no file holds people, classes or who is in them."
        )
    return Suggestion(tuple(tables.values()), tuple(profiles), hidden, read.MAPPED)
