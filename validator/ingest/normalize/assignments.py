"""Teachers of sections on a day: assignments that ended before it are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from validator import frame
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.sections import (
    attach_teachers,
    build_teacher_columns,
    replace_teachers,
)
from validator.model import Export, Table


def leave_out_ended(export: Export, today: dt.date) -> Export:
    """Return the export as read, with sections that name only teachers who still teach them.

    Where the section's term is over too, its teachers stay: the term is at fault. Formats without
    dated assignments of teachers stay as they are. So it is when the roster is rebuilt later.
    """
    originals = export.originals
    if originals is None:
        return _leave_out(export, today)

    def rebuild(tables: Mapping[str, Table]) -> Export:
        return leave_out_ended(originals.rebuild(tables), today)

    return replace(_leave_out(export, today), originals=replace(originals, rebuild=rebuild))


def _leave_out(export: Export, today: dt.date) -> Export:
    """Leave out assignments of teachers that are over while normalizing."""
    teaching, sections = export.tables.get("teaching"), export.tables.get("sections")
    own = export.file_tables
    classes, links = own.get("classes.csv"), own.get("enrollments.csv")
    if teaching is None or sections is None:
        return export
    counting = frame.mark_open(teaching, sections, today)
    if counting.all():
        return export
    if classes is None or links is None:
        taught = attach_teachers(sections, teaching, np.flatnonzero(counting))
        return replace(export, tables={**export.tables, "sections": taught})
    rows = np.searchsorted(links.lines, teaching.lines[counting])
    columns = build_teacher_columns(
        classes, links, rows, section="classSourcedId", person="userSourcedId"
    )
    at = np.searchsorted(classes.lines, sections.lines)
    posts = normalize_columns.build_table("sections", "", classes, rows=at, columns=columns)
    return replace(export, tables={**export.tables, "sections": replace_teachers(sections, posts)})
