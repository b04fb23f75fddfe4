"""Clever's custom sections, which a folder next to the export's files holds."""

from __future__ import annotations

from dataclasses import replace

from validator.ingest.normalize.stack import stack_tables
from validator.model import Export, Places
from validator.schemas.clever import CUSTOM

DEFECT = "custom-sections"


def add_custom_sections(export: Export) -> Export:
    """Return the Clever export with its custom sections and their enrollments among the others.

    Their own tables stay as tables of the files. An export without the folder stays as it is.
    """
    tables, own, places = dict(export.tables), {}, []
    for name in ("sections", "enrollments"):
        custom = tables.pop(f"{CUSTOM}/{name}.csv", None)
        if custom is None:
            continue
        own[custom.name] = custom
        places.append(Places.whole_file(custom.name, custom.file, notes=_count(len(custom), name)))
        main = tables.get(name)
        renamed = replace(custom, name=name, cache={})
        tables[name] = renamed if main is None else stack_tables([main, renamed])
    if not own:
        return export
    return replace(
        export,
        tables=tables,
        file_tables={**export.file_tables, **own},
        defects={**export.defects, DEFECT: places},
    )


def _count(rows: int, name: str) -> str:
    """Return how many custom records a file of Clever's adds while it is read, in words."""
    return f"{rows:,} {name if rows != 1 else name[:-1]}"
