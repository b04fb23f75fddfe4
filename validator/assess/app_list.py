"""An app's own list as an input of the library calls, read with what the exports hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validator.compare.reconcile.lists import KINDS, collect_values
from validator.ingest import read
from validator.ingest.mapping import app_list
from validator.ingest.mapping.app_list import AppList
from validator.model import BadUsage, ColumnMap, Export
from validator.vocabulary.grades import Grades


def read_app_list(
    path: Path, exports: Sequence[Export], grades: Grades, *, columns: ColumnMap | None = None
) -> AppList:
    """Read the app's list, an input of the library calls, by values of exports, the surest first.

    columns: its column map, where it is not read by values. Raises CannotRead, and BadUsage for
    several lists.
    """
    if columns is not None:
        mapped = read.read_export([path], columns=columns)
        return AppList(path.name, mapped.tables, {})
    _, sources = read.open_sources([path])
    sources = [source for source in sources if not source.aside]
    if len(sources) != 1:
        raise BadUsage(f"{path.name} holds {len(sources)} lists; name one file of the app")
    tables = [export.tables[kind] for export in exports for kind in KINDS if kind in export.tables]
    return app_list.read_app_list(sources[0], collect_values(tables), grades)
