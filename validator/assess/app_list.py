"""An app's own list as an input of the library calls, read with what the exports hold."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from validator.compare.reconcile.lists import KINDS, collect_values
from validator.ingest import read
from validator.ingest.mapping import app_list
from validator.ingest.mapping.app_list import AppList
from validator.model import BadUsage, CannotRead, ColumnMap, Export
from validator.vocabulary.grades import Grades


def read_app_list(
    path: Path, exports: Sequence[Export], grades: Grades, *, columns: ColumnMap | None = None
) -> AppList:
    """Read the app's list, an input of the library calls, by values of exports, the surest first.

    columns: its column map, where it is not read by values. Sheets and files without accounts are
    left out. Raises CannotRead, and BadUsage for several lists of one kind.
    """
    if columns is not None:
        mapped = read.read_export([path], columns=columns)
        return AppList(path.name, mapped.tables, {})
    _, sources = read.open_sources([path])
    sources = [source for source in sources if not source.aside]
    tables = [export.tables[kind] for export in exports for kind in KINDS if kind in export.tables]
    known = collect_values(tables)
    if len(sources) == 1:
        return app_list.read_app_list(sources[0], known, grades)
    lists: list[AppList] = []
    for source in sources:
        with suppress(CannotRead):
            lists.append(app_list.read_app_list(source, known, grades))
    if len(lists) == 1:
        return lists[0]
    return _join_kinds(path, lists, len(sources))


def _join_kinds(path: Path, lists: Sequence[AppList], count: int) -> AppList:
    """Return an app's lists as one input, if each is of other kinds of records. Raises BadUsage."""
    kinds = [kind for each in lists for kind in each.tables]
    if not lists or len(set(kinds)) < len(kinds):
        names = f": {', '.join(each.file for each in lists)}" if lists else ""
        raise BadUsage(
            f"{path.name} holds {len(lists) or count} lists{names}; name one file of the app"
        )
    return AppList(
        path.name,
        {kind: table for each in lists for kind, table in each.tables.items()},
        {kind: columns for each in lists for kind, columns in each.columns.items()},
        mixed=any(each.mixed for each in lists),
        one_each=any(each.one_each for each in lists),
        guessed={kind: names for each in lists for kind, names in each.guessed.items()},
    )
