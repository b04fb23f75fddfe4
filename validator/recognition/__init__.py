"""What an export of unknown layout seems to hold, as a column map to be read and changed; nothing is applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validator import columnmap, formats
from validator.formats import sis
from validator.model import CannotRead
from validator.recognition import headings, looks, positions
from validator.recognition.suggested import Suggestion
from validator.recognition.told import printed, written
from validator.source import stem
from validator.vocabulary import Grades

__all__ = ["Suggestion", "printed", "suggest", "written"]


def suggest(paths: Sequence[Path], grades: Grades) -> Suggestion:
    """Which file and column of an export is which of ours, as far as names and shapes tell. Raises CannotRead."""
    _, sources = formats.opened(paths)
    seen = [looks.look(source, sis.without_ending(stem(source.name)), grades, sis.headed)
            for source in sources if not source.aside]
    hidden = tuple((source.name, source.aside) for source in sources if source.aside)
    aliases = columnmap.aliases()
    tables = positions.tables(seen, aliases) | headings.tables(seen, aliases, formats.MAPPED)
    if not any(table.has_people for table in tables.values()):
        raise CannotRead("Nothing here looks like a roster: no file holds people, classes or who is in them.")
    return Suggestion(tuple(tables.values()), tuple(seen), hidden, formats.MAPPED)
