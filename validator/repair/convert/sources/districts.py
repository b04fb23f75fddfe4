"""Organizations above schools, which only some destinations have records for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from validator import frame
from validator.model import Export, Table
from validator.repair.convert import cells
from validator.repair.convert.places import OWN_PREFIX
from validator.repair.convert.roster import Heading, Records
from validator.repair.written import LeftOut

NAMES = {
    "School_id": "sourcedId",
    "School_name": "name",
    "School_number": "identifier",
    f"{OWN_PREFIX}type": "type",
    f"{OWN_PREFIX}parentSourcedId": "parentSourcedId",
}
"""Column of a roster -> column of orgs.csv, in OneRoster and in School Data Sync V2."""


AS_SCHOOLS = (
    "These organizations are not schools; they are written as schools, since records name them."
)


def list_written_as_schools(export: Export, own: Mapping[str, Table]) -> list[LeftOut]:
    """Return how many schools of the roster are not schools by type."""
    orgs, schools = own.get("orgs.csv"), export.tables.get("schools")
    if orgs is None or schools is None or not orgs.has("type"):
        return []
    other = ~frame.match_words(orgs, "type", ("school",)) & np.isin(orgs.lines, schools.lines)
    if not other.any():
        return []
    return [LeftOut(orgs.file, orgs.headers["type"], int(other.sum()), AS_SCHOOLS)]


def collect_districts(export: Export, own: Mapping[str, Table]) -> Records | None:
    """Return the organizations to convert that are not schools; None without any."""
    orgs, schools = own.get("orgs.csv"), export.tables.get("schools")
    if orgs is None or schools is None:
        return None
    rows = np.flatnonzero(frame.mark_live(orgs) & ~np.isin(orgs.lines, schools.lines))
    if not len(rows):
        return None
    columns = {
        ours: cells.select(frame.encode(orgs, theirs), rows)
        for ours, theirs in NAMES.items()
        if orgs.has(theirs)
    }
    headings = {
        ours: Heading(orgs.file, orgs.headers[theirs])
        for ours, theirs in NAMES.items()
        if orgs.has(theirs)
    }
    return Records("districts", orgs.file, columns, len(rows), headings)
