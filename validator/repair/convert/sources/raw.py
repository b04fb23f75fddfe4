"""Contacts of students in raw exports, to convert: a table with a row for each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from validator import frame
from validator.model import Export, Table
from validator.repair.convert import cells
from validator.repair.convert.roster import CONTACTS, Extras, Records, find_heading
from validator.repair.written import LeftOut

UNKNOWN = "No student has these ids, so these contacts are nobody's."


def enrich(export: Export, own: Mapping[str, Table]) -> Extras:
    """Return the contacts of students that a column map names, in the order of the students."""
    contacts, students = export.tables.get("contacts"), export.tables.get("students")
    if contacts is None or students is None or not contacts.has("Student_id"):
        return Extras()
    key = find_heading(contacts, "Student_id")
    at = frame.locate_rows(contacts, "Student_id", students)
    order = np.argsort(at, kind="stable")
    rows = order[at[order] >= 0]
    columns, headings = {}, {}
    for name in CONTACTS:
        if contacts.has(name):
            columns[name] = cells.select(frame.encode(contacts, name), rows)
            headings[name] = find_heading(contacts, name)
    unknown = len(at) - len(rows)
    left_out = [LeftOut(key.file, key.name, unknown, UNKNOWN)] if unknown else []
    used = frozenset({key, *headings.values()})
    records = Records("contacts", contacts.file, columns, len(rows), headings)
    if not columns or not len(rows):
        return Extras(left_out=left_out, used=used)
    return Extras(contacts=records, owner=at[rows], used=used, left_out=left_out)
